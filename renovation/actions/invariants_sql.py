"""The invariants as questions to the database: each answers (kind, number, what is wrong) for the wrong rows only."""

COUNT_TOKENS = "SELECT count(*) FROM accounts_submission WHERE purpose LIKE 'case.submit.%'"
# A token's transaction writes token, case and number together; a committed token without its case was torn.
TOKENS = """
SELECT '凭证', t.token::text, '没有对应的工单' FROM accounts_submission t
WHERE t.purpose LIKE 'case.submit.%%' AND NOT EXISTS (
    SELECT 1 FROM renovation_case c
    WHERE c.uid::text = t.value ->> 'case' AND c.number = t.value ->> 'number'
    AND t.purpose = 'case.submit.' || c.uid)
UNION ALL
SELECT '工单', c.id::text, '有多个凭证' FROM renovation_case c
JOIN accounts_submission t ON t.purpose = 'case.submit.' || c.uid GROUP BY c.id HAVING count(*) > 1
"""

COUNT_OPEN = "SELECT count(*) FROM renovation_case WHERE number IS NOT NULL AND closed_at IS NULL"
OPEN_TWICE = """
SELECT '工单', min(id)::text, '同一证件有' || count(*) || '件在办' FROM renovation_case
WHERE state = ANY (%(open)s::text[]) AND applicant_id_index <> '' GROUP BY applicant_id_index HAVING count(*) > 1
UNION ALL
SELECT '工单', min(id)::text, '同一农户有' || count(*) || '件在办' FROM renovation_case
WHERE state = ANY (%(open)s::text[]) AND household_id IS NOT NULL GROUP BY household_id HAVING count(*) > 1
"""

COUNT_NUMBERS = "SELECT count(*) FROM renovation_case WHERE number IS NOT NULL"
NUMBERS = """
SELECT '工单', c.id::text, '号码超出流水' FROM renovation_case c
LEFT JOIN renovation_casenumber n ON n.county_id = c.county_id AND to_char(n.day, 'YYMMDD') = substr(c.number, 7, 6)
WHERE c.number IS NOT NULL AND (n.last IS NULL OR substr(c.number, 13)::int > n.last)
UNION ALL
SELECT '工单', id::text, '号码格式不对' FROM renovation_case WHERE number IS NOT NULL AND number !~ '^[0-9]{18}$'
UNION ALL
SELECT '工单', min(id)::text, '号码重复' FROM renovation_case
WHERE number IS NOT NULL GROUP BY number HAVING count(*) > 1
"""

COUNT_CASES = "SELECT count(*) FROM renovation_case"
FOLD = """
WITH told AS (
    SELECT e.*, row_number() OVER w AS place, lag(e.to_state, 1, 'draft') OVER w AS before,
        lead(e.id) OVER w IS NULL AS is_last
    FROM renovation_caseevent e WINDOW w AS (PARTITION BY e.case_id ORDER BY e.seq, e.id)
)
SELECT '工单', c.id::text, '状态与最后一次办理不符' FROM renovation_case c
LEFT JOIN told ON told.case_id = c.id AND told.is_last WHERE c.state <> coalesce(told.to_state, 'draft')
UNION ALL
SELECT '工单', c.id::text, '版本号与办理次数不符' FROM renovation_case c
LEFT JOIN told ON told.case_id = c.id AND told.is_last WHERE c.version <> 1 + coalesce(told.place, 0)
UNION ALL
SELECT '办理记录', id::text, '序号不连续' FROM told WHERE seq <> place
UNION ALL
SELECT '办理记录', id::text, '与上一条不衔接' FROM told WHERE from_state <> before
UNION ALL
SELECT '办理记录', id::text, '流程表中没有这个动作' FROM told
WHERE from_state || ' ' || move || ' ' || to_state <> ALL (%(moves)s::text[])
UNION ALL
SELECT '办理记录', id::text, '没有写明原因' FROM told WHERE move = ANY (%(reasoned)s::text[]) AND btrim(opinion) = ''
"""

