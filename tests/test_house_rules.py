"""The rules of the house that a reader could break without noticing. Each failure names file and line."""

import ast
import re

import pytest
from stdnum.cn import ric

from tests.house import sources

# Rows that belong to no region and to nobody, or that the person is not known for yet. One reason each.
UNSCOPED = {
    "Region": "names of places are public",
    "OptionItem": "lists of words are public",
    "CalendarDay": "holidays are public",
    "SmsCode": "looked up by the secret of this very session, before anybody is logged in",
    "SmsMessage": "the development page of texts that were never sent",
    "User": "a user name that is taken is taken wherever its owner sits",
}
# Ways from a request to rows. Anything else after `.objects` is a way around the scope.
SCOPING = {"visible_to", "managed_by"}
LONGEST = {".py": 300, ".html": 150, ".js": 300, ".css": 400}
NUMBERS_ARE_HASHES = {"requirements.lock", "requirements-dev.lock"}
ID_NUMBER = re.compile(r"(?<![0-9A-Za-z])\d{17}[\dXx](?![0-9A-Za-z])")
PHONE = re.compile(r"(?<![0-9A-Za-z.])1[3-9]\d{9}(?![0-9A-Za-z])")
MAIL = re.compile(r"[\w.+-]+@((?:[a-z0-9-]+\.)+[a-z]{2,})\b", re.IGNORECASE)
MACHINE_CLOCK = {
    "common/clock.py": "the house clock itself",
    "households/actions/sweeping.py": "files are dated by the machine, and the slower of both clocks decides",
    "renovation/actions/retention.py": "what a clock that jumped ahead empties, nobody brings back",
}
OWN_CLOCK = {
    ("datetime", "now"),
    ("datetime", "today"),
    ("date", "today"),
    ("timezone", "now"),
    ("timezone", "localdate"),
}


def attribute_after(tree: ast.AST) -> dict[ast.AST, str]:
    """For each expression that something is read from: what is read."""
    return {node.value: node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


def calls(tree: ast.AST):
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def name_of(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def unscoped_managers(tree: ast.Module) -> list[str]:
    after, found = attribute_after(tree), []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute) or node.attr not in ("objects", "_default_manager", "_base_manager"):
            continue
        model = name_of(node.value)
        if after.get(node) not in SCOPING and model not in UNSCOPED:
            found.append(f"line {node.lineno}: {model}.{node.attr}.{after.get(node, '')}")
    for call in calls(tree):
        bare = call.args and isinstance(call.args[0], ast.Name) and call.args[0].id[:1].isupper()
        if name_of(call.func) in ("get_object_or_404", "get_list_or_404") and bare and call.args[0].id not in UNSCOPED:
            found.append(f"line {call.lineno}: {name_of(call.func)}({call.args[0].id}, …)")
    return found


def test_only_visible_to_follows_a_manager_where_requests_are_answered():
    answering = sources.of_kind("views", "forms", "resources", "statistics")
    assert answering
    assert {name: found for name, tree in answering.items() if (found := unscoped_managers(tree))} == {}


@pytest.mark.parametrize(
    "code",
    [
        "Case.objects.all()",
        "Case.objects.filter(pk=1).visible_to(user)",
        "get_object_or_404(Case, pk=1)",
        "models.Case._default_manager.get(pk=1)",
    ],
)
def test_rule_about_managers_sees_each_way_around_it(code):
    assert unscoped_managers(ast.parse(code))


def longest(name: str) -> int:
    kind = name[name.rfind(".") :]
    # A test file may be a long list of cases.
    return 400 if name.startswith("tests/") and kind == ".py" else LONGEST.get(kind, 10**6)


def test_files_stay_short_enough_to_read():
    lengths = {
        name: text.count("\n")
        for name, text in sources.texts().items()
        if "/migrations/" not in name and text.count("\n") > longest(name)
    }
    assert lengths == {}


def test_no_drawer_for_odds_and_ends():
    drawers = {"utils", "helpers", "misc", "util", "helper"}
    assert [name for name in sources.texts() if drawers & set(re.split(r"[/.]", name))] == []


def test_every_id_number_is_an_invented_one():
    real = {
        (name, number)
        for name, text in sources.texts().items()
        for number in ID_NUMBER.findall(text)
        if number[:2] != "99"
        and ric.calc_check_digit(number.upper()) == number[17].upper()
        and re.match(r"[1-8]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])", number)
    }
    assert real == set()


def test_every_phone_number_is_an_invented_one():
    real = {
        (name, number)
        for name, text in sources.texts().items()
        if name not in NUMBERS_ARE_HASHES
        for number in PHONE.findall(text)
        if not number.startswith("154")
    }
    assert real == set()


def test_every_mail_address_leads_to_example():
    real = {
        (name, host)
        for name, text in sources.texts().items()
        for host in MAIL.findall(text)
        if host.split(".")[-2] != "example" and host.split(".")[-1] != "example"
    }
    assert real == set()


def test_nothing_waits_in_the_broker():
    # Decision 13: deadlines are rows; a message with a date is lost with Redis and doubled by its time-out.
    waiting = [
        f"{name}:{call.lineno}"
        for name, tree in sources.trees().items()
        for call in calls(tree)
        for keyword in call.keywords
        if keyword.arg in ("eta", "countdown")
    ]
    assert waiting == []


def test_only_the_outbox_and_tasks_hand_out_tasks():
    allowed = re.compile(r"^(config/|accounts/actions/outbox|\w+/tasks)")
    found = [
        f"{name}:{call.lineno}"
        for name, tree in sources.trees().items()
        if not allowed.match(name)
        for call in calls(tree)
        if name_of(call.func) in ("delay", "apply_async", "send_task")
    ]
    assert found == []


def test_time_is_read_from_the_house_clock():
    found = [
        f"{name}:{call.lineno}"
        for name, tree in sources.trees().items()
        if name not in MACHINE_CLOCK
        for call in calls(tree)
        if isinstance(call.func, ast.Attribute) and (name_of(call.func.value), call.func.attr) in OWN_CLOCK
    ]
    assert found == []


def test_models_and_public_functions_say_what_they_are():
    silent = [
        f"{name}:{node.lineno} {node.name}"
        for name, tree in sources.of_kind("actions", "queries", "guards").items()
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and not ast.get_docstring(node)
    ]
    from django.apps import apps

    ours = [model for model in apps.get_models() if model.__module__.split(".")[0] in sources.APPS]
    silent += [model.__name__ for model in ours if not model.__doc__ or model.__doc__.startswith(f"{model.__name__}(")]
    assert silent == []


FORBIDDEN_IN_TEMPLATES = {
    "text that is not escaped": re.compile(r"\|\s*safe\b|autoescape off"),
    "a style the content policy refuses": re.compile(r"<style\b|\sstyle="),
    "a script the content policy refuses": re.compile(r"<script(?![^>]*\b(?:src=|type=\"application/json\"))|\son\w+="),
}


@pytest.mark.parametrize("what", FORBIDDEN_IN_TEMPLATES)
def test_templates_hold_nothing_the_browser_must_not_run(what):
    found = [
        f"{name}: {hit.group()}"
        for name, text in sources.templates().items()
        for hit in FORBIDDEN_IN_TEMPLATES[what].finditer(text)
    ]
    assert found == []
