"""The mail server that takes our mail, and the mail suite that keeps the mailboxes of staff; without one, it is off."""

import os
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

_PORTS = {"": 0, "smtp": 25, "smtp+starttls": 587, "smtps": 465}
_server = urlsplit(os.environ.get("PHUONG_SMTP", ""))
if _server.scheme not in _PORTS or bool(_server.scheme) != bool(_server.hostname):
    raise ImproperlyConfigured("PHUONG_SMTP: smtp://, smtp+starttls:// or smtps://, then [name:password@]host[:port]")
EMAIL_HOST = _server.hostname or ""
EMAIL_PORT = _server.port or _PORTS[_server.scheme]
EMAIL_HOST_USER = unquote(_server.username or "")
EMAIL_HOST_PASSWORD = unquote(_server.password or "")
EMAIL_USE_TLS = _server.scheme == "smtp+starttls"
EMAIL_USE_SSL = _server.scheme == "smtps"
EMAIL_TIMEOUT = 60  # a slow server that accepted a mail must not look as if it had not
EMAIL_USE_LOCALTIME = True
DEFAULT_FROM_EMAIL = os.environ.get("PHUONG_MAIL_FROM", "")
PHUONG_SITE_URL = os.environ.get("PHUONG_SITE_URL", "").rstrip("/")
MAILSUITE_URL = os.environ.get("PHUONG_MAILSUITE_URL", "").rstrip("/")  # SCIM 2.0, as https://host/scim/v2
MAILSUITE_KEY = os.environ.get("PHUONG_MAILSUITE_KEY", "")
MAILSUITE_RATE = float(os.environ.get("PHUONG_MAILSUITE_RATE", "20"))  # calls a second, at most
if MAILSUITE_URL and (urlsplit(MAILSUITE_URL).scheme not in ("http", "https") or MAILSUITE_RATE <= 0):
    raise ImproperlyConfigured("PHUONG_MAILSUITE_URL: https://host/scim/v2; PHUONG_MAILSUITE_RATE: above 0")
