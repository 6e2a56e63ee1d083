"""The desk of new codes: somebody of the school has forgotten a password."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from phuong.kernel.gates import fresh, needs
from phuong.kernel.refusals import BadInput
from phuong.onboarding.access import MAY_KEEP, kept_class_for, school_for
from phuong.onboarding.actions.letters import ask_renewal, ask_renewals
from phuong.onboarding.actions.renewing import check_renewal, printer_of, why_not
from phuong.onboarding.actions.sending import RENEWALS, ask_sending
from phuong.onboarding.forms import PAPER, FindForm, RenewForm
from phuong.onboarding.queries import MOST_FOUND, class_progress, holders_at
from phuong.onboarding.rules import RENEW_DAYS
from phuong.onboarding.views.desk import site_of


@needs(MAY_KEEP)
@never_cache
@require_safe
def renew(request: Any, organisation_id: UUID) -> HttpResponse:
    """Find somebody by name, code or sign-in name; or choose a class."""
    unit = school_for(request.actor, organisation_id)
    form = FindForm(request.GET)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    found = holders_at(unit, words)
    reasons = why_not(found, printer_of(request.actor))
    page = {
        "school": unit,
        "days": RENEW_DAYS,
        "form": form,
        "q": words,
        "found": [(account, reasons.get(account.pk, "")) for account in found[:MOST_FOUND]],
        "is_cut": len(found) > MOST_FOUND,
        "classes": list(class_progress(unit)),
        "ways": [way for way in RenewForm().fields["way"].choices if way[0] != PAPER],  # type: ignore[attr-defined]
    }
    return render(request, "onboarding/renew.html", page)


def _may_renew_one(request: Any, organisation_id: UUID, person_id: UUID) -> None:
    check_renewal(school_for(request.actor, organisation_id), person_id, printer_of(request.actor))


@needs(MAY_KEEP)
@fresh(_may_renew_one)
@require_POST
def renew_one(request: Any, organisation_id: UUID, person_id: UUID) -> HttpResponse:
    """Ask for the letter with a new code of one person."""
    unit, printer = school_for(request.actor, organisation_id), printer_of(request.actor)
    account = check_renewal(unit, person_id, printer)
    ask_renewal(unit, account, site=site_of(request), printer=printer)
    messages.success(request, _("Đang in thư cấp lại mã cho %s. Tệp hiện ở dưới khi in xong.") % account.display_name)
    return redirect("onboarding:school", unit.pk)


def _may_renew_class(request: Any, class_id: UUID) -> None:
    kept_class_for(request.actor, class_id)


@needs(MAY_KEEP)
@fresh(_may_renew_class)
@require_POST
def renew_class(request: Any, class_id: UUID) -> HttpResponse:
    """Ask for new codes for those of a class who have set a password: as letters, or as messages to guardians."""
    group, printer = kept_class_for(request.actor, class_id), printer_of(request.actor)
    form = RenewForm(request.POST)
    if not form.is_valid():
        raise BadInput(" ".join(str(words) for errors in form.errors.values() for words in errors))
    if form.cleaned_data["way"] == PAPER:
        ask_renewals(group, whom=form.cleaned_data["whom"], site=site_of(request), printer=printer)
        messages.success(request, _("Đang in thư cấp lại mã cho lớp %s. Tệp hiện ở dưới khi in xong.") % group.name)
    else:
        ask_sending(group, what=RENEWALS, channel=form.cleaned_data["way"], site=site_of(request), printer=printer)
        messages.success(request, _("Đang gửi mã mới cho phụ huynh lớp %s.") % group.name)
    return redirect("onboarding:school", group.organisation_id)
