"""The profiles and programmes that are shipped, read from the catalog and checked; a fault names file and place."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TypeVar

from django.core.exceptions import ImproperlyConfigured
from pydantic import TypeAdapter, ValidationError
from ruamel.yaml.error import YAMLError

from phuong.academics.errors import NoProfile
from phuong.academics.rules.profiles import (
    AnyProfile,
    PreschoolProfile,
    PrimaryProfile,
    Profile,
    SecondaryProfile,
    governing,
)
from phuong.academics.rules.programme import Programme
from phuong.kernel.codelists import read_yaml

CATALOG = Path(__file__).parent / "catalog"
P = TypeVar("P", bound=Profile)
R = TypeVar("R")
_PROFILE: TypeAdapter[AnyProfile] = TypeAdapter(AnyProfile)


def read_profile(file: Path) -> Profile:
    """Read one profile.

    :raises ImproperlyConfigured: it cannot be read, or is not written like those of the catalog; with file and place
    """
    return _read(file, _PROFILE.validate_python)


def read_programme(file: Path) -> Programme:
    """Read one programme.

    :raises ImproperlyConfigured: it cannot be read, or does not add up; with file and place
    """
    return _read(file, Programme.model_validate)


def _read(file: Path, parse: Callable[[object], R]) -> R:
    try:
        return parse(read_yaml(file))
    except ValidationError as error:
        problem = error.errors()[0]
        at = ".".join(str(part) for part in problem["loc"]) or "$"
        raise ImproperlyConfigured(f"{file.name}: {at}: {problem['msg']}") from error
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        raise ImproperlyConfigured(f"{file.name}: {error}") from error


@cache
def profiles() -> tuple[Profile, ...]:
    """Give every shipped profile, by code and version."""
    found = [read_profile(file) for file in sorted((CATALOG / "profiles").glob("*.yaml"))]
    return tuple(sorted(found, key=lambda each: (each.code, each.version)))


@cache
def programmes() -> tuple[Programme, ...]:
    """Give every shipped programme, by code and version."""
    found = [read_programme(file) for file in sorted((CATALOG / "programmes").glob("*.yaml"))]
    return tuple(sorted(found, key=lambda each: (each.code, each.version)))


def profile_named(rule: str) -> Profile:
    """Give a profile by its code, the last version, or by code and version (``TT22/2021@1``).

    :raises NoProfile: there is none
    """
    found = [each for each in profiles() if rule in (each.code, each.rule)]
    if not found:
        raise NoProfile(rule=rule)
    return found[-1]


def profile_for(level: str, grade: int, year: int) -> Profile:
    """Give the profile that governs a grade of a level in a school year (its first calendar year).

    :raises NoProfile: none does, or none did yet
    """
    found = governing(profiles(), level, grade, year)
    if found is None:
        raise NoProfile(level=level, grade=grade, year=year)
    return found


def secondary(rule: str = "TT22/2021") -> SecondaryProfile:
    """Give a profile by marks and remarks.

    :raises NoProfile: there is none of that name
    """
    return _of_kind(profile_named(rule), SecondaryProfile)


def primary(rule: str = "TT27/2020") -> PrimaryProfile:
    """Give the profile of primary schools.

    :raises NoProfile: there is none of that name
    """
    return _of_kind(profile_named(rule), PrimaryProfile)


def preschool(rule: str = "TT17/2009") -> PreschoolProfile:
    """Give the profile of preschools.

    :raises NoProfile: there is none of that name
    """
    return _of_kind(profile_named(rule), PreschoolProfile)


def _of_kind(profile: Profile, kind: type[P]) -> P:
    if not isinstance(profile, kind):
        raise NoProfile(rule=profile.rule)
    return profile


def programme_for(level: str, grade: int, year: int) -> Programme:
    """Give the programme that a grade of a level follows in a school year (its first calendar year).

    :raises NoProfile: none is known
    """
    taught = [each for each in programmes() if any(level == name and grade in of for name, of in each.levels.items())]
    found = [each for each in taught if each.grades_since[grade] <= year]
    open_then = [each for each in found if each.until is None or each.until.year > year]
    if not open_then:
        raise NoProfile(level=level, grade=grade, year=year)
    return max(open_then, key=lambda each: (each.grades_since[grade], each.version))
