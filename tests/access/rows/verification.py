"""People compared with the population database: the desk, one person's state, the runs."""

from tests.access.roles import MENDERS, NONE, OFFICER, PERSONS, RUNNERS, STAFF, WIDE
from tests.access.row import (
    CHILD,
    CLASSMATE,
    COLLEAGUE,
    OTHER_PROVINCE,
    PARENT,
    PROVINCE,
    STRANGE_STAFF,
    STRANGER,
    Row,
)

ROWS = [
    Row("verification:cases", "", "", "GET", MENDERS),
    Row("verification:case", "case", CHILD, "GET POST", MENDERS),
    Row("verification:case", "other_case", STRANGER, "GET POST", OFFICER),
    Row("verification:case", "staff_case", COLLEAGUE, "GET POST", MENDERS),
    Row("verification:person", "an", CHILD, "GET", PERSONS | {"guardian", "learner"}),
    Row("verification:person", "classmate", CLASSMATE, "GET", PERSONS),
    Row("verification:person", "stranger", STRANGER, "GET", WIDE),
    Row("verification:person", "binh", PARENT, "GET", PERSONS | {"guardian"}),
    Row("verification:person", "colleague", COLLEAGUE, "GET", STAFF),
    Row("verification:person", "other_colleague", STRANGE_STAFF, "GET", WIDE),
    Row("verification:ask", "an", CHILD, "POST", MENDERS),
    Row("verification:ask", "stranger", STRANGER, "POST", OFFICER),
    Row("verification:ask", "colleague", COLLEAGUE, "POST", MENDERS),
    Row("verification:progress", "", "", "GET", RUNNERS),
    Row("verification:run", "", "", "POST", RUNNERS),
    Row("verification:let_go", "stuck", PROVINCE, "POST", RUNNERS),
    Row("verification:let_go", "stuck_elsewhere", OTHER_PROVINCE, "POST", NONE),
]
