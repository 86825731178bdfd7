"""What every test stands on: real services, files of its own, warnings and undefined template variables as failures."""

import pytest


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
