"""What the browser is given: the typeface, the sprite, the sheet, the scripts."""

import gzip
import re
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from phuong.ui import assets, icons
from phuong.ui.typeface import CHARACTERS, LETTERS, WEIGHTS

TEMPLATES = Path(assets.HERE, "templates")
ROOT = assets.HERE.parent


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("static") / "ui"
    assert assets.build(target) is True
    return target


def test_a_second_build_has_nothing_to_do_and_a_missing_file_is_made_again(built: Path) -> None:
    assert assets.build(built) is False

    built.joinpath("icons.svg").unlink()

    assert assets.build(built) is True
    assert {path.name for path in built.iterdir()} == {*assets.outputs(), assets.STAMP}


@pytest.mark.parametrize("weight", list(WEIGHTS))
def test_the_typeface_has_every_vietnamese_letter_and_figures_of_one_width(built: Path, weight: int) -> None:
    path = built / assets.font_name(weight)
    font = TTFont(path)
    cmap = font.getBestCmap()

    assert len(LETTERS) == 134
    assert set(map(ord, LETTERS)) <= cmap.keys()
    assert cmap.keys() >= CHARACTERS - {0x2009, 0x202F}  # the two thin spaces are not in the original
    tabular = _chosen_by(font, "tnum")
    assert tabular.keys() == {cmap[ord(digit)] for digit in "0123456789"}
    assert {font["hmtx"][glyph][0] for glyph in tabular.values()} == {WEIGHTS[weight][1]}
    assert {"kern", "mark"} <= {record.FeatureTag for record in font["GPOS"].table.FeatureList.FeatureRecord}
    assert path.stat().st_size < 13_000


def _chosen_by(font: TTFont, feature: str) -> dict[str, str]:
    table = font["GSUB"].table
    places = {n for r in table.FeatureList.FeatureRecord if r.FeatureTag == feature for n in r.Feature.LookupListIndex}
    return {k: v for n in places for part in table.LookupList.Lookup[n].SubTable for k, v in part.mapping.items()}


def test_the_sheet_keeps_its_budget_and_asks_nobody_else(built: Path) -> None:
    sheet = built.joinpath("phuong.css").read_text(encoding="utf-8")

    assert len(gzip.compress(sheet.encode(), 9)) <= 7424
    assert "http" not in sheet
    assert "@import" not in sheet
    assert "color-mix" not in sheet
    assert "&" not in sheet
    assert sheet.count("{") == sheet.count("}")


def test_every_token_used_is_declared(built: Path) -> None:
    sheet = built.joinpath("phuong.css").read_text(encoding="utf-8")

    assert set(re.findall(r"var\((--[\w-]+)\)", sheet)) <= set(re.findall(r"(--[\w-]+):", sheet))


def test_light_and_dark_declare_the_same_tokens() -> None:
    text = assets.SOURCES.joinpath("tokens.css").read_text(encoding="utf-8")
    blocks = [set(re.findall(r"(--[\w-]+):", block)) for block in re.split(r"\n\s+color-scheme:", text)[1:4]]
    values = [re.findall(r"--[\w-]+:[^;]+;", block.split("}")[0]) for block in text.split("color-scheme:dark;")[1:3]]

    assert blocks[0] - {"--focus"} == blocks[1] == blocks[2]
    assert values[0] == values[1]


@pytest.mark.parametrize("name", ["palette.js"])
def test_own_scripts_are_small_and_need_no_leave_of_the_policy(name: str) -> None:
    text = assets.SOURCES.joinpath(name).read_text(encoding="utf-8")

    assert len(text.encode()) <= 6144
    assert "localStorage" not in text
    assert not re.search(r"innerHTML|eval\(|new Function|\.style\b", text)


def test_htmx_is_the_fourth_and_keeps_within_its_budget(built: Path) -> None:
    code = built.joinpath("htmx.min.js").read_bytes()

    assert b"includeIndicatorCSS" in code
    assert len(gzip.compress(code, 9)) < 15_000


def test_the_sprite_holds_every_icon_that_the_house_names(built: Path) -> None:
    sprite = built.joinpath("icons.svg").read_text(encoding="utf-8")
    held = set(re.findall(r'<symbol id="([\w-]+)"', sprite))
    named = {name for path in ROOT.rglob("*.html") for name in _named_in(path.read_text(encoding="utf-8"))}

    assert held == {*icons.NAMES, *icons.OWN}
    assert len(icons.NAMES) == len(set(icons.NAMES))
    assert named <= held


def _named_in(text: str) -> list[str]:
    return re.findall(r'{% icon "([\w-]+)"', text) + re.findall(r'\bmark="([\w-]+)"', text)


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.name)
def test_a_template_needs_no_leave_of_the_policy(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:|https?://", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert text.count("\n") <= 150
