"""One request of one persona, with nothing left behind."""

import hashlib
from dataclasses import dataclass
from functools import cache

from django.apps import apps
from django.db import connection, transaction

from accounts.actions.submissions import issue_token
from tests.access.people import NEXT_DOOR, Town

# Whoever types an address leaves traces that change nothing: a session, a try to log in, a token used up.
TRACES = {"django_session", "accounts_loginattempt", "accounts_loginthrottle", "accounts_device"}
PURPOSES = {
    "behalf/settle/": "SettleView:{uid}",
    "behalf/": "DisownView:{uid}",
    "staff/cases/{uid}/second-look/": "second_look:{uid}",
    "step/": "step:{uid}",
    "move/": "move:terminate:{uid}",
    "reveal/": "unmask:{uid}",
    "claims/": "claim:{uid}",
    "check/": "case.submit.{uid}",
    "withdraw/": "case.withdraw.{uid}",
    "objections/": "answer:{uid}",
    "notice/": "objection:{uid}",
}


@dataclass
class Answer:
    """What came back, and which tables were written to on the way."""

    status: int | str
    headers: dict
    body: str
    wrote: frozenset

    @property
    def text(self) -> str:
        """Everything a person or a cache gets to see of it."""
        return self.body + "".join(f"{name}: {value}\n" for name, value in self.headers.items())


def ask(town: Town, persona: str, method: str, path: str, data=None, **extra) -> Answer:
    """The answer; whatever the request wrote is rolled back."""
    client = town.client(persona)
    with transaction.atomic():
        answer = _answer(getattr(client, method), path, data, extra)
        transaction.set_rollback(True)
    return answer


def _answer(send, path, data, extra) -> Answer:
    before = _writes()
    try:
        response = send(path, data or {}, **extra)
        raw = b"".join(response.streaming_content) if response.streaming else response.content
    except Exception as fault:  # a crash is an answer too: the list of wrong ones names it
        return Answer(f"500 {type(fault).__name__}: {fault}"[:300], {}, "", frozenset())
    # latin-1 keeps every byte of a picture and loses no ASCII; text is read as it is.
    is_text = "text" in response["Content-Type"] or "json" in response["Content-Type"]
    body = raw.decode("utf-8" if is_text else "latin-1")
    return Answer(response.status_code, dict(response.headers), body, _changed(before))


def _writes() -> dict[str, tuple]:
    """Rows inserted, changed and deleted so far in this transaction, undone ones included."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, n_tup_ins, n_tup_upd, n_tup_del FROM pg_stat_xact_user_tables")
        return {name: tuple(rest) for name, *rest in cursor.fetchall()}


def _changed(before: dict) -> frozenset:
    """Tables whose content is no longer what it was when the town was made."""
    touched = {name for name, numbers in _writes().items() if numbers != before.get(name)} - TRACES
    return frozenset(name for name in touched if content(name) != made()[name]) if touched else frozenset()


def content(table: str) -> str:
    """A digest of all rows of that table."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT md5(string_agg(row::text, '|' ORDER BY row::text)) FROM {table} row")
        return cursor.fetchone()[0] or ""


@cache
def made() -> dict[str, str]:
    """The digests of all tables as the town left them; forgotten when the next town is made."""
    tables = [model._meta.db_table for model in apps.get_models(include_auto_created=True)]
    return {table: content(table) for table in tables}


def everything(town: Town, persona: str, path: str, values: dict) -> dict:
    """The body of a POST with whatever helps anywhere on the site, hidden fields somebody might add included."""
    target = values.get("<uuid:member>") if "reveal/member" in path else values.get("<uuid:uid>")
    target = values.get("<uuid:objection>") if path.endswith("/reveal/") and "objections/" in path else target
    purpose = next(
        (words.format(uid=target) for part, words in PURPOSES.items() if part.format(uid=target) in path), ""
    )
    owner = town.users.get(persona)
    elsewhere = town.regions[NEXT_DOOR]
    return {
        "submit_token": issue_token(owner, purpose) if owner else "",
        "version": values.get("version", 1),
        "conclusion": "pass", "had_policy": "false", "is_low_income": "true", "opinion": "同意受理",
        "met": "on", "choice": "核对申请人身份", "person": town.claims["next door"].uid,
        # Nobody asked for these.
        "state": "project_finished", "region": elsewhere.pk, "region_key": elsewhere.key, "county_id": elsewhere.pk,
        "is_staff": "on", "is_superuser": "on", "level": "ministry", "duties": "system_admin", "status": "active",
        "must_change_password": "", "number": "990101000000000000", "claim": 1, "filed_by": 1, "office_id": 1,
    }  # fmt: skip


def digest(folder) -> str:
    """A digest of all files below the folder: their names and sizes."""
    names = sorted(f"{path.relative_to(folder)} {path.stat().st_size}" for path in folder.rglob("*") if path.is_file())
    return hashlib.sha256("\n".join(names).encode()).hexdigest()
