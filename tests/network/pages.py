"""Every page of the villager's door, and who stands before it."""

from dataclasses import dataclass

from django.urls import reverse

from applicants import pages
from households.actions.pins import set_pin
from renovation.actions import drafts
from renovation.actions.service import request_photos
from renovation.choices import CaseState
from tests.factories.publicity import make_noticed
from tests.factories.renovation import make_case, make_draft, make_villager


@dataclass(frozen=True)
class Place:
    """A page: what people call it, its address, the account that opens it (None: anybody)."""

    name: str
    url: str
    who: object = None


def places(world) -> list[Place]:
    """All of them, each with rows behind it that make it as full as it usually is."""
    return [*_before_login(world), *_of_the_phone(world), *_of_a_draft(world), *_of_cases(world), *_of_an_agent(world)]


def _before_login(world) -> list[Place]:
    public = reverse("applicants:public_notice", args=[make_noticed(world)[1].token])
    return [
        Place("首页", "/"),
        Place("农村危房改造", reverse("applicants:about")),
        Place("登录", reverse("accounts:login")),
        Place("公示", public),
    ]


def _of_the_phone(world) -> list[Place]:
    villager, locked, fresh = (make_villager(world.village) for _ in range(3))
    set_pin(claim=locked.claim, pin="4711", by=locked)
    return [
        Place("请点自己的名字", reverse("applicants:people"), villager),
        Place("新增一位家人", reverse("applicants:person_new"), villager),
        Place("4位数字密码", reverse("applicants:person_pin", args=[locked.claim.uid]), locked),
        Place("我的", reverse("applicants:me"), villager),
        Place("设置4位数字密码", reverse("applicants:my_pin"), villager),
        Place("消息", reverse("accounts:messages"), villager),
        Place("申请须知", reverse("applicants:notice"), fresh),
    ]


def _of_a_draft(world) -> list[Place]:
    villager = make_villager(world.village)
    draft = make_draft(villager, world.village, photos=3)
    steps = [
        Place(f"第{pages.number(page.slug)}步 {page.title}", reverse("applicants:page", args=[draft.uid, page.slug]))
        for page in pages.PAGES
    ]
    more = [
        Place("继续填写", reverse("applicants:apply")),
        Place("添加一位家人", reverse("applicants:member_new", args=[draft.uid])),
        Place("删除草稿", reverse("applicants:draft_delete", args=[draft.uid])),
    ]
    return [Place(one.name, one.url, villager) for one in [*steps, *more]]


def _of_cases(world) -> list[Place]:
    asked, ended, failed = (make_villager(world.village) for _ in range(3))
    waiting = make_case(world, CaseState.PENDING_REVIEW, villager=asked)
    request_photos(case=waiting, by=world.township_officer, words="请退后拍一张整座房子。")
    completed = make_case(world, CaseState.COMPLETED, villager=ended)
    refused = make_case(world, CaseState.REVIEW_FAILED, villager=failed)
    of = {"waiting": (waiting, asked), "completed": (completed, ended), "refused": (refused, failed)}
    wanted = (
        ("提交成功", "done", "waiting"),
        ("办理进度", "case", "completed"),
        ("补充照片", "extra_photos", "waiting"),
        ("谁看过我的申请", "viewings", "waiting"),
        ("评价", "rate", "completed"),
        ("请区县再看一次", "second_look", "refused"),
    )
    found = [
        Place(name, reverse(f"applicants:{page}", args=[of[key][0].uid]), of[key][1]) for name, page, key in wanted
    ]
    return [Place("我的申请", reverse("applicants:cases"), asked), *found]


def _of_an_agent(world) -> list[Place]:
    cadre = world.cadre
    draft = drafts.start_draft_for(by=cadre, helper=drafts.Helper("王春", cadre.phone), notice_version="2026-1")
    return [
        Place("代办", reverse("applicants:agent_start"), cadre),
        Place("代办 新的申请", reverse("applicants:agent_new"), cadre),
        Place("代办 申请人", reverse("applicants:page", args=[draft.uid, "applicant"]), cadre),
    ]
