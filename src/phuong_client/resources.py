"""What can be read and written: records of a kind, tasks, plans."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

from phuong_client import shapes
from phuong_client.calls import Calls

Item = TypeVar("Item")
Values = TypeVar("Values")


@dataclass(frozen=True)
class Changes(Generic[Item]):
    """What happened to records since a cursor; ``next`` is where to go on, also when nothing is new."""

    items: list[Item]
    removed: list[shapes.Removed]
    key_changes: list[shapes.KeyChange]
    next: str


class _Followed(Generic[Item]):
    """A list that is read page by page, and followed by its changes."""

    def __init__(self, calls: Calls, name: str) -> None:
        """Remember where it is."""
        self._calls, self._name = calls, name

    def start(self) -> str:
        """Give the cursor from which changes are followed, taken before the list is read."""
        page = self._calls.call("GET", self._name, query={"limit": 1})
        return str(page["changes_from"])

    def changes(self, *, after: str = "", since: str | None = None, limit: int = 100) -> Changes[Item]:
        """Give what changed after a cursor (or since a moment), in order.

        :raises Problem: ``gateway.cursor_too_old``: read the whole list again
        """
        query = {"changes_after": None if since else after, "updated_since": since, "limit": limit}
        page = self._calls.call("GET", self._name, query=query)
        return Changes(page["items"], page["removed"], page["key_changes"], page["next"])

    def all_changes(self, after: str, *, keep: Callable[[str], None]) -> Iterator[Changes[Item]]:
        """Give changes page by page up to now; ``keep`` gets each cursor once its page has been dealt with."""
        while True:
            told = self.changes(after=after, limit=500)
            yield told
            keep(told.next)
            if len(told.items) + len(told.removed) == 0:
                return
            after = told.next

    def _list(self, **query: Any) -> Iterator[Item]:
        return _pages(self._calls, self._name, query)


def _pages(calls: Calls, address: str, query: dict[str, Any]) -> Iterator[Any]:
    query = dict(query)
    while True:
        page = calls.call("GET", address, query=query)
        yield from page["items"]
        if not page["next"]:
            return
        query["after"] = page["next"]


@dataclass(frozen=True)
class Told:
    """A part of the feed; ``next`` is where to go on, also when nothing is new."""

    events: list[shapes.FeedEvent]
    next: str
    is_more: bool


class Feed:
    """What changed in every resource, in one stream."""

    def __init__(self, calls: Calls) -> None:
        """Remember the connection."""
        self._calls = calls

    def start(self) -> str:
        """Give the cursor from which everything is followed that changes from now on."""
        return self.after("").next

    def after(self, cursor: str, *, kinds: Sequence[str] = (), limit: int = 100) -> Told:
        """Give what changed after a cursor, in order; ``kinds``: names of resources, none for all.

        :raises Problem: ``gateway.cursor_too_old``: read the lists again
        """
        query = {"after": cursor or None, "kinds": list(kinds) or None, "limit": limit}
        page = self._calls.call("GET", "feed", query=query)
        return Told(page["events"], page["next"], page["is_more"])

    def all_after(self, cursor: str, *, keep: Callable[[str], None], kinds: Sequence[str] = ()) -> Iterator[Told]:
        """Give what changed part by part up to now; ``keep`` gets each cursor once its part has been dealt with."""
        while True:
            told = self.after(cursor, kinds=kinds, limit=500)
            yield told
            keep(told.next)
            if not told.is_more:
                return
            cursor = told.next


class Resource(_Followed[Item], Generic[Item, Values]):
    """Records of one kind."""

    def list(self, *, limit: int = 100, of: str | None = None, as_of: str | None = None) -> Iterator[Item]:
        """Give every record, page by page as they are needed."""
        return self._list(limit=limit, of=of, as_of=as_of)

    def get(self, key: str, *, as_of: str | None = None) -> Item:
        """Give one record with its version."""
        return cast(Item, self._calls.call("GET", f"{self._name}/{key}", query={"as_of": as_of}))

    def create(self, values: Values, *, of: str, reason: str = "", once: str | None = None) -> Item:
        """Make a record that belongs to ``of``; called again with the same ``once`` it is made once."""
        body = {"values": values, "of": of, "reason": reason}
        return cast(Item, self._calls.call("POST", self._name, body=body, once=once))

    def change(
        self, key: str, values: Values, *, reason: str, version: str = "", effective_on: str | None = None
    ) -> Item:
        """Change some fields; with a version nobody else's change is written over."""
        body = {"values": values, "reason": reason, "effective_on": effective_on}
        return cast(Item, self._calls.call("PATCH", f"{self._name}/{key}", body=body, version=version))

    def end(self, key: str, *, on: str, reason: str) -> None:
        """End a record from a day on."""
        self._calls.call("DELETE", f"{self._name}/{key}", query={"on": on, "reason": reason})


