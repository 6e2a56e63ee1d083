"""Pages and interfaces that ask for no session; what they answer depends on a key, a code or a token shown."""

from tests.access.roles import NONE, WORLD
from tests.access.row import Row

ROWS = [
    Row("healthz", "", "", "GET", WORLD),
    Row("readyz", "", "", "GET", WORLD),
    Row("metrics", "", "", "GET", WORLD),  # from the machine itself; others show the operator's token
    Row("ui:gallery", "", "", "GET", WORLD),
    Row("ui:theme", "", "", "POST", WORLD),
    Row("gateway:guide", "", "", "GET", WORLD),
    Row("gateway:document", "", "", "GET", WORLD),
    Row("gateway:feed", "", "", "GET", NONE),  # a client shows its key; tests/test_access_calls.py asks its double
    Row("opendata:opened", "", "", "GET", WORLD),
    Row("opendata:catalog", "", "", "GET", WORLD),
    Row("opendata:dataset", "+open_dataset =31 =truong-hoc", "", "GET", WORLD),
    Row("opendata:file", "+open_dataset =31 =truong-hoc", "", "GET", WORLD),
    Row("opendata:schema", "+open_dataset =31 =truong-hoc", "", "GET", WORLD),
    Row("identity:sign_in", "", "", "GET POST", WORLD),
    Row("account_login", "", "", "GET POST", WORLD),
    Row("mfa_authenticate", "", "", "GET POST", WORLD),  # leads to the sign-in page unless a sign-in is under way
    Row("mfa_trust", "", "", "GET POST", WORLD),
    Row("mfa_login_webauthn", "", "", "GET POST", WORLD),
    Row("openid_connect_login", "", "", "POST", NONE),  # not there where VNeID is not set up
    Row("openid_connect_callback", "", "", "GET", NONE),
    Row("onboarding:name", "", "", "GET POST", WORLD),
    Row("onboarding:code", "", "", "GET POST", WORLD),  # leads to the first question
    Row("onboarding:password", "", "", "GET POST", WORLD),
    Row("onboarding:link", "=x", "", "GET", NONE),  # the token is the proof
    Row("idp:oidc:configuration", "", "", "GET", WORLD),
    Row("idp:oidc:jwks", "", "", "GET", WORLD),
    Row("idp:oidc:authorization", "", "", "GET POST", WORLD),  # names a registered site, or is told what is wrong
    Row("idp:oidc:token", "", "", "POST", WORLD),  # a site shows its secret, else it is told what is missing
    Row("idp:oidc:userinfo", "", "", "GET POST", NONE),  # a site shows a token
    Row("idp:oidc:revoke", "", "", "POST", WORLD),
    Row("idp:oidc:logout", "", "", "GET POST", WORLD),
    Row("scim:v2", "=Users", "", "GET POST", NONE),  # a system shows its key
    Row("scim:v2", "=Users/x", "", "GET PUT PATCH DELETE", NONE),
]
