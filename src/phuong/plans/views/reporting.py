"""Pages of reported values: what one's unit has to report, the review, who has not reported."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from phuong.kernel.attachments import BadFile, attachments_of
from phuong.kernel.gates import needs
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere, Refused
from phuong.kernel.today import today
from phuong.plans.access import answers_for, indicator_named, level_of, may_report, own_area, province_for
from phuong.plans.actions.reporting import FILES, keep_draft, review_values, submit_value
from phuong.plans.errors import BadValue
from phuong.plans.forms import ManyForm, ReportForm, ReviewForm, month_in, picked
from phuong.plans.models import Indicator, Reported
from phuong.plans.queries import (
    lines_of,
    overdue_under,
    takes_parts,
    units_missing,
    value_seen_by,
    versions_of,
    waiting_for,
)
from phuong.plans.rules import due_on, month_before, month_of
from phuong.registry.api import Organisation
from phuong.ui.api import keyset_page


@needs(Permission.VALUES_REPORT)
@require_http_methods(["GET", "POST"])
def reporting(request: Any) -> HttpResponse:
    """List what one's unit has to report, late first; take many values at once."""
    area = _own_unit(request)
    lines = lines_of(area, today(), _past_month(request))
    form = ManyForm(lines, *([request.POST] if request.method == "POST" else []))
    if request.method == "POST" and form.is_valid():
        sent = _submit_many(request, area, form)
        if sent and not form.errors:
            messages.success(request, _("Đã gửi %d số liệu để duyệt.") % sent)
            return redirect(request.get_full_path())
        if not form.errors:
            messages.warning(request, _("Chưa ghi số nào nên chưa gửi gì."))
    page = {
        "area": area,
        "form": form,
        "rows": [(line, form.row(line) if line in form.lines else None) for line in lines],
        "late": sum(line.is_late for line in lines),
        "open": sum(not line.is_sent for line in lines),
        "month": _past_month(request),
        "today": today(),
        "may_review": request.actor.may(Permission.VALUES_REVIEW),
    }
    return render(request, "plans/reporting.html", page, status=422 if form.errors else 200)


def _own_unit(request: Any) -> Organisation:
    area = own_area(request.actor)
    if not may_report(request.actor, area):
        raise NotThere
    return area


def _past_month(request: Any) -> dt.date | None:
    month = month_in(request.GET.get("month", ""))
    return month if month and month <= today() else None


def _submit_many(request: Any, area: Organisation, form: ManyForm) -> int:
    """Send in every filled line or none; what is wrong stands at its field."""
    sent = 0
    with transaction.atomic():
        for line, facts in form.filled():
            try:
                submit_value(indicator=line.indicator, unit=area, period=line.period, facts=facts, by=request.actor)
                sent += 1
            except BadValue as refusal:
                name = f"{refusal.field}-{line.key}"
                form.add_error(name if name in form.fields else f"source-{line.key}", refusal.detail)
        if form.errors:
            transaction.set_rollback(True)
    return sent


@needs(Permission.VALUES_REPORT)
@require_http_methods(["GET", "POST"])
def report_one(request: Any, plan_code: str, code: str) -> HttpResponse:
    """Report one indicator of one month with source, comment and evidence."""
    area, indicator = _own_unit(request), indicator_named(plan_code, code)
    if not answers_for(indicator, area):
        raise NotThere
    month = _past_month(request) or month_of(today())
    versions = versions_of(indicator, area, month)
    latest = versions[0] if versions else None
    form = ReportForm(
        indicator,
        *([request.POST, request.FILES] if request.method == "POST" else []),
        is_correction=_is_correction(latest),
        initial=_initial(indicator, latest),
    )
    if request.method == "POST" and form.is_valid() and _report(request, indicator, area, month, form):
        return redirect(f"{request.path}?month={month:%Y-%m}")
    page = {
        "area": area,
        "indicator": indicator,
        "month": month,
        "due_on": due_on(month),
        "form": form,
        "versions": versions,
        "latest": latest,
        "files": list(attachments_of(FILES, [each.pk for each in versions])),
        "before": next(iter(versions_of(indicator, area, month_before(month))), None),
        "today": today(),
    }
    return render(request, "plans/report_one.html", page, status=422 if form.errors else 200)


def _is_correction(latest: Reported | None) -> bool:
    return latest is not None and (latest.state == "accepted" or latest.version > 1)


def _initial(indicator: Indicator, latest: Reported | None) -> dict[str, Any]:
    if latest is None:
        return {}
    has_parts = takes_parts(indicator) and latest.numerator is not None
    start = {"source": latest.source}
    if latest.state != Reported.State.ACCEPTED:
        start |= {"comment": latest.comment, "reason": latest.reason}
    if has_parts:
        return {**start, "numerator": latest.numerator, "denominator": latest.denominator}
    value = f"{latest.value.normalize():f}"
    return {**start, "value": value if indicator.unit == "yes_no" else value.replace(".", ",")}


