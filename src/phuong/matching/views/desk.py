"""The review desk: the queue, one pair, and what people decide about it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from phuong.kernel.audit import SEEN, seen
from phuong.kernel.gates import needs
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.matching.access import pair_for
from phuong.matching.actions import deciding
from phuong.matching.declarations import TABS, guard_title
from phuong.matching.forms import wish_of
from phuong.matching.models import Pair, PairState
from phuong.matching.queries import beside, queue, waiting_counts
from phuong.matching.summaries import side_by_side

SAME, DIFFERENT, LATER, APPROVE, BACK, REOPEN = "trung", "khac", "de-sau", "duyet", "tra-lai", "mo-lai"


@needs(Permission.PEOPLE_MERGE)
@never_cache
@require_safe
def pairs(request: Any) -> HttpResponse:
    """List the pairs that wait, the heaviest evidence first."""
    state = request.GET.get("state", "")
    state = state if state in TABS else TABS[0]
    page = queue(request.actor, state, request.GET)
    shown = {"page": page, "state": state, "states": _tabs(request, state)}
    return render(request, "matching/pairs.html", shown)


def _tabs(request: Any, state: str) -> list[tuple[str, str, bool, int]]:
    counts = waiting_counts(request.actor)
    titles = dict(PairState.choices)
    return [(str(titles[each]).capitalize(), f"?state={each}", each == state, counts.get(each, 0)) for each in TABS]


@needs(Permission.PEOPLE_MERGE)
@never_cache
@require_safe
def pair(request: Any, pair_id: UUID) -> HttpResponse:
    """Show both records field by field with the evidence, and the ways to decide."""
    found = pair_for(request.actor, pair_id)
    if found.state == PairState.SAME and found.merge_id:
        return redirect("matching:merge", found.merge_id)
    compared = side_by_side(request.actor, found)
    for side in compared.sides:
        seen(SEEN, on_kind="person", on_id=side.person.pk, about=side.person.pk, path=side.person.path)
    before, after = beside(request.actor, found)
    shown = {
        "pair": found,
        "compared": compared,
        "guard": guard_title(found.guard) if found.guard else "",
        "before": before,
        "after": after,
        "is_open": found.state in (PairState.OPEN, PairState.LATER),
        "is_mine": found.proposed_by is not None and found.proposed_by == request.actor.account_id,
    }
    return render(request, "matching/pair.html", shown)


@needs(Permission.PEOPLE_MERGE)
@require_POST
def decide(request: Any, pair_id: UUID, act: str) -> HttpResponse:
    """Carry out one decision, and go on to the next pair."""
    if act not in _ACTS:
        raise NotThere
    found = pair_for(request.actor, pair_id)
    _before, after = beside(request.actor, found)
    messages.success(request, _ACTS[act](request, found))
    return redirect("matching:pair", after) if after else redirect("matching:pairs")


def _same(request: Any, found: Pair) -> str:
    merge = deciding.decide_same(found.pk, wish_of(found, request.POST), by=request.actor)
    return _("Đã gộp hai hồ sơ.") if merge else _("Đã đề nghị gộp; chờ một người khác duyệt.")


def _different(request: Any, found: Pair) -> str:
    deciding.decide_different(found.pk, by=request.actor)
    return _("Đã ghi: hai người khác nhau, không hỏi lại nữa.")


def _later(request: Any, found: Pair) -> str:
    deciding.decide_later(found.pk, by=request.actor)
    return _("Để sau.")


def _approve(request: Any, found: Pair) -> str:
    deciding.approve(found.pk, by=request.actor)
    return _("Đã duyệt, đã gộp hai hồ sơ.")


def _back(request: Any, found: Pair) -> str:
    deciding.turn_down(found.pk, by=request.actor)
    return _("Không gộp; cặp này trở lại hàng chờ.")


def _reopen(request: Any, found: Pair) -> str:
    deciding.reopen(found.pk, by=request.actor)
    return _("Đã mở lại cặp này.")


_ACTS: dict[str, Callable[[Any, Pair], str]] = {
    SAME: _same,
    DIFFERENT: _different,
    LATER: _later,
    APPROVE: _approve,
    BACK: _back,
    REOPEN: _reopen,
}
