"""People of a file beside those of the registry: another province's register before it is taken in.

The file is only read. Its people are no persons here, so nothing is kept but the figures: the pairs are told to whoever
asked.
"""

from pathlib import Path
from typing import Any

import polars as pl
from django.utils.translation import gettext as _

from phuong.kernel.scope import SYSTEM, acting
from phuong.matching.actions.exporting import plain_phones, pour, put
from phuong.matching.actions.running import peak_memory, with_keys
from phuong.matching.errors import BadFile
from phuong.matching.linking.disguise import Disguise
from phuong.matching.linking.engine import Found, Options, link, workshop
from phuong.matching.linking.fields import FIELDS
from phuong.registry.api import Organisation

NEEDED = ("id", "full_name", "birth_date")
KNOWN = (*NEEDED, "sex", "number", "phone", "phones", "school", "commune", "birthplace", "verified")
_SEXES = {"male": "male", "female": "female", "nam": "male", "nữ": "female", "nu": "female", "m": "male", "f": "female"}
_YES = {"1", "true", "t", "yes", "x", "có"}


def read_people(file: Path) -> pl.DataFrame:
    """Read a file of people (Parquet or CSV) as text, columns by name.

    :raises BadFile: no such file, another format, or a column that is needed is missing
    """
    try:
        frame = pl.read_parquet(file) if file.suffix == ".parquet" else pl.read_csv(file, infer_schema=False)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise BadFile(_("%(file)s: %(error)s") % {"file": file.name, "error": error}) from error
    frame = frame.rename({name: name.strip().lower() for name in frame.columns})
    missing = [name for name in NEEDED if name not in frame.columns]
    if missing:
        raise BadFile(_("Tệp thiếu cột: %s.") % ", ".join(missing))
    lists = [name for name, kind in frame.schema.items() if isinstance(kind, pl.List)]
    frame = frame.with_columns(*(pl.col(name).list.join(",") for name in lists))
    return frame.select([pl.col(name).cast(pl.String) for name in KNOWN if name in frame.columns])


def compare(unit: Organisation, file: Path) -> dict[str, Any]:
    """Compare the people of a unit with those of a file, each known once in either; gives pairs and figures.

    :raises BadFile: the file cannot be read
    """
    people = read_people(file)
    disguise, options = Disguise(), Options(apart=True)
    with workshop(options) as con, acting(SYSTEM, using="batch"):
        inside = pour(con, unit, source="a", disguise=disguise, step=lambda count: None)
        put(con, [_row(inside + place, row, disguise) for place, row in enumerate(people.iter_rows(named=True))])
        found = link(con, options)
        pairs = with_keys(con, found.pairs)
    return {"pairs": _told(pairs, {str(key) for key in people["id"]}), **_figures(found)}


def _figures(found: Found) -> dict[str, Any]:
    sure = int(found.pairs["is_sure"].sum())
    facts = {"people": found.people, "found": len(found.pairs), "sure": sure, "seconds": found.seconds}
    return {**facts, "memory_mb": peak_memory()}


def _told(pairs: pl.DataFrame, outside: set[str]) -> list[dict[str, Any]]:
    """Write pairs for machines: keys and levels, no values. Which key is the file's is told by its name."""
    told = []
    for row in pairs.iter_rows(named=True):
        person, other = (row["two"], row["one"]) if row["one"] in outside else (row["one"], row["two"])
        facts = {"person": person, "other": other, "probability": round(row["probability"], 6)}
        evidence = {each.code: row[each.code] for each in FIELDS}
        told.append({**facts, "sure": row["is_sure"], "guard": row["guard"], "evidence": evidence})
    return told


def _row(key: int, row: dict[str, str | None], disguise: Disguise) -> tuple[Any, ...]:
    def text(name: str) -> str:
        return (row.get(name) or "").strip()

    number = text("number").replace(" ", "").replace(".", "")
    return (
        key,
        text("id"),
        "b",
        text("full_name"),
        text("birth_date") or None,
        _SEXES.get(text("sex").lower(), ""),
        disguise.of(number) if number else None,
        text("verified").lower() in _YES,
        plain_phones(",".join(filter(None, (text("phone"), text("phones"))))),
        text("school"),
        text("commune"),
        text("birthplace") or None,
    )
