"""Pages on which a school asks for a transfer: in from a school of the province or from elsewhere, out to elsewhere."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from phuong.identity.api import TooManyTries
from phuong.kernel.gates import needs
from phuong.kernel.refusals import NotThere, Refused
from phuong.registry.api import Organisation, organisation_for
from phuong.transfers.access import WORK
from phuong.transfers.actions.asking import (
    Elsewhere,
    Wish,
    ask_by_package,
    ask_to_come_in,
    ask_to_leave,
    ask_to_receive,
    find_learner,
)
from phuong.transfers.errors import BadPackage, CannotAsk, UnderWay
from phuong.transfers.forms import FromPackage, Known, Leaving, Newcomer, Search, Wanted
from phuong.transfers.queries import Found, own_learners

MOST_NAME = 80


def own_school(actor: Any) -> Organisation:
    """Give the school at which the actor stands.

    :raises NotThere: the actor stands at no school
    """
    school = organisation_for(actor, actor.organisation_id) if actor.organisation_id else None
    if school is None or school.kind != "school":
        raise NotThere
    return school


@needs(WORK)
@never_cache
@require_http_methods(["GET", "POST"])
def receive(request: Any) -> HttpResponse:
    """Find a learner of another school by number and birth date, then ask for the learner."""
    school = own_school(request.actor)
    known = Known(request.POST or None)
    is_asking = "grade" in request.POST
    wanted = Wanted(request.POST if is_asking else None, school=school)
    found: Found | None = None
    if known.is_valid():
        try:
            if is_asking and wanted.is_valid():
                facts = wanted.cleaned_data
                asked = ask_to_receive(known.told(), Wish(facts["grade"], facts["reason"]), by=request.actor)
                if asked is not None:
                    messages.success(request, _("Đã lập đơn. Hiệu trưởng trả lời ở trang này."))
                    return redirect("transfers:transfer", asked.pk)
            else:
                found = find_learner(known.told(), by=request.actor)
            if found is None:
                known.add_error(None, _not_found())
        except (CannotAsk, UnderWay, TooManyTries) as refusal:
            known.add_error(None, _why(refusal))
    if found is not None and not is_asking:
        wanted = Wanted(None, school=school, initial={"grade": str(found.grade)})
    shown = {"form": known, "wanted": wanted, "found": found, "school": school}
    status = 422 if known.errors or wanted.errors else 200
    return render(request, "transfers/receive.html", shown, status=status)


def _why(refusal: Refused) -> str:
    if isinstance(refusal, TooManyTries):
        return _("Đã thử sai quá 10 lần. Chờ 15 phút rồi thử lại.")
    return refusal.detail


def _not_found() -> str:
    return _(
        "Chưa tìm thấy em nào đang học trong tỉnh có đúng số định danh và ngày sinh này. Xem lại đơn của gia đình, "
        "hoặc nhờ gia đình xin chuyển từ tài khoản phụ huynh."
    )


@needs(WORK)
@never_cache
@require_http_methods(["GET", "POST"])
def come_in(request: Any) -> HttpResponse:
    """Take in a learner from another province by what the family shows."""
    school = own_school(request.actor)
    form = Newcomer(request.POST or None, school=school)
    if form.is_valid():
        try:
            facts = form.cleaned_data
            asked = ask_to_come_in(form.handed(), Wish(facts["grade"], facts["reason"]), by=request.actor)
        except (CannotAsk, UnderWay, TooManyTries) as refusal:
            form.add_error(None, _why(refusal))
        else:
            messages.success(request, _("Đã lập đơn. Hiệu trưởng trả lời ở trang này."))
            return redirect("transfers:transfer", asked.pk)
    return render(request, "transfers/come_in.html", {"form": form}, status=422 if form.errors else 200)


@needs(WORK)
@never_cache
@require_http_methods(["GET", "POST"])
def by_package(request: Any) -> HttpResponse:
    """Take in a learner from another province by the hand-over package."""
    form = FromPackage(request.POST or None, request.FILES or None, school=own_school(request.actor))
    if request.method == "POST" and form.is_valid():
        try:
            name = str(form.cleaned_data["file"].name)[-MOST_NAME:]
            asked = ask_by_package(name, form.content(), Wish(form.cleaned_data["grade"]), by=request.actor)
        except BadPackage as refusal:
            form.add_error("file", refusal.detail)
        except (CannotAsk, UnderWay, TooManyTries) as refusal:
            form.add_error(None, _why(refusal))
        else:
            messages.success(request, _("Đã đọc gói hồ sơ, mọi tệp đúng như lúc lập. Hiệu trưởng trả lời ở trang này."))
            return redirect("transfers:transfer", asked.pk)
    return render(request, "transfers/by_package.html", {"form": form}, status=422 if form.errors else 200)


@needs(WORK)
@never_cache
@require_http_methods(["GET", "POST"])
def leave(request: Any) -> HttpResponse:
    """Ask, for a learner of the own school, to go to a school of another province."""
    own_school(request.actor)
    form = Leaving(request.POST or None)
    words = Search(request.POST or request.GET).words()
    if form.is_valid():
        facts = form.cleaned_data
        try:
            to = Elsewhere(facts["school"], facts["province"])
            asked = ask_to_leave(facts["learner"], to, Wish(0, facts["reason"]), by=request.actor)
        except (CannotAsk, UnderWay) as refusal:
            form.add_error(None, refusal.detail)
        else:
            messages.success(request, _("Đã lập đơn. Hiệu trưởng cho chuyển ở trang này."))
            return redirect("transfers:transfer", asked.pk)
    found = own_learners(request.actor, words) if words else []
    chosen = form["learner"].value() or ""
    shown = {"form": form, "words": words, "found": found, "chosen": str(chosen)}
    return render(request, "transfers/leave.html", shown, status=422 if form.errors else 200)
