"""A-08: whoever types somebody's ID number learns nothing and moves nothing (decisions 11, 17 and 25).

The old system showed the holder's name and moved the household. The roster with its limit of probes a day is not
built yet; what takes an ID number today are the person of a phone and the member of an application.
"""

import re

import pytest

from accounts.models import User
from common.crypto import blind_index
from households.actions.claims import confirm_claim
from households.models import Claim, Household, Person
from tests.access.asking import ask
from tests.access.table import filled
from tests.factories.people import make_id_number
from tests.scale import some

pytestmark = pytest.mark.django_db
PROBES = some(20, 200)


def answer_to(town, form: str, number: str):
    """Status, target and text of the answer to this number, with everything typed taken out of it."""
    address, body = {
        "person": ("/people/new/", {"home_region": town.village().pk, "home_address": "3组"}),
        "member": (
            filled("apply/<uuid:uid>/members/new/", town.values["home"]["draft"]), {"relation": "10"},
        ),
    }[form]  # fmt: skip
    answer = ask(town, "villager", "post", address, body | {"name": "李小花", "id_number": number, "consent": "on"})
    text = re.sub(r"value=\"[^\"]*\"|csrf\S+|\d{6,}", "", answer.body.replace(number, ""))
    return answer.status, re.sub(r"[0-9a-f-]{36}", "", answer.headers.get("Location", "")), text, answer.wrote


@pytest.mark.parametrize("form", ["person", "member"])
def test_a_known_number_answers_like_an_unknown_one(town, form, tried):
    holder = confirm_claim(claim=town.claims["other"], by=town.users["village"])
    before = (Person.objects.count(), Household.objects.count(), Claim.objects.get(pk=holder.pk).state)
    unknown = answer_to(town, form, make_id_number("19770707"))
    assert unknown[0] == 302
    for _ in range(PROBES):
        known = answer_to(town, form, holder.id_number)
        assert known[:3] == unknown[:3]
        assert holder.name not in known[2]
    assert (Person.objects.count(), Household.objects.count(), Claim.objects.get(pk=holder.pk).state) == before
    tried("A-08", PROBES, f"probes with a known ID number ({form})", "test_twin_that_names_the_holder")


def test_twin_that_names_the_holder(town, monkeypatch):
    """A form that refuses a known number differs from one that takes an unknown one: the comparison sees it."""
    from common.errors import Refusal

    def telling(**said):
        index = blind_index("id_number", said["id_number"])
        if holder := Claim.objects.filter(id_index=index).exclude(account=town.users["villager"]).first():
            raise Refusal(f"已登记在{holder.name}名下")
        return Claim.objects.filter(account=User.objects.get(pk=town.users["villager"].pk)).first()

    monkeypatch.setattr("applicants.views.people.claims.claim_identity", telling)
    known = answer_to(town, "person", town.claims["other"].id_number)
    assert known[:3] != answer_to(town, "person", make_id_number("19770707"))[:3]
