import pytest

from accounts.actions.messages import send, send_to_office, send_to_offices
from accounts.choices import ADMIN_DUTIES, Duty, Status
from accounts.models import Message
from accounts.queries import inbox, unread_count
from regions.scope import Scope
from tests.factories.accounts import make_office, make_phone_account, make_user


@pytest.fixture
def officer(county):
    return make_user(region=county)


def test_every_active_account_of_the_unit_gets_it(county, officer):
    colleague = make_user(region=county)
    make_user(region=county, status=Status.CANCELLED)
    assert send_to_office(office=officer.office, kind="N02", text="待受理", link="/staff/") == 2
    assert {unread_count(officer), unread_count(colleague)} == {1}


@pytest.mark.parametrize("to_office", [True, False])
def test_whoever_works_on_no_records_is_told_no_name(county, officer, to_office):
    reader = make_user(region=county, duties=[Duty.READ_ONLY])
    for duty in (*ADMIN_DUTIES, Duty.MANAGE_ACCOUNTS, Duty.MANAGE_REGIONS):
        make_user(region=county, duties=[duty])
    if to_office:
        assert send_to_office(office=officer.office, kind="N02", text="申请人张石山") == 2
    else:
        assert send_to_offices([(officer.office_id, "N02", "申请人张石山", "")]) == 2
    assert set(Message.objects.values_list("recipient", flat=True)) == {officer.uid, reader.uid}


def test_inbox_of_a_phone_is_the_chosen_persons(db):
    phone = make_phone_account()
    send(recipient=phone.uid, kind="N01", text="别人的")
    assert not inbox(phone)
    phone.act_as(Scope(kind="owner", owner=phone.uid))
    assert inbox(phone).count() == 1


def test_opening_marks_read_and_goes_on(client, officer):
    message = send(recipient=officer.uid, kind="N02", text="待受理", link="/staff/account/")
    client.force_login(officer)
    assert client.post(f"/staff/messages/{message.pk}/").url == "/staff/account/"
    message.refresh_from_db()
    assert message.read_at


@pytest.mark.parametrize("link", ["https://evil.example.org/", "//evil.example.org", "/\\evil.example.org", ""])
def test_a_link_leads_to_no_other_site(client, officer, link):
    message = send(recipient=officer.uid, kind="N02", text="x", link=link)
    client.force_login(officer)
    assert client.post(f"/staff/messages/{message.pk}/").url == "/staff/messages/"


def test_somebody_elses_message_is_404_and_stays_unread(client, county, officer):
    message = send(recipient=make_user(region=county).uid, kind="N02", text="x")
    client.force_login(officer)
    assert client.post(f"/staff/messages/{message.pk}/").status_code == 404
    message.refresh_from_db()
    assert message.read_at is None


def test_all_read_touches_the_own_inbox_only(client, county, officer):
    other = make_user(region=county)
    send_to_office(office=officer.office, kind="N02", text="x")
    client.force_login(officer)
    client.post("/staff/messages/")
    assert (unread_count(officer), unread_count(other)) == (0, 1)


def test_page_shows_texts_escaped_twenty_a_page(client, officer):
    Message.objects.bulk_create(
        Message(recipient=officer.uid, kind="N02", text=f"<b>第{number}条</b>") for number in range(45)
    )
    client.force_login(officer)
    page = client.get("/staff/messages/").content.decode()
    assert "&lt;b&gt;第44条" in page
    assert "第24条" not in page
    assert "第0条" in client.get("/staff/messages/?page=3").content.decode()


@pytest.mark.parametrize("count", [1, 20])
def test_page_costs_the_same_for_one_and_for_twenty(client, officer, count, django_assert_max_num_queries):
    for _ in range(count):
        send(recipient=officer.uid, kind="N02", text="x")
    client.force_login(officer)
    client.get("/staff/messages/")
    with django_assert_max_num_queries(6):
        client.get("/staff/messages/")


def test_villager_reads_on_a_page_of_his_own(client, db):
    phone = make_phone_account()
    client.force_login(phone)
    assert "还没有消息" in client.get("/messages/").content.decode()
    assert client.get("/staff/messages/").url.startswith("/staff/login/")


def test_visitors_are_sent_to_the_door_that_fits(client, db):
    assert client.get("/messages/").url == "/login/?next=%2Fmessages%2F"
    assert client.get("/staff/messages/").url == "/staff/login/?next=%2Fstaff%2Fmessages%2F"


def test_a_village_office_is_told_too(village):
    clerk = make_user(region=village)
    assert send_to_office(office=make_office(village), kind="N35", text="x") == 1
    assert unread_count(clerk) == 1
