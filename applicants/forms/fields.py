"""Fields the villagers' pages share: an address, a sentence to agree to."""

from django import forms

from common.forms import CleanTextField


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
