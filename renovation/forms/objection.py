"""登记异议 and its answer (domain §15.3): who objects may stay unnamed, what is answered may not stay empty."""

from django import forms

from common.forms import CleanTextField, ConditionalForm, HouseForm, PhoneInput, ShowIf, YesNoField
from common.identity import normalise_phone


class ObjectionForm(ConditionalForm, forms.Form):
    is_anonymous = YesNoField(label="是否匿名")
    name = CleanTextField(label="异议人姓名", max_length=50)
    phone = forms.CharField(
        label="联系电话", max_length=20, required=False, widget=PhoneInput(), help_text="用于回复处理结果，加密保存"
    )
    content = CleanTextField(label="异议内容", max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))

    CONDITIONS = (ShowIf("name", is_anonymous=False), ShowIf("phone", is_anonymous=False))

    def clean_phone(self) -> str:
        """Digits only; seven at least, for a landline is fine."""
        phone = normalise_phone(self.cleaned_data["phone"])
        if phone and not 7 <= len(phone) <= 12:
            raise forms.ValidationError("联系电话格式不正确")
        return phone


class AnswerForm(HouseForm, forms.Form):
    answer = CleanTextField(
        label="处理说明",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="写明核实的情况和异议不成立的理由",
    )
