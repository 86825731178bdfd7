"""The filter bars above the work lists (domain §4.3); they live in the address of the page."""

from django import forms

from common.forms import HouseForm
from renovation.queries.cases import LATE, NOT_LATE
from renovation.queries.todo import CLOSED, FLOWING, Filters

KINDS = (("", "全部工单"), (NOT_LATE, "未超时"), (LATE, "已超时"))
WHOLE_LIFE = ((FLOWING, "流转中"), (CLOSED, "已办结"))


class CaseFilterForm(HouseForm, forms.Form):
    kind = forms.ChoiceField(label="工单类型", choices=KINDS, required=False)
    state = forms.ChoiceField(label="工单状态", required=False)
    name = forms.CharField(label="申请人姓名", max_length=50, required=False)

    def __init__(self, *args, states=WHOLE_LIFE, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [("", "全部状态"), *states]

    def filters(self) -> Filters:
        """The valid part of what the address says; an unknown value means 全部."""
        said = self.cleaned_data if self.is_valid() else self.valid_data
        return Filters(**{name: said.get(name, "") for name in ("kind", "state", "name")})
