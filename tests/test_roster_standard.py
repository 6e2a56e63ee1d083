"""The roster service against the OpenAPI document of the standard, and the grammar of filters."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import schemathesis
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from phuong.config.wsgi import application
from phuong.roster.queries.kinds import PROJECTIONS
from phuong.roster.rules import Comparison, Unreadable, read_filter
from tests.calling import keep_open, open_world
from tests.test_roster import ALL_COLLECTIONS, FOREIGN, Caller, a_teaching, reader
from tests.world import World

DOCUMENT = Path(__file__).resolve().parents[3] / "shared" / "specs" / "oneroster-1.2.openapi.yml"
SERVICE = "/ims/oneroster/rostering/v1p2/"
needs_document = pytest.mark.skipif(
    not DOCUMENT.exists(), reason="the OpenAPI document of OneRoster 1.2 is not part of the product: ../shared/specs"
)


@pytest.fixture
def world(db: None) -> Iterator[World]:
    for found in open_world():
        a_teaching(found)
        yield found


def document() -> dict[str, Any]:
    """Give the document, mended where it says less than the standard: links to many and lists are arrays there."""
    read = yaml.safe_load(DOCUMENT.read_text(encoding="utf-8"))
    facts: dict[str, Any] = json.loads(json.dumps(read, default=str))
    schemas = facts["components"]["schemas"]
    for schema, names in {"org": ["children"], "academicSession": ["children"], "class": ["terms"]}.items():
        for name in names:
            schemas[schema]["properties"][name] = {"type": "array", "items": {"type": "object"}}
    for name in ("agents", "roles", "userIds"):
        schemas["user"]["properties"][name] = {"type": "array", "items": {"type": "object"}}
    for schema in ("class", "course"):
        for name in ("subjects", "subjectCodes"):
            schemas[schema]["properties"][name] = {"type": "array", "items": {"type": "string"}}
    schemas["enrollment"]["properties"]["primary"] = {"enum": ["true", "false"]}
    schemas["demographic"]["properties"]["sex"] = {"enum": ["male", "female", "unspecified", "other"]}
    return facts


@needs_document
def test_every_answer_fits_the_document_of_the_standard(world: World) -> None:
    facts, caller = document(), reader(world)

    for name in ALL_COLLECTIONS:
        operation = facts["paths"][SERVICE + name]["get"]
        schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
        checker = jsonschema_rs.Draft202012Validator(
            {**schema, "required": list(schema["properties"]), "components": facts["components"]}
        )
        assert [str(fault) for fault in checker.iter_errors(caller.ask(name).json())] == [], name
        for row in caller.list(name):
            schema = facts["paths"][SERVICE + name + "/{id}"]["get"]["responses"]["200"]["content"]["application/json"]
            checker = jsonschema_rs.Draft202012Validator({**schema["schema"], "components": facts["components"]})
            alone = caller.ask(f"{name}/{row['sourcedId']}").json()
            assert list(alone) == list(schema["schema"]["properties"])
            assert [str(fault) for fault in checker.iter_errors(alone)] == [], name


@needs_document
@pytest.mark.slow
def test_no_call_that_the_document_allows_or_forbids_breaks_the_server_or_leaks(world: World) -> None:
    token = reader(world).headers["Authorization"]
    schema = schemathesis.openapi.from_dict(document())
    schema.app = application
    seen: list[tuple[str, int, str]] = []
    keep_open()

    for result in schema.get_all_operations():
        operation = result.ok()

        @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        @given(case=operation.as_strategy())
        def attack(case: Any) -> None:
            headers = {"Authorization": token, "Accept-Encoding": "identity"}
            answer = case.call(base_url="http://testserver", headers=headers)
            assert answer.status_code < 500, (case.path, case.query, answer.text[:300])
            if answer.status_code == 200:
                case.validate_response(answer, checks=CHECKS)
            else:
                assert answer.json()["imsx_codeMajor"] == "failure"
            seen.append((case.path, answer.status_code, answer.text))

        attack()

    assert {path for path, _status, _text in seen} == set(document()["paths"])
    assert not any(words in text for _path, _status, text in seen for words in FOREIGN)
    assert any(status == 200 for _path, status, _text in seen)


CHECKS = [response_schema_conformance, content_type_conformance]
NAMES = sorted({name for kind in PROJECTIONS.values() for name in kind.fields} | {"dateLastModified"})
VALUES = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
COMPARISONS = st.builds(
    Comparison, st.sampled_from(NAMES), st.sampled_from(["=", "!=", ">", ">=", "<", "<=", "~"]), VALUES
)


def written(alternatives: list[list[Comparison]]) -> str:
    return " OR ".join(
        " AND ".join("{}{}'{}'".format(each.field, each.operator, each.value.replace("'", "''")) for each in all_of)
        for all_of in alternatives
    )


@given(st.lists(st.lists(COMPARISONS, min_size=1, max_size=3), min_size=1, max_size=3))
def test_a_filter_is_read_as_it_was_written(alternatives: list[list[Comparison]]) -> None:
    assert read_filter(written(alternatives)) == alternatives


@given(st.text(max_size=60))
def test_any_other_text_is_refused_at_a_place_and_never_otherwise(text: str) -> None:
    places = []
    try:
        read_filter(text)
    except Unreadable as error:
        places.append(error.args[0])

    assert all(0 <= place <= len(text) for place in places)


def test_a_longer_filter_than_anybody_needs_is_refused() -> None:
    with pytest.raises(Unreadable):
        read_filter(" AND ".join(["name='a'"] * 21))
    with pytest.raises(Unreadable):
        read_filter("name='" + "a" * 2000 + "'")


@pytest.mark.parametrize("name", sorted(PROJECTIONS))
def test_every_filter_and_sort_is_answered_or_refused(world: World, name: str) -> None:
    caller: Caller = reader(world)
    own = [each for each in NAMES if each in PROJECTIONS[name].fields or each == "dateLastModified"]
    samples = ["a", "", "2026-09-05", "true", "2026-01-01T00:00:00Z", f"{world.group.pk}", "08.TOAN", "'"]

    answers = [
        caller.ask(name, filter=written([[Comparison(field, operator, value)]]), sort=field)
        for field in own
        for operator, value in zip(("=", "!=", ">", "<=", "~", "=", "!=", "~"), samples, strict=True)
    ]

    assert {each.status_code for each in answers} <= {200, 400}
    assert any(each.status_code == 200 for each in answers)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(alternatives=st.lists(st.lists(COMPARISONS, min_size=1, max_size=3), min_size=1, max_size=2))
def test_a_filter_never_breaks_the_server(world: World, alternatives: list[list[Comparison]]) -> None:
    if world.school.pk not in _callers:  # the examples of one test share their world
        _callers[world.school.pk] = reader(world)
    caller = _callers[world.school.pk]

    for name in ("users", "enrollments", "classes"):
        assert caller.ask(name, filter=written(alternatives)).status_code in (200, 400)


_callers: dict[Any, Caller] = {}
