"""The roles of the matrix, and the groups of them that its rows name."""

Roles = frozenset[str]


def _of(*names: str) -> Roles:
    return frozenset(names)


NOBODY = "nobody"  # not signed in
ALL = (
    "department_leader",
    "division_head",
    "division_officer",
    "auditor",
    "system_operator",
    "commune_leader",
    "commune_officer",
    "principal",
    "teacher",
    "homeroom_teacher",
    "clerk",
    "accountant",
    "support",
    "support_access",
    "support_repair",
    "guardian",
    "learner",
)
EVERYBODY = _of(*ALL)
WORLD = EVERYBODY | {NOBODY}
NONE = _of()

HEADS = _of("division_head", "commune_leader")  # approve reports; else they read
HELP = _of("support_access", "support_repair")  # let in by the school for hours
WIDE = _of("department_leader", "division_officer")
WHOLE = WIDE | {"auditor", "division_head"}
DESK = _of("department_leader", "division_officer", "commune_officer", "principal", "clerk")
STEERING = _of("department_leader", "division_officer", "commune_officer", "principal", "auditor") | HEADS
PERSONS = DESK | {"teacher", "homeroom_teacher"} | HELP
STAFF = DESK | {"accountant"} | HELP
ROOMS = PERSONS | STAFF
RECORDS = DESK | {"homeroom_teacher"}
READERS = DESK | {"auditor"} | HEADS
NETWORK = READERS | {"accountant"}
ABOVE = READERS - {"principal", "clerk"}
GIVERS = DESK - {"clerk"}
KEEPERS = _of("division_officer", "principal", "clerk")
MENDERS = KEEPERS | {"support_repair"}
ASSETS = MENDERS | {"accountant"}
UNITS = KEEPERS | {"commune_officer"}
WRITERS = ASSETS | UNITS
ROLE_KEEPERS = GIVERS | {"commune_leader", "system_operator"}
REPORTERS = _of("division_officer", "commune_officer", "principal")
CLIENTS = _of("system_operator", "division_officer", "principal")
OPENDATA = _of("division_officer")
MAILBOXES = _of("system_operator", "division_officer")
RUNNERS = WIDE | {"system_operator"}
OFFICER = _of("division_officer")
TEACHER = _of("teacher")
TEACHERS = _of("teacher", "homeroom_teacher")
PRINCIPAL = _of("principal")
AT_SCHOOL = _of("principal", "clerk")
EXPORTS = _of("department_leader", "system_operator")
