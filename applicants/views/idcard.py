"""拍照识别: one photo in, a page to wait on, and the fields of the page it came from (decision 9)."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from accounts import sessions
from accounts.access import to_login
from accounts.middleware import wants_json
from accounts.permissions import Can
from applicants.access import PageView
from applicants.cards import GONE, NO_NUMBER, with_card
from common.errors import Refusal
from households.actions import cards
from households.choices import ReadingState
from households.queries import visible_reading

NOTHING_CHOSEN = "请先选择一张身份证照片，再点上传"
NOBODY = "现在不能拍照识别，照片已经删除。请自己填写。"
UNCLEAR = "没有认出身份证。请把有头像的一面放平、放满画面再拍一次，或者自己填写。"
WHY = {ReadingState.NOBODY: NOBODY, ReadingState.UNCLEAR: UNCLEAR, ReadingState.SHOWN: GONE}


class CardView(PageView):
    """For phones, and for staff who file for others; of the rows only what visible_reading gives."""

    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_authenticated:
            return to_login(request, "accounts:login")
        if not request.user.is_villager and not request.user.can(Can.APPLY_FOR_VILLAGER):
            raise PermissionDenied("您的账号没有这项权限")
        return super().dispatch(request, *args, **kwargs)

    def wanted(self) -> str:
        """The page the fields are on."""
        return sessions.safe_next(self.request, "/")


class CardSend(CardView):
    """One photo. JSON for the script; a plain form goes on to the page that waits."""

    http_method_names = ["post"]

    def post(self, request):
        upload = request.FILES.get("file")
        try:
            if upload is None:
                raise Refusal(NOTHING_CHOSEN)
            reading = cards.send_card(by=request.user, session=request.session, upload=upload)
        except Refusal as refusal:
            if wants_json(request):
                return JsonResponse({"error": refusal.message}, status=422)
            messages.error(request, refusal.message)
            return redirect(self.wanted())
        url = reverse("applicants:card", args=[reading.uid])
        if wants_json(request):
            return JsonResponse({"ok": True, "url": url})
        return redirect(f"{url}?{self._next()}")

    def _next(self) -> str:
        return urlencode({"next": self.wanted()})


class CardWait(CardView):
    """How far it is. The script gets the fields, once; without one the page asks again by itself."""

    http_method_names = ["get"]

    def get(self, request, uid):
        reading = visible_reading(request.user, request.session, uid)
        if reading is None:
            raise Http404
        state, before = cards.progress(reading)
        if wants_json(request):
            return JsonResponse(self._said(reading, state, before))
        if state in cards.IN_HAND:
            return self.page("card_wait", title="正在识别身份证", back=self.wanted(), before=before)
        if state == ReadingState.READ:
            return redirect(with_card(self.wanted(), reading.uid))
        messages.error(request, WHY[state])
        return redirect(self.wanted())

    def _said(self, reading, state: str, before: int) -> dict:
        if state in cards.IN_HAND:
            return {"state": "waiting", "before": before}
        result = cards.take_result(reading) if state == ReadingState.READ else None
        if result is None:
            return {"state": "failed", "error": WHY.get(state, GONE)}
        return {"state": "done", "fields": result, "note": "" if result["id_number"] else NO_NUMBER}
