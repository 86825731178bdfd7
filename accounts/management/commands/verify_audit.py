from django.core.management.base import BaseCommand, CommandError

from accounts.actions.verify import WORDS, verify_audit
from accounts.models import AuditLink
from regions.models import Region


class Command(BaseCommand):
    help = "重算审计链，逐条报告改动、缺失、中断和未入链的记录；有问题时退出码为1"

    def add_arguments(self, parser):
        parser.add_argument("--county", metavar="CODE", default="", help="只核对一个区县（12位编码）")

    def handle(self, *args, county, **options):
        chain = self._chain(county) if county else ""
        found = 0
        for finding in verify_audit(chain=chain):
            found += 1
            self.stdout.write(f"{WORDS[finding.kind]}  链{finding.chain} 第{finding.seq}条  {finding.detail}")
        links = AuditLink.objects.filter(chain=chain) if chain else AuditLink.objects.all()
        self.stdout.write(f"已核对{links.count()}条，发现{found}处问题")
        if found:
            raise SystemExit(1)

    def _chain(self, code: str) -> str:
        region = Region.objects.filter(code=code, level="county").first()
        if region is None:
            raise CommandError(f"没有编码为{code}的区县")
        return region.key[:6]
