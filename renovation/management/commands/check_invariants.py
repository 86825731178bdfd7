from django.core.management.base import BaseCommand

from renovation.actions.invariants import check_all


class Command(BaseCommand):
    help = "核对不变量 I1–I5、I9：逐项打印核对的行数和问题；有问题时退出码为1"

    def add_arguments(self, parser):
        parser.add_argument("--show", type=int, default=20, metavar="N", help="每项最多列出几个问题（默认20）")

    def handle(self, *args, show, **options):
        found = 0
        for report in check_all(shown=show):
            found += report.count
            mark = "正常" if not report.count else f"问题{report.count}处"
            self.stdout.write(f"{report.code}  {report.title}  核对{report.checked}条  {mark}")
            for finding in report.first:
                self.stdout.write(f"    {finding}")
        self.stdout.write("全部正常" if not found else f"共{found}处问题")
        if found:
            raise SystemExit(1)
