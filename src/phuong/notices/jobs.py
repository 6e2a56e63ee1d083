"""E-mail: every ten minutes what is due is made into mails, and the mails whose time has come go to the mail server."""

import datetime as dt
import smtplib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby, islice
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.urls import reverse, translate_url
from django.utils import timezone, translation
from django.utils.translation import get_language_from_path, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from phuong.kernel.contributions import contributions
from phuong.kernel.jobs import JobKind, Progress
from phuong.kernel.scope import SYSTEM, acting
from phuong.notices.actions import claim_mails, leave_unsure, make_mails, note_outcomes
from phuong.notices.models import Mail, MailState, Notice
from phuong.notices.queries import mail_lacks, mails_to_send, notices_of
from phuong.notices.rules import DIGEST, MOST_LINES, NONE, NoticeKind, Wishes, is_quiet, next_try

log = structlog.get_logger()
EVERY_MINUTES = 10
IN_HAND = 25  # so many mails are unsure when a worker is killed
FORGOTTEN_AFTER = dt.timedelta(hours=1)  # longer than a slow server needs for the mails in hand
MOST_REASON = 300


def send_mail(progress: Progress) -> Mapping[str, Any]:
    """Make the mails that are due, send those whose time has come; gives how many came to what, or why none went."""
    if lacking := mail_lacks():
        return {"off": lacking}
    moment = timezone.localtime()
    with acting(SYSTEM):
        tally = Counter(unsure=leave_unsure(before=moment - FORGOTTEN_AFTER), made=make_mails(moment))
        waiting = [key for key, wishes in mails_to_send(moment) if not is_quiet(moment.time(), wishes)]
    problem = _send_all(waiting, tally, progress) if waiting else ""
    if problem:
        log.warning("mail.server", problem=problem)
        progress.step(tally["sent"], len(waiting), _("Máy chủ thư không nhận: %s") % problem)
    return {**tally, "problem": problem}


def _send_all(waiting: Sequence[UUID], tally: Counter[str], progress: Progress) -> str:
    """Send over one connection; gives what the server said when it would not, the rest then waits for the next time."""
    server = get_connection("django.core.mail.backends.smtp.EmailBackend")
    keys, done = iter(waiting), 0
    try:
        server.open()
        while hand := list(islice(keys, IN_HAND)):
            progress.step(done, len(waiting))
            _send_some(server, hand, tally)
            done += len(hand)
    except OSError as gone:  # smtplib's own errors are among them
        return _words(gone)
    finally:
        server.close()
    return ""


def _send_some(server: Any, keys: Sequence[UUID], tally: Counter[str]) -> None:
    """Take mails in hand, send them, keep what became of each; those not reached wait again.

    :raises OSError: the server is gone
    """
    with acting(SYSTEM):
        mails = claim_mails(keys, at=timezone.now())
        told = notices_of(mails)
    for mail in mails:
        mail.state = MailState.WAITING
    try:
        for mail in mails:
            _send_one(server, mail, told.get(mail.pk, []))
            tally[mail.state] += 1
    finally:
        with acting(SYSTEM):
            note_outcomes(mails)


def _send_one(server: Any, mail: Mail, notices: list[Notice]) -> None:
    """Send one mail and set on it what came of it.

    :raises OSError: the server is gone
    """
    wishes = mail.account.preference.wishes if hasattr(mail.account, "preference") else Wishes()
    if not notices or not mail.account.email or not mail.account.is_active or wishes.cadence == NONE:
        mail.state = MailState.NEEDLESS
        return
    letter = _letter(mail, notices, wishes.language)
    try:
        _note(mail, wishes, _deliver(server, letter))
    except smtplib.SMTPSenderRefused:
        raise
    except OSError as gone:  # counted, so that a mail at which the server breaks off cannot hold up all others for ever
        _note(mail, wishes, _words(gone))
        raise


def _note(mail: Mail, wishes: Wishes, refusal: str) -> None:
    """Set on a mail what the server answered: taken (empty), or refused and then tried again, up to a limit."""
    now, mail.attempts, mail.reason = timezone.localtime(), mail.attempts + 1, refusal[:MOST_REASON]
    if not refusal:
        mail.state, mail.sent_at = MailState.SENT, now
    elif again := next_try(now, mail.attempts, wishes):
        mail.state, mail.next_try_at = MailState.WAITING, again
    else:
        mail.state = MailState.FAILED


