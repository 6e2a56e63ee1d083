"""Every request acts as somebody, in one transaction, and comes in only where its role may."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import is_reauthentication_required, suspend_request
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.http import urlencode

from phuong.identity.access import ROLE_SESSION_KEY, come_in
from phuong.identity.queries import Standing, lacks_second_factor, standing_of
from phuong.kernel.audit import record_refusal
from phuong.kernel.gates import ANY_FACTOR, FRESH
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere, Refused
from phuong.kernel.scope import NOBODY, Actor, acting
from phuong.ui.api import refusal_page

AS_OF = "as_of"
EARLIEST = dt.date(1900, 1, 1)  # nothing was known before, and days that far back cannot be reckoned with
NUL = "\0"


class ActorMiddleware:
    """Set ``request.user``, ``request.actor`` and ``request.standing``; enforce the gate of the view."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Wrap the rest of the chain."""
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        """Answer within the actor's transaction, which is rolled back when the view fails or refuses."""
        standing = _standing(request)
        request.standing = standing
        request.user = standing.account if standing else AnonymousUser()
        request.actor = _looking_back(request, standing.actor) if standing else NOBODY
        request.aftermath = []  # what must outlive a rollback
        with acting(request.actor):
            response = self.get_response(request)
            if getattr(request, "must_roll_back", False):
                transaction.set_rollback(True)
        if refused := getattr(request, "refused_access", None):
            record_refusal(refused, request.actor, on_id=request.path[:200].replace(NUL, ""))
        for act in request.aftermath:
            act()
        return response

    def process_view(
        self, request: Any, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Let in, send to the sign-in page, or say that there is no such page."""
        if NUL in request.path:  # no text of the database can hold one, so nothing has such an address
            return self._refuse(request, NotThere())
        if not getattr(view, "login_required", True):
            return None
        if request.standing is None:
            return redirect_to_login(request.get_full_path(), resolve_url("identity:sign_in"))
        return self._gate(request, view, args, kwargs)

    def _gate(
        self, request: Any, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Let in somebody who is signed in, or say why not."""
        try:
            come_in(request, view)
            return _proof_wanted(request, view, args, kwargs)
        except Refused as refusal:
            return self._refuse(request, refusal)

    def process_exception(self, request: Any, exception: Exception) -> HttpResponse | None:
        """Undo what the view wrote before it failed; answer a refusal in the words of the person."""
        request.must_roll_back = True
        if isinstance(exception, Refused) and exception.aftermath:
            request.aftermath.append(exception.aftermath)
        return self._refuse(request, exception) if isinstance(exception, Refused) else None

    def _refuse(self, request: Any, refusal: Refused) -> HttpResponse:
        if isinstance(refusal, NotThere):
            request.refused_access = "access.not_there"
        return refusal_page(request, refusal)


def _proof_wanted(
    request: Any, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> HttpResponse | None:
    """Send to set up the second factor that the role obliges to, or to prove oneself again before a sensitive act.

    Nobody is asked for a proof of what is not theirs.

    :raises Refused: the act is not for this actor
    """
    right = getattr(view, FRESH, None)
    lacks_factor = not getattr(view, ANY_FACTOR, False) and lacks_second_factor(request)
    lacks_proof = right is not None and is_reauthentication_required(request, app="phuong")
    if right is not None and (lacks_factor or lacks_proof):
        right(request, *args, **kwargs)
    if lacks_factor:
        return redirect(f"{reverse('identity:account')}?{urlencode({'next': request.get_full_path()})}")
    ways = get_adapter().get_reauthentication_methods(request.user) if lacks_proof else []
    return suspend_request(request, ways[0]["url"]) if ways else None


def _looking_back(request: Any, actor: Actor) -> Actor:
    """Give the actor at the day asked for: of this one address (``?as_of=``), or kept for the session."""
    wanted = request.GET.get(AS_OF) or request.session.get(AS_OF)
    if not wanted or not actor.may(Permission.HISTORY_READ):
        return actor
    try:
        day = dt.date.fromisoformat(wanted)
    except ValueError:
        return actor
    return replace(actor, as_of=day) if EARLIEST <= day < timezone.localdate() else actor


def _standing(request: Any) -> Standing | None:
    session = request.session
    if not session.get(SESSION_KEY) or BACKEND_SESSION_KEY not in session:
        return None
    today = timezone.localdate()
    standing = standing_of(session[SESSION_KEY], wanted=session.get(ROLE_SESSION_KEY, ""), today=today)
    if standing is None:
        return None
    expected = standing.account.get_session_auth_hash()
    return standing if constant_time_compare(session.get(HASH_SESSION_KEY, ""), expected) else None
