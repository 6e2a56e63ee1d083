"""The offices that take the sector's data: the city's warehouse and operations centre, the Ministry's database.

Certificates are those of the LGSP gateway unless an office has its own.
"""

import os
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from phuong.config.settings.lgsp import PHUONG_LGSP

_PAPERS = ("cert", "key", "ca", "answers")
_ROWS, _SECONDS = "5000", "60"


def _office(name: str) -> dict[str, Any]:
    told = {each: os.environ.get(f"PHUONG_SHARING_{name}_{each.upper()}", "") for each in ("url", *_PAPERS)}
    if urlsplit(told["url"]).scheme not in ("", "https"):
        raise ImproperlyConfigured(f"PHUONG_SHARING_{name}_URL: https://host")
    return {"url": told["url"].rstrip("/"), **{each: told[each] or PHUONG_LGSP[each] for each in _PAPERS}}


PHUONG_SHARING: dict[str, Any] = {
    "offices": {name.lower(): _office(name) for name in ("CITY", "IOC", "MINISTRY")},
    "batch": int(os.environ.get("PHUONG_SHARING_BATCH", _ROWS)),
    "timeout": int(os.environ.get("PHUONG_SHARING_TIMEOUT", _SECONDS)),
}
if PHUONG_SHARING["batch"] < 1 or PHUONG_SHARING["timeout"] < 1:
    raise ImproperlyConfigured("PHUONG_SHARING_BATCH, PHUONG_SHARING_TIMEOUT: above 0")
