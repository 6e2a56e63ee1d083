"""Write the commune catalogs of provinces from the package vietnamadminunits.

Usage: ``python tools/communes.py 31 22``, from any directory.
"""

import json
import re
import sqlite3
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

PACKAGE = "vietnamadminunits"
CATALOG = Path(__file__).resolve().parent.parent / "src" / "phuong" / "registry" / "catalog"
MERGED_ON = "2025-07-01"
SOURCE = (
    f"PyPI {PACKAGE} {version(PACKAGE)} (MIT): units in force since 1/7/2025 (two levels, province and commune), "
    "centroids, areas in km2, and the legacy units that went into each"
)
KINDS = {"Xã": "commune", "Phường": "ward", "Đặc khu": "special_zone"}


class Former(NamedTuple):
    """A unit abolished on 1/7/2025; ``part`` when several new units share it."""

    code: str
    name: str
    district: str
    province: str
    part: bool


def data_folder() -> Path:
    """Find the package's data on disk without running the package."""
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise SystemExit(f"{PACKAGE} is not installed: pip install -e '.[dev]'")
    return Path(spec.origin).parent / "data"


def flow(**fields: object) -> str:
    """Write one YAML flow mapping's inside; JSON scalars are YAML scalars."""
    return ", ".join(f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in fields.items())


def text(value: str) -> str:
    """Normalise a name: NFC, single spaces."""
    return " ".join(unicodedata.normalize("NFC", value).split())


def plain(name: str) -> str:
    """Take the marks off a Vietnamese name: Hải Phòng -> Hai Phong, Đồng Nai -> Dong Nai."""
    letters = unicodedata.normalize("NFD", name.translate(str.maketrans("Đđ", "Dd")))
    return re.sub(r"[\u0300-\u036f]", "", letters)


class Units:
    """The package's two tables and its old-to-new map."""

    def __init__(self, folder: Path) -> None:
        """Open the package's data, read only."""
        self.rows = sqlite3.connect(f"file:{folder / 'dataset.db'}?mode=ro", uri=True)
        self.rows.row_factory = sqlite3.Row
        self.converter = json.loads((folder / "converter_2025.json").read_text("utf-8"))

    def communes(self, province: str) -> list[sqlite3.Row]:
        """List a province's units in force, by code."""
        sql = "select * from admin_units where provinceCode = ? and wardCode is not null order by wardCode"
        return self.rows.execute(sql, [province]).fetchall()

    def old_provinces(self, key: str) -> list[sqlite3.Row]:
        """List the provinces merged into the one with this key, its own former self first."""
        keys = self.converter["DICT_PROVINCE"][key]
        marks = ",".join("?" * len(keys))
        sql = f"select distinct provinceCode, province from admin_units_legacy where provinceKey in ({marks})"
        return sorted(self.rows.execute(sql, keys), key=lambda row: -int(row["provinceCode"]))

    def former(self, key: str) -> dict[str, list[Former]]:
        """List the legacy units of each new unit, by the new unit's key; legacy units by code."""
        legacy = {
            f"{row['provinceKey']}_{row['districtKey']}_{row['wardKey'] or ''}": row
            for row in self.rows.execute("select * from admin_units_legacy where districtKey is not null")
        }
        found = defaultdict(list)
        for new, old, part in self._moves(key):
            row = legacy[old]
            # An island district without communes stands for itself.
            code, name = row["wardCode"] or row["districtCode"], row["ward"] or row["district"]
            found[new].append(Former(code, text(name), text(row["district"]), row["provinceCode"], part))
        return {new: sorted(units) for new, units in found.items()}

    def _moves(self, key: str) -> Iterator[tuple[str, str, bool]]:
        for new, olds in self.converter["DICT_PROVINCE_WARD_NO_DIVIDED"][key].items():
            for old in olds:
                yield new, old, False
        for old, news in self.converter["DICT_PROVINCE_WARD_DIVIDED"].get(key, {}).items():
            for new in news:
                yield new["newWardKey"], old, True


def catalog(units: Units, province: str) -> str:
    """Write out one province's catalog as YAML, one commune and one legacy unit a line."""
    communes = units.communes(province)
    if not communes:
        raise SystemExit(f"no province has the code {province}")
    whole = communes[0]
    merged = [
        flow(code=row["provinceCode"], name=text(row["province"])) for row in units.old_provinces(whole["provinceKey"])
    ]
    short = text(whole["provinceShort"])
    head = flow(code=province, name=text(whole["province"]), short_name=short, name_en=plain(short))
    former = units.former(whole["provinceKey"])
    lines = [
        f"# Written by tools/communes.py from the package {PACKAGE} {version(PACKAGE)} (MIT). Do not edit.",
        "# merged_from: the provinces before 1/7/2025, one where the province only merged its communes.",
        f"province: {{{head}, merged_from: [{', '.join(f'{{{one}}}' for one in merged)}], merged_on: {MERGED_ON}}}",
        f"source: {json.dumps(SOURCE, ensure_ascii=False)}",
        "communes:",
    ]
    for row in communes:
        names = flow(code=row["wardCode"], name=text(row["ward"]), short_name=text(row["wardShort"]))
        place = flow(lat=row["wardLat"], lon=row["wardLon"], area_km2=row["wardAreaKm2"])
        lines.append(f"  - {{{names}, kind: {KINDS[row['wardType']]}, {place}, former: [")
        lines.extend(f"      {{{flow(**unit._asdict())}}}," for unit in former[row["wardKey"]])
        lines[-1] = lines[-1].removesuffix(",") + "]}"
    return "\n".join(lines) + "\n"


def main(provinces: list[str]) -> None:
    """Write ``communes-<code>.yaml`` for every province code given."""
    units = Units(data_folder())
    for province in provinces:
        target = CATALOG / f"communes-{province}.yaml"
        target.write_text(catalog(units, province), encoding="utf-8")
        print(f"{target.name}: {len(units.communes(province))} communes")


if __name__ == "__main__":
    if not sys.argv[1:]:
        raise SystemExit(__doc__)
    main(sys.argv[1:])
