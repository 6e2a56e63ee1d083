"""The city's gateway (LGSP) to the population database; without one nobody is asked about."""

import os
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

_told = {name: os.environ.get(f"PHUONG_LGSP_{name.upper()}", "") for name in ("url", "cert", "key", "ca", "answers")}
_numbers = {"batch": "1000", "per_minute": "60", "per_day": "200000", "timeout": "30"}
PHUONG_LGSP: dict[str, Any] = {
    **_told,
    "url": _told["url"].rstrip("/"),
    **{name: int(os.environ.get(f"PHUONG_LGSP_{name.upper()}", usual)) for name, usual in _numbers.items()},
}
if urlsplit(_told["url"]).scheme not in ("", "https") or not all(PHUONG_LGSP[name] > 0 for name in _numbers):
    raise ImproperlyConfigured(
        "PHUONG_LGSP_URL: https://host; PHUONG_LGSP_BATCH, _PER_MINUTE, _PER_DAY, _TIMEOUT above 0"
    )
