"""The nine pages of the application as data, in their order (domain §3.4–3.5): one question a page."""

from dataclasses import dataclass

from applicants.forms import answers
from renovation import guards


@dataclass(frozen=True)
class Page:
    """One step of 「第N步/共9步」: its address word, the question, and which guards speak of it."""

    slug: str
    title: str
    hint: str = ""
    form: type | None = None
    form_for_other: type | None = None
    guards: tuple = ()
    is_optional: bool = False
    # It copies from the house, so the house is asked for first.
    needs_house: bool = False

    def form_class(self, case):
        """The form of this page for that draft, or None where the page has its own view."""
        return self.form_for_other if case.on_behalf and self.form_for_other else self.form


PAGES = (
    Page(
        "applicant",
        "申请人",
        "工作人员会用这个电话联系申请人。",
        form=answers.ApplicantForm,
        form_for_other=answers.ApplicantForOtherForm,
        guards=(guards.applicant_is_named,),
    ),
    Page("members", "一起住的家人有谁？", "不包括申请人自己。没有就直接继续。", is_optional=True),
    Page(
        "region",
        "有危险的房子在哪个村？",
        form=answers.HouseRegionForm,
        guards=(guards.village_is_chosen, guards.county_takes_cases),
    ),
    Page("address", "房子的详细地址", form=answers.HouseAddressForm, guards=(guards.house_is_located,)),
    Page(
        "residence",
        "现在住哪里，户口在哪里？",
        form=answers.ResidenceForm,
        guards=(guards.addresses_are_given,),
        needs_house=True,
    ),
    Page("parts", "房子哪里有危险？", "可以选多个。", form=answers.PartsForm, guards=(guards.risks_are_described,)),
    Page("description", "说说房子的危险情况", form=answers.DescriptionForm, is_optional=True),
    Page("photos", "拍下有危险的地方", guards=(guards.has_risk_photos,)),
    Page("check", "请核对后提交"),
)
TOTAL = len(PAGES)
BY_SLUG = {page.slug: page for page in PAGES}


def number(slug: str) -> int:
    """The place of the page, from 1."""
    return PAGES.index(BY_SLUG[slug]) + 1


def after(slug: str) -> str:
    """The page that follows; the last one follows itself."""
    return PAGES[min(number(slug), TOTAL - 1)].slug


def before(slug: str) -> str:
    """The page before, '' for the first."""
    return PAGES[number(slug) - 2].slug if number(slug) > 1 else ""


def missing(case) -> list[tuple[str, str]]:
    """What the draft still lacks: (page, Chinese reason), in the order of the pages."""
    found = []
    for page in PAGES:
        reason = next((text for guard in page.guards if (text := guard(case))), None)
        # The village belongs to two guards; it is asked for once.
        if reason and reason not in (text for _, text in found):
            found.append((page.slug, reason))
    return found


def left_at(case) -> str:
    """The page after the last that was answered; asks the database nothing."""
    return case.last_page if case.last_page in BY_SLUG else PAGES[0].slug


def resume(case) -> str:
    """The page to go on with: where the draft was left, but never past a gap."""
    gaps = [slug for slug, _ in missing(case)]
    return min([left_at(case), *gaps[:1]], key=number)
