"""Controls of the house. What people type is tidied before it is judged: full-width signs, spaces, units."""

import re
import unicodedata

from django import forms

from common.text import INVISIBLE


def tidy(text: str) -> str:
    """Full-width to half-width, without invisible characters and outer spaces."""
    return INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).strip()


class TidyInput(forms.TextInput):
    """A text box whose answer is tidied; subclasses say how."""

    keyboard = "text"
    drop = re.compile(r"\s")

    def __init__(self, attrs=None):
        super().__init__({"inputmode": self.keyboard, "autocomplete": "off", **(attrs or {})})

    def value_from_datadict(self, data, files, name):
        value = super().value_from_datadict(data, files, name)
        return self.drop.sub("", tidy(value)) if isinstance(value, str) else value


class IdInput(TidyInput):
    """身份证号: letters allowed (X), spaces and dashes ignored, never remembered by the browser."""

    drop = re.compile(r"[\s\-–—_.]")

    def __init__(self, attrs=None):
        super().__init__({"autocapitalize": "characters", "spellcheck": "false", "class": "wide-16", **(attrs or {})})


class PhoneInput(TidyInput):
    """手机号码: numeric keyboard; spaces, dashes and a leading +86 ignored."""

    input_type = "tel"
    keyboard = "tel"
    drop = re.compile(r"^(\+86|0086)|[\s\-–—]")

    def __init__(self, attrs=None):
        super().__init__({"class": "wide-12", **(attrs or {})})


class UnitInput(TidyInput):
    """A number with its unit printed beside it; a unit or thousands comma typed all the same is dropped."""

    template_name = "forms/widgets/unit_input.html"
    drop = re.compile(r"[\s,，]|(元|块钱|块|人|间|层|年|平方米|平米|平方|m2|㎡)$")

    def __init__(self, attrs=None, *, unit: str = "", whole: bool = False):
        self.unit = unit
        self.keyboard = "numeric" if whole else "decimal"
        super().__init__({"class": "number", **(attrs or {})})

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["widget"]["unit"] = self.unit
        context["widget"]["unit_id"] = f"{context['widget']['attrs'].get('id', name)}_unit"
        return context


class MoneyInput(UnitInput):
    """An amount in 元."""

    def __init__(self, attrs=None):
        super().__init__(attrs, unit="元")


class DateInput(TidyInput):
    """A date typed in any usual way (2026-1-5, 2026/01/05, 2026年1月5日, 20260105) or picked."""

    template_name = "forms/widgets/date_input.html"
    keyboard = "numeric"
    picker = "date"
    shape = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))")
    example = "2026-10-16"

    def __init__(self, attrs=None):
        super().__init__({"placeholder": f"如 {self.example}", "class": "wide-12", **(attrs or {})})

    def format_value(self, value):
        return value.isoformat()[: len(self.example)] if hasattr(value, "isoformat") else value

    def value_from_datadict(self, data, files, name):
        value = super().value_from_datadict(data, files, name)
        match = self.shape.fullmatch(value) if isinstance(value, str) else None
        parts = [part for part in match.groups() if part] if match else []
        return "-".join([parts[0], *(part.zfill(2) for part in parts[1:])]) if parts else value

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["widget"]["picker"] = self.picker
        return context


class MonthInput(DateInput):
    """A month typed (2021-06, 2021年6月, 202106) or picked."""

    picker = "month"
    shape = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})月?|(\d{2}))")
    example = "2021-06"


class YesNoRadio(forms.RadioSelect):
    """是/否, nothing chosen beforehand (domain §0)."""

    template_name = "forms/widgets/choices.html"
    WORDS = (("true", "是"), ("false", "否"))

    def __init__(self, attrs=None, choices=WORDS):
        super().__init__(attrs, choices)

    def format_value(self, value):
        return super().format_value({True: "true", False: "false"}.get(value, value))


class Cards:
    """Shared by the two card widgets: each choice a large card, optionally with a drawing."""

    template_name = "forms/widgets/cards.html"

    def __init__(self, attrs=None, choices=(), *, drawings: dict[str, str] | None = None):
        super().__init__(attrs, choices)
        self.drawings = drawings or {}

    def create_option(self, name, value, *args, **kwargs):
        option = super().create_option(name, value, *args, **kwargs)
        option["drawing"] = self.drawings.get(str(value), "")
        return option

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["widget"]["has_drawings"] = bool(self.drawings)
        return context


class ChoiceCards(Cards, forms.RadioSelect):
    """One of several, as cards. `drawings` maps a value to a static path ("img/risk/wall.svg")."""


class MultipleChoiceCards(Cards, forms.CheckboxSelectMultiple):
    """Several of many, as cards with drawings."""


class OpinionTextarea(forms.Textarea):
    """Opinion or description: live counter, canned phrases that stay editable, the red note when it is pushed.

    The browser gets no maxlength: cutting a pasted text silently would lose words; the server refuses instead.
    """

    template_name = "forms/widgets/opinion.html"
    NOTE = "注意：该内容将推送至申请人，请真实填写"

    def __init__(self, attrs=None, *, limit: int = 1000, phrases=(), is_pushed: bool = False):
        super().__init__({"rows": 4, **(attrs or {})})
        self.limit, self.phrases, self.is_pushed = limit, tuple(phrases), is_pushed

    def value_from_datadict(self, data, files, name):
        value = super().value_from_datadict(data, files, name)
        # Browsers post line ends as two characters; the counter and the person see one.
        return value.replace("\r\n", "\n") if isinstance(value, str) else value

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        widget = context["widget"]
        widget["attrs"].pop("maxlength", None)
        widget["length"] = len(value or "")
        widget.update(limit=self.limit, phrases=self.phrases, note=self.NOTE if self.is_pushed else "")
        return context
