"""XML read as a stream of events by expat: no entities, no documents from elsewhere."""

from collections.abc import Callable
from typing import Any
from xml.parsers import expat

from phuong.intake.reading.archives import damaged, unsafe

Attributes = dict[str, str]


class _Names(dict[str, str]):
    """Names without their prefixes, kept: a document has few."""

    def __missing__(self, name: str) -> str:
        self[name] = short = name.rpartition(":")[2]
        return short


class Listener:
    """What hears the events; names come without prefixes."""

    def start(self, name: str, attributes: Attributes) -> None:
        """Hear an element begin."""

    def end(self, name: str) -> None:
        """Hear an element end."""

    def text(self, text: str) -> None:
        """Hear text, in any number of pieces."""


def listen(parts: Any, listener: Listener) -> None:
    """Parse the ``parts`` of a document, an iterable of bytes, one after the other.

    :raises Unreadable: not well formed, or it declares entities
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True

    short = _Names()

    def start(name: str, attributes: Attributes) -> None:
        listener.start(short[name], {short[key]: value for key, value in attributes.items()} if attributes else {})

    parser.StartElementHandler = start
    parser.EndElementHandler = lambda name: listener.end(short[name])
    parser.CharacterDataHandler = listener.text
    parser.StartDoctypeDeclHandler = _refuse
    try:
        for part in parts:
            parser.Parse(part, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise damaged() from error


def _refuse(*_: object) -> None:
    raise unsafe()


class _Elements(Listener):
    def __init__(self, keep: Callable[[str], bool]) -> None:
        self.keep = keep
        self.found: list[tuple[str, Attributes]] = []

    def start(self, name: str, attributes: Attributes) -> None:
        if self.keep(name):
            self.found.append((name, attributes))


def elements(document: bytes, *names: str) -> list[tuple[str, Attributes]]:
    """List the elements of these names in their order, as (name, attributes).

    :raises Unreadable: not well formed, or it declares entities
    """
    listener = _Elements(frozenset(names).__contains__)
    listen([document], listener)
    return listener.found
