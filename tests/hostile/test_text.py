"""B-T: hostile texts in every text field of every form. A Chinese sentence or a safe acceptance, never stored raw."""

import re
import sys
import unicodedata

import pytest
from django.template import engines

from common.text import clean_text
from tests.hostile.inventory import NAMES, admin_forms, filled, form_classes, make, text_fields, unbound
from tests.hostile.strings import HOSTILE, HTML, SAMPLE
from tests.scale import some

pytestmark = pytest.mark.django_db
HAN = re.compile("[一-鿿]")
STRINGS = some(SAMPLE, HOSTILE)


def harm(text: str, most: int | None = None) -> str:
    """What would hurt whoever reads the text later: '' if nothing does. Judged by Unicode itself, not by our lists."""
    if "\x00" in text or any(unicodedata.category(one) in ("Cs", "Cf") for one in text):
        return "unreadable or invisible"
    if any(unicodedata.category(one) == "Cc" and one not in "\n\t" for one in text):
        return "controls"
    if re.search("[\u0300-\u036f\u0489\u20dd]{3}", unicodedata.normalize("NFC", text)):
        return "storm"
    if text != unicodedata.normalize("NFC", text) or text != text.strip():
        return "two ways to write it"
    return "too long" if most is not None and len(text) > most else ""


def faults(form) -> list[str]:
    """Messages that are no Chinese sentence, or that repeat what nobody should read."""
    said = [str(text) for texts in form.errors.values() for text in texts]
    return [text for text in said if not HAN.search(text) or harm(text.strip())]


def test_there_are_at_least_120_texts_and_every_form_is_tried():
    assert len(set(HOSTILE)) == len(HOSTILE) >= 120
    assert len(form_classes()) >= 35
    assert len(admin_forms()) >= 8


def kept_raw(desk, name: str, strings) -> dict[str, list[str]]:
    """Texts that the form keeps as nobody should read them, or answers without a Chinese sentence."""
    asked = unbound(name, desk)
    fields, wrong = text_fields(asked), {}
    for turn, text in enumerate(strings if fields else ()):
        form = make(name, filled(asked, text, turn), desk)
        form.is_valid()
        kept = {one: form.cleaned_data.get(one) for one in fields if one not in form.errors}
        found = {one: harm(value, asked.fields[one].max_length) for one, value in kept.items() if value}
        found = [f"{one}: {why}" for one, why in found.items() if why] + faults(form)
        wrong |= {text[:20]: found} if found else {}
    return wrong


@pytest.mark.parametrize("name", NAMES)
def test_hostile_text_is_refused_in_chinese_or_kept_clean(desk, name, tried):
    assert kept_raw(desk, name, STRINGS) == {}
    tried(
        "B-T",
        len(STRINGS) * len(text_fields(unbound(name, desk))),
        "hostile texts in every text field of every form",
        "test_control_without_cleaning_the_forms_keep_it_raw",
    )


# Digits, choices, dates and names of people: what is judged sign by sign has nothing to keep raw without the cleaning.
NO_WORDS = {
    "CodeForm", "DayForm", "PhoneForm", "StaffLoginForm", "ApplicantForm", "HouseRegionForm", "PartsForm",
    "ConsentForm", "NewPinForm", "PinForm", "StatisticsForm", "MetForm", "NewPasswordForm", "_Question",
    "ApplicantForOtherForm", "AgentForm", "AgainForm", "RelativeForm", "TailForm", "MemberForm", "Region",
    "DeadlineRule", "LadderRung",
}  # fmt: skip
# Nothing to type, or never shown again.
NO_BOXES = {"HouseRegionForm", "DayForm", "PartsForm", "ConsentForm", "MetForm", "NewPasswordForm", "DeadlineRule"}
NO_BOXES |= {"AgainForm"}


def without_cleaning(monkeypatch) -> None:
    """Every module takes a text as it came; Django's own look for NUL stays."""
    for module in list(sys.modules.values()):
        if getattr(module, "clean_text", None) is clean_text:
            monkeypatch.setattr(module, "clean_text", lambda text: text)


@pytest.mark.parametrize("name", [name for name in NAMES if name.split(".")[-1] not in NO_WORDS])
def test_control_without_cleaning_the_forms_keep_it_raw(desk, name, monkeypatch):
    without_cleaning(monkeypatch)
    assert kept_raw(desk, name, ("张\u202e三", "张\u200b三", "墙\x1b[31m", "墙\u200b面"))


RUNS = re.compile(r"<(script|img|svg|iframe)[\s/>][^>]*(alert|onerror|onload)|alert\(1\)</script|<script>alert")


def shown_raw(desk, name: str, payloads) -> list[str]:
    """Payloads that the form, drawn again after an error, hands to the browser to run."""
    asked, found = unbound(name, desk), []
    for turn, text in enumerate(payloads):
        form = make(name, filled(asked, text, turn), desk)
        form.is_valid()
        if RUNS.search(str(form)):
            found.append(text)
    return found


@pytest.mark.parametrize("name", NAMES)
def test_markup_comes_back_as_text(desk, name, tried):
    """The page after an error shows what was typed, and nothing of it runs."""
    payloads = some(HTML[1:3], HTML)
    assert shown_raw(desk, name, payloads) == []
    tried("B-T", len(payloads), "pages that show hostile markup again", "test_control_without_escaping_it_runs")


@pytest.mark.parametrize("name", [name for name in NAMES if name.split(".")[-1] not in NO_BOXES])
def test_control_without_escaping_it_runs(desk, name, monkeypatch):
    """The twin: the same pages with autoescape off."""
    monkeypatch.setattr(engines["django"].engine, "autoescape", False)
    assert shown_raw(desk, name, HTML[1:3])
