"""Contracts: each version is fixed, asks for no more than the catalogue says, and names columns that there are."""

import re
from typing import Any

import pytest
from django.db import connection
from jsonschema_rs import Draft202012Validator

from phuong.kernel.codelists import read_yaml
from phuong.sharing.declarations import CATALOG, SCHEMAS, contract_named, data_services
from phuong.sharing.records import DATASETS

# SHA-256 of the fields of every version ever sent. A changed field is a new version: a new line, never a new digest.
FIXED = {
    "schools@1": "efb5c0143f3039d378354c05a9f46145e30f9882506628fb61ee62b83bbc33e0",
    "classes@1": "88c6a60adaf67da86c65afd8987d8f6be2cae4dcc3997bd65693c333502f70c7",
    "learner_places@1": "97cdd9d7a0a328769002e889158224c6b7fb71466ade361c418270a66f0d9040",
    "learners@1": "6bfe5f5deaf5fe530edc9f03b793b653df63f776f49761d65044e90f2d82e1c9",
    "staff@1": "2e9e2c99ead649c4bd7b74d2caa638978b9cb30d8d81087c7a3355483393099f",
    "rooms@1": "4da606ff59a8ad9a639261102b861287c791cd5bb535dd1202e99e10db936439",
    "indicators@1": "027eecbe96d909a3bf37ac2ea6394b491569cc19f5dea426118ea7aae576faa1",
}
LISTS = CATALOG.parents[1] / "registry" / "catalog" / "lists"
OWN = {code: about for code, about in data_services().items() if not about.carried_by}
NAMING = {"full_name", "code", "birth_date", "ethnicity", "nationality", "address", "phone", "email", "class_name"}


def test_a_version_that_was_sent_is_never_changed() -> None:
    found = {file.stem: contract_named(file.stem).digest for file in SCHEMAS.glob("*.json")}

    assert found == FIXED


@pytest.mark.parametrize("name", FIXED)
def test_a_contract_is_a_json_schema_that_takes_nothing_more(name: str) -> None:
    schema: Any = contract_named(name).schema

    Draft202012Validator(schema)
    assert schema["additionalProperties"] is False
    assert schema["required"] == list(schema["properties"])
    assert list(schema["properties"])[:3] == ["id", "commune_code", "unit_code"]
    assert all(rule["title"] and rule["x-title-en"] for rule in schema["properties"].values())


@pytest.mark.parametrize("name", ["classes@1", "learner_places@1", "learners@1"])
def test_levels_of_classes_are_those_of_the_code_list(name: str) -> None:
    listed = read_yaml(LISTS / "school_level.yaml")["entries"]

    assert contract_named(name).schema["properties"]["level"]["enum"] == [each["code"] for each in listed]


def test_every_service_says_by_which_law_and_what_of_it_is_not_certain() -> None:
    for about in data_services().values():
        assert about.bases
        assert all(basis.document and basis.source for basis in about.bases)
        assert any(basis.doubt for basis in about.bases)
        assert about.partner.is_city != about.partner.is_national
        assert about.every_days > 0
        assert bool(about.contract) != bool(about.carried_by)


def test_the_city_gets_no_learner_by_name() -> None:
    for about in OWN.values():
        if about.partner.is_city and about.records in ("learners", "staff"):
            assert about.contract is not None
            assert not NAMING & {field.name for field in about.contract.fields}


@pytest.mark.django_db
@pytest.mark.parametrize("code", OWN)
def test_the_records_have_every_column_the_contract_names(code: str) -> None:
    about = OWN[code]
    assert about.contract is not None
    dataset = DATASETS[about.records]
    values = {"units": "'{}'::text[]", "day": "current_date", "since_day": "current_date", "as_of": "null"}
    values |= {"path": "'vn'", "year": "2026", "snapshot": "null", "personal": "'{}'"}
    values |= {"measures": "'{}'", "titles": "'{}'"}
    statement = f"with chosen as ({dataset.all_keys}) {dataset.rows}"
    statement = re.sub(r"%\((\w+)\)s", lambda found: values[found[1]], statement)

    with connection.cursor() as cursor:
        cursor.execute(statement)
        columns = {column.name for column in cursor.description}

    assert {field.name for field in about.contract.fields} <= columns
