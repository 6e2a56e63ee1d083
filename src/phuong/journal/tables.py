"""The journal's tables: whole lines for those who look after a place, role and unit for families."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from phuong.identity.api import FAMILY
from phuong.journal.declarations import LISTS, OTHERS, act_title
from phuong.journal.queries import people_of
from phuong.kernel.contributions import Role, contribution
from phuong.kernel.models import AuditEntry
from phuong.kernel.permissions import Permission
from phuong.kernel.scope import Actor
from phuong.registry.api import Person
from phuong.ui.api import Applied, Cell, Head, Page, Row, Table, write_moment

MOST_NOTE = 120


def entry_table(page: Page, request: Any, labels: dict[str, str]) -> Table:
    """Lay out one page of the journal; ``labels``: what each filter in force says."""
    people = people_of(page.rows)
    opens = request.actor.may(Permission.PERSONS_READ) and request.actor.may(Permission.STAFF_READ)
    rows = [
        Row(
            [
                write_moment(entry.at),
                Cell(entry.actor_name, detail=_post(entry)),
                Cell(_title(entry), detail=entry.did),
                _record(entry, people.get(entry.about) if entry.about else None, opens=opens),
                entry.note[:MOST_NOTE],
            ]
        )
        for entry in page.rows
    ]
    heads = [Head(_("Lúc")), Head(_("Ai")), Head(_("Việc")), Head(_("Hồ sơ")), Head(_("Ghi chú"))]
    query = request.GET.copy()
    for name in ("after", "before"):
        query.pop(name, None)
    applied = [Applied(words, "?" + _without(query, name)) for name, words in labels.items()]
    caption = _("Nhật ký")
    return Table(caption, heads, rows, applied, clear_url="?", pager=page, hide_caption=True, stacked=True)


def _without(query: Any, name: str) -> str:
    rest = query.copy()
    rest.pop(name, None)
    return str(rest.urlencode())


def _title(entry: AuditEntry) -> str:
    title = act_title(entry.did)
    return _("%s (bị từ chối)") % title if entry.refused and entry.did != "access.not_there" else title


def _record(entry: AuditEntry, person: Person | None, *, opens: bool) -> Cell:
    if person is not None:
        url = reverse("registry:person", args=[person.pk]) if opens else ""
        return Cell(person.full_name, url, detail=person.place.name)
    return Cell(str(LISTS.get(entry.on_id, entry.on_id)), detail=entry.on_kind)


def _role(code: str) -> str:
    role = contribution(Role, code)
    return str(role.title) if role else str(OTHERS.get(code, code))


def _post(entry: AuditEntry) -> str:
    return ", ".join(part for part in (_role(entry.role), entry.unit) if part)


def opening_table(page: Page, actor: Actor) -> Table:
    """Lay out who did what with one person's record; staff by name only for those who look after records."""
    names = actor.may(Permission.HISTORY_READ)
    rows = [Row([write_moment(entry.at), _who(entry, actor, names=names), _title(entry)]) for entry in page.rows]
    heads = [Head(_("Lúc")), Head(_("Ai")), Head(_("Việc"))]
    return Table(_("Ai đã mở hồ sơ"), heads, rows, pager=page, hide_caption=True, stacked=True)


def _who(entry: AuditEntry, actor: Actor, *, names: bool) -> Cell:
    """Name a family as a family: no stranger, and which of the parents is nobody's business."""
    if entry.account_id is not None and entry.account_id == actor.account_id:
        return Cell(_("Chính tài khoản này"), detail=_role(entry.role))
    if entry.role in FAMILY:
        return Cell(entry.actor_name if names else _("Gia đình"), detail=_role(entry.role))
    if names:
        return Cell(entry.actor_name, detail=_post(entry))
    return Cell(_role(entry.role), detail=entry.unit)
