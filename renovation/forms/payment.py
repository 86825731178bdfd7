"""拨付 (domain §7.4): what was paid, when, to whom; and why a wrong record is taken back."""

import re

from django import forms

from common.forms import CleanTextField, DateInput, HouseForm, UnitInput, house_formfield
from common.forms.widgets import tidy
from renovation.models import Payment

LAST_FOUR = re.compile(r"[0-9]{4}")


class PaymentForm(HouseForm, forms.ModelForm):
    class Meta:
        model = Payment
        fields = ["paid_on", "amount", "payee", "bank_last4"]
        formfield_callback = house_formfield
        widgets = {
            "paid_on": DateInput(),
            "amount": UnitInput(unit="元"),
            "payee": forms.TextInput(attrs={"class": "wide-12", "autocomplete": "off"}),
            "bank_last4": forms.TextInput(
                attrs={"class": "wide-12", "inputmode": "numeric", "maxlength": 4, "autocomplete": "off"}
            ),
        }
        help_texts = {"bank_last4": "选填。只填最后4位，不要填写完整账号"}

    def clean_bank_last4(self) -> str:
        """Four digits or nothing: a whole number must not get in (decision 15)."""
        digits = tidy(self.cleaned_data["bank_last4"])
        if digits and not LAST_FOUR.fullmatch(digits):
            raise forms.ValidationError("账号后四位请填写4位数字")
        return digits


class PaymentRemovalForm(HouseForm, forms.Form):
    reason = CleanTextField(
        label="删除原因",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请填写删除原因"},
    )
