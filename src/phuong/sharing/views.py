"""Pages of data sharing: the services of a province, one of them with its contract and deliveries, what is agreed."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from phuong.kernel.gates import fresh, needs
from phuong.kernel.models import Job
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.kernel.today import today
from phuong.sharing.access import may_change, province_for, service_for, services_seen_by
from phuong.sharing.actions.agreeing import ask_for_delivery, record_agreement, set_paused
from phuong.sharing.declarations import Contract, DataService
from phuong.sharing.errors import NotAgreed, NotConnected
from phuong.sharing.forms import AgreementForm
from phuong.sharing.models import Delivery
from phuong.sharing.queries import Line, deliveries_of, line_of, lines_of, names_of_units, office_lacks
from phuong.sharing.rules import Kind, Standing, Why
from phuong.ui.api import Cell, Head, Row, Table, shown_job, write_day, write_moment, write_number

MOST_JOBS, MOST_DIFFERENCES = 2, 100
SEND, SEND_ALL, PAUSE, RESUME = "gui", "gui-lai", "tam-dung", "mo-lai"
STANDINGS = {
    Standing.CLOSED: ("none", gettext_lazy("Chưa có thỏa thuận")),
    Standing.OVER: ("late", gettext_lazy("Thỏa thuận hết hạn")),
    Standing.PAUSED: ("care", gettext_lazy("Tạm dừng")),
    Standing.STUCK: ("late", gettext_lazy("Bên nhận từ chối")),
    Standing.LATE: ("late", gettext_lazy("Quá hạn gửi")),
    Standing.UNCOMPARED: ("care", gettext_lazy("Chưa đối soát được")),
    Standing.DIFFERS: ("care", gettext_lazy("Số liệu chưa khớp")),
    Standing.WAITING: ("waiting", gettext_lazy("Chưa gửi lần nào")),
    Standing.GOOD: ("met", gettext_lazy("Đúng hạn, khớp")),
}
_KINDS = {
    Kind.FULL: gettext_lazy("toàn bộ"),
    Kind.CHANGES: gettext_lazy("thay đổi"),
    Kind.MEND: gettext_lazy("sửa chênh lệch"),
}
_WHYS = {
    Why.SCHEDULE: gettext_lazy("theo lịch"),
    Why.ASKED: gettext_lazy("có người yêu cầu"),
    Why.ALL: gettext_lazy("yêu cầu gửi lại toàn bộ"),
    Why.MEND: gettext_lazy("số liệu chưa khớp"),
    Why.FORGOTTEN: gettext_lazy("bên nhận mất đợt trước"),
}
_STATES = {
    Delivery.State.OPEN: ("waiting", gettext_lazy("Đang gửi")),
    Delivery.State.SENT: ("met", gettext_lazy("Đã nhận đủ")),
    Delivery.State.STUCK: ("late", gettext_lazy("Bị từ chối")),
    Delivery.State.DROPPED: ("none", gettext_lazy("Đã bỏ")),
}
_TYPES = {
    "string": gettext_lazy("chữ"),
    "integer": gettext_lazy("số nguyên"),
    "boolean": gettext_lazy("đúng hoặc sai"),
    "date": gettext_lazy("ngày"),
}


@needs(Permission.DATA_SHARE)
@require_safe
def services(request: Any) -> HttpResponse:
    """List the services of the province by partner."""
    lines = lines_of(province_for(request.actor))
    good = sum(line.standing == Standing.GOOD for line in lines)
    waiting = sum(line.standing in (Standing.CLOSED, Standing.WAITING) for line in lines)
    page = {"table": _table(lines), "count": len(lines), "good": good, "rest": len(lines) - good - waiting}
    return render(request, "sharing/services.html", {**page, "waiting": waiting})


def _table(lines: list[Line]) -> Table:
    columns = [
        Head(_("Dịch vụ dữ liệu")),
        Head(_("Tình trạng")),
        Head(_("Gửi gần nhất")),
        Head(_("Bên mình"), numeric=True),
        Head(_("Bên nhận"), numeric=True),
        Head(_("Lần tới")),
    ]
    rows: list[Row] = []
    partner = ""
    for line in lines:
        if line.about.partner.code != partner:
            partner = line.about.partner.code
            rows.append(Row(heading=line.about.partner.title))
        rows.append(_row(line))
    return Table(_("Dịch vụ dữ liệu"), columns, rows, stacked=True, hide_caption=True)


def _row(line: Line) -> Row:
    kept, (look, word) = line.kept, STANDINGS[line.standing]
    differing = len(line.differences)
    detail = _("%s đơn vị khác") % write_number(differing) if differing else ""
    return Row(
        (
            Cell(line.about.title, reverse("sharing:service", args=[line.about.code])),
            Cell(word, state=look, detail=detail),
            Cell(write_moment(kept.last_sent_at) if kept and kept.last_sent_at else ""),
            Cell(write_number(kept.ours) if kept and kept.ours is not None else ""),
            Cell(write_number(kept.theirs) if kept and kept.theirs is not None else ""),
            Cell(_next(line)),
        )
    )


def _next(line: Line) -> str:
    if line.next_on is None:
        return ""
    return str(_("đêm nay")) if line.next_on == today() else write_day(line.next_on)


@needs(Permission.DATA_SHARE)
@require_safe
def by_key(request: Any, service_id: UUID) -> HttpResponse:
    """Lead on from the key of a service, by which figures name it."""
    found = services_seen_by(request.actor).filter(pk=service_id).first()
    if found is None:
        raise NotThere
    return redirect("sharing:service", found.code)


@needs(Permission.DATA_SHARE)
@require_safe
def service(request: Any, code: str) -> HttpResponse:
    """Show one service; renewed by itself while a delivery is under way."""
    about = service_for(request.actor, code)
    line = line_of(province_for(request.actor), code)
    jobs = _jobs(line)
    deliveries = deliveries_of(line.kept)
    look, word = STANDINGS[line.standing]
    page = {
        "line": line,
        "about": about,
        "kept": line.kept,
        "next": _next(line),
        "look": look,
        "word": word,
        "lacks": "" if about.carried_by else office_lacks(about.partner.code),
        "jobs": [shown_job(job) for job in jobs],
        "busy": any(not job.is_over for job in jobs),
        "deliveries": [_shown(each) for each in deliveries],
        "differences": _differences(line),
        "more": max(0, len(line.differences) - MOST_DIFFERENCES),
        "fields": _fields(about.contract) if about.contract else [],
        "may_change": may_change(request.actor),
    }
    part = "#state" if "HX-Request" in request.headers else ""
    answer = render(request, f"sharing/service.html{part}", page)
    answer["Vary"] = "HX-Request"
    return answer


def _jobs(line: Line) -> list[Job]:
    if line.kept is None or line.about.carried_by:
        return []
    rows = Job.objects.filter(name="sharing.send", arguments__service=str(line.kept.pk))
    return list(rows.order_by("-id")[:MOST_JOBS])


def _shown(delivery: Delivery) -> dict[str, Any]:
    look, word = _STATES[Delivery.State(delivery.state)]
    kind, why = _KINDS[Kind(delivery.kind)], _WHYS[Why(delivery.why)]
    return {"row": delivery, "look": look, "word": word, "kind": kind, "why": why}


def _differences(line: Line) -> list[dict[str, Any]]:
    shown = line.differences[:MOST_DIFFERENCES]
    names = names_of_units([each.unit for each in shown] + [each.commune for each in shown])
    return [
        {
            "unit": names.get(each.unit, (None, each.unit))[1],
            "key": names.get(each.unit, (None, ""))[0],
            "commune": names.get(each.commune, (None, each.commune))[1],
            "ours": each.ours,
            "theirs": each.theirs,
        }
        for each in shown
    ]


def _fields(contract: Contract) -> list[dict[str, Any]]:
    return [
        {"field": each, "type": _TYPES["date" if each.rule.get("format") == "date" else each.types[0]]}
        for each in contract.fields
    ]


def _may_agree(request: Any, code: str) -> DataService:
    about = service_for(request.actor, code)
    if not may_change(request.actor):
        raise NotThere
    return about


@needs(Permission.DATA_SHARE)
@fresh(_may_agree)
@require_http_methods(["GET", "POST"])
def agree(request: Any, code: str) -> HttpResponse:
    """Record the agreement by which the partner gets the data."""
    about = _may_agree(request, code)
    kept = line_of(province_for(request.actor), code).kept
    start = {"number": kept.agreement, "agreed_on": kept.agreed_on, "valid_until": kept.valid_until} if kept else {}
    form = AgreementForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        record_agreement(about, form.agreement(), by=request.actor)
        messages.success(request, _("Đã ghi thỏa thuận. Dữ liệu được gửi theo lịch từ đêm nay."))
        return redirect("sharing:service", code)
    status = 422 if form.errors else 200
    return render(request, "sharing/agree.html", {"about": about, "form": form}, status=status)


def _may_act(request: Any, code: str, act: str) -> DataService:
    if act not in (SEND, SEND_ALL, PAUSE, RESUME):
        raise NotThere
    about = _may_agree(request, code)
    if about.carried_by and act in (SEND, SEND_ALL):
        raise NotThere
    return about


@needs(Permission.DATA_SHARE)
@fresh(_may_act)
@require_http_methods(["GET", "POST"])
def act(request: Any, code: str, act: str) -> HttpResponse:
    """Say what sending, or pausing, brings about; then do it."""
    about = _may_act(request, code, act)
    if request.method == "GET":
        return render(request, "sharing/act.html", {"about": about, "act": act})
    if act in (PAUSE, RESUME):
        set_paused(about, is_paused=act == PAUSE, by=request.actor)
        messages.success(request, _("Đã tạm dừng.") if act == PAUSE else _("Đã mở lại."))
        return redirect("sharing:service", code)
    try:
        ask_for_delivery(about, everything=act == SEND_ALL, by=request.actor)
        messages.success(request, _("Đang gửi. Trang này tự cập nhật."))
    except (NotAgreed, NotConnected) as refusal:
        messages.warning(request, refusal.detail)
    return redirect("sharing:service", code)
