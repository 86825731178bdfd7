"""Claims on an identity: made by a phone, proved by somebody who met the person (decisions 17, 18, 25)."""

from django.db import IntegrityError, transaction

from accounts.actions import audit, messages
from common.clock import now
from common.crypto import blind_index
from common.errors import Refusal
from common.identity import normalise_id_number, normalise_phone
from households.actions.ledger import find_or_create_person, lock_claims_of
from households.choices import ClaimState
from households.models import Claim
from households.queries import MAX_CLAIMS_PER_PHONE, STALE_AFTER, is_stale
from regions.keys import PREFIX

SEE_VILLAGE = "您登记的身份信息需要当面核对，请携带身份证到村委会办理。"
REPLACED = "您的身份信息已用另一手机号当面核对，本手机不能再查看以前的记录。如非本人办理，请携带身份证到村委会核对。"


@transaction.atomic(savepoint=False)
def claim_identity(*, by, name: str, id_number: str, home_region, home_address: str) -> Claim:
    """A new person of this phone. Never tells whether the ID is known (decision 25).

    The same person of this phone again, by ID and name, is the claim that is there already: a retry, a double tap.

    Where a cadre filed for this very person and wrote down this very phone, that proven claim is joined: the
    cadre has met the person, the code has proved the phone. Another name or a year later it is no longer this person.
    """
    own = list(Claim.objects.select_for_update().filter(account=by))
    index = blind_index("id_number", normalise_id_number(id_number))
    if same := next((one for one in own if (one.id_index, one.name) == (index, name)), None):
        return same
    if len(own) >= MAX_CLAIMS_PER_PHONE:
        raise Refusal(f"一个手机号最多登记{MAX_CLAIMS_PER_PHONE}人，如需帮助请联系村委会")
    met = _claim_written_by_cadre(name, id_number, by.phone)
    if met is not None:
        met.account = by
        met.last_seen_at = now()
        met.save(update_fields=["account", "last_seen_at"])
        audit.record(by=by, action="claim.joined", target=met, region=met.home_region)
        return met
    return _make_claim(
        by=by, account=by, name=name, id_number=id_number, phone=by.phone, home=(home_region, home_address)
    )


@transaction.atomic(savepoint=False)
def claim_for_other(*, by, name: str, id_number: str, phone: str, home_region, home_address: str) -> Claim:
    """The claim of somebody a cadre applies for (代办): proven, because the cadre has the person in front."""
    index = blind_index("id_number", normalise_id_number(id_number))
    known = Claim.objects.filter(id_index=index, state=ClaimState.CONFIRMED).first()
    if known is not None:
        return known
    # The person's own phone may have asserted the same already: then that assertion is what the cadre proves.
    own = Claim.objects.filter(
        id_index=index, name=name, phone_index=blind_index("phone", normalise_phone(phone))
    ).first()
    if own is not None:
        return confirm_claim(claim=own, by=by)
    made = _make_claim(
        by=by, account=None, name=name, id_number=id_number, phone=phone, home=(home_region, home_address)
    )
    return confirm_claim(claim=made, by=by)


@transaction.atomic(savepoint=False)
def confirm_claim(*, claim: Claim, by) -> Claim:
    """Prove a claim face to face: its person is found or made, other claims on the ID are sent to the village.

    One that was confirmed earlier gives way too, because a lost phone must be replaceable: that is audited with old
    and new and its holder is told. Refusal when a village would overrule another county (ADR 0002).
    """
    rivals = lock_claims_of(claim.id_index)
    claim = next(one for one in rivals if one.pk == claim.pk)
    if claim.is_confirmed and not is_stale(claim, now()):
        return claim
    others = [one for one in rivals if one.pk != claim.pk and one.state != ClaimState.SUPERSEDED]
    for rival in others:
        _refuse_overruling(rival, by)
        _supersede(rival, by=by, winner=claim)
    claim.last_seen_at = now()
    return _prove(claim, by)


