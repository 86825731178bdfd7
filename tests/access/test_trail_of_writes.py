"""T-08: every address of the sweep at which a write succeeds leaves a row in the audit trail.

What is posted is the sweep's own body first; where a form wants more, what SAID adds to the hidden fields of its page.
"""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from common.clock import today
from renovation.choices import TerminationReason
from tests.access.asking import ask, everything, made
from tests.access.table import TABLE, filled
from tests.factories.people import make_id_number, photo_bytes
from tests.renovation.pages import HIDDEN
from tests.scale import some

pytestmark = pytest.mark.django_db
TRAIL = "accounts_auditentry"
# Writes without a row of their own, each with its reason.
SILENT = {
    "staff/messages/": "the own messages are marked as read",
    "staff/messages/<int:pk>/": "the own message is marked as read",
    "messages/": "the own messages are marked as read",
    "messages/<int:pk>/": "the own message is marked as read",
    "apply/<uuid:uid>/members/": "only the page one was on is noted in the draft",
    "apply/<uuid:uid>/photos/": "only the page one was on is noted in the draft",
}
# Writes that need a state or a page before them which the town does not have; where their row is asked for instead.
ELSEWHERE = {
    "login/": "writes traces of a login only; tests/accounts/test_phone_login.py",
    "staff/login/": "tests/accounts/test_login.py asks for the row of a login",
    "staff/first-login/": "tests/accounts/test_first_login.py",
    "staff/account/password/": "tests/accounts/test_passwords.py",
    "admin/login/": "the page of staff/login/",
    "admin/password_change/": "the page of staff/account/password/",
    "admin/": "tests/access/test_admin_pages.py asks for the row of every admin write",
    "people/": "which person the session speaks for, nothing else",
    "people/<uuid:uid>/pin/": "opens a person in the session, nothing else",
    "display/": "a cookie, nothing else",
    "apply/<uuid:uid>/check/": "case.submit, tests/applicants/test_filing.py; this villager has an open case",
    "cases/<uuid:uid>/rate/": "tests/applicants/test_rating.py; the case is not finished",
    "cases/<uuid:uid>/second-look/": "tests/applicants/test_second_look.py; the review has not failed",
    "cases/<uuid:uid>/photos/": "without a script, the write of photos/add/",
    "staff/cases/<uuid:uid>/behalf/": "tests/applicants/test_behalf.py; this one is disowned already",
    "idcard/": "tests/applicants/test_idcard.py; in the town nobody is there to read it",
    "idcard/<uuid:uid>/": "shows what was read once, writes nothing of its own",
    "stay/": "the own session goes on, nothing else",
    "agent/<uuid:uid>/withdraw/": "case.withdraw as at cases/…/withdraw/; the draft is not filed",
}
WHO = some(
    ("villager", "village", "township", "county"), ("phone", "villager", "newcomer", "village", "township", "county")
)
ACCEPTED = {200, 302, 422}


def photo(town) -> dict:
    return {"file": SimpleUploadedFile("p.jpg", photo_bytes(77), "image/jpeg"), "client_id": uuid4()}


def member(town) -> dict:
    return {"name": "李小花", "id_number": make_id_number("19900303"), "relation": "10", "consent": "on"}


