import re

import pytest

from accounts import passwords
from accounts.actions.passwords import change_password
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


def test_weak_list_is_long_enough():
    assert len(passwords.weak_list()) >= 300


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
