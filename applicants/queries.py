"""What villagers' pages read: their own applications, and public facts about offices."""

from django.db.models import F, Max, Min, QuerySet

from accounts.choices import LADDER
from accounts.models import Office
from applicants.models import Recording, Speech
from applicants.spoken import TEXTS
from regions.keys import ancestor_keys
from regions.models import Region
from renovation.choices import CaseState
from renovation.models import Case
from renovation.queries.cases import FINISHED


def draft_of(user) -> Case | None:
    """The person's own unfinished application, or None."""
    return Case.objects.visible_to(user).filter(state=CaseState.DRAFT, on_behalf=False).order_by("-id").first()


def open_case_of(user) -> Case | None:
    """The person's application that is being handled, or None."""
    mine = Case.objects.visible_to(user).open()
    # Whoever helps somebody else may still need a house for themselves.
    return mine.exclude(agent_claim__uid=user.acting_uid).order_by("-id").first()


def filed_cases(user) -> dict[str, QuerySet[Case]]:
    """处理中 and 已完成 of the person, newest first."""
    cases = Case.objects.visible_to(user).filed().order_by("-submitted_at", "-id")
    return {"open": cases.open(), "finished": cases.filter(FINISHED)}


def filed_for_others(user) -> QuerySet[Case]:
    """What a cadre, or a villager for others, has begun or filed (代办), newest first."""
    cases = Case.objects.visible_to(user).filter(on_behalf=True, filed_by=user)
    if user.is_villager:
        cases = cases.filter(agent_claim__uid=user.acting_uid)
    return cases.select_related("region").order_by("-id")


def county_is_open(region: Region) -> bool:
    """Whether the county of that village takes on-line applications (decision 19)."""
    return Region.objects.filter(key__in=_path(region), level="county", case_enabled=True).exists()


def office_for_all() -> Office | None:
    """The nearest office with a telephone that every open county lies under; before login no place is known.

    Where one county takes on-line applications that is its own, where several do their city's or province's.
    """
    ends = Region.objects.filter(level="county", case_enabled=True).aggregate(first=Min("key"), last=Max("key"))
    if ends["first"] is None:
        return None
    shared = set(ancestor_keys(ends["first"])) & set(ancestor_keys(ends["last"]))
    found = Office.objects.filter(region__key__in=shared).exclude(phone="")
    return min(found, key=lambda office: LADDER.index(office.level), default=None)


def offices_of(region: Region | None) -> list[Office]:
    """The units a villager of that place may call, the nearest first; their telephones are public."""
    if region is None:
        return []
    found = Office.objects.filter(region__key__in=_path(region), level__in=LADDER[:3]).exclude(phone="")
    return sorted(found, key=lambda office: LADDER.index(office.level))


def recordings_for(user, key: str) -> list[Recording]:
    """The recordings of that text in every language the user's place has, the nearest place's own before others'."""
    if key not in TEXTS or not user.is_authenticated:
        return []
    found = Recording.objects.visible_to(user).filter(text=key, fingerprint=TEXTS[key].fingerprint)
    # Keys grow towards the village: the last of a language is the nearest one.
    nearest = {one.slot: one for one in found.select_related("file").order_by(F("region__key").asc(nulls_first=True))}
    return sorted(nearest.values(), key=lambda one: (Speech.values.index(one.speech), one.language))


def _path(region: Region) -> list[str]:
    return [region.key, *ancestor_keys(region.key)]
