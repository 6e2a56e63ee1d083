"""The two gateways that carry messages out: short messages over HTTP, e-mail over SMTP."""

import json
import smtplib
import urllib.error
import urllib.request

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from phuong.onboarding.errors import NotReachable

SMS, EMAIL = "sms", "email"
CHANNELS = (SMS, EMAIL)
_SECONDS = 20


def check_channel(channel: str) -> None:
    """Make sure that a gateway is set up.

    :raises NotReachable: it is not
    """
    ready = settings.PHUONG_SMS_URL if channel == SMS else settings.EMAIL_HOST and settings.DEFAULT_FROM_EMAIL
    if not ready:
        raise NotReachable


def send(channel: str, *, to: str, subject: str, text: str) -> str:
    """Send one message; gives why it did not go, empty when it went."""
    return _sms(to, text) if channel == SMS else _email(to, subject, text)


def _sms(to: str, text: str) -> str:
    request = urllib.request.Request(  # noqa: S310 - the address is the operator's
        settings.PHUONG_SMS_URL.rstrip("/") + "/send",
        data=json.dumps({"to": to, "text": text}).encode(),
        headers={"Content-Type": "application/json", "X-API-Key": settings.PHUONG_SMS_KEY},
    )
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310
            answer.read()
    except urllib.error.HTTPError as error:
        return f"HTTP {error.code}"
    except OSError as error:
        return type(error).__name__
    return ""


def _email(to: str, subject: str, text: str) -> str:
    server = get_connection("django.core.mail.backends.smtp.EmailBackend")
    try:
        EmailMessage(subject, text, settings.DEFAULT_FROM_EMAIL, [to], connection=server).send()
    except smtplib.SMTPException as error:
        return f"SMTP {getattr(error, 'smtp_code', type(error).__name__)}"
    except OSError as error:
        return type(error).__name__
    return ""
