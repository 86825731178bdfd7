"""Two questions of a load balancer: is the process up, and can it serve a person right now?"""

import os
import tempfile
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

REDIS_PATIENCE = 0.3


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers; nothing else is asked, or a slow database would get healthy processes restarted."""
    return JsonResponse({"status": "up"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """503 with the names of what fails. Redis and the audit trail are reported but do not count.

    Pages work without Redis; without the trail nothing is written, but everything can still be read.
    """
    needed = {"database": database, "migrations": migrations, "keys": keys, "storage": storage}
    report = {name: _ask(check) for name, check in needed.items()}
    is_ready = all(answer == "ok" for answer in report.values())
    report |= {"redis": _ask(redis_answers), "audit": _ask(audit_trail)}
    return JsonResponse({"status": "ready" if is_ready else "not ready", **report}, status=200 if is_ready else 503)


def database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def migrations() -> None:
    global _migrated
    # Once applied they stay applied for this code, and the look-up costs a query per app.
    if not _migrated:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            raise DatabaseError("unapplied migrations")
        _migrated = True


def keys() -> None:
    from common.crypto import seal, unseal

    place = {"table": "readyz", "field": "probe", "uid": "00000000-0000-4000-8000-000000000000"}
    if unseal(seal("probe", **place), **place) != "probe":
        raise ValueError("keys do not fit")


def storage() -> None:
    os.makedirs(settings.MEDIA_ROOT, mode=0o700, exist_ok=True)
    with tempfile.TemporaryFile(dir=settings.MEDIA_ROOT) as file:
        file.write(b"probe")


class UnchainedRows(Exception):
    """Audit rows have been waiting for their place in the chain for over a minute."""


def audit_trail() -> None:
    from accounts.actions.audit import is_late, probe

    probe()
    if is_late():
        raise UnchainedRows


def redis_answers() -> None:
    import redis

    client = redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=REDIS_PATIENCE, socket_connect_timeout=REDIS_PATIENCE
    )
    with client:
        client.ping()


def _ask(check: Callable[[], None]) -> str:
    try:
        check()
    except Exception as error:  # whatever it is, the answer is "not ready", and its text may name hosts
        return type(error).__name__
    return "ok"


_migrated = False
