"""A-04, A-05, B-H: parameters of the right shape with the wrong value, and of the wrong shape. Never a crash."""

import re

import pytest
from django.core.paginator import Paginator

from accounts import sessions
from accounts.models import User
from applicants.forms.answers import PageForm
from households.models import Attachment, Claim
from regions.forms import RegionField
from renovation.actions import drafts
from renovation.choices import Slot
from renovation.models import Case
from renovation.views import files
from tests.access.asking import ask, everything, made
from tests.access.people import NEXT_DOOR, VILLAGES
from tests.access.table import TABLE, filled
from tests.access.test_admin_doors import pages
from tests.scale import some

pytestmark = pytest.mark.django_db
KEYS = (
    "p", "n", "page", "q", "state", "kind", "name", "list", "tab", "next", "from", "elsewhere", "parent", "region", "o",
)  # fmt: skip
VALUES = some(
    ("9" * 26, "%00", "'{{7*7}}..%2F%E2%80%AE"),
    ("-1", "9" * 26, "1e9", "%00", "%ED%A0%80", "'{{7*7}}..%2F%E2%80%AE", "a" * 3000),
)
NUMBERS = some(
    ("-1", str(2**63), "abc", "%00"), ("-1", "0", str(2**31), str(2**63), str(10**30), "abc", "%00", "1%2F2", "_00")
)
CONTROL_PAGE = "test_twin_that_believes_the_number_of_a_page"
HAN = re.compile(r"[一-鿿]{4}")
ADMIN_LISTS = [address for (_, page), address in pages().items() if page == ""]
LISTS = [address for address in TABLE if address not in ("admin/", "staff/login/captcha.png")]


@pytest.mark.parametrize("persona", ["villager", "county", "system"])
@pytest.mark.parametrize("value", VALUES)
def test_nonsense_in_the_query(town, persona, value, tried):
    """Every page with every key at once set to nonsense: it is said in Chinese, or ignored."""
    asked, wrong = nonsense(town, persona, value)
    assert wrong == {}
    tried("A-04", asked, "addresses with nonsense in every key of the query", CONTROL_PAGE)


def nonsense(town, persona: str, value: str) -> tuple[int, dict]:
    """How many pages of this person were asked, and which answered wrongly."""
    query, wrong = "&".join(f"{key}={value}" for key in KEYS), {}
    is_villager = persona == "villager"
    addresses = [
        filled(address, town.values["home"].get(TABLE[address].get("object", ""), {}))
        for address in (LISTS if persona in ("villager", "county") else ())
        if not (is_villager and address.startswith("staff/"))
    ]
    for path in addresses + ([] if is_villager else ADMIN_LISTS):
        answer = ask(town, persona, "get", f"{path}?{query}")
        is_silent = answer.status in (400, 404) and "html" in answer.headers.get("Content-Type", "")
        # What PostgreSQL cannot take goes no further than the first middleware, whatever a view would make of it.
        is_let_in = value in ("%00", "%ED%A0%80") and answer.status != 400
        if str(answer.status).startswith("500") or is_let_in or (is_silent and not HAN.search(answer.body)):
            wrong[path] = answer.status
        if answer.headers.get("Location", "/").startswith(("//", "http")):
            wrong[path] = answer.headers["Location"]
    return len(addresses), wrong


def test_twin_that_believes_the_number_of_a_page(town, monkeypatch):
    monkeypatch.setattr(Paginator, "get_page", Paginator.page)
    _, wrong = nonsense(town, "county", "9" * 26)
    assert [path for path, status in wrong.items() if str(status).startswith("500")]


@pytest.mark.parametrize("number", NUMBERS)
def test_ids_that_cannot_be(town, number, tried):
    asked, wrong = impossible(town, number)
    assert wrong == {}
    tried("A-04", asked, "requests with an id that cannot be", "test_twin_that_lets_nul_pass")


