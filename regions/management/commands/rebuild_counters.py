from django.core.management.base import BaseCommand, CommandError

from regions.cubes import registered
from regions.cubes.folding import differences, rebuild


class Command(BaseCommand):
    help = "把各台账的统计数字重新数一遍；加 --verify 只核对，不改动"

    def add_arguments(self, parser):
        parser.add_argument("--verify", action="store_true", help="只核对：有不一致时以1退出")

    def handle(self, *args, verify=False, **options):
        wrong = 0
        for cube in registered():
            if not verify:
                rebuild(cube)
            found = differences(cube)
            wrong += found
            name = cube.counted._meta.verbose_name
            self.stdout.write(f"{name}  {'核对' if verify else '重新统计'}  {f'{found}处不一致' if found else '一致'}")
        if wrong:
            raise CommandError(f"统计数字与台账不一致：{wrong}处")
