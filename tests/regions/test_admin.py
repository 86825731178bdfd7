import datetime as dt
import hashlib

import pytest
from django.urls import reverse

from regions import calendars
from regions.models import CalendarDay, OptionItem, Region, RegionEdit
from regions.options import labels, load_options, options
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client, tree):
    """Sign an account in: `signed_in(region code, duty)`."""

    def sign_in(code, *duties):
        user = make_user(region=tree[code], duties=list(duties))
        client.force_login(user)
        return client

    return sign_in


def address(model, page, *args):
    return reverse(f"admin:regions_{model}_{page}", args=args)


def test_tree_is_listed_and_searched_without_counting_it(signed_in, tree, django_assert_max_num_queries):
    client = signed_in("000000000000", "system_admin")
    with django_assert_max_num_queries(15):
        page = client.get(address("region", "changelist"), {"q": "上坝"})
    text = page.content.decode()
    assert "云岭省青屏市青溪县石桥镇上坝村" in text
    assert "松林村" not in text
    for q in ("shangba", "sbc", "990101100201"):
        assert "上坝村" in client.get(address("region", "changelist"), {"q": q}).content.decode()
    below = client.get(address("region", "changelist"), {"parent__id__exact": tree["990101100000"].pk})
    assert "下坝村民委员会" in below.content.decode()
    assert "松林" not in below.content.decode()


def test_autocomplete_offers_existing_places_only(signed_in, tree):
    client = signed_in("000000000000", "system_admin")
    Region.objects.filter(pk=tree["990102100201"].pk).update(is_effective=False)
    query = {"term": "上坝", "app_label": "regions", "model_name": "regionedit", "field_name": "region"}
    found = client.get(reverse("admin:autocomplete"), query).json()["results"]
    assert [place["text"] for place in found] == ["云岭省青屏市青溪县石桥镇上坝村"]


def test_names_and_codes_are_not_edited_in_place(signed_in, tree):
    client = signed_in("000000000000", "system_admin")
    village = tree["990101100201"]
    page = client.get(address("region", "change", village.pk)).content.decode()
    assert 'name="name"' not in page
    assert client.get(address("region", "add")).status_code == 403
    client.post(address("region", "change", village.pk), {"name": "改名", "order": 7, "national_code": village.code})
    village.refresh_from_db()
    assert (village.name, village.order) == ("上坝村", 7)


def test_county_is_opened_only_when_somebody_works_there(signed_in, tree, monkeypatch):
    from regions import enabling

    monkeypatch.setattr(enabling, "_conditions", [lambda county: "石桥镇还没有账号"])
    client = signed_in("000000000000", "system_admin")
    county = tree["990101000000"]
    values = {"order": 1, "national_code": county.code, "case_enabled": "on"}
    page = client.post(address("region", "change", county.pk), values)
    assert "石桥镇还没有账号" in page.content.decode()
    monkeypatch.setattr(enabling, "_conditions", [])
    assert client.post(address("region", "change", county.pk), values).status_code == 302
    county.refresh_from_db()
    assert county.case_enabled


def test_a_form_with_a_mistake_in_it_opens_no_county(signed_in, tree, monkeypatch):
    from regions import enabling

    heard = []
    monkeypatch.setattr(enabling, "_conditions", [])
    monkeypatch.setattr(enabling, "_witnesses", [lambda county, *, by: heard.append(county.case_enabled)])
    client, county = signed_in("000000000000", "system_admin"), tree["990101000000"]
    values = {"order": "第一", "national_code": county.code, "case_enabled": "on"}
    assert client.post(address("region", "change", county.pk), values).status_code == 200
    county.refresh_from_db()
    assert (county.case_enabled, heard) == (False, [])
    assert client.post(address("region", "change", county.pk), values | {"order": "3"}).status_code == 302
    county.refresh_from_db()
    assert (county.case_enabled, county.order, heard) == (True, 3, [True])
    assert county.edited_at


def test_neighbour_may_look_but_not_change(signed_in, tree):
    client = signed_in("990102000000", "manage_regions")
    page = client.get(address("region", "change", tree["990101000000"].pk))
    assert page.status_code == 200
    assert 'name="order"' not in page.content.decode()
    assert client.post(address("region", "change", tree["990101000000"].pk), {"order": 9}).status_code == 403


def propose(client, tree, **values):
    defaults = {"kind": "add", "parent": tree["990101100000"].pk, "level": "village", "name": "新桥村"}
    return client.post(address("regionedit", "add"), {**defaults, "code": "990101100203", **values})


def publish(client, *edits):
    data = {"action": "publish", "_selected_action": [edit.pk for edit in edits]}
    return client.post(address("regionedit", "changelist"), data, follow=True).content.decode()


