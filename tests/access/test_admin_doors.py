"""Django's admin in the sweep: every page of it × every persona, with own, foreign and unknown rows.

What each persona may do is the table DOORS; the status of a page follows from it, so that a page of a new model or of
a new kind without a row fails.
"""

import datetime as dt

import pytest
from django.contrib import admin
from django.urls import URLResolver

from accounts.actions import audit
from accounts.choices import Duty
from accounts.models import LoginAttempt, Office, OutboxEntry, UnmaskLog
from artisans.models import Artisan
from common.clock import now
from regions.choices import DayKind, EditKind
from regions.models import CalendarDay, OptionItem, RegionEdit
from renovation.models import CaseNode, DeadlineRule, LadderNotice, LadderRung
from tests.access.asking import ask, everything, made
from tests.access.people import ADMIN_TRIED, HOME, NEXT_DOOR, VILLAGES
from tests.access.table import addresses
from tests.access.test_sweep import wrong_headers
from tests.factories.accounts import make_user
from tests.factories.people import make_id_number
from tests.factories.sounds import make_recording

pytestmark = pytest.mark.django_db
EDITORS = {"township", "county", "neighbour", "city", "province", "system"}
MANAGERS = {"township", "county", "neighbour", "city", "province", "security"}
WRITERS = {"village", "township", "county", "neighbour", "city", "province"}
ABOVE = {"city", "province"}
# model: who sees its list (and may add a row); who finds, changes, deletes the row at home. `neighbour` does to the row
# next door what `county` does to the one at home. Nobody else gets further than the door.
DOORS = {
    "regions.region": {"see": EDITORS | MANAGERS | WRITERS, "change": EDITORS - {"neighbour"}},
    "regions.regionedit": {"see": EDITORS, "find": {"county", "system"} | ABOVE, "add": EDITORS},
    "regions.calendarday": {"see": {"system"}, "add": {"system"}, "change": {"system"}, "delete": {"system"}},
    "regions.optionitem": {"see": {"system"}},
    "applicants.recording": {"see": {"system"}, "add": {"system"}, "delete": {"system"}},
    "accounts.user": {
        "see": MANAGERS,
        "find": {"township", "county", "security"},
        "add": MANAGERS,
        "change": {"township", "county", "security"},
    },
    "accounts.office": {
        "see": MANAGERS,
        "find": {"township", "county", "security"} | ABOVE,
        "add": MANAGERS,
        "change": {"township", "county", "security"},
    },
    "accounts.auditentry": {"see": {"auditor"}, "find": {"auditor"}},
    "accounts.unmasklog": {"see": {"auditor"}, "find": {"auditor"}},
    "accounts.loginattempt": {"see": MANAGERS | {"auditor"}, "find": {"county", "security", "auditor"} | ABOVE},
    "accounts.outboxentry": {"see": {"system"}},
    "artisans.artisan": {
        "see": WRITERS,
        "find": {"village", "township", "county"} | ABOVE,
        "add": WRITERS,
        "change": {"county"},
    },
    "renovation.deadlinerule": {
        "see": {"system"},
        "find": {"system"},
        "add": {"system"},
        "change": {"system"},
        "delete": {"system"},
    },
    "renovation.ladderrung": {"see": {"system"}},
    "renovation.laddernotice": {"see": {"system"}, "find": {"system"}},
}
OPENS_ADMIN = EDITORS | MANAGERS | WRITERS | {"auditor"}
# Those who stop at the door all stop there: a few of them are enough at a hundred pages.
VISITORS = [one for one in ADMIN_TRIED if one not in ("phone", "other", "ministry")]
# Rows of the whole country: nobody's in particular.
EVERYBODYS = {
    "regions.region", "regions.optionitem", "regions.calendarday", "accounts.outboxentry", "renovation.ladderrung",
}  # fmt: skip


def pages() -> dict[tuple[str, str], str]:
    """(model, kind of page) → pattern, of every page of every model."""
    return dict(_pages(addresses()["admin/"]))


def _pages(site):
    for entry in site.url_patterns:
        if isinstance(entry, URLResolver) and str(entry.pattern).count("/") == 2:
            model = str(entry.pattern).strip("/").replace("/", ".")
            for page in entry.url_patterns:
                yield (model, str(page.pattern)), f"/admin/{entry.pattern}{page.pattern}"


def others() -> set[str]:
    """Pages that belong to no model."""
    return {str(entry.pattern) for entry in addresses()["admin/"].url_patterns if not isinstance(entry, URLResolver)}


