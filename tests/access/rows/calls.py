"""The calls of the REST interface: which permissions a key must hold, and what it is asked about.

A key sees the place of its unit and no more, whatever it may do there.
"""

from dataclasses import dataclass

Needs = frozenset[str]


def _of(*permissions: str) -> Needs:
    return frozenset(permissions)


@dataclass(frozen=True)
class Call:
    """One call. ``things``: one of the own school and one of another, named by their keys as ``*`` in path or body."""

    method: str
    path: str
    needs: Needs
    things: tuple[str, str] | None = None
    body: str = ""

    def __str__(self) -> str:
        """Name the call."""
        return f"{self.method} {self.path}"


_PERSONS = ("registry:persons:read", "registry:persons:edit")
_STAFF = ("registry:staff:read", "registry:staff:edit")
_CLASSES = ("registry:persons:read", "registry:classes:edit")
_UNITS = ("registry:network:read", "registry:school:edit")
_CONTACTS = ("registry:network:read", "registry:network:edit")
_ASSETS = ("facilities:rooms:read", "facilities:rooms:edit")
_SCHOOLS = ("school", "other_school")
# resource: permissions to read and to write, one of either school, to what a new one belongs, whether it can end
_RESOURCES: dict[str, tuple[tuple[str, str], tuple[str, str], tuple[str, str] | None, bool]] = {
    "learners": (_PERSONS, ("an", "stranger"), _SCHOOLS, False),
    "staff": (_STAFF, ("colleague", "other_colleague"), _SCHOOLS, False),
    "guardians": (_PERSONS, ("binh", "other_parent"), _SCHOOLS, False),
    "guardianships": (_PERSONS, ("guardianship", "other_guardianship"), ("an", "stranger"), True),
    "classes": (_CLASSES, ("group", "other_group"), _SCHOOLS, True),
    "enrolments": (_PERSONS, ("enrolment", "other_enrolment"), ("an", "stranger"), True),
    "positions": (_STAFF, ("position", "other_position"), ("colleague", "other_colleague"), True),
    "qualifications": (_STAFF, ("qualification", "other_qualification"), ("colleague", "other_colleague"), True),
    "teaching-assignments": (
        ("registry:staff:read", "registry:classes:edit"),
        ("teaching", "other_teaching"),
        ("colleague", "other_colleague"),
        True,
    ),
    "schools": (_UNITS, _SCHOOLS, None, False),
    "organisations": (_UNITS, _SCHOOLS, None, False),
    "focal-points": (_CONTACTS, ("focal", "other_focal"), _SCHOOLS, True),
    "buildings": (_ASSETS, ("building", "other_building"), _SCHOOLS, True),
    "rooms": (_ASSETS, ("room", "other_room"), _SCHOOLS, True),
    "equipment": (_ASSETS, ("equipment", "other_equipment"), _SCHOOLS, True),
    "programmes": (_ASSETS, ("programme", "other_programme"), _SCHOOLS, True),
}


def _calls(name: str) -> list[Call]:
    (read, write), records, owners, can_end = _RESOURCES[name]
    both = _of(read, write)
    calls = [
        Call("GET", name, _of(read)),
        Call("GET", f"{name}/*", _of(read), records),
        Call("PATCH", f"{name}/*", both, records, '{"values": {}, "reason": "x"}'),
    ]
    if owners:
        needs = _of(write) if owners == _SCHOOLS else both
        calls.insert(1, Call("POST", name, needs, owners, '{"values": {}, "of": "*"}'))
    if can_end:
        calls.append(Call("DELETE", f"{name}/*?on=2026-12-01&reason=x", both, records))
    return calls


_TASKS = ("task", "other_task")
_READ_TASKS, _READ_PLANS = _of("tasks:read"), _of("plans:read")
_PLAN = ("indicators", "targets", "tasks", "duties", "doubts", "values")
CALLS = [
    *(call for name in _RESOURCES for call in _calls(name)),
    Call("GET", "feed?kinds=tasks", _READ_TASKS),
    Call("GET", "tasks", _READ_TASKS),
    Call("POST", "tasks", _of("tasks:assign"), _SCHOOLS, '{"title": "x", "units": ["*"]}'),
    Call("GET", "tasks/*", _READ_TASKS, _TASKS),
    Call("GET", "tasks/*/progress", _READ_TASKS, _TASKS),
    Call("POST", "tasks/*/progress", _of("tasks:read", "tasks:work"), _TASKS, '{"text": "x"}'),
    Call("POST", "tasks/*/steps", _of("tasks:read", "tasks:work"), _TASKS, '{"act": "start"}'),
    Call("GET", "plans", _READ_PLANS),
    *(Call("GET", f"plans/ke-hoach/{part}", _READ_PLANS) for part in _PLAN),
    Call(
        "POST",
        "plans/ke-hoach/values",
        _of("plans:values:report"),
        _SCHOOLS,
        '{"indicator": "1", "of": "*", "period": "2026-10-01", "value": 1, "source": "x"}',
    ),
    Call("POST", "plans/ke-hoach/doubts/*/settlement", _of("plans:edit"), ("doubt", "doubt"), '{"words": "x"}'),
    Call("GET", "code-lists/sex", _of()),
]
