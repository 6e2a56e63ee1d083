"""The rules of the house that no linter knows: sizes, walls between tables, nothing local in what is committed."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from phuong.kernel.contributions import codes
from phuong.kernel.fields import Path as Place
from phuong.kernel.jobs import JobKind

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "phuong"
FLOORS = (
    "kernel",
    "ui",
    "records",
    "intake",
    "registry",
    "facilities",
    "identity",
    "signon",
    "onboarding",
    "journal",
    "provisioning",
    "notices",
    "transfers",
    "oversight",
    "matching",
    "measures",
    "quality",
    "academics",
    "plans",
    "tasks",
    "verification",
    "reports",
    "opendata",
    "sharing",
    "gateway",
    "roster",
)
MOST_LINES, MOST_TEMPLATE_LINES, MOST_FUNCTION_LINES = 400, 150, 60
# put together, so that this file does not hold them itself
HOSTS = ["pypi" + ".org", "python" + "hosted", "npm" + "js.org", "proxy.golang" + ".org", "index-" + "url"]
MACHINE = ["/" + "work/", "/" + "root/", "/home/" + "user", "/" + "tmp/bash_jobs"]
OURS = [each for each in apps.get_models() if each.__module__.startswith("phuong.")]
PLACED = [each for each in OURS if any(field.name == "path" for field in each._meta.concrete_fields)]
DECLARED = [each for each in PLACED if not hasattr(each, "pgh_tracked_model")]
TESTS = [file for folder in ("src", "tests") for file in (ROOT / folder).rglob("test_*.py")]


def python_files() -> list[Path]:
    return [file for file in SOURCE.rglob("*.py") if "migrations" not in file.parts]


def committed() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("no checkout: nothing is committed here")
    return [name for name in listed.stdout.split("\0") if name]


def text_of(name: str) -> str:
    file = ROOT / name
    try:
        return file.read_text(encoding="utf-8") if file.is_file() else ""
    except UnicodeDecodeError:
        return ""


def functions_of(tree: ast.AST) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def test_no_file_grows_too_long() -> None:
    long = {
        str(file.relative_to(ROOT)): lines
        for file in python_files()
        if (lines := len(file.read_text(encoding="utf-8").splitlines())) > MOST_LINES
    }

    assert long == {}


def test_no_function_grows_too_long() -> None:
    long = {
        f"{file.relative_to(ROOT)}:{node.name}": node.end_lineno - node.lineno
        for file in python_files()
        for node in functions_of(ast.parse(file.read_text(encoding="utf-8")))
        if node.end_lineno - node.lineno > MOST_FUNCTION_LINES
    }

    assert long == {}


def test_no_template_grows_too_long() -> None:
    long = {
        str(file.relative_to(ROOT)): lines
        for file in SOURCE.rglob("*.html")
        if (lines := len(file.read_text(encoding="utf-8").splitlines())) > MOST_TEMPLATE_LINES
    }

    assert long == {}


def _asserts(node: ast.FunctionDef) -> bool:
    """Say whether a test checks anything: an assert, or a ``with pytest.raises``."""
    checks = (isinstance(each, ast.Assert) or _is_raises(each) for each in ast.walk(node))
    return any(checks)


def _is_raises(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("raises", "expect", "fail"))


@pytest.mark.parametrize("file", TESTS, ids=lambda file: str(file.relative_to(ROOT)))
def test_every_test_is_a_sentence_and_asserts(file: Path) -> None:
    tests = [node for node in functions_of(ast.parse(file.read_text("utf-8"))) if node.name.startswith("test_")]

    assert [node.name for node in tests if not _asserts(node)] == []
    assert [node.name for node in tests if re.fullmatch(r"test_?\d*|test_[a-z0-9]+", node.name)] == []


def test_no_two_tests_of_a_file_share_a_name() -> None:
    twice = []
    for file in TESTS:
        names = [node.name for node in ast.parse(file.read_text("utf-8")).body if isinstance(node, ast.FunctionDef)]
        twice += [f"{file.name}:{name}" for name in set(names) if names.count(name) > 1]

    assert twice == []


@pytest.mark.parametrize("model", DECLARED, ids=lambda model: model._meta.label)
def test_every_column_of_a_placed_table_is_declared_personal_or_not(model: type[models.Model]) -> None:
    columns = {field.name for field in model._meta.concrete_fields}
    is_directory = model._meta.label == "registry.Organisation"

    if not is_directory:
        assert columns == model.PERSONAL | model.IMPERSONAL
        assert not model.PERSONAL & model.IMPERSONAL
        assert "path" in model.IMPERSONAL
    assert isinstance(model._meta.get_field("path"), Place)


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_foreign_keys_point_to_the_same_floor_or_a_lower_one(model: type[models.Model]) -> None:
    here = FLOORS.index(model._meta.app_label)

    upwards = [
        f"{field.name} → {field.related_model._meta.label}"
        for field in model._meta.concrete_fields
        if field.is_relation
        and field.related_model._meta.app_label in FLOORS
        and FLOORS.index(field.related_model._meta.app_label) > here
    ]

    assert upwards == []


def test_every_app_with_tables_stands_on_a_floor() -> None:
    assert {model._meta.app_label for model in OURS} <= set(FLOORS)


def test_no_committed_file_names_a_package_registry() -> None:
    found = [(name, host) for name in committed() for host in HOSTS if host in text_of(name)]

    assert [pair for pair in found if not _is_flag(*pair)] == []


def _is_flag(name: str, host: str) -> bool:
    """Allow the flag that keeps index addresses out of the requirement files."""
    text = text_of(name)
    return host == HOSTS[-1] and text.count(host) == text.count("--no-emit-" + host)


def test_no_committed_file_names_a_place_of_one_machine() -> None:
    found = [(name, part) for name in committed() for part in MACHINE if part in text_of(name)]

    assert found == []


def test_every_asked_job_is_contributed() -> None:
    asked = {
        node.args[0].value
        for file in python_files()
        if "tests" not in file.parts
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in ("later", "jobs.later")
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }

    assert asked - set(codes(JobKind)) == set()
    assert "measures.refresh" in asked


@pytest.mark.parametrize("name", ["requirements/dev.txt", "requirements/run.txt"])
def test_every_requirement_is_pinned_with_hashes_and_without_addresses(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")

    blocks = re.split(r"\n(?=[A-Za-z0-9])", "\n" + text)[1:]
    assert [block.split()[0] for block in blocks if not re.match(r"[\w.\[\],-]+==\S+", block)] == []
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []
    assert re.findall(r"https?://|--(?:extra-)?index|--find-links|git\+", text) == []
