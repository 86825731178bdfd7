"""补充照片 while the office asks: each photo its own request, the same form without a script (domain §3.6)."""

from uuid import uuid4

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.access import wants_json
from accounts.actions.submissions import once
from applicants.access import ApplicationView
from applicants.views.cases import page_of
from applicants.views.photos import NOTHING_CHOSEN, as_client_id
from common.errors import Refusal
from renovation.actions import extra_photos
from renovation.choices import Slot
from renovation.queries.service import asking_node, extra_photos_of


class ExtraPhotosView(ApplicationView):
    """Only while the open stay asks; otherwise off to the progress page, with the reason."""

    def enter(self, request, *args, **kwargs):
        self.node = asking_node(self.case)
        # A post goes on: the action refuses it, or finds that the same button was pressed a moment ago.
        if self.node is None and request.method != "POST":
            return self.over(extra_photos.NOT_ASKED)
        return super().enter(request, *args, **kwargs)

    def over(self, reason: str):
        if wants_json(self.request):
            return JsonResponse({"error": reason}, status=409)
        messages.info(self.request, reason)
        return redirect(page_of(self.case, self.request.user))

    def photo_page(self, errors=()):
        case = self.case
        return self.page(
            "extra_photos",
            title="补充照片",
            back=page_of(case, self.request.user),
            case=case,
            words=self.node.photo_request,
            links=[(f"slot-{Slot.EXTRA}-file", text) for text in errors],
            photos=[self.facts(photo) for photo in self.mine()],
            slot=Slot.EXTRA,
            maximum=extra_photos.MAX_EXTRA_PHOTOS,
            upload_url=reverse("applicants:extra_photo_add", args=[case.uid]),
            errors=errors,
            purpose=self.purpose(),
        )

    def refused(self, refusal: Refusal):
        """The page again with the reason while the office still asks, else the progress page."""
        if self.node is None or refusal.code == "filed":
            return self.over(refusal.message)
        return self.photo_page([refusal.message])

    def mine(self):
        return extra_photos_of(self.case, self.node, self.request.user)

    def facts(self, photo) -> dict:
        return {
            "uid": str(photo.uid),
            "url": reverse("households:file", args=[photo.uid]),
            "thumb": reverse("households:thumb", args=[photo.uid]),
            "delete_url": reverse("applicants:extra_photo_remove", args=[self.case.uid, photo.uid]),
        }

    def add(self, upload, client_id):
        return extra_photos.add_extra_photo(case=self.case, by=self.request.user, upload=upload, client_id=client_id)

    def purpose(self) -> str:
        return f"case.photos.{self.case.uid}"


class ExtraPhotos(ExtraPhotosView):
    """The page with the slot; 补充完了 tells the office."""

    def get(self, request, uid):
        return self.photo_page()

    def post(self, request, uid):
        try:
            # A photo chosen but not uploaded (no script): the button takes it along instead of losing it.
            if upload := request.FILES.get("file"):
                self.add(upload, uuid4())
            once(token=request.POST.get("submit_token", ""), by=request.user, purpose=self.purpose(), work=self._finish)
        except Refusal as refusal:
            return self.refused(refusal)
        messages.success(request, "照片已交给办理单位。")
        return redirect(page_of(self.case, request.user))

    def _finish(self) -> dict:
        return {"count": extra_photos.finish_extra_photos(case=self.case, by=self.request.user)}


class ExtraPhotoAdd(ExtraPhotosView):
    """One photo. JSON for the script, the page again for a plain form."""

    http_method_names = ["post"]

    def post(self, request, uid):
        upload = request.FILES.get("file")
        try:
            if upload is None:
                raise Refusal(NOTHING_CHOSEN)
            photo = self.add(upload, as_client_id(request.POST.get("client_id")))
        except Refusal as refusal:
            if wants_json(request) and refusal.code != "filed":
                return JsonResponse({"error": refusal.message}, status=422)
            return self.refused(refusal)
        if wants_json(request):
            return JsonResponse(
                {"ok": True, "number": self.mine().filter(pk__lte=photo.pk).count(), **self.facts(photo)}
            )
        return redirect("applicants:extra_photos", uid)


class ExtraPhotoRemove(ExtraPhotosView):
    """删除 one of the photos just added."""

    http_method_names = ["post"]

    def post(self, request, uid, photo):
        try:
            extra_photos.remove_extra_photo(case=self.case, by=request.user, uid=photo)
        except Refusal as refusal:
            return self.over(refusal.message)
        return JsonResponse({"ok": True}) if wants_json(request) else redirect("applicants:extra_photos", uid)
