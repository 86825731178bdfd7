from django.core.management.base import BaseCommand

from common import keys
from common.rotation import reseal, sealed_models


class Command(BaseCommand):
    """Adds a sealing key when asked, and seals stored values again with the current one; may run while people work."""

    help = "Seal stored values again with the current key; --new-key makes one first."

    def add_arguments(self, parser):
        parser.add_argument("--new-key", action="store_true", help="add a key to the key file and make it current")

    def handle(self, *args, new_key, **options):
        if new_key:
            # Running processes go on sealing with the old key until they meet the new one or start again.
            number = keys.rotate()
            self.stdout.write(f"Key {number} is current. Restart the other processes, then run rotate_keys once more.")
            return
        for model in sealed_models():
            self.stdout.write(f"{model._meta.label}: {reseal(model)} rows sealed again")