COUNT_NODES = "SELECT count(*) FROM renovation_casenode"
# The k-th stay in a step begins with the k-th event that leads into an open state and ends with the event after it.
NODES = """
WITH entered AS (
    SELECT e.*, row_number() OVER (PARTITION BY e.case_id ORDER BY e.seq) AS place,
        (SELECT min(x.seq) FROM renovation_caseevent x WHERE x.case_id = e.case_id AND x.seq > e.seq) AS left_with
    FROM renovation_caseevent e WHERE e.to_state = ANY (%(open)s::text[])
), ended AS (
    SELECT entered.*, x.at AS left_at, x.move AS left_by FROM entered
    LEFT JOIN renovation_caseevent x ON x.case_id = entered.case_id AND x.seq = entered.left_with
)
SELECT '工单', coalesce(n.case_id, e.case_id)::text, '环节与办理记录不对应' FROM renovation_casenode n
FULL JOIN ended e ON e.case_id = n.case_id AND e.place = n.seq
WHERE n.id IS NULL OR e.id IS NULL OR n.code <> e.to_state OR n.received_at <> e.at
    OR n.handled_at IS DISTINCT FROM e.left_at OR n.move <> coalesce(e.left_by, '')
UNION ALL
SELECT '工单', c.id::text, '在办状态应恰有一个未办环节' FROM renovation_case c
LEFT JOIN renovation_casenode n ON n.case_id = c.id AND n.handled_at IS NULL
GROUP BY c.id, c.state HAVING count(n.id) <> (c.state = ANY (%(open)s::text[]))::int
UNION ALL
SELECT '工单', c.id::text, '期限、单位或超时标记与环节不符' FROM renovation_case c
LEFT JOIN renovation_casenode n ON n.case_id = c.id AND n.handled_at IS NULL
WHERE c.due_at IS DISTINCT FROM n.due_at OR c.office_id IS DISTINCT FROM n.office_id
    OR c.is_due_provisional <> coalesce(n.is_provisional, false) OR c.is_overdue <> coalesce(n.is_overdue, false)
UNION ALL
SELECT '工单', c.id::text, '曾经超时与环节不符' FROM renovation_case c WHERE c.was_late <> EXISTS (
    SELECT 1 FROM renovation_casenode n WHERE n.case_id = c.id AND n.is_overdue)
UNION ALL
SELECT '工单', id::text, '办结时间与状态不符' FROM renovation_case
WHERE (closed_at IS NULL) <> (state = 'draft' OR state = ANY (%(open)s::text[]))
"""

COUNT_EVENTS = "SELECT count(*) FROM renovation_caseevent"
AUDITS = """
WITH done AS (SELECT case_id::text AS id, 'case.' || move AS action, count(*) FROM renovation_caseevent GROUP BY 1, 2),
said AS (
    SELECT target_id AS id, action, count(*) FROM accounts_auditentry
    WHERE target_kind = 'renovation.case' AND action = ANY (%(actions)s::text[])
    GROUP BY 1, 2
)
SELECT '工单', coalesce(done.id, said.id),
    '办理' || coalesce(done.count, 0) || '次，审计' || coalesce(said.count, 0) || '条'
FROM done FULL JOIN said USING (id, action) WHERE done.count IS DISTINCT FROM said.count
"""
MESSAGES = """
WITH told AS (SELECT unnest(%(moves)s::text[]) AS move, unnest(%(kinds)s::text[]) AS kind),
due AS (
    SELECT c.id, '/cases/' || c.uid || '/' AS link, told.kind, count(*) FROM renovation_caseevent e
    JOIN told ON told.move = e.move JOIN renovation_case c ON c.id = e.case_id AND c.claim_id IS NOT NULL
    GROUP BY 1, 2, 3
), sent AS (
    SELECT link, kind, count(*) FROM accounts_message
    WHERE kind = ANY (%(kinds)s::text[]) AND link LIKE '/cases/%%' GROUP BY 1, 2
)
SELECT '工单', due.id::text, '缺少消息' || due.kind FROM due LEFT JOIN sent USING (link, kind)
WHERE due.count IS DISTINCT FROM sent.count
"""

COUNT_FILES = "SELECT count(*) FROM households_attachment WHERE owner_kind = 'case'"
FILES = """
SELECT '附件', a.id::text, '所属工单不存在' FROM households_attachment a
WHERE a.owner_kind = 'case' AND NOT EXISTS (SELECT 1 FROM renovation_case c WHERE c.uid = a.owner_uid)
"""

