import datetime as dt

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from common.limits import Days, Workdays
from regions.deadlines import Due, due
from regions.models import Region

UNITS = {"workdays": Workdays, "days": Days}


class Command(BaseCommand):
    help = "说明办理期限怎么算出来的；最后一行是到期日。例：manage.py due 2026-02-12 5 workdays"

    def add_arguments(self, parser):
        parser.add_argument("received", type=dt.date.fromisoformat, help="收到日期，如 2026-02-12")
        parser.add_argument("amount", type=int, help="天数")
        parser.add_argument("unit", choices=UNITS, help="workdays 工作日 | days 自然日")
        parser.add_argument("--region", help="区划编码（12位），计入当地的地方假期")

    def handle(self, *, received, amount, unit, region, **options):
        if amount < 1:
            raise CommandError("天数至少为1")
        place = self._region(region)
        moment = timezone.make_aware(dt.datetime.combine(received, dt.time(12)))
        answer = due(moment, UNITS[unit](amount), place and place.pk)
        self.stdout.write(f"{received} 收到，期限{answer.limit}，{place.full_name if place else '全国日历'}")
        self._explain(answer)
        self.stdout.write(answer.due_on.isoformat())

    def _explain(self, answer: Due) -> None:
        number = 0
        for day, counted, why in answer.steps:
            number += counted
            mark = f"第{number}天" if counted else "不计"
            self.stdout.write(f"  {day}  {mark}  {why}")
        if answer.is_provisional:
            self.stdout.write("暂定：涉及的年份放假安排尚未公布，公布并导入后自动重算。")
        self.stdout.write(f"最迟 {answer.due_on} 24:00 前")

    def _region(self, code: str | None) -> Region | None:
        if not code:
            return None
        # Four official codes repeat on several levels: the lowest one has the nearest local days.
        found = Region.objects.filter(code=code).order_by("-key").first()
        if found is None:
            raise CommandError(f"没有编码为 {code} 的行政区划")
        return found
