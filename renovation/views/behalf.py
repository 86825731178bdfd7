"""代办 for the officers: whether the person was told, what they say, and the county's question to them (ADR 0110)."""

from django.core.exceptions import PermissionDenied
from django.http import Http404

from accounts.permissions import Can
from common.components import tag
from common.templatetags.anju import cn_datetime
from renovation.actions.behalf import disown, settle
from renovation.choices import Slot
from renovation.forms.behalf import RegisterDisowningForm, SettleForm
from renovation.models import Case
from renovation.permissions import may_register_disowning, may_settle_disowning
from renovation.queries.behalf import notice_of
from renovation.views.blocks import paragraphs, photos
from renovation.views.service import OneForm


class _OfBehalf(OneForm):
    """A case somebody filed for another; any other has no such page."""

    template = "behalf"
    title = "本人不同意代办"
    button = ""

    def check(self) -> None:
        self.notice = notice_of(self.case)
        if self.notice is None or not self.has_matter():
            raise Http404
        if not self.is_allowed():
            raise PermissionDenied("您没有办理此事项的权限")

    def has_matter(self) -> bool:
        """Whether there is anything to be written here."""
        return True

    def is_allowed(self) -> bool:
        """Whether this user writes it."""
        raise NotImplementedError

    def purpose(self) -> str:
        return f"{type(self).__name__}:{self.case.uid}"

    def more(self) -> dict:
        return {"facts": behalf_facts(self.notice), "button": self.button}


class DisownView(_OfBehalf):
    """The applicant called or came, and township or county writes it down: the case stands still."""

    form_class = RegisterDisowningForm
    button = "登记"
    done = "已登记，向本人核实前不能办理"

    def is_allowed(self) -> bool:
        return may_register_disowning(self.request.user, self.case)

    def work(self) -> dict:
        disown(notice=self.notice, words=self.answers["words"], by=self.request.user)
        return {}


class SettleView(_OfBehalf):
    """The county has asked the applicant, who wants it after all: the case goes on."""

    form_class = SettleForm
    title = "向本人核实代办"
    button = "本人同意，继续办理"
    done = "已登记核实情况，继续办理"

    def has_matter(self) -> bool:
        return self.notice.disowned_at is not None

    def is_allowed(self) -> bool:
        return may_settle_disowning(self.request.user, self.case)

    def work(self) -> dict:
        settle(case=self.case, by=self.request.user, words=self.answers["words"])
        return {}

    def more(self) -> dict:
        return super().more() | {"is_settling": True}


def behalf_facts(notice) -> list[tuple]:
    """Whether the person was told, what they said, what was found."""
    told = "已发短信给本人" if notice.is_told else tag("warn", "电话与代办人相同，没有告诉本人，请当面核实")
    rows = [("告知本人", told)]
    if notice.disowned_at:
        by = notice.disowned_by.display_name if notice.disowned_by else "本人打开短信链接"
        rows += [
            ("本人不同意", f"{cn_datetime(notice.disowned_at)}（{by}）"),
            ("本人的话", paragraphs(notice.words)),
        ]
    if notice.settled_at:
        rows += [
            ("区县核实", f"{cn_datetime(notice.settled_at)} {notice.settled_by.display_name}"),
            ("核实情况", paragraphs(notice.settlement)),
        ]
    return rows


def behalf_block(case: Case, user, files) -> dict | None:
    """The panel 代办 of the case page; None where the applicant filed."""
    notice = notice_of(case)
    if notice is None:
        return None
    is_waiting = notice.is_disowned and case.is_open
    return {
        "facts": behalf_facts(notice),
        "is_waiting": is_waiting,
        "may_settle": is_waiting and may_settle_disowning(user, case),
        "may_register": case.is_open and not is_waiting and may_register_disowning(user, case),
        "sheets": photos(files[Slot.CONSENT], may_download=user.can(Can.EXPORT)),
    }
