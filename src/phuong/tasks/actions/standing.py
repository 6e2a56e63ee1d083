"""Standing tasks: an app keeps one open task at each unit that has something to do with it, by its own count."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from phuong.kernel.audit import record
from phuong.kernel.keys import uuid7
from phuong.kernel.scope import Actor
from phuong.kernel.today import today
from phuong.registry.api import Organisation
from phuong.tasks.actions.giving import Order
from phuong.tasks.models import Assignment, Progress
from phuong.tasks.rules import OPEN_STATES


@dataclass(frozen=True)
class Kept:
    """At which units a task is new, was worded anew, or is done."""

    new: frozenset[UUID]
    changed: frozenset[UUID]
    done: frozenset[UUID]


@transaction.atomic
def keep_standing(orders: Mapping[UUID, Order], *, origin: str, under: str, by: Actor) -> Kept:
    """Keep one open task of ``origin`` at each unit of ``orders``, and none elsewhere at or below ``under``.

    A task that is open takes the title of its order and keeps its day; one whose unit has no order any more is done.
    A handful of statements, however many units.
    """
    standing = Assignment.objects.select_for_update(of=("self",)).filter(
        origin=origin, state__in=OPEN_STATES, path__under=under
    )
    open_ones = {task.organisation_id: task for task in standing.order_by("id")}
    units = Organisation.objects.filter(pk__in=[key for key in orders if key not in open_ones], path__under=under)
    fresh = [_made(orders[unit.pk], unit, origin, by) for unit in units]
    Assignment.objects.bulk_create(fresh)
    changed = [task for key, task in open_ones.items() if key in orders and task.title != orders[key].title]
    for task in changed:
        task.title = orders[task.organisation_id].title
    Assignment.objects.bulk_update(changed, ["title"])
    over = [task for key, task in open_ones.items() if key not in orders]
    _finish(over, by)
    if fresh or over:
        record(f"tasks.{origin}_kept", note=f"+{len(fresh)} -{len(over)}")
    return Kept(*(frozenset(task.organisation_id for task in each) for each in (fresh, changed, over)))


def _made(order: Order, unit: Organisation, origin: str, by: Actor) -> Assignment:
    return Assignment(
        id=uuid7(),
        path=unit.path,
        organisation=unit,
        origin=origin,
        title=order.title,
        product=order.product,
        responsibility=unit.name,
        starts_on=today(),
        due_on=order.due_on,
        given_by=by.name,
        given_path=".".join(unit.path.split(".")[:2]),  # the province's own place means its department
    )


def _finish(tasks: list[Assignment], by: Actor) -> None:
    day = today()
    Assignment.objects.filter(pk__in=[task.pk for task in tasks]).update(state="done", percent=100, done_on=day)
    Progress.objects.bulk_create(
        [
            Progress(
                id=uuid7(),
                path=task.path,
                assignment=task,
                kind="state",
                text=_("Đã xong hết"),
                on=day,
                by_name=by.name,
            )
            for task in tasks
        ]
    )
