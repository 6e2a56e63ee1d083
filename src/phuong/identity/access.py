"""Which roles somebody may take on, and who comes in before signing in."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from allauth.account.models import Login
from allauth.core.internal.httpkit import deserialize_request
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.urls import resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from phuong.identity.models import Account, RoleAssignment
from phuong.kernel.gates import ANY_DAY, PERMISSIONS, public
from phuong.kernel.refusals import LooksBack, NotThere, Refused
from phuong.kernel.scope import SYSTEM, acting

ROLE_SESSION_KEY = "role"
READING = ("GET", "HEAD", "OPTIONS")


def come_in(request: Any, view: Callable[..., Any]) -> None:
    """Let somebody who is signed in into a view.

    :raises NotThere: the view needs a permission that the role in use does not hold
    :raises LooksBack: it changes something while the person looks back
    """
    wanted = getattr(view, PERMISSIONS, None)
    if wanted is None or (wanted and not wanted & request.actor.permissions):
        raise NotThere
    if request.actor.as_of and request.method not in READING and not getattr(view, ANY_DAY, False):
        raise LooksBack


def _come_in_again(request: Any) -> None:
    """Ask the gate about the request that waits for a proof: the role in use may be another one by now.

    :raises Refused: as ``come_in``; the request that waits is forgotten
    """
    waiting = request.session.get(STATE_SESSION_KEY)
    if not waiting or "request" not in waiting:
        return
    asked = HttpRequest()
    deserialize_request(waiting["request"], asked)
    asked.actor = request.actor  # type: ignore[attr-defined]
    try:
        come_in(asked, resolve(asked.path).func)
    except Refused:
        del request.session[STATE_SESSION_KEY]
        raise


def before_proof(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Make a view of django-allauth that takes a proof, and then lets the act that waited for it happen."""

    @wraps(view)
    def inside(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        _come_in_again(request)
        return view(request, *args, **kwargs)

    return inside


def held_assignment(request: Any, key: str) -> RoleAssignment:
    """Find one of the account's own roles that is valid today.

    :raises NotThere: the role is somebody else's, over, or unknown
    """
    for assignment in request.standing.assignments:
        if str(assignment.pk) == key:
            return assignment  # type: ignore[no-any-return]
    raise NotThere


def at_the_door(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Open a view of django-allauth to the world; it acts for the house, since nobody is signed in yet."""

    @public
    @wraps(view)
    def inside(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with acting(SYSTEM):
            answer = view(request, *args, **kwargs)
            return answer.render() if hasattr(answer, "render") else answer

    return inside


def open_session(request: HttpRequest, account: Account, then: str) -> HttpResponse:
    """Sign an account in that has just proved itself; a second factor it has set up is still asked for."""
    with acting(SYSTEM):
        record_authentication(request, account, method="password", reauthenticated=True)
        answer: HttpResponse = perform_login(request, Login(user=account, redirect_url=then))
    return answer


def leave_session(request: HttpRequest) -> None:
    """End whatever session this browser has: somebody else is about to sign in."""
    if SESSION_KEY in request.session:
        get_adapter().logout(request)


def safe_next(request: HttpRequest) -> str:
    """Give where somebody wanted to go before signing in: an address of this house, else the first page."""
    home = reverse("ui:home")
    wanted = request.POST.get("next") or request.GET.get("next") or home
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours else home
