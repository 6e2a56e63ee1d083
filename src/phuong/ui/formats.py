"""How numbers, money and days are written for people, in Vietnamese and in English."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from phuong.kernel.language import is_english

WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
NEAR_DAYS = 7
NBSP = "\u00a0"


def number(value: object, places: int | None = None) -> str:
    """Write a number: 1.234,5 in Vietnamese, 1,234.5 in English; nothing for nothing.

    ``places``: decimals to show; without it a whole number has none and any other has one. Rounded half up.
    """
    amount = _decimal(value)
    if amount is None:
        return ""
    if places is None:
        places = 0 if isinstance(value, int) else 1
    rounded = amount.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    text = f"{rounded:,.{places}f}".replace("-", "\u2212")
    return text if is_english() else text.translate(str.maketrans(",.", ".,"))


def percent(value: object, places: int | None = None) -> str:
    """Write a value that already counts in hundredths: 46.3 becomes 46,3%."""
    text = number(value, places)
    return f"{text}%" if text else ""


def money(value: object) -> str:
    """Write an amount of đồng: 1.240.000 đ."""
    text = number(value, 0)
    return f"{text}{NBSP}đ" if text else ""


def day(value: dt.date | None, *, today: dt.date | None = None) -> str:
    """Write a day: 23/11/2026, or with its weekday when it is less than a week away."""
    on = _date(value)
    if on is None:
        return ""
    near = abs((on - (today or timezone.localdate())).days) < NEAR_DAYS
    if is_english():
        return date_format(on, "l j M" if near else "j M Y", use_l10n=False)
    return f"{WEEKDAYS[on.weekday()]} {on.day}/{on.month}" if near else f"{on.day:02}/{on.month:02}/{on.year}"


def moment(value: dt.datetime | None) -> str:
    """Write an instant in local time: 19:42, 23/11/2026."""
    if value is None:
        return ""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    on = date_format(local, "j M Y", use_l10n=False) if is_english() else f"{local:%d/%m/%Y}"
    return f"{local.hour}:{local:%M}, {on}"


def ago(value: dt.datetime | None, *, now: dt.datetime | None = None) -> str:
    """Say how long ago something happened; a week or more ago it is written as a day."""
    if value is None:
        return ""
    now = now or timezone.now()
    minutes = int((now - value).total_seconds() // 60)
    if minutes < 1:
        return gettext("vừa xong")
    if minutes < 60:
        return ngettext("%(n)d phút trước", "%(n)d phút trước", minutes) % {"n": minutes}
    hours = minutes // 60
    if hours < 24:
        return ngettext("%(n)d giờ trước", "%(n)d giờ trước", hours) % {"n": hours}
    days = hours // 24
    if days < NEAR_DAYS:
        return ngettext("%(n)d ngày trước", "%(n)d ngày trước", days) % {"n": days}
    return day(_date(value), today=_date(now))


def due(value: dt.date | None, *, today: dt.date | None = None) -> str:
    """Say how much time a deadline leaves: còn 7 ngày, hạn hôm nay, chậm 3 ngày."""
    on = _date(value)
    if on is None:
        return ""
    left = (on - (today or timezone.localdate())).days
    if left == 0:
        return gettext("hạn hôm nay")
    if left > 0:
        return ngettext("còn %(n)d ngày", "còn %(n)d ngày", left) % {"n": left}
    return ngettext("chậm %(n)d ngày", "chậm %(n)d ngày", -left) % {"n": -left}


def _decimal(value: object) -> Decimal | None:
    if value is None or value == "":
        return None
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None


def _date(value: dt.date | None) -> dt.date | None:
    if isinstance(value, dt.datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value if isinstance(value, dt.date) else None
