"""The engine: what it reads off names, which pairs it holds back, and how well it does on synthetic truth."""

import datetime as dt
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from django.apps import apps
from hypothesis import given
from hypothesis import strategies as st

from phuong.kernel.codelists import read_yaml
from phuong.matching.linking.clusters import Edge, contradictory, grouped, overgrown, rivals
from phuong.matching.linking.disguise import Disguise
from phuong.matching.linking.engine import Found, Options, link, workshop
from phuong.matching.linking.evaluation import curve, find, sure, with_review
from phuong.matching.linking.features import COLUMNS, lay_out
from phuong.matching.linking.fields import FIELDS
from phuong.matching.linking.model import weights
from phuong.matching.linking.truth.people import Shares, Stock
from phuong.matching.linking.truth.records import Truth, two_registers
from phuong.matching.linking.truth.slips import Rates

AN: dict[str, Any] = {
    "source": "a",
    "full_name": "Đỗ Khánh An",
    "birth_date": dt.date(2013, 5, 19),
    "sex": "male",
    "number": None,
    "is_verified": False,
    "phones": ["0912345678"],
    "school": "s1",
    "commune": "c1",
    "birthplace": "Hải Phòng",
}


def stock() -> Stock:
    return Stock(read_yaml(Path(apps.get_app_config("registry").path) / "catalog" / "names.yaml"))


def crowd(count: int = 400) -> list[dict[str, Any]]:
    """Give strangers, so that names have frequencies and few records are one person's."""
    rows = two_registers(count // 2, stock(), seed=3, both=0, shares=Shares(twins=0, namesakes=0)).records
    return rows.with_columns(source=pl.lit("a")).select([name for name in COLUMNS if name != "key"]).to_dicts()


CROWD: list[dict[str, Any]] = []


def found(*people: dict[str, Any], apart: bool = False) -> pl.DataFrame:
    """Let the engine look at some people among strangers; gives the pairs among them, keyed by their order."""
    if not CROWD:
        CROWD.extend(crowd())
    rows = [{**AN, **each, "key": place} for place, each in enumerate([*people, *CROWD])]
    with workshop(Options()) as con:
        con.register("rows", pl.DataFrame(rows, schema_overrides={"number": pl.String}).to_arrow())
        con.execute("insert into people by name select * from rows")
        pairs = link(con, Options(apart=apart)).pairs
    return pairs.filter((pl.col("one") < len(people)) & (pl.col("two") < len(people)))


def features(*names: str) -> list[dict[str, Any]]:
    con = duckdb.connect()
    rows = [{**AN, "key": place, "full_name": name} for place, name in enumerate(names)]
    con.register("rows", pl.DataFrame(rows, schema_overrides={"number": pl.String}).to_arrow())
    columns = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
    con.execute(f"create table people ({columns})")
    con.execute("insert into people by name select * from rows")
    lay_out(con)
    return con.execute("select * from features order by unique_id").pl().to_dicts()


@pytest.mark.parametrize(
    ("one", "two"),
    [("Trần Hoà", "Trần Hòa"), ("Lê Thuý", "Lê Thúy"), ("Vũ Mỹ", "VŨ  MĨ"), ("Đỗ Quý", "Đỗ Quí"), ("Lý An", "Lí An")],
)
def test_two_ways_of_writing_one_name_are_equal(one: str, two: str) -> None:
    left, right = features(one, two)

    assert (left["given"], left["rest"]) == (right["given"], right["rest"])


def test_a_name_is_read_in_its_parts_with_and_without_marks() -> None:
    an, plain = features("Đỗ Thị Khánh Ân", "Do Thi Khanh An")

    assert (an["given_plain"], an["rest_plain"], an["surname"], an["middle"]) == (
        "an",
        "do thi khanh",
        "do",
        ["thi", "khanh"],
    )
    assert an["given"] != plain["given"]
    assert (an["is_plain"], plain["is_plain"]) == (False, True)
    assert an["sorted_name"] == plain["sorted_name"]


TWICE = {"number": "111111111111"}
CASES = [
    ("the same but the school", {}, {"school": "s2"}, True, ""),
    ("without marks", TWICE, {**TWICE, "full_name": "Do Khanh An"}, True, ""),
    (
        "day and month exchanged",
        TWICE | {"birth_date": dt.date(2013, 5, 9)},
        TWICE | {"birth_date": dt.date(2013, 9, 5)},
        True,
        "",
    ),
    ("one number, another name", TWICE, {**TWICE, "full_name": "Đỗ Khánh Vinh"}, False, "renamed"),
    ("a mark apart, no number", {}, {"full_name": "Đỗ Khánh Ân"}, False, "twins"),
    ("a letter apart, no number", {"full_name": "Đỗ Khánh Linh"}, {"full_name": "Đỗ Khánh Ninh"}, False, "twins"),
    ("two sexes", {}, {"sex": "female"}, False, "sexes"),
    ("one number, another date", TWICE, {**TWICE, "birth_date": dt.date(2011, 1, 2)}, False, "number_alone"),
]
NEVER = [
    ("twins of quite other names", {}, {"full_name": "Đỗ Khánh Bình"}),
    (
        "twins a letter apart with two numbers",
        TWICE | {"full_name": "Đỗ Khánh Linh"},
        {"full_name": "Đỗ Khánh Ninh", "number": "999999999999"},
    ),
    ("twins a mark apart with numbers in a row", TWICE, {"full_name": "Đỗ Khánh Ân", "number": "111111111112"}),
    ("siblings", {}, {"full_name": "Đỗ Khánh Bình", "birth_date": dt.date(2015, 2, 3)}),
    ("two verified numbers", TWICE | {"is_verified": True}, {"number": "111111111112", "is_verified": True}),
]


@pytest.mark.parametrize(
    ("one", "two", "is_sure", "guard"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_a_pair_is_sure_or_held_back_with_the_reason(
    one: dict[str, Any], two: dict[str, Any], is_sure: bool, guard: str
) -> None:
    pairs = found(one, two)

    assert pairs.select("is_sure", "guard").rows() == [(is_sure, guard)]


@pytest.mark.parametrize(("one", "two"), [case[1:] for case in NEVER], ids=[case[0] for case in NEVER])
def test_some_are_never_a_pair_whatever_else_they_share(one: dict[str, Any], two: dict[str, Any]) -> None:
    assert len(found(one, two)) == 0


def test_a_stopgap_that_many_share_is_no_number_and_no_phone() -> None:
    many = [
        {"full_name": f"{name} Văn {given}", "birth_date": dt.date(2010, 1, place + 1), "number": "000000000000"}
        for place, (name, given) in enumerate(zip("ABCDEGHIKLMNO", "PQRSTUVXYabcd", strict=True))
    ]

    assert len(found(*many)) == 0


def test_evidence_names_a_level_for_every_field_and_holds_no_value() -> None:
    row = found(TWICE, {**TWICE, "birthplace": "TP. Hải Phòng"}).to_dicts()[0]

    assert {each.code: row[each.code] for each in FIELDS} == dict.fromkeys((each.code for each in FIELDS), "equal")


def test_nobody_and_one_alone_make_no_pair() -> None:
    for count in (0, 1):
        with workshop(Options()) as con:
            for place in range(count):
                con.execute("insert into people (key, source, full_name) values (?, 'a', 'An')", [place])
            result = link(con, Options())

        assert (len(result.pairs), result.people) == (0, count)


EDGES = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12), st.floats(1, 40)), max_size=40)


