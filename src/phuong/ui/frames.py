"""Pages that thousands ask for at once and that differ in a few words: drawn once, then only filled in."""

import re
import secrets
from collections.abc import Callable, Hashable, Sequence
from typing import Any

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.html import escape

from phuong.ui.context import shell

MOST_FRAMES = 500
_MARK = secrets.token_hex(16)  # nobody can guess it, and so nobody can write a hole into a page
_HOLES = re.compile(f"{_MARK}-([0-9]+);")
_frames: dict[Hashable, list[str]] = {}


def filled(
    request: Any, template: str, words: Sequence[str], shown: Callable[[Sequence[str]], dict[str, Any]]
) -> HttpResponse:
    """Render a page; ``shown`` gives the context that shows ``words``, which must be all that differs.

    The template shows each word as it is, through no filter but ``default``, and of the request nothing but theme,
    language and the address in the other one. Somebody signed in gets a frame of their own, drawn anew.
    """
    if getattr(request, "standing", None) is not None:
        return HttpResponse(render_to_string(template, shown(words), request))
    page = shell(request)["page"]
    said = [page["other_language_url"], *words]
    key = (template, page["language"], page["theme"], *map(bool, said))
    parts = _frames.get(key)
    if parts is None:
        marks = [f"{_MARK}-{place};" if word else "" for place, word in enumerate(said)]
        context = {**shown(marks[1:]), "page": {**page, "other_language_url": marks[0]}}
        parts = _HOLES.split(render_to_string(template, context, request))
        if len(_frames) < MOST_FRAMES:
            _frames[key] = parts
    return HttpResponse("".join(escape(said[int(part)]) if place % 2 else part for place, part in enumerate(parts)))
