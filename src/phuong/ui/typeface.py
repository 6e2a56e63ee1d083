"""The platform's typeface: a Vietnamese subset of Be Vietnam Pro with tabular figures."""

from __future__ import annotations

from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from fontTools.otlLib.builder import buildSingleSubstSubtable
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables import otTables

# weight -> (file of the package, width of a tabular figure in font units)
WEIGHTS: dict[int, tuple[str, int]] = {400: ("BeVietnamPro-Regular.ttf", 660), 600: ("BeVietnamPro-SemiBold.ttf", 680)}
VOWELS = "aàáảãạăằắẳẵặâầấẩẫậeèéẻẽẹêềếểễệiìíỉĩịoòóỏõọôồốổỗộơờớởỡợuùúủũụưừứửữựyỳýỷỹỵđ"
LETTERS = frozenset(VOWELS + VOWELS.upper()) - frozenset("aeiouyAEIOUY")  # the 134 letters of Vietnamese with marks
_OTHER = (0xA0, 0xA7, 0xA9, 0xAB, 0xAD, 0xB0, 0xB2, 0xB3, 0xB7, 0xBB, 0xBD, 0x300, 0x301, 0x303, 0x309, 0x323, 0x2009)
_SIGNS = (
    0x2013,
    0x2014,
    0x2018,
    0x2019,
    0x201C,
    0x201D,
    0x2022,
    0x2026,
    0x202F,
    0x20AB,
    0x2212,
    0x2248,
    0x2264,
    0x2265,
)
CHARACTERS: frozenset[int] = frozenset({*range(0x20, 0x7F), *_OTHER, *_SIGNS, *map(ord, LETTERS)})
_FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl"]


def build_weight(weight: int, target: Path) -> None:
    """Write one weight of the typeface to ``target`` as woff2.

    :raises KeyError: the weight is not one of :data:`WEIGHTS`
    """
    name, width = WEIGHTS[weight]
    with as_file(files("fontpkg_be_vietnam_pro").joinpath("files", name)) as source:
        font = TTFont(source, recalcTimestamp=False)
    _keep_subset(font)
    _add_tabular_figures(font, width=width)
    font.flavor = "woff2"
    font.save(target)


def _keep_subset(font: TTFont) -> None:
    options = Options()
    options.layout_features = _FEATURES
    options.hinting = False
    options.name_IDs = [0, 1, 2, 4, 6, 13, 14]
    options.notdef_outline = True
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=CHARACTERS)
    subsetter.subset(font)


def _add_tabular_figures(font: TTFont, *, width: int) -> None:
    """Copy the ten digits to glyphs of one width and let the feature ``tnum`` choose them."""
    cmap = font.getBestCmap()
    pairs = {cmap[code]: f"{cmap[code]}.tnum" for code in range(ord("0"), ord("9") + 1)}
    glyphs = font.getGlyphSet()
    for digit, tabular in pairs.items():
        shift = (width - font["hmtx"][digit][0]) // 2
        pen = TTGlyphPen(glyphs)
        glyphs[digit].draw(TransformPen(pen, (1, 0, 0, 1, shift, 0)))
        font["glyf"][tabular] = pen.glyph()
        font["hmtx"][tabular] = (width, font["hmtx"][digit][1] + shift)
    font.setGlyphOrder(font["glyf"].glyphOrder)
    _add_substitution(font["GSUB"].table, tag="tnum", pairs=pairs)


def _add_substitution(table: Any, *, tag: str, pairs: dict[str, str]) -> None:
    lookup = otTables.Lookup()
    lookup.LookupType, lookup.LookupFlag = 1, 0
    lookup.SubTable, lookup.SubTableCount = [buildSingleSubstSubtable(pairs)], 1
    table.LookupList.Lookup.append(lookup)
    record = otTables.FeatureRecord()
    record.FeatureTag, record.Feature = tag, otTables.Feature()
    record.Feature.FeatureParams = None
    record.Feature.LookupListIndex = [len(table.LookupList.Lookup) - 1]
    table.FeatureList.FeatureRecord.append(record)
    for script in table.ScriptList.ScriptRecord:
        languages = [script.Script.DefaultLangSys, *(entry.LangSys for entry in script.Script.LangSysRecord)]
        for language in filter(None, languages):
            language.FeatureIndex.append(len(table.FeatureList.FeatureRecord) - 1)
