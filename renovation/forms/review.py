"""乡镇组织评议 (domain §4.6): what the village assembly found, and what the notice will say."""

from django import forms

from common.clock import today
from common.forms import CleanTextField, DateInput, ShowIf, UnitInput
from households.choices import Era
from renovation.choices import USUAL_METHOD, Slot
from renovation.forms.step import (
    PASSED,
    StepForm,
    Upload,
    conclusion_field,
    opinion_field,
    opinion_when_failed,
)
from renovation.models import Case
from renovation.queries import known

PHRASES = (
    "经村民会议民主评议，同意列为农村危房改造拟保障对象。",
    "经民主评议，该户有其他安全住房，不列为拟保障对象。",
    "经民主评议，该户不符合农村危房改造对象条件，不列为拟保障对象。",
)


class ReviewForm(StepForm):
    conclusion = conclusion_field("评议结论")
    era_reason = CleanTextField(label="修改建造年代的原因", max_length=200)
    opinion = opinion_field("评议意见", PHRASES, required=False)

    REQUIRED = ("family_size", "house_area", "era", "review_date", "proposed_method", "publicity_place")
    UPLOADS = (Upload(Slot.SITE, is_photo=True), Upload(Slot.REVIEW_RESULT, is_photo=True))
    CONDITIONS = (
        ShowIf("proposed_method", **PASSED),
        ShowIf("publicity_place", **PASSED),
        opinion_when_failed(),
    )

    class Meta(StepForm.Meta):
        model = Case
        fields = [
            "review_date",
            "family_size",
            "has_veteran",
            "has_disabled",
            "house_area",
            "era",
            "proposed_method",
            "publicity_place",
        ]
        labels = {"house_area": "现住房面积"}
        help_texts = {
            "era": "认定时已填写，需要修改的请说明原因",
            "proposed_method": "在公示中公布；C级一般修缮加固，D级一般原址翻建",
            "publicity_place": "例如：村务公开栏张贴，村微信群",
        }
        widgets = {
            "review_date": DateInput(),
            "family_size": UnitInput(unit="人", whole=True),
            "house_area": UnitInput(unit="平方米"),
        }

    field_order = [
        "conclusion",
        "review_date",
        "family_size",
        "has_veteran",
        "has_disabled",
        "house_area",
        "era",
        "era_reason",
        "proposed_method",
        "publicity_place",
        "opinion",
    ]

    def __init__(self, *args, instance=None, **kwargs):
        # What the appraisal said: the answers below overwrite it on the instance.
        before = instance.era if instance is not None else ""
        others = [era for era in Era.values if era != before] if before else []
        self.CONDITIONS = (*self.CONDITIONS, ShowIf("era_reason", era=others))
        super().__init__(*args, instance=instance, **kwargs)

    def suggested(self, case, record) -> dict:
        """Size and traits of the family from the application and the ledger, the method from the grade."""
        found = {}
        if case.family_size is None:
            found["family_size"] = known.family_size(case)
        traits = known.known_traits(case)
        found |= {name: value for name, value in traits.items() if getattr(case, name) is None}
        if not case.proposed_method:
            found["proposed_method"] = USUAL_METHOD.get(case.grade, "")
        return found

    def clean_review_date(self):
        """Between the day of the 认定 and today (domain §4.6, DQ46)."""
        day = self.cleaned_data.get("review_date")
        if day is None:
            return day
        if day > today():
            raise forms.ValidationError("评议日期不能晚于今天")
        earliest = known.appraised_on(self.case)
        if earliest and day < earliest:
            raise forms.ValidationError(f"评议日期不能早于认定日期（{earliest:%Y-%m-%d}）")
        return day

    def apply_to(self, case) -> None:
        """The conclusion too: the audit reads there what it has to confirm (decision 22)."""
        super().apply_to(case)
        case.review_conclusion = self.cleaned_data["conclusion"]
