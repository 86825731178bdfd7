"""The persons of a phone: one's own name is tapped, protected by four digits if wished (decision 18)."""

from math import ceil

from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.views.decorators.debug import sensitive_post_parameters

from accounts import sessions
from applicants import cards, notices
from applicants.access import PersonView, PhoneView
from applicants.forms.persons import NewPinForm, PersonForm, PinForm
from applicants.queries import offices_of
from common.clock import now
from common.errors import Refusal
from households.actions import claims, pins
from households.middleware import act_for
from households.queries import MAX_CLAIMS_PER_PHONE, claims_of, is_stale


def person_of_phone(user, uid):
    """The person of this phone with that uid, or 404."""
    claim = claims_of(user).filter(uid=uid).first()
    if claim is None:
        raise Http404
    return claim


class _Entering(PhoneView):
    def enter(self, request, claim):
        """Speak for that person from now on, and go where the phone wanted to go; a stale name leads to the village."""
        if not claims.touch(claim=claim, by=request.user):
            return self._see_village(claim)
        act_for(request, claim)
        return redirect(sessions.safe_next(request, reverse("applicants:home")))

    def _see_village(self, claim):
        return self.page(
            "see_village",
            title="请到村委会当面核对",
            back=reverse("applicants:people"),
            offices=offices_of(claim.home_region),
            is_stale=True,
            person=claim,
        )

    def with_next(self, name: str, *args) -> str:
        wanted = sessions.safe_next(self.request, "")
        return reverse(name, args=args) + (f"?{urlencode({'next': wanted})}" if wanted else "")


class People(_Entering):
    """请点自己的名字."""

    def get(self, request):
        people = list(claims_of(request.user))
        if not people:
            return redirect(self.with_next("applicants:person_new"))
        return self.page(
            "people",
            title="请点自己的名字",
            people=people,
            new_url=self.with_next("applicants:person_new") if len(people) < MAX_CLAIMS_PER_PHONE else "",
            next=sessions.safe_next(request, ""),
        )

    def post(self, request):
        claim = claims_of(request.user).filter(uid=_as_uuid(request.POST.get("person"))).first()
        if claim is None:
            return redirect(self.with_next("applicants:people"))
        # Whose phone this is now is unknown: nobody is asked for the digits of a stale name.
        if claim.pin_hash and not is_stale(claim, now()):
            return redirect(self.with_next("applicants:person_pin", claim.uid))
        return self.enter(request, claim)


@method_decorator(sensitive_post_parameters(), name="dispatch")
class PersonNew(_Entering):
    """Real-name data, asked once (domain §3.1)."""

    def get(self, request):
        read = cards.filled(request, cards.PERSON)
        form = PersonForm(initial=read)
        cards.ask_to_check(form, read)
        return self._page(form)

    def post(self, request):
        form = PersonForm(request.POST)
        if not form.is_valid():
            return self._page(form)
        data = form.cleaned_data
        try:
            # No person without the consent that their data may be kept.
            with transaction.atomic():
                claim = claims.claim_identity(
                    by=request.user,
                    name=data["name"],
                    id_number=data["id_number"],
                    home_region=data["home_region"],
                    home_address=data["home_address"],
                )
                notices.agree(notices.PRIVACY, by=request.user, who=claim.uid)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
            return self._page(form)
        return self.enter(request, claim)

    def _page(self, form):
        has_people = claims_of(self.request.user).exists()
        return self.page(
            "person_new",
            title="新增一位家人" if has_people else "请填写您的信息",
            back=self.with_next("applicants:people") if has_people else "/",
            form=form,
            notice=notices.PRIVACY,
            spoken=notices.PRIVACY.key,
            card=cards.offer(self.request, cards.PERSON),
            next=sessions.safe_next(self.request, ""),
        )


@method_decorator(sensitive_post_parameters(), name="dispatch")
class PersonPin(_Entering):
    """The four digits of a protected person; after five wrong ones there is a pause."""

    def get(self, request, uid):
        return self._page(PinForm(), person_of_phone(request.user, uid))

    def post(self, request, uid):
        claim, form = person_of_phone(request.user, uid), PinForm(request.POST)
        if is_stale(claim, now()):
            return self.enter(request, claim)
        if "forgotten" in request.POST:
            pins.say_forgotten(claim=claim, by=request.user)
            return self._page(PinForm(), person_of_phone(request.user, uid))
        if form.is_valid():
            tried = pins.try_pin(claim=claim, pin=form.cleaned_data["pin"], by=request.user)
            if tried.opens:
                return self.enter(request, claim)
            form.add_error("pin", _why_shut(tried))
        return self._page(PinForm(), claim, form.error_links)

    def _page(self, form, claim, links=()):
        return self.page(
            "person_pin",
            title="请输入4位数字密码",
            back=self.with_next("applicants:people"),
            form=form,
            person=claim,
            links=list(links),
            next=sessions.safe_next(self.request, ""),
        )


class Me(PersonView):
    """我的: who I am here, who else uses this phone, protection, way out."""

    def get(self, request):
        return self.page("me", title="我的", person=request.claim, phone=request.user.phone)


@method_decorator(sensitive_post_parameters(), name="dispatch")
class MyPin(PersonView):
    """Set, change or take away the four digits; whoever changes them knows the old ones: they opened this page."""

    def get(self, request):
        return self._page(NewPinForm())

    def post(self, request):
        if "remove" in request.POST:
            pins.set_pin(claim=request.claim, pin="", by=request.user)
            messages.success(request, "已取消4位数字密码")
            return redirect("applicants:me")
        form = NewPinForm(request.POST)
        if not form.is_valid():
            return self._page(form)
        pins.set_pin(claim=request.claim, pin=form.cleaned_data["pin"], by=request.user)
        messages.success(request, "已设置4位数字密码，下次点名字时要输入")
        return redirect("applicants:me")

    def _page(self, form):
        back = reverse("applicants:me")
        return self.page("my_pin", title="设置4位数字密码", back=back, form=form, person=self.request.claim)


def _why_shut(tried: pins.PinTry) -> str:
    if tried.locked_until is None:
        return f"4位数字密码不正确，还可以再试{tried.left}次"
    minutes = ceil((tried.locked_until - now()).total_seconds() / 60)
    wait = f"{minutes}分钟" if minutes <= 90 else f"{ceil(minutes / 60)}小时"
    return f"4位数字密码输错次数过多，请{wait}后再试"


def _as_uuid(text):
    from uuid import UUID

    try:
        return UUID(text or "")
    except ValueError:
        return None
