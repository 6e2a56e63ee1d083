"""Rules of reports: periods, last days, the chain of approval, what changed since the report before."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

MONTHLY, HALF_YEARLY, YEARLY, FIVE_YEARLY = "monthly", "half_yearly", "yearly", "five_yearly"
LAST_DAY = 4  # «trước ngày 05»
DRAFT, SUBMITTED, APPROVED, SENT = "draft", "submitted", "approved", "sent"
ACTS = ("submit", "approve", "return", "send")


@dataclass(frozen=True)
class Span:
    """The period of a report: first and last day, and the last day to send it."""

    starts_on: dt.date
    ends_on: dt.date
    due_on: dt.date


def span_of(kind: str, day: dt.date) -> Span:
    """Give the period of ``kind`` in which ``day`` lies: month, half year, year, or five years to 2030, 2035 …

    :raises ValueError: an unknown kind
    """
    if kind == MONTHLY:
        first = day.replace(day=1)
        after = _months_later(first, 1)
    elif kind == HALF_YEARLY:
        first = dt.date(day.year, 1 if day.month <= 6 else 7, 1)
        after = _months_later(first, 6)
    elif kind == YEARLY:
        first, after = dt.date(day.year, 1, 1), dt.date(day.year + 1, 1, 1)
    elif kind == FIVE_YEARLY:
        start = day.year - (day.year - 1) % 5
        first, after = dt.date(start, 1, 1), dt.date(start + 5, 1, 1)
    else:
        raise ValueError(f"kind: {kind}")
    return Span(first, after - dt.timedelta(days=1), after.replace(day=LAST_DAY))


def _months_later(first: dt.date, months: int) -> dt.date:
    number = first.month - 1 + months
    return dt.date(first.year + number // 12, number % 12 + 1, 1)


def span_before(kind: str, span: Span) -> Span:
    """Give the period before ``span``."""
    return span_of(kind, span.starts_on - dt.timedelta(days=1))


def spans_owed(kind: str, day: dt.date, most: int) -> list[Span]:
    """Give the last ``most`` periods of ``kind`` that are over on ``day``, oldest first: their reports are owed."""
    spans = [span_before(kind, span_of(kind, day))]
    while len(spans) < most:
        spans.append(span_before(kind, spans[-1]))
    return spans[::-1]


@dataclass(frozen=True)
class Signer:
    """How a paper is signed: ``authority`` (TM., KT., TL. …), ``title`` of the office, ``post`` of whom it is for."""

    title: str
    authority: str = ""
    post: str = ""


@dataclass(frozen=True)
class Stage:
    """One approval in a chain: the roles that may give it, and how they sign."""

    code: str
    title: str
    title_en: str
    roles: frozenset[str]
    signers: tuple[Signer, ...]


@dataclass(frozen=True)
class Chain:
    """The way of a report from its writer to the day it is sent: every stage, in order, none left out."""

    writers: frozenset[str]
    senders: frozenset[str]
    stages: tuple[Stage, ...]

    def stage_at(self, place: int) -> Stage:
        """Give the stage that is waited for when ``place`` approvals have been given; the last one past the end."""
        return self.stages[min(place, len(self.stages) - 1)]


def next_state(chain: Chain, state: str, place: int, act: str) -> tuple[str, int] | None:
    """Give state and number of approvals after ``act``; ``None`` when it does not fit where the report stands."""
    if (state, act) == (DRAFT, "submit"):
        return SUBMITTED, 0
    if (state, act) == (SUBMITTED, "approve"):
        done = place + 1
        return (APPROVED if done >= len(chain.stages) else SUBMITTED), done
    if act == "return" and state in (SUBMITTED, APPROVED):
        return DRAFT, 0
    return (SENT, place) if (state, act) == (APPROVED, "send") else None


def roles_for(chain: Chain, state: str, place: int, act: str) -> frozenset[str]:
    """Say which roles may take ``act`` where the report stands; an approved one is returned by its last approver."""
    if act in ("write", "submit", "restate"):
        return chain.writers
    if act == "send":
        return chain.senders
    return chain.stage_at(place - 1 if state == APPROVED else place).roles


def signers_for(stage: Stage, post: str) -> tuple[Signer, ...]:
    """Give the forms in which somebody with ``post`` may sign: the one of that post, or all when it has none."""
    own = tuple(signer for signer in stage.signers if post and signer.post == post)
    return own or stage.signers


def is_late(sent_on: dt.date | None, due_on: dt.date, today: dt.date) -> bool:
    """Say whether a report went out after its last day, or has not gone out although that day is over."""
    return (sent_on or today) > due_on


def changes_between(before: Mapping[str, str | None], now: Mapping[str, str | None]) -> dict[str, Decimal]:
    """Give by how much each figure differs from the report before; figures missing on either side are left out."""
    pairs = ((code, before.get(code), value) for code, value in now.items())
    return {
        code: Decimal(value) - Decimal(old)
        for code, old, value in pairs
        if old is not None and value is not None and Decimal(value) != Decimal(old)
    }
