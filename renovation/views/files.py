"""Papers and photos that a step asks for: one file a request, with a way that needs no script (decision 7)."""

from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from django.urls import reverse

from accounts.access import wants_json
from common.errors import Refusal
from renovation.actions.papers import add_step_paper, add_step_photo, remove_step_paper
from renovation.forms import Upload
from renovation.queries.casefile import file_of, number_of
from renovation.views import asking
from renovation.views.step import FORBIDDEN, StepView

NO_FILE = "请先选择文件"


class FileView(StepView):
    """Shared by upload and removal: only the officer whose step it is, only slots of that step's form."""

    def post(self, request, uid, slot, **kwargs):
        form = self.step_form()
        if form is None:
            raise PermissionDenied(FORBIDDEN)
        upload = form.upload_of(slot)
        if upload is None:
            raise Http404
        try:
            answer = self.change(upload, **kwargs)
        except Refusal as refusal:
            if wants_json(request):
                return JsonResponse({"error": refusal.message}, status=422)
            return self.page(self.kept_form(), slot_errors={slot: (refusal.message,)}, status=422)
        # Without a script the whole form came along: it goes back as it was typed.
        return JsonResponse(answer) if wants_json(request) else self.page(self.kept_form())


class UploadView(FileView):
    """Store one file of a slot; a retry with the same client id answers with the same file."""

    def change(self, upload: Upload) -> dict:
        files = self.request.FILES
        # Without a script all slots of the form are posted together, each under a name of its own.
        file = files.get("file") or files.get(f"file-{upload.slot.value}")
        if file is None:
            raise Refusal(NO_FILE)
        add = add_step_photo if upload.is_photo else add_step_paper
        row = add(
            case=self.case,
            by=self.request.user,
            slot=upload.slot,
            client_id=_client_id(self.request.POST.get("client_id", "")),
            upload=file,
            most=upload.maximum,
        )
        stored = {key: str(value) for key, value in asking.stored(self.case, row, self.suffix).items()}
        return {"ok": True, "number": number_of(row), **stored}


class RemoveFileView(FileView):
    """Take one file of a slot away again, as long as the step is not handled."""

    def change(self, upload: Upload, file: UUID) -> dict:
        row = file_of(self.case, upload.slot, file)
        if row is None:
            raise Http404
        remove_step_paper(case=self.case, by=self.request.user, attachment=row)
        return {"ok": True, "url": reverse("renovation:case", args=[self.case.uid])}


def _client_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return uuid4()
