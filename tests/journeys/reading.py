"""Whether a page can be read by everybody: accessibility rules, nothing out of sight, nothing too small for a thumb."""

from pathlib import Path

from axe_core_python.sync_playwright import Axe

SMALL = """
all => all.filter(one => one.offsetHeight && one.offsetHeight < 59 && one.type !== 'file')
    .map(one => one.outerHTML.slice(0, 80) + one.offsetHeight)
"""
TARGETS = ".btn:not(.btn--small), main input:not([type=hidden]):not([type=checkbox]):not([type=radio]), select"

MEASURED = (Path(__file__).parent / "measured.js").read_text("utf-8")
MAIN_TARGETS = ".btn:not(.btn--small), input, select, textarea, summary"
# look: villager 18/30 and 60 px; 长辈版 23.8 px, 60 px for everything, 7:1.
ORDINARY = {"letters": 18, "contrast": 4.5, "targets": 60, "others": 44, "main": MAIN_TARGETS, "still": False}
ELDER = {"letters": 23.8, "contrast": 7, "targets": 60, "others": 60, "main": MAIN_TARGETS, "still": True}


def faults_of(page) -> list[str]:
    """What the accessibility rules call serious or critical, and whether anything sticks out sideways."""
    found = [
        f"{one['id']}: {one['nodes'][0]['html'][:160]}"
        for one in Axe().run(page, options={"resultTypes": ["violations"]})["violations"]
        if one["impact"] in ("serious", "critical")
    ]
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        found.append("sticks out sideways")
    return found


def faults_for_a_thumb(page) -> list[str]:
    """The same for a villager's page, whose targets a thumb must hit (look: 60 px)."""
    return faults_of(page) + page.eval_on_selector_all(TARGETS, SMALL)


def read_all(page, addresses, faults=faults_of) -> dict[str, list[str]]:
    """Open one address after the other; returns what is wrong by address."""
    wrong = {}
    for address in addresses:
        answer = page.goto(address)
        found = faults(page) if answer.ok else [f"status {answer.status}"]
        if found:
            wrong[address] = found
    return wrong


def faults_in_view(limits: dict):
    """The reader of a villager's page in one of the two views: the rules, and what was measured against its limits."""
    return lambda page: faults_of(page) + page.evaluate(MEASURED, limits)
