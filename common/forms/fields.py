import datetime
import re

from django import forms

from common.forms.widgets import MonthInput, YesNoRadio
from common.text import clean_text


class CleanTextField(forms.CharField):
    """Text without what the eye cannot see: it is read by other people later (test group B-T)."""

    def to_python(self, value):
        return clean_text(super().to_python(value) or "") or self.empty_value


class YesNoField(forms.Field):
    """是/否 without a default: a missing answer never reads as 否 (domain §0)."""

    widget = YesNoRadio

    def to_python(self, value):
        """True, False, or None when not answered."""
        if value in (True, "true", "True", "1"):
            return True
        if value in (False, "false", "False", "0"):
            return False
        return None

    def has_changed(self, initial, data) -> bool:
        return self.to_python(initial) != self.to_python(data)


class MonthField(forms.Field):
    """A month, kept as the date of its first day (「2021-06」)."""

    widget = MonthInput
    default_error_messages = {"invalid": "月份请按“2021-06”的样子填写"}

    def to_python(self, value):
        """The first day of the month, or None."""
        if value in self.empty_values:
            return None
        if isinstance(value, datetime.date):
            return value.replace(day=1)
        match = re.fullmatch(r"(\d{4})-(\d{1,2})", str(value).strip())
        try:
            return datetime.date(int(match[1]), int(match[2]), 1)
        except (TypeError, ValueError):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None
