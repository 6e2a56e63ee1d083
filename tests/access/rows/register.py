"""The gradebook beside the marks: remarks, phrases."""

from tests.access.roles import NONE, PERSONS, PRINCIPAL, TEACHER, TEACHERS, WIDE
from tests.access.row import OTHER_SCHOOL, SCHOOL, Row

_OWN, _OTHER = "+lesson group =TOAN =1", "+other_lesson other_group =TOAN =1"
STAFF = TEACHERS | PRINCIPAL
ROWS = [
    Row("academics:say", _OWN, SCHOOL, "POST", TEACHER),
    Row("academics:say", _OTHER, OTHER_SCHOOL, "POST", NONE),
    Row("academics:exempt", f"{_OWN} an =mien", SCHOOL, "POST", PRINCIPAL, body="reason=x"),
    Row("academics:exempt", f"{_OTHER} stranger =mien", OTHER_SCHOOL, "POST", NONE, body="reason=x"),
    Row("academics:topic", f"{_OWN} =co", SCHOOL, "POST", TEACHER | PRINCIPAL),
    Row("academics:topic", f"{_OTHER} =co", OTHER_SCHOOL, "POST", NONE),
    Row("academics:absent", "", "", "GET", STAFF),
    Row("academics:substitutes", "", "", "GET POST", PRINCIPAL),
    Row("academics:substitute_ended", "substitution", SCHOOL, "POST", PRINCIPAL),
    Row("academics:substitute_ended", "other_substitution", OTHER_SCHOOL, "POST", NONE),
    Row("academics:progress", "", "", "GET", PRINCIPAL),
    Row("academics:one_sheet", "grade_sheet", SCHOOL, "GET", PERSONS),
    Row("academics:one_sheet", "other_grade_sheet", OTHER_SCHOOL, "GET", WIDE),
    Row("academics:distributions", "", "", "GET", PRINCIPAL),
    Row("academics:honours", "", "", "GET", PRINCIPAL),
    Row("academics:workload", "", "", "GET", PRINCIPAL),
    Row("academics:phrases", "", "", "GET POST", STAFF),
    Row("academics:phrases_offered", "=TOAN", "", "GET", STAFF),
    Row("academics:phrase_removed", "phrase", SCHOOL, "POST", PRINCIPAL),
    Row("academics:phrase_removed", "other_phrase", OTHER_SCHOOL, "POST", NONE),
]
