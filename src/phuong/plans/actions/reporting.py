"""What units report officially, beside what is counted: sent in, accepted or returned, frozen, corrected."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from phuong.kernel.attachments import Upload, keep_file
from phuong.kernel.audit import record
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import Actor
from phuong.kernel.text import nfc
from phuong.kernel.today import today
from phuong.notices.api import Message, tell_units
from phuong.plans.access import answers_for, area_reporting, may_report, reported_seen_by
from phuong.plans.errors import BadValue, OwnValue, WrongState
from phuong.plans.models import Indicator, Reported
from phuong.plans.rules import FIRST_YEAR, BadReading, Reading, as_of, month_of, reading_of
from phuong.registry.api import Organisation, department_of

FILES = "reported"
MOST_WORDS = 2000


@transaction.atomic
def submit_value(
    *,
    indicator: Indicator,
    unit: Organisation,
    period: dt.date,
    facts: Mapping[str, Any],
    by: Actor,
    upload: Upload | None = None,
) -> Reported:
    """Send in what a unit reports of a month (``period``: any of its days) for review.

    ``facts``: ``value``, or ``numerator`` and ``denominator``; ``source``; ``comment``; ``reason`` of a correction
    (the comment stands in for it). Sent again before the review, the new facts take the place of the old; after it
    was accepted, they are the next version.

    :raises NotThere: not this unit's indicator, or the actor does not report for the unit
    :raises BadValue: an impossible value, a month still to come, no source, or a correction without reason
    :raises kernel.attachments.BadFile: the file is not accepted; nothing is written
    """
    row = _written(indicator, unit, period, facts, by)
    if not row.source:
        raise BadValue(_("Ghi số liệu lấy từ đâu, ví dụ tên sổ hoặc báo cáo."), "source")
    row.state = Reported.State.SUBMITTED
    row.submitted_by, row.submitted_by_name, row.submitted_at = by.account_id, by.name, timezone.now()
    return _kept(row, "plans.value_submitted", upload, by)


@transaction.atomic
def keep_draft(
    *,
    indicator: Indicator,
    unit: Organisation,
    period: dt.date,
    facts: Mapping[str, Any],
    by: Actor,
    upload: Upload | None = None,
) -> Reported:
    """Keep a value without sending it in; a value that waits for review is taken back. Facts and refusals as there."""
    row = _written(indicator, unit, period, facts, by)
    row.state = Reported.State.DRAFT
    row.submitted_by, row.submitted_by_name, row.submitted_at = None, "", None
    return _kept(row, "plans.value_drafted", upload, by)


def _written(
    indicator: Indicator, unit: Organisation, period: dt.date, facts: Mapping[str, Any], by: Actor
) -> Reported:
    """Give the row in hand with the facts in it, not saved yet; the unit is locked until the act is over."""
    area, month = area_reporting(unit), month_of(period)
    if not may_report(by, area) or not answers_for(indicator, area):
        raise NotThere
    if not dt.date(FIRST_YEAR, 1, 1) <= month <= today():
        raise BadValue(_("Chọn tháng đã đến: chưa báo cáo trước được."), "period")
    reading = _reading(indicator, facts)
    Organisation.objects.select_for_update(no_key=True).get(pk=area.pk)
    row = _in_hand(indicator, area, month, facts)
    row.path, row.as_of = area.path, as_of(month, today())
    row.value, row.numerator, row.denominator = reading.value, reading.numerator, reading.denominator
    row.source, row.comment = _words(facts, "source"), _words(facts, "comment")
    row.reviewed_by, row.reviewed_by_name, row.reviewed_at = None, "", None
    return row


def _in_hand(indicator: Indicator, area: Organisation, month: dt.date, facts: Mapping[str, Any]) -> Reported:
    """Give the row that is being worked on: a new one, the one not accepted yet, or the next version."""
    rows = Reported.objects.filter(indicator=indicator, organisation=area, period=month)
    latest = rows.select_for_update(of=("self",)).order_by("-version").first()
    if latest is not None and latest.state != Reported.State.ACCEPTED:
        return latest
    row = Reported(indicator=indicator, organisation=area, period=month)
    if latest is not None:
        row.version = latest.version + 1
        row.reason = _words(facts, "reason") or _words(facts, "comment")
        if not row.reason:
            raise BadValue(_("Số tháng này đã được duyệt. Ghi lí do sửa rồi gửi bản mới."), "comment")
    return row


def _kept(row: Reported, did: str, upload: Upload | None, by: Actor) -> Reported:
    row.save()
    if upload is not None:
        keep_file(upload, on_kind=FILES, on_id=row.pk, path=row.path, permission=Permission.PLANS_READ, by=by)
    record(did, on_kind="reported", on_id=row.pk, note=f"{row.period:%m/%Y} #{row.version}: {row.value}", path=row.path)
    return row


def _reading(indicator: Indicator, facts: Mapping[str, Any]) -> Reading:
    try:
        return reading_of(
            indicator.unit,
            value=facts.get("value"),
            numerator=facts.get("numerator"),
            denominator=facts.get("denominator"),
        )
    except BadReading as error:
        raise BadValue(cure_of(error.code), error.field) from error


def cure_of(code: str) -> str:
    """Say what is wrong with a value, and how to mend it."""
    return {
        "nothing_given": _("Ghi số liệu rồi mới gửi."),
        "both_given": _("Đã ghi số đạt và tổng số thì để trống ô giá trị: tỉ lệ được tính từ hai số."),
        "half_given": _("Ghi cả số đạt và tổng số."),
        "no_denominator": _("Tổng số phải là số nguyên từ 1 trở lên."),
        "over_hundred": _("Số đạt không lớn hơn tổng số, tỉ lệ không quá 100%."),
        "not_yes_no": _("Ghi 1 nếu đã đạt, 0 nếu chưa."),
        "no_share": _("Chỉ tiêu này không phải tỉ lệ: ghi một giá trị."),
        "too_exact": _("Ghi nhiều nhất bốn chữ số sau dấu phẩy."),
    }.get(code) or _("Ghi một số không âm và không quá lớn.")


def _words(facts: Mapping[str, Any], name: str) -> str:
    words = nfc(str(facts.get(name) or "").replace("\0", ""))
    if len(words) > MOST_WORDS:
        raise BadValue(_("Viết ngắn hơn 2.000 chữ."), name)
    return words


@transaction.atomic
def review_value(value_id: UUID, *, accept: bool, comment: str, by: Actor) -> Reported:
    """Accept a value, which freezes it, or return it with a comment.

    :raises NotThere: unknown, elsewhere, or the actor does not review
    :raises OwnValue: the actor sent it in
    :raises WrongState: it does not wait for review (any more)
    :raises BadValue: returned without a comment
    """
    row = next(iter(_locked([value_id], by)), None)
    if row is None:
        raise NotThere
    if row.state != Reported.State.SUBMITTED:
        raise WrongState
    if _is_own(row, by):
        raise OwnValue
    _review([row], accept=accept, comment=comment, by=by)
    row.refresh_from_db()
    return row


@transaction.atomic
def review_values(picks: Mapping[UUID, dt.datetime], *, accept: bool, comment: str, by: Actor) -> int:
    """Review several values at once; gives how many.

    ``picks``: when each was sent in, as the reviewer read it. What was reviewed or sent in anew meanwhile, and what
    the actor sent in, is passed over.

    :raises NotThere: the actor does not review
    :raises OwnValue: the actor sent in all of them
    :raises WrongState: none of them waits as it was read
    :raises BadValue: returned without a comment
    """
    rows = _locked(picks, by)
    waiting = [row for row in rows if row.state == Reported.State.SUBMITTED and row.submitted_at == picks[row.pk]]
    others = [row for row in waiting if not _is_own(row, by)]
    if not others:
        raise OwnValue if waiting else WrongState
    _review(others, accept=accept, comment=comment, by=by)
    return len(others)


def _locked(ids: Iterable[UUID], by: Actor) -> list[Reported]:
    if not by.may(Permission.VALUES_REVIEW):
        raise NotThere
    rows = reported_seen_by(by).filter(pk__in=list(ids)).select_related(None)
    return list(rows.select_for_update(of=("self",), no_key=True).order_by("id"))


def _is_own(row: Reported, by: Actor) -> bool:
    """Say whether the actor sent in the value; other systems have no account, and are told apart by name."""
    if row.submitted_by is None and by.account_id is None:
        return row.submitted_by_name == by.name
    return row.submitted_by == by.account_id


def _review(rows: list[Reported], *, accept: bool, comment: str, by: Actor) -> None:
    words = _words({"comment": comment}, "comment")
    if not accept and not words:
        raise BadValue(_("Ghi cần sửa gì rồi mới trả lại."), "comment")
    Reported.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=Reported.State.ACCEPTED if accept else Reported.State.RETURNED,
        reviewed_by=by.account_id,
        reviewed_by_name=by.name,
        reviewed_at=timezone.now(),
        review_comment=words,
    )
    did = "plans.value_accepted" if accept else "plans.value_returned"
    record(did, on_kind="reported", on_id=rows[0].pk if len(rows) == 1 else "", note=f"{len(rows)}: {words[:200]}")
    if not accept:
        _tell_returned(rows, words, by)


def _tell_returned(rows: list[Reported], words: str, by: Actor) -> None:
    """Tell each unit what was returned; the province's values are its department's."""
    indicators = Indicator.objects.select_related("plan").in_bulk({row.indicator_id for row in rows})
    provinces = Organisation.objects.filter(kind="province").in_bulk({row.organisation_id for row in rows})
    codes = {indicators[row.indicator_id].plan.province_code for row in rows if row.organisation_id in provinces}
    desks = {code: department_of(code) for code in sorted(codes)}
    forms = {key: _form(indicator) for key, indicator in indicators.items()}
    said = _("%(who)s: %(words)s") % {"who": by.name, "words": words[:300]}
    moment = timezone.now().isoformat()
    told = []
    for row in rows:
        title, address = forms[row.indicator_id]
        unit: UUID | None = row.organisation_id
        if unit in provinces:
            desk = desks[indicators[row.indicator_id].plan.province_code]
            unit = desk.pk if desk else None
        if unit is not None:
            address = f"{address}?month={row.period:%Y-%m}"
            told.append((unit, Message("plans.value_returned", title, said, address, f"{row.pk} {moment}")))
    tell_units(told, permission=Permission.VALUES_REPORT)


def _form(indicator: Indicator) -> tuple[str, str]:
    """Give title and address for what came back of an indicator."""
    title = _("Trả lại số liệu: %s") % indicator.title[:140]
    return title, reverse("plans:report_one", args=[indicator.plan.code, indicator.code])
