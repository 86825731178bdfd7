"""Every form of the site, found by walking its classes and the pages of the admin, and made as its page makes it."""

import copy
from dataclasses import dataclass

from django import forms
from django.contrib import admin
from django.forms.models import BaseModelForm
from django.http import QueryDict
from django.test import RequestFactory
from django.urls import get_resolver

from accounts.choices import Duty
from accounts.forms import AccountForm, OfficeForm
from accounts.models import User
from applicants.forms.answers import PageForm
from renovation.forms import StepForm
from tests.factories.sounds import mp3_bytes, sound_file

APPS = ("accounts", "applicants", "artisans", "common", "households", "regions", "renovation", "workbench")
# Not asked of anybody: bases of others, the page of samples, and the filters of the region picker's JSON.
BASES = {"PageForm", "StepForm", "ProjectStepForm", "ReasonedForm", "SaysSomething", "HouseForm", "ConditionalForm"}
# The pages of the admin make these forms their own (texts cleaned): they are tried as the admin makes them.
OF_ADMIN = {"AccountForm", "NewAccountForm", "OfficeForm", "ArtisanForm", "_DayForm", "_EditForm", "_RegionForm"}
OF_ADMIN |= {"_RuleForm", "RecordingForm"}


@dataclass
class Desk:
    """What forms are made for: a case with a project, a draft, and the people who fill them in."""

    world: object
    case: object
    draft: object
    villager: object


def _below(kind):
    for one in kind.__subclasses__():
        yield one
        yield from _below(one)


def form_classes() -> dict[str, type]:
    """Forms outside the admin by their full names; each is asked on some page."""
    get_resolver().url_patterns  # noqa: B018 - reading them imports every view
    found = {}
    for one in _below(forms.BaseForm):
        app = one.__module__.split(".")[0]
        is_asked = one.__name__ not in BASES | OF_ADMIN and one.__module__ != "common.styleguide"
        if app in APPS and is_asked and "<locals>" not in one.__qualname__:
            found[f"{one.__module__}.{one.__name__}"] = one
    return dict(sorted(found.items()))


def admin_forms() -> dict[str, object]:
    """Pages of the admin that somebody may write through, by model, and their inlines."""
    root = User(is_superuser=True, level="ministry")
    request = RequestFactory().get("/")
    request.user = root
    return {
        f"admin.{model.__name__}": page
        for model, page in admin.site._registry.items()
        if page.has_add_permission(request) or page.has_change_permission(request)
    }


NAMES = [*form_classes(), *admin_forms()]


def make(name: str, data: dict, desk: Desk, **extra):
    """The form of that name as its page makes it, bound to the data."""
    post = posted(data)
    if name.startswith("admin."):
        return _of_admin(admin_forms()[name], post, desk)
    form_class = form_classes()[name]
    if issubclass(form_class, StepForm):
        return form_class(post, instance=fresh(desk.case), **extra)
    if issubclass(form_class, PageForm):
        return form_class(post, case=copy.copy(desk.draft), user=desk.villager, **extra)
    return form_class(post, **extra)


def _of_admin(page, post, desk: Desk):
    request = RequestFactory().get("/")
    request.user = copy.copy(desk.world.officer)
    request.user.is_superuser, request.user.duties = True, [duty.value for duty in Duty]
    # What the copy had worked out from its former duties.
    request.user.__dict__.pop("capabilities", None)
    form_class = page.get_form(request)
    if issubclass(form_class, AccountForm | OfficeForm) and not hasattr(form_class, "user"):
        form_class.user = request.user
    return form_class(post, {"sound": sound_file(mp3_bytes())} if "sound" in form_class.base_fields else None)


def fresh(case):
    """A copy of the case whose columns and project a form may fill without anybody else seeing it."""
    one = copy.copy(case)
    if "project" in one._state.fields_cache:
        one._state.fields_cache = one._state.fields_cache | {"project": copy.copy(case.project)}
    return one


def posted(data: dict) -> QueryDict:
    """The data as a browser posts it."""
    post = QueryDict(mutable=True)
    for name, value in data.items():
        post.setlist(name, list(value) if isinstance(value, list | tuple) else [value])
    return post


def unbound(name: str, desk: Desk):
    """The form without answers, to read its fields."""
    return make(name, {}, desk)


def text_fields(form) -> list[str]:
    """Fields that keep what is typed as text; passwords are no text, they are kept as a hash and never shown."""
    return [
        name
        for name, field in form.fields.items()
        if isinstance(field, forms.CharField) and not isinstance(field.widget, forms.PasswordInput)
    ]


def choices_of(field) -> list[str]:
    """What may be posted for a choice, groups opened."""
    found = []
    for value, label in field.choices:
        if isinstance(label, list | tuple):
            found += [str(inner) for inner, _ in label]
        elif value not in ("", None):
            found.append(str(value))
    return found


def filled(form, text: str, turn: int) -> dict:
    """Answers of the right kind for every field; texts are `text`, choices go round with `turn`."""
    return {name: _answer(field, text, turn) for name, field in form.fields.items()}


def _answer(field, text: str, turn: int):
    if isinstance(field, forms.ModelChoiceField):
        return ""
    if hasattr(field, "choices"):
        values = choices_of(field) or [""]
        return values[turn % len(values)]
    if type(field).__name__ == "YesNoField":
        return ("true", "false")[turn % 2]
    if isinstance(field, forms.BooleanField):
        return "on"
    if isinstance(field, forms.DateField):
        return "2026-01-01"
    if isinstance(field, forms.IntegerField | forms.DecimalField):
        return "3"
    return text


def is_model_form(form) -> bool:
    """Whether the form writes its answers to a row itself."""
    return isinstance(form, BaseModelForm)
