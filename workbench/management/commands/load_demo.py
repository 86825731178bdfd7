import secrets
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.actions.audit import chain_audit
from accounts.models import Office
from regions.actions.enable import set_case_enabled
from regions.models import Region
from renovation.actions.ladder import climb_ladder
from renovation.actions.publicity import close_due_publicities
from workbench.demo.cases import Applicants, Phone, Story
from workbench.demo.offices import Staff, staff_county
from workbench.demo.plan import PLAN

# A real county of the real tree (decision 2): one of the two pilots of the provincial platform.
COUNTY = "530128000000"
FREE_PHONES = 4


class Command(BaseCommand):
    help = "演示县：各级单位、账号、群众和各环节的工单（人员均为虚构）。已存在时不再生成。"

    def add_arguments(self, parser):
        parser.add_argument("--county", default=COUNTY, help="12位区划编码")

    def handle(self, *args, county, **options):
        place = Region.objects.filter(code=county, level="county").first()
        if place is None:
            raise CommandError("没有找到该区县，请先运行 load_divisions")
        if Office.objects.filter(region=place, level="county").exists():
            self.stdout.write(f"演示县 {place.full_name} 已存在。")
            return
        with transaction.atomic():
            lines = self._build(place)
        # What the timer would have done over these weeks: notices end, late cases are marked before anybody looks.
        close_due_publicities()
        climb_ladder()
        # Its steps lie weeks back: unchained for a moment longer, they would look like an alarm.
        while chain_audit():
            pass
        self._keep("\n".join(lines))

    def _build(self, county: Region) -> list[str]:
        password = f"Anju-{secrets.token_hex(3)}-A1"
        staff = Staff(make_password(password))
        officers = staff_county(county, staff)
        self.stdout.write(f"  单位和账号：{len(staff.accounts)}个")
        set_case_enabled(county=county, enabled=True, by=officers["county"])
        villages = list(Region.objects.within(county).filter(level="village").order_by("key"))
        applicants, phones = Applicants(), []
        for number, (happened, waited) in enumerate(PLAN):
            village = villages[number * 7 % len(villages)]
            villager = applicants.make(number + 1, village)
            case = Story(number + 1, villager, village, officers).play(happened, waited)
            phones.append(Phone(villager.phone, villager.claim.name, village.full_name, case.get_state_display()))
            self.stdout.write(f"  工单 {number + 1}/{len(PLAN)}")
        for number in range(FREE_PHONES):
            village = villages[number % len(villages)]
            free = applicants.make(900 + number, village)
            phones.append(Phone(free.phone, free.claim.name, village.full_name, "尚未申请"))
        return self._lines(password, staff, phones)

    def _lines(self, password: str, staff: Staff, phones: list[Phone]) -> list[str]:
        shown = [one for one in staff.accounts if one.level != "村级用户"][:14]
        shown += [one for one in staff.accounts if one.level == "村级用户"][:3]
        lines = [f"工作人员登录 /staff/login/ ，演示密码（全部账号相同）：{password}"]
        lines += [f"  {one.username:<16}{one.level}  {one.place}  {one.who}" for one in shown]
        lines.append(f"  其余账号：乡镇为9位编码，村为12位编码，共{len(staff.accounts)}个；-new 为首次登录演示账号")
        lines.append("群众登录 /login/ ，短信验证码显示在 /dev/sms/ ：")
        first_of = {one.state: one for one in reversed(phones)}
        told = [one for one in phones if one.state == "尚未申请" or first_of[one.state] is one]
        lines += [f"  {one.number}  {one.name}  {one.place}（{one.state}）" for one in reversed(told)]
        return lines

    def _keep(self, text: str) -> None:
        path = Path(settings.VAR_DIR) / "demo-accounts.txt"
        path.touch(mode=0o600)
        path.write_text(text + "\n", encoding="utf-8")
        self.stdout.write(f"账号清单：{path}")