# Late marks may lag by one period of the scanner; a mark before its time is wrong at once.
REMINDED = """
SELECT '环节', node_id::text, '同一级催办' || count(*) || '次' FROM renovation_laddernotice
GROUP BY node_id, due_at, rung_id HAVING count(*) > 1
UNION ALL
SELECT '环节', id::text, '已超时而未标记' FROM renovation_casenode
WHERE handled_at IS NULL AND NOT is_overdue AND due_at < clock_timestamp() - interval '2 minutes'
    AND code <> ALL (%(timed)s::text[])
UNION ALL
SELECT '环节', id::text, '未超时而已标记' FROM renovation_casenode
WHERE handled_at IS NULL AND is_overdue AND due_at > clock_timestamp() AND code <> ALL (%(timed)s::text[])
UNION ALL
SELECT '环节', id::text, '办结时的超时标记不对' FROM renovation_casenode
WHERE handled_at IS NOT NULL AND is_overdue <> (handled_at >= due_at) AND code <> ALL (%(timed)s::text[])
UNION ALL
SELECT '公示', n.id::text, '超时标记与异议的办理期限不符' FROM renovation_casenode n
WHERE n.code = ANY (%(timed)s::text[]) AND n.is_overdue <> EXISTS (
    SELECT 1 FROM renovation_objection o JOIN renovation_publicity p ON p.id = o.publicity_id
    WHERE p.case_id = n.case_id AND o.registered_at >= n.received_at
    AND coalesce(o.closed_at, n.handled_at, clock_timestamp() - interval '2 minutes') >= o.due_at
    AND (n.handled_at IS NULL OR o.registered_at <= n.handled_at))
UNION ALL
SELECT '公示', n.id::text, '公示期满而未结束' FROM renovation_casenode n
JOIN renovation_publicity p ON p.case_id = n.case_id AND p.state = 'open'
WHERE n.code = ANY (%(timed)s::text[]) AND n.handled_at IS NULL
    AND p.ends_at < clock_timestamp() - interval '5 minutes'
    AND NOT EXISTS (SELECT 1 FROM renovation_objection o WHERE o.publicity_id = p.id AND o.closed_at IS NULL)
"""

COUNT_PERSONS = "SELECT count(*) FROM households_claim"
PERSONS = """
SELECT '实名身份', c.id::text, '与人员的证件不符' FROM households_claim c
JOIN households_person p ON p.id = c.person_id WHERE p.id_index <> c.id_index
UNION ALL
SELECT '实名身份', id::text, '已核对而没有人员' FROM households_claim WHERE state = 'confirmed' AND person_id IS NULL
UNION ALL
SELECT '实名身份', min(id)::text, '同一证件有多个已核对' FROM households_claim
WHERE state = 'confirmed' GROUP BY id_index HAVING count(*) > 1
UNION ALL
SELECT '人员', person_id::text, '同时在多个农户' FROM households_householdmember
WHERE left_on IS NULL GROUP BY person_id HAVING count(*) > 1
UNION ALL
SELECT '工单', c.id::text, '申请人与人员的证件不符' FROM renovation_case c
JOIN households_person p ON p.id = c.person_id WHERE p.id_index <> c.applicant_id_index
"""

