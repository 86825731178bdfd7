"""Accounts issued, reset, changed and cancelled by the level above (domain §9.1, L-11)."""

import re

import pytest
from django.contrib.auth.hashers import check_password

from accounts import handover
from accounts.actions import accounts as act
from accounts.choices import ADMIN_DUTIES, BUSINESS_DUTIES, Duty, Status
from accounts.models import AuditEntry, Message, SmsMessage, User
from common import clock
from common.errors import Refusal
from tests.factories.accounts import PASSWORD, make_administrator, make_office, make_user

BUSINESS = [duty.value for duty in BUSINESS_DUTIES]


def create(by, office, **changes):
    said = {
        "username": "990101100000",
        "display_name": "石桥镇住建办",
        "phone": "15400000321",
        "duties": [Duty.ENTRY, Duty.DECIDE],
    }
    return act.create_account(by=by, office=office, **(said | changes))


class TestCreate:
    def test_random_password_for_seven_days_forced_first_login(self, manager, office):
        slip = create(manager, office)
        user = User.objects.get(pk=slip.user.pk)
        assert check_password(slip.password, user.password)
        assert user.must_change_password
        assert (user.password_expires_at - user.created_at).days in (6, 7)
        assert (user.level, user.created_by) == ("township", manager)

    def test_the_password_stands_nowhere(self, manager, office):
        slip = create(manager, office)
        everything = str(list(AuditEntry.objects.values())) + str(list(User.objects.values()))
        everything += "".join(message.text for message in (*Message.objects.all(), *SmsMessage.objects.all()))
        assert slip.password not in everything

    def test_the_holder_is_told_in_the_words_of_n42(self, manager, office):
        slip = create(manager, office)
        text = "您的账号990101100000已创建，首次登录须修改密码并完善用户信息。"
        assert Message.objects.get(recipient=slip.user.uid, kind="N42").text == text
        assert SmsMessage.objects.get().text == text

    def test_recorded(self, manager, office):
        create(manager, office)
        row = AuditEntry.objects.get(action="account.create")
        assert row.actor == manager
        assert "15400000321" not in str(row.changes)

    @pytest.mark.parametrize("code", ["990101000000", "990102100000", "990100000000"])
    def test_only_below_and_inside(self, manager, tree, code):
        with pytest.raises(Refusal, match="只能管理本辖区下级单位的账号"):
            create(manager, make_office(tree[code]))

    def test_only_with_the_duty(self, county, office):
        with pytest.raises(Refusal, match="没有账号管理权限"):
            create(make_user(region=county, duties=[Duty.ENTRY]), office)

    @pytest.mark.parametrize("duty", ADMIN_DUTIES)
    def test_the_three_come_from_a_security_administrator_only(self, manager, county, office, duty):
        with pytest.raises(Refusal, match="只能由安全管理员指定"):
            create(manager, office, duties=[duty])
        security = make_administrator(Duty.SECURITY_ADMIN, region=county)
        assert create(security, office, duties=[duty]).user.duties == [duty]
        with pytest.raises(Refusal, match="不得兼任"):
            create(security, office, username="second-1", duties=[duty, Duty.ENTRY])

    def test_suggested_names(self, manager, village):
        office = make_office(village)
        names = []
        for _ in range(3):
            names.append(act.suggest_username(office))
            create(manager, office, username=names[-1])
        assert names == ["990101100201", "990101100201-2", "990101100201-3"]


