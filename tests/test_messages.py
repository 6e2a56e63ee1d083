"""Every Vietnamese text has its English, and the catalog holds nothing else."""

import gettext
import runpy
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from babel.messages.mofile import write_mo

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def tool() -> dict[str, Any]:
    """Load tools/messages.py."""
    return runpy.run_path(str(ROOT / "tools" / "messages.py"))


@pytest.fixture(scope="module")
def found(tool: dict[str, Any]) -> dict[Any, Any]:
    """Collect the texts once for all tests here."""
    return tool["collected"]()


def test_every_text_is_translated(tool: dict[str, Any], found: dict[Any, Any]) -> None:
    catalog = tool["merged"](found, tool["kept"]())

    assert tool["missing"](catalog) == [], "run make messages, then translate"


def test_nothing_in_the_catalog_is_unused(tool: dict[str, Any], found: dict[Any, Any]) -> None:
    assert tool["obsolete"](found, tool["kept"]()) == [], "run make messages"


def test_placeholders_and_tags_are_those_of_the_original(tool: dict[str, Any]) -> None:
    assert tool["unequal"](tool["kept"]()) == []


def test_the_catalog_is_written_as_the_tool_writes_it(tool: dict[str, Any], found: dict[Any, Any]) -> None:
    written = tool["CATALOG"].read_text(encoding="utf-8")

    assert written == tool["rendered"](tool["merged"](found, tool["kept"]())), "run make messages"


def test_the_compiled_catalog_loads_and_answers(tool: dict[str, Any]) -> None:
    compiled = BytesIO()

    write_mo(compiled, tool["kept"]())
    compiled.seek(0)
    english = gettext.GNUTranslations(compiled)

    assert english.gettext("Đăng nhập") == "Sign in"
    assert english.ngettext("%(n)d ngày trước", "%(n)d ngày trước", 1) == "%(n)d day ago"
    assert english.ngettext("%(n)d ngày trước", "%(n)d ngày trước", 2) == "%(n)d days ago"


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        ("{% translate 'Một' %} 46% {% translate \"Hai\" as x %}", {("", "Một"), ("", "Hai")}),
        ("{% blocktranslate asvar t with a=b|c %}Còn {{ a }}, 5%{% endblocktranslate %}", {("", "Còn %(a)s, 5%%")}),
        (
            "{% blocktranslate count n=m %}{{ n }} bé{% plural %}{{ n }} các bé{% endblocktranslate %}",
            {("", ("%(n)s bé", "%(n)s các bé"))},
        ),
        ("{% translate 'Năm' context 'đếm' %}\n    {{ _('Ba')|upper }}", {("đếm", "Năm"), ("", "Ba")}),
        ("{% card _('Bốn') %}it's \"free\"{% endcard %}", {("", "Bốn")}),
    ],
)
def test_texts_of_a_template_are_found(tool: dict[str, Any], tmp_path: Path, source: str, texts: set[Any]) -> None:
    page = tmp_path / "page.html"
    page.write_text(source, encoding="utf-8")

    assert {
        (context, tuple(text) if isinstance(text, list) else text) for context, text in tool["texts_of"](page)
    } == texts


def test_texts_of_python_are_found_and_labels_of_choices_too(tool: dict[str, Any], tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text(
        "_('a' 'b'); gettext_lazy('c'); ngettext('d', 'e', 2); pgettext('f', 'g'); other('h')\n"
        "class Kind(models.TextChoices):\n    ONE = 'one', 'i'\n    TWO = 'two', _('j')\n"
    )

    assert set(tool["texts_of"](module)) == {
        ("", "ab"),
        ("", "c"),
        ("", ("d", "e")),
        ("f", "g"),
        ("", "i"),
        ("", "j"),
    }
