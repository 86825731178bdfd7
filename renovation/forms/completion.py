"""乡镇街道提交验收 (domain §4.10): what the finished house is like."""

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from common.clock import today
from common.forms import DateInput, UnitInput
from households.choices import StructureArchive
from renovation.choices import Slot
from renovation.forms.step import ProjectStepForm, Upload
from renovation.models import RenovationProject

# A renovated house is of none of the first four kinds (domain §10.5b).
SOUND_STRUCTURES = [
    (code, label) for code, label in StructureArchive.choices if int(code) >= int(StructureArchive.SIMPLE_MASONRY)
]
# V11.
BOUNDS = {"after_area": (1, 2000), "after_floors": (1, 20)}


class CompletionForm(ProjectStepForm):
    REQUIRED = ("after_structure", "after_area", "after_ownership", "completion_date", "old_house_disposal")
    UPLOADS = (Upload(Slot.DURING, is_photo=True), Upload(Slot.AFTER, is_photo=True))

    class Meta(ProjectStepForm.Meta):
        model = RenovationProject
        fields = [
            "completion_date",
            "after_structure",
            "after_area",
            "after_floors",
            "after_ownership",
            "old_house_disposal",
        ]
        labels = {"after_area": "改造后房屋面积"}
        widgets = {
            "completion_date": DateInput(),
            "after_area": UnitInput(unit="平方米"),
            "after_floors": UnitInput(unit="层", whole=True),
            "after_ownership": forms.RadioSelect,
            "old_house_disposal": forms.RadioSelect,
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["after_structure"].choices = [("", "请选择"), *SOUND_STRUCTURES]
        for name in ("after_ownership", "old_house_disposal"):
            self.fields[name].choices = [choice for choice in self.fields[name].choices if choice[0]]
        for name, (least, most) in BOUNDS.items():
            self.fields[name].validators += [MinValueValidator(least), MaxValueValidator(most)]

    def clean_completion_date(self):
        """From the start of the works to today (DQ44, DQ45)."""
        day = self.cleaned_data.get("completion_date")
        if day is None:
            return day
        if day > today():
            raise forms.ValidationError("竣工日期不能晚于今天")
        started = self.instance.start_date
        if started and day < started:
            raise forms.ValidationError(f"竣工日期不能早于开工日期（{started:%Y-%m-%d}）")
        return day

    def conclusion_label(self) -> str:
        """The step has no 结论: it is done."""
        return "已提交验收"