class TestLaterLife:
    @pytest.fixture
    def holder(self, manager, office):
        return make_user(office=office, username="holder", password=PASSWORD, duties=[Duty.ENTRY])

    def test_reset_gives_a_new_password_and_ends_sessions(self, client, manager, holder):
        client.post("/staff/login/", {"username": "holder", "password": PASSWORD})
        assert client.get("/staff/account/").status_code == 200
        slip = act.reset_password(by=manager, user=holder)
        assert client.get("/staff/account/").url.startswith("/staff/login/")
        holder.refresh_from_db()
        assert check_password(slip.password, holder.password)
        assert holder.must_change_password
        assert AuditEntry.objects.filter(action="account.reset", actor=manager).exists()

    def test_reset_password_is_not_accepted_as_ones_own(self, manager, holder):
        from accounts.actions.passwords import change_password

        slip = act.reset_password(by=manager, user=holder)
        with pytest.raises(Refusal):
            change_password(by=holder, old=slip.password, new=slip.password)

    def test_change_of_duties_is_recorded_and_ends_sessions(self, client, manager, holder):
        client.force_login(holder)
        act.change_account(
            by=manager,
            user=holder,
            office=holder.office,
            display_name=holder.display_name,
            phone=holder.phone,
            duties=[Duty.READ_ONLY],
        )
        assert client.get("/staff/account/").status_code == 302
        changes = AuditEntry.objects.get(action="account.change").changes
        assert changes == {"duties": [["entry"], ["read_only"]]}

    def test_cancel_and_restore(self, manager, holder):
        act.cancel_account(by=manager, user=holder, reason="调离")
        holder.refresh_from_db()
        assert holder.status == Status.CANCELLED
        assert AuditEntry.objects.get(action="account.cancel").reason == "调离"
        slip = act.restore_account(by=manager, user=holder)
        holder.refresh_from_db()
        assert holder.is_active
        assert check_password(slip.password, holder.password)

    def test_cancel_waits_for_the_handover(self, manager, holder, monkeypatch):
        monkeypatch.setattr(handover, "_holdings", {"cases": lambda user: "还有3件待办工单"})
        with pytest.raises(Refusal, match="请先交接：还有3件待办工单"):
            act.cancel_account(by=manager, user=holder, reason="调离")

    def test_delete_only_who_never_acted(self, manager, holder, office):
        act.delete_account(by=manager, user=holder)
        assert not User.objects.filter(username="holder").exists()
        acted = make_user(office=office)
        from accounts.actions.audit import record

        record(by=acted, action="x")
        with pytest.raises(Refusal, match="请改为注销"):
            act.delete_account(by=manager, user=acted)

    @pytest.mark.parametrize("work", [act.reset_password, act.delete_account, act.restore_account])
    def test_a_neighbours_account_does_not_exist_for_me(self, tree, manager, work):
        stranger = make_user(region=tree["990102100000"])
        with pytest.raises(Refusal, match="未找到该账号"):
            work(by=manager, user=stranger)


class TestAdministratorsAccounts:
    @pytest.fixture
    def administrator(self, office):
        return make_administrator(Duty.SECURITY_ADMIN, office=office, password=PASSWORD)

    @staticmethod
    def change(by, user, **said):
        kept = {name: getattr(user, name) for name in ("office", "display_name", "phone", "duties")}
        return act.change_account(by=by, user=user, **(kept | said))

    @pytest.mark.parametrize("work", [act.reset_password, act.restore_account, act.delete_account])
    def test_whoever_does_not_appoint_them_cannot_take_them_over(self, manager, administrator, work):
        with pytest.raises(Refusal, match="只能由安全管理员管理"):
            work(by=manager, user=administrator)
        administrator.refresh_from_db()
        assert check_password(PASSWORD, administrator.password)

    def test_nor_cancel_or_change_them(self, manager, administrator):
        with pytest.raises(Refusal, match="只能由安全管理员管理"):
            act.cancel_account(by=manager, user=administrator, reason="x")
        for said in ({"duties": [Duty.DECIDE]}, {"phone": "15400000999"}):
            with pytest.raises(Refusal, match="只能由安全管理员管理"):
                self.change(manager, administrator, **said)

    def test_a_security_administrator_may(self, county, administrator):
        security = make_administrator(Duty.SECURITY_ADMIN, region=county)
        assert act.reset_password(by=security, user=administrator).password

    def test_the_page_offers_nothing_to_the_manager(self, client, manager, administrator):
        client.force_login(manager)
        url = f"/admin/accounts/user/{administrator.pk}/change/"
        page = client.get(url)
        assert page.status_code == 200
        assert "重置密码" not in page.content.decode()
        assert client.post(url, {"display_name": "x"}).status_code == 403
        client.post(f"/admin/accounts/user/act/{administrator.pk}/reset/")
        administrator.refresh_from_db()
        assert check_password(PASSWORD, administrator.password)


