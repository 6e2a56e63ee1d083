"""Sign in by VNeID; link it to one's account, and end that."""

from typing import Any

import structlog
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.socialaccount.internal import statekit
from allauth.socialaccount.models import SocialApp
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from phuong.identity.access import at_the_door, safe_next
from phuong.identity.actions import vneid as actions
from phuong.identity.backend.upstream import PROVIDER_ID, Questions, upstream
from phuong.identity.errors import STOPS, SaysNo
from phuong.kernel.gates import fresh, on_any_day, signed_in, with_any_factor
from phuong.kernel.refusals import NotThere
from phuong.ui.api import in_chosen_language

ENTER, LINK = "login", "connect"
log = structlog.get_logger()


def _begin(request: Any, purpose: str, next_url: str) -> HttpResponse:
    account = str(request.actor.account_id or "") if purpose == LINK else ""
    try:
        return upstream(request).begin(request, purpose=purpose, next_url=next_url, account=account)
    except SocialApp.DoesNotExist as absent:
        raise NotThere from absent
    except SaysNo as trouble:
        return _stop(request, trouble, purpose, next_url)


def _sign_in(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Go to VNeID to sign in."""
    del provider_id
    return _begin(request, ENTER, safe_next(request))


def _is_offered(request: Any) -> None:
    try:
        upstream(request)
    except SocialApp.DoesNotExist as absent:
        raise NotThere from absent


@signed_in
@fresh(_is_offered)
@on_any_day
@with_any_factor
@never_cache
@require_POST
def link(request: Any) -> HttpResponse:
    """Go to VNeID to link it to the account in use."""
    return _begin(request, LINK, reverse("identity:account"))


@signed_in
@fresh()
@on_any_day
@with_any_factor
@require_POST
def unlink(request: Any) -> HttpResponse:
    """End the link: VNeID opens this account no more."""
    if actions.unlink(by=request.actor):
        messages.success(request, _("Đã bỏ liên kết VNeID."))
    return redirect("identity:account")


def _come_back(request: Any, provider_id: str) -> HttpResponse:
    """Take the answer of VNeID: sign in, link, or say why not."""
    state: dict[str, Any] = {}
    try:
        upstream(request)
        found = statekit.unstash_state(request, provider_id=provider_id, state_id=request.GET.get("state", ""))
        if found is None:
            raise SaysNo("stale")
        state = found
        told = _answer(request, state)
        return _link(request, state, told) if state["process"] == LINK else _enter(request, state, told)
    except SocialApp.DoesNotExist as absent:
        raise NotThere from absent
    except SaysNo as trouble:
        return _stop(request, trouble, state.get("process", ENTER), state.get("next", ""))


def _answer(request: Any, state: dict[str, Any]) -> Any:
    if request.GET.get("error") == Questions.login_cancelled_error:
        raise SaysNo("cancelled")
    if "error" in request.GET or not request.GET.get("code"):
        raise SaysNo("silent")
    return Questions(request, PROVIDER_ID).told(request, state)


def _enter(request: Any, state: dict[str, Any], told: Any) -> HttpResponse:
    account, because = actions.enter(told)
    if account is None:
        raise SaysNo(because)
    record_authentication(request, account, method="socialaccount", provider=PROVIDER_ID)
    answer: HttpResponse = perform_login(request, Login(user=account, redirect_url=state.get("next") or "/"))
    return answer


def _link(request: Any, state: dict[str, Any], told: Any) -> HttpResponse:
    if str(request.actor.account_id or "") != state["data"]["account"]:
        raise SaysNo("stale")
    if because := actions.link(told, by=request.actor):
        raise SaysNo(because)
    messages.success(request, _("Đã liên kết VNeID. Lần sau đăng nhập bằng VNeID được."))
    return redirect("identity:account")


def _stop(request: HttpRequest, trouble: SaysNo, purpose: str, next_url: str) -> HttpResponse:
    stop = STOPS[trouble.code]
    log.info("vneid.stopped", because=trouble.code)
    page = {"stop": stop, "is_linking": purpose == LINK, "next": next_url}
    return render(request, "identity/vneid_stop.html", page, status=stop.status)


sign_in = in_chosen_language(at_the_door(never_cache(require_POST(_sign_in))))
come_back = in_chosen_language(at_the_door(never_cache(require_safe(_come_back))))
