"""The notice to the village for its officers: what it says, the sheets to print, the photos of the board."""

from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.views import View

from accounts.access import wants_json
from accounts.permissions import Can
from common.components import tag
from common.errors import Refusal
from common.qr import qr_svg
from households.models import Attachment
from regions import names
from renovation.actions.board_photos import MOST, add_board_photo, remove_board_photo
from renovation.choices import PublicityState, Slot
from renovation.forms.objection import ObjectionForm
from renovation.models import Publicity
from renovation.permissions import may_handle, may_post_photos, may_read_objections
from renovation.queries import publicity as notices
from renovation.queries.casefile import file_of, number_of
from renovation.urls_of import for_everybody
from renovation.views import blocks
from renovation.views.people import name_for
from renovation.views.scoped import CaseMixin

STATE_TONES = {PublicityState.OPEN: "ok", PublicityState.ENDED: "plain", PublicityState.TAKEN_DOWN: "warn"}
# Who hangs the sheet up, and whose seal stands below it.
SHEETS = {"village": ("村级公示表", "village_seal"), "township": ("乡镇公示表", "seal")}
NO_FILE = "请先选择一张照片，再点上传"


class NoticeMixin(CaseMixin):
    """A case whose notice went up at least once; anything else is 404."""

    @cached_property
    def notice(self) -> Publicity:
        notice = self.case.last_publicity()
        if notice is None:
            raise Http404
        return notice

    @property
    def public_url(self) -> str:
        """What the QR code holds: the address as this request reached us."""
        return self.request.build_absolute_uri(for_everybody(self.notice))

    def rows(self, keys: tuple[str, ...]) -> list[tuple[str, str]]:
        """Lines of the sealed copy; whoever sees masked names only sees this one masked too."""
        name, user = notices.FIELDS["holder"], self.request.user
        rows = notices.rows_of(self.notice, keys)
        return [(label, name_for(user, text) if label == name else text) for label, text in rows]

    @property
    def notice_url(self) -> str:
        return reverse("renovation:notice", args=[self.case.uid]) + self.suffix


class NoticeView(NoticeMixin, View):
    """公示: one page for the village (photos), the township (objections) and the county (to read)."""

    def get(self, request, uid):
        return self.page()

    def page(self, *, form=None, photo_errors=(), refusal: str = "", status: int = 200):
        """The page with what went wrong: an objection that lacks words, a photo that was refused."""
        context = {
            **self.head(),
            **self.photos(photo_errors),
            **self.objections(form),
            "refusal": refusal,
        }
        context["links"] = [(f"slot-{Slot.NOTICE}-file", text) for text in photo_errors]
        context["links"] += form.error_links if form is not None and form.is_bound else []
        return render(self.request, "renovation/notice.html", context, status=status)

    def head(self) -> dict:
        """The words, the period, the way to the sheets and to the public page."""
        case, notice = self.case, self.notice
        is_public = notices.is_public(notice)
        return {
            "case": case,
            "notice": notice,
            "village": names.short_name(case.region_id),
            "holder": name_for(self.request.user, case.applicant_name),
            "state_tag": tag(STATE_TONES[notice.state], notice.get_state_display()),
            "facts": self.rows((*notices.ROW, "starts_on", "ends_on", *notices.OBJECTING, "seal")),
            "is_public": is_public,
            "is_longer": notices.is_longer_than_posted(notice),
            "public_url": self.public_url if is_public else "",
            "qr": qr_svg(self.public_url, "公示网页二维码") if is_public else "",
            "sheets": [
                (label, reverse("renovation:notice_sheet", args=[case.uid, kind]))
                for kind, (label, _) in SHEETS.items()
            ],
            "earlier": case.publicities.exclude(pk=notice.pk).order_by("round"),
            "crumbs": [("工单详情", self.case_url), ("公示", "")],
            "suffix": self.suffix,
        }

    def photos(self, errors) -> dict:
        """The slot while this user may add photos, else the photos; those of earlier rounds apart."""
        rows = list(self.case.files(Slot.NOTICE).order_by("id"))
        may_download = self.request.user.can(Can.EXPORT)
        return {
            "may_post": may_post_photos(self.request.user, self.case),
            "slot": Slot.NOTICE.value,
            "most": MOST,
            "upload_url": reverse("renovation:notice_photo", args=[self.case.uid]) + self.suffix,
            "stored": [self.stored(row) for row in rows],
            "photos": blocks.photos(rows, may_download=may_download),
            "earlier_photos": blocks.photos(list(notices.earlier_photos(self.case)), may_download=may_download),
            "photo_errors": errors,
        }

    def stored(self, row: Attachment) -> dict:
        """One photo of the slot; only one's own has a way to take it back."""
        is_own = row.uploaded_by_id == self.request.user.pk
        remove = reverse("renovation:notice_photo_remove", args=[self.case.uid, row.uid]) + self.suffix
        return {
            "uid": str(row.uid),
            "url": reverse("households:file", args=[row.uid]),
            "thumb": reverse("households:thumb", args=[row.uid]),
            "delete_url": remove if is_own else "",
        }

    def objections(self, form) -> dict:
        """The list for township and county and above; the form while somebody may still object."""
        user, case = self.request.user, self.case
        may_answer = may_handle(user, case) and self.notice.state == PublicityState.OPEN
        may_register = may_answer and notices.is_public(self.notice)
        return {
            "may_read": may_read_objections(user),
            "may_answer": may_answer,
            "objections": notices.objections_of(case) if may_read_objections(user) else [],
            "form": (form or ObjectionForm()) if may_register else None,
            "purpose": objecting_to(case),
        }


