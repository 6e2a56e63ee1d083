"""The gradebook."""

from tests.access.roles import PRINCIPAL, TEACHER, TEACHERS
from tests.access.row import OTHER_SCHOOL, SCHOOL, Row

_OWN, _OTHER = "+lesson group =TOAN =1", "+other_lesson other_group =TOAN =1"
SEEING = TEACHER | PRINCIPAL
ROWS = [
    Row("academics:sheets", "", "", "GET", TEACHERS | PRINCIPAL),
    Row("academics:amendments", "", "", "GET", TEACHERS | PRINCIPAL),
    Row("academics:decide", "amendment =duyet", SCHOOL, "POST", PRINCIPAL),
    Row("academics:decide", "other_amendment =duyet", OTHER_SCHOOL, "POST", frozenset()),
    Row("academics:windows", "", "", "GET POST", PRINCIPAL),
    Row("academics:grid", _OWN, SCHOOL, "GET", SEEING),
    Row("academics:grid", _OWN, SCHOOL, "POST", TEACHER),
    Row("academics:grid", _OTHER, OTHER_SCHOOL, "GET POST", frozenset()),
    Row("academics:save", _OWN, SCHOOL, "POST", TEACHER),
    Row("academics:save", _OTHER, OTHER_SCHOOL, "POST", frozenset()),
    Row("academics:changes", _OWN, SCHOOL, "GET", SEEING),
    Row("academics:changes", _OTHER, OTHER_SCHOOL, "GET", frozenset()),
    Row("academics:lock", f"{_OWN} =r1", SCHOOL, "POST", SEEING),
    Row("academics:lock", f"{_OTHER} =r1", OTHER_SCHOOL, "POST", frozenset()),
    Row("academics:unlock", f"{_OWN} =r1", SCHOOL, "POST", PRINCIPAL, body="reason=x"),
    Row("academics:unlock", f"{_OTHER} =r1", OTHER_SCHOOL, "POST", frozenset(), body="reason=x"),
    Row("academics:story", f"+mark {_OWN} an", SCHOOL, "GET", SEEING),
    Row("academics:story", f"+other_mark {_OTHER} stranger", OTHER_SCHOOL, "GET", frozenset()),
    Row("academics:amend", f"+mark {_OWN} an =r1", SCHOOL, "GET POST", TEACHER),
    Row("academics:amend", f"+other_mark {_OTHER} stranger =r1", OTHER_SCHOOL, "GET POST", frozenset()),
]
