"""The desk of work mailboxes: what the plan would do, what the suite answered."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from phuong.kernel.gates import needs
from phuong.kernel.jobs import later
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.provisioning.access import domain_for, domains_seen_by, mailboxes_seen_by
from phuong.provisioning.actions.mailboxes import apply_plan, try_again
from phuong.provisioning.models import Mailbox
from phuong.provisioning.queries.mailboxes import answers_given_up, plan_counts, plan_of, state_counts, suite_lacks
from phuong.provisioning.rules.mailboxes import Change
from phuong.ui.api import Cell, Head, Page, Row, Table, keyset_page

MOST_STEPS = 100
CHANGES = {
    Change.CREATE: gettext_lazy("Cấp mới"),
    Change.RENAME: gettext_lazy("Đổi tên"),
    Change.SUSPEND: gettext_lazy("Tạm khóa"),
    Change.RESUME: gettext_lazy("Mở lại"),
}


@needs(Permission.MAILBOXES_EDIT)
@require_safe
def mailboxes(request: Any) -> HttpResponse:
    """Lead to the one mail domain of the actor's place, or list them."""
    found = list(domains_seen_by(request.actor)[:50])
    if len(found) == 1:
        return redirect("provisioning:domain", found[0].pk)
    return render(request, "provisioning/domains.html", {"domains": found})


@needs(Permission.MAILBOXES_EDIT)
@require_safe
def domain(request: Any, domain_id: UUID) -> HttpResponse:
    """Show what the plan would do, how the mailboxes stand; persons only to who may read the records of staff."""
    kept = domain_for(request.actor, domain_id)
    planned = plan_counts(kept)
    reads_staff = request.actor.may(Permission.STAFF_READ)
    page: dict[str, Any] = {
        "domain": kept,
        "planned": [(CHANGES[Change(code)], count) for code, count in planned.items()],
        "to_do": sum(planned.values()),
        "state": state_counts(kept),
        "stuck": answers_given_up(kept),
        "lacks": suite_lacks(),
        "reads_staff": reads_staff,
    }
    if reads_staff:
        page["steps"] = [(CHANGES[Change(step.change)], step) for step in plan_of(kept, most=MOST_STEPS)]
        rows = mailboxes_seen_by(request.actor).filter(domain=kept)
        page["table"] = _table(keyset_page(rows, by=("address", "id"), query=request.GET))
    return render(request, "provisioning/domain.html", page)


def _table(page: Page) -> Table:
    heads = [Head(_("Địa chỉ")), Head(_("Người dùng")), Head(_("Tình trạng")), Head(_("Hệ thống thư trả lời"))]
    return Table(_("Hộp thư"), heads, [_row(box) for box in page.rows], pager=page, stacked=True)


def _row(box: Mailbox) -> Row:
    look, word = state_of(box)
    answer = box.answer or ("" if box.change else _("theo hồ sơ, chưa hỏi"))
    return Row((Cell(box.address), Cell(box.person.full_name), Cell(word, state=look), Cell(answer)))


def state_of(box: Mailbox) -> tuple[str, str]:
    """Say how a mailbox stands, in a look and a word."""
    if box.change and box.next_try_at is None:
        return "late", _("Hệ thống thư không nhận")
    if box.change:
        return "waiting", _("Chờ: %s") % str(CHANGES[Change(box.change)]).lower()
    return ("met", _("Đang dùng")) if box.known == "active" else ("none", _("Đã khóa"))


@needs(Permission.MAILBOXES_EDIT)
@require_POST
def act(request: Any, domain_id: UUID, act: str) -> HttpResponse:
    """Carry out the plan, or let what was given up be told again; the suite is told by the job."""
    if act == "thuc-hien":
        count = sum(apply_plan(domain_id, by=request.actor).values())
    elif act == "gui-lai":
        count = try_again(domain_id, by=request.actor)
    else:
        raise NotThere
    later("provisioning.tell")
    words = ngettext(
        "Đã ghi %(n)d hộp thư. Hệ thống thư đang được báo.",
        "Đã ghi %(n)d hộp thư. Hệ thống thư đang được báo.",
        count,
    )
    messages.success(request, words % {"n": count})
    return redirect("provisioning:domain", domain_id)
