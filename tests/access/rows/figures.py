"""Figures counted, plans, values reported and reviewed."""

from tests.access.roles import OPENDATA, RECORDS, REPORTERS, RUNNERS, STEERING, WHOLE, WIDE
from tests.access.row import COMMUNE, OTHER_COMMUNE, OTHER_SCHOOL, PROVINCE, SCHOOL, Row

CODE = "=registry.learners_with_number"
FIGURES = STEERING | {"system_operator"}
ROWS = [
    Row("measures:measures", "", "", "GET", FIGURES),
    Row("measures:refresh", "", "", "POST", RUNNERS),
    Row("measures:figure", f"{CODE} school", SCHOOL, "GET", FIGURES),
    Row("measures:figure", f"{CODE} commune", COMMUNE, "GET", FIGURES),
    Row("measures:figure", f"{CODE} province", PROVINCE, "GET", FIGURES),
    Row("measures:figure", f"{CODE} other_school", OTHER_SCHOOL, "GET", WHOLE | {"system_operator"}),
    Row("measures:records", f"{CODE} school", SCHOOL, "GET", RECORDS),
    Row("measures:records", f"{CODE} other_school", OTHER_SCHOOL, "GET", WIDE),
    Row("measures:records", f"{CODE} other_commune", OTHER_COMMUNE, "GET", WIDE),
    Row("opendata:desk", "", "", "GET", OPENDATA),
    Row("opendata:preview", "=truong-hoc", PROVINCE, "GET", OPENDATA),
    Row("opendata:open", "=truong-hoc", PROVINCE, "POST", OPENDATA),
    Row("opendata:shut", "=truong-hoc", PROVINCE, "POST", OPENDATA),
    Row("plans:indicators", "", "", "GET", STEERING),
    Row("plans:area", "school", SCHOOL, "GET", STEERING),
    Row("plans:area", "commune", COMMUNE, "GET", STEERING),
    Row("plans:area", "other_school", OTHER_SCHOOL, "GET", WHOLE),
    Row("plans:plans", "", "", "GET", STEERING),
    Row("plans:matrix", "", "", "GET", STEERING),
    Row("plans:plan", "=ke-hoach", PROVINCE, "GET", STEERING),
    Row("plans:tasks", "=ke-hoach", PROVINCE, "GET", STEERING),
    Row("plans:indicator", "=ke-hoach =1", PROVINCE, "GET", STEERING),
    Row("plans:settle", "=ke-hoach doubt", PROVINCE, "POST", WIDE),
    Row("plans:reporting", "", "", "GET POST", REPORTERS),
    Row("plans:report_one", "=ke-hoach =1", PROVINCE, "GET POST", REPORTERS),
    Row("plans:report_one", "=phai-bao =B1", COMMUNE, "GET POST", frozenset({"commune_officer"})),
    Row("plans:review", "", "", "GET POST", WIDE),
    Row("plans:missing", "=phai-bao =B1", PROVINCE, "GET", WIDE),
    Row("plans:value", "waiting_value", COMMUNE, "GET", WIDE | {"commune_officer"}),
    Row("plans:value", "accepted_value", COMMUNE, "GET", WIDE | {"commune_officer"}),
    Row("plans:value", "other_value", OTHER_COMMUNE, "GET", WIDE),
]