class TestAdminPages:
    @pytest.fixture
    def pages(self, client, manager):
        client.force_login(manager)
        return client

    def post_new(self, pages, office, **changes):
        said = {"office": office.pk, "username": "", "display_name": "镇办", "new_phone": "15400000654"}
        return pages.post("/admin/accounts/user/add/", said | {"duties": [Duty.ENTRY]} | changes)

    def test_new_account_ends_on_a_slip_shown_once(self, pages, office):
        response = self.post_new(pages, office)
        text = response.content.decode()
        password = re.search(r"<code>([^<]+)</code>", text)[1].replace("&#x27;", "'")
        user = User.objects.get(username="990101100000")
        assert check_password(password, user.password)
        assert "no-store" in response["Cache-Control"]
        assert password not in pages.get(f"/admin/accounts/user/{user.pk}/change/").content.decode()

    def test_list_and_form_show_the_phone_masked(self, pages, office):
        user = make_user(office=office, phone="15400007788")
        for path in ("", f"{user.pk}/change/"):
            text = pages.get(f"/admin/accounts/user/{path}").content.decode()
            assert "154****7788" in text
            assert "15400007788" not in text

    def test_only_accounts_below_are_listed(self, pages, tree, office):
        make_user(office=office, display_name="下级甲")
        make_user(region=tree["990102100000"], display_name="邻县乙")
        text = pages.get("/admin/accounts/user/").content.decode()
        assert "下级甲" in text
        assert "邻县乙" not in text

    def test_a_neighbours_account_leads_nowhere(self, pages, tree):
        stranger = make_user(region=tree["990102100000"])
        assert pages.get(f"/admin/accounts/user/{stranger.pk}/change/").status_code == 404
        for name in ("reset", "cancel", "delete"):
            assert pages.post(f"/admin/accounts/user/act/{stranger.pk}/{name}/", {"reason": "x"}).status_code == 404
        stranger.refresh_from_db()
        assert stranger.is_active

    def test_a_neighbours_office_cannot_be_chosen(self, pages, tree):
        response = self.post_new(pages, make_office(tree["990102100000"]))
        assert response.status_code == 200
        assert not User.objects.filter(display_name="镇办").exists()

    def test_change(self, pages, office):
        user = make_user(office=office, duties=[Duty.ENTRY], phone="15400007788")
        said = {"office": office.pk, "display_name": "新名", "duties": [Duty.DECIDE], "new_phone": ""}
        assert pages.post(f"/admin/accounts/user/{user.pk}/change/", said).status_code == 302
        user.refresh_from_db()
        assert (user.display_name, user.duties, user.phone) == ("新名", ["decide"], "15400007788")

    def test_acts_ask_first_and_then_act(self, pages, office):
        user = make_user(office=office)
        url = f"/admin/accounts/user/act/{user.pk}/"
        assert "重置密码" in pages.get(f"/admin/accounts/user/{user.pk}/change/").content.decode()
        pages.get(f"{url}cancel/")
        user.refresh_from_db()
        assert user.is_active
        assert "请填写原因" in pages.post(f"{url}cancel/", {"reason": ""}).content.decode()
        pages.post(f"{url}cancel/", {"reason": "调离"})
        user.refresh_from_db()
        assert not user.is_active
        assert "初始密码" in pages.post(f"{url}restore/").content.decode()

    def test_nobody_deletes_in_bulk(self, pages, office):
        user = make_user(office=office)
        pages.post("/admin/accounts/user/", {"action": "delete_selected", "_selected_action": [user.pk], "post": "yes"})
        assert User.objects.filter(pk=user.pk).exists()

    @pytest.mark.parametrize("model", ["auditentry", "unmasklog", "loginattempt", "office", "user", "outboxentry"])
    @pytest.mark.parametrize("duty", ADMIN_DUTIES)
    def test_each_administrator_sees_his_own_pages(self, client, county, duty, model):
        seen = {
            Duty.SYSTEM_ADMIN: {"outboxentry"},
            Duty.SECURITY_ADMIN: {"office", "user", "loginattempt"},
            Duty.AUDIT_ADMIN: {"auditentry", "unmasklog", "loginattempt"},
        }
        client.force_login(make_administrator(duty, region=county))
        status = client.get(f"/admin/accounts/{model}/").status_code
        assert (status == 200) is (model in seen[duty])

    def test_audit_page_shows_the_own_subtree(self, client, tree, county):
        from accounts.actions.audit import record

        record(by=make_user(region=county, username="inside"), action="test.inside")
        record(by=make_user(region=tree["990102000000"], username="outside"), action="test.outside")
        client.force_login(make_administrator(Duty.AUDIT_ADMIN, region=county))
        text = client.get("/admin/accounts/auditentry/").content.decode()
        assert "test.inside" in text
        assert "test.outside" not in text
        assert client.get("/admin/accounts/auditentry/?q=inside").status_code == 200

    def test_parked_work_is_put_back_by_the_system_administrator(self, client, county):
        from accounts.models import OutboxEntry

        made = {"topic": "sms", "payload": {"sms": 0}, "next_at": clock.now()}
        entries = [OutboxEntry.objects.create(key=state, state=state, **made) for state in ("parked", "done")]
        client.force_login(make_administrator(Duty.SYSTEM_ADMIN, region=county))
        chosen = {"action": "send_again", "_selected_action": [entry.pk for entry in entries]}
        client.post("/admin/accounts/outboxentry/", chosen)
        assert [OutboxEntry.objects.get(pk=entry.pk).state for entry in entries] == ["waiting", "done"]

    def test_entry_clerk_has_no_admin_pages(self, client, county):
        client.force_login(make_user(region=county, duties=[Duty.READ_ONLY]))
        assert client.get("/admin/").status_code == 302


@pytest.mark.django_db
def test_bootstrap_account_opens_the_admin_pages(client, monkeypatch):
    from django.core.management import call_command

    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", interactive=False, username="bootstrap")
    assert client.post("/staff/login/?next=/admin/", {"username": "bootstrap", "password": PASSWORD}).status_code == 302
    for name in ("", "accounts/user/", "accounts/office/", "accounts/auditentry/", "accounts/loginattempt/"):
        assert client.get(f"/admin/{name}").status_code == 200
