"""The trail of support: nothing opens without a stay that the school gave, and every page opened is kept."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse

from phuong.identity.api import AT_SCHOOL, SUPPORT
from phuong.kernel.audit import watching
from phuong.kernel.refusals import NotThere
from phuong.oversight.actions.support import note_page, ring_outside, where_of
from phuong.oversight.queries import open_access
from phuong.ui.api import refusal_page

OK, REFUSED = (200, 302), (403, 404, 409)


class SupportTrail:
    """Stands inside the transaction of the request: a page whose trail cannot be kept is not shown."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Wrap the rest of the chain."""
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        """Keep what support opened; ring the alarm for what it tried and was refused."""
        actor = request.actor
        if actor.role not in AT_SCHOOL and actor.role != SUPPORT:
            return self.get_response(request)
        with watching(actor, where_of(request)) as watch:
            response = self.get_response(request)
            is_inside = getattr(request, "support_access", None) is not None
            if is_inside and response.status_code in OK and not watch.lines:
                note_page(request)
        if response.status_code in REFUSED:
            request.aftermath.append(partial(ring_outside, actor, request.get_full_path()))
        return response

    def process_view(self, request: Any, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Let support in only while the school's word holds."""
        del view, args, kwargs
        if request.actor.role not in AT_SCHOOL:
            return None
        request.support_access = open_access(request.actor)
        return None if request.support_access else refusal_page(request, NotThere())
