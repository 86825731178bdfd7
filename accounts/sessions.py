"""The life of a login: how it begins, how long it may lie idle, how it ends (decision 26, L-07, L-08)."""

from contextlib import suppress
from datetime import datetime, timedelta

from django.contrib.auth import login, logout
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.actions import audit
from accounts.choices import ADMIN_DUTIES, Level, LoginOutcome
from accounts.models import LoginAttempt
from common import clock
from common.errors import Unavailable

IDLE_FIELD, IDLE_DESK = timedelta(hours=2), timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
# The moment of the last request is written down once a minute, not with every photo.
TOUCH_EVERY = timedelta(seconds=60)
FIELD_LEVELS = (Level.VILLAGER, Level.VILLAGE, Level.TOWNSHIP)
BACKEND = "accounts.backends.AccountBackend"
DEVICE_COOKIE = "device"
DEVICE_AGE = timedelta(days=365)


def idle_limit(user) -> timedelta:
    """Two hours for those in the field, thirty minutes from the county up and for administrators (decision 26)."""
    is_administrator = user.is_superuser or bool(set(user.duties) & set(ADMIN_DUTIES))
    return IDLE_FIELD if user.level in FIELD_LEVELS and not is_administrator else IDLE_DESK


def begin(request, user) -> None:
    """Log in under a new session number; remembers when and from where this account came before."""
    before = last_login_before(user)
    # Nothing that somebody else may have put into this browser's session survives the login.
    request.session.flush()
    login(request, user, backend=BACKEND)
    stamp = clock.now().isoformat()
    request.session.update({"began_at": stamp, "seen_at": stamp, "last_login": before})


def end(request) -> None:
    """Log out; the whole session goes."""
    if request.user.is_authenticated:
        # It only takes rights away, and the desk may be shared: nobody is kept in by a closed trail.
        with suppress(Unavailable):
            audit.record(by=request.user, action="logout")
    logout(request)


def has_timed_out(request) -> bool:
    """Whether this session lay idle too long or is older than twelve hours; otherwise notes that it is in use."""
    now = clock.now()
    began, seen = (_moment(request.session.get(name)) for name in ("began_at", "seen_at"))
    if began is None or seen is None:
        # A session begun without our login page (tests' force_login): its clock starts now.
        request.session.update({"began_at": now.isoformat(), "seen_at": now.isoformat()})
        return False
    if now - seen > idle_limit(request.user) or now - began > ABSOLUTE:
        return True
    if now - seen > TOUCH_EVERY:
        request.session["seen_at"] = now.isoformat()
    return False


def seconds_left(request) -> int:
    """How long this session lasts if nothing more is asked of it; 0 without one."""
    began, seen = (_moment(request.session.get(name)) for name in ("began_at", "seen_at"))
    if not request.user.is_authenticated or began is None or seen is None:
        return 0
    return int((min(seen + idle_limit(request.user), began + ABSOLUTE) - clock.now()).total_seconds())


def last_login_before(user) -> dict | None:
    """Time and address of the latest successful login so far, to be shown after the next one (reliability §5.11)."""
    last = LoginAttempt.objects.filter(account=user, outcome=LoginOutcome.OK).order_by("-id")[1:2]
    return {"at": last[0].at.isoformat(), "ip": last[0].ip} if last else None


def safe_next(request, fallback: str = "/") -> str:
    """The page that was wanted before the login, if it is one of ours; otherwise the fallback."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    hosts = {request.get_host()}
    # A path only: "//elsewhere" and "http:" go back to the fallback.
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, hosts, require_https=request.is_secure()):
        return wanted
    return fallback


def home_of(user) -> str:
    """Where somebody lands who wanted no page in particular."""
    names = ("applicants:people", "applicants:home") if user.is_villager else ("workbench:home",)
    for name in names:
        try:
            return reverse(name)
        except NoReverseMatch:  # a floor above that this installation does not have
            continue
    return reverse("accounts:profile") if not user.is_villager else "/"


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