def impossible(town, number: str) -> tuple[int, dict]:
    """How many requests with that id were made, and which were answered wrongly."""
    wrong, asked = {}, 0
    numbered = [one for one in TABLE if "<int:" in one or "<str:" in one]
    for address in numbered + [one[1:] for one in pages().values() if "<" in one]:
        path = "/" + re.sub(r"<(?:int|path|str):\w+>", number, address).replace("<slug:name>", "reset")
        path = filled(path[1:], town.values["home"]["officers_case"])
        for persona in ("county", "system", "villager"):
            for method in ("get", "post"):
                answer, asked = ask(town, persona, method, path), asked + 1
                if answer.status not in (302, 400, 403, 404, 405):
                    wrong[f"{persona} {method} {path}"] = answer.status
    return asked, wrong


def test_twin_that_lets_nul_pass(town, settings):
    """Without the first middleware PostgreSQL is asked for a NUL, which it cannot take."""
    settings.MIDDLEWARE = [one for one in settings.MIDDLEWARE if one != "common.middleware.RefuseUnreadable"]
    _, wrong = impossible(town, "%00")
    assert [path for path, status in wrong.items() if str(status).startswith("500 ValueError")]


OUT = ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)", "/\t/evil.example"]
SENT_ON = some(("anonymous", "villager", "county"), ("anonymous", "phone", "villager", "county", "newcomer"))
READ_NEXT = [
    "login/", "login/code/", "people/", "people/new/", "people/<uuid:uid>/pin/", "display/", "logout/",
    "staff/login/", "admin/login/", "staff/first-login/",
]  # fmt: skip
EVERYWHERE = [address for address in some(list(TABLE)[::4], TABLE) if address not in READ_NEXT]


@pytest.mark.parametrize("target", OUT)
def test_nobody_is_sent_to_another_site(town, target, tried):
    # One target at every address, in case somebody else begins to read `next`; the others where it is read today.
    asked, wrong = sent_on(town, target, [*READ_NEXT, *EVERYWHERE] if target == OUT[0] else READ_NEXT)
    assert wrong == {}
    tried("A-04", asked, "requests that name another site as the next page", "test_twin_that_goes_wherever_it_is_told")


def sent_on(town, target: str, addresses: list) -> tuple[int, dict]:
    """How many requests named that page as the next, and which were sent there."""
    wrong, asked = {}, 0
    for address in addresses:
        path = filled(address, town.values["home"].get(TABLE[address].get("object", ""), {}))
        for persona in SENT_ON:
            for method, data in (("get", {"next": target}), ("post", {"next": target, "person": "x", "phone": "x"})):
                answer, asked = ask(town, persona, method, path, data), asked + 1
                place = answer.headers.get("Location", "/")
                is_out = not place.startswith("/") or place.startswith(("//", "/\\", "/\t"))
                if is_out or str(answer.status).startswith("500"):
                    wrong[f"{persona} {method} {path}"] = f"{answer.status} {place}"
    return asked, wrong


# The other two lead nowhere even so: a header is written with their signs as numbers.
@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example/", "javascript:alert(1)"])
def test_twin_that_goes_wherever_it_is_told(town, monkeypatch, target):
    monkeypatch.setattr(sessions, "safe_next", lambda request, fallback="/": request.GET.get("next") or fallback)
    _, wrong = sent_on(town, target, ["login/", "staff/login/"])
    assert wrong


def test_message_that_points_elsewhere_leads_to_the_inbox(town):
    from accounts.models import Message

    pk = town.values["home"]["villagers_message"]["<int:pk>"]
    Message.objects.filter(pk=pk).update(link="//evil.example/")
    assert ask(town, "villager", "post", f"/messages/{pk}/").headers["Location"] == "/messages/"


REGIONS = {
    "county": "990101000000",
    "township": "990101100000",
    "next door": VILLAGES[NEXT_DOOR],
    "closed county": "999001100201",
    "nation": "000000000000",
}


WRONG_PLACES = ["county", "township", "closed county", "nation", "deleted", "overflow", "negative", "text"]


