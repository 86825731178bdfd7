from django.conf import settings
from django.core.management.base import BaseCommand

from renovation.handbook import page

PAGE = settings.BASE_DIR / "docs" / "workflow.md"


class Command(BaseCommand):
    help = "由流程表、表单和消息重新生成 docs/workflow.md"

    def handle(self, *args, **options):
        PAGE.write_text(page(), encoding="utf-8")
        self.stdout.write(str(PAGE.relative_to(settings.BASE_DIR)))
