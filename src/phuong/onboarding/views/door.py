"""Pages before signing in: activating an account, one question a page, and personal links."""

from collections.abc import Sequence
from itertools import chain
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from phuong.identity.api import Account, TooManyTries, leave_session, open_session
from phuong.kernel.contributions import LinkTarget, contribution
from phuong.kernel.gates import public
from phuong.kernel.scope import SYSTEM, acting, reading_as
from phuong.onboarding.actions.codes import activate, check_activation
from phuong.onboarding.errors import LinkOver, TooOften, WrongCode
from phuong.onboarding.forms import CodeForm, FirstPassword, NameForm
from phuong.onboarding.throttle import check_revoked, take_opening
from phuong.onboarding.tokens import read
from phuong.ui.api import filled

_KEPT = "activation"


@public
@never_cache
@require_http_methods(["GET", "POST"])
def name(request: HttpRequest) -> HttpResponse:
    """Ask for the sign-in name; the QR code of a letter brings it along."""
    form = NameForm(request.POST or None, initial={"username": request.GET.get("ten", "")[:150]})
    if request.method == "POST" and form.is_valid():
        request.session[_KEPT] = {"name": form.cleaned_data["username"].strip().lower()}
        return redirect("onboarding:code")
    return render(request, "onboarding/name.html", {"form": form}, status=422 if form.errors else 200)


@public
@never_cache
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Ask for the code; a wrong one is counted, in the same words whatever is wrong."""
    kept = request.session.get(_KEPT)
    if not kept:
        return redirect("onboarding:name")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            account = check_activation(kept["name"], form.cleaned_data["code"])
        except (WrongCode, TooManyTries) as refusal:
            form.add_error(None, refusal.detail)
        else:
            request.session[_KEPT] = {**kept, "account": str(account), "code": form.cleaned_data["code"]}
            return redirect("onboarding:password")
    page = {"form": form, "name": kept["name"]}
    return render(request, "onboarding/code.html", page, status=422 if form.errors else 200)


@public
@never_cache
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Ask for a password, set it with the code, sign in."""
    kept = request.session.get(_KEPT) or {}
    if "account" not in kept:
        return redirect("onboarding:name")
    with acting(SYSTEM):
        account = Account.objects.filter(pk=kept["account"]).first()
    form = FirstPassword(request.POST or None, account=account)
    if request.method == "POST" and form.is_valid():
        try:
            account = activate(kept["account"], code=kept["code"], password=form.cleaned_data["password"])
        except WrongCode as refusal:
            form.add_error(None, refusal.detail)
        else:
            leave_session(request)
            request.session.pop(_KEPT, None)
            return open_session(request, account, "/")
    page = {"form": form, "name": kept["name"]}
    return render(request, "onboarding/password.html", page, status=422 if form.errors else 200)


@public
@require_safe
def link(request: Any, token: str) -> HttpResponse:
    """Show what a personal link leads to; no sign-in, no session, nothing written."""
    try:
        take_opening(token)
        found = read(token)
        check_revoked(found)
        target = contribution(LinkTarget, found.target)
        if target is None:
            raise LinkOver
        with reading_as(SYSTEM):
            facts = target.facts(found.person)
    except (LinkOver, TooOften) as refusal:
        return _private(render(request, "onboarding/link_over.html", {"why": refusal.detail}, status=refusal.status))
    name, rows = facts or ("", [])
    return _private(filled(request, "onboarding/link.html", [str(target.title), name, *chain(*rows)], _shown))


def _shown(words: Sequence[str]) -> dict[str, Any]:
    return {"title": words[0], "name": words[1], "rows": list(zip(words[2::2], words[3::2], strict=True))}


def _private(answer: HttpResponse) -> HttpResponse:
    answer["Cache-Control"] = "private, no-store"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    answer["Referrer-Policy"] = "no-referrer"
    return answer
