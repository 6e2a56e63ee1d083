"""The mail server that takes our mail; without one, nothing is mailed."""

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
