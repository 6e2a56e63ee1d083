"""Secrets, cookies, headers, logs."""

import os
from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from phuong.config.home import home, secret

DEBUG = os.environ.get("PHUONG_DEBUG") == "1"
SECRET_KEY = os.environ.get("PHUONG_SECRET_KEY") or secret("secret_key")
ALLOWED_HOSTS = os.environ.get("PHUONG_HOSTS", "127.0.0.1,localhost,[::1],testserver").split(",")
_SECURE = os.environ.get("PHUONG_HTTPS") == "1"
SESSION_ENGINE = "phuong.identity.sessions"
SESSION_COOKIE_NAME = "phuong"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if _SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _SECURE
SECURE_SSL_REDIRECT = _SECURE
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _SECURE else None
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "phuong.ui.answers.csrf_failure"
_SIGN_IN_AT = [  # forms that end there: VNeID, and its pages where they stand elsewhere
    f"{place.scheme}://{place.netloc}"
    for place in (urlsplit(os.environ.get(f"PHUONG_VNEID_{name}", "")) for name in ("ISSUER", "PAGES"))
    if place.scheme in ("https", "http") and place.netloc
]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF, *_SIGN_IN_AT],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "phuong.signon.backend.RandomSecretHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PHUONG_HOME = home()
PHUONG_AUDIT_KEY = os.environ.get("PHUONG_AUDIT_KEY") or secret("audit_key")
PHUONG_FIELD_KEY = os.environ.get("PHUONG_FIELD_KEY") or secret("field_key")
LOGGING_CONFIG = "phuong.kernel.watch.configure"
LOGGING = {"level": "DEBUG" if DEBUG else "INFO"}
SILENCED_SYSTEM_CHECKS: list[str] = []
