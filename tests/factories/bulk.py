"""Thousands of open cases in a second, for races and measurements: the rows of one statement, not people's clicks.

Sealed columns stay empty; names are put together from syllables, numbers begin with 99.
"""

from django.db import connection

from renovation.models import Case, CaseNode

CASES = """
INSERT INTO renovation_case (
    uid, number, state, version, filed_by_id, on_behalf, agent_name, agent_phone, agent_relation,
    applicant_name, applicant_grams, applicant_id_number, applicant_id_index, applicant_phone,
    region_id, region_key, township_id, county_id, province_id, house_address, crs,
    residence_address, registered_address, risk_parts, risk_description, notice_version,
    reentry_reason, era, structure_archive, grade, appraisal_org, appraisal_org_uscc,
    review_conclusion, proposed_method, publicity_place, termination_reason,
    office_id, due_at, is_due_provisional, is_overdue, was_late, submitted_at, last_page, created_at, updated_at)
SELECT gen_random_uuid(), '99' || lpad(n::text, 16, '0'), 'pending_acceptance', 2, %(by)s, false, '', '', '',
    name, ARRAY[substr(name, 1, 1), substr(name, 2, 1), substr(name, 3, 1), substr(name, 1, 2), substr(name, 2, 2)],
    '', md5(n::text) || md5('x' || n::text), '',
    (%(villages)s::int[])[place], (%(keys)s::text[])[place], (%(townships)s::int[])[place],
    (%(counties)s::int[])[place], (%(provinces)s::int[])[place], n || '号', '', '', '', '{wall}', '', 'bulk',
    '', '', '', '', '', '', '', '', '', '', (%(offices)s::int[])[place], due, false, false, false,
    %(now)s::timestamptz - interval '5 days', '', %(now)s, %(now)s
FROM (
    SELECT n, 1 + n %% cardinality(%(villages)s::int[]) AS place,
        substr('赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨', 1 + n %% 16, 1) || substr('大山石水田木青云', 1 + n / 16 %% 8, 1)
        || substr('春夏秋冬东西南北', 1 + n / 128 %% 8, 1) AS name,
        -- Whole days, as due dates are, spread evenly from `late` days ago to `ahead` days from now.
        date_trunc('day', %(now)s::timestamptz) + (n %% (%(late)s + %(ahead)s) - %(late)s + 1) * interval '1 day' AS due
    FROM generate_series(%(first)s::int, %(first)s::int + %(count)s::int - 1) n
) made
"""
NODES = """
INSERT INTO renovation_casenode (
    case_id, seq, code, round, office_id, office_name, received_at, due_on, due_at, is_provisional, is_overdue,
    next_rung_at, handler_name, move, conclusion, opinion, payload, photo_request)
SELECT id, 1, state, 1, office_id, '住建部门', submitted_at, (due_at - interval '1 second')::date, due_at, false, false,
    due_at - interval '1 day', '', '', '', '', '{}', ''
FROM renovation_case WHERE notice_version = 'bulk' AND NOT EXISTS (
    SELECT 1 FROM renovation_casenode n WHERE n.case_id = renovation_case.id)
"""


def make_open_cases(count: int, *, places: list[tuple], by, late: int = 3, ahead: int = 27, first: int = 1) -> None:
    """That many cases in 待区县受理 over `places` (village, office); of each cycle `late` days are past."""
    from common.clock import database_now

    columns = ("townships", "counties", "provinces")
    bound = []
    for village, _ in places:
        case = Case()
        case.bind_region(village)
        bound.append((case.township_id, case.county_id, case.province_id))
    values = dict(zip(columns, (list(column) for column in zip(*bound, strict=True)), strict=True))
    values |= {"villages": [village.pk for village, _ in places], "keys": [village.key for village, _ in places]}
    values |= {"offices": [office.pk for _, office in places], "by": by.pk, "now": database_now()}
    with connection.cursor() as cursor:
        cursor.execute(CASES, values | {"count": count, "late": late, "ahead": ahead, "first": first})
        cursor.execute(NODES)
        cursor.execute(f"ANALYZE {Case._meta.db_table}, {CaseNode._meta.db_table}")
