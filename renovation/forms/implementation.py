"""乡镇组织实施 (domain §4.9): how, by whom and from when the house is renovated."""

from django import forms

from common.clock import today
from common.forms import DateInput, ShowIf
from common.identity import normalise_uscc, validate_uscc
from renovation.choices import BuilderKind, Slot
from renovation.forms.artisan import ArtisanField
from renovation.forms.step import ProjectStepForm, Upload
from renovation.models import RenovationProject
from renovation.queries.known import artisans_of

BY_ARTISAN, BY_FIRM = {"builder_kind": BuilderKind.ARTISAN}, {"builder_kind": BuilderKind.FIRM}


class ImplementationForm(ProjectStepForm):
    artisan = ArtisanField(label="工匠", help_text="输入姓名，从本县工匠名录中选择")

    REQUIRED = ("method", "start_date", "build_mode", "builder_kind", "builder_name", "builder_uscc")
    UPLOADS = (
        Upload(Slot.BEFORE, is_photo=True),
        Upload(Slot.AGREEMENT),
        Upload(Slot.QUALIFICATION, minimum=0),
        Upload(Slot.MATERIAL, minimum=0),
        Upload(Slot.DRAWING, minimum=0),
    )
    CONDITIONS = (ShowIf("artisan", **BY_ARTISAN), ShowIf("builder_name", **BY_FIRM), ShowIf("builder_uscc", **BY_FIRM))

    class Meta(ProjectStepForm.Meta):
        model = RenovationProject
        fields = ["method", "start_date", "build_mode", "builder_kind", "artisan", "builder_name", "builder_uscc"]
        widgets = {"start_date": DateInput(), "build_mode": forms.RadioSelect, "builder_kind": forms.RadioSelect}
        labels = {"builder_name": "施工企业名称", "builder_uscc": "统一社会信用代码"}

    field_order = ["method", "start_date", "build_mode", "builder_kind", "artisan", "builder_name", "builder_uscc"]

    def __init__(self, *args, instance=None, **kwargs):
        super().__init__(*args, instance=instance, **kwargs)
        for name in ("build_mode", "builder_kind"):
            self.fields[name].choices = [choice for choice in self.fields[name].choices if choice[0]]
        if instance is not None:
            self.fields["artisan"].offer(artisans_of(instance))

    def suggested(self, case, record) -> dict:
        """The method that the approval confirmed."""
        return {} if record.method else {"method": case.proposed_method}

    def clean_start_date(self):
        """Works that are reported as begun have begun."""
        day = self.cleaned_data.get("start_date")
        if day and day > today():
            raise forms.ValidationError("开工日期不能晚于今天")
        return day

    def clean_builder_uscc(self):
        """A wrong credit code is refused (domain §11 V08)."""
        code = normalise_uscc(self.cleaned_data.get("builder_uscc") or "")
        if code:
            validate_uscc(code)
        return code

    def conclusion_label(self) -> str:
        """The step has no 结论: it is done."""
        return "已组织实施"
