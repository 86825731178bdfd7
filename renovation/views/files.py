"""Papers and photos that a step asks for: one file a request, with a way that needs no script (decision 7)."""

from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from django.templatetags.static import static
from django.urls import reverse

from accounts.middleware import wants_json
from common.errors import Refusal
from renovation.actions.papers import add_step_paper, remove_step_paper
from renovation.queries.casefile import file_of, number_of
from renovation.views.step import StepView

NO_FILE = "请先选择文件"


class FileView(StepView):
    """Shared by upload and removal: only the officer whose step it is, only slots of that step's form."""

    def post(self, request, uid, slot, **kwargs):
        form = self.step_form()
        if form is None:
            raise PermissionDenied("您没有办理此环节的权限")
        if form.upload_of(slot) is None:
            raise Http404
        try:
            answer = self.change(slot, **kwargs)
        except Refusal as refusal:
            if wants_json(request):
                return JsonResponse({"error": refusal.message}, status=422)
            return self.page(self.kept_form(), slot_errors={slot: (refusal.message,)}, status=422)
        # Without a script the whole form came along: it goes back as it was typed.
        return JsonResponse(answer) if wants_json(request) else self.page(self.kept_form())


class UploadView(FileView):
    """Store one file of a slot; a retry with the same client id answers with the same file."""

    def change(self, slot: str) -> dict:
        upload = self.request.FILES.get("file")
        if upload is None:
            raise Refusal(NO_FILE)
        row = add_step_paper(
            case=self.case,
            by=self.request.user,
            slot=slot,
            client_id=_client_id(self.request.POST.get("client_id", "")),
            upload=upload,
        )
        stored = {key: str(value) for key, value in self.stored(row).items()}
        return {"ok": True, "number": number_of(row), "thumb": static("img/paper.svg"), **stored}


class RemoveFileView(FileView):
    """Take one file of a slot away again, as long as the step is not handled."""

    def change(self, slot: str, file: UUID) -> dict:
        row = file_of(self.case, slot, file)
        if row is None:
            raise Http404
        remove_step_paper(case=self.case, by=self.request.user, attachment=row)
        return {"ok": True, "url": reverse("renovation:case", args=[self.case.uid])}


def _client_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return uuid4()
