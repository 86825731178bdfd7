"""Units are kept by whoever stands above them, and their telephones by themselves (decision 20)."""

import pytest
from django.core.exceptions import ValidationError

from accounts.actions.offices import save_office
from accounts.models import AuditEntry, Office
from common.errors import Refusal
from tests.factories.accounts import make_office


def test_own_telephones_and_units_below(manager, office):
    own = manager.office
    own.phone = "0999-7000000"
    save_office(by=manager, office=own)
    office.seal_name = "石桥镇人民政府"
    save_office(by=manager, office=office)
    assert AuditEntry.objects.filter(action="office.save").count() == 2


def test_not_a_neighbours(tree, manager):
    with pytest.raises(Refusal):
        save_office(by=manager, office=make_office(tree["990102100000"]))


@pytest.mark.parametrize(
    ("code", "level"), [("990102100000", "township"), ("990101000000", "county"), ("990101100000", "village")]
)
def test_page_keeps_what_was_typed_when_the_place_is_not_ones_own(client, tree, manager, code, level):
    client.force_login(manager)
    said = {"region": tree[code].pk, "level": level, "name": "打了很久的名称", "phone": "0999-7654000"}
    page = client.post("/admin/accounts/office/add/", said)
    assert page.status_code == 200
    assert "打了很久的名称" in page.content.decode()
    assert "请重新选择属地和级别" in page.content.decode() or "级别与所选属地不一致" in page.content.decode()
    assert not Office.objects.filter(name="打了很久的名称").exists()


def test_page_stores_a_unit_below(client, township, manager):
    client.force_login(manager)
    said = {"region": township.pk, "level": "township", "name": "石桥镇村镇中心"}
    assert client.post("/admin/accounts/office/add/", said).status_code == 302
    assert Office.objects.filter(name="石桥镇村镇中心", region=township).exists()


def test_level_must_be_the_regions(manager, township):
    with pytest.raises(ValidationError):
        save_office(by=manager, office=Office(region=township, level="village", name="错"))
