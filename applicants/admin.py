from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied

from applicants.actions.recordings import OUTSIDE, add_recording, may_record, remove_recording
from applicants.models import Recording, Speech
from applicants.spoken import CHOICES, TEXTS, title_of
from common.admin import HouseAdmin
from common.errors import Refusal
from common.forms import HouseForm
from common.sounds import prepare_sound


class RecordingForm(HouseForm, forms.ModelForm):
    """One recording; the same text, language and place once more replaces the older one."""

    text = forms.ChoiceField(label="读什么", choices=CHOICES)
    sound = forms.FileField(
        label="录音文件",
        help_text="MP3或M4A，不超过10MB。请照页面上的文字读；同一种话再上传会替换原来的。",
        widget=forms.FileInput({"accept": "audio/mpeg,audio/mp4,.mp3,.m4a"}),
    )

    class Meta:
        model = Recording
        fields = ("text", "speech", "language", "region")
        help_texts = {
            "language": "方言、民族语言写名称，例如“昆明话”“彝语”；普通话不填。",
            "region": "只在这里的村民能听到；全国通用的不选。",
        }

    def clean_region(self):
        region = self.cleaned_data["region"]
        if not may_record(self.user, region):
            raise forms.ValidationError(OUTSIDE)
        return region

    def clean_sound(self):
        try:
            prepare_sound(self.cleaned_data["sound"])
        except Refusal as refusal:
            raise forms.ValidationError(refusal.message) from None
        return self.cleaned_data["sound"]

    def clean(self):
        data = super().clean()
        is_mandarin = data.get("speech") == Speech.MANDARIN
        if data.get("speech") and is_mandarin == bool(data.get("language")):
            self.add_error("language", "普通话不用填语言名称" if is_mandarin else "请填写方言或民族语言的名称")
        return data

    def _get_validation_exclusions(self):
        # An older one is replaced, not refused; whether a language has its name is said above.
        return super()._get_validation_exclusions() | {"text", "language"}


@admin.register(Recording)
class RecordingAdmin(HouseAdmin):
    form = RecordingForm
    is_audited_by_actions = True
    list_display = ("what", "name", "place", "is_current", "created_by", "created_at")
    list_filter = ("speech",)
    list_select_related = ("region", "created_by")
    autocomplete_fields = ("region",)
    # Many at once would go past the question whose they are.
    actions = None

    @admin.display(description="读什么")
    def what(self, recording):
        return title_of(recording.text)

    @admin.display(description="语言")
    def name(self, recording):
        return recording.name

    @admin.display(description="适用地区")
    def place(self, recording):
        return recording.region.full_name if recording.region else "全国"

    @admin.display(description="与现在的文字一致", boolean=True)
    def is_current(self, recording):
        text = TEXTS.get(recording.text)
        return bool(text) and text.fingerprint == recording.fingerprint

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.user = request.user
        return form

    def get_fields(self, request, obj=None):
        return self.list_display if obj else ("text", "speech", "language", "region", "sound")

    def get_readonly_fields(self, request, obj=None):
        return self.list_display if obj else ()

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and (obj is None or may_record(request.user, obj.region))

    def save_model(self, request, obj, form, change):
        data = form.cleaned_data
        said = {name: data[name] for name in ("text", "speech", "language", "region")}
        stored = add_recording(by=request.user, upload=data["sound"], **said)
        obj.pk, obj.uid, obj.file = stored.pk, stored.uid, stored.file

    def delete_model(self, request, obj):
        if not may_record(request.user, obj.region):
            raise PermissionDenied
        remove_recording(by=request.user, recording=obj)