def _report(request: Any, indicator: Indicator, area: Organisation, month: dt.date, form: ReportForm) -> bool:
    """Send in, or keep as a draft; a refusal stands at its field and gives false."""
    is_draft = request.POST.get("act") == "draft"
    act = keep_draft if is_draft else submit_value
    try:
        act(
            indicator=indicator,
            unit=area,
            period=month,
            facts=form.facts(),
            by=request.actor,
            upload=form.cleaned_data["file"],
        )
    except BadFile as refusal:
        form.add_error("file", refusal.detail)
    except BadValue as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.detail)
    else:
        messages.success(request, _("Đã lưu nháp.") if is_draft else _("Đã gửi để duyệt."))
        return True
    return False


@needs(Permission.VALUES_REVIEW)
@require_http_methods(["GET", "POST"])
def review(request: Any) -> HttpResponse:
    """List what waits for review, oldest first; accept or return the ticked ones. Beside: who has not reported."""
    form = ReviewForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and _review(request, form):
        return redirect("plans:review")
    found = keyset_page(waiting_for(request.actor), by=("submitted_at", "id"), query=request.GET)
    files: dict[Any, list[Any]] = {}
    for file in attachments_of(FILES, [row.pk for row in found.rows]):
        files.setdefault(file.on_id, []).append(file)
    period = month_before(month_of(today()))
    overdue = overdue_under(province_for(request.actor), period)
    page = {
        "page": found,
        "rows": [(row, files.get(row.pk, []), _is_own(request, row)) for row in found.rows],
        "form": form,
        "overdue": [each for each in overdue if not each.is_departments],
        "own_overdue": sum(each.is_departments for each in overdue),
        "period": period,
        "due_on": due_on(period),
        "may_report": request.actor.may(Permission.VALUES_REPORT),
    }
    return render(request, "plans/review.html", page, status=422 if form.errors else 200)


def _is_own(request: Any, row: Reported) -> bool:
    return row.submitted_by is not None and row.submitted_by == request.actor.account_id


def _review(request: Any, form: ReviewForm) -> bool:
    picks = picked(request.POST.getlist("value"))
    accept = request.POST.get("act") == "accept"
    if not form.is_valid():
        return False
    if not picks:
        form.add_error(None, _("Đánh dấu ít nhất một dòng."))
        return False
    try:
        count = review_values(picks, accept=accept, comment=form.cleaned_data["comment"], by=request.actor)
    except BadValue as refusal:
        form.add_error("comment", refusal.detail)
        return False
    except Refused as refusal:
        messages.warning(request, refusal.detail)
        return True
    done = _("Đã duyệt %d số liệu.") if accept else _("Đã trả lại %d số liệu.")
    messages.success(request, done % count)
    if count < len(picks):
        skipped = _("%d dòng bỏ qua: vừa được sửa, đã có người duyệt, hoặc do chính mình gửi.")
        messages.warning(request, skipped % (len(picks) - count))
    return True


@needs(Permission.VALUES_REVIEW, Permission.VALUES_REPORT)
@require_safe
def value(request: Any, value_id: UUID) -> HttpResponse:
    """Show one reported value with its versions and evidence; the reviewer decides here too."""
    found = value_seen_by(request.actor, value_id)
    versions = versions_of(found.indicator, found.organisation, found.period)
    page = {
        "value": found,
        "versions": [each for each in versions if each.pk == found.pk or each.state == Reported.State.ACCEPTED],
        "files": list(attachments_of(FILES, [found.pk])),
        "form": ReviewForm(),
        "may_review": found.state == Reported.State.SUBMITTED
        and request.actor.may(Permission.VALUES_REVIEW)
        and not _is_own(request, found),
    }
    return render(request, "plans/value.html", page)


@needs(Permission.VALUES_REVIEW)
@require_safe
def missing(request: Any, plan_code: str, code: str) -> HttpResponse:
    """List the units that have not sent in an indicator of a month."""
    indicator = indicator_named(plan_code, code)
    if indicator.decision != Indicator.Decision.REPORTED:
        raise NotThere
    period = _past_month(request) or month_before(month_of(today()))
    rows = units_missing(indicator, period, province_for(request.actor).path)
    found = keyset_page(rows, by=("name_key", "id"), query=request.GET)
    page = {
        "indicator": indicator,
        "period": period,
        "due_on": due_on(period),
        "page": found,
        "count": rows.count(),
        "level": level_of(indicator),
    }
    return render(request, "plans/missing.html", page)