def _deliver(server: Any, letter: EmailMessage) -> str:
    """Hand one mail to the server; gives its refusal, empty when it took the mail.

    :raises OSError: the server is gone, or takes nothing from this sender
    """
    try:
        server.send_messages([letter])
    except (smtplib.SMTPSenderRefused, smtplib.SMTPServerDisconnected):
        raise
    except (smtplib.SMTPException, ValueError) as refused:  # ValueError: an address that no mail can carry
        return _words(refused)
    return ""


def _words(error: Exception) -> str:
    """Write an error of the mail server as its code and text."""
    answer: tuple[int, bytes | str]
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        answer = next(iter(error.recipients.values()))
    elif isinstance(error, smtplib.SMTPResponseException):
        answer = error.smtp_code, error.smtp_error
    else:
        return str(error) or type(error).__name__
    code, text = answer
    return f"{code} {text.decode('utf-8', 'replace') if isinstance(text, bytes) else text}"


def _letter(mail: Mail, notices: list[Notice], language: str) -> EmailMessage:
    """Write a mail in the language of its reader; its Message-ID is that of the mail, whenever it is tried again."""
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip("> ")
    with translation.override(language):
        return EmailMessage(
            subject=_subject(mail, notices),
            body=_body(notices, language),
            to=[mail.account.email],
            headers={"Message-ID": f"<{mail.pk}@{host}>", "Auto-Submitted": "auto-generated"},
        )


def _subject(mail: Mail, notices: list[Notice]) -> str:
    if mail.kind != DIGEST and len(notices) == 1:
        return _line(notices[0].title)
    count = len(notices)
    return ngettext("Phượng: %(n)d thông báo chưa đọc", "Phượng: %(n)d thông báo chưa đọc", count) % {"n": count}


def _body(notices: list[Notice], language: str) -> str:
    """Write what is told, grouped by kind with the urgent ones first, and where to change the wishes."""
    ordered = sorted(notices, key=_rank)
    shown, more = ordered[:MOST_LINES], len(notices) - MOST_LINES
    parts = [_group(title, list(group), language) for (_late, title), group in groupby(shown, _rank)]
    if more > 0:
        words = ngettext("và %(n)d việc khác", "và %(n)d việc khác", more) % {"n": more}
        parts.append(f"{words}: {_absolute(reverse('notices:notices'))}")
    parts.append(_("Đổi giờ nhận thư hoặc thôi nhận: %s") % _absolute(reverse("notices:wishes")))
    return "\n\n".join(parts) + "\n"


def _group(title: str, notices: Iterable[Notice], language: str) -> str:
    lines = [title.upper()]
    for notice in notices:
        words = [_line(notice.title), _line(notice.detail), _absolute(_place(notice.url, language))]
        lines.append("- " + "\n  ".join(word for word in words if word))
    return "\n".join(lines)


def _place(address: str, language: str) -> str:
    """Give the address of a page of ours in the reader's language; of the list of notices for any other address."""
    if not address.startswith("/") or address.startswith("//"):
        return reverse("notices:notices")
    with translation.override(get_language_from_path(address) or settings.LANGUAGE_CODE):
        return translate_url(address, language)


def _kind_of(notice: Notice) -> NoticeKind:
    """Give the contributed kind of a notice: of those whose code it begins with, the longest."""
    fitting = [kind for kind in contributions(NoticeKind) if notice.kind.startswith(kind.code)]
    return max(fitting, key=lambda kind: len(kind.code), default=NoticeKind("", _("Thông báo khác")))


def _rank(notice: Notice) -> tuple[bool, str]:
    kind = _kind_of(notice)
    return (not kind.urgent, str(kind.title))


def _line(text: str) -> str:
    return " ".join(text.split())


def _absolute(address: str) -> str:
    return f"{settings.PHUONG_SITE_URL}{address}"


MAIL = JobKind("notices.mail", gettext_lazy("Gửi thư báo"), send_mail, every=EVERY_MINUTES)
