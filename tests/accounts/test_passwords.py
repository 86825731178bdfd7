import re
from datetime import timedelta

import pytest

from accounts import passwords
from accounts.actions.login import try_login
from accounts.actions.passwords import change_password, complete_profile
from accounts.models import AuditEntry, LoginAttempt
from accounts.sessions import last_login_before
from common import clock
from common.errors import Refusal
from tests.factories.accounts import PASSWORD, make_user


@pytest.fixture
def officer(county):
    return make_user(region=county, username="Qinghe-01", phone="15400001234", password=PASSWORD)


@pytest.mark.parametrize(
    "password", ["Zk4#mm", "zk4#mmpq", "ZK4#MMPQ", "Zkk#mmpq", "Zk44mmpq", "Zk4#" + "m" * 17, "Zk4 mmpq"]
)
def test_strength_in_the_exact_words(officer, password):
    assert passwords.faults(password, user=officer) == ["密码需8~20位，且必需包含数字、大写字母、小写字母、字符"]


@pytest.mark.parametrize("password", ["Zk4#mmpq", "Zk4#" + "mpqr" * 4, "Zk4，mmpq", "Zk4#mm pq"])
def test_accepted(officer, password):
    assert passwords.faults(password, user=officer) == []


@pytest.mark.parametrize(
    "password", ["Admin@123", "P@ssw0rd", "Aa123456!", "A123456@", "Qwer1234!", "Abc123456#", "W0aini@520"]
)
def test_common_patterns_are_refused_in_any_dress(officer, password):
    assert any("太常见" in fault for fault in passwords.faults(password, user=officer))


def test_weak_list_holds_our_own_words_and_the_commonest_of_the_world():
    assert len(passwords.weak_list()) > 95_000
    assert {"admin123", "woaini520", "dragon", "letmein", "nakamura", "schoolteacher"} <= passwords.weak_list()


def test_sentences_are_accepted_where_they_are_switched_on(officer, settings):
    sentence = "Zk4#" + "mpqr " * 12
    assert passwords.faults(sentence, user=officer) == ["密码需8~20位，且必需包含数字、大写字母、小写字母、字符"]
    settings.PASSWORD_SENTENCES = True
    assert passwords.faults(sentence, user=officer) == []
    assert passwords.faults(sentence + "a", user=officer) == ["密码需8~64位，且必需包含数字、大写字母、小写字母、字符"]


@pytest.mark.parametrize("password", ["Xqinghe-01Z", "Zk#a00001234", "Zk#990101aB"])
def test_what_others_know_is_refused(officer, password):
    assert "密码不能包含账号、手机号或行政区划编码" in passwords.faults(password, user=officer)


def test_last_five_are_refused_and_the_sixth_may_come_back(officer):
    used = [PASSWORD, *(f"Zk4#mm-{number}q" for number in range(6))]
    for old, new in zip(used, used[1:], strict=False):
        change_password(by=officer, old=old, new=new)
    for old in used[-6:]:
        with pytest.raises(Refusal, match="最近用过的5个密码"):
            change_password(by=officer, old=used[-1], new=old)
    assert officer.old_passwords.count() == 5
    change_password(by=officer, old=used[-1], new=used[0])


def test_initial_passwords_are_strong_random_and_readable(officer):
    made = {passwords.initial_password() for _ in range(200)}
    assert len(made) == 200
    assert all(passwords.faults(one, user=officer) == [] for one in made)
    assert not any(re.search("[01OIl]", one) for one in made)


class TestGuessingTheOldPassword:
    """An open desk is no place to guess: the old password is counted like a login (L-01, L-02)."""

    START = clock.now()

    def change(self, officer, old, *, after, new="Zk4#mmpq"):
        with clock.freeze(self.START + timedelta(seconds=after)):
            return change_password(by=officer, old=old, new=new)

    def test_the_sixth_guess_is_not_read_even_when_it_is_right(self, officer):
        for number in range(5):
            with pytest.raises(Refusal, match="^原密码不正确") as refused:
                self.change(officer, "wrong", after=30 * number)
            assert refused.value.code == "old_password"
        with pytest.raises(Refusal, match="原密码不正确。已暂停登录"):
            self.change(officer, PASSWORD, after=150)
        assert LoginAttempt.objects.count() == 5
        assert AuditEntry.objects.filter(action="account.password_failed", target_id=str(officer.pk)).count() == 5
        assert self.change(officer, PASSWORD, after=2000)

    def test_guesses_are_slowed_down(self, officer):
        for after in (0, 1):
            with pytest.raises(Refusal):
                self.change(officer, "wrong", after=after)
        with pytest.raises(Refusal, match="请等待1秒"):
            self.change(officer, PASSWORD, after=2)

    def test_first_login_is_no_way_around(self, officer):
        said = {"display_name": "李青", "position": "科员", "phone": "15400001234", "new": "Zk4#mmpq"}
        for number in range(5):
            with clock.freeze(self.START + timedelta(seconds=30 * number)), pytest.raises(Refusal):
                complete_profile(by=officer, old="wrong", **said)
        with clock.freeze(self.START + timedelta(seconds=150)), pytest.raises(Refusal, match="已暂停"):
            complete_profile(by=officer, old=PASSWORD, **said)

    def test_strangers_failures_do_not_count_against_the_owner_and_a_right_one_is_no_login(self, officer):
        for number in range(5):
            with clock.freeze(self.START + timedelta(seconds=30 * number)):
                try_login(username=officer.username, password="wrong", captcha_ok=True)
        assert self.change(officer, PASSWORD, after=160)
        assert last_login_before(officer) is None
