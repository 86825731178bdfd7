"""The craftsman of a project: typed by name with the county's names offered, never a list of ten thousand."""

import re

from django import forms

from common.forms.widgets import TidyInput, tidy
from common.text import clean_text
from renovation.queries.known import MOST_NAMES

NUMBERED = re.compile(r"编号(\d{1,9})[)）]?$")


class NameWithList(TidyInput):
    """A text box with names to pick from; without them it is a text box."""

    template_name = "forms/widgets/name_with_list.html"

    def __init__(self, attrs=None):
        self.names = ()
        super().__init__({"class": "wide-16", **(attrs or {})})

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        widget = context["widget"]
        widget["list_id"] = f"{widget['attrs'].get('id', name)}_names"
        widget["attrs"]["list"] = widget["list_id"]
        widget["names"] = self.names() if callable(self.names) else self.names
        return context


class ArtisanField(forms.Field):
    """A craftsman of the given rows, known by the name alone where it is the only one, else by name and number."""

    widget = NameWithList
    default_error_messages = {
        "unknown": "工匠名录中没有这个人，请先在工匠名录中登记，或核对姓名",
        "several": "有{count}名同名工匠，请从列出的名字中选择带编号的一项",
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.rows = None

    def offer(self, rows) -> None:
        """Choose among these rows; they are read only when the page shows the box or somebody was named."""
        self.rows = rows
        self.widget.names = lambda: [words_of(one) for one in rows.order_by("name", "id")[:MOST_NAMES]]

    def prepare_value(self, value):
        """The words for a stored craftsman: a row, or its key as a model form knows it."""
        if isinstance(value, int) and self.rows is not None:
            value = self.rows.filter(pk=value).first()
        return words_of(value) if hasattr(value, "region_id") else value

    def to_python(self, value):
        """The row that the words name; the errors say what to do."""
        said = clean_text(tidy(str(value or "")))
        if not said or self.rows is None:
            return None
        numbered = NUMBERED.search(said)
        found = self.rows.filter(pk=numbered[1]) if numbered else self.rows.filter(name=said)
        named = list(found[:2])
        if len(named) == 1:
            return named[0]
        if named:
            text = self.error_messages["several"].format(count=found.count())
            raise forms.ValidationError(text, code="several")
        raise forms.ValidationError(self.error_messages["unknown"], code="unknown")


def words_of(artisan) -> str:
    """「李师傅（石桥镇，编号12）」."""
    return f"{artisan.name}（{artisan.region.name}，编号{artisan.pk}）"
