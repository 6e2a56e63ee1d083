"""Reports: drafted, approved, sent, collected."""

from tests.access.roles import ABOVE, AT_SCHOOL, GIVERS, NONE, OFFICER, PRINCIPAL, READERS, WHOLE
from tests.access.row import COMMUNE, OTHER_COMMUNE, OTHER_SCHOOL, SCHOOL, Row

OFFICIALS = frozenset({"commune_officer"})
ROWS = [
    Row("reports:reports", "", "", "GET", READERS),
    Row("reports:reports", "", "", "POST", AT_SCHOOL | OFFICIALS | OFFICER, body="kind=monthly&day=23/11/2026"),
    Row("reports:owed", "", "", "GET", READERS),
    Row("reports:remind", "", "", "POST", GIVERS),
    Row("reports:report", "report", SCHOOL, "GET", READERS),
    Row("reports:report", "report", SCHOOL, "POST", AT_SCHOOL, body="results=x"),
    Row("reports:report", "other_report", OTHER_SCHOOL, "GET", WHOLE),
    Row("reports:report", "other_report", OTHER_SCHOOL, "POST", NONE, body="results=x"),
    Row("reports:paper", "report =pdf", SCHOOL, "GET", READERS),
    Row("reports:paper", "other_report =docx", OTHER_SCHOOL, "GET", WHOLE),
    Row("reports:step", "report =submit", SCHOOL, "POST", AT_SCHOOL),
    Row("reports:step", "submitted_report =approve", SCHOOL, "POST", PRINCIPAL),
    Row("reports:step", "commune_report =submit", COMMUNE, "POST", OFFICIALS),
    Row("reports:step", "other_report =submit", OTHER_SCHOOL, "POST", NONE),
    Row("reports:correct", "sent_report", SCHOOL, "POST", AT_SCHOOL),
    Row("reports:correct", "other_sent_report", OTHER_SCHOOL, "POST", NONE),
    Row("reports:collected", "?printed", SCHOOL, "GET", READERS),
    Row("reports:collected", "?other_printed", OTHER_SCHOOL, "GET", WHOLE),
    Row("reports:run", "run", COMMUNE, "GET", ABOVE),
    Row("reports:run", "other_run", OTHER_COMMUNE, "GET", WHOLE),
    Row("reports:stop", "run", COMMUNE, "POST", OFFICER | OFFICIALS),
    Row("reports:stop", "other_run", OTHER_COMMUNE, "POST", OFFICER),
    Row("reports:again", "run", COMMUNE, "POST", OFFICER | OFFICIALS),
    Row("reports:again", "other_run", OTHER_COMMUNE, "POST", OFFICER),
]
