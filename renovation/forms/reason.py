"""Why somebody wants to see a full number (domain §15.1): usual reasons to choose from, or one's own words."""

from django import forms

from common.forms import CleanTextField, ConditionalForm, RequiredIf, ShowIf

OTHER = "其他"
REASONS = ("核对申请人身份", "电话联系申请人", "核对家庭成员", OTHER)


class ReasonForm(ConditionalForm, forms.Form):
    choice = forms.ChoiceField(label="查看原因", choices=[(one, one) for one in REASONS], widget=forms.RadioSelect)
    words = CleanTextField(
        label="具体原因", max_length=100, required=False, error_messages={"required": "请填写具体原因"}
    )

    CONDITIONS = (ShowIf("words", choice=OTHER), RequiredIf("words", choice=OTHER))

    def reason(self) -> str:
        """The words that go into the log."""
        return self.cleaned_data["words"] or self.cleaned_data["choice"]
