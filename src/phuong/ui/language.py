"""In which language pages are written that have one address for all languages: the one the person read last."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware
from django.utils.translation import override

YEAR = 365 * 24 * 3600


def chosen_language(request: HttpRequest) -> str:
    """Give the language this browser read last, else one that the calling site asks for (``ui_locales``), or ours."""
    offered = dict(settings.LANGUAGES)
    asked = (request.GET.get("ui_locales") or "").replace("-", " ").lower().split()
    wanted = [request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""), *asked]
    return next((code for code in wanted if code in offered), settings.LANGUAGE_CODE)


def in_chosen_language(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Write a page whose address names no language, because another site keeps it, in the chosen one."""

    @wraps(view)
    def inside(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        request.has_one_address = True
        language = chosen_language(request)
        with override(language):
            answer = view(request, *args, **kwargs)
        answer.headers.setdefault("Content-Language", language)
        return answer

    return inside


class Languages(LocaleMiddleware):
    """Takes the language from the address, and remembers the one of the page that was read."""

    def process_response(self, request: Any, response: Any) -> Any:
        """Keep the language in a cookie where it is another than the one kept; readers of Vietnamese get none."""
        answer: Any = super().process_response(request, response)
        is_page = answer.status_code == 200 and answer.headers.get("Content-Type", "").startswith("text/html")
        if is_page and request.method == "GET" and not getattr(request, "has_one_address", False):
            language = request.LANGUAGE_CODE
            if language != request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, settings.LANGUAGE_CODE):
                facts = {"max_age": YEAR, "secure": request.is_secure(), "httponly": True, "samesite": "Lax"}
                answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, **facts)
        return answer
