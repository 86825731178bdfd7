from contextlib import contextmanager

import pytest

from tests.faults.inside import Inside
from tests.faults.site import Site


@pytest.fixture(scope="module")
def site():
    """Real processes for one module: servers, people and the web server; workers and beats where a test starts them."""
    one = Site()
    try:
        one.prepare()
        one.start_web()
        yield one
    finally:
        one.stop()


@pytest.fixture
def beside(site):
    """`with beside(**environment) as (port, inside)`: a second web server without one protection, for a control twin.

    Its database is a copy of its own (unless one is given), so that what it spoils is nobody else's.
    """

    @contextmanager
    def start(**environment):
        environment.setdefault("DATABASE_URL", site.twin())
        inside = Inside(site, **environment)
        try:
            yield site.start_web("control", **environment), inside
        finally:
            if "control" in site.running:
                site.finish("control")
            inside.close()

    return start
