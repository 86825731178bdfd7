"""The one question asked before an identity is confirmed (decision 17)."""

from django import forms

from common.forms import HouseForm

MET = "我已见到本人，姓名、身份证号码与本人身份证原件一致"


class Tick(forms.CheckboxInput):
    """A tick box with its sentence beside it."""

    template_name = "forms/widgets/tick.html"

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["widget"]["text"] = MET
        return context


class MetForm(HouseForm, forms.Form):
    met = forms.BooleanField(label="当面核对", widget=Tick, error_messages={"required": "请当面核对身份证原件后勾选"})
