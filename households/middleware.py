"""A phone account speaks for one person at a time (decision 18); this is where the request learns for whom."""

from common.clock import now
from common.rows import one
from households.choices import ClaimState
from households.models import Claim
from households.queries import is_stale
from regions.scope import NOTHING, Scope

SESSION_KEY = "claim"


class ActingClaimMiddleware:
    """Gives a villager's request the scope of the person whose name was tapped; without one it sees nothing."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.claim = None
        if request.user.is_authenticated and request.user.is_villager:
            request.claim = _claim_in_use(request)
        if request.claim is not None:
            request.user.act_as(scope_of(request.claim))
        return self.get_response(request)


def scope_of(claim: Claim) -> Scope:
    """What the claim may see: its own entries, and once proven all cases of the person (decision 17).

    After a year of silence nothing: the number may ring in somebody else's pocket.
    """
    if is_stale(claim, now()):
        return NOTHING
    person_id = claim.person_id if claim.state == ClaimState.CONFIRMED else None
    return Scope(kind="owner", owner=claim.uid, person_id=person_id)


def act_for(request, claim: Claim) -> None:
    """From now on this session speaks for that person; the caller has checked that the phone holds the claim."""
    request.session[SESSION_KEY] = claim.pk
    request.claim = claim
    request.user.act_as(scope_of(claim))


def _claim_in_use(request) -> Claim | None:
    pk = request.session.get(SESSION_KEY)
    if pk is None:
        return None
    claim = one(Claim.objects.filter(pk=pk, account=request.user))
    # A stale one is in nobody's use: its name has to be tapped, and the page behind it says where to go.
    return None if claim is None or is_stale(claim, now()) else claim
