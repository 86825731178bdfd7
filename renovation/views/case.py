"""The case page and the page that explains its clock."""

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localtime
from django.views import View

from accounts.permissions import Can
from common.clock import today
from common.components import tag
from common.templatetags.anju import cn_date, cn_datetime
from regions import calendars, deadlines, names
from renovation.actions.clock import limit_of
from renovation.actions.holds import note_opened
from renovation.actions.service import note_viewing
from renovation.choices import CaseState, Slot
from renovation.forms import STEP_FORMS
from renovation.permissions import may_handle, may_move
from renovation.queries import precheck
from renovation.queries.casefile import files_of, round_began
from renovation.queries.holds import held_by_others
from renovation.queries.nodes import steps_of
from renovation.queries.todo import remaining
from renovation.queries.visits import visit_ratio
from renovation.views import asking, blocks, results
from renovation.views.behalf import behalf_block
from renovation.views.payments import register_facts
from renovation.views.people import name_for
from renovation.views.scoped import CaseMixin
from renovation.views.service import service_blocks
from renovation.views.tables import due_tags
from renovation.workflow import WORKFLOW

# Buttons on the case page; the others stand where their matter is dealt with (objections, the request to look again).
BUTTONS = ("ReturnForm", "TerminationForm")
LIST_TITLES = {"todo": "待办", "done": "已办", "search": "工单查询"}


class CaseView(CaseMixin, View):
    """One case as the officers see it: what is mine to do on top, then everything known, the way at the side."""

    def get(self, request, uid):
        form = self.step_form()
        if form is not None:
            note_opened(case=self.case, by=request.user)
        note_viewing(case=self.case, by=request.user)
        return self.page(form)

    def step_form(self, *args, **kwargs):
        """The form of the present step, or None when it is not this user's or has no form yet."""
        form_class = STEP_FORMS.get(self.case.step.form)
        if form_class is None or not may_handle(self.request.user, self.case):
            return None
        if not args and self.case.state == CaseState.PENDING_ACCEPTANCE and self.case.is_low_income is None:
            suggested = {"is_low_income": precheck.suggested_low_income(self.case)}
            kwargs["initial"] = {**suggested, **kwargs.get("initial", {})}
        return form_class(*args, instance=self.case, **kwargs)

    def page(self, form, *, status: int = 200, slot_errors=None, refusal: str = "", typed=()):
        """The page around that form, with what went wrong: missing files, a refusal, answers that found no place."""
        files = files_of(self.case)
        context = {
            **self.head(),
            **self.task(form, files, slot_errors or {}),
            **self.known(files),
            **service_blocks(self.case, self.request.user),
            "refusal": refusal,
            "typed": typed,
        }
        return render(self.request, "renovation/case.html", context, status=status)

    def head(self) -> dict:
        """Which case this is, where it stands, and the way back."""
        case, crumbs = self.case, self.crumbs()
        return {
            "case": case,
            "state_tag": blocks.state_tag(case),
            "due_tags": due_tags(remaining(case, calendars.current())),
            "due_words": blocks.due_words(case),
            "village": names.short_name(case.region_id),
            "holder": name_for(self.request.user, case.applicant_name),
            "crumbs": crumbs,
            "back_url": crumbs[0][1],
            "suffix": self.suffix,
        }

    def task(self, form, files, slot_errors: dict) -> dict:
        """What this user may do now, on top of the page."""
        case, user = self.case, self.request.user
        return {
            "is_mine": may_handle(user, case),
            "step": case.step,
            "form": form,
            "purpose": purpose_of(case),
            "keep_key": f"{user.uid}:{case.uid}:{case.version}",
            # A post's answer brings the typed words along; only a fresh page asks the tab for them.
            "is_answer": self.request.method == "POST",
            "consequences": blocks.consequences(case),
            "rows": asking.rows_of(form, self.slots(form, files, slot_errors)),
            "doubts": doubts_of(form),
            "returned": results.returned(case),
            "visits": self.visits(form),
            "buttons": self.buttons(),
            "error_links": error_links(form, slot_errors),
            "has_errors": bool(slot_errors or (form is not None and form.errors)),
            "busy": self.busy(form),
            "findings": self.findings(),
        }

    def known(self, files) -> dict:
        """Everything the case holds, in the blocks of domain §4.3."""
        case, user = self.case, self.request.user
        nodes = steps_of(case)
        return {
            "previous": blocks.previous_step(case, nodes),
            "applicant": blocks.applicant_facts(case, user),
            "members": blocks.member_rows(case, user),
            "member_columns": blocks.MEMBER_COLUMNS,
            "details": blocks.detail_facts(case),
            "photos": blocks.photos(files[Slot.RISK], may_download=user.can(Can.EXPORT)),
            "extra_photos": blocks.photos(files[Slot.EXTRA], may_download=user.can(Can.EXPORT)),
            "papers": blocks.papers(files[Slot.APPRAISAL]),
            "review": results.review_facts(case),
            "behalf": behalf_block(case, user, files),
            "amendments": results.amendments(case),
            "project": results.project_facts(case),
            "groups": results.files_by_step(files, may_download=user.can(Can.EXPORT)),
            "register": register_facts(case),
            "steps": blocks.all_steps(nodes),
            "items": blocks.timeline_items(case),
        }

    def crumbs(self) -> list[tuple[str, str]]:
        """Back to the list the case was opened from, at the same filters and page."""
        name = self.request.GET.get("list", "")
        if name not in LIST_TITLES:
            name = "todo" if self.request.user.can(Can.HANDLE_CASES) else "search"
        url = reverse(f"renovation:{name}")
        query = "&".join(part for part in self.list_query.split("&") if part and not part.startswith("list="))
        return [(LIST_TITLES[name], f"{url}?{query}" if query else url), ("工单详情", "")]

    def busy(self, form) -> str:
        """「王建国正在办理」 when a colleague opened the case first; a notice, never a lock."""
        hold = held_by_others([self.case.pk], self.request.user).get(self.case.pk) if form is not None else None
        return f"{hold.user}正在办理（{localtime(hold.at):%H:%M}打开）。您也可以办理，先提交的有效。" if hold else ""

    def findings(self):
        """疑点核对, while the case waits for 受理 and only for the officer who decides it."""
        if self.case.state != CaseState.PENDING_ACCEPTANCE or not may_handle(self.request.user, self.case):
            return None
        return precheck.findings(self.case, self.request.user)

    def visits(self, form) -> str:
        """「3/12，25%」 for the county's decisions of this month, where the next one is being taken (domain §4.8)."""
        if form is None or self.case.state != CaseState.PENDING_COUNTY_APPROVAL:
            return ""
        visited, decided = visit_ratio(self.case.county_id, today())
        return f"{visited}/{decided}，{visited * 100 // decided}%" if decided else "本月还没有审批"

    def buttons(self) -> list[dict]:
        """Moves beside the step's form that this user may take now: 回退, 终止."""
        case, user = self.case, self.request.user
        return [
            {
                "label": move.label,
                "tone": move.tone,
                "url": reverse("renovation:move", args=[case.uid, move.name]) + self.suffix,
            }
            for move in WORKFLOW.offered(case.state)
            if move.form in BUTTONS and may_move(user, case, move)
        ]

    def slots(self, form, files, errors: dict) -> list[dict]:
        """Upload slots that the step's form asks for."""
        if form is None:
            return []
        began = round_began(self.case)
        return [
            asking.slot_of(
                self.case,
                upload,
                files[upload.slot],
                began=began,
                errors=errors.get(upload.slot, ()),
                suffix=self.suffix,
            )
            for upload in form.uploads()
        ]


