"""One's own account: ways to sign in, open sessions, password."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views as accounts
from allauth.mfa.base import views as factors
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.contrib import messages
from django.contrib.auth import HASH_SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from phuong.identity.access import before_proof
from phuong.identity.actions.sessions import change_password, end_sessions, sessions_of
from phuong.identity.declarations import is_offered
from phuong.identity.forms import NewPassword
from phuong.identity.queries import lacks_second_factor, link_of, proof_of
from phuong.kernel.gates import on_any_day, signed_in, with_any_factor


def about_oneself(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Open a view of django-allauth to everybody signed in; row security leaves it the person's own rows only."""

    @signed_in
    @on_any_day
    @with_any_factor
    @never_cache
    @wraps(view)
    def inside(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = view(request, *args, **kwargs)
        return answer.render() if hasattr(answer, "render") else answer

    return inside


prove_by_password = about_oneself(before_proof(accounts.reauthenticate))
prove_by_code = about_oneself(before_proof(factors.reauthenticate))
prove_by_passkey = about_oneself(before_proof(passkeys.reauthenticate_webauthn))
activate_totp = about_oneself(totp.activate_totp)
deactivate_totp = about_oneself(totp.deactivate_totp)
add_passkey = about_oneself(passkeys.add_webauthn)
rename_passkey = about_oneself(passkeys.edit_webauthn)
remove_passkey = about_oneself(passkeys.remove_webauthn)
recovery_codes = about_oneself(codes.view_recovery_codes)
new_recovery_codes = about_oneself(codes.generate_recovery_codes)
download_recovery_codes = about_oneself(codes.download_recovery_codes)


@signed_in
@on_any_day
@with_any_factor
@never_cache
@require_safe
def account(request: Any) -> HttpResponse:
    """Show one's own account: roles, ways to sign in, sessions."""
    ways = list(Authenticator.objects.filter(user_id=request.actor.account_id).order_by("created_at", "id"))
    page = {
        "account": request.user,
        "assignments": request.standing.assignments,
        "totp": next((way for way in ways if way.type == "totp"), None),
        "passkeys": [way.wrap() for way in ways if way.type == "webauthn"],
        "recovery": next((way.wrap() for way in ways if way.type == "recovery_codes"), None),
        "sessions": sessions_of(request.actor.account_id),
        "this_session": request.session.session_key,
        "must_add": lacks_second_factor(request),
        "next": request.GET.get("next", ""),
        **(_vneid(request.actor.account_id) if is_offered() else {}),
    }
    return render(request, "identity/account.html", page)


def _vneid(account_id: Any) -> dict[str, Any]:
    link = link_of(account_id)
    return {"has_vneid": True, "vneid": link if link and link.until is None else None, "proof": proof_of(account_id)}


@signed_in
@on_any_day
@with_any_factor
@require_POST
def close_sessions(request: Any) -> HttpResponse:
    """End one of one's own sessions, or all others."""
    wanted = request.POST.get("session", "")
    only = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 18 else None
    ended = end_sessions(by=request.actor, keep=request.session.session_key, only=only)
    messages.success(request, ngettext("Đã đăng xuất %d nơi khác.", "Đã đăng xuất %d nơi khác.", ended) % ended)
    return redirect("identity:account")


@signed_in
@on_any_day
@with_any_factor
@never_cache
@require_http_methods(["GET", "POST"])
def password(request: Any) -> HttpResponse:
    """Give oneself a new password; every other session ends."""
    form = NewPassword(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        request.user = change_password(
            account_id=request.actor.account_id,
            password=form.cleaned_data["new_password1"],
            keep=request.session.session_key,
            by=request.actor,
        )
        request.session[HASH_SESSION_KEY] = request.user.get_session_auth_hash()  # same key: sites know it
        messages.success(request, _("Đã đổi mật khẩu. Mọi nơi khác đã bị đăng xuất."))
        return redirect("identity:account")
    return render(request, "identity/password.html", {"form": form}, status=422 if form.errors else 200)
