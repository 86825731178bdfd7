"""The officers' desk."""

from django.shortcuts import render
from django.urls import reverse
from django.views import View

from accounts import passwords
from accounts.access import StaffMixin
from accounts.permissions import Can
from accounts.queries import inbox, unread_count
from common.paging import capped_count
from households.queries import claims_to_confirm
from renovation.queries import todo
from renovation.queries.service import second_looks_waiting
from renovation.views.people import name_for
from renovation.views.tables import COLUMNS, table_rows
from workbench import context

MOST_URGENT = 5


class HomeView(StaffMixin, View):
    """工作台: my to-dos and what is overdue first, then the modules; no ranking of anybody (decision 16)."""

    def get(self, request):
        user = request.user
        handles = user.can(Can.HANDLE_CASES)
        urgent = todo.as_rows(todo.to_do(user)).order_by(*todo.TODO_ORDER)[:MOST_URGENT] if handles else ()
        rows = table_rows(urgent, user, query="list=todo", verb="办理", shows_history=False) if handles else ()
        modules = [(module, url) for module, url in context.entries(user) if module.about]
        page = {
            "figures": self.figures(),
            "handles": handles,
            "columns": COLUMNS,
            "rows": rows,
            "empty": {"title": "没有待办工单", "text": "新的申请或转来的环节会出现在这里，并有消息通知您。"},
            "second_looks": self.second_looks(),
            "modules": modules,
            "messages_url": context.address_of("accounts:staff_messages"),
            "password_words": self.password_words(),
            "news": inbox(user).filter(read_at=None)[:MOST_URGENT],
        }
        return render(request, "workbench/home.html", page)

    def password_words(self) -> str:
        """How long the password may still be used, in its last days (L-05)."""
        left = passwords.days_left(self.request.user)
        if left is None:
            return ""
        return f"您的密码{f'还有{left}天' if left else '今天'}到期，请及时更换。"

    def second_looks(self) -> dict:
        """Requests to look again that wait for this county's answer (decision 22): how many, and the oldest."""
        waiting = second_looks_waiting(self.request.user)
        rows = list(waiting[: MOST_URGENT + 1])
        count = capped_count(waiting) if len(rows) > MOST_URGENT else len(rows)
        return {
            "count": count,
            "rows": [(look, name_for(self.request.user, look.case.applicant_name)) for look in rows],
        }

    def figures(self) -> list[dict]:
        """Numbers on top; each opens exactly the rows it counts."""
        user, found = self.request.user, []
        if user.can(Can.HANDLE_CASES):
            here = reverse("renovation:todo")
            self.request.to_do_count = todo.count_to_do(user)
            late = todo.count_overdue(user)
            found += [
                {"label": "待办工单", "count": self.request.to_do_count, "url": here, "tone": "plain"},
                {"label": "已超时", "count": late, "url": f"{here}?kind=late", "tone": "danger" if late else "plain"},
            ]
        if user.can(Can.CONFIRM_PERSONS):
            waiting = capped_count(claims_to_confirm(user))
            found.append({"label": "待核对身份", "count": waiting, "url": reverse("workbench:claims"), "tone": "plain"})
        if address := context.address_of("accounts:staff_messages"):
            self.request.unread_count = unread_count(user)
            found.append({"label": "未读消息", "count": self.request.unread_count, "url": address, "tone": "plain"})
        return found
