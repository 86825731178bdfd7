"""Fields every page about a person uses (domain §11 V01, V03, V04): judged as typed, kept as the register writes it."""

from django import forms

from common.forms.widgets import IdInput, PhoneInput, tidy
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

    def __init__(self, *, label="姓名", max_length=50, autofocus=False, **kwargs):
        widget = forms.TextInput({"autocomplete": "off"} | ({"autofocus": True} if autofocus else {}))
        super().__init__(label=label, max_length=max_length, widget=widget, **kwargs)

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

    def __init__(self, *, label="手机号码", max_length=20, **kwargs):
        super().__init__(label=label, max_length=max_length, **kwargs)

    def clean(self, value):
        # Judged as typed (letters are refused, not dropped), kept as digits.
        return normalise_phone(super().clean(value))


class DigitsField(forms.CharField):
    """A code of so many digits, typed on a phone or through a Chinese keyboard; kept as ASCII."""

    def __init__(self, *, length: int, message: str, **kwargs):
        super().__init__(**kwargs)
        self.length, self.message = length, message

    def to_python(self, value):
        return tidy(super().to_python(value))

    def validate(self, value):
        """So many digits 0–9, or the sentence that says so; other scripts have digits too, nobody means them."""
        super().validate(value)
        if value and not (len(value) == self.length and value.isascii() and value.isdigit()):
            raise forms.ValidationError(self.message, code="invalid")
