"""B-T: hostile texts in every text field of every form. A Chinese sentence or a safe acceptance, never stored raw."""

import re
import unicodedata

import pytest
from django import forms

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


@pytest.mark.parametrize("name", NAMES)
def test_hostile_text_is_refused_in_chinese_or_kept_clean(desk, name, tried):
    asked = unbound(name, desk)
    fields, wrong = text_fields(asked), {}
    for turn, text in enumerate(STRINGS if fields else ()):
        form = make(name, filled(asked, text, turn), desk)
        form.is_valid()
        kept = {one: form.cleaned_data.get(one) for one in fields if one not in form.errors}
        found = {one: harm(value, asked.fields[one].max_length) for one, value in kept.items() if value}
        found = [f"{one}: {why}" for one, why in found.items() if why] + faults(form)
        wrong |= {text[:20]: found} if found else {}
    assert wrong == {}
    tried("B-T", len(STRINGS) * len(fields), "hostile texts in every text field of every form")


@pytest.mark.parametrize("name", NAMES)
def test_markup_comes_back_as_text(desk, name, tried):
    """The page after an error shows what was typed, and nothing of it runs."""
    asked = unbound(name, desk)
    payloads = some(HTML[1:2], HTML)
    for turn, text in enumerate(payloads):
        form = make(name, filled(asked, text, turn), desk)
        form.is_valid()
        shown = str(form)
        assert not re.search(r"<(script|img|svg|iframe)[\s/>][^>]*(alert|onerror|onload)|alert\(1\)</script", shown)
        assert "<script>alert" not in shown
    tried("B-T", len(payloads), "pages that show hostile markup again")


def test_control_plain_text_box_keeps_what_the_eye_cannot_see():
    """The twin: Django's own text field, with which the proof above must fail."""

    class Plain(forms.Form):
        words = forms.CharField()

    form = Plain({"words": "张\u202e三"})
    assert form.is_valid()
    assert harm(form.cleaned_data["words"])
