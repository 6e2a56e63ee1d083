"""How records are compared: which pairs are looked at, and the weights of ``model.yaml``.

A field's evidence is one of its levels; the weights say how much more often a level is seen of one person's two records
(``m``) than of two people's (``u``). Rare names weigh more (Splink's term frequencies).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import splink.comparison_level_library as levels
import splink.comparison_library as comparisons
from ruamel.yaml import YAML
from splink import SettingsCreator, block_on

from phuong.matching.linking.fields import FIELDS, MISSING, OTHER, Field

WEIGHTS = Path(__file__).parent / "model.yaml"

# Which pairs are looked at. Surnames alone would pair 38 % of everybody with one another, so each rule takes a date or
# most of a date along.
Rules = tuple[tuple[str, ...], ...]
BLOCKING: Rules = (
    ("number",),
    ("born_either", "given_plain"),
    ("born_either", "rest_plain"),  # a letter wrong in the given name
    ("born_either", "sorted_name"),  # the name in another order
    ("plain_name", "born_year", "born_month"),  # a digit wrong in the day …
    ("plain_name", "born_year", "born_day"),  # … in the month …
    ("plain_name", "born_month", "born_day"),  # … in the year
    ("phones", "given_plain"),  # no date, or quite another
)
NAME_AND_DATE: Rules = (("plain_name", "born"),)


@dataclass(frozen=True)
class Weights:
    """What ``model.yaml`` says. ``sure``, ``review``: probabilities (0 to 1) from which a pair counts as such."""

    sure: float
    review: float
    known_twice: float  # share of people expected to be known twice, where nobody says otherwise
    levels: Mapping[str, Mapping[str, tuple[float, float]]] = field(default_factory=dict)  # field, level: (m, u)


@lru_cache(maxsize=1)
def weights() -> Weights:
    """Read the committed weights."""
    content = YAML(typ="safe", pure=False).load(WEIGHTS.read_text(encoding="utf-8"))
    found = {
        code: {level: (float(pair["m"]), float(pair["u"])) for level, pair in of.items()}
        for code, of in content["fields"].items()
    }
    return Weights(float(content["sure"]), float(content["review"]), float(content["known_twice"]), found)


def settings(
    *, apart: bool, prior: float, of: Weights, blocking: Rules = BLOCKING, without: str = ""
) -> SettingsCreator:
    """Give Splink's settings. ``apart``: two registers are compared, not one with itself; ``prior``: 0 to 1.

    ``without``: a field that is not to count.
    """
    return SettingsCreator(
        link_type="link_only" if apart else "dedupe_only",
        comparisons=[_comparison(each, of) for each in FIELDS if each.code != without],
        blocking_rules_to_generate_predictions=[_rule(columns) for columns in blocking],
        probability_two_random_records_match=prior,
        retain_matching_columns=False,
        linker_uid="phuong",
    )


def _rule(columns: tuple[str, ...]) -> Any:
    exploded = [each for each in columns if each == "phones"]
    return block_on(*columns, arrays_to_explode=exploded or None)


def _comparison(one: Field, of: Weights) -> Any:
    made: list[Any] = [levels.CustomLevel(one.missing, MISSING).configure(is_null_level=True)]
    for each in one.levels:
        level: Any = levels.ElseLevel() if each is OTHER else levels.CustomLevel(each.when, each.code)
        of_one, of_two = of.levels[one.code][each.code]
        level = level.configure(m_probability=of_one, u_probability=of_two)
        made.append(level.configure(tf_adjustment_column=each.rarity) if each.rarity else level)
    return comparisons.CustomComparison(output_column_name=one.code, comparison_levels=made)


def level_of(one: Field) -> str:
    """Give SQL over the features of both records: the level of a field, ``missing`` where one lacks the value."""
    cases = " ".join(f"when {each.when} then '{each.code}'" for each in one.levels if each is not OTHER)
    return f"case when {one.missing} then '{MISSING}' {cases} else '{OTHER.code}' end"


def beside(features: Iterable[str]) -> str:
    """Give the columns of two records side by side: ``x_l`` of the one called l, ``x_r`` of the one called r."""
    return ", ".join(f'l."{name}" as "{name}_l", r."{name}" as "{name}_r"' for name in features)
