"""People brought to the button: everything before is done, the next request is the one that counts."""

from uuid import uuid4

from tests.factories.people import photo_bytes
from tests.faults.load import ACCEPTANCE
from tests.faults.visitors import Visitor


def ready_to_submit(port: int, who: dict) -> tuple[Visitor, str, dict]:
    """Somebody on the check page, the photo stored: the browser, where to post and what."""
    visitor, base = Visitor(port, who["session"], who["name"], who["case"]), f"/apply/{who['case']}"
    client_id = str(uuid4())
    photo = photo_bytes(int(who["case"][:6], 16))
    assert visitor.upload(f"{base}/photos/add/", {"client_id": client_id}, photo).status == 200
    token = visitor.get(f"{base}/check/").hidden("submit_token")
    return visitor, f"{base}/check/", {"submit_token": token}


def ready_to_accept(site, who: dict, *, port: int = 0) -> tuple[Visitor, str, dict]:
    """An officer with the answers of the acceptance typed, for somebody who has filed or files now."""
    if not port:
        visitor, url, fields = ready_to_submit(site.port, who)
        assert visitor.post(url, fields).status == 302
    officer = Visitor(port or site.port, site.inside("staff")[0]["session"])
    page = officer.get(f"/staff/cases/{who['case']}/")
    names = ("submit_token", "version", "state")
    return officer, f"/staff/cases/{who['case']}/step/", ACCEPTANCE | {name: page.hidden(name) for name in names}
