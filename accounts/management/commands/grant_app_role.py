from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from accounts.database_role import excess, statements


class Command(BaseCommand):
    help = "给应用程序的数据库角色授权：不能改、删审计记录（由表的所有者运行，每次迁移之后再运行一次）"

    def add_arguments(self, parser):
        parser.add_argument("role", nargs="?", default="", help="已建好的角色名，例如 anju_app")
        parser.add_argument("--print", action="store_true", dest="only_print", help="只打印SQL，不执行")
        parser.add_argument("--check", action="store_true", help="检查当前连接的角色权限是否过大；过大时退出码为1")

    def handle(self, *args, role, only_print, check, **options):
        if check:
            return self._check()
        if not role:
            raise CommandError("请写明角色名，例如 anju_app")
        if only_print:
            for statement in statements(role):
                self.stdout.write(f"{statement};")
            return None
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
            if cursor.fetchone() is None:
                raise CommandError(f"没有名为{role}的角色，请先用 CREATE ROLE 建立")
            with transaction.atomic():
                for statement in statements(role):
                    cursor.execute(statement)
        self.stdout.write(f"已授权：{role}")
        return None

    def _check(self):
        found = excess()
        for one in found:
            self.stdout.write(one)
        self.stdout.write("权限过大：审计记录只受触发器保护" if found else "权限合适")
        if found:
            raise SystemExit(1)
