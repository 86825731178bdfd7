"""F15: the restore drill, small; `make restore-drill` is the same with sizes to choose."""

import tempfile
from pathlib import Path

import pytest

from tests.faults.restore_drill import drill
from tests.scale import FULL


@pytest.mark.skipif(not FULL, reason="four servers one after the other: in the long runs, and as make restore-drill")
def test_a_site_dies_and_comes_back_elsewhere(tried):
    # Where the database's own user can enter, which pytest's folders are not.
    with tempfile.TemporaryDirectory(prefix="anju-drill-", dir="/var/tmp") as name:
        Path(name).chmod(0o755)
        report = drill(Path(name), cases=5, bulk=0, seconds=15, every=3)
    assert report.wrong == []
    written, kept = report.figures["cases after the base backup: written, kept"]
    loss, time = report.figures["lost work (RPO), s"], report.figures["restored and checked (RTO), s"]
    words = f"cases written after the base backup, {kept} restored elsewhere (RPO {loss} s, RTO {time} s)"
    tried("F15", written, words)
    tried(
        "F15", 1, "yesterday's backup over today, told by the heads", "in the drill: with yesterday's heads it is not"
    )
