"""Which roles follow from what another system says of a person."""

from collections.abc import Iterable, Mapping

SCHOOL_ROLES = ("principal", "teacher", "homeroom_teacher", "clerk", "accountant")  # roles within one school, none wide


def is_grantable(role_map: Mapping[str, str]) -> bool:
    """Say whether a map of words to roles names roles of a school only, under words that are not empty."""
    return all(word.strip() and role in SCHOOL_ROLES for word, role in role_map.items())


def parse_role_map(text: str) -> dict[str, str]:
    """Read lines of the form ``word = role``.

    :raises ValueError: a line that is none, named by its number
    """
    read = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            word, sign, role = (part.strip() for part in line.rpartition("="))
            if not sign or not word or role not in SCHOOL_ROLES:
                raise ValueError(str(number))
            read[word] = role
    return read


def word_and_school(name: str) -> tuple[str, str]:
    """Split the name of a group, ``teacher@31000123`` or ``teacher``, into its word and the code of a school."""
    word, at, code = name.strip().rpartition("@")
    return (word.strip(), code.strip()) if at else (code.strip(), "")


def wanted_roles(names: Iterable[str], role_map: Mapping[str, str], own_school: str) -> frozenset[tuple[str, str]]:
    """Give the roles, with the code of their school, that follow from the names of groups; unknown words give none.

    ``own_school``: where a name says no school; empty when the key stands for more than one.
    """
    found = set()
    for name in names:
        word, school = word_and_school(name)
        if word in role_map and (school or own_school):
            found.add((role_map[word], school or own_school))
    return frozenset(found)
