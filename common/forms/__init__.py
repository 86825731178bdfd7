"""Form rendering of the house: one field template, plain Chinese messages, conditions as a table."""

from common.forms.base import HouseForm, house_formfield
from common.forms.conditions import ANY, ConditionalForm, RequiredIf, ShowIf
from common.forms.fields import CleanTextField, MonthField, YesNoField
from common.forms.people import DigitsField, IdNumberField, MobileField, PersonNameField
from common.forms.renderer import HouseRenderer
from common.forms.widgets import (
    ChoiceCards,
    DateInput,
    IdInput,
    MoneyInput,
    MonthInput,
    MultipleChoiceCards,
    OpinionTextarea,
    PhoneInput,
    UnitInput,
    YesNoRadio,
)

__all__ = [
    "ANY",
    "ChoiceCards",
    "CleanTextField",
    "ConditionalForm",
    "DateInput",
    "DigitsField",
    "HouseForm",
    "HouseRenderer",
    "IdInput",
    "IdNumberField",
    "MobileField",
    "MoneyInput",
    "MonthField",
    "MonthInput",
    "MultipleChoiceCards",
    "OpinionTextarea",
    "PersonNameField",
    "PhoneInput",
    "RequiredIf",
    "ShowIf",
    "UnitInput",
    "YesNoField",
    "YesNoRadio",
    "house_formfield",
]
