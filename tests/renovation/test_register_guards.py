"""What PostgreSQL itself refuses of projects and their money, whatever program writes (DQ40, DQ44, DQ57)."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from common.clock import today
from renovation.choices import CaseState, FundLevel
from renovation.models import FundingLine, Payment, RenovationProject
from tests.factories.projects import make_project
from tests.factories.renovation import make_case


@pytest.fixture
def project(world):
    return make_project(make_case(world, CaseState.PENDING_APPRAISAL))


def commit() -> None:
    """Ask now what is asked when the transaction commits."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def payment(project, amount=100) -> Payment:
    one = Payment(project=project, paid_on=today(), amount=amount, payee="张石山", recorded_by=project.case.filed_by)
    one.save()
    return one


def row(project):
    return RenovationProject.objects.filter(pk=project.pk)


BROKEN = {
    "granted sum without its line": lambda one: row(one).update(government_total=27_000, total=27_000),
    "line changed behind the sum": lambda one: one.lines.filter(level="central").update(amount=1),
    "line added behind the sum": lambda one: FundingLine.objects.create(project=one, level=FundLevel.CITY, amount=1),
    "line taken away": lambda one: one.lines.filter(level="county").delete(),
    "paid sum without its payment": lambda one: row(one).update(paid_total=1),
    "payment behind the sum": payment,
}


@pytest.mark.parametrize("how", BROKEN)
def test_sums_that_differ_from_their_rows_are_refused_at_commit(project, how):
    commit()
    BROKEN[how](project)
    with pytest.raises(IntegrityError, match="do not equal its lines and payments"), transaction.atomic():
        commit()
    transaction.set_rollback(True)


def test_lines_and_sums_may_be_written_in_any_order(project):
    FundingLine.objects.create(project=project, level=FundLevel.CITY, amount=Decimal("0.50"))
    one = payment(project)
    row(project).update(government_total=Decimal("26000.50"), total=Decimal("26000.50"), paid_total=100)
    commit()
    one.delete()
    row(project).update(paid_total=0)
    commit()


def test_a_payment_taken_away_behind_the_sum_is_refused(project):
    one = payment(project)
    row(project).update(paid_total=100)
    commit()
    one.delete()
    with pytest.raises(IntegrityError, match="do not equal its lines and payments"), transaction.atomic():
        commit()
    transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_the_commit_itself_refuses():
    from tests.factories.renovation import make_world

    project = make_project(make_case(make_world(), CaseState.PENDING_APPRAISAL))
    with pytest.raises(IntegrityError, match="project_sums|do not equal"), transaction.atomic():
        row(project).update(paid_total=1)
    assert row(project).get().paid_total == 0


START = dt.date(2026, 5, 20)
AT_ONCE = [
    ("project_total_adds_up", {"self_raised": 1}),
    ("project_total_adds_up", {"loan": 1}),
    ("project_total_adds_up", {"total": 1}),
    ("completion_not_before_start", {"start_date": START, "completion_date": START - dt.timedelta(days=1)}),
]


@pytest.mark.parametrize(("constraint", "columns"), AT_ONCE)
def test_totals_and_dates_are_refused_at_once(project, constraint, columns):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        row(project).update(**columns)


def test_totals_and_dates_that_agree_are_kept(project):
    row(project).update(self_raised=5, loan=6, total=26_011, start_date=START, completion_date=START)


@pytest.mark.parametrize("amount", [0, -1])
def test_no_payment_is_nothing_or_less(project, amount):
    with pytest.raises(IntegrityError, match="payment_positive"), transaction.atomic():
        payment(project, amount)


def test_no_line_is_below_nothing(project):
    with pytest.raises(IntegrityError, match="funding_not_negative"), transaction.atomic():
        FundingLine.objects.create(project=project, level=FundLevel.CITY, amount=-1)


def test_a_level_has_one_line(project):
    with pytest.raises(IntegrityError, match="one_line_per_level"), transaction.atomic():
        FundingLine.objects.create(project=project, level=FundLevel.CENTRAL, amount=1)


def test_a_household_has_one_live_project(world):
    case = make_case(world, CaseState.PENDING_APPRAISAL)
    live = {"is_linked": False, "central": 0, "county": 0}
    ended = [
        make_project(case, **live, application_state="cancelled"),
        make_project(case, **live, terminated_on=today()),
        make_project(case, **{**live, "central": 1}),
    ]
    current = make_project(case, **live)
    with pytest.raises(IntegrityError, match="one_live_project_per_household"), transaction.atomic():
        make_project(case, **live)
    assert [one.is_live for one in ended] == [False, False, False]
    assert current.is_live
