"""Which fields there are: read from the forms of a page, and overheard when a view asks a request for a name."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

from django.http import QueryDict

LIKELY = {  # what fits most fields of a kind, so that one nasty field is not hidden by others left empty
    "date": "2026-10-05",
    "number": "1",
    "email": "an@truong.edu.vn",
    "password": "flame-tree-2026",
    "text": "Nguyễn Văn An",
    "textarea": "Nội dung",
}
DAY = "05/10/2026"
_KEY = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/)\d+(?=/)")
IGNORED = {"csrfmiddlewaretoken"}


@dataclass
class Field:
    """One field: its kind (``type``, or ``select``, ``textarea``), what it holds now, what may be chosen."""

    name: str
    kind: str
    value: str = ""
    choices: list[str] = field(default_factory=list)
    is_day: bool = False

    def likely(self) -> str:
        """Give a value that the form would probably take."""
        if self.value or self.kind in ("hidden", "submit"):
            return self.value
        chosen = [choice for choice in self.choices if choice]
        if chosen:
            return chosen[0]
        return DAY if self.is_day else LIKELY.get(self.kind, LIKELY["text"])


@dataclass
class Form:
    """One form of a page: where it goes and how."""

    target: str
    method: str
    fields: dict[str, Field] = field(default_factory=dict)


class _Reader(HTMLParser):
    def __init__(self, where: str) -> None:
        super().__init__()
        self.where, self.forms, self.by_id = where, [], {}
        self.links: list[str] = []
        self._form: Form | None = None
        self._select: Field | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = {name: value or "" for name, value in attrs}
        if tag == "form":
            target = urljoin(self.where, facts.get("action") or self.where)
            self._form = Form(target, facts.get("method", "get").upper())
            self.forms.append(self._form)
            self.by_id[facts.get("id", "")] = self._form
        elif tag in ("input", "select", "textarea", "button"):
            self._field(tag, facts)
        elif tag == "option" and self._select is not None:
            self._select.choices.append(facts.get("value", ""))
            if "selected" in facts:
                self._select.value = facts.get("value", "")
        self.links += [facts[name] for name in ("href", "hx-get") if name in facts]

    def _field(self, tag: str, facts: dict[str, str]) -> None:
        form, name = self.by_id.get(facts.get("form", "-")) or self._form, facts.get("name", "")
        if form is None or not name or name in IGNORED:
            return
        kind = {"input": facts.get("type", "text"), "button": "submit"}.get(tag, tag)
        known = form.fields.setdefault(name, Field(name, kind, is_day="yyyy" in facts.get("placeholder", "")))
        if kind in ("radio", "checkbox", "submit"):
            known.choices.append(facts.get("value", "on"))
            if "checked" in facts:
                known.value = facts.get("value", "on")
        elif tag == "input":
            known.value = facts.get("value", "")
        self._select = known if tag == "select" else None

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None


@dataclass
class Known:
    """What was found out about a route: the fields of forms that lead there, and names asked of a request."""

    fields: dict[str, Field] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)


class Finder:
    """Gathers from pages, by address and method, what can be sent there; keys in an address are all the same."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, str], Known] = {}

    def at(self, where: str, method: str) -> Known:
        """Give what is known of an address and method."""
        return self.known.setdefault((_KEY.sub("*", urlsplit(where).path), method), Known())

    def read(self, where: str, page: str) -> None:
        """Take in the forms and links of a page."""
        reader = _Reader(where)
        reader.feed(page)
        for form in reader.forms:
            self.at(form.target, form.method).fields |= form.fields
        for target in [*(form.target for form in reader.forms), *(urljoin(where, link) for link in reader.links)]:
            if said := urlsplit(target).query:
                self.at(target, "GET").names |= {name for name, _ in parse_qsl(said)}

    @contextmanager
    def overhearing(self, where: str, method: str) -> Iterator[None]:
        """Note the names that views ask a query or a body for meanwhile."""
        names = self.at(where, method).names
        plain = {each: getattr(QueryDict, each) for each in ("__getitem__", "__contains__", "getlist")}

        def noting(inner: Any) -> Any:
            def asked(self: QueryDict, name: Any, *more: Any) -> Any:
                if isinstance(name, str):
                    names.add(name)
                return inner(self, name, *more)

            return asked

        for each, inner in plain.items():
            setattr(QueryDict, each, noting(inner))
        try:
            yield
        finally:
            for each in plain:
                delattr(QueryDict, each)
            names -= IGNORED
