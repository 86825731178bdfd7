"""Writes to a case before 提交: the draft lives on the server from its first page (decision 7)."""

from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from accounts.actions import audit
from accounts.models import User
from common.clock import now
from common.errors import Refusal
from common.identity import normalise_id_number, normalise_person_name
from households.actions import attachments
from households.models import Attachment, Claim
from renovation.choices import AgentRelation, CaseState, Slot
from renovation.guards import MAX_RISK_PHOTOS
from renovation.models import Case, CaseMember
from renovation.permissions import is_applicant
from renovation.queries.cases import OPEN

# What the pages of the form may write; every other column belongs to the steps.
ANSWERS = frozenset(
    {
        "applicant_name",
        "applicant_id_number",
        "applicant_phone",
        "region",
        "house_address",
        "lon",
        "lat",
        "crs",
        "residence_region",
        "residence_address",
        "registered_region",
        "registered_address",
        "risk_parts",
        "risk_description",
    }
)
# Both follow the house for as long as they were the same as the house (「与房屋地址相同」).
FOLLOWERS = (("residence_region", "residence_address"), ("registered_region", "registered_address"))
MAX_MEMBERS = 20
# Whom one villager helps at a time, drafts included: a family or a lane, not a trade.
MAX_HELPED = 6
# One sheet, or both its sides.
MAX_CONSENT_PHOTOS = 2
LIMITS = {Slot.RISK: MAX_RISK_PHOTOS, Slot.CONSENT: MAX_CONSENT_PHOTOS}


@transaction.atomic
def start_draft(*, by, claim: Claim, notice_version: str) -> Case:
    """The draft of that person; the one already begun is returned instead of a second (double tap, second phone)."""
    # Locked so that two first pages opened at once make one draft.
    claim = Claim.objects.select_for_update().get(pk=claim.pk)
    draft = Case.objects.filter(claim=claim, state=CaseState.DRAFT, on_behalf=False).order_by("id").first()
    if draft is not None and draft.notice_version == notice_version:
        return draft
    if draft is None:
        draft = Case(claim=claim, filed_by=by, applicant_name=claim.name)
        draft.applicant_id_number, draft.applicant_phone = claim.id_number, claim.phone
    return _agree(draft, by, notice_version)


@dataclass(frozen=True)
class Helper:
    """Who fills in for somebody (代办): a cadre, or a villager on the own phone with the claim that writes."""

    name: str
    phone: str
    relation: str = AgentRelation.VILLAGE_CADRE
    claim: Claim | None = None


@transaction.atomic
def start_draft_for(*, by, helper: Helper, notice_version: str, village=None) -> Case:
    """A draft somebody fills in for another (代办): both names stay with the case (decision 8, ADR 0110).

    `village` is that of the one filed before, where a cadre goes from house to house. One begun before and still
    without any answer is taken instead of a second: a retry, a double tap. Refusal when a villager helps too many.
    """
    # Locked so that two first pages opened at once make one draft.
    User.objects.select_for_update(of=("self",)).get(pk=by.pk)
    begun = Case.objects.filter(filed_by=by, on_behalf=True, state=CaseState.DRAFT, last_page="", answers_version=0)
    begun = begun.filter(agent_name=helper.name, agent_relation=helper.relation, agent_claim=helper.claim)
    for draft in begun.filter(notice_version=notice_version, applicant_name="", region=village):
        if draft.agent_phone == helper.phone:
            return draft
    if helper.claim is not None and _helped_by(helper.claim).count() >= MAX_HELPED:
        raise Refusal(f"一个人最多同时帮{MAX_HELPED}户申请，还要帮别人的，请找村委会")
    draft = Case(filed_by=by, on_behalf=True, agent_name=helper.name, agent_relation=helper.relation)
    draft.agent_phone, draft.agent_claim = helper.phone, helper.claim
    if village is not None:
        draft.bind_region(village)
    return _agree(draft, by, notice_version)


def _helped_by(claim: Claim):
    return Case.objects.filter(agent_claim=claim).filter(OPEN | Q(state=CaseState.DRAFT))


def _agree(draft: Case, by, notice_version: str) -> Case:
    draft.notice_version, draft.notice_agreed_at = notice_version, now()
    draft.save()
    audit.record(by=by, action="draft.started", target=draft, region=_place(draft), changes={"notice": notice_version})
    return draft


def _place(draft: Case):
    """Where the draft belongs in the audit trail: its village, before that the home of whoever fills it in."""
    claim = draft.claim or draft.agent_claim
    return draft if draft.region_key or claim is None else claim.home_region


def lock_draft(case: Case, by) -> Case:
    """The draft, locked for this transaction; Refusal when it is gone, filed meanwhile, or somebody else's."""
    draft = Case.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=case.pk).first()
    if draft is None or not is_applicant(by, draft):
        raise Refusal("没有找到这份申请", code="missing")
    if draft.state != CaseState.DRAFT:
        raise Refusal("这份申请已经提交，不能再修改", code="filed")
    return draft


