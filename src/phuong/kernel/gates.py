"""Who may come in: every view names its permission, or says that it is open.

The middleware of ``identity`` enforces it; a test refuses a view that says nothing.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib.auth.decorators import login_not_required

V = TypeVar("V", bound=Callable[..., Any])
PERMISSIONS = "phuong_permissions"
ANY_DAY = "phuong_any_day"
ANY_FACTOR = "phuong_any_factor"
FRESH = "phuong_fresh"


def needs(*permissions: str) -> Callable[[V], V]:
    """Open a view to roles that hold any of ``permissions``; to others it is not there (404, logged)."""

    def mark(view: V) -> V:
        setattr(view, PERMISSIONS, frozenset(str(permission) for permission in permissions))
        return view

    return mark


def signed_in(view: V) -> V:
    """Open a view to everybody who is signed in, whatever the role."""
    setattr(view, PERMISSIONS, frozenset())
    return view


def public(view: V) -> V:
    """Open a view to the world; it must stand on the list in the access-matrix test."""
    return login_not_required(view)


def on_any_day(view: V) -> V:
    """Let a view change something even while the person looks back: it touches no record."""
    setattr(view, ANY_DAY, True)
    return view


def with_any_factor(view: V) -> V:
    """Open a view also to somebody who still has to set up the second factor that the role obliges to."""
    setattr(view, ANY_FACTOR, True)
    return view


def fresh(right: Callable[..., object] | None = None) -> Callable[[V], V]:
    """Ask for a proof (password, code, passkey) again before a sensitive act, unless one was given minutes ago.

    ``right``: called with what the view is called with before anybody is asked for a proof; it raises the refusal of
    the view itself where this record, this act is not for the actor. None where the permission of the view says all.
    """

    def mark(view: V) -> V:
        setattr(view, FRESH, right or _nothing_more)
        return view

    return mark


def _nothing_more(*args: object, **kwargs: object) -> None:
    del args, kwargs
