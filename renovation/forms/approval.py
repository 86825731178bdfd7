"""区县审批 (domain §4.8): the county decides, may amend the township's opinion, and enters the plan."""

from django import forms

from common.clock import today
from common.forms import CleanTextField, OpinionTextarea, ShowIf, YesNoField
from renovation.choices import USUAL_METHOD, RenovationType, Slot
from renovation.forms.step import PASSED, StepForm, Upload, conclusion_field, opinion_field, opinion_when_failed
from renovation.models import Case
from renovation.queries.known import township_opinion

PHRASES = (
    "经审批，符合农村危房改造条件，同意列入改造计划。",
    "经审批，不符合农村危房改造条件，不予列入改造计划。",
)
VISITED = {"home_visit": True}
# What the register wants to know of a house that enters the plan.
PLANNED = ("plan_year", "type", "proposed_method", "energy_saving", "accessibility")


class ApprovalForm(StepForm):
    conclusion = conclusion_field("审批结论")
    home_visit = YesNoField(label="是否入户抽查")
    visit_note = CleanTextField(label="抽查情况", max_length=1000, widget=OpinionTextarea())
    plan_year = forms.TypedChoiceField(label="列入计划年度", coerce=int, empty_value=None, widget=forms.RadioSelect)
    type = forms.ChoiceField(label="改造类型", choices=RenovationType.choices, widget=forms.RadioSelect)
    energy_saving = YesNoField(label="是否同步实施节能改造")
    accessibility = YesNoField(label="是否同步实施无障碍改造")
    amended_township_opinion = CleanTextField(
        label="乡镇街道审核意见",
        required=False,
        max_length=1000,
        widget=OpinionTextarea(is_pushed=True),
        help_text="在原意见上修改。原意见和原审核人、修改后的意见和修改人都会保留，并通知乡镇街道",
    )
    opinion = opinion_field("审批意见", PHRASES, required=False)

    REQUIRED = ("proposed_method",)
    UPLOADS = (Upload(Slot.VISIT, minimum=0, is_photo=True, when=VISITED, below="visit_note"),)
    FOLDED = {"amended_township_opinion": "修改乡镇街道审核意见"}
    CONDITIONS = (
        ShowIf("visit_note", **VISITED),
        *(ShowIf(name, **PASSED) for name in PLANNED),
        opinion_when_failed(),
    )

    class Meta(StepForm.Meta):
        model = Case
        fields = ["proposed_method"]
        help_texts = {"proposed_method": "乡镇评议时拟定，请确认"}

    field_order = [
        "amended_township_opinion",
        "home_visit",
        "visit_note",
        "conclusion",
        "plan_year",
        "type",
        "proposed_method",
        "energy_saving",
        "accessibility",
        "opinion",
    ]

    def __init__(self, *args, instance=None, **kwargs):
        self.original = township_opinion(instance) if instance is not None else None
        super().__init__(*args, instance=instance, **kwargs)
        year = today().year
        self.fields["plan_year"].choices = [(one, f"{one}年") for one in (year, year + 1)]

    def suggested(self, case, record) -> dict:
        """The township's own words to be amended, and the method it proposed."""
        found = {"type": RenovationType.RENOVATION}
        if not case.proposed_method:
            found["proposed_method"] = USUAL_METHOD.get(case.grade, "")
        if self.original is not None:
            found["amended_township_opinion"] = self.original.opinion
        return found

    def clean_amended_township_opinion(self) -> str:
        """Only what differs is an amendment; an emptied box is none."""
        words = self.cleaned_data.get("amended_township_opinion", "").strip()
        original = self.original.opinion.strip() if self.original is not None else ""
        return "" if words == original else words

    def apply_to(self, case) -> None:
        """The method is confirmed only by 通过; 不通过 leaves what the township proposed."""
        if self.cleaned_data.get("proposed_method"):
            super().apply_to(case)
