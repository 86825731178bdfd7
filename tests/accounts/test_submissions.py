import threading
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection

from accounts.actions import submissions
from accounts.actions.submissions import BadToken, issue_token, once
from accounts.models import Message, Submission
from common.errors import Refusal
from tests.factories.accounts import make_phone_account

THREADS = 50


@pytest.fixture
def account(db):
    return make_phone_account()


def make_case(account):
    """Work with a visible effect and a number of its own."""
    message = Message.objects.create(recipient=account.uid, kind="T", text="申请")
    return {"number": message.pk}


def test_second_submit_gets_the_first_answer(account):
    token = issue_token(account, "apply")
    first = once(token=token, by=account, purpose="apply", work=lambda: make_case(account))
    second = once(token=token, by=account, purpose="apply", work=lambda: make_case(account))
    assert (first.is_repeat, second.is_repeat) == (False, True)
    assert first.value == second.value
    assert Message.objects.count() == 1


def test_refused_work_leaves_the_token_usable(account):
    token = issue_token(account, "apply")

    def refuse():
        make_case(account)
        raise Refusal("缺少照片")

    with pytest.raises(Refusal):
        once(token=token, by=account, purpose="apply", work=refuse)
    assert not Message.objects.exists()
    assert not once(token=token, by=account, purpose="apply", work=lambda: make_case(account)).is_repeat


def test_two_tokens_are_two_submits(account):
    for _ in range(2):
        once(token=issue_token(account, "apply"), by=account, purpose="apply", work=lambda: make_case(account))
    assert Message.objects.count() == 2


@pytest.mark.parametrize("spoil", ["", "x", "{token}x", "a:b:c"])
def test_a_forged_token_is_refused(account, spoil):
    token = spoil.format(token=issue_token(account, "apply"))
    with pytest.raises(BadToken, match="请刷新"):
        once(token=token, by=account, purpose="apply", work=dict)


def test_a_token_serves_its_owner_and_purpose_only(account):
    token = issue_token(account, "apply")
    with pytest.raises(BadToken):
        once(token=token, by=make_phone_account(), purpose="apply", work=dict)
    with pytest.raises(BadToken):
        once(token=token, by=account, purpose="withdraw", work=dict)


def test_an_old_token_is_refused(account, monkeypatch):
    token = issue_token(account, "apply")
    monkeypatch.setattr(submissions, "MAX_AGE", timedelta(seconds=-1))
    with pytest.raises(BadToken):
        once(token=token, by=account, purpose="apply", work=dict)


def test_a_visitor_is_known_by_the_session(db):
    mine, other = SessionStore(), SessionStore()
    token = issue_token(mine, "feedback")
    with pytest.raises(BadToken):
        once(token=token, by=other, purpose="feedback", work=dict)
    assert once(token=token, by=mine, purpose="feedback", work=dict).is_repeat is False


def submit_at_once(account, count):
    """So many real threads post the same token; returns their outcomes."""
    token, barrier, outcomes = issue_token(account, "apply"), threading.Barrier(count), []

    def post():
        try:
            # Connected before the start, so that nobody wins by an open connection.
            connection.ensure_connection()
            barrier.wait()
            outcomes.append(once(token=token, by=account, purpose="apply", work=lambda: make_case(account)))
        finally:
            connection.close()

    threads = [threading.Thread(target=post) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@pytest.mark.django_db(transaction=True)
def test_fifty_submits_at_once_make_one_case():
    account = make_phone_account()
    outcomes = submit_at_once(account, THREADS)
    assert len(outcomes) == THREADS
    assert [outcome.is_repeat for outcome in outcomes].count(False) == 1
    assert len({outcome.value["number"] for outcome in outcomes}) == 1
    assert Message.objects.count() == 1


@contextmanager
def no_unique_row():
    """The protection away: tokens are looked up, as a naive view would, but no key holds them apart."""

    both_have_looked = threading.Barrier(2)

    def look_first(number, by, purpose):
        is_known = Submission.objects.filter(token=number).exists()
        both_have_looked.wait(30)
        if is_known:
            return False
        Submission.objects.create(token=number, owner="", purpose=purpose)
        return True

    plain = submissions._reserve
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_submission DROP CONSTRAINT accounts_submission_pkey")
    submissions._reserve = look_first
    try:
        yield
    finally:
        submissions._reserve = plain
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE accounts_submission")
            cursor.execute(
                "ALTER TABLE accounts_submission ADD CONSTRAINT accounts_submission_pkey PRIMARY KEY (token)"
            )


@pytest.mark.django_db(transaction=True)
def test_control_twin_without_the_unique_row_doubles_the_case():
    account = make_phone_account()
    with no_unique_row():
        outcomes = submit_at_once(account, 2)
    assert [outcome.is_repeat for outcome in outcomes] == [False, False]
    assert Message.objects.count() == 2
