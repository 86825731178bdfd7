"""房屋安全隐患点图片: each photo its own request; without a script the same form posts one file and comes back."""

from uuid import UUID, uuid4

from django.http import JsonResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.access import wants_json
from applicants import pages
from applicants.views.wizard import WizardView
from common.errors import Refusal
from renovation.actions import drafts
from renovation.choices import Slot
from renovation.guards import MAX_RISK_PHOTOS

NOTHING_CHOSEN = "请先选择一张照片，再点上传"


class PhotosView(WizardView):
    """Photos of the danger; with 代办 also, if there is one, of the sheet the person has signed."""

    slug = "photos"
    slot = Slot.RISK

    def photo_page(self, errors=()):
        upload_url = reverse("applicants:photo_add", args=[self.case.uid]) + self._query()
        return self.step_page(
            "photos",
            links=[(f"slot-{self.slot}-file", text) for text in errors],
            photos=self._shown(Slot.RISK),
            slot=Slot.RISK,
            maximum=MAX_RISK_PHOTOS,
            upload_url=upload_url,
            errors=errors if self.slot == Slot.RISK else (),
            consent=self._consent(upload_url, errors) if self.case.on_behalf else None,
        )

    def _consent(self, upload_url: str, errors) -> dict:
        return {
            "slot": Slot.CONSENT,
            "label": Slot.CONSENT.label,
            "photos": self._shown(Slot.CONSENT),
            "maximum": drafts.MAX_CONSENT_PHOTOS,
            "errors": errors if self.slot == Slot.CONSENT else (),
            "upload_url": upload_url,
        }

    def _shown(self, slot: Slot) -> list[dict]:
        return [self.facts(photo) for photo in self.case.files(slot)]

    def _query(self) -> str:
        return "?from=check" if self.came_from_check() else ""

    def facts(self, photo) -> dict:
        return {
            "uid": str(photo.uid),
            "url": reverse("households:file", args=[photo.uid]),
            "thumb": reverse("households:thumb", args=[photo.uid]),
            "delete_url": reverse("applicants:photo_remove", args=[self.case.uid, photo.uid]) + self._query(),
        }


class Photos(PhotosView):
    """The page with the slot; 继续 wants at least one photo on the server."""

    def get(self, request, uid):
        return self.photo_page()

    def post(self, request, uid):
        # A photo chosen but not uploaded (no script): 继续 takes it along instead of losing it.
        if upload := request.FILES.get("file"):
            try:
                drafts.add_photo(case=self.case, by=request.user, upload=upload, client_id=uuid4())
            except Refusal as refusal:
                return self.photo_page([refusal.message])
        if not self.case.files(Slot.RISK).exists():
            return self.photo_page(["请至少上传1张房屋安全隐患点照片"])
        drafts.save_answers(case=self.case, by=request.user, answers={}, page=pages.after(self.slug))
        return redirect(self.forward_url())


class PhotoAdd(PhotosView):
    """One photo. JSON for the script, the page again for a plain form."""

    http_method_names = ["post"]

    def post(self, request, uid):
        upload = request.FILES.get("file")
        self.slot = Slot.CONSENT if request.POST.get("slot") == Slot.CONSENT else Slot.RISK
        try:
            if upload is None:
                raise Refusal(NOTHING_CHOSEN)
            client_id = as_client_id(request.POST.get("client_id"))
            photo = drafts.add_photo(
                case=self.case, by=request.user, upload=upload, client_id=client_id, slot=self.slot
            )
        except Refusal as refusal:
            if wants_json(request):
                return JsonResponse({"error": refusal.message}, status=409 if refusal.code == "filed" else 422)
            return self.photo_page([refusal.message])
        if wants_json(request):
            return JsonResponse({"ok": True, "number": self._number(photo), **self.facts(photo)})
        return redirect(self.url_of("photos") + self._query())

    def _number(self, photo) -> int:
        return self.case.files(self.slot).filter(pk__lte=photo.pk).count()


class PhotoRemove(PhotosView):
    """删除 one photo; it was taken a moment ago and can be taken again, so no page asks twice."""

    http_method_names = ["post"]

    def post(self, request, uid, photo):
        drafts.remove_photo(case=self.case, by=request.user, uid=photo)
        if wants_json(request):
            return JsonResponse({"ok": True})
        return redirect(self.url_of("photos") + self._query())


def as_client_id(text: str | None) -> UUID:
    """The phone's name for a photo; a form without a script gets a fresh one."""
    try:
        return UUID(text) if text else uuid4()
    except ValueError:
        raise Refusal("这张照片没有传上去，请重新选择") from None
