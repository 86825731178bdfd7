"""Conditional questions as a table, read by the server here and by static/js/conditions.js in the browser."""

import json
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ImproperlyConfigured

from common.forms.base import HouseForm
from common.forms.messages import required_message

ANY = "*"  # a condition value: any answer at all


def as_posted(value: Any) -> list[str]:
    """A cleaned value as the strings its control would post, so that server and browser compare alike."""
    if value is None or value == "":
        return []
    if isinstance(value, bool):
        return ["true" if value else "false"]
    if isinstance(value, (list, tuple, set, frozenset)):
        return [text for item in value for text in as_posted(item)]
    return [str(getattr(value, "pk", value))]


@dataclass(frozen=True, init=False)
class Condition:
    """`target` depends on other answers: every named field must hold one of its values (several rows = or)."""

    target: str
    wanted: dict[str, list[str]] = field(hash=False)

    def __init__(self, target: str, **wanted: Any):
        object.__setattr__(self, "target", target)
        object.__setattr__(self, "wanted", {name: as_posted(value) for name, value in wanted.items()})

    def holds(self, answer) -> bool:
        """Whether the condition holds; `answer(name)` gives the posted strings of a field."""
        return all(self._matches(answer(name), values) for name, values in self.wanted.items())

    @staticmethod
    def _matches(given: list[str], values: list[str]) -> bool:
        return bool(given) if values == [ANY] else any(item in values for item in given)


class ShowIf(Condition):
    """The question exists only while the condition holds; a required field is then required only while shown."""


class RequiredIf(Condition):
    """The (shown) question must be answered while the condition holds."""


class ConditionalForm(HouseForm):
    """Form mixin with a table CONDITIONS of ShowIf and RequiredIf rows (domain §11 V14).

    `strict=False` (保存, autosave) demands nothing; `strict=True` (提交, 上报) applies the required rules.
    Hidden answers are cleaned to nothing and never reported as errors.
    """

    CONDITIONS: tuple[Condition, ...] = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._shown: dict[str, bool] = {}
        self.required_when_shown = set()
        for name in {row.target for row in self._rows(ShowIf)} & set(self.fields):
            if self.fields[name].asked:
                self.required_when_shown.add(name)
                self._set_required(name, False)
        self._check_table()

    def _check_table(self) -> None:
        for row in self.CONDITIONS:
            missing = [name for name in row.wanted if name not in self.fields]
            if row.target in self.fields and missing:
                raise ImproperlyConfigured(f"{type(self).__name__}: {row.target} depends on unknown {missing}")

    def _rows(self, kind: type[Condition], target: str | None = None) -> list[Condition]:
        return [row for row in self.CONDITIONS if isinstance(row, kind) and target in (None, row.target)]

    def clean(self):
        """Empty the hidden answers, then ask for the missing ones (only when strict)."""
        cleaned = super().clean()
        if cleaned is not None:
            self.cleaned_data = cleaned
        self._shown = {}
        for name in self.fields:
            if not self.is_shown(name):
                self._empty(name)
        if self.strict:
            for name in self.fields:
                self._demand(name)
        return self.cleaned_data

    def is_shown(self, name: str) -> bool:
        """Whether the question `name` applies, given the answers cleaned so far."""
        rows = self._rows(ShowIf, name)
        if not rows:
            return True
        if name not in self._shown:
            self._shown[name] = False  # a circle of questions hides all of them instead of recursing for ever
            self._shown[name] = any(row.holds(self._answer) for row in rows)
        return self._shown[name]

    def is_required(self, name: str) -> bool:
        """Whether the shown question must be answered under the strict rules."""
        if getattr(self.fields[name], "asked", self.fields[name].required):
            return True
        return any(row.holds(self._answer) for row in self._rows(RequiredIf, name))

    def _answer(self, name: str) -> list[str]:
        return as_posted(self.cleaned_data.get(name)) if self.is_shown(name) else []

    def _demand(self, name: str) -> None:
        if not self.is_shown(name) or name in self.errors or not self.is_required(name):
            return
        if self.cleaned_data.get(name) in self.fields[name].empty_values or self._is_empty_set(name):
            self.add_error(name, forms.ValidationError(self.required_text(name), code="required"))

    def _is_empty_set(self, name: str) -> bool:
        value = self.cleaned_data.get(name)
        return hasattr(value, "exists") and not value.exists()

    def required_text(self, name: str) -> str:
        """The sentence shown when `name` is missing."""
        form_field = self.fields[name]
        return str(form_field.error_messages.get("required") or required_message(form_field, self[name].label))

    def _empty(self, name: str) -> None:
        form_field = self.fields[name]
        self._errors.pop(name, None)
        if isinstance(form_field, forms.ModelMultipleChoiceField):
            self.cleaned_data[name] = form_field.queryset.none()
        elif isinstance(form_field, forms.MultipleChoiceField):
            self.cleaned_data[name] = []
        else:
            self.cleaned_data[name] = getattr(form_field, "empty_value", None)

    def condition_attrs(self, name: str) -> dict[str, str]:
        """Data attributes of a question for conditions.js: lists of alternatives, each {posted name: values}."""
        attrs = {}
        for key, kind in (("data-show-if", ShowIf), ("data-required-if", RequiredIf)):
            rows = [{self.add_prefix(n): v for n, v in row.wanted.items()} for row in self._rows(kind, name)]
            if rows:
                attrs[key] = json.dumps(rows, ensure_ascii=False)
        if name in self.required_when_shown:
            attrs["data-required-when-shown"] = "1"
        return attrs
