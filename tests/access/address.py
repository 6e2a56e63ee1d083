"""Addresses from the words of a row.

``=text`` stands for itself. ``?thing`` goes into the query: ``of=`` its key, or the query the thing itself is.
``+thing`` is made and left out: the page needs it. Any other word is a thing of the world or of
``tests/access/things``, named in the address by its key; ``my_…`` are made for whoever asks.
"""

from typing import Any
from urllib.parse import parse_qsl

from django.urls import reverse

from tests.access.row import Row
from tests.access.things import MINE, THINGS
from tests.world import World


def address_of(world: World, row: Row, role: str) -> str:
    """Make what the row speaks of, and give its address."""
    values: list[object] = []
    query = ""
    for word in row.args.split():
        if word.startswith("="):
            values.append(word[1:])
            continue
        found = thing(world, word.lstrip("?+"), role)
        if word.startswith("?"):
            query = found if isinstance(found, str) else f"?of={found.pk}"
        elif not word.startswith("+"):
            values.append(found.pk)
    return reverse(row.route, args=values) + query


def body_of(world: World, row: Row, role: str) -> dict[str, str]:
    """Give what the row posts; ``@thing`` stands for the key of a thing."""
    said = dict(parse_qsl(row.body))
    return {name: str(thing(world, text[1:], role).pk) if text.startswith("@") else text for name, text in said.items()}


def is_own(row: Row) -> bool:
    """Say whether each asker has an address of their own."""
    return any(word.lstrip("?+") in MINE for word in row.args.split())


def thing(world: World, name: str, role: str = "") -> Any:
    """Make a thing of the world, or give it."""
    if name in MINE:
        return MINE[name](world.accounts.get(role) or world.accounts["clerk"])
    return THINGS[name](world) if name in THINGS else getattr(world, name)
