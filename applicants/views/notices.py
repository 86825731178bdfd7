"""公示 for everybody, without login: only the sealed copy, only while it runs, and not for search engines (§15.3)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from applicants.access import PageView
from renovation.queries import publicity as notices

PRIVATE = {"X-Robots-Tag": "noindex, nofollow, noarchive", "Cache-Control": "no-store"}
ROBOTS = "User-agent: *\nAllow: /$\nDisallow: /notices/\nDisallow: /\n"


class PublicNotice(PageView):
    """One notice by its random address: 200 while it runs, 410 without a word about anybody once it is over."""

    def get(self, request, token):
        notice = notices.at_address(token)
        if notice is None:
            raise Http404
        if not notices.is_public(notice):
            # No request in the context: the page is the same for everybody and knows nobody.
            return HttpResponse(render_to_string("errors/410.html"), status=410, headers=PRIVATE)
        response = self.page(
            "public_notice",
            title="公示",
            said=notice.content,
            heading=notices.title_parts(notice),
            facts=notices.rows_of(notice, notices.ROW),
            is_longer=notices.is_longer_than_posted(notice),
            until=notices.until(notice),
        )
        for name, value in PRIVATE.items():
            response.headers[name] = value
        return response


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """robots.txt: search engines may have the first page and nothing else."""
    return HttpResponse(ROBOTS, content_type="text/plain; charset=utf-8")
