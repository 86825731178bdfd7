"""大写 and totals while amounts are typed: the script says what the server says."""

import random
from decimal import Decimal

import pytest

from common.amounts import capital_amount
from tests.house import sources

SCRIPT = sources.PROJECT / "static/js/amounts.js"
FORM = """
<form id="f"><div data-field="a"><div class="field__control"><span><input name="a" data-amount></span></div></div>
<div data-field="b"><div class="field__control"><span><input name="b" data-amount></span></div></div>
<div data-sums hidden><output data-sum="a b"></output></div></form>
"""


@pytest.fixture
def page(open_page):
    page = open_page()
    page.set_content(FORM)
    page.evaluate(SCRIPT.read_text(encoding="utf-8"))
    return page


def test_words_of_500_amounts_are_those_of_the_server(page):
    rng = random.Random(42)  # noqa: S311
    cents = [rng.randrange(10 ** rng.randint(1, 12)) for _ in range(480)]
    cents += [0, 1, 10, 100, 101, 110, 1000, 100_000, 10_000_000, 10_000_001, 1_000_000_000, 1_000_010_010, 10**11, 5]
    said = page.evaluate("list => list.map(window.anjuCapital)", cents)
    assert said == [capital_amount(Decimal(one) / 100) for one in cents]


def test_amounts_are_added_and_get_their_thousands(page):
    page.fill("[name=a]", "12,000.5")
    page.fill("[name=b]", "0.1")
    assert page.inner_text("[data-sum]") == "12,000.60元（大写：壹万贰仟元零陆角整）"
    assert page.is_visible("[data-sums]")
    page.locator("[name=a]").blur()
    page.locator("[name=a]").focus()
    page.locator("[name=b]").focus()
    assert page.input_value("[name=a]") == "12,000.50"
    assert "大写：壹角整" in page.inner_text("#f")
    page.fill("[name=b]", "很多")
    assert page.inner_text("[data-sum]").startswith("12,000.50元")
