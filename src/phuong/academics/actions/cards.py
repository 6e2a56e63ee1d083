"""Report cards of a school, class by class, in one job; what was made is counted against what was asked."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from phuong.academics.queries.cards import Stack
from phuong.academics.queries.homeroom import ASSESSED
from phuong.academics.queries.primarycards import has_part, stack_of
from phuong.kernel.audit import record
from phuong.kernel.jobs import Progress
from phuong.kernel.models import Attachment
from phuong.kernel.permissions import Permission
from phuong.kernel.scope import SYSTEM, acting
from phuong.kernel.text import search_key
from phuong.paper.api import print_cards
from phuong.registry.api import ClassGroup

FILES = "report_cards"  # attachments of classes: their cards of a term or year
MOST_TOLD = 200
_NAMES = {1: "hk1", 2: "hk2", 0: "ca-nam"}


@dataclass(frozen=True)
class Made:
    """The file of a class: pupils asked for, cards made, who has none and why."""

    asked: int
    made: int
    lacking: list[str]
    content: bytes = b""
    why: str = ""


def print_stack(stack: Stack) -> Made:
    """Print the cards of a class into one file; empty when there is none."""
    if not stack.cards:
        return Made(stack.asked, 0, stack.lacking)
    try:
        content = print_cards(stack.cards)
    except ValueError as error:
        return Made(stack.asked, 0, [*stack.lacking, *(card.name for card in stack.cards)], why=str(error)[:300])
    return Made(stack.asked, len(stack.cards), stack.lacking, content)


def file_name(group: ClassGroup, part: int, who: str = "") -> str:
    """Name the file of a class, or of one pupil."""
    name = search_key(who or group.name).replace(" ", "-").replace("/", "-")
    return f"phieu-{name}-{_NAMES.get(part, part)}-{group.school_year}.pdf"


def print_school(progress: Progress, under: str, year: int, part: int, asked_by: str) -> Mapping[str, Any]:
    """Print the cards of all classes at or below a place, each class a file and a transaction; safe to run twice."""
    by = replace(SYSTEM, name=asked_by)
    with acting(by):
        rows = ClassGroup.objects.filter(organisation__path__under=under, school_year=year, level__in=ASSESSED)
        groups = list(rows.select_related("organisation__parent", "organisation__territory", "homeroom"))
    groups = [each for each in groups if has_part(each, part)]
    groups.sort(key=lambda each: (str(each.organisation.path), each.grade, each.name_key))
    asked = made = 0
    files: list[dict[str, Any]] = []
    lacking: list[dict[str, str]] = []
    for done, group in enumerate(groups):
        progress.step(done, len(groups), group.name)
        with acting(by):
            found = print_stack(stack_of(group, part))
            file = _keep(group, part, found, asked_by) if found.content else None
        asked, made = asked + found.asked, made + found.made
        files.append({"class": group.name, "asked": found.asked, "made": found.made, "file": file and str(file)})
        told = found.lacking[: MOST_TOLD - len(lacking)]
        lacking += [{"class": group.name, "who": who, "why": found.why or _("chưa tính kết quả")} for who in told]
    with acting(by):
        record("academics.cards_made", note=f"{year} {_NAMES.get(part, part)}: {made}/{asked}", path=under)
    progress.step(len(groups), len(groups))
    return {"asked": asked, "made": made, "files": files, "lacking": lacking}


def _keep(group: ClassGroup, part: int, made: Made, asked_by: str) -> UUID:
    """Keep the file of a class in place of the one before."""
    name = file_name(group, part)
    digest = hashlib.sha256(made.content).hexdigest()
    before = Attachment.objects.filter(on_kind=FILES, on_id=group.pk, name=name)
    before.exclude(digest=digest).delete()
    kept = before.first()
    if kept is not None:
        return kept.pk
    return Attachment.objects.create(
        path=group.organisation.path,
        on_kind=FILES,
        on_id=group.pk,
        permission=Permission.MARKS_MANAGE,
        name=name,
        media_type="application/pdf",
        size=len(made.content),
        digest=digest,
        content=made.content,
        added_by_name=asked_by,
    ).pk
