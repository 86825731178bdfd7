"""After the end: how the service was, and the request that the county look again (domain §3.6, decision 22)."""

from django import forms

from common.forms import ChoiceCards, CleanTextField, ConditionalForm, HouseForm, OpinionTextarea, ShowIf
from renovation.choices import Stars
from renovation.queries.service import LOW


class RateForm(ConditionalForm, forms.Form):
    """满意度: five cards, best first; only the two lowest ask why (domain §10.24)."""

    stars = forms.TypedChoiceField(
        label="这次办理，您满意吗？",
        choices=[(star.value, star.label) for star in reversed(Stars)],
        coerce=int,
        widget=ChoiceCards,
        error_messages={"required": "请选一个"},
    )
    reason = CleanTextField(
        label="哪里不满意？",
        max_length=500,
        help_text="会告诉区县办理单位，方便改进。",
        widget=OpinionTextarea({"rows": 4}, limit=500),
        error_messages={"required": "请写下哪里不满意"},
    )
    comment = CleanTextField(
        label="还有什么想说的？", required=False, max_length=500, widget=OpinionTextarea({"rows": 3}, limit=500)
    )

    CONDITIONS = (ShowIf("reason", stars=LOW),)


class SecondLookForm(HouseForm, forms.Form):
    """The reason why the county should look again."""

    reason = CleanTextField(
        label="为什么觉得结果不对？",
        max_length=1000,
        help_text="说说家里和房子的实际情况。",
        widget=OpinionTextarea({"rows": 6}, limit=1000),
        error_messages={"required": "请写下理由"},
    )
