"""Sign in, prove a second factor, sign out, act in another role."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.mfa.base import views as factors
from allauth.mfa.webauthn import views as passkeys
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from phuong.identity.access import ROLE_SESSION_KEY, at_the_door, held_assignment, open_session, safe_next
from phuong.identity.actions.sessions import check_tries, forget_tries, note_failed_try
from phuong.identity.declarations import is_offered
from phuong.identity.errors import TooManyTries
from phuong.identity.forms import SignIn
from phuong.identity.models import Account
from phuong.kernel.gates import on_any_day, public, signed_in, with_any_factor

second_factor = at_the_door(factors.authenticate)
trust_device = at_the_door(factors.trust)
passkey_sign_in = at_the_door(passkeys.login_webauthn)


@public
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Show the sign-in page; on the right name and password go on to the second factor, or open a session."""
    form = SignIn(request.POST or None)
    if request.method == "POST" and form.is_valid():
        account = _checked(request, form)
        if account is not None:
            return open_session(request, account, safe_next(request))
    page = {"form": form, "next": request.GET.get("next", ""), "has_vneid": is_offered()}
    return render(request, "identity/sign_in.html", page, status=422 if form.errors else 200)


def _checked(request: HttpRequest, form: SignIn) -> Account | None:
    name = form.cleaned_data["username"]
    try:
        check_tries(name)
    except TooManyTries as refusal:
        form.add_error(None, refusal.detail)
        return None
    account: Any = authenticate(request, username=name, password=form.cleaned_data["password"])
    if account is None:
        note_failed_try(name)
        form.add_error(None, _("Tên đăng nhập và mật khẩu không khớp. Kiểm tra phím Caps Lock và bộ gõ tiếng Việt."))
        return None
    forget_tries(name)
    return account  # type: ignore[no-any-return]


@signed_in
@on_any_day
@with_any_factor
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Close the session."""
    get_adapter().logout(request)
    return redirect("identity:sign_in")


@signed_in
@on_any_day
@with_any_factor
@require_POST
def switch_role(request: HttpRequest) -> HttpResponse:
    """Act in another of one's own roles."""
    assignment = held_assignment(request, request.POST.get("role", ""))
    request.session[ROLE_SESSION_KEY] = str(assignment.pk)
    return redirect("/")
