"""区县验收 (domain §4.11): the finished house and the money."""

from decimal import Decimal
from functools import partial

from django import forms

from common.clock import today
from common.forms import CleanTextField, DateInput, MoneyInput, ShowIf
from regions.options import labels, options
from renovation.choices import Conclusion, Slot
from renovation.forms.step import PASSED, StepForm, Upload, conclusion_field, opinion_field
from renovation.models import Case

PHRASES = (
    "经验收，房屋质量合格，资料齐全，同意办结。",
    "经验收，房屋质量存在问题，请整改后重新提交验收。",
    "经验收，资料不齐全，请补充后重新提交验收。",
)
SUBSIDY_LIST = "subsidy_fund"
FUNDS = ("fund_central", "fund_province", "fund_city", "fund_county")
OWN = ("self_raised", "loan")
# The register holds totals of ten digits before the point.
LARGEST = Decimal("9999999999.99")


def _amount(label: str, **options) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, max_digits=12, decimal_places=2, min_value=0, widget=MoneyInput({"data-amount": ""}), **options
    )


class InspectionForm(StepForm):
    conclusion = conclusion_field("验收结论")
    accepted_on = forms.DateField(label="验收时间", widget=DateInput())
    inspector = CleanTextField(label="验收人", max_length=100)
    subsidy_types = forms.MultipleChoiceField(label="享受补助资金类型", widget=forms.CheckboxSelectMultiple)
    fund_central = _amount("中央补助金", help_text="各级补助金和自筹金没有的填0")
    fund_province = _amount("省级补助金")
    fund_city = _amount("市（州）级补助金")
    fund_county = _amount("县（市、区）级补助金")
    self_raised = _amount("农户其他自筹金")
    loan = _amount("农户贷款", required=False)
    opinion = opinion_field("验收意见", PHRASES, required=True)

    UPLOADS = (
        Upload(Slot.INSPECTION, when=PASSED),
        Upload(Slot.INSPECTION_SUPPORT, when=PASSED, is_always_shown=True),
    )
    SUMS = (("各级政府补助合计", FUNDS), ("总投资", (*FUNDS, *OWN)))
    CONDITIONS = tuple(ShowIf(name, **PASSED) for name in ("accepted_on", "inspector", "subsidy_types", *FUNDS, *OWN))

    class Meta(StepForm.Meta):
        model = Case
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # What is chosen now; an old answer is read with every label the list ever had. Asked for when needed, so that
        # the form can be described without a database.
        for_case, for_reading = partial(options, SUBSIDY_LIST), lambda: labels(SUBSIDY_LIST).items()
        self.fields["subsidy_types"].choices = for_case if self.case is not None else for_reading

    def clean_accepted_on(self):
        """From the completion of the works to today (DQ45)."""
        day = self.cleaned_data.get("accepted_on")
        if day is None:
            return day
        if day > today():
            raise forms.ValidationError("验收时间不能晚于今天")
        project = self.case.project_or_none()
        finished = project.completion_date if project is not None else None
        if finished and day < finished:
            raise forms.ValidationError(f"验收时间不能早于竣工日期（{finished:%Y-%m-%d}）")
        return day

    def clean(self):
        """The total must fit into the register, and nobody is granted less than was paid already."""
        cleaned = super().clean()
        project = self.case.project_or_none()
        paid = project.paid_total if project is not None else Decimal(0)
        if cleaned.get("conclusion") == Conclusion.PASS and self.sum_of(FUNDS) < paid:
            self.add_error("fund_central", f"各级政府补助合计不能低于已拨付的{paid:,.2f}元")
        if self.sum_of((*FUNDS, *OWN)) > LARGEST:
            self.add_error(None, "各项资金合计过大，请核对金额")
        return cleaned

    def sum_of(self, names) -> Decimal:
        """Σ of the amounts of that name, what is not filled in counted as nothing."""
        return sum((self.cleaned_data.get(name) or Decimal(0) for name in names), Decimal(0))