class ClockView(CaseMixin, View):
    """How a due date was reached: every day from receipt, counted or not, and why (domain §14.2)."""

    def get(self, request, uid, seq=None):
        nodes = steps_of(self.case)
        node = next((one for one in reversed(nodes) if seq in (None, one.seq)), None)
        if node is None:
            raise Http404
        limit = limit_of(node.code, self.case.county_id)
        due = deadlines.due(node.received_at, limit, self.case.region_id)
        context = {
            "case": self.case,
            "node": node,
            # An earlier calendar gave another day, and a passed due date never moves back (decision 10).
            "is_other": due.due_on != node.due_on,
            "facts": [
                ("工单", f"{self.case.number}　{WORKFLOW.step(node.code).title}"),
                ("收到时间", cn_datetime(node.received_at)),
                ("办理时限", str(limit)),
                ("办理期限", cn_date(node.due_on, "year") + ("（暂定）" if node.is_provisional else "")),
            ],
            "days": _days(due.steps),
            "crumbs": [("工单详情", self.case_url), ("期限怎么算的", "")],
        }
        return render(request, "renovation/clock.html", context)


def _days(steps) -> list[dict]:
    """One line a day: which, how many counted so far, and why; days that do not count have no number."""
    number, rows = 0, []
    for day, is_counted, why in steps:
        number += is_counted
        counted = tag("ok", f"第{number}天") if is_counted else tag("plain", "不计入")
        rows.append({"day": day, "tag": counted, "why": why, "is_counted": is_counted})
    return rows


def error_links(form, slot_errors: dict) -> list[tuple[str, str]]:
    """Everything that is missing, for the summary on top: fields of the form and slots without a file."""
    links = form.error_links if form is not None and form.is_bound else []
    return links + [(f"slot-{slot}-file", text) for slot, texts in slot_errors.items() for text in texts]


def doubts_of(form) -> dict | None:
    """The doubts that the answers raised and the box for the officer's words; None when there are neither."""
    if form is None or asking.APART not in form.fields:
        return None
    box = form[asking.APART]
    return {"warnings": form.warnings, "field": box} if form.warnings or box.value() else None


def purpose_of(case) -> str:
    """What a submit token of this case's step is good for: this case, this stay in this step."""
    return f"step:{case.uid}"
