"""A synthetic province is the same for the same seed, true to the rules, and imperfect to a known degree."""

import datetime as dt
import hashlib
from collections.abc import Mapping

import polars as pl
import polars.selectors as cs
import pytest

from phuong.demo.catalog import catalogs
from phuong.demo.province import Province
from phuong.kernel.text import name_sort_key, search_key
from phuong.kernel.vault import fingerprint, unseal
from phuong.registry.api import check_number

pytestmark = pytest.mark.slow
TODAY = dt.date(2026, 11, 22)
Tables = Mapping[str, pl.DataFrame]


def made(learners: int, seed: int) -> Tables:
    found: dict[str, list[pl.DataFrame]] = {}
    for piece in Province(catalogs(), learners, seed, TODAY).pieces():
        for name, frames in piece.tables.items():
            found.setdefault(name, []).extend(frames)
    return {name: pl.concat(frames, how="diagonal") for name, frames in found.items()}


def digest(tables: Tables) -> str:
    total = hashlib.sha256()
    for name in sorted(tables):
        total.update(
            tables[name]
            .drop("number_cipher", strict=False)
            .with_columns(cs.binary().bin.encode("hex"))
            .write_csv()
            .encode()
        )
    return total.hexdigest()


@pytest.fixture(scope="module")
def tables() -> Tables:
    return made(6000, 7)


def share(frame: pl.DataFrame, condition: pl.Expr) -> float:
    return float(frame.select(condition.cast(pl.Float64).mean()).item())


def learners_of(tables: Tables) -> pl.DataFrame:
    return tables["registry.Person"].filter("is_learner")


def test_the_same_seed_gives_the_same_rows_and_another_seed_others() -> None:
    first, again, other = made(500, 3), made(500, 3), made(500, 4)

    assert digest(first) == digest(again)
    assert digest(first) != digest(other)


def test_there_are_as_many_learners_as_asked_for_at_schools_of_every_level(tables: Tables) -> None:
    assert len(learners_of(tables)) == 6000
    assert set(tables["registry.School"]["level"]) == {
        "preschool", "primary", "lower_secondary", "upper_secondary", "continuing",
    }  # fmt: skip


def test_the_check_kept_of_each_personal_number_is_the_one_the_rules_give(tables: Tables) -> None:
    rows = tables["registry.Person"].sample(2000, seed=1).iter_rows(named=True)

    for row in rows:
        sealed = row["number_cipher"]
        number = unseal(sealed) if sealed else ""
        assert check_number(number, sex=row["sex"], birth_date=row["birth_date"]) == row["number_check"]
        assert row["number_hash"] == (fingerprint(number) if number else None)


def test_keys_of_names_put_together_from_parts_are_those_of_the_whole_names(tables: Tables) -> None:
    for row in tables["registry.Person"].sample(1500, seed=2).iter_rows(named=True):
        assert row["name_key"] == name_sort_key(row["full_name"])
        assert row["search_key"] == search_key(row["full_name"])


@pytest.mark.parametrize(
    ("condition", "low", "high"),
    [
        (pl.col("number_check") == "missing", 0.03, 0.10),
        (pl.col("number_check") == "malformed", 0.002, 0.02),
        (pl.col("number_check") == "disagrees", 0.002, 0.02),
        (pl.col("identity_state") == "matched", 0.86, 0.96),
        (pl.col("ethnicity") == "", 0.004, 0.03),
        (pl.col("address") == "", 0.01, 0.06),
        (pl.col("sex") == "female", 0.45, 0.51),
    ],
)
def test_defects_of_learners_keep_to_their_shares(tables: Tables, condition: pl.Expr, low: float, high: float) -> None:
    assert low < share(learners_of(tables), condition) < high


def test_an_account_of_level_two_belongs_to_three_quarters_of_those_of_fourteen_or_more(tables: Tables) -> None:
    learners = learners_of(tables)
    born_by = TODAY.replace(year=TODAY.year - 14)

    assert learners.filter(pl.col("birth_date") > born_by)["citizen_identity_level"].is_null().all()
    grown = learners.filter(pl.col("birth_date") <= born_by)
    assert 0.72 < share(grown, pl.col("citizen_identity_level") == 2) < 0.84


def test_every_learner_has_one_guardian_and_siblings_share_theirs(tables: Tables) -> None:
    ties = tables["registry.Guardianship"]

    assert sorted(ties["learner_id"]) == sorted(learners_of(tables)["id"])
    assert 0.78 < ties["guardian_id"].n_unique() / len(ties) < 0.92
    assert 0.001 < share(ties, pl.col("custody") == "none") < 0.015


def test_every_key_refers_to_a_row(tables: Tables) -> None:
    people, units = set(tables["registry.Person"]["id"]), set(tables["registry.Organisation"]["id"])

    assert len(people) == len(tables["registry.Person"])
    assert set(tables["registry.ClassGroup"]["homeroom_id"]) <= people
    assert set(tables["registry.Enrolment"]["class_group_id"]) <= set(tables["registry.ClassGroup"]["id"])
    assert set(tables["registry.StaffPosition"]["person_id"]) <= people
    assert set(tables["registry.Person"]["place_id"]) <= units
    assert set(tables["facilities.Equipment"]["room_id"].drop_nulls()) <= set(tables["facilities.Room"]["id"])


def test_some_learners_of_one_former_province_are_known_in_the_other_too(tables: Tables) -> None:
    numbered = learners_of(tables).filter(pl.col("number_hash").is_not_null())

    twice = numbered.filter(pl.col("number_hash").is_duplicated())
    assert 0 < len(twice) < 60


def test_there_is_a_member_of_staff_for_some_fifteen_learners(tables: Tables) -> None:
    at_schools = tables["registry.StaffPosition"].filter(pl.col("path").str.contains(r"\.s\d+$"))

    assert 10 < 6000 / at_schools["person_id"].n_unique() < 18


def test_classes_are_of_plausible_size_and_named_once_in_a_school(tables: Tables) -> None:
    classes = tables["registry.ClassGroup"]
    open_stays = tables["registry.Enrolment"].filter(pl.col("during").str.ends_with(",)"))
    sizes = open_stays.group_by("class_group_id").len()["len"]

    assert not classes.select("organisation_id", "name").is_duplicated().any()
    assert float(sizes.quantile(0.99) or 0) <= 60
    assert 24 < float(sizes.median() or 0) < 42
