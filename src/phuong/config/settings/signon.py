"""Sign-on: second factors, sessions, this house as an OpenID provider, VNeID as one above it (django-allauth)."""

import datetime as dt
import os

ACCOUNT_ADAPTER = "phuong.identity.backend.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]  # nobody signs up: accounts come from the registry
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900  # seconds after which a sensitive act asks for a proof again
ACCOUNT_RATE_LIMITS = {  # never by address: a whole school comes from one
    "login": "60/m/key",
    "login_failed": "10/15m/key",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
}
ACCOUNT_FORMS = {"reauthenticate": "phuong.identity.forms.PasswordAgain"}
MFA_FORMS = {
    "authenticate": "phuong.identity.forms.SecondFactor",
    "reauthenticate": "phuong.identity.forms.CodeAgain",
    "activate_totp": "phuong.identity.forms.NewTotp",
    "add_webauthn": "phuong.identity.forms.NewPasskey",
    "login_webauthn": "phuong.identity.forms.PasskeySignIn",
    "reauthenticate_webauthn": "phuong.identity.forms.PasskeyAgain",
    "edit_webauthn": "phuong.identity.forms.PasskeyName",
}
MFA_RATE_LIMITS = {"webauthn_login": "600/m/ip"}
MFA_ADAPTER = "phuong.identity.backend.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TRUST_ENABLED = True
MFA_TRUST_COOKIE_AGE = dt.timedelta(days=14)
MFA_TOTP_ISSUER = "Phượng"
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = (
    os.environ.get("PHUONG_HTTPS") != "1"
)  # browsers trust plain http on localhost only
PHUONG_MFA = os.environ.get("PHUONG_MFA", "required")  # required for roles that see more than one school; or offered
USERSESSIONS_TRACK_ACTIVITY = False
SOCIALACCOUNT_ADAPTER = "phuong.identity.backend.UpstreamAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = False
SOCIALACCOUNT_AUTO_SIGNUP = SOCIALACCOUNT_STORE_TOKENS = False
PHUONG_VNEID = {  # without issuer and client id nobody is offered VNeID
    name.lower(): os.environ.get(f"PHUONG_VNEID_{name}", "")
    for name in ("ISSUER", "CLIENT_ID", "SECRET", "PROFILE", "PAGES")
}
IDP_OIDC_ADAPTER = "phuong.signon.backend.ProviderAdapter"

IDP_OIDC_ACCESS_TOKEN_EXPIRES_IN = 600
IDP_OIDC_ID_TOKEN_EXPIRES_IN = 600
IDP_OIDC_REFRESH_TOKEN_EXPIRES_IN = 12 * 3600
IDP_OIDC_ROTATE_REFRESH_TOKEN = True
IDP_OIDC_AUTHORIZATION_CODE_EXPIRES_IN = 60
IDP_OIDC_RP_INITIATED_LOGOUT_ASKS_FOR_OP_LOGOUT = False
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "kernel_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