@pytest.fixture(scope="module")
def rows(town):
    """model → (row at home, row next door)."""
    made.cache_clear()
    found = {"regions.region": (town.regions["990101100000"], town.regions["990102100000"])}
    for index, code in enumerate((HOME, NEXT_DOOR)):
        for model, row in _rows_of(town, code).items():
            found[model] = (*found.get(model, ())[:index], row)
    made()
    return found


def _rows_of(town, code: str) -> dict:
    officer = town.users["county" if code == HOME else "neighbour"]
    county, village = town.regions[code], town.regions[VILLAGES[code]]
    office = Office.objects.get(region=village)
    mark = town.claims["villager" if code == HOME else "next door"].name
    entry = audit.record(by=officer, action="login", target=officer, reason=f"{mark}原因")
    node = CaseNode.objects.filter(case__region=village).order_by("pk")[0]
    rung = LadderRung.objects.order_by("order")[0]
    return {
        "regions.regionedit": RegionEdit.objects.create(
            kind=EditKind.ADD, parent=county, level="township", name=f"{mark}乡", code=f"{code[:6]}900000",
            created_at=now(),
        ),
        "regions.calendarday": CalendarDay.objects.create(
            date=dt.date(2027, 3, 4), kind=DayKind.HOLIDAY, name="三月节", region=county, source=mark
        ),
        "regions.optionitem": OptionItem.objects.order_by("pk").first()
        or OptionItem.objects.create(list_code="trade", code="x", label="瓦工", order=1),
        "applicants.recording": make_recording(county, language=f"{mark}话"),
        "accounts.user": make_user(office=office, display_name=f"{mark}站长", duties=[Duty.ENTRY]),
        "accounts.office": office,
        "accounts.auditentry": entry,
        "accounts.unmasklog": UnmaskLog.objects.create(
            user=officer, kind="renovation.case", target="x", field="applicant_phone", reason=f"{mark}电话",
            region_key=county.key, at=now(),
        ),
        "accounts.loginattempt": LoginAttempt.objects.create(account=officer, outcome="ok", ip="192.0.2.7", at=now()),
        "accounts.outboxentry": OutboxEntry.objects.order_by("pk").first()
        or OutboxEntry.objects.create(topic="sms", key=f"access {code}", payload={}, next_at=now()),
        "artisans.artisan": Artisan.objects.create(
            name=f"{mark}匠", region=village, region_key=village.key, id_number=make_id_number("19700101"),
            phone=f"1549999{code[2:6]}", created_by=officer,
            is_lead=False, is_certified=False, trades=["tiler"], person_types=["other"],
        ),
        "renovation.deadlinerule": DeadlineRule.objects.create(step="pending_acceptance", region=county, amount=2),
        "renovation.ladderrung": rung,
        "renovation.laddernotice": LadderNotice.objects.create(node=node, due_at=now(), rung=rung, sent_at=now()),
    }  # fmt: skip


def may(model: str, verb: str, persona: str, is_home: bool = True) -> bool:
    """Whether DOORS lets this persona do that to the row at home, or to the one next door."""
    if persona == "neighbour" and verb not in ("see", "add"):
        persona, is_home = "county", not is_home
    door = DOORS[model]
    allowed = door.get(verb, door["see"] if verb == "find" else ())
    reaches = is_home or persona in ABOVE or verb in ("see", "add") or (verb == "find" and model in EVERYBODYS)
    return persona in allowed and reaches


def expected(model: str, page: str, persona: str, is_home: bool) -> int:
    """The status of a GET of that page, from DOORS alone."""
    sees = may(model, "see", persona)
    if persona not in OPENS_ADMIN or page == "<path:object_id>/":
        return 302
    if page in ("", "export/"):
        return 200 if sees else 403
    if page == "add/":
        return 200 if may(model, "add", persona) else 403
    if page == "process_import/":
        return 405
    if page == "import/":
        # 全国 rows: only whoever looks after the nation.
        return 403
    finds = may(model, "find", persona, is_home)
    if page == "<path:object_id>/delete/":
        if may(model, "delete", persona, is_home):
            return 200
        return 404 if may(model, "delete", persona, not is_home) and not finds else 403
    known = ("<path:object_id>/change/", "<path:object_id>/history/", "act/<int:pk>/<slug:name>/")
    assert page in known, f"a kind of page nobody described: {page}"
    return 403 if not sees else 200 if finds else 404


def filled(pattern: str, pk) -> str:
    return pattern.replace("<path:object_id>", str(pk)).replace("<int:pk>", str(pk)).replace("<slug:name>", "reset")


