"""What was typed comes back in the browser: after a 503, a lost session and an old page, on both sizes."""

import pytest

from tests.journeys.acts import *  # noqa: F403

pytestmark = pytest.mark.django_db(transaction=True)