def edges_of(rows: list[tuple[int, int, float]]) -> list[Edge]:
    return [Edge(*key, weight) for key, weight in {(min(a, b), max(a, b)): w for a, b, w in rows if a != b}.items()]


@given(EDGES, st.integers(2, 6))
def test_no_group_outgrows_its_cap(rows: list[tuple[int, int, float]], most: int) -> None:
    edges = edges_of(rows)

    gone = overgrown(edges, most=most)

    left = [edge for edge in edges if (edge.one, edge.two) not in gone]
    groups = grouped(left)
    members: dict[int, set[int]] = {}
    for edge in left:
        members.setdefault(groups.of(edge.one), set()).update((edge.one, edge.two))
    assert all(len(each) <= most for each in members.values())


@given(EDGES)
def test_after_rivals_are_gone_everybody_has_one_partner_at_most(rows: list[tuple[int, int, float]]) -> None:
    edges = edges_of(rows)

    doubtful = rivals(edges)

    ends = [end for edge in edges if (edge.one, edge.two) not in doubtful for end in (edge.one, edge.two)]
    assert len(ends) == len(set(ends))


def test_a_group_with_two_who_are_two_people_is_given_back_whole() -> None:
    edges = [Edge(1, 2, 30), Edge(2, 3, 30), Edge(7, 8, 30)]

    assert contradictory(edges, [(1, 3)]) == {(1, 2), (2, 3)}
    assert contradictory(edges, [(1, 9)]) == set()


@given(st.text("0123456789", min_size=12, max_size=12), st.integers(0, 11), st.integers(1, 9))
def test_a_disguise_keeps_equal_numbers_equal_and_near_ones_near(number: str, place: int, step: int) -> None:
    other = number[:place] + str((int(number[place]) + step) % 10) + number[place + 1 :]
    disguise = Disguise(7)

    hidden = [disguise.of(each) for each in (number, number, other)]

    assert hidden[0] == hidden[1]
    assert sum(a != b for a, b in zip(hidden[0], hidden[2], strict=True)) == 1
    assert len(disguise.of("12 khong phai so")) == 32


TRUTH: dict[str, tuple[Truth, Found]] = {}


def measured() -> tuple[Truth, Found]:
    if not TRUTH:
        truth = two_registers(8_000, stock(), seed=5, both=0.25)
        TRUTH["small"] = (truth, find(truth, Options(apart=True)))
    return TRUTH["small"]


@pytest.mark.slow
def test_on_synthetic_truth_with_hard_cases_what_is_sure_is_right_and_most_is_found() -> None:
    truth, result = measured()

    point = sure(truth, result)

    assert point.precision >= 0.995
    assert point.recall >= 0.97
    assert with_review(truth, result).recall >= 0.985


@pytest.mark.slow
def test_a_higher_threshold_never_finds_more() -> None:
    truth, result = measured()

    points = curve(truth, result)

    assert [point.recall for point in points] == sorted((point.recall for point in points), reverse=True)


def test_the_same_seed_gives_the_same_truth() -> None:
    one, two = (two_registers(500, stock(), seed=9).records for _each in range(2))

    assert one.equals(two)
    assert not one.equals(two_registers(500, stock(), seed=10).records)


def test_a_truth_without_slips_is_found_entirely() -> None:
    nothing = Rates(**dict.fromkeys(Rates.__dataclass_fields__, 0.0))
    truth = two_registers(1_500, stock(), seed=4, both=0.3, rates=nothing)

    point = sure(truth, find(truth, Options(apart=True)))

    assert (point.precision, point.recall) == (1.0, 1.0)


def test_every_level_of_every_field_has_its_weight() -> None:
    known = weights()

    assert {code: set(levels) for code, levels in known.levels.items()} == {
        each.code: {level.code for level in each.levels} for each in FIELDS
    }
    assert 0.5 <= known.review < known.sure < 1
