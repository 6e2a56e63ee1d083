"""Which roles somebody may take on, and who comes in before signing in."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from phuong.identity.models import Account, RoleAssignment
from phuong.kernel.gates import public
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import SYSTEM, acting

ROLE_SESSION_KEY = "role"


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