@pytest.mark.parametrize("where", WRONG_PLACES)
def test_house_in_a_place_that_is_none_of_the_villages(town, where, tried):
    """房屋所在地 of another level, of a county that takes no applications, or of no place at all."""
    answer, is_moved = post_region(town, where)
    assert answer.status_code in (200, 400, 422)
    assert HAN.search(answer.content.decode())
    assert not is_moved
    tried("A-04", 1, "regions of the wrong level, county or kind", "test_twin_that_takes_any_place_of_the_tree")


def post_region(town, where: str) -> tuple:
    """The answer to that place, and whether the draft's house stands somewhere else now."""
    values = town.values["home"]["draft"] | {"<slug:slug>": "region"}
    ids = {"deleted": "2000000000", "overflow": "9" * 25, "negative": "-1", "text": "abc\x00"}
    place = ids.get(where) or town.regions[REGIONS[where]].pk
    before = Case.objects.get(uid=values["<uuid:uid>"]).region_id
    client = town.client("villager")
    answer = client.post(filled("apply/<uuid:uid>/<slug:slug>/", values), {"region": place, "house_region": place})
    return answer, Case.objects.get(uid=values["<uuid:uid>"]).region_id != before


@pytest.mark.parametrize("where", ["township", "closed county"])
def test_twin_that_takes_any_place_of_the_tree(town, monkeypatch, where):
    monkeypatch.setattr(RegionField, "validate", lambda field, region: None)
    _, is_moved = post_region(town, where)
    assert is_moved


def test_person_of_another_phone_cannot_be_tapped(town):
    theirs = town.claims["other"]
    client = town.client("villager")
    client.post("/people/", {"person": theirs.uid})
    assert client.session["claim"] == town.claims["villager"].pk
    # A session that names somebody else's person all the same speaks for nobody.
    session = client.session
    session["claim"] = theirs.pk
    session.save()
    assert client.get("/cases/").status_code == 302


@pytest.mark.parametrize("place", ["lane", "next door"])
@pytest.mark.parametrize("kind", ["draft", "officers_paper"])
def test_file_of_another_case_under_ones_own_address(town, place, kind, tried):
    """The case is one's own, the file is not: it stays where it is."""
    answer = remove_of(town, place, kind)
    assert answer.status in (302, 404)
    assert "households_attachment" not in answer.wrote
    tried("A-04", 1, "files of another case under the own address", "test_twin_that_looks_for_the_file_alone")


def remove_of(town, place: str, kind: str):
    """The answer to whoever removes the file of that place from the case at home."""
    is_draft = kind == "draft"
    address = (
        "apply/<uuid:uid>/photos/<uuid:photo>/remove/"
        if is_draft
        else "staff/cases/<uuid:uid>/files/<slug:slot>/<uuid:file>/remove/"
    )
    key = "<uuid:photo>" if is_draft else "<uuid:file>"
    values = town.values["home"][kind] | {key: town.values[place][kind][key]}
    made.cache_clear()
    made()
    return ask(town, "villager" if is_draft else "county", "post", filled(address, values))


@pytest.mark.parametrize("kind", ["draft", "officers_paper"])
def test_twin_that_looks_for_the_file_alone(town, monkeypatch, kind):
    """Where the files of a slot are not those of one case, somebody else's is removed."""
    anywhere = Attachment.objects.filter
    monkeypatch.setattr(Case, "photos", lambda case: anywhere(slot=Slot.RISK))
    monkeypatch.setattr(files, "file_of", lambda case, slot, uid: anywhere(slot=slot, uid=uid).first())
    assert "households_attachment" in remove_of(town, "next door", kind).wrote


@pytest.mark.parametrize("slot", ["risk_photos", "x", "appraisal_files2", "owner_kind"])
def test_slot_that_the_step_does_not_ask_for(town, slot):
    values = town.values["home"]["officers_paper"] | {"<slug:slot>": slot}
    assert ask(town, "county", "post", filled("staff/cases/<uuid:uid>/files/<slug:slot>/", values)).status == 404


