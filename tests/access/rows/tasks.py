"""Tasks: given, worked on, confirmed; the rules of telling."""

from tests.access.roles import AT_SCHOOL, GIVERS, NONE, PRINCIPAL, READERS, REPORTERS, WHOLE, WIDE
from tests.access.row import COMMUNE, OTHER_PROVINCE, OTHER_SCHOOL, PROVINCE, SCHOOL, Row

OFFICIALS = frozenset({"commune_officer"})
ROWS = [
    Row("tasks:tasks", "", "", "GET", READERS),
    Row("tasks:board", "", "", "GET", READERS),
    Row("tasks:timeline", "", "", "GET", READERS),
    Row("tasks:load", "", "", "GET", READERS),
    Row("tasks:printed", "", "", "GET", WIDE),
    Row("tasks:new", "", "", "GET POST", GIVERS),
    Row("tasks:remind", "", "", "POST", GIVERS),
    Row("tasks:task", "task", SCHOOL, "GET", READERS),
    Row("tasks:task", "task", SCHOOL, "POST", AT_SCHOOL, body="text=x"),
    Row("tasks:task", "commune_task", COMMUNE, "GET", READERS - AT_SCHOOL),
    Row("tasks:task", "commune_task", COMMUNE, "POST", OFFICIALS, body="text=x"),
    Row("tasks:task", "other_task", OTHER_SCHOOL, "GET", WHOLE),
    Row("tasks:task", "other_task", OTHER_SCHOOL, "POST", NONE, body="text=x"),
    Row("tasks:assign_down", "task", SCHOOL, "GET POST", GIVERS),
    Row("tasks:assign_down", "other_task", OTHER_SCHOOL, "GET POST", WIDE),
    Row("tasks:person", "task", SCHOOL, "POST", GIVERS | {"clerk"}),
    Row("tasks:person", "other_task", OTHER_SCHOOL, "POST", WIDE),
    Row("tasks:budget", "task", SCHOOL, "POST", REPORTERS),
    Row("tasks:budget", "other_task", OTHER_SCHOOL, "POST", REPORTERS - PRINCIPAL - OFFICIALS),
    Row("tasks:move", "task =start", SCHOOL, "POST", AT_SCHOOL),
    Row("tasks:move", "other_task =start", OTHER_SCHOOL, "POST", NONE),
    Row("tasks:move", "task_from_above =confirm", SCHOOL, "POST", WIDE),
    Row("tasks:rules", "", "", "GET", WIDE),
    Row("tasks:new_rule", "", "", "GET POST", WIDE),
    Row("tasks:rule", "rule", PROVINCE, "GET POST", WIDE),
    Row("tasks:rule", "rule_elsewhere", OTHER_PROVINCE, "GET POST", NONE),
]
