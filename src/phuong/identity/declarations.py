"""How the provider of national identities answers: shipped as assumed, replaced by what it tells on joining."""

import datetime as dt
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from ruamel.yaml.error import YAMLError

from phuong.kernel.codelists import read_yaml

CATALOG = Path(__file__).parent / "catalog" / "vneid.yaml"
WIDE, OTHERS = "wide", "others"


@dataclass(frozen=True)
class Profile:
    """Names of claims, values of levels, and the level that roles need."""

    provider: str
    title: str
    scopes: tuple[str, ...]
    signing: tuple[str, ...]
    claims: dict[str, str]
    birth_date_format: str
    levels: dict[str, int]
    needs: dict[str, int]

    def value(self, claims: dict[str, Any], fact: str) -> str:
        """Give a fact as text; empty when it is not told."""
        told = claims.get(self.claims[fact])
        return str(told).strip() if isinstance(told, str | int) else ""

    def birth_date(self, text: str) -> dt.date | None:
        """Read a birth date; ``None`` when it is not told or not written as agreed."""
        try:
            return dt.datetime.strptime(text, self.birth_date_format).date()  # noqa: DTZ007
        except ValueError:
            return None


@cache
def _read(file: Path) -> Profile:
    try:
        return _profile(read_yaml(file))
    except (OSError, LookupError, TypeError, ValueError, YAMLError) as trouble:
        raise ImproperlyConfigured(f"{file.name}: {trouble!r}; it must be written like {CATALOG.name}") from trouble


def _profile(facts: Any) -> Profile:
    return Profile(
        provider=str(facts["provider"]),
        title=str(facts["title"]),
        scopes=tuple(facts["scopes"]),
        signing=tuple(facts["signing"]),
        claims=dict(facts["claims"]),
        birth_date_format=str(facts["birth_date_format"]),
        levels={str(each["value"]): int(each["level"]) for each in facts["levels"]},
        needs={str(each["who"]): int(each["level"]) for each in facts["needs"]},
    )


def profile() -> Profile:
    """Give how the provider answers."""
    return _read(Path(settings.PHUONG_VNEID["profile"] or CATALOG))


def is_offered() -> bool:
    """Say whether a provider is set up."""
    return bool(settings.PHUONG_VNEID["issuer"] and settings.PHUONG_VNEID["client_id"])
