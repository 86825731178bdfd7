"""The one question asked before an identity is confirmed (decision 17)."""

from django import forms

from common.forms import HouseForm


class MetForm(HouseForm, forms.Form):
    met = forms.BooleanField(
        label="我已见到本人，姓名、身份证号码与本人身份证原件一致",
        error_messages={"required": "请当面核对身份证原件后勾选"},
    )
