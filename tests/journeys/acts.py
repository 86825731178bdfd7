"""The later steps as their people take them in a browser, from the review to the rating (domain §4.6–4.12)."""

from playwright.sync_api import expect

from common.clock import today
from tests.journeys.desk import answer, assert_fits, case_url, confirm, note_doubts, said, submit, upload, upload_sheet

TODAY = f"{today():%Y-%m-%d}"


def review(page):
    """评议·通过 with a photo of the place and of the result."""
    expect(page.get_by_role("heading", name="我要办理：乡镇组织评议")).to_be_visible()
    answer(page, "conclusion", "pass")
    page.fill("[name=review_date]", TODAY)
    page.fill("[name=family_size]", "3")
    answer(page, "has_veteran", "false")
    answer(page, "has_disabled", "true")
    page.fill("[name=house_area]", "80")
    page.fill("[name=publicity_place]", "村务公开栏张贴，村微信群")
    upload(page, "site_photos", 11)
    upload(page, "result_photos", 12)
    page.get_by_role("button", name="经村民会议民主评议，同意").click()
    assert_fits(page)
    submit(page)
    said(page, "评议已通过，下一环节：公示")


def hang_up(page, case):
    """The cadre of the village shows the board on the page of the notice; returns the address for everybody."""
    page.goto(case_url(case, "notice"))
    upload(page, "publicity_photos", 13)
    assert_fits(page)
    return page.get_by_role("link", name="查看公示网页").get_attribute("href")


def read_as_anybody(page, address: str):
    """The notice needs no account, and names the family."""
    page.goto(address)
    expect(page.get_by_text("现予公示，请大家监督")).to_be_visible()
    expect(page.get_by_text("异议受理单位").or_(page.get_by_role("heading", name="有不同意见")).first).to_be_visible()
    assert_fits(page)


def audit(page):
    expect(page.get_by_role("heading", name="我要办理：乡镇街道审核")).to_be_visible()
    answer(page, "conclusion", "pass")
    page.get_by_role("button", name="经审核，申请材料齐全").click()
    assert_fits(page)
    submit(page)
    said(page, "已审核，下一环节：区县审批")


def approve(page):
    expect(page.get_by_text("本月入户调查比例")).to_be_visible()
    answer(page, "home_visit", "true")
    page.fill("[name=visit_note]", "已入户，情况属实。")
    answer(page, "conclusion", "pass")
    answer(page, "plan_year", str(today().year))
    answer(page, "energy_saving", "false")
    answer(page, "accessibility", "true")
    page.get_by_role("button", name="经审批，符合农村").click()
    assert_fits(page)
    submit(page)
    confirm(page, "审批·通过")
    said(page, "已审批，下一环节：乡镇组织实施")


def start_works(page):
    page.fill("[name=start_date]", TODAY)
    answer(page, "build_mode", "self")
    answer(page, "builder_kind", "self")
    upload(page, "before_photos", 14)
    upload_sheet(page, "agreement_files", 15)
    assert_fits(page)
    submit(page)
    said(page, "已提交实施情况，下一环节：乡镇街道提交验收")


def report_completion(page):
    page.fill("[name=completion_date]", TODAY)
    page.select_option("[name=after_structure]", "8")
    page.fill("[name=after_area]", "60")
    page.fill("[name=after_floors]", "1")
    answer(page, "after_ownership", "family")
    answer(page, "old_house_disposal", "demolished")
    upload(page, "during_photos", 16)
    upload(page, "after_photos", 17)
    assert_fits(page)
    submit(page)
    note_doubts(page, "工匠多人同时施工，工期属实")
    said(page, "已提交验收，下一环节：区县验收")


def inspect(page):
    """验收·通过: sums are added while they are typed and stand on the confirm page."""
    answer(page, "conclusion", "pass")
    page.fill("[name=accepted_on]", TODAY)
    page.fill("[name=inspector]", "周验收")
    page.locator('[data-field="subsidy_types"] input').first.check()
    money = {"central": "20000", "province": "8000.5", "city": "0", "county": "2000"}
    for level, amount in money.items():
        page.fill(f"[name=fund_{level}]", amount)
    page.fill("[name=self_raised]", "15000")
    expect(page.locator("[data-sums]")).to_contain_text("30,000.50元（大写：叁万元零伍角整）")
    expect(page.locator("[data-sums]")).to_contain_text("45,000.50元（大写：肆万伍仟元零伍角整）")
    upload_sheet(page, "inspection_files", 18)
    upload_sheet(page, "inspection_support_files", 19)
    page.get_by_role("button", name="经验收，房屋质量合格").click()
    assert_fits(page)
    submit(page)
    expect(page.get_by_text("30,000.50元").first).to_be_visible()
    confirm(page, "验收·通过")
    said(page, "办结：已办结")


def rate(phone):
    """The best of the five cards, and the thanks."""
    phone.locator('a[href$="/rate/"]').first.click()
    phone.get_by_text("非常满意", exact=True).click()
    assert_fits(phone)
    phone.get_by_role("button", name="提交评价").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("您的评价已收到")
