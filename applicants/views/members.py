"""共同生活家庭成员: a list, and one person a page (domain §3.4)."""

from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse

from applicants import cards, notices, pages
from applicants.forms.persons import MemberForm
from applicants.views.wizard import WizardView
from common.errors import Refusal
from renovation.actions import drafts


class MembersView(WizardView):
    slug = "members"

    def list_url(self) -> str:
        return self.url_of("members") + ("?from=check" if self.came_from_check() else "")

    def member_of_draft(self, member):
        found = self.case.members.filter(uid=member).first()
        if found is None:
            raise Http404
        return found


class Members(MembersView):
    """The list; 继续 needs nobody in it."""

    def get(self, request, uid):
        return self.step_page("members", members=list(self.case.members.all()))

    def post(self, request, uid):
        drafts.save_answers(case=self.case, by=request.user, answers={}, page=pages.after(self.slug))
        return redirect(self.forward_url())


class MemberEdit(MembersView):
    """One family member, new or known."""

    def get(self, request, uid, member=None):
        known = self.member_of_draft(member) if member else None
        fields = ("name", "id_number", "relation")
        read = cards.filled(request, cards.MEMBER)
        form = MemberForm(initial=({name: getattr(known, name) for name in fields} if known else {}) | read)
        cards.ask_to_check(form, read)
        return self._page(form, known)

    def post(self, request, uid, member=None):
        known, form = self.member_of_draft(member) if member else None, MemberForm(request.POST)
        if not form.is_valid():
            return self._page(form, known)
        data = form.cleaned_data
        try:
            # Nobody in the list without the word that they agree.
            with transaction.atomic():
                saved = drafts.save_member(
                    case=self.case,
                    by=request.user,
                    member=known,
                    name=data["name"],
                    id_number=data["id_number"],
                    relation=data["relation"],
                )
                notices.agree(notices.FAMILY, by=request.user, who=saved.uid)
        except Refusal as refusal:
            form.add_error(refusal.code or None, refusal.message)
            return self._page(form, known)
        return redirect(self.list_url())

    def _page(self, form, known):
        title = f"更改{known.name}的信息" if known else "添加一位家人"
        card = cards.offer(self.request, cards.MEMBER)
        return self.step_page("member", title=title, back=self.list_url(), form=form, card=card)


class MemberRemove(MembersView):
    """Take one off the list, on a page that names the person."""

    def get(self, request, uid, member):
        known = self.member_of_draft(member)
        return self.step_page("member_remove", title=f"从名单里去掉{known.name}？", back=self.list_url(), member=known)

    def post(self, request, uid, member):
        known = self.case.members.filter(uid=member).first()
        if known is not None:
            drafts.remove_member(case=self.case, by=request.user, member=known)
        return redirect(reverse("applicants:page", args=[uid, "members"]))