def test_every_model_and_every_page_is_described():
    assert {model for model, _ in pages()} == set(DOORS)
    assert {model._meta.label_lower for model in admin.site._registry} == set(DOORS)
    known = {"", "login/", "logout/", "password_change/", "password_change/done/", "autocomplete/", "jsi18n/"}
    assert {name for name in others() if not name.startswith(("^", "(", "r/"))} == known


def each_page(rows):
    """(model, kind of page, address, is it the row at home) of all pages, those of a row twice."""
    for (model, page), pattern in pages().items():
        for index, row in enumerate(rows[model] if "<" in page else (None,)):
            yield model, page, filled(pattern, row.pk if row else ""), index == 0


@pytest.mark.parametrize("persona", VISITORS)
def test_page_of_the_admin(town, rows, persona):
    assert list(faults_of_pages(town, rows, persona)) == []


def faults_of_pages(town, rows, persona: str, models=DOORS):
    """What is wrong with the answers of the pages of these models to this person."""
    for model, page, path, is_home in each_page(rows):
        if model in models:
            answer, wanted = ask(town, persona, "get", path), expected(model, page, persona, is_home)
            fault = wrong_headers(answer, persona, path)
            if answer.status != wanted or fault:
                yield f"{persona} {path}: {answer.status}, wanted {wanted}{fault}"


@pytest.mark.parametrize("persona", VISITORS)
def test_post_to_a_page_of_the_admin(town, rows, persona):
    """Never a crash; where the page is not theirs, not a row changes."""
    wrong = {}
    for model, page, path, is_home in each_page(rows):
        answer = ask(town, persona, "post", path, everything(town, persona, path, {}) | {"post": "yes"})
        is_theirs = may_post(model, page, persona, is_home)
        if str(answer.status).startswith("500") or (not is_theirs and (answer.wrote or answer.status == 200)):
            wrong[path] = f"{answer.status} {sorted(answer.wrote)}"
    assert wrong == {}


def may_post(model: str, page: str, persona: str, is_home: bool) -> bool:
    kinds = {"add/": "add", "<path:object_id>/change/": "change", "<path:object_id>/delete/": "delete"}
    if page in ("", "export/"):
        return may(model, "see", persona)
    if page == "<path:object_id>/history/":
        return may(model, "find", persona, is_home)
    return may(model, kinds.get(page, "change" if page.startswith("act/") else "nothing"), persona, is_home)


OWNED = ["accounts.user", "accounts.office", "artisans.artisan", "renovation.deadlinerule", "regions.regionedit"]


@pytest.mark.parametrize("model", OWNED)
@pytest.mark.parametrize("persona", ["county", "security", "system", "auditor", "village"])
def test_row_of_the_neighbour_answers_as_if_it_did_not_exist(town, rows, model, persona):
    shown = []
    for page in ("change", "history", "delete"):
        path = f"/admin/{model.replace('.', '/')}/{{}}/{page}/"
        theirs = ask(town, persona, "get", path.format(rows[model][1].pk))
        nothing = ask(town, persona, "get", path.format(987654321))
        shown += [word for word in town.canaries["next door"] if word in theirs.text]
        assert theirs.status == nothing.status
    assert shown == []


@pytest.mark.parametrize("persona", ["county", "security", "system", "auditor", "village", "township"])
def test_lists_and_autocomplete_name_nobody_next_door(town, rows, persona):
    assert list(faults_of_lists(town, persona)) == []


# The model whose rows a box offers, and the form in which the box stands.
BOXES = (
    ("accounts.office", "accounts", "user", "office"),
    ("regions.region", "artisans", "artisan", "region"),
    ("regions.region", "accounts", "office", "region"),
)


def faults_of_lists(town, persona: str, models=DOORS):
    """Lists and boxes of these models in which this person reads something of next door."""
    for (model, page), pattern in pages().items():
        if page == "" and model in models and model not in EVERYBODYS:
            text = ask(town, persona, "get", pattern).text
            if words := [word for word in town.canaries["next door"] if word in text]:
                yield f"{persona} {pattern}: {words}"
    for model, app, name, field in BOXES:
        if model not in models:
            continue
        query = {"app_label": app, "model_name": name, "field_name": field, "term": "白沙"}
        answer = ask(town, persona, "get", "/admin/autocomplete/", query)
        if "u767d" in answer.body or "白沙" in answer.body:
            yield f"{persona} autocomplete {model}: {answer.body[:200]}"
