"""Takes one protection away from the processes of a control twin (WITHOUT), or sets their clock wrong (CLOCK_JUMP)."""

import datetime as dt
import os
import sys
import time

from django.apps import AppConfig
from django.db.backends.signals import connection_created


class Weakened(AppConfig):
    name = "tests.faults.weakened"
    label = "weakened"

    def ready(self):
        self._wrong_clock()
        match os.environ.get("WITHOUT", ""):
            case "resending":
                from accounts.actions import outbox

                outbox.RESEND_AFTER = dt.timedelta(days=365)
            case "transactions":
                connection_created.connect(_commit_each_statement, weak=False)
            case "words_for_a_full_disk":
                from common import storage

                storage.FULL.clear()
            case "database_time":
                _trust_own_clock()

    def _wrong_clock(self):
        jump = float(os.environ.get("CLOCK_JUMP", "0"))
        if jump:
            from django.utils import timezone

            now, seconds = timezone.now, time.time
            timezone.now = lambda: now() + dt.timedelta(seconds=jump)
            time.time = lambda: seconds() + jump


def _commit_each_statement(connection, **_):
    def wrapper(execute, sql, params, many, context):
        # Nothing to go back to once everything is committed.
        if "SAVEPOINT" in sql[:24]:
            return None
        done = execute(sql, params, many, context)
        if sql.lstrip()[:6] in ("INSERT", "UPDATE", "DELETE"):
            connection.connection.commit()
        return done

    connection.execute_wrappers.append(wrapper)


def _trust_own_clock():
    from django.utils import timezone

    from common.clock import database_now

    for module in list(sys.modules.values()):
        if getattr(module, "database_now", None) is database_now:
            module.database_now = lambda: timezone.localtime(timezone.now())