def test_change_is_proposed_by_the_county_and_published_by_the_system_administrator(signed_in, tree):
    client = signed_in("990101000000", "manage_regions")
    assert propose(client, tree).status_code == 302
    edit = RegionEdit.objects.get()
    assert "立即生效" not in client.get(address("regionedit", "changelist")).content.decode()
    publish(client, edit)
    assert not Region.objects.filter(code="990101100203").exists()
    client = signed_in("000000000000", "system_admin")
    assert "的1项变更已生效" in publish(client, edit)
    assert Region.objects.get(code="990101100203").full_name == "云岭省青屏市青溪县石桥镇新桥村"


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"name": "上坝村"}, "已有「上坝村」"),
        ({"name": ""}, "请填写本栏"),
        ({"code": "12"}, "编码必须是12位数字"),
        ({"kind": "rename", "region": "990102100201", "name": "新名"}, "不是「石桥镇」的下级"),
        ({"parent": "990102100000"}, "只能变更本辖区内的下级"),
        ({"kind": "move", "region": "990101100201", "target": "990102100000"}, "只能调整到本辖区内"),
        ({"kind": "merge", "region": "990101100201", "target": "990102100201"}, "只能调整到本辖区内"),
    ],
)
def test_change_that_cannot_be_is_refused_beside_the_field(signed_in, tree, values, reason):
    client = signed_in("990101000000", "manage_regions")
    places = ("region", "parent", "target")
    values = {name: tree[value].pk if name in places else value for name, value in values.items()}
    assert reason in propose(client, tree, **values).content.decode()
    assert not RegionEdit.objects.exists()


def test_refused_publication_names_the_reason_and_changes_nothing(signed_in, tree):
    client = signed_in("000000000000", "system_admin")
    propose(client, tree)
    Region.objects.filter(code="990101100202").update(name="新桥村")
    assert "没有生效" in publish(client, RegionEdit.objects.get())
    assert not Region.objects.filter(code="990101100203").exists()


def test_changes_of_the_neighbour_are_not_listed(signed_in, tree):
    mine = signed_in("990101000000", "manage_regions")
    propose(mine, tree)
    assert "新桥村" in mine.get(address("regionedit", "changelist")).content.decode()
    page = signed_in("990102000000", "manage_regions").get(address("regionedit", "changelist"))
    assert "新桥村" not in page.content.decode()


NOTICE = (
    "日期,类型,名称,地区编码,依据\n"
    "2027-01-01,放假,元旦,,测试通知\n"
    "2027-10-01,放假,国庆节,,测试通知\n"
    "2027-02-06,调休上班,春节,,测试通知\n"
    "2027-11-22,放假,州庆,990101000000,测试州通知\n"
)


def import_notice(client, text, encoding="utf-8"):
    from django.core.files.uploadedfile import SimpleUploadedFile

    sheet = SimpleUploadedFile("notice.csv", text.encode(encoding), content_type="text/csv")
    page = client.post(address("calendarday", "import"), {"import_file": sheet, "format": "0", "resource": "0"})
    confirm = page.context.get("confirm_form")
    if confirm is None:
        return page
    client.post(address("calendarday", "process_import"), confirm.initial)
    return page


def test_the_audit_row_of_an_import_names_the_file_and_how_many(signed_in, national_calendar, tree):
    from accounts.models import AuditEntry

    import_notice(signed_in("000000000000", "system_admin"), NOTICE, "gb18030")
    changes = AuditEntry.objects.get(action="calendar.change", changes__has_key="file_sha256").changes
    assert changes["file_sha256"] == hashlib.sha256(NOTICE.encode("gb18030")).hexdigest()
    assert changes["new"] == 4


