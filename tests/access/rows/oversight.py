"""Roles given and ended, emergencies, support let in, caps of exports."""

from tests.access.roles import AT_SCHOOL, EXPORTS, NONE, ROLE_KEEPERS, WIDE
from tests.access.row import COMMUNE, OTHER_COMMUNE, OTHER_SCHOOL, PROVINCE, SCHOOL, Row

FROM_PROVINCE = frozenset({"department_leader", "division_officer", "system_operator"})
GLASS = WIDE | {"division_head", "system_operator"}
SUPPORT = frozenset({"support"})
ROWS = [
    Row("oversight:roles", "", "", "GET", ROLE_KEEPERS),
    Row("oversight:roles", "?unit_code", SCHOOL, "GET", ROLE_KEEPERS),
    Row("oversight:roles", "?other_unit_code", OTHER_SCHOOL, "GET", FROM_PROVINCE),
    Row("oversight:give", "", "", "GET POST", ROLE_KEEPERS),
    Row("oversight:give", "?other_unit_code", OTHER_SCHOOL, "GET POST", FROM_PROVINCE),
    Row("oversight:end", "role_of_teacher", SCHOOL, "GET POST", ROLE_KEEPERS),
    Row("oversight:end", "role_across", OTHER_SCHOOL, "GET POST", FROM_PROVINCE),
    Row("oversight:requests", "", "", "GET", ROLE_KEEPERS),
    Row(
        "oversight:decide",
        "role_request =tu-choi",
        COMMUNE,
        "POST",
        FROM_PROVINCE | {"commune_leader", "commune_officer"},
    ),
    Row("oversight:decide", "other_role_request =tu-choi", OTHER_COMMUNE, "POST", FROM_PROVINCE),
    Row("oversight:review", "", "", "GET POST", ROLE_KEEPERS),
    Row("oversight:review", "?other_unit_code", OTHER_SCHOOL, "GET POST", FROM_PROVINCE),
    Row("oversight:emergency", "", "", "GET", GLASS),
    Row("oversight:emergency", "", "", "POST", GLASS - {"department_leader"}),
    Row("oversight:decide_emergency", "emergency_use =da-xem", PROVINCE, "POST", WIDE),
    Row("oversight:support", "", "", "GET POST", SUPPORT),
    Row("oversight:school_access", "", "", "GET", AT_SCHOOL),
    Row("oversight:seen", "support_asked", SCHOOL, "GET", AT_SCHOOL),
    Row("oversight:seen", "support_across", OTHER_SCHOOL, "GET", NONE),
    Row("oversight:answer", "support_asked =duyet", SCHOOL, "POST", AT_SCHOOL),
    Row("oversight:answer", "support_across =duyet", OTHER_SCHOOL, "POST", NONE),
    Row("oversight:exports", "", "", "GET", EXPORTS),
    Row("oversight:cap", "", "", "POST", EXPORTS),
    Row("oversight:reopen", "export_stop", SCHOOL, "POST", EXPORTS, body="because=x"),
]
