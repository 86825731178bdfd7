"""Whether a page can be read by everybody: accessibility rules, nothing out of sight, nothing too small for a thumb."""

from axe_core_python.sync_playwright import Axe

SMALL = """
all => all.filter(one => one.offsetHeight && one.offsetHeight < 59 && one.type !== 'file')
    .map(one => one.outerHTML.slice(0, 80) + one.offsetHeight)
"""
TARGETS = ".btn:not(.btn--small), main input:not([type=hidden]):not([type=checkbox]):not([type=radio]), select"


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
