"""Making, changing and ending each kind of record: who keeps the kind, in the own school and in another."""

from tests.access.roles import ASSETS, DESK, MENDERS, NONE, OFFICER, UNITS, WIDE, Roles
from tests.access.row import (
    CHILD,
    COLLEAGUE,
    COMMUNE,
    OTHER_COMMUNE,
    OTHER_SCHOOL,
    PARENT,
    SCHOOL,
    STRANGE_STAFF,
    STRANGER,
    Row,
)

# who keeps the kind; for the own school and for another: to what a new one belongs, a record, what that record is
Kind = tuple[Roles, tuple[str, str], tuple[str, str], tuple[str, str]]
AT_SCHOOL = ("school", "other_school")
PLAIN = (SCHOOL, OTHER_SCHOOL)
OF_CHILD = (CHILD, STRANGER)
OF_STAFF = (COLLEAGUE, STRANGE_STAFF)
KINDS: dict[str, Kind] = {
    "learner": (MENDERS, AT_SCHOOL, ("an", "stranger"), OF_CHILD),
    "staff": (MENDERS, AT_SCHOOL, ("colleague", "other_colleague"), OF_STAFF),
    "guardian": (MENDERS, AT_SCHOOL, ("binh", "other_parent"), (PARENT, OTHER_SCHOOL)),
    "class": (MENDERS, AT_SCHOOL, ("group", "other_group"), PLAIN),
    "guardianship": (MENDERS, ("an", "stranger"), ("guardianship", "other_guardianship"), OF_CHILD),
    "enrolment": (MENDERS, ("an", "stranger"), ("enrolment", "other_enrolment"), OF_CHILD),
    "position": (MENDERS, ("colleague", "other_colleague"), ("position", "other_position"), OF_STAFF),
    "qualification": (MENDERS, ("colleague", "other_colleague"), ("qualification", "other_qualification"), OF_STAFF),
    "teaching": (MENDERS, ("colleague", "other_colleague"), ("teaching", "other_teaching"), OF_STAFF),
    "focal": (UNITS, AT_SCHOOL, ("focal", "other_focal"), PLAIN),
    "building": (ASSETS, AT_SCHOOL, ("building", "other_building"), PLAIN),
    "room": (ASSETS, AT_SCHOOL, ("room", "other_room"), PLAIN),
    "equipment": (ASSETS, AT_SCHOOL, ("equipment", "other_equipment"), PLAIN),
    "programme": (ASSETS, AT_SCHOOL, ("programme", "other_programme"), PLAIN),
}
WITHOUT_END = {"learner", "staff", "guardian"}


def _rows(code: str, kind: Kind) -> list[Row]:
    keepers, owners, records, relations = kind
    rows = []
    places = PLAIN if owners == AT_SCHOOL else relations
    for owner, record, place, relation, let_in in zip(
        owners, records, places, relations, (keepers, OFFICER), strict=True
    ):
        rows.append(Row("records:make", f"={code} ?{owner}", place, "GET POST", let_in))
        rows.append(Row("records:alike", f"={code} ?{owner}", place, "GET", let_in))
        rows.append(Row("records:history", f"={code} {record}", relation, "GET", WIDE if let_in == OFFICER else DESK))
        rows.append(Row("records:change", f"={code} {record}", relation, "GET POST", let_in))
        if code not in WITHOUT_END:
            rows.append(Row("records:end", f"={code} {record}", relation, "GET POST", let_in))
    return rows


ROWS = [
    *(row for code, kind in KINDS.items() for row in _rows(code, kind)),
    Row("records:make", "=school", "", "GET POST", NONE),  # units are made by restructuring
    Row("records:make", "=unit", "", "GET POST", NONE),
    Row("records:history", "=school school", SCHOOL, "GET", DESK),
    Row("records:history", "=unit other_school", OTHER_SCHOOL, "GET", WIDE),
    Row("records:change", "=school school", SCHOOL, "GET POST", UNITS),
    Row("records:change", "=school other_school", OTHER_SCHOOL, "GET POST", OFFICER),
    Row("records:change", "=unit school", SCHOOL, "GET POST", UNITS),
    Row("records:change", "=unit other_school", OTHER_SCHOOL, "GET POST", OFFICER),
    Row("records:change", "=unit commune", COMMUNE, "GET POST", UNITS - {"principal", "clerk"}),
    Row("records:change", "=unit other_commune", OTHER_COMMUNE, "GET POST", OFFICER),
]