def test_a_years_notice_is_imported_as_a_sheet(signed_in, national_calendar, tree):
    client = signed_in("000000000000", "system_admin")
    assert "还没有2027年的放假安排" in client.get(address("calendarday", "changelist")).content.decode()
    before = calendars.current().token
    import_notice(client, NOTICE)
    calendar = calendars.current().of(tree["990101100201"].pk)
    assert calendars.current().token != before
    assert calendar.is_published(2027)
    assert calendar.is_workday(dt.date(2027, 2, 6))
    assert not calendar.is_workday(dt.date(2027, 11, 22))
    assert calendars.current().of(None).is_workday(dt.date(2027, 11, 22))
    # The same sheet again changes nothing, a corrected row changes one day.
    count, token = CalendarDay.objects.count(), calendars.current().token
    import_notice(client, NOTICE)
    assert (CalendarDay.objects.count(), calendars.current().token) == (count, token)
    import_notice(client, NOTICE.replace("2027-02-06,调休上班", "2027-02-06,放假"))
    assert CalendarDay.objects.count() == count
    assert not calendars.current().of(None).is_workday(dt.date(2027, 2, 6))


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig"])
def test_sheet_saved_by_a_chinese_spreadsheet_is_read(signed_in, tree, encoding):
    import_notice(signed_in("000000000000", "system_admin"), NOTICE, encoding)
    assert CalendarDay.objects.get(date="2027-02-06").name == "春节"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("2027-03-01,休息,某日,,测试", "类型只能是"),
        ("2027-03-01,放假,某日,123456789012,测试", "没有编码为 123456789012 的行政区划"),
        ("2027-13-01,放假,某日,,测试", ""),
    ],
)
def test_wrong_rows_of_a_sheet_are_shown_and_nothing_is_imported(signed_in, tree, row, reason):
    client = signed_in("000000000000", "system_admin")
    page = import_notice(client, f"日期,类型,名称,地区编码,依据\n2027-03-08,放假,好日,,测试\n{row}\n")
    assert reason in page.content.decode()
    assert not CalendarDay.objects.exists()


def test_calendar_is_exported_with_chinese_heads(signed_in, national_calendar):
    from regions.resources import CalendarDayResource

    sheet = CalendarDayResource().export(CalendarDay.objects.filter(date="2026-02-14"))
    assert sheet.csv.splitlines()[0] == "日期,类型,名称,地区编码,依据"
    assert sheet.csv.splitlines()[1].startswith("2026-02-14,调休上班,春节,,")


def test_calendar_day_is_edited_and_deleted_with_a_new_stamp(signed_in, national_calendar, tree):
    client = signed_in("000000000000", "system_admin")
    tokens = [calendars.current().token]
    values = {"date": "2026-11-24", "kind": "holiday", "name": "州庆", "source": "测试", "region": ""}
    assert client.post(address("calendarday", "add"), values).status_code == 302
    tokens.append(calendars.current().token)
    day = CalendarDay.objects.get(date="2026-11-24")
    client.post(address("calendarday", "change", day.pk), {**values, "region": tree["990101000000"].pk})
    tokens.append(calendars.current().token)
    client.post(address("calendarday", "delete", day.pk), {"post": "yes"})
    tokens.append(calendars.current().token)
    assert len(set(tokens)) == 4
    assert not CalendarDay.objects.filter(pk=day.pk).exists()


def test_county_administrator_keeps_to_local_days(signed_in, national_calendar, tree):
    client = signed_in("990101000000", "system_admin")
    values = {"date": "2026-11-24", "kind": "holiday", "name": "县庆", "source": "测试"}
    assert "只能维护本辖区的日历" in client.post(address("calendarday", "add"), values).content.decode()
    local = {**values, "region": tree["990101000000"].pk}
    assert client.post(address("calendarday", "add"), local).status_code == 302
    national = CalendarDay.objects.get(date="2026-02-14")
    assert client.post(address("calendarday", "delete", national.pk), {"post": "yes"}).status_code == 403
    assert client.get(address("calendarday", "import")).status_code == 403


def test_options_are_loaded_once_and_keep_what_was_edited(db):
    assert load_options() == 85
    OptionItem.objects.filter(list_code="trade", code="tiler").update(label="泥瓦工")
    assert load_options() == 0
    assert options("trade")[0] == ("tiler", "泥瓦工")
    assert [label for _, label in options("geological_hazard")] == [
        "切坡建房",
        "滑坡泥石流",
        "地下采空区",
        "洪涝",
        "山体崩塌",
        "地面沉降",
        "其他",
    ]


def test_retired_options_are_no_longer_offered_but_stay_readable(db):
    load_options()
    tiler = OptionItem.objects.get(list_code="trade", code="tiler")
    tiler.valid_to = dt.date(2026, 6, 30)
    tiler.save()
    assert "tiler" in dict(options("trade", on=dt.date(2026, 6, 30)))
    assert "tiler" not in dict(options("trade", on=dt.date(2026, 7, 1)))
    OptionItem.objects.filter(list_code="trade", code="carpenter").update(active=False)
    assert "carpenter" not in dict(options("trade"))
    assert labels("trade")["carpenter"] == "木工"


def test_options_are_never_deleted_and_keep_their_code(signed_in):
    load_options()
    client = signed_in("000000000000", "system_admin")
    item = OptionItem.objects.first()
    assert client.post(address("optionitem", "delete", item.pk), {"post": "yes"}).status_code == 403
    assert 'name="code"' not in client.get(address("optionitem", "change", item.pk)).content.decode()
