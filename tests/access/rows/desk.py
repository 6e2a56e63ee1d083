"""The desk of records beside its kinds: looking back, evidence, likenesses, many records at once."""

from tests.access.roles import DESK, KEEPERS, MENDERS, OFFICER, WIDE
from tests.access.row import OTHER_SCHOOL, SCHOOL, Row

ROWS = [
    Row("records:look_back", "", "", "GET POST", DESK),
    Row("records:files", "=programme programme", SCHOOL, "GET", DESK | {"accountant", "support_repair"}),
    Row("records:files", "=programme programme", SCHOOL, "POST", MENDERS | {"accountant"}),
    Row("records:files", "=programme other_programme", OTHER_SCHOOL, "GET", WIDE),
    Row("records:files", "=programme other_programme", OTHER_SCHOOL, "POST", OFFICER),
    Row("records:bulk", "=learner", "", "GET POST", KEEPERS),
    Row("records:bulk", "=staff", "", "GET POST", KEEPERS),
    Row("records:bulk", "=school", "", "GET POST", KEEPERS),
    Row("records:bulk_change", "bulk", SCHOOL, "GET", KEEPERS),
    Row("records:bulk_change", "other_bulk", OTHER_SCHOOL, "GET", OFFICER),
    Row("records:bulk_apply", "bulk", SCHOOL, "POST", KEEPERS),
    Row("records:bulk_apply", "other_bulk", OTHER_SCHOOL, "POST", OFFICER),
    Row("records:bulk_undo", "bulk_applied", SCHOOL, "POST", KEEPERS),
    Row("records:bulk_undo", "other_bulk_applied", OTHER_SCHOOL, "POST", OFFICER),
]
