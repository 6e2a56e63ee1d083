"""The fields of a record that are compared, each with its levels of agreement: what a person is shown of a pair."""

from dataclasses import dataclass

MISSING = "missing"  # one of the two lacks the value: no evidence either way
EQUAL, ALIKE, DIFFERENT = "equal", "alike", "different"


@dataclass(frozen=True)
class Level:
    """One level of agreement; ``when``: SQL over the features of both (``_l``, ``_r``); ``of``: which way it points."""

    code: str
    when: str
    of: str = ALIKE
    rarity: str = ""  # the column whose rarity weighs
    counts: bool = True  # else it neither adds nor takes: another field has told it already


@dataclass(frozen=True)
class Field:
    """A field that is compared; the levels are tried in order, ``other`` is all the rest."""

    code: str
    missing: str
    levels: tuple[Level, ...]
    counts: bool = True  # else it is shown to people and weighs nothing


def _both(column: str) -> str:
    return f"{column}_l = {column}_r"


def _either_null(column: str) -> str:
    return f"{column}_l is null or {column}_r is null"


OTHER = Level("other", "else", DIFFERENT)
_ONE_PLAIN = "(is_plain_l or is_plain_r)"
_NEAR_DATE = (
    "born_year_l = born_year_r and damerau_levenshtein(born_text_l, born_text_r) = 1 "
    "or substr(born_text_l, 1, 4) = substr(born_text_r, 1, 4) and damerau_levenshtein(born_text_l, born_text_r) = 1"
)
_MIDDLE = "(list_has_all(middle_l, middle_r) or list_has_all(middle_r, middle_l))"
FIELDS = (
    Field(
        "given",
        _either_null("given"),
        (
            Level("equal", _both("given"), EQUAL, "given"),
            Level("no_marks", f"{_both('given_plain')} and {_ONE_PLAIN}", ALIKE, "given"),
            Level("marks", _both("given_plain")),
            Level("order", _both("sorted_name")),
            Level("letter", "damerau_levenshtein(given_plain_l, given_plain_r) = 1"),
            OTHER,
        ),
    ),
    Field(
        "rest",
        _either_null("rest"),
        (
            Level("equal", _both("rest"), EQUAL, "rest"),
            Level("no_marks", f"{_both('rest_plain')} and {_ONE_PLAIN}", ALIKE, "rest"),
            Level("marks", _both("rest_plain")),
            Level("order", _both("sorted_name"), counts=False),
            Level("middle", f"{_both('surname')} and {_MIDDLE}"),
            Level("letter", "damerau_levenshtein(rest_plain_l, rest_plain_r) = 1"),
            Level("surname", _both("surname"), DIFFERENT),
            OTHER,
        ),
    ),
    Field(
        "born",
        _either_null("born"),
        (
            Level("equal", _both("born"), EQUAL, "born"),
            Level("swapped", "born_l = born_swapped_r"),
            Level("digit", _NEAR_DATE),
            Level("year", _both("born_year"), DIFFERENT),
            OTHER,
        ),
    ),
    Field("sex", _either_null("sex"), (Level("equal", _both("sex"), EQUAL), OTHER)),
    Field(
        "number",
        _either_null("number"),
        (
            Level("equal", _both("number"), EQUAL),
            Level("digit", "length(number_l) = length(number_r) and hamming(number_l, number_r) = 1"),
            OTHER,
        ),
    ),
    Field(
        "phone",
        "len(phones_l) = 0 or len(phones_r) = 0",
        (Level("equal", "list_has_any(phones_l, phones_r)", EQUAL), OTHER),
    ),
    Field(
        "place",
        _either_null("school"),
        (Level("equal", _both("school"), EQUAL), Level("commune", _both("commune")), OTHER),
        counts=False,  # people move; and namesakes born on one day in one commune must not gain by living there
    ),
    Field("birthplace", _either_null("birthplace"), (Level("equal", _both("birthplace"), EQUAL, "birthplace"), OTHER)),
)
