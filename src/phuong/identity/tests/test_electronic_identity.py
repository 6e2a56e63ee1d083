"""The rule who is let in by a national identity, and who may link one."""

import dataclasses
import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from phuong.identity.declarations import profile
from phuong.identity.rules import Known, Told, barred_from_entering, barred_from_linking

BORN = dt.date(1985, 3, 2)
TOLD = Told("subject", "031185000001", 2, "nguyen thi lan", BORN)
STAFF = Known({"nguyen thi lan"}, {BORN}, accounts=1, is_active=True, needs=1, link="same")
FAMILY = dataclasses.replace(STAFF, is_family=True, link="none")


def test_linked_staff_and_new_families_come_in() -> None:
    assert barred_from_entering(TOLD, STAFF) == ""
    assert barred_from_entering(TOLD, FAMILY) == ""


@pytest.mark.parametrize(
    ("because", "known", "told"),
    [
        ("unknown_number", {"name_keys": set(), "accounts": 0}, {}),
        ("no_account", {"accounts": 0}, {}),
        ("ambiguous", {"accounts": 2}, {}),
        ("differs", {}, {"name_key": "tran van minh"}),
        ("differs", {}, {"birth_date": dt.date(1985, 3, 3)}),
        ("inactive", {"is_active": False}, {}),
        ("no_role", {"needs": 0}, {}),
        ("other_subject", {"link": "other"}, {}),
        ("unlinked", {"link": "ended"}, {}),
        ("link_first", {"link": "none"}, {}),
        ("level", {"needs": 2}, {"level": 1}),
        ("level", {}, {"level": 0}),
    ],
)
def test_each_reason_bars_staff(because: str, known: dict[str, Any], told: dict[str, Any]) -> None:
    assert barred_from_entering(dataclasses.replace(TOLD, **told), dataclasses.replace(STAFF, **known)) == because


def test_a_family_comes_in_the_first_time_only_under_its_name() -> None:
    nameless = dataclasses.replace(TOLD, name_key="", birth_date=None)

    assert barred_from_entering(nameless, FAMILY) == "differs"
    assert barred_from_entering(nameless, dataclasses.replace(FAMILY, link="same")) == ""


def test_a_birth_date_that_only_one_side_has_is_not_compared() -> None:
    assert barred_from_entering(dataclasses.replace(TOLD, birth_date=None), STAFF) == ""
    assert barred_from_entering(TOLD, dataclasses.replace(STAFF, birth_dates={None})) == ""


@pytest.mark.parametrize(
    ("because", "known", "facts", "told"),
    [
        ("", {}, {}, {}),
        ("", {"link": "ended"}, {}, {}),
        ("no_number", {}, {"has_number": False}, {}),
        ("not_yours", {}, {"is_own": False}, {}),
        ("differs", {}, {}, {"name_key": "tran van minh"}),
        ("no_role", {"needs": 0}, {}, {}),
        ("taken", {"link": "other"}, {}, {}),
        ("level", {"needs": 2}, {}, {"level": 1}),
    ],
)
def test_each_reason_bars_from_linking(
    because: str, known: dict[str, Any], facts: dict[str, bool], told: dict[str, Any]
) -> None:
    here = dataclasses.replace(STAFF, **{"link": "none", **known})

    found = barred_from_linking(
        dataclasses.replace(TOLD, **told), here, **{"has_number": True, "is_own": True, **facts}
    )

    assert found == because


@given(
    level=st.integers(0, 2),
    needs=st.integers(0, 2),
    accounts=st.integers(0, 2),
    link=st.sampled_from(["none", "same", "other", "ended"]),
    is_family=st.booleans(),
)
def test_nobody_comes_in_without_role_level_or_the_own_subject(
    level: int, needs: int, accounts: int, link: Any, is_family: bool
) -> None:
    told = dataclasses.replace(TOLD, level=level)
    known = dataclasses.replace(STAFF, needs=needs, accounts=accounts, link=link, is_family=is_family)

    is_in = barred_from_entering(told, known) == ""

    may = accounts == 1 and level >= needs > 0 and (link == "same" or (link == "none" and is_family))
    assert is_in == may


def test_an_operators_own_profile_renames_claims_and_levels(settings: Any, tmp_path: Any) -> None:
    own = tmp_path / "vneid.yaml"
    own.write_text(
        "provider: vneid\ntitle: X\nscopes: [openid]\nsigning: [ES256]\nbirth_date_format: '%d/%m/%Y'\n"
        "claims: {number: soDinhDanh, level: mucDo, name: hoTen, birth_date: ngaySinh}\n"
        "levels: [{value: LV2, level: 2}]\nneeds: [{who: wide, level: 2}, {who: others, level: 2}]\n"
    )
    settings.PHUONG_VNEID = {**settings.PHUONG_VNEID, "profile": str(own)}

    read = profile()

    assert read.value({"soDinhDanh": " 031 "}, "number") == "031"
    assert read.birth_date("02/03/1985") == BORN
    assert read.birth_date("1985-03-02") is None
    assert (read.levels, read.needs["others"]) == ({"LV2": 2}, 2)


@pytest.mark.parametrize("broken", ["", "provider: vneid\n", "- a\n"])
def test_a_profile_that_lacks_something_is_refused_with_its_name(settings: Any, tmp_path: Any, broken: str) -> None:
    own = tmp_path / "broken.yaml"
    own.write_text(broken)
    settings.PHUONG_VNEID = {**settings.PHUONG_VNEID, "profile": str(own)}

    with pytest.raises(ImproperlyConfigured, match="broken.yaml"):
        profile()
