import datetime as dt
from collections.abc import Iterator

import chinese_calendar
from chinese_calendar.constants import holidays, workdays
from django.core.management.base import BaseCommand

from regions.actions.calendar import Row, load_days
from regions.choices import DayKind

SOURCE = "国务院办公厅节假日安排（chinesecalendar）"
NAMES = {holiday.value: holiday.chinese for holiday in chinese_calendar.Holiday}


def official_days() -> Iterator[Row]:
    """The days of the State Council's notices that differ from the plain week."""
    for day, name in sorted(holidays.items()):
        yield day, DayKind.HOLIDAY, NAMES[name]
    for day, name in sorted(workdays.items()):
        yield day, DayKind.WORKDAY, NAMES[name]


class Command(BaseCommand):
    help = "导入全国工作日历（已有的日期不改动，可重复执行）"

    def handle(self, **options):
        rows = list(official_days())
        added = load_days(rows=rows, source=SOURCE, by=None)
        years = sorted({day.year for day, _, _ in rows if isinstance(day, dt.date)})
        self.stdout.write(f"工作日历：{years[0]}—{years[-1]}年，新增{added}天，原有{len(rows) - added}天。")
