"""How families and staff come to their accounts: letters, messages, claims of children."""

from tests.access.roles import KEEPERS, NONE, OFFICER
from tests.access.row import CHILD, OTHER_SCHOOL, SCHOOL, STRANGER, Row

ROWS = [
    Row("onboarding:claim", "", "", "GET POST", frozenset({"guardian"})),
    Row("onboarding:own", "", "", "GET", KEEPERS),
    Row("onboarding:school", "school", SCHOOL, "GET", KEEPERS),
    Row("onboarding:school", "other_school", OTHER_SCHOOL, "GET", OFFICER),
    Row("onboarding:letters", "group", SCHOOL, "POST", KEEPERS),
    Row("onboarding:letters", "other_group", OTHER_SCHOOL, "POST", OFFICER),
    Row("onboarding:staff_letters", "school", SCHOOL, "POST", KEEPERS),
    Row("onboarding:staff_letters", "other_school", OTHER_SCHOOL, "POST", OFFICER),
    Row("onboarding:send", "group", SCHOOL, "POST", KEEPERS),
    Row("onboarding:send", "other_group", OTHER_SCHOOL, "POST", OFFICER),
    Row("onboarding:revoke", "group", SCHOOL, "POST", KEEPERS),
    Row("onboarding:revoke", "other_group", OTHER_SCHOOL, "POST", OFFICER),
    Row("onboarding:renew", "school", SCHOOL, "GET", KEEPERS),
    Row("onboarding:renew", "other_school", OTHER_SCHOOL, "GET", OFFICER),
    Row("onboarding:renew_one", "school an", CHILD, "POST", KEEPERS),
    Row("onboarding:renew_one", "school stranger", STRANGER, "POST", NONE),
    Row("onboarding:renew_class", "group", SCHOOL, "POST", KEEPERS, body="whom=learners"),
    Row("onboarding:renew_class", "other_group", OTHER_SCHOOL, "POST", OFFICER, body="whom=learners"),
    Row("onboarding:file", "letters", SCHOOL, "GET", KEEPERS),
    Row("onboarding:file", "other_letters", OTHER_SCHOOL, "GET", OFFICER),
    Row("onboarding:decide", "claim", CHILD, "POST", KEEPERS),
    Row("onboarding:decide", "other_claim", STRANGER, "POST", OFFICER),
]
