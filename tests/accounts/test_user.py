import pytest
from django.db import IntegrityError, transaction

from accounts.choices import ADMIN_DUTIES, Duty, Level, Status
from accounts.models import Office, User
from accounts.permissions import Can
from regions.scope import Scope
from tests.factories.accounts import make_administrator, make_office, make_phone_account, make_user


def test_scope_is_the_subtree_of_the_office(county):
    user = make_user(region=county)
    assert user.scope == Scope(kind="region", low="990101000000", high="990101999999", owner=user.uid)


@pytest.mark.parametrize("fields", [{"status": Status.CANCELLED}, {"must_change_password": True}])
def test_scope_is_nothing_while_cancelled_or_unfinished(county, fields):
    user = make_user(region=county, **fields)
    assert user.scope.kind == "none"
    assert not user.can(Can.READ_RECORDS)


def test_scope_of_a_phone_is_what_it_acts_for(db):
    user = make_phone_account()
    assert (user.scope.kind, user.acting_uid) == ("none", None)
    user.act_as(Scope(kind="owner", owner=user.uid, person_id=3))
    assert (user.scope.owner, user.acting_uid) == (user.uid, user.uid)


def test_phone_is_sealed_and_found_by_its_index(county):
    user = make_user(region=county, phone="15400001234")
    raw = User.objects.filter(pk=user.pk).values_list("phone", flat=True).get()
    assert b"15400001234" not in bytes(raw)
    assert User.objects.get(phone_index=user.phone_index).phone == "15400001234"


@pytest.mark.parametrize("duty", ADMIN_DUTIES)
@pytest.mark.parametrize("other", [Duty.ENTRY, *ADMIN_DUTIES])
def test_database_refuses_an_administrator_with_a_second_duty(county, duty, other):
    if other == duty:
        make_administrator(duty, region=county)
        return
    with pytest.raises(IntegrityError), transaction.atomic():
        make_user(region=county, duties=[duty, other])


def test_database_refuses_a_level_that_is_not_the_offices(county):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_user(office=make_office(county), level=Level.CITY)


def test_database_refuses_to_change_the_level_of_an_office_with_accounts(county):
    user = make_user(region=county)
    with pytest.raises(IntegrityError), transaction.atomic():
        Office.objects.filter(pk=user.office_id).update(level=Level.CITY)


def test_database_refuses_staff_without_an_office(db):
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(username="nowhere", level=Level.COUNTY, phone="15400000001")


def test_database_refuses_a_second_account_for_a_villagers_phone(db):
    make_phone_account("15400000077")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_phone_account("15400000077")


def test_officer_and_villager_may_share_a_phone(county):
    make_phone_account("15400000078")
    assert make_user(region=county, phone="15400000078").pk


def test_accounts_below_me(tree, county, township, village):
    below = {level: make_user(region=region) for level, region in (("township", township), ("village", village))}
    elsewhere = make_user(region=tree["990102100000"])
    colleague, officer = make_user(region=county), make_user(region=county)
    seen = set(User.objects.visible_to(officer))
    assert seen == set(below.values())
    assert not {elsewhere, colleague} & seen
    assert set(User.objects.visible_to(below["township"])) == {below["village"]}
    assert not User.objects.visible_to(below["village"])


def test_a_city_looks_after_its_counties_only(tree, county, township):
    officer = make_user(region=tree["990100000000"])
    mine = make_user(region=county)
    make_user(region=township)
    assert list(User.objects.visible_to(officer)) == [mine]
