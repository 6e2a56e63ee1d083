"""Results: conduct and absences of a class, the summary and why, report cards."""

from tests.access.roles import NONE, PRINCIPAL, WIDE
from tests.access.row import CHILD, CLASSMATE, OTHER_SCHOOL, SCHOOL, STRANGER, Row

HOMEROOM = frozenset({"teacher", "principal"})  # Lan is homeroom teacher of the class
LAN = frozenset({"teacher"})
TAKERS = HOMEROOM | {"guardian", "learner"}
ROWS = [
    Row("academics:classes", "", "", "GET", HOMEROOM | {"homeroom_teacher"}),
    Row("academics:year_end", "", "", "GET", PRINCIPAL),
    Row("academics:close_year", "=2026", "", "POST", PRINCIPAL),
    Row("academics:reopen_year", "=2026", "", "POST", PRINCIPAL),
    Row("academics:promotion", "=2026", "", "GET POST", PRINCIPAL),
    Row("academics:undo_promotion", "=2026", "", "POST", PRINCIPAL),
    Row("academics:promote_all", "", "", "GET", WIDE),
    Row("academics:promote_all", "", "", "POST", WIDE, "act=dry"),
    Row("academics:afterwards", "group", SCHOOL, "GET", HOMEROOM),
    Row("academics:afterwards", "group", SCHOOL, "POST", PRINCIPAL),
    Row("academics:afterwards", "other_group", OTHER_SCHOOL, "GET POST", NONE),
    Row("academics:records", "group =1", SCHOOL, "GET", HOMEROOM),
    Row("academics:records", "group =1", SCHOOL, "POST", LAN),
    Row("academics:records", "other_class_of_school =1", SCHOOL, "GET", PRINCIPAL),
    Row("academics:records", "other_group =1", OTHER_SCHOOL, "GET POST", NONE),
    Row("academics:summary", "group =0", SCHOOL, "GET", HOMEROOM),
    Row("academics:summary", "other_group =0", OTHER_SCHOOL, "GET", NONE),
    Row("academics:compute", "group =0", SCHOOL, "POST", PRINCIPAL),
    Row("academics:compute", "other_group =0", OTHER_SCHOOL, "POST", NONE),
    Row("academics:why", "group =0 an", CHILD, "GET", HOMEROOM),
    Row("academics:why", "other_group =0 stranger", STRANGER, "GET", NONE),
    Row("academics:cards", "group =0", SCHOOL, "GET", HOMEROOM),
    Row("academics:cards", "other_group =0", OTHER_SCHOOL, "GET", NONE),
    Row("academics:ask_cards", "group =0", SCHOOL, "POST", PRINCIPAL),
    Row("academics:ask_cards", "other_group =0", OTHER_SCHOOL, "POST", NONE),
    Row("academics:cards_run", "cards_run", SCHOOL, "GET", PRINCIPAL),
    Row("academics:cards_run", "other_cards_run", OTHER_SCHOOL, "GET", NONE),
    Row("academics:card", "+result_of_an an =2026 =1", CHILD, "GET", TAKERS),
    Row("academics:card", "+result_of_classmate classmate =2026 =1", CLASSMATE, "GET", HOMEROOM),
    Row("academics:card", "+result_of_stranger stranger =2026 =1", STRANGER, "GET", NONE),
]
