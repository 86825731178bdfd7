"""The two tables of docs/trust.md that people write: what the proofs found, and what one machine cannot show."""

# What was found, and what was done about it.
FOUND = [
    (
        "PostgreSQL stopped in the middle of a statement: pages answered 500, or 400 「请求有问题」 although the work "
        "might have been done",
        "503 「系统正在恢复」, try again (`common/outage.py`, `common/sessions.py`)",
    ),
    (
        "A web server whose clock ran ahead promised outbox work for that day; a worker's jumped clock swept tokens, "
        "counters and sessions",
        "the outbox reckons in the database's time, the sweeps in the slower of both clocks",
    ),
    (
        "A stop signal reached a worker's children; no restart without a gap",
        "`deploy/*.service`: HUP, `KillMode=mixed`",
    ),
    (
        "A session lost during a POST lost what was typed",
        "the form comes back filled after the login; every error page",
    ),
    ("A database that refuses connections held a page for minutes", "`connect_timeout` of 2 s, 503 with Retry-After"),
    ("`linked_at` of the audit chain was in no digest and could be edited unnoticed", "the column is gone"),
    (
        "An unchained audit row dated in the future was never told, contents of unchained rows never checked",
        "`verify_audit` tells both",
    ),
    (
        "A damaged line in the file of anchors crashed `verify_audit`, a removed one went unnoticed",
        "one signed file an hour, numbered, each naming the one before",
    ),
    ("A closed audit table gave a 500", "the write is refused in Chinese, `/readyz` tells it, reading goes on"),
    (
        "Newlines and control signs in names and browsers could forge log lines",
        "written as numbers, tracebacks indented",
    ),
    (
        "Direction marks, zero-width signs, ESC and mark storms were stored raw from thirteen forms and the admin",
        "every text box cleans (`CleanTextField`, `CleanTexts`)",
    ),
    ("NUL in the admin's box for a craftsman was a 500", "refused in Chinese"),
    ("PIN, code and bank digits took digits of other scripts", "0–9 only"),
    ("Dates of the year 1 or 1899 were accepted for works and payments", "nothing before 1949-10-01"),
    ("`+1 5400000001` was taken for a Chinese mobile number", "only +86 is forgiven"),
    ("Every 405 was an empty page", "a page that says why"),
    (
        "The answer to a new person, member or draft lost on the way: sent again, there were two",
        "the second finds the first",
    ),
    (
        "A request cut on the way was taken for a whole one where no proxy collects it first: half a text was stored",
        "a body shorter than it says is none (`common/middleware.py`)",
    ),
    (
        "A script whose session was over got the login page as its answer: photos were refused, not kept waiting",
        "401 with the way to the login; photos and answers wait and go on (`static/js/send.js`)",
    ),
    (
        "A photo that needs more than two minutes on a slow line was given up and begun anew for ever; a network's own "
        "page in the place of an answer lost it",
        "it may take its time as long as something moves; a page is no answer, and is tried again",
    ),
    (
        "What was typed into the application and not yet saved was gone after a lost line or login",
        "kept in the tab until the server has it (`static/js/keep-typed.js`)",
    ),
    (
        "A page brought back from memory could show a draft to the next person of the phone",
        "it is asked for anew (`static/js/frame.js`)",
    ),
    ("A consent, its audit row and what it allowed stood in two or three transactions", "they stand or fall together"),
    (
        "A statement without end held a page, and with it a thread of the web server, for as long as it liked",
        "`statement_timeout` of 25 s for the web server, 503 with Retry-After",
    ),
    (
        "A session cookie that spelled NUL in octal (`\\000`) was a 500 at every address",
        "only keys that we make ourselves are looked up (`common/sessions.py`)",
    ),
    (
        "A verdict of A or B went into the ledger with the dangerous parts that the applicant had named (DQ17)",
        "kept for C and D only (`renovation/actions/effects.py`)",
    ),
    (
        "Fifty families with one photo, a hundred with one telephone: the officer who decides was told nothing",
        "疑点核对 tells both (DQ12, DQ22); photos are compared by their pixels",
    ),
]
# Entry → (why one machine cannot show it, the nearest thing that is done instead).
ELSEWHERE = {
    "F11": ("both clusters share one disk and one kernel", "failover to a synchronous standby on the same machine"),
    "F12, F13": (
        "a full disk needs root to mount a small one",
        "done with root, skipped by name without; photos meet a kernel limit in every run",
    ),
    "F14": ("the power cannot be cut", "killed around every fsync, rename and COMMIT; order of the calls asserted"),
    "F15": (
        "two folders stand for two buildings",
        "`make restore-drill`: base backup, WAL and media into another folder",
    ),
    "F16": (
        "libfaketime is not everywhere",
        "`time.time` and Django's clock are moved inside each real process before it serves",
    ),
    "T-01": (
        "what a superuser removes in the seconds before a row is chained leaves no trace; the latest anchor files can "
        "be removed together with the machine",
        "anchors in numbered signed files, a day page to print, advice to copy both elsewhere",
    ),
    "T-02": ("500,000 events on eight cores", "1/50 of them in the long runs; the rate is told"),
    "F06": (
        "500 rounds × 57 pairs take hours on two cores",
        "20 rounds each in the long runs (factor 25); PAIR_ROUNDS for more",
    ),
    "F01": ("200 kills under load in ten minutes", "40 in the long runs (factor 5)"),
    "B-P": (
        "2,000 walks through nine steps take half an hour of a core",
        "1,000 in the long runs (factor 2); WALKS for more",
    ),
}
