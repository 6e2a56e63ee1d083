"""Sign in, sign out, act in another role."""

from typing import Any

from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from phuong.identity.access import ROLE_SESSION_KEY, held_assignment
from phuong.identity.forms import SignIn
from phuong.identity.throttle import TooManyTries, forget_tries, note_try
from phuong.kernel.gates import on_any_day, public, signed_in
from phuong.kernel.scope import SYSTEM, acting


@public
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Show the sign-in page; on the right name and password open a session."""
    form = SignIn(request.POST or None)
    if request.method == "POST" and form.is_valid() and _open_session(request, form):
        return HttpResponseRedirect(_next(request))
    page = {"form": form, "next": request.GET.get("next", "")}
    return render(request, "identity/sign_in.html", page, status=422 if form.errors else 200)


def _open_session(request: HttpRequest, form: SignIn) -> bool:
    name = form.cleaned_data["username"]
    try:
        note_try(name)
    except TooManyTries as refusal:
        form.add_error(None, refusal.detail)
        return False
    account: Any = authenticate(request, username=name, password=form.cleaned_data["password"])
    if account is None:
        form.add_error(None, _("Tên đăng nhập và mật khẩu không khớp. Kiểm tra phím Caps Lock và bộ gõ tiếng Việt."))
        return False
    forget_tries(name)
    with acting(SYSTEM):
        login(request, account, backend="phuong.identity.backend.PasswordSignIn")
    return True


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours else "/"


@signed_in
@on_any_day
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Close the session."""
    logout(request)
    return redirect("identity:sign_in")


@signed_in
@on_any_day
@require_POST
def switch_role(request: HttpRequest) -> HttpResponse:
    """Act in another of one's own roles."""
    assignment = held_assignment(request, request.POST.get("role", ""))
    request.session[ROLE_SESSION_KEY] = str(assignment.pk)
    return redirect("/")
