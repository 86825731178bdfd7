"""Claims on an identity: made by a phone, proved by somebody who met the person (decisions 17, 18, 25)."""

from django.contrib.auth.hashers import check_password, make_password
from django.db import IntegrityError, transaction

from accounts.actions import audit, messages
from common.clock import now
from common.crypto import blind_index
from common.errors import Refusal
from common.identity import normalise_id_number, normalise_phone
from households.actions.ledger import find_or_create_person, lock_claims_of
from households.choices import ClaimState
from households.models import Claim
from households.queries import MAX_CLAIMS_PER_PHONE, is_stale


@transaction.atomic(savepoint=False)
def claim_identity(*, by, name: str, id_number: str, home_region, home_address: str) -> Claim:
    """A new person of this phone. Never tells whether the ID is known (decision 25).

    Where a cadre filed for this very person and wrote down this very phone, that proven claim is joined: the
    cadre has met the person, the code has proved the phone.
    """
    if len(Claim.objects.select_for_update().filter(account=by)) >= MAX_CLAIMS_PER_PHONE:
        raise Refusal(f"一个手机号最多登记{MAX_CLAIMS_PER_PHONE}人，如需帮助请联系村委会")
    met = _claim_written_by_cadre(id_number, by.phone)
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
    own = Claim.objects.filter(id_index=index, phone_index=blind_index("phone", normalise_phone(phone))).first()
    if own is not None:
        return confirm_claim(claim=own, by=by)
    made = _make_claim(
        by=by, account=None, name=name, id_number=id_number, phone=phone, home=(home_region, home_address)
    )
    return confirm_claim(claim=made, by=by)


@transaction.atomic(savepoint=False)
def confirm_claim(*, claim: Claim, by) -> Claim:
    """Prove a claim: its person is found or made, all other claims on the same ID are told to see the village."""
    rivals = lock_claims_of(claim.id_index)
    claim = next(one for one in rivals if one.pk == claim.pk)
    if claim.is_confirmed:
        return claim
    for rival in rivals:
        if rival.pk != claim.pk and rival.state != ClaimState.SUPERSEDED:
            _supersede(rival, by=by)
    claim.person = find_or_create_person(by=by, name=claim.name, id_number=claim.id_number, phone=claim.phone)
    claim.state, claim.confirmed_by, claim.confirmed_at = ClaimState.CONFIRMED, by, now()
    claim.save(update_fields=["person", "state", "confirmed_by", "confirmed_at"])
    audit.record(by=by, action="claim.confirmed", target=claim, region=claim.home_region)
    messages.send(recipient=claim.uid, kind="C01", text="您的身份信息已核对，可以查看本人的全部申请。", link="/cases/")
    return claim


@transaction.atomic(savepoint=False)
def set_pin(*, claim: Claim, pin: str, by) -> None:
    """Protect a person of a shared phone with four digits; an empty pin takes the protection away."""
    if pin and not (len(pin) == 4 and pin.isascii() and pin.isdigit()):
        raise Refusal("请输入4位数字")
    claim.pin_hash = make_password(pin) if pin else ""
    claim.save(update_fields=["pin_hash"])
    audit.record(by=by, action="claim.pin_changed", target=claim, region=claim.home_region)


def pin_opens(claim: Claim, pin: str) -> bool:
    """Whether this pin opens the person; a person without a pin is open."""
    return not claim.pin_hash or check_password(pin, claim.pin_hash)


@transaction.atomic(savepoint=False)
def touch(claim: Claim) -> Claim:
    """Note that the person was here; after a year of silence the proof is void and must be renewed."""
    if is_stale(claim, now()) and claim.is_confirmed:
        claim.state, claim.person = ClaimState.CLAIMED, None
    claim.last_seen_at = now()
    claim.save(update_fields=["state", "person", "last_seen_at"])
    return claim


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


def _claim_written_by_cadre(id_number: str, phone: str) -> Claim | None:
    return Claim.objects.filter(
        account__isnull=True,
        state=ClaimState.CONFIRMED,
        id_index=blind_index("id_number", normalise_id_number(id_number)),
        phone_index=blind_index("phone", phone),
    ).first()


def _supersede(rival: Claim, *, by) -> None:
    rival.state, rival.person = ClaimState.SUPERSEDED, None
    rival.save(update_fields=["state", "person"])
    audit.record(by=by, action="claim.superseded", target=rival, region=rival.home_region)
    if rival.account_id:
        messages.send(
            recipient=rival.uid,
            kind="C02",
            text="您登记的身份信息需要当面核对，请携带身份证到村委会办理。",
            link="/cases/",
        )
