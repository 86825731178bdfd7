"""A dump of the database holds no readable ID, phone or birth date (P-02, decision 15)."""

import pytest
from django.apps import apps
from django.db import connection

from renovation.choices import CaseState
from tests.factories.renovation import make_case, make_world

pytestmark = pytest.mark.django_db


def dump() -> str:
    """Every cell of every table as text, as a database dump would show it."""
    texts = []
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            cursor.execute(f'SELECT t::text FROM "{model._meta.db_table}" t')
            texts += [row[0] for row in cursor.fetchall()]
    return "\n".join(texts)


def test_the_dump_holds_no_readable_id_or_phone():
    case = make_case(make_world(), CaseState.PENDING_REVIEW)
    text = dump()
    assert case.applicant_name in text  # the dump is a real one: names stay searchable
    number = case.applicant_id_number
    assert number not in text
    assert number.encode().hex() not in text
    assert case.applicant_phone not in text
    birth = case.person.birth_date
    assert birth
    assert birth not in text
