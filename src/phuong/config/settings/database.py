"""PostgreSQL, reached by three roles: app (scoped), owner (migrations), batch (named exports and snapshots)."""

import os
from typing import Any
from urllib.parse import unquote, urlsplit


def _connection(url: str, **options: Any) -> dict[str, Any]:
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 0,
        "TIME_ZONE": "Asia/Ho_Chi_Minh",  # «today» of a measure is the day where the schools are
        "OPTIONS": {"prepare_threshold": 5, **options},  # of ``phuong.kernel.prepared``; nothing else prepares
    }


_app = os.environ.get("DATABASE_URL", "")
_pool = {"min_size": 1, "max_size": int(os.environ.get("PHUONG_POOL", "8")), "timeout": 10}
_pooled: dict[str, Any] = {"pool": _pool} if os.environ.get("PHUONG_POOL") else {}
DATABASES = {
    "default": _connection(_app, **_pooled),
    "owner": _connection(os.environ.get("DATABASE_URL_OWNER", _app)),
    "batch": _connection(os.environ.get("DATABASE_URL_BATCH", _app)),
}