@transaction.atomic(savepoint=False)
def confirm_on_paper(*, claim: Claim, by) -> Claim:
    """受理 proves a claim too, but only while nobody else has been met with that ID (decision 17).

    The county judged papers, not a face: against a confirmed rival, or for a claim that was pushed aside or is
    stale, nothing is proven. Such a claim goes on seeing what it entered itself.
    """
    rivals = lock_claims_of(claim.id_index)
    claim = next(one for one in rivals if one.pk == claim.pk)
    if claim.state != ClaimState.CLAIMED or is_stale(claim, now()) or any(one.is_confirmed for one in rivals):
        return claim
    for rival in rivals:
        if rival.pk != claim.pk and rival.state != ClaimState.SUPERSEDED:
            _supersede(rival, by=by, winner=claim)
    return _prove(claim, by)


@transaction.atomic(savepoint=False)
def touch(*, claim: Claim, by) -> bool:
    """Note that the person was here and answer whether the records open.

    After a year of silence they do not, and the silence goes on: a proof is dropped, and only a new confirmation
    face to face sets the clock anew (decision 17).
    """
    claim = Claim.objects.select_for_update().get(pk=claim.pk)
    if is_stale(claim, now()):
        _lapse(claim, by=by)
        return False
    claim.last_seen_at = now()
    claim.save(update_fields=["last_seen_at"])
    return True


def _prove(claim: Claim, by) -> Claim:
    claim.person = find_or_create_person(by=by, name=claim.name, id_number=claim.id_number, phone=claim.phone)
    claim.state, claim.confirmed_by, claim.confirmed_at = ClaimState.CONFIRMED, by, now()
    claim.save(update_fields=["person", "state", "confirmed_by", "confirmed_at", "last_seen_at"])
    audit.record(by=by, action="claim.confirmed", target=claim, region=claim.home_region)
    messages.send(recipient=claim.uid, kind="C01", text="您的身份信息已核对，可以查看本人的全部申请。", link="/cases/")
    return claim


def _lapse(claim: Claim, *, by) -> None:
    if not claim.is_confirmed:
        return
    claim.state, claim.person = ClaimState.CLAIMED, None
    claim.save(update_fields=["state", "person"])
    changes = {"state": [ClaimState.CONFIRMED, ClaimState.CLAIMED]}
    audit.record(by=by, action="claim.lapsed", target=claim, region=claim.home_region, changes=changes)


def _refuse_overruling(rival: Claim, by) -> None:
    """A village knows its own people; whom another county met is for the township to compare."""
    met_by = rival.confirmed_by.region if rival.confirmed_by_id else None
    if not rival.is_confirmed or met_by is None or by.level != "village":
        return
    county = PREFIX["county"]
    if met_by.key[:county] != by.region.key[:county]:
        raise Refusal("该身份证号码已由其他县的单位当面核对，请本人携带身份证到乡镇办理")


def _make_claim(*, by, account, name, id_number, phone, home) -> Claim:
    region, address = home
    claim = Claim(account=account, name=name, home_region=region, region_key=region.key, home_address=address)
    claim.id_number, claim.phone = normalise_id_number(id_number), normalise_phone(phone)
    claim.last_seen_at = now()
    try:
        with transaction.atomic():
            claim.save()
    except IntegrityError as clash:
        raise Refusal("该身份证号码已在您的手机号下登记") from clash
    audit.record(by=by, action="claim.made", target=claim, region=region)
    return claim


def _claim_written_by_cadre(name: str, id_number: str, phone: str) -> Claim | None:
    return Claim.objects.filter(
        account__isnull=True,
        state=ClaimState.CONFIRMED,
        name=name,
        last_seen_at__gte=now() - STALE_AFTER,
        id_index=blind_index("id_number", normalise_id_number(id_number)),
        phone_index=blind_index("phone", phone),
    ).first()


def _supersede(rival: Claim, *, by, winner: Claim) -> None:
    was_confirmed = rival.is_confirmed
    changes = {"state": [rival.state, ClaimState.SUPERSEDED], "claim": [str(rival.uid), str(winner.uid)]}
    rival.state, rival.person = ClaimState.SUPERSEDED, None
    rival.save(update_fields=["state", "person"])
    audit.record(by=by, action="claim.superseded", target=rival, region=rival.home_region, changes=changes)
    if rival.account_id:
        text = REPLACED if was_confirmed else SEE_VILLAGE
        messages.send(recipient=rival.uid, kind="C02", text=text, link="/cases/")