@transaction.atomic
def save_answers(*, case: Case, by, answers: dict, page: str = "", seen: int | None = None) -> Case:
    """Write what a page asked for; `page` is where to go on next time. Keys outside ANSWERS are a programming error.

    An autosave gives the answers_version `seen` by its page: Refusal (code "late") when 继续 has been pressed since.
    """
    if unknown := set(answers) - ANSWERS:
        raise KeyError(sorted(unknown))
    draft = lock_draft(case, by)
    _refuse_late(draft, seen)
    changed = [name for name, value in answers.items() if getattr(draft, name) != value]
    following = [pair for pair in FOLLOWERS if _is_at_house(draft, pair)]
    for name in changed:
        draft.bind_region(answers[name]) if name == "region" else setattr(draft, name, answers[name])
    if "region" in changed and "lon" not in answers:
        # A point taken in one village says nothing about a house in another.
        draft.lon, draft.lat, draft.crs = None, None, ""
    for region, address in following:
        if region not in answers:
            setattr(draft, region, draft.region)
            setattr(draft, address, draft.house_address)
    draft.last_page = page or draft.last_page
    draft.answers_version += 1 if seen is None else 0
    draft.save()
    if changed:
        audit.record(
            by=by, action="draft.saved", target=draft, region=_place(draft), changes={"fields": sorted(changed)}
        )
    return draft


def _refuse_late(draft: Case, seen: int | None) -> None:
    if seen is not None and seen < draft.answers_version:
        raise Refusal("这份申请刚才已在别处保存，这次没有自动保存。点“继续”会保存这一页", code="late")


def _is_at_house(draft: Case, pair: tuple[str, str]) -> bool:
    region, address = (getattr(draft, name) for name in pair)
    return region is not None and region == draft.region and address == draft.house_address


@transaction.atomic
def save_member(
    *, case: Case, by, name: str, id_number: str, relation: str, member: CaseMember | None = None
) -> CaseMember:
    """Add a family member to the draft or change one; Refusal when the ID stands in the list already (domain §3.4).

    The same person added once more, in every answer, is the one who is there: a retry, a double tap.
    """
    draft = lock_draft(case, by)
    if member is None and (same := _same_member(draft, name, id_number, relation)):
        return same
    if member is None and draft.members.count() >= MAX_MEMBERS:
        raise Refusal(f"最多填写{MAX_MEMBERS}位家庭成员")
    member = CaseMember(case=draft) if member is None else draft.members.get(pk=member.pk)
    member.name, member.relation = normalise_person_name(name), relation
    member.id_number = normalise_id_number(id_number)
    if member.id_number == draft.applicant_id_number:
        raise Refusal("身份证号码与申请人相同，请核对", code="id_number")
    try:
        with transaction.atomic():
            member.save()
    except IntegrityError as clash:
        raise Refusal("该身份证号码已在家庭成员中，请核对", code="id_number") from clash
    audit.record(by=by, action="draft.member_saved", target=draft, region=_place(draft))
    return member


def _same_member(draft: Case, name: str, id_number: str, relation: str) -> CaseMember | None:
    wanted = (normalise_person_name(name), normalise_id_number(id_number), relation)
    return next((one for one in draft.members.all() if (one.name, one.id_number, one.relation) == wanted), None)


@transaction.atomic
def remove_member(*, case: Case, by, member: CaseMember) -> None:
    """Take a family member off the draft."""
    draft = lock_draft(case, by)
    draft.members.filter(pk=member.pk).delete()
    audit.record(by=by, action="draft.member_removed", target=draft, region=_place(draft))


def add_photo(*, case: Case, by, upload, client_id: UUID, slot: Slot = Slot.RISK) -> Attachment:
    """Store one photo of the danger, or of the signed sheet of a 代办 draft.

    A retry with the same client id or the same bytes returns the first row.
    """
    with transaction.atomic():
        draft = lock_draft(case, by)
    if slot == Slot.CONSENT and not draft.on_behalf:
        raise Refusal("只有代办的申请要传委托书")
    return attachments.add_photo(
        by=by,
        owner_kind="case",
        owner=draft,
        slot=slot,
        client_id=client_id,
        upload=upload,
        # Decoding takes seconds on a weak machine: the draft may have been submitted meanwhile.
        gate=lambda: lock_draft(case, by),
        limit=LIMITS[slot],
    )


@transaction.atomic
def remove_photo(*, case: Case, by, uid: UUID) -> None:
    """Delete one photo of the draft; one that is gone already is no error (a retry after a lost answer)."""
    draft = lock_draft(case, by)
    photo = draft.photos().filter(uid=uid).first()
    if photo is not None:
        attachments.remove_attachment(by=by, attachment=photo, owner=draft)


@transaction.atomic
def delete_draft(*, case: Case, by) -> None:
    """Throw the draft away with its members and photos; an application once filed is withdrawn instead."""
    draft = lock_draft(case, by)
    for photo in draft.photos():
        attachments.remove_attachment(by=by, attachment=photo, owner=draft)
    audit.record(by=by, action="draft.deleted", target=draft, region=_place(draft))
    draft.delete()
