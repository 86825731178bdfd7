"""The site of the restore drill: fills a database, goes on working until its server dies, and judges a restored one.

python -m tests.faults.restore_site live|check, with DATABASE_URL, ANJU_VAR and ANJU_KEYS in the environment; `live`
takes one order a line (fill CASES BULK, work) and answers each with lines of JSON.
"""

import json
import os
import sys
import time


def main(what: str) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.development"
    import django

    django.setup()
    {"live": live, "check": check}[what]()


def say(**words) -> None:
    sys.stdout.write(json.dumps(words, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def live() -> None:
    from django.core.management import call_command

    from tests.factories.renovation import make_world

    call_command("migrate", interactive=False, verbosity=0)
    world = make_world()
    say(ready=True)
    for line in sys.stdin:
        order, *numbers = line.split()
        fill(world, *map(int, numbers)) if order == "fill" else work(world)


def fill(world, cases: int, bulk: int) -> None:
    """Cases with photos through the product's own actions; `bulk` more rows for size, which have no history."""
    from accounts.models import Office
    from tests.factories.bulk import make_open_cases
    from tests.factories.renovation import make_case

    for _ in range(cases):
        make_case(world)
    if bulk:
        office = Office.objects.get(pk=world.officer.office_id)
        make_open_cases(bulk, places=[(world.village, office)], by=world.officer, late=0, ahead=60)
    keep_chain()
    say(filled=totals())


def work(world) -> None:
    """One case after the other until the server is gone; each is told once it is committed."""
    from django.db import DatabaseError

    from tests.factories.renovation import make_case

    try:
        while True:
            case = make_case(world)
            keep_chain()
            say(case=case.pk, at=time.time())
    except DatabaseError:
        say(gone=True)


def keep_chain() -> None:
    """What the clock's tasks do: chain the rows, sign the heads."""
    from accounts.actions.anchors import anchor_heads
    from accounts.actions.audit import chain_audit

    while chain_audit():
        pass
    anchor_heads()


def check() -> None:
    """What is there, and what is wrong with it; rows that were waiting are chained first, as the worker would."""
    from accounts.actions.anchors import read_anchors
    from accounts.actions.audit import chain_audit
    from accounts.actions.verify import verify_audit
    from accounts.models import AuditLink
    from renovation.actions.invariants import check_all
    from renovation.models import Case

    heads = {said["chain"]: (said["seq"], said["hash"]) for said in read_anchors()}
    # The chain may have grown between the copying of the heads and the end of the log: the signed link must be in it.
    kept = {
        chain: AuditLink.objects.filter(chain=chain, seq=seq).values_list("hash", flat=True).first()
        for chain, (seq, _) in heads.items()
    }
    before = [(one.kind, one.chain, one.seq) for one in verify_audit() if one.kind != "unchained"]
    while chain_audit():
        pass
    say(
        totals=totals(),
        last_case=Case.objects.order_by("-pk").values_list("pk", flat=True).first(),
        invariants={f"{one.code} {one.title}": one.count for one in check_all()},
        audit=before,
        heads_agree=all(kept[chain] == digest for chain, (_, digest) in heads.items()),
    )


def totals() -> dict[str, int]:
    from accounts.models import AuditEntry
    from households.models import Attachment
    from renovation.models import Case

    models = {"cases": Case, "attachments": Attachment, "audit": AuditEntry}
    return {name: model.objects.count() for name, model in models.items()}


if __name__ == "__main__":
    main(sys.argv[1])
