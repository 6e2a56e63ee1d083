"""The folder of one installation (``PHUONG_HOME``): data, secrets, logs."""

import json
import os
import secrets
from pathlib import Path


def home() -> Path:
    """Give the folder of this installation; by default ``.phuong`` in the current directory."""
    return Path(os.environ.get("PHUONG_HOME") or ".phuong").resolve()


def secret(name: str) -> str:
    """Give a secret of this installation, made on first use and kept readable by its owner alone."""
    kept = _kept()
    if name not in kept:
        kept[name] = secrets.token_urlsafe(32)
        _write(kept)
    return kept[name]


def _file() -> Path:
    return home() / "secrets.json"


def _kept() -> dict[str, str]:
    return dict(json.loads(_file().read_text())) if _file().exists() else {}


def _write(kept: dict[str, str]) -> None:
    _file().parent.mkdir(parents=True, exist_ok=True)
    fresh = _file().with_suffix(".new")
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps(kept, indent=1))
    fresh.replace(_file())
