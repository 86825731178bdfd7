"""The filter bars above the work lists and the statistics (domain §4.3, §13); they live in the address of the page."""

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator

from common.clock import today
from common.forms import CleanTextField, DateInput, HouseForm, PhoneInput
from renovation import statistics
from renovation.queries.cases import LATE, NOT_LATE
from renovation.queries.todo import CLOSED, FLOWING, Filters
from renovation.statistics import Period

KINDS = (("", "全部工单"), (NOT_LATE, "未超时"), (LATE, "已超时"))
WHOLE_LIFE = ((FLOWING, "流转中"), (CLOSED, "已办结"))
# The first and last days of the calendar cannot be reckoned with.
WITHIN_REASON = (
    MinValueValidator(dt.date(2000, 1, 1), "日期不能早于2000年"),
    MaxValueValidator(dt.date(2399, 12, 31), "日期不能晚于2399年"),
)
TREE_KEY = r"^[0-9]{12}$"


@dataclass(frozen=True)
class Drilled(Filters):
    """The filters of 工单查询, with what a number of the statistics says about the rows it counts."""

    number: str = ""
    region: str = ""
    measure: str = ""
    period: Period | None = None


class CaseFilterForm(HouseForm, forms.Form):
    kind = forms.ChoiceField(label="工单类型", choices=KINDS, required=False)
    state = forms.ChoiceField(label="工单状态", required=False)
    name = CleanTextField(label="申请人姓名", max_length=50, required=False)

    def __init__(self, *args, states=WHOLE_LIFE, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [("", "全部状态"), *states]

    def filters(self) -> Filters:
        """The valid part of what the address says; an unknown value means 全部."""
        said = self.cleaned_data if self.is_valid() else self.valid_data
        return Filters(**{name: said.get(name, "") for name in ("kind", "state", "name")})


class NumberField(CleanTextField):
    """工单号 as it is printed in groups, read out, or only its last six: whatever stands between the digits goes."""

    default_validators = [RegexValidator(r"^([0-9]{6}|[0-9]{18})$", "请输入完整的工单号，或最后6位数字", code="number")]

    def __init__(self):
        widget = PhoneInput({"autocomplete": "off", "inputmode": "numeric"})
        super().__init__(label="工单号", max_length=40, required=False, help_text="可以只输最后6位", widget=widget)

    def clean(self, value):
        said = unicodedata.normalize("NFKC", value or "")
        return super().clean(re.sub(r"[\s.\-–—_、,，]+", "", said))


class SearchForm(CaseFilterForm):
    """What a number of the statistics hands on stands in hidden fields, so that it stays when one filters further."""

    number = NumberField()

    region = forms.RegexField(TREE_KEY, required=False, widget=forms.HiddenInput)
    measure = forms.ChoiceField(
        choices=[(key, measure.words) for key, measure in statistics.MEASURES.items()],
        required=False,
        widget=forms.HiddenInput,
    )
    since = forms.DateField(required=False, widget=forms.HiddenInput, validators=WITHIN_REASON)
    until = forms.DateField(required=False, widget=forms.HiddenInput, validators=WITHIN_REASON)

    def filters(self) -> Drilled:
        """The valid part of what the address says; an unknown value means 全部."""
        plain = super().filters()
        said = self.cleaned_data if self.is_valid() else self.valid_data
        period = Period(said.get("since"), said.get("until"))
        drilled = {name: said.get(name, "") for name in ("number", "region", "measure")}
        return Drilled(**vars(plain), **drilled, period=period if any(vars(period).values()) else None)


class StatisticsForm(HouseForm, forms.Form):
    """申请时间 from and to: this year unless the address says otherwise; both empty means 全部."""

    since = forms.DateField(label="申请时间从", required=False, widget=DateInput(), validators=WITHIN_REASON)
    until = forms.DateField(label="到", required=False, widget=DateInput(), validators=WITHIN_REASON)
    region = forms.RegexField(TREE_KEY, required=False, widget=forms.HiddenInput)

    def __init__(self, data, *args, **kwargs):
        if not {"since", "until"} & set(data):
            year = today().year
            data = data.copy()
            data["since"], data["until"] = f"{year}-01-01", f"{year}-12-31"
        super().__init__(data, *args, **kwargs)

    def clean(self):
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and until < since:
            self.add_error("until", "结束日期不能早于开始日期")

    @property
    def period(self) -> Period:
        """The valid part of what was asked."""
        said = self.cleaned_data if self.is_valid() else self.valid_data
        return Period(said.get("since"), said.get("until"))
