"""What tasks count: whether what is given is followed here, with a name, a day and news of it."""

import ibis
import ibis.expr.types as ir

from phuong.kernel.expressions import table_of
from phuong.kernel.measures import Measure, Population
from phuong.tasks.models import Assignment, Progress

FRESH_DAYS = 31  # news within a reporting period, which the plans make a month
NO: ir.BooleanValue = ibis.literal(value=False)

_tasks = table_of(Assignment)
_lines = table_of(Progress)
_written = _lines.filter(_lines.kind.isin(("note", "state")))
_latest = _written.group_by("assignment_id").agg(written_on=_written.on.max())
assignments_table: ir.Table = _tasks.left_join(_latest, _tasks.id == _latest.assignment_id).select(
    id=_tasks.id,
    label=_tasks.title,
    organisation_id=_tasks.organisation_id,
    state=_tasks.state,
    has_owner=(_tasks.person_name != "") | _tasks.person_id.notnull(),
    has_day=_tasks.due_on.notnull(),
    written_on=_latest.written_on,
)
ASSIGNMENTS = Population("tasks.assignments", "Nhiệm vụ được giao", assignments_table, url="/nhiem-vu/{id}/")

_t = assignments_table
_since = ibis.today() - ibis.interval(days=FRESH_DAYS)
_fresh = (_t.state == "done") | (_t.written_on >= _since).fill_null(NO)

MEASURES = (
    Measure(
        "tasks.followed",
        "Nhiệm vụ được giao có người phụ trách, hạn và tình trạng cập nhật trên hệ thống",
        "Assigned tasks with an owner, a due day and a fresh state",
        ASSIGNMENTS,
        among=_t.state != "cancelled",
        meets=_t.has_owner & _t.has_day & _fresh,
        reasons={
            "owner": ("Chưa ghi người chịu trách nhiệm", "No person responsible"),
            "day": ("Chưa có hạn", "No due day"),
            "stale": ("Chưa cập nhật tình trạng trong 31 ngày qua", "No news of it within 31 days"),
        },
        why=ibis.cases((~_t.has_owner, "owner"), (~_t.has_day, "day"), else_="stale"),
        source="hai-phong-nq57-2026, PL1-11.8",
    ),
)
