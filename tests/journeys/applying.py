"""The tasks of docs/user-test.md as one hand does them on a phone, counted: taps, fields typed, seconds."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter

from playwright.sync_api import expect

from tests.factories.people import make_id_number, photo_bytes

PATIENCE = 30_000


@dataclass
class Hand:
    """Counts what a person does: every touch of the screen is a tap, every field filled by the keyboard is typed."""

    page: object
    taps: int = 0
    typed: int = 0
    began: float = field(default_factory=perf_counter)
    seconds: float = 0

    def stop(self) -> None:
        """Done: how long it took."""
        self.seconds = perf_counter() - self.began

    def tap(self, target) -> None:
        target.click()
        self.taps += 1

    def type(self, target, text: str) -> None:
        """The field is touched, then written into."""
        target.fill(text)
        self.taps += 1
        self.typed += 1

    def pick(self, target, label: str) -> None:
        """A list is opened and one line of it touched."""
        target.select_option(label=label)
        self.taps += 2

    def photograph(self, target, seed: int) -> None:
        """The button, and the release of the camera."""
        target.set_input_files({"name": "p.jpg", "mimeType": "image/jpeg", "buffer": photo_bytes(seed)})
        self.taps += 2

    def button(self, name: str) -> None:
        self.tap(self.page.get_by_role("button", name=name, exact=True))

    def words(self, text: str) -> None:
        self.tap(self.page.get_by_text(text).first)

    def link(self, name: str) -> None:
        self.tap(self.page.get_by_role("link", name=name).first)

    def label(self, name: str):
        return self.page.get_by_label(name)

    def heading(self, text: str) -> None:
        """The next page has come."""
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(text, timeout=PATIENCE)


def apply_for_oneself(hand: Hand, phone: str, place: tuple[str, ...], code_of: Callable[[], str]) -> str:
    """Task 1: from the first page to 提交成功, by somebody who was never here; returns the 工单号."""
    hand.page.goto("/")
    hand.link("您有住房困难吗")
    hand.link("我要申请")
    hand.type(hand.label("手机号码"), phone)
    hand.button("获取验证码")
    expect(hand.label("验证码")).to_be_visible(timeout=PATIENCE)
    hand.type(hand.label("验证码"), code_of())
    hand.button("登录")
    hand.heading("请填写您的信息")
    hand.type(hand.label("姓名"), "欧阳石山")
    hand.type(hand.label("身份证号码"), make_id_number("19550303"))
    _choose(hand, place)
    hand.type(hand.label("详细住址"), "3组12号")
    hand.words("我已阅读并同意")
    hand.button("保存")
    hand.heading("申请须知")
    hand.words("我已认真阅读")
    hand.button("下一步")
    hand.heading("申请人")
    hand.button("继续")
    hand.heading("一起住的家人")
    hand.button("没有，继续")
    hand.heading("哪个村")
    hand.button("继续")
    hand.heading("详细地址")
    hand.button("继续")
    return _house_and_send(hand, "提交成功", seed=1)


def apply_for_another(hand: Hand, name: str, number: int, *, is_first: bool) -> str:
    """Task 4: a cadre files for one house; the first begins at the list, the next at the last one's confirmation."""
    if is_first:
        hand.page.goto("/agent/")
        hand.link("帮一位村民申请")
        hand.words("本人已委托我")
        hand.button("下一步")
    else:
        hand.words("本人已委托我")
        hand.button("再代办一户")
    hand.heading("申请人")
    expect(hand.label("申请人姓名")).to_be_focused()
    hand.type(hand.label("申请人姓名"), name)
    hand.type(hand.label("申请人身份证号码"), make_id_number("19500505"))
    hand.type(hand.label("申请人电话"), f"1540001{number:04d}")
    hand.button("继续")
    hand.heading("一起住的家人")
    hand.button("没有，继续")
    hand.heading("哪个村")
    hand.button("继续")
    hand.heading("详细地址")
    hand.type(hand.label("详细地址"), f"{number}组1号")
    hand.button("继续")
    return _house_and_send(hand, "代办提交成功", seed=100 + number)


def _choose(hand: Hand, place: tuple[str, ...]) -> None:
    for name in place:
        select = hand.page.locator(".region-picker select").filter(has=hand.page.locator("option", has_text=name)).last
        hand.pick(select, name)


def _house_and_send(hand: Hand, done: str, *, seed: int) -> str:
    hand.heading("现在住哪里")
    for group in ("您现在住在", "您的户口在"):
        hand.tap(hand.page.get_by_role("group", name=re.compile(group)).get_by_text("是", exact=True))
    hand.button("继续")
    hand.heading("哪里有危险")
    hand.words("墙体")
    hand.words("屋面")
    hand.button("继续")
    hand.heading("危险情况")
    hand.button("继续")
    hand.heading("拍下有危险的地方")
    slot = hand.page.locator("#slot-risk_photos")
    hand.photograph(slot.locator("input[type=file][multiple]"), seed)
    expect(slot.get_by_text("✓ 第1张")).to_be_visible(timeout=PATIENCE)
    hand.button("继续")
    hand.heading("请核对后提交")
    hand.button("提交申请")
    hand.heading(done)
    return re.sub(r"\D", "", hand.page.locator(".big-number .number-groups").inner_text())
