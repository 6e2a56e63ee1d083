"""Systems that call us, sites people sign in to, systems that keep accounts here, mailboxes, data that is shared."""

from tests.access.roles import CLIENTS, MAILBOXES, NONE, PRINCIPAL, RUNNERS
from tests.access.row import OTHER_PROVINCE, OTHER_SCHOOL, PROVINCE, SCHOOL, Row

ABOVE = CLIENTS - PRINCIPAL
ROWS = [
    Row("gateway:clients", "", "", "GET", CLIENTS),
    Row("gateway:new_client", "", "", "GET POST", CLIENTS),
    Row("gateway:client", "client", SCHOOL, "GET POST", CLIENTS),
    Row("gateway:client", "other_client", OTHER_SCHOOL, "GET POST", ABOVE),
    Row("gateway:rotate", "client", SCHOOL, "GET POST", CLIENTS),
    Row("gateway:rotate", "other_client", OTHER_SCHOOL, "GET POST", ABOVE),
    Row("gateway:end", "client", SCHOOL, "GET POST", CLIENTS),
    Row("gateway:end", "other_client", OTHER_SCHOOL, "GET POST", ABOVE),
    Row("gateway:approve", "client", SCHOOL, "POST", CLIENTS),
    Row("gateway:approve", "other_client", OTHER_SCHOOL, "POST", ABOVE),
    Row("gateway:review", "client", SCHOOL, "POST", CLIENTS),
    Row("gateway:review", "other_client", OTHER_SCHOOL, "POST", ABOVE),
    Row("signon:sites", "", "", "GET", CLIENTS),
    Row("signon:register", "", "", "GET POST", CLIENTS),
    Row("signon:site", "school_site", SCHOOL, "GET", CLIENTS),
    Row("signon:site", "other_site", OTHER_SCHOOL, "GET", ABOVE),
    Row("signon:site", "site", PROVINCE, "GET", ABOVE),
    Row("signon:act", "school_site =giu", SCHOOL, "POST", CLIENTS),
    Row("signon:act", "other_site =giu", OTHER_SCHOOL, "POST", ABOVE),
    Row("signon:act", "site =dung", PROVINCE, "POST", ABOVE),
    Row("provisioning:systems", "", "", "GET", CLIENTS),
    Row("provisioning:new_system", "", "", "GET POST", CLIENTS),
    Row("provisioning:system", "system", SCHOOL, "GET", CLIENTS),
    Row("provisioning:system", "other_system", OTHER_SCHOOL, "GET", ABOVE),
    Row("provisioning:act", "system =doi-khoa", SCHOOL, "GET POST", CLIENTS),
    Row("provisioning:act", "other_system =ngung", OTHER_SCHOOL, "GET POST", ABOVE),
    Row("sharing:services", "", "", "GET", RUNNERS),
    Row("sharing:by_key", "data_service", PROVINCE, "GET", RUNNERS),
    Row("sharing:by_key", "data_service_elsewhere", OTHER_PROVINCE, "GET", NONE),
    Row("sharing:service", "=city.schools", PROVINCE, "GET", RUNNERS),
    Row("sharing:agree", "=city.schools", PROVINCE, "GET POST", RUNNERS),
    Row("sharing:act", "=city.schools =gui", PROVINCE, "GET POST", RUNNERS),
    Row("sharing:act", "+data_service =city.schools =tam-dung", PROVINCE, "GET POST", RUNNERS),
    Row("provisioning:mailboxes", "", "", "GET", MAILBOXES),
    Row("provisioning:domain", "mail_domain", PROVINCE, "GET", MAILBOXES),
    Row("provisioning:mailboxes_act", "mail_domain =gui-lai", PROVINCE, "POST", MAILBOXES),
]
