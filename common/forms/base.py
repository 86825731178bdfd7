"""The form all others build on, and the model field → form field table."""

import datetime as dt

from django import forms
from django.core.validators import MinValueValidator
from django.db import models
from django.forms.utils import pretty_name

from common.forms.fields import CleanTextField, MonthField, YesNoField
from common.forms.messages import speak_plainly
from common.forms.widgets import DateInput, UnitInput

# Nothing the forms ask about happened before; a typist's 0206 for 2026 must not become a date of the register.
EARLIEST, TOO_EARLY = dt.date(1949, 10, 1), "日期太早，请核对年份"


class HouseForm:
    """Form mixin: plain Chinese messages, no browser bubbles, loose (`strict=False`) or strict validation."""

    use_required_attribute = False  # the server decides and answers in our own words

    def __init__(self, *args, strict: bool = True, **kwargs):
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.strict = strict
        for name, field in self.fields.items():
            field.asked = field.required  # what the page marks; a draft demands nothing but marks the same
            if type(field.widget) in (forms.RadioSelect, forms.CheckboxSelectMultiple):
                field.widget.template_name = "forms/widgets/choices.html"
            if isinstance(field, (forms.DateField, MonthField)):
                # Each form its own list: the fields are copies, their validators are not.
                field.validators = [*field.validators, MinValueValidator(EARLIEST, TOO_EARLY)]
            # Not self[name]: a bound field keeps the label of now, and a subclass may still change it.
            speak_plainly(field, str(field.label or pretty_name(name)))
            if not strict:
                self._set_required(name, False)

    def _set_required(self, name: str, required: bool) -> None:
        field = self.fields[name]
        field.required = required
        field.widget.is_required = required

    @property
    def valid_data(self) -> dict:
        """Cleaned values of the fields without errors: what a draft may store."""
        if not self.is_bound:
            return {}
        return {name: value for name, value in self.cleaned_data.items() if name not in self.errors}

    @property
    def error_links(self) -> list[tuple[str, str]]:
        """(id of the control, message) for the error summary; general errors have an empty id."""
        links = [("", message) for message in self.non_field_errors()]
        for name in self.fields:
            if name in self.errors:
                bound = self[name]
                target = bound.id_for_label or f"{bound.auto_id}_0"
                links += [(target, message) for message in self.errors[name]]
        return links


def house_formfield(db_field: models.Field, **kwargs):
    """`formfield_callback` of our ModelForms: booleans are asked 是/否, dates typed or picked, units shown."""
    if isinstance(db_field, models.BooleanField) and "widget" not in kwargs and "form_class" not in kwargs:
        label = kwargs.get("label") or db_field.verbose_name
        return YesNoField(label=label, help_text=db_field.help_text, required=kwargs.get("required", True))
    if isinstance(db_field, models.DateField) and not isinstance(db_field, models.DateTimeField):
        kwargs.setdefault("widget", DateInput())
    elif isinstance(db_field, (models.DecimalField, models.IntegerField)) and not db_field.choices:
        kwargs.setdefault("widget", UnitInput(whole=isinstance(db_field, models.IntegerField)))
    elif isinstance(db_field, (models.CharField, models.TextField)) and not db_field.choices:
        kwargs.setdefault("form_class", CleanTextField)
    return db_field.formfield(**kwargs)
