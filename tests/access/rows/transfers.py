"""School transfers: asked for by the family or the receiving school, let go, completed; out of and into a province."""

from tests.access.roles import AT_SCHOOL, DESK, NONE, PRINCIPAL, WIDE
from tests.access.row import CHILD, OTHER_SCHOOL, SCHOOL, STRANGER, Row

FAMILY = frozenset({"guardian", "learner"})
GUARDIAN = frozenset({"guardian"})
ROWS = [
    Row("transfers:transfers", "", "", "GET", DESK),
    Row("transfers:receive", "", "", "GET POST", AT_SCHOOL),
    Row("transfers:come_in", "", "", "GET POST", AT_SCHOOL),
    Row("transfers:by_package", "", "", "GET POST", AT_SCHOOL),
    Row("transfers:leave", "", "", "GET POST", AT_SCHOOL),
    Row("transfers:family", "", "", "GET", FAMILY),
    Row("transfers:ask", "an", CHILD, "GET POST", GUARDIAN),
    Row("transfers:ask", "stranger", STRANGER, "GET POST", NONE),
    Row("transfers:ask_outside", "an", CHILD, "GET POST", GUARDIAN),
    Row("transfers:ask_outside", "stranger", STRANGER, "GET POST", NONE),
    Row("transfers:withdraw", "own_transfer", CHILD, "POST", GUARDIAN),
    Row("transfers:withdraw", "other_transfer", STRANGER, "POST", NONE),
    Row("transfers:transfer", "arriving", SCHOOL, "GET", DESK),
    Row("transfers:transfer", "other_transfer", OTHER_SCHOOL, "GET", WIDE),
    Row("transfers:step", "arriving =accept", SCHOOL, "POST", PRINCIPAL),
    Row("transfers:step", "arriving =withdraw", SCHOOL, "POST", AT_SCHOOL),
    Row("transfers:step", "leaving =release", SCHOOL, "POST", PRINCIPAL),
    Row("transfers:step", "other_transfer =accept", OTHER_SCHOOL, "POST", NONE),
    Row("transfers:arrive", "let_go", SCHOOL, "POST", AT_SCHOOL),
    Row("transfers:arrive", "other_transfer", OTHER_SCHOOL, "POST", NONE),
    Row("transfers:depart", "going_out", SCHOOL, "POST", AT_SCHOOL),
    Row("transfers:depart", "other_transfer", OTHER_SCHOOL, "POST", NONE),
    Row("transfers:package", "packed", SCHOOL, "GET", AT_SCHOOL),
    Row("transfers:package", "other_packed", OTHER_SCHOOL, "GET", NONE),
]
