"""Two records of one person: found, compared, merged, taken apart again."""

from tests.access.roles import DESK, WIDE
from tests.access.row import OTHER_SCHOOL, SCHOOL, Row

ROWS = [
    Row("matching:pairs", "", "", "GET", DESK),
    Row("matching:pair", "pair", SCHOOL, "GET", DESK),
    Row("matching:pair", "other_pair", OTHER_SCHOOL, "GET", WIDE),
    Row("matching:pair", "pair_across", OTHER_SCHOOL, "GET", WIDE),
    Row("matching:decide", "pair =de-sau", SCHOOL, "POST", DESK),
    Row("matching:decide", "pair_across =khac", OTHER_SCHOOL, "POST", WIDE),
    Row("matching:runs", "", "", "GET POST", DESK),
    Row("matching:stop", "matching_run", SCHOOL, "POST", DESK),
    Row("matching:stop", "other_matching_run", OTHER_SCHOOL, "POST", WIDE),
    Row("matching:merges", "", "", "GET", DESK),
    Row("matching:merge", "merge", SCHOOL, "GET", DESK),
    Row("matching:merge", "other_merge", OTHER_SCHOOL, "GET", WIDE),
    Row("matching:undo", "merge", SCHOOL, "POST", DESK),
    Row("matching:undo", "other_merge", OTHER_SCHOOL, "POST", WIDE),
]