class Tasks(_Followed[shapes.TaskItem]):
    """Tasks of units."""

    def list(self, *, limit: int = 100, of: str | None = None, state: str | None = None) -> Iterator[shapes.TaskItem]:
        """Give every task, page by page as they are needed."""
        return self._list(limit=limit, of=of, state=state)

    def get(self, key: str) -> shapes.TaskItem:
        """Give one task."""
        return cast(shapes.TaskItem, self._calls.call("GET", f"tasks/{key}"))

    def progress(self, key: str) -> Iterator[shapes.ProgressItem]:
        """Give what happened to a task, oldest first."""
        return _pages(self._calls, f"tasks/{key}/progress", {})

    def give(self, title: str, *, units: Sequence[str], once: str | None = None, **facts: Any) -> shapes.Given:
        """Give a task to units; ``facts``: product, due_on, person_name, partners, parent."""
        body = {"title": title, "units": [*units], **facts}
        return cast(shapes.Given, self._calls.call("POST", "tasks", body=body, once=once))

    def note(self, key: str, text: str, *, percent: int | None = None, once: str | None = None) -> shapes.TaskItem:
        """Note what was done."""
        body = {"text": text, "percent": percent}
        return cast(shapes.TaskItem, self._calls.call("POST", f"tasks/{key}/progress", body=body, once=once))

    def step(self, key: str, act: str, *, text: str = "", once: str | None = None) -> shapes.TaskItem:
        """Take a step: start, submit, confirm, return, cancel, reopen."""
        body = {"act": act, "text": text}
        return cast(shapes.TaskItem, self._calls.call("POST", f"tasks/{key}/steps", body=body, once=once))


class Plans:
    """Plans of the province."""

    def __init__(self, calls: Calls) -> None:
        """Remember the connection."""
        self._calls = calls

    def list(self) -> Sequence[shapes.PlanItem]:
        """Give the plans."""
        return cast(Sequence[shapes.PlanItem], self._calls.call("GET", "plans"))

    def indicators(self, plan: str) -> Sequence[shapes.StandingItem]:
        """Give the indicators of a plan with their figures over the client's area."""
        return cast(Sequence[shapes.StandingItem], self._calls.call("GET", f"plans/{plan}/indicators"))

    def targets(self, plan: str) -> Iterator[shapes.TargetItem]:
        """Give the targets of a plan, every version of every year."""
        return _pages(self._calls, f"plans/{plan}/targets", {})

    def tasks(self, plan: str) -> Iterator[shapes.PlanTaskItem]:
        """Give the tasks of a plan as printed."""
        return _pages(self._calls, f"plans/{plan}/tasks", {})

    def duties(self, plan: str) -> Iterator[shapes.DutyItem]:
        """Give the reporting duties of a plan as printed."""
        return _pages(self._calls, f"plans/{plan}/duties", {})

    def doubts(self, plan: str) -> Iterator[shapes.DoubtItem]:
        """Give what the scan of a plan left in doubt."""
        return _pages(self._calls, f"plans/{plan}/doubts", {})

    def values(self, plan: str) -> Iterator[shapes.ReportedItem]:
        """Give what units reported officially."""
        return _pages(self._calls, f"plans/{plan}/values", {})

    def report(self, plan: str, facts: shapes.Reporting, *, once: str | None = None) -> shapes.ReportedItem:
        """Send in what a unit reports of a month; a person reviews it."""
        return cast(shapes.ReportedItem, self._calls.call("POST", f"plans/{plan}/values", body=facts, once=once))

    def settle(self, plan: str, doubt: str, words: str) -> shapes.DoubtItem:
        """Settle a doubt with what the original says."""
        found = self._calls.call("POST", f"plans/{plan}/doubts/{doubt}/settlement", body={"words": words})
        return cast(shapes.DoubtItem, found)
