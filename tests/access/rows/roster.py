"""Class lists for other software: bundles made and taken from a page."""

from tests.access.roles import DESK, KEEPERS, WIDE
from tests.access.row import OTHER_SCHOOL, SCHOOL, Row

ROWS = [
    Row("roster:bundles", "", "", "GET POST", DESK),
    Row("roster:bring", "", "", "GET POST", KEEPERS),
    Row("roster:bundle", "roster", SCHOOL, "GET", DESK),
    Row("roster:bundle", "other_roster", OTHER_SCHOOL, "GET", WIDE),
]
