from django.db import transaction

from accounts.actions import audit
from accounts.models import Office, User
from accounts.permissions import Can
from accounts.queries import MANAGED_LEVELS
from common.errors import Refusal
from regions.models import Region

FIELDS = ("name", "short_name", "phone", "supervising_phone", "address", "seal_name")


def save_office(*, by: User, office: Office) -> Office:
    """Store a unit below the manager, or the telephones of its own one (decision 20); what changed is audited."""
    if not by.can(Can.MANAGE_OFFICES) or not may_edit(by, office):
        raise Refusal("只能维护本单位和下级单位")
    with transaction.atomic():
        before = Office.objects.select_for_update().filter(pk=office.pk).first()
        changes = {
            name: [getattr(before, name, ""), getattr(office, name)]
            for name in FIELDS
            if getattr(before, name, "") != getattr(office, name)
        }
        office.full_clean()
        office.save()
        audit.record(by=by, action="office.save", target=office, changes=changes)
    return office


def may_edit(by: User, office: Office) -> bool:
    """One's own unit (its telephones), and units of the levels below inside one's region."""
    if by.is_superuser or office.pk == by.office_id:
        return True
    low, high = by.region.key_range
    return office.level in MANAGED_LEVELS.get(by.level, ()) and low <= office.region.key <= high


def offices_of(region: Region) -> str | None:
    """Why a division cannot be closed (domain §9.2): units or accounts stand in it."""
    low, high = region.key_range
    here = Office.objects.filter(region__key__range=(low, high))
    if User.objects.active().filter(office__in=here).exists():
        return "该区划下还有正常状态的账号，请先注销或调整"
    return None


def hand_over_offices(old: Region, new: Region) -> None:
    """When a division is merged into another its units follow, accounts and all."""
    for office in Office.objects.filter(region=old):
        if Office.objects.filter(region=new, name=office.name).exists():
            office.name = f"{office.name}（原{old.name}）"
        office.region = new
        office.save(update_fields=["region", "name"])
