"""Fields every page about a person uses (domain §11 V01, V03, V04)."""

from django import forms

from common.forms import CleanTextField, IdInput, PhoneInput
from common.identity import (
    normalise_id_number,
    normalise_person_name,
    normalise_phone,
    validate_id_number,
    validate_mobile,
    validate_person_name,
)


class PersonNameField(forms.CharField):
    """姓名 (V04); every sort of middle dot is accepted."""

    default_validators = [validate_person_name]

    def __init__(self, *, label="姓名", **kwargs):
        super().__init__(label=label, max_length=50, widget=forms.TextInput({"autocomplete": "off"}), **kwargs)

    def to_python(self, value):
        return normalise_person_name(super().to_python(value))


class IdNumberField(forms.CharField):
    """身份证号码 (V01); spaces, lower x and the number of a 残疾人证 are understood."""

    default_validators = [validate_id_number]
    widget = IdInput

    def __init__(self, *, label="身份证号码", **kwargs):
        super().__init__(label=label, max_length=40, **kwargs)

    def to_python(self, value):
        return normalise_id_number(super().to_python(value))


class MobileField(forms.CharField):
    """手机号码 (V03)."""

    default_validators = [validate_mobile]
    widget = PhoneInput

    def __init__(self, *, label="手机号码", **kwargs):
        super().__init__(label=label, max_length=20, **kwargs)

    def clean(self, value):
        # Judged as typed (letters are refused, not dropped), kept as digits.
        return normalise_phone(super().clean(value))


def address_field(label: str, hint: str = "") -> CleanTextField:
    """详细地址, up to 200 characters."""
    return CleanTextField(
        label=label,
        max_length=200,
        help_text=hint,
        widget=forms.TextInput({"autocomplete": "off"}),
    )


class TickBox(forms.CheckboxInput):
    """One sentence with a box before it; never ticked beforehand."""

    template_name = "forms/widgets/tick.html"

    def __init__(self, text: str):
        super().__init__()
        self.text = text

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["widget"]["text"] = self.text
        return context


def agreement(label: str, text: str) -> forms.BooleanField:
    """「我同意…」 that has to be ticked."""
    return forms.BooleanField(label=label, widget=TickBox(text), error_messages={"required": "请先阅读，同意的请打勾"})
