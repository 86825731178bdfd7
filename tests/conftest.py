"""What every test stands on: real services, keys and files of its own; warnings and undefined variables are failures."""

import os

import pytest

from tests.browser import *  # noqa: F403
from tests.template_guard import StrictVariable


def pytest_configure(config):
    _make_keys(config)


def _make_keys(config):
    """Keys nobody else has, handed to workers and child processes through the environment."""
    if os.environ.get("ANJU_KEYS"):
        return
    import tempfile
    from pathlib import Path

    from common.keys import create_keys

    with tempfile.TemporaryDirectory() as folder:
        os.environ["ANJU_KEYS"] = create_keys(Path(folder) / "keys.json").read_text("ascii")


@pytest.fixture(autouse=True, scope="session")
def _undefined_variables_fail():
    from django.template import engines

    engines["django"].engine.string_if_invalid = StrictVariable("%s")


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
