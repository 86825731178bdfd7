"""The modules a member of the staff sees, on every page and on the desk; which exist is read from the addresses."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from accounts.permissions import Can
from common import context_processors
from renovation.queries import todo


@dataclass(frozen=True)
class Module:
    """One entry of the menu: its address, who may open it, and which pages belong to it."""

    label: str
    url_name: str
    is_for: Callable[[object], bool]
    pages: tuple[str, ...]  # "app:" for all pages of an app, or "app:name"
    about: str = ""
    # The top bar has its own links to these; a phone's bottom bar has room for six.
    is_in_menu: bool = True


def _handles(user) -> bool:
    return user.can(Can.HANDLE_CASES)


MODULES = (
    Module("工作台", "workbench:home", lambda user: True, ("workbench:home",)),
    Module("业务办理", "renovation:todo", _handles, ("renovation:",), "受理、认定等环节的待办和已办"),
    Module(
        "工单查询",
        "renovation:search",
        lambda user: user.can(Can.READ_RECORDS),
        ("renovation:search",),
        "本地区全部工单，只能查看",
    ),
    Module(
        "统计",
        "renovation:statistics",
        lambda user: user.can(Can.READ_STATISTICS),
        ("renovation:statistics",),
        "工单统计：按地区看申请、在办、办结、超时和用时",
    ),
    Module(
        "身份核对",
        "workbench:claims",
        lambda user: user.can(Can.CONFIRM_PERSONS),
        ("workbench:claims", "workbench:claim", "workbench:reveal_claim"),
        "群众登记的身份信息，见到本人后确认",
    ),
    Module(
        "代办申请",
        "applicants:agent_start",
        lambda user: user.can(Can.APPLY_FOR_VILLAGER),
        ("applicants:",),
        "替没有手机的群众提交申请",
    ),
    Module(
        "消息",
        "accounts:staff_messages",
        lambda user: True,
        ("accounts:staff_messages",),
        "新的待办和提醒",
        is_in_menu=False,
    ),
    Module("我的账号", "accounts:profile", lambda user: True, ("accounts:profile",), "电话、密码", is_in_menu=False),
    Module(
        "审计链日报",
        "accounts:heads",
        lambda user: user.can(Can.READ_AUDIT),
        ("accounts:heads",),
        "每天的链尾和签名，打印存档",
        is_in_menu=False,
    ),
    Module("管理后台", "admin:index", lambda user: user.is_staff, ("admin:",), "账号、单位、区划、工作日历"),
)


def register() -> None:
    """Called once in WorkbenchConfig.ready()."""
    context_processors.register("nav", navigation)


def entries(user) -> list[tuple[Module, str]]:
    """The modules that exist in this installation and are for this user, with their addresses."""
    return [(module, url) for module in MODULES if module.is_for(user) and (url := address_of(module.url_name))]


def address_of(url_name: str) -> str:
    """The address of that page, empty when the app that has it is not installed."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def navigation(request) -> list[dict]:
    """The side bar (a bottom bar on phones): label, address, number of to-dos, and which one this page belongs to."""
    user = request.user
    if not user.is_authenticated or user.is_villager or user.must_change_password:
        return []
    found = entries(user)
    here = _current(request, [module for module, _ in found])
    return [
        {"label": module.label, "url": url, "count": _count(module, request), "is_current": module is here}
        for module, url in found
        if module.is_in_menu
    ]


def _current(request, modules: list[Module]) -> Module | None:
    """The entry whose pages this one is among; a page named outright wins over its app as a whole."""
    match = getattr(request, "resolver_match", None)
    name = match.view_name if match else ""
    named = [module for module in modules if name in module.pages]
    whole = [module for module in modules if f"{name.partition(':')[0]}:" in module.pages]
    return next(iter(named + whole), None)


def _count(module: Module, request) -> int | None:
    if module.url_name == "renovation:todo":
        counted = getattr(request, "to_do_count", None)
        return todo.count_to_do(request.user) if counted is None else counted
    return None
