"""区县受理 (domain §4.4): is this the renovation of a dangerous house, and is the family in range?"""

from django import forms

from common.clock import today
from common.forms import MoneyInput, MonthField, RequiredIf, ShowIf
from renovation.choices import Conclusion
from renovation.forms.step import StepForm, opinion_field
from renovation.models import Case

PHRASES = (
    "经核查，申请人符合农村危房改造申请条件，同意受理。",
    "经核查，申请人不属于农村危房改造对象范围，不予受理。",
    "申请材料不清楚，请补充后重新申请。",
)


class AcceptanceForm(StepForm):
    conclusion = forms.ChoiceField(label="受理结论", choices=Conclusion.choices, widget=forms.RadioSelect)
    policy_date = MonthField(label="享受政策时间")
    opinion = opinion_field("受理意见", PHRASES, required=False)

    REQUIRED = ("had_policy", "is_low_income", "policy_date", "policy_amount", "reentry_reason")
    CONDITIONS = (
        ShowIf("policy_date", had_policy=True),
        ShowIf("policy_amount", had_policy=True),
        ShowIf("reentry_reason", had_policy=True, conclusion=Conclusion.PASS),
        RequiredIf("opinion", conclusion=Conclusion.FAIL),
        RequiredIf("opinion", conclusion=Conclusion.PASS, is_low_income=False),
        RequiredIf("opinion", conclusion=Conclusion.PASS, had_policy=True),
    )

    class Meta(StepForm.Meta):
        model = Case
        fields = ["had_policy", "policy_date", "policy_amount", "is_low_income", "reentry_reason"]
        widgets = {"policy_amount": MoneyInput()}

    field_order = [
        "conclusion",
        "had_policy",
        "policy_date",
        "policy_amount",
        "reentry_reason",
        "is_low_income",
        "opinion",
    ]

    def clean_policy_date(self):
        """Not later than this month (domain §4.4)."""
        month = self.cleaned_data.get("policy_date")
        if month and month > today():
            raise forms.ValidationError("享受政策时间不能晚于本月")
        return month
