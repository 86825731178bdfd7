from django.core.management.base import BaseCommand

from regions.options import load_options


class Command(BaseCommand):
    help = "导入选项表（已有的不改动，可重复执行）"

    def handle(self, **options):
        self.stdout.write(f"选项：新增{load_options()}条。")
