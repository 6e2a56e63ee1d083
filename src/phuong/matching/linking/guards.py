"""What no weight may decide alone: twins, siblings, namesakes, numbers. Each guard names the pairs it holds back.

A probability multiplies evidence as if its parts were independent. Families break that: twins share date, surname,
middle name, phone and school, and all of it together still says nothing about one name being the other. So the guards
speak last. Columns: ``given``, ``rest``, ``born``, ``sex``, ``number`` hold levels of ``model.FIELDS``;
``both_verified``: the population database confirmed both numbers.
"""

from dataclasses import dataclass

NEVER, REVIEW = "never", "review"


@dataclass(frozen=True)
class Guard:
    """Pairs for which ``when`` (SQL) holds are ``at_most`` that, whatever their probability."""

    code: str
    at_most: str
    when: str


_NOT_ONE_NUMBER = "number <> 'equal'"
_NEARLY_ONE_NAME = "given in ('letter', 'marks')"
_ONE_NAME = "given in ('equal', 'no_marks') and rest in ('equal', 'no_marks')"
GUARDS = (
    Guard("verified_apart", NEVER, "both_verified and number not in ('equal', 'missing')"),
    Guard("other_given_name", NEVER, f"given = 'other' and {_NOT_ONE_NUMBER}"),
    Guard("twins_with_numbers", NEVER, f"{_NEARLY_ONE_NAME} and number in ('other', 'digit')"),
    Guard("renamed", REVIEW, "given = 'other' and not (both_verified and number = 'equal')"),
    Guard("twins", REVIEW, f"{_NEARLY_ONE_NAME} and {_NOT_ONE_NUMBER}"),
    Guard("near_numbers", REVIEW, f"number = 'digit' and not ({_ONE_NAME} and born = 'equal')"),
    Guard("two_numbers", REVIEW, "number = 'other'"),
    Guard("number_alone", REVIEW, "number = 'equal' and born in ('year', 'other') and not both_verified"),
    Guard("sexes", REVIEW, f"sex = 'other' and {_NOT_ONE_NUMBER}"),
)


def held_back(at_most: str) -> str:
    """Give SQL: the code of the first guard that holds a pair back to ``at_most``, or null."""
    cases = " ".join(f"when {each.when} then '{each.code}'" for each in GUARDS if each.at_most == at_most)
    return f"case {cases} end"