# address → (who, what is typed); a form of two pages is confirmed on the second.
SAID = {
    "people/new/": ("villager", lambda town: member(town) | {"home_region": town.village().pk, "home_address": "3组"}),
    "me/pin/": ("villager", lambda town: {"pin": "2580", "repeated": "2580"}),
    "apply/<uuid:uid>/members/new/": ("villager", member),
    "apply/<uuid:uid>/members/<uuid:member>/": ("villager", member),
    "apply/<uuid:uid>/photos/add/": ("villager", photo),
    "apply/<uuid:uid>/<slug:slug>/": ("villager", lambda town: {"risk_parts": ["roof"]}),
    "cases/<uuid:uid>/photos/add/": ("villager", photo),
    "agent/new/": ("village", lambda town: {"agent_name": "赵石", "agent_phone": "15400000009", "authorised": "on"}),
    "staff/cases/<uuid:uid>/move/<slug:name>/": (
        "county", lambda town: {"reason": TerminationReason.values[0], "opinion": "申请人书面放弃", "confirmed": "1"},
    ),
    "staff/cases/<uuid:uid>/files/<slug:slot>/": ("county", photo),
    "staff/cases/<uuid:uid>/notice/": (
        "township", lambda town: {"is_anonymous": "true", "content": "房子不在名单上", "confirmed": "1"},
    ),
    "staff/cases/<uuid:uid>/notice/photos/": ("village", photo),
    "staff/cases/<uuid:uid>/notice/objections/<uuid:objection>/": (
        "township", lambda town: {"answer": "已经核实，情况不属实", "confirmed": "1"},
    ),
    "staff/cases/<uuid:uid>/behalf/settle/": ("county", lambda town: {"words": "已上门向本人核实，本人同意"}),
    "staff/cases/<uuid:uid>/photos/": ("county", lambda town: {"words": "请再拍一张正面照片"}),
    "staff/cases/<uuid:uid>/payments/": (
        "county", lambda town: {"paid_on": today().isoformat(), "amount": "100", "payee": "张石山", "confirmed": "1"},
    ),
    "staff/cases/<uuid:uid>/payments/<uuid:payment>/remove/": ("county", lambda town: {"reason": "录入错误"}),
}  # fmt: skip


@pytest.fixture(scope="module")
def town(town):
    made.cache_clear()
    made()
    return town


def takes_posts(row: dict) -> bool:
    """Whether somebody's post is an answer and not a refusal there."""
    answers = [row.get("own_post"), row.get("post")] if row.get("view") != "development" else []
    told = [code for one in answers if one for code in (one.values() if isinstance(one, dict) else [one])]
    if isinstance(row.get("post"), dict) and "own_post" not in row and row.get("object", "none") != "none":
        return False
    return any(code in ACCEPTED for code in told)


def writes(town, addresses) -> dict[tuple[str, str], frozenset]:
    """(address, persona) → the tables that a POST by whoever may do it there has changed."""
    found = {}
    for address in addresses:
        row = TABLE[address]
        values = town.values["home"].get(row.get("object", ""), {}) | {"<slug:name>": "terminate"}
        path = row.get("address") or filled(address, values)
        for persona in WHO:
            answer = ask(town, persona, "post", path, everything(town, persona, path, values))
            found |= {(address, persona): answer.wrote} if answer.wrote else {}
        if address in SAID:
            persona, said = SAID[address]
            hidden = dict(HIDDEN.findall(ask(town, persona, "get", path).body))
            answer = ask(town, persona, "post", path, hidden | said(town))
            found |= {(address, persona): answer.wrote} if answer.wrote else {}
    return found


def untold(found: dict) -> set[str]:
    """Addresses at which something was written and nothing was said in the trail."""
    return {address for (address, _), tables in found.items() if TRAIL not in tables} - set(SILENT)


def test_every_write_of_the_sweep_is_in_the_trail(town, tried):
    addresses = [address for address, row in TABLE.items() if takes_posts(row)]
    found = writes(town, addresses)
    assert untold(found) == set()
    reached = {address for address, _ in found}
    assert set(addresses) - reached == set(ELSEWHERE), "addresses at which nothing was written, and nobody says why"
    assert set(SAID) | set(SILENT) <= reached, "a write that no longer succeeds proves nothing"
    tried("T-08", len(found), "writes that succeeded, each looked up in the trail", "test_twin_that_forgets_to_record")


def test_twin_that_forgets_to_record(town, monkeypatch):
    """With the recording of one action left out, its address is named."""
    monkeypatch.setattr("renovation.actions.drafts.audit.record", lambda **_: None)
    forgotten = "apply/<uuid:uid>/members/new/"
    assert untold(writes(town, [forgotten])) == {forgotten}