def test_member_of_another_application(town):
    for place in ("lane", "next door"):
        values = town.values["home"]["draft"] | {"<uuid:member>": town.values[place]["draft"]["<uuid:member>"]}
        for page in ("", "remove/"):
            answer = ask(town, "villager", "get", filled(f"apply/<uuid:uid>/members/<uuid:member>/{page}", values))
            assert answer.status == 404


def given(town) -> dict:
    """What no form of the table gives away: rights of accounts, whose and where a case is, who is confirmed."""
    users = User.objects.filter(pk__in=[user.pk for user in town.users.values()])
    rights = users.values_list("pk", "is_superuser", "level", "office_id", "duties", "status")
    cases = Case.objects.values_list("pk", "county_id", "region_id", "claim_id", "filed_by_id", "number")
    # The villager's village posts its own form here.
    claims = Claim.objects.exclude(pk=town.claims["villager"].pk).values_list("pk", "state")
    return {"rights": sorted(rights), "cases": sorted(cases, key=str), "claims": sorted(claims)}


def post_everything(town, persona: str, address: str) -> None:
    values = town.values["home"].get(TABLE[address].get("object", ""), {})
    path = filled(address, values)
    town.client(persona).post(path, everything(town, persona, path, values))


def test_fields_nobody_asked_for_change_nothing(town, tried):
    """state, region, claim, is_superuser … in the body of every page somebody may post to (A-05)."""
    before, count = given(town), 0
    # Who throws the draft away, or logs out, has no fields to add there.
    addresses = [address for address in TABLE if "logout" not in address and "delete" not in address]
    for persona in ("villager", "village", "county", "security"):
        for address in addresses:
            post_everything(town, persona, address)
            count += 1
        assert given(town) == before
    states = {kind: town.values["home"][kind]["<uuid:uid>"] for kind in ("villagers_case", "draft")}
    assert {kind: Case.objects.get(uid=uid).state for kind, uid in states.items()} == {
        "villagers_case": "withdrawn",
        "draft": "draft",
    }
    tried("A-05", count, "posts with fields nobody asked for", "test_twin_whose_form_takes_what_is_posted")


def test_twin_whose_form_takes_what_is_posted(town, monkeypatch):
    plain = PageForm.answers
    monkeypatch.setattr(drafts, "ANSWERS", drafts.ANSWERS | {"county_id"})
    monkeypatch.setattr(PageForm, "answers", lambda form: plain(form) | {"county_id": int(form.data["county_id"])})
    before = given(town)
    post_everything(town, "villager", "apply/<uuid:uid>/<slug:slug>/save/")
    assert given(town) != before


def test_account_form_of_the_admin_takes_its_own_fields_only(town):
    """A county manager posts level, is_superuser and an administrator's duty for an account of the village."""
    account = User.objects.get(pk=town.users["village"].pk)
    body = {
        "office": account.office_id, "display_name": "村站", "duties": ["entry"], "new_phone": "", "is_superuser": "on",
        "level": "ministry", "status": "cancelled", "username": "root", "password": "x", "must_change_password": "",
    }  # fmt: skip
    assert ask(town, "county", "post", f"/admin/accounts/user/{account.pk}/change/", body).status == 302
    town.client("county").post(f"/admin/accounts/user/{account.pk}/change/", body)
    changed = User.objects.get(pk=account.pk)
    assert (changed.display_name, changed.duties) == ("村站", ["entry"])
    kept = ("is_superuser", "level", "status", "username", "password")
    assert [getattr(changed, name) for name in kept] == [getattr(account, name) for name in kept]
    for wrong in ({"office": town.users["neighbour"].office_id}, {"duties": ["system_admin"]}, {"duties": ["no"]}):
        answer = ask(town, "county", "post", f"/admin/accounts/user/{account.pk}/change/", body | wrong)
        assert answer.status == 200
        assert "errornote" in answer.body
