"""Addresses of a case for its kinds of reader; messages carry them, so no name or number is in them.

Written out, not reversed: the villager's pages stand above this floor. A test asserts that both resolve.
"""


def for_villager(case) -> str:
    """The progress page of the applicant."""
    return f"/cases/{case.uid}/"


def for_staff(case) -> str:
    """The case page of the officers."""
    return f"/staff/cases/{case.uid}/"


def for_notice(case) -> str:
    """What the officers do about the notice to the village: sheets, photos of the board, objections."""
    return f"/staff/cases/{case.uid}/notice/"


def for_everybody(notice) -> str:
    """The public address of a notice, random and known only from the sheets in the village."""
    return f"/notices/{notice.token}/"


def for_agent(case) -> str:
    """The page of the cadre who filed for somebody (代办)."""
    return f"/agent/{case.uid}/done/"


def for_absent(notice) -> str:
    """Where somebody says that they never asked for the application filed in their name; from the text message."""
    return f"/behalf/{notice.token}/"


def for_second_look(case) -> str:
    """Where the county answers the request to look again."""
    return f"/staff/cases/{case.uid}/second-look/"