COUNT_PROJECTS = "SELECT count(*) FROM renovation_renovationproject"
# The database refuses wrong sums at commit (migration 0008); here whatever got past it is found.
SUMS = """
WITH told AS (
    SELECT p.*, (SELECT coalesce(sum(amount), 0) FROM renovation_fundingline WHERE project_id = p.id) AS granted,
        (SELECT coalesce(sum(amount), 0) FROM renovation_payment WHERE project_id = p.id) AS paid
    FROM renovation_renovationproject p
)
SELECT '项目', id::text, '补助合计不等于各级补助之和' FROM told WHERE government_total <> granted
UNION ALL
SELECT '项目', id::text, '总投资不等于补助、自筹和贷款之和' FROM told WHERE total <> granted + self_raised + loan
UNION ALL
SELECT '项目', id::text, '已拨付不等于拨付记录之和' FROM told WHERE paid_total <> paid
UNION ALL
SELECT '项目', id::text, '拨付超过补助合计' FROM told WHERE paid > granted
UNION ALL
SELECT '项目', id::text, '拨付情况与金额不符' FROM told
WHERE payment_state <> CASE WHEN paid = 0 THEN 'unpaid' WHEN paid < granted THEN 'partly' ELSE 'full' END
"""
# No case and no family is counted in two plan years; a project goes as far as its case and no further.
PROJECTS = """
SELECT '工单', case_id::text, '对应' || count(*) || '个项目' FROM renovation_renovationproject
WHERE case_id IS NOT NULL GROUP BY case_id HAVING count(*) > 1
UNION ALL
SELECT '农户', household_id::text, '有' || count(*) || '个在建项目' FROM renovation_renovationproject
WHERE application_state <> 'cancelled' AND archive_state <> 'approved' AND terminated_on IS NULL
GROUP BY household_id HAVING count(*) > 1
UNION ALL
SELECT '工单', c.id::text, '审批通过后应有已审核通过的项目' FROM renovation_case c
LEFT JOIN renovation_renovationproject p ON p.case_id = c.id AND p.application_state = 'approved'
WHERE c.state = ANY (%(approved)s::text[]) AND p.id IS NULL
UNION ALL
SELECT '工单', c.id::text, '没有审批通过却有项目' FROM renovation_case c
JOIN renovation_renovationproject p ON p.case_id = c.id
WHERE c.state <> ALL (%(approved)s::text[]) AND c.state <> 'terminated'
UNION ALL
SELECT '工单', c.id::text, '项目与工单的农户或所属村不同' FROM renovation_case c
JOIN renovation_renovationproject p ON p.case_id = c.id
WHERE p.household_id IS DISTINCT FROM c.household_id OR p.region_id <> c.region_id
UNION ALL
SELECT '工单', c.id::text, '办结与项目档案不符' FROM renovation_case c
JOIN renovation_renovationproject p ON p.case_id = c.id
WHERE (c.state = 'completed') <> (p.archive_state = 'approved')
    OR (c.state = 'completed') <> (p.accepted_on IS NOT NULL)
UNION ALL
SELECT '工单', c.id::text, '终止与项目不符' FROM renovation_case c
JOIN renovation_renovationproject p ON p.case_id = c.id
WHERE (c.state = 'terminated') <> (p.terminated_on IS NOT NULL OR p.application_state = 'cancelled')
    OR (p.terminated_on IS NOT NULL AND p.start_date IS NULL)
UNION ALL
SELECT '工单', c.id::text, '项目没有开工或竣工日期' FROM renovation_case c
JOIN renovation_renovationproject p ON p.case_id = c.id
WHERE (p.start_date IS NULL AND c.state IN ('pending_completion', 'pending_final_inspection', 'completed'))
    OR (p.completion_date IS NULL AND c.state IN ('pending_final_inspection', 'completed'))
"""

COUNT_OUTCOMES = "SELECT (SELECT count(*) FROM renovation_publicity) + (SELECT count(*) FROM renovation_rating)"
OUTCOMES = """
SELECT '工单', c.id::text, '公示中应恰有一份正在公示' FROM renovation_case c
LEFT JOIN renovation_publicity p ON p.case_id = c.id AND p.state = 'open'
GROUP BY c.id, c.state HAVING count(p.id) <> (c.state = 'in_publicity')::int
UNION ALL
SELECT '公示', id::text, '结束与撤下时间不符' FROM renovation_publicity
WHERE (state = 'open') <> (closed_at IS NULL)
UNION ALL
SELECT '公示', id::text, '公示期未满而已结束' FROM renovation_publicity WHERE state = 'ended' AND closed_at < ends_at
UNION ALL
SELECT '公示', p.id::text, '期满结束而异议没有处理' FROM renovation_publicity p
JOIN renovation_objection o ON o.publicity_id = p.id AND o.closed_at IS NULL WHERE p.state = 'ended'
UNION ALL
SELECT '评价', r.id::text, '工单没有办结' FROM renovation_rating r
JOIN renovation_case c ON c.id = r.case_id WHERE c.state <> 'completed'
UNION ALL
SELECT '复核申请', s.id::text, '工单不是评议不通过' FROM renovation_secondlook s
JOIN renovation_case c ON c.id = s.case_id WHERE s.closed_at IS NULL AND c.state <> 'review_failed'
"""
