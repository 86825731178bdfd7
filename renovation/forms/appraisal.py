"""区县认定 (domain §4.5): era, structure and grade of the house, with the appraisal sheet."""

from django import forms
from django.utils import timezone

from common.clock import today
from common.forms import DateInput
from common.identity import normalise_uscc, validate_uscc
from households.choices import Grade
from renovation.choices import Slot
from renovation.forms.step import StepForm, Upload, opinion_field
from renovation.models import Case

PHRASES = (
    "经鉴定，房屋存在危险，同意进入乡镇评议。",
    "经鉴定，房屋结构基本安全，不属于危房改造范围。",
)
# An appraisal older than this says little about the house of today (domain §4.5, county setting).
VALID_YEARS = 5


class AppraisalForm(StepForm):
    opinion = opinion_field("意见", PHRASES, required=True)

    REQUIRED = ("grade", "era", "structure_archive", "appraised_on")
    UPLOADS = (Upload(Slot.APPRAISAL),)

    class Meta(StepForm.Meta):
        model = Case
        fields = ["grade", "era", "structure_archive", "appraised_on", "appraisal_org", "appraisal_org_uscc"]
        widgets = {
            "grade": forms.RadioSelect,
            "era": forms.Select,
            "structure_archive": forms.Select,
            "appraised_on": DateInput(),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["grade"].choices = Grade.choices

    def conclusion_label(self) -> str:
        """The grade is the result of this step."""
        return Grade(self.cleaned_data["grade"]).label

    def clean_appraised_on(self):
        """Not in the future, not older than five years before the application (domain §4.5)."""
        day = self.cleaned_data.get("appraised_on")
        if day is None:
            return day
        if day > today():
            raise forms.ValidationError("鉴定时间不能晚于今天")
        applied = timezone.localtime(self.instance.submitted_at or self.instance.created_at).date()
        if day < _years_before(applied, VALID_YEARS):
            raise forms.ValidationError(f"鉴定时间应在申请前{VALID_YEARS}年以内，请重新鉴定")
        return day

    def clean_appraisal_org_uscc(self):
        """A credit code is optional; a wrong one is refused (domain §11 V08)."""
        code = normalise_uscc(self.cleaned_data.get("appraisal_org_uscc") or "")
        if code:
            validate_uscc(code)
        return code


def _years_before(day, years: int):
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)
