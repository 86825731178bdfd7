"""Open cases follow the division tree: a moved village's cases wait for the office of its new township (fault F22)."""

from django.db import connection

from accounts.models import Office
from renovation.models import Case, CaseNode
from renovation.workflow import COUNTY, TOWNSHIP, WORKFLOW

_COLUMNS = {TOWNSHIP: "township_id", COUNTY: "county_id"}


def follow_tree(parent, edits, *, by) -> int:
    """After 【立即生效】: give open cases to the office that is responsible now; returns how many moved.

    A new place without an office changes nothing: the old office goes on until there is one.
    """
    return sum(_rehome(level, column) for level, column in _COLUMNS.items())


def _rehome(level: str, column: str) -> int:
    states = [step.code for step in WORKFLOW.steps if step.is_open and step.actor == level]
    office, case, node = Office._meta.db_table, Case._meta.db_table, CaseNode._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {case} c SET office_id = o.id "  # noqa: S608
            f"FROM (SELECT region_id, min(id) AS id FROM {office} WHERE level = %s GROUP BY region_id) o, {office} was "
            f"WHERE c.state = ANY(%s) AND o.region_id = c.{column} AND was.id = c.office_id "
            "AND was.level = %s AND was.region_id <> o.region_id RETURNING c.id",
            [level, states, level],
        )
        moved = [row[0] for row in cursor.fetchall()]
        cursor.execute(
            f"UPDATE {node} n SET office_id = c.office_id, office_name = o.name FROM {case} c, {office} o "  # noqa: S608
            "WHERE n.case_id = c.id AND o.id = c.office_id AND n.handled_at IS NULL AND c.id = ANY(%s)",
            [moved],
        )
    return len(moved)
