"""The county's change of a township's opinion (domain §4.8): the original stays, both signatures are kept."""

from accounts.actions import audit, messages
from accounts.queries import handling_office
from renovation.choices import CaseState
from renovation.models import Case, CaseNode, OpinionAmendment
from renovation.urls_of import for_staff
from renovation.workflow import TOWNSHIP

TOLD = "工单{no}的乡镇街道审核意见已由{office}修改，原意见保留，请查看。"


def amend(*, case: Case, by, at, amended: str) -> OpinionAmendment | None:
    """Keep the changed opinion beside the township's own and tell the township; None when nothing was changed.

    Called inside the county's decision, on the locked case.
    """
    nodes = CaseNode.objects.filter(case=case, code=CaseState.PENDING_TOWNSHIP_AUDIT, handled_at__isnull=False)
    node = nodes.order_by("-seq").first()
    if node is None or not amended.strip() or amended.strip() == node.opinion.strip():
        return None
    row = OpinionAmendment.objects.create(
        case=case,
        node=node,
        original=node.opinion,
        amended=amended.strip(),
        original_by_name=node.handler_name,
        original_office_name=node.office_name,
        by=by,
        by_name=by.display_name,
        office_name=by.office.name,
        at=at,
    )
    audit.record(by=by, action="case.opinion_amended", target=case, region=case, changes={"step": node.seq})
    office = handling_office(case.township_id, TOWNSHIP) if case.township_id else None
    if office is not None:
        text = TOLD.format(no=case.number, office=by.office.name)
        messages.send_to_office(office=office, kind="A01", text=text, link=for_staff(case))
    return row
