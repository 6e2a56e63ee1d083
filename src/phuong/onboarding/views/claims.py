"""The page on which a guardian claims a child."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from phuong.identity.api import TooManyTries
from phuong.kernel.gates import needs
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.onboarding.actions.claims import Told, claim_child
from phuong.onboarding.errors import CannotClaim
from phuong.onboarding.forms import ClaimForm
from phuong.onboarding.models import Claim
from phuong.onboarding.queries import own_claims
from phuong.onboarding.rules import ChildFacts


@needs(Permission.OWN_READ)
@never_cache
@require_http_methods(["GET", "POST"])
def claim(request: Any) -> HttpResponse:
    """Ask for the child's code, facts and the code of the letter; link, or leave it to the school."""
    if request.actor.role != "guardian":
        raise NotThere
    form = ClaimForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            found = claim_child(_told(form), by=request.actor)
        except TooManyTries:
            form.add_error(None, _("Đã thử quá 10 lần. Chờ 15 phút rồi thử lại, hoặc hỏi nhà trường."))
        else:
            if found is None:
                form.add_error(None, str(CannotClaim.message))
            else:
                return _said(request, found)
    page = {"form": form, "claims": own_claims(request.actor.account_id)}
    return render(request, "onboarding/claim.html", page, status=422 if form.errors else 200)


def _told(form: ClaimForm) -> Told:
    facts = form.cleaned_data
    return Told(
        child_code=facts["child_code"].strip(),
        facts=ChildFacts(facts["birth_date"], facts["class_name"]),
        letter_code=facts["letter_code"],
        relation=facts["relation"],
    )


def _said(request: Any, found: Claim) -> HttpResponse:
    if found.state == Claim.State.ACCEPTED:
        messages.success(request, _("Đã gắn con vào tài khoản."))
        return redirect("/")
    messages.info(request, _("Nhà trường sẽ xem và trả lời. Khi được gắn, con hiện ở trang đầu."))
    return redirect("onboarding:claim")
