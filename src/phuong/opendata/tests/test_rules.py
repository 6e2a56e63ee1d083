"""Files, schemas and the catalogue, without a database."""

import csv
import datetime as dt
import io
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phuong.opendata.declarations import datasets
from phuong.opendata.rules import Field, Offer, catalogue, counted_days, csv_text, schema_of, school_year_of

MOMENT = dt.datetime(2026, 11, 23, 8, 0, tzinfo=dt.UTC)
TERMS = ("dcat", "dct", "foaf", "spdx", "xsd", "dc")
KNOWN = {
    "dcat": {
        *("Catalog", "Dataset", "Distribution", "dataset", "distribution", "keyword", "theme", "landingPage"),
        *("accessURL", "downloadURL", "mediaType", "byteSize", "endDate"),
    },
    "dct": {
        *("title", "description", "identifier", "publisher", "language", "license", "issued", "modified", "spatial"),
        *("temporal", "accrualPeriodicity", "conformsTo", "Location", "PeriodOfTime"),
    },
    "foaf": {"Agent", "name", "homepage"},
    "spdx": {"Checksum", "checksum", "algorithm", "checksumValue", "checksumAlgorithm_sha256"},
    "xsd": {"dateTime", "date", "hexBinary", "nonNegativeInteger"},
}


def an_offer(code: str = "hoc-sinh") -> Offer:
    known = next(each for each in datasets() if each.code == code)
    return Offer(
        known,
        f"https://phuong.example/du-lieu-mo/31/{code}/",
        f"https://phuong.example/du-lieu-mo/31/{code}.csv",
        f"https://phuong.example/du-lieu-mo/31/{code}.csv-metadata.json",
        "Hải Phòng",
        dt.date(2026, 11, 1),
        MOMENT,
        MOMENT,
        1234,
        "ab" * 32,
    )


def terms_of(value: Any) -> set[str]:
    """Collect every compact IRI used as a key or a type."""
    if isinstance(value, list):
        return {term for each in value for term in terms_of(each)}
    if not isinstance(value, dict):
        return set()
    found = {key for key in value if ":" in key}
    kinds = value.get("@type")
    found |= {kinds} if isinstance(kinds, str) else set()
    return found | {term for key, each in value.items() if key != "@context" for term in terms_of(each)}


def test_the_catalog_of_datasets_is_whole() -> None:
    assert len(datasets()) == 6
    for each in datasets():
        names = [field.name for field in each.fields]
        assert set(each.key) <= set(names)
        assert len(set(names)) == len(names)
        assert each.licence.url.startswith("https://")
        assert not any("phone" in name or "email" in name or "person" in name for name in names)


def test_the_catalogue_is_dcat_with_its_context_inside() -> None:
    told = catalogue(
        [an_offer(), an_offer("truong-hoc")], page="https://phuong.example/du-lieu-mo/", publisher="Sở GDĐT"
    )

    assert all(isinstance(place, str) and place.startswith("http") for place in told["@context"].values())
    for term in terms_of(told):
        prefix, _colon, name = term.partition(":")
        assert prefix in told["@context"]
        assert name in KNOWN[prefix], term
    assert told["@type"] == "dcat:Catalog"
    for dataset in told["dcat:dataset"]:
        (file,) = dataset["dcat:distribution"]
        required = ("dct:title", "dct:description", "dct:publisher", "dct:modified", "dcat:keyword", "dcat:theme")
        assert all(dataset[each] for each in required)
        assert {each["@language"] for each in dataset["dct:title"]} == {"vi", "en"}
        assert all(file[each]["@id"].startswith("https://") for each in ("dcat:accessURL", "dcat:downloadURL"))
        assert file["dct:license"]["@id"].startswith("https://creativecommons.org/")
        assert len(file["spdx:checksum"]["spdx:checksumValue"]["@value"]) == 64


def test_an_empty_catalogue_is_one_too() -> None:
    assert catalogue([], page="https://phuong.example/", publisher="Sở")["dcat:dataset"] == []


@pytest.mark.parametrize("dataset", datasets(), ids=lambda each: each.code)
def test_a_schema_names_every_column_of_its_file(dataset: Any) -> None:
    schema = schema_of(dataset, "https://phuong.example/x.csv")

    header = next(csv.reader(io.StringIO(csv_text(dataset.fields, []))))
    columns = schema["tableSchema"]["columns"]
    assert schema["@context"][0] == "http://www.w3.org/ns/csvw"
    assert [each["name"] for each in columns] == header
    assert {each["datatype"] for each in columns} <= {"string", "integer", "decimal", "boolean", "date"}
    assert schema["tableSchema"]["primaryKey"] == list(dataset.key)


def test_values_are_written_for_machines() -> None:
    fields = [Field(name, "string", name, name) for name in "abcdef"]
    row = (None, True, Decimal("90.5000"), Decimal(0), dt.date(2026, 9, 5), "=1+1")

    assert csv_text(fields, [row]).splitlines()[1] == ",true,90.5,0,2026-09-05,'=1+1"


@given(st.lists(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\r\n\0")), min_size=2, max_size=2))
def test_what_is_written_is_read_back(texts: list[str]) -> None:
    fields = [Field(name, "string", name, name) for name in "ab"]

    read = list(csv.reader(io.StringIO(csv_text(fields, [texts]))))[1:]

    assert [[each.removeprefix("'") for each in line] for line in read] == [[each.removeprefix("'") for each in texts]]


def test_school_years_are_told_by_their_last_count_up_to_may() -> None:
    days = [dt.date(2024, 10, 1), dt.date(2025, 5, 1), dt.date(2025, 7, 1), dt.date(2025, 12, 1), dt.date(2026, 6, 1)]

    assert counted_days(days, most=5) == {2024: dt.date(2025, 5, 1), 2025: dt.date(2026, 6, 1)}
    assert counted_days([*days, dt.date(2026, 11, 1)], most=2) == {
        2025: dt.date(2025, 12, 1),
        2026: dt.date(2026, 11, 1),
    }
    assert counted_days([], most=5) == {}
    assert (school_year_of(dt.date(2026, 8, 31)), school_year_of(dt.date(2026, 9, 1))) == (2025, 2026)