class PhotoAddView(NoticeView):
    """One photo of the board. JSON for the script, the page again for a plain form."""

    http_method_names = ["post"]

    def post(self, request, uid):
        self.refuse_strangers()
        upload = request.FILES.get("file")
        try:
            if upload is None:
                raise Refusal(NO_FILE)
            client_id = _client_id(request.POST.get("client_id", ""))
            row = add_board_photo(case=self.case, by=request.user, client_id=client_id, upload=upload)
        except Refusal as refusal:
            return self.refused(refusal)
        if wants_json(request):
            return JsonResponse({"ok": True, "number": number_of(row), **self.stored(row)})
        return redirect(self.notice_url)

    def refuse_strangers(self) -> None:
        """403 for whoever may read the notice but has no photo to add."""
        if self.notice and not may_post_photos(self.request.user, self.case):
            raise PermissionDenied("公示照片由村或乡镇在公示期间和审核之前上传")

    def refused(self, refusal: Refusal):
        if wants_json(self.request):
            return JsonResponse({"error": refusal.message}, status=422)
        return self.page(photo_errors=[refusal.message], status=422)


class PhotoRemoveView(PhotoAddView):
    """删除 one's own photo; it can be taken again, so no page asks twice."""

    def post(self, request, uid, file):
        self.refuse_strangers()
        row = file_of(self.case, Slot.NOTICE, file)
        if row is None:
            raise Http404
        try:
            remove_board_photo(case=self.case, by=request.user, attachment=row)
        except Refusal as refusal:
            return self.refused(refusal)
        return JsonResponse({"ok": True}) if wants_json(request) else redirect(self.notice_url)


class SheetView(NoticeMixin, View):
    """The sheet to print, seal and hang up: A4, the code of the public page, room for the seal."""

    def get(self, request, uid, kind):
        if kind not in SHEETS or not self.notice.content:
            raise Http404
        notice, (label, seal) = self.notice, SHEETS[kind]
        context = {
            "notice": notice,
            "said": notice.content,
            "sheet": label,
            "rows": self.rows(notices.ROW),
            "seal": notice.content[seal],
            "is_public": notices.is_public(notice),
            "qr": qr_svg(self.public_url, "公示网页二维码"),
            "back": self.notice_url,
        }
        return render(request, "renovation/notice_sheet.html", context)


def objecting_to(case) -> str:
    """What a submit token of 登记异议 is good for."""
    return f"objection:{case.uid}"


def _client_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return uuid4()
