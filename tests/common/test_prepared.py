"""Statements put together once: the same rows as the queryset they were made from, for every value."""

import uuid

import pytest
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.transaction import TransactionManagementError

from accounts.models import Office, User
from common.clock import now
from common.paging import first_of
from common.prepared import Prepared
from common.rows import update
from renovation.models import Case
from tests.factories.renovation import make_case, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world()


def test_each_call_finds_the_rows_of_its_own_values(world):
    asked = Prepared(lambda region_id, level: Office.objects.filter(region_id=region_id, level=level))
    for office in Office.objects.all():
        assert asked.rows(office.region_id, office.level) == [office]
    assert asked.one(world.county.pk, "nobody") is None


def test_related_rows_and_sealed_columns_come_along(world, django_assert_num_queries):
    case = make_case(world)
    said, places = (case.applicant_name, case.applicant_id_number), (case.claim, case.office.region)
    cases = Prepared(lambda pk: Case.objects.select_related("claim", "office__region").filter(pk=pk))
    assert cases.one(case.pk + 1) is None
    with django_assert_num_queries(1):
        found = cases.one(case.pk)
        assert (found.applicant_name, found.applicant_id_number) == said
        assert (found.claim, found.office.region) == places


def test_tuples_and_numbers(world):
    pairs = Prepared(lambda low: User.objects.filter(pk__gte=low).order_by("pk").values_list("pk", "level"))
    everybody = list(User.objects.order_by("pk").values_list("pk", "level"))
    assert pairs.rows(everybody[0][0]) == everybody
    assert (pairs.count(everybody[0][0]), pairs.count(everybody[-1][0])) == (len(everybody), 1)
    few = Prepared(lambda low: first_of(User.objects.filter(pk__gte=low).values_list("pk")))
    assert few.count(everybody[0][0]) == len(everybody)


def test_texts_moments_and_uuids_may_be_asked_for(world):
    sessions = Prepared(lambda key, at: Session.objects.filter(session_key=key, expire_date__gt=at))
    Session.objects.create(session_key="a" * 32, session_data="", expire_date=now())
    assert sessions.one("a" * 32, now().replace(year=2000)).session_key == "a" * 32
    assert sessions.one("a" * 32, now().replace(year=2100)) is None
    by_uid = Prepared(lambda uid: User.objects.filter(uid=uid))
    assert by_uid.one(uuid.uuid4()) is None
    assert by_uid.one(world.officer.uid) == world.officer


def test_a_value_that_does_not_arrive_is_an_error():
    # The statement would ask for the placeholder, for ever.
    with pytest.raises(ValueError, match="does not arrive"):
        Prepared(lambda pk: User.objects.filter(pk=pk + 1)).rows(7)
    with pytest.raises(ValueError, match="does not arrive"):
        Prepared(lambda pk: User.objects.all()).rows(7)


@pytest.mark.django_db(transaction=True)
def test_a_lock_needs_a_transaction():
    asked = Prepared(lambda pk: User.objects.select_for_update().filter(pk=pk))
    with transaction.atomic():
        assert asked.rows(1) == []
    with pytest.raises(TransactionManagementError):
        asked.rows(1)


def test_update_writes_the_named_fields_alone(world):
    office, other = Office.objects.order_by("pk")[:2]
    phone, name = office.phone, other.name
    office.name, office.phone = "丙", "0870-1234567"
    update(office, ["name"])
    office.refresh_from_db()
    assert (office.name, office.phone) == ("丙", phone)
    assert Office.objects.get(pk=other.pk).name == name
