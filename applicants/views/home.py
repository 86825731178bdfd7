"""首页 and the description of the one service behind it (domain §3.2)."""

from applicants.access import PageView
from applicants.queries import draft_of, open_case_of
from applicants.sentences import headline_of


class Home(PageView):
    """The tile 【您有住房困难吗？】; who has something going on finds it on top."""

    def get(self, request):
        speaks = getattr(request, "claim", None) is not None
        case = open_case_of(request.user) if speaks else None
        return self.page(
            "home",
            title="首页",
            draft=draft_of(request.user) if speaks else None,
            case=case,
            headline=headline_of(case) if case else "",
        )


class About(PageView):
    """农村危房改造: what it is, what to prepare, 【我要申请】."""

    def get(self, request):
        return self.page("about", title="农村危房改造", back="/")
