"""Makes the throw-away database, fills it once and lets each measure look at it."""

import sys
import tempfile
from pathlib import Path

from django.conf import settings
from django.db import connection

from bench.measures import applying, counters, divisions, ladder, lists, login, mixed, page, photos, starts, steps
from bench.result import Result

# In this order: the steps and the ladder change rows, so the readers come first.
MEASURES = (divisions, photos, login, lists, page, mixed, applying, counters, steps, ladder, starts)


def run(cases: int, only: set[str]) -> list[Result]:
    """All measures (or those whose module is named in `only`), in order."""
    chosen = [one for one in MEASURES if not only or one.__name__.rpartition(".")[2] in only]
    results = []
    # No debug bookkeeping of queries in what is measured.
    settings.DEBUG, settings.ALLOWED_HOSTS = False, ["*"]
    with tempfile.TemporaryDirectory(prefix="anju-bench-") as folder:
        settings.MEDIA_ROOT = Path(folder) / "media"
        before = connection.settings_dict["NAME"]
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            for measure in chosen:
                for result in measure.measure(cases):
                    sys.stderr.write(result.as_line().rstrip() + "\n")
                    results.append(result)
        finally:
            connection.creation.destroy_test_db(before, verbosity=0)
    return results
