"""A-11: the address of a public notice cannot be guessed, and a wrong one says nothing."""

from secrets import token_urlsafe

import pytest
from django.test import Client

from renovation.models import Publicity
from renovation.models.publicity import new_token
from tests.scale import some

pytestmark = pytest.mark.django_db
TRIES = some(300, 10_000)


@pytest.fixture
def token(town) -> str:
    return Publicity.objects.filter(state="open").first().token


def near(token: str) -> list[str]:
    """What somebody tries who has seen the address, or half of it."""
    turned = [token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :] for at in range(len(token))]
    cut = [token[:at] for at in range(1, len(token))]
    wild = ["%", "%25", "_" * len(token), f"{token}%20", f"{token}x", token.swapcase(), token[::-1]]
    wild += ["null", "0", "' OR 1=1"]
    return [one for one in turned + cut + wild if one != token]


def test_random_addresses_hit_nothing(town, token, tried):
    client = Client()
    assert client.get(f"/notices/{token}/").status_code == 200
    answers = {client.get(f"/notices/{token_urlsafe(12)}/").content for _ in range(TRIES)}
    # One and the same page for all of them: nothing to learn from a miss.
    assert len(answers) == 1
    assert "没有找到这个页面" in answers.pop().decode()
    tried("A-11", TRIES, "random addresses of notices", "test_control_the_right_address_opens")


def test_addresses_close_to_the_right_one_hit_nothing(town, token, tried):
    tries = near(token)
    assert {Client().get(f"/notices/{one}/").status_code for one in tries} == {404}
    tried("A-11", len(tries), "addresses close to a notice's own", "test_control_the_right_address_opens")


def repeated(make) -> int:
    """How many of ten thousand addresses were there before."""
    return 10_000 - len({make() for _ in range(10_000)})


def test_addresses_have_96_bits_and_never_repeat(tried):
    assert repeated(new_token) == 0
    assert {len(new_token()) for _ in range(100)} == {16}
    tried("A-11", 10_000, "addresses made, all different", "test_control_short_addresses_repeat")


def test_control_short_addresses_repeat():
    assert repeated(lambda: token_urlsafe(3)) > 0


def test_control_the_right_address_opens(town, token):
    assert Client().get(f"/notices/{token}/").status_code == 200
