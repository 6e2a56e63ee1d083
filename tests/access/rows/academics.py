"""The gradebook."""

from tests.access.roles import NONE, PRINCIPAL, TEACHER, TEACHERS
from tests.access.row import CHILD, OTHER_SCHOOL, SCHOOL, Row

_OWN, _OTHER = "+lesson group =TOAN =1", "+other_lesson other_group =TOAN =1"
_YOUNG, _OTHER_YOUNG = "+young_lesson young =TOAN =2", "+other_young_lesson other_young =TOAN =2"
SEEING = TEACHER | PRINCIPAL
FAMILY = frozenset({"guardian", "learner"})  # An sits in no preschool group
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
    Row("academics:primary", _YOUNG, SCHOOL, "GET", SEEING),
    Row("academics:primary", _YOUNG, SCHOOL, "POST", TEACHER),
    Row("academics:primary", _OTHER_YOUNG, OTHER_SCHOOL, "GET POST", NONE),
    Row("academics:primary_records", "young =2", SCHOOL, "GET", SEEING),
    Row("academics:primary_records", "young =2", SCHOOL, "POST", TEACHER),
    Row("academics:primary_records", "other_young =2", OTHER_SCHOOL, "GET POST", NONE),
    Row("academics:primary_again", "young", SCHOOL, "GET POST", SEEING),
    Row("academics:primary_again", "other_young", OTHER_SCHOOL, "GET POST", NONE),
    Row("academics:primary_story", _YOUNG, SCHOOL, "GET", SEEING),
    Row("academics:primary_story", _OTHER_YOUNG, OTHER_SCHOOL, "GET", NONE),
    Row("academics:primary_pupil", f"{_YOUNG} young_pupil", SCHOOL, "GET", SEEING),
    Row("academics:primary_pupil", f"{_OTHER_YOUNG} other_young_pupil", OTHER_SCHOOL, "GET", NONE),
    Row("academics:primary_amend", f"{_YOUNG} young_pupil =level", SCHOOL, "GET POST", TEACHER),
    Row("academics:primary_amend", f"{_OTHER_YOUNG} other_young_pupil =level", OTHER_SCHOOL, "GET POST", NONE),
    Row("academics:growth", "small =2026-10-12", SCHOOL, "GET", SEEING),
    Row("academics:growth", "small =2026-10-12", SCHOOL, "POST", TEACHER),
    Row("academics:growth", "other_small =2026-10-12", OTHER_SCHOOL, "GET POST", NONE),
    Row("academics:development", "small =1", SCHOOL, "GET", SEEING),
    Row("academics:development", "small =1", SCHOOL, "POST", TEACHER),
    Row("academics:development", "other_small =1", OTHER_SCHOOL, "GET POST", NONE),
    Row("academics:growth_of", "small_child", SCHOOL, "GET", SEEING),
    Row("academics:growth_of", "an", CHILD, "GET", FAMILY),
    Row("academics:growth_of", "other_small_child", OTHER_SCHOOL, "GET", NONE),
]
