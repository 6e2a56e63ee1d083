"""Write docs/indicators.md: how the figure of every indicator of every plan is had.

Usage: ``python tools/indicators.py``, from any directory.
"""

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import django
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parent.parent
CATALOG = ROOT / "src" / "phuong" / "plans" / "catalog"
OTHERS = ("decisions.yaml", "shared_definitions.yaml")  # no plans
PAGE = ROOT / "docs" / "indicators.md"
WAYS = ("counted", "planned", "reported")
INTRO = """# Indicators and how their figures are had

Written by `tools/indicators.py` from the plan catalogs, `decisions.yaml` and the measures; do not edit by hand.

Every indicator of every plan is decided once:

- **counted**: a measure of the platform works the figure out from records, school by school, and lists the very
  records still missing. Where the measure only approximates the printed formula, the last column says so.
- **planned**: records of a subject not built yet will answer; the column names the app that will hold them.
- **reported**: no record of the platform can tell; a unit reports the figure, and it is shown as reported, never mixed
  with what is counted.
"""

Decision = Mapping[str, Any]


def read(file: Path) -> Any:
    """Read one YAML file as plain data."""
    return YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8"))


def plans() -> list[Mapping[str, Any]]:
    """Read every plan of the catalog, in order of file name."""
    return [read(file) for file in sorted(CATALOG.glob("*.yaml")) if file.name not in OTHERS]


def decisions() -> list[Decision]:
    """Read the decisions, in the order of the file."""
    return list(read(CATALOG / "decisions.yaml"))


def measures() -> Mapping[str, Any]:
    """Collect the measures that the apps declare, by code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "phuong.config.settings")
    django.setup()
    from phuong.kernel.contributions import contributions  # noqa: PLC0415
    from phuong.kernel.measures import Measure  # noqa: PLC0415

    return {measure.code: measure for measure in contributions(Measure)}


def page() -> str:
    """Write the whole page."""
    decided = {(line["plan"], str(line["code"])): line for line in decisions()}
    titles = {code: measure.title_en for code, measure in measures().items()}
    parts = [INTRO, "\n".join(_summary(plans(), decided)), *(_plan(plan, decided) for plan in plans())]
    parts.append("\n".join(_measures(titles, decided)))
    return "\n".join(parts)


def _row(cells: Sequence[object]) -> str:
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |"


def _head(cells: Sequence[str]) -> list[str]:
    return [_row(cells), _row(["---"] * len(cells))]


def _summary(known: list[Mapping[str, Any]], decided: Mapping[tuple[str, str], Decision]) -> Iterator[str]:
    yield from _head(("Plan", *WAYS, "all"))
    totals: Counter[str] = Counter()
    for plan in known:
        code = plan["plan"]["code"]
        counts = Counter(decided[code, str(line["code"])]["decision"] for line in plan["indicators"])
        totals += counts
        yield _row((f"`{code}`", *(counts[way] for way in WAYS), counts.total()))
    yield _row(("**All**", *(totals[way] for way in WAYS), totals.total()))
    yield ""


def _plan(plan: Mapping[str, Any], decided: Mapping[tuple[str, str], Decision]) -> str:
    code = plan["plan"]["code"]
    lines = [f"## `{code}`", "", plan["plan"]["title"], ""]
    lines += _head(("Code", "Official title", "Unit", "Decision", "Measure or app", "Because"))
    for line in plan["indicators"]:
        decision = decided[code, str(line["code"])]
        what = decision.get("measure") or decision.get("app") or ""
        lines.append(
            _row(
                (
                    line["code"],
                    line["title"],
                    line["unit"],
                    decision["decision"],
                    f"`{what}`" if what else "",
                    decision["because"] or "",
                )
            )
        )
    return "\n".join([*lines, ""])


def _measures(titles: Mapping[str, str], decided: Mapping[tuple[str, str], Decision]) -> Iterator[str]:
    yield from ("## Measures", "", "Measures that serve no indicator watch the quality of records.", "")
    yield from _head(("Measure", "Counts", "Serves"))
    for code, title in sorted(titles.items()):
        serves = [f"{plan}:{line}" for (plan, line), each in decided.items() if each.get("measure") == code]
        yield _row((f"`{code}`", title, ", ".join(serves) or "record quality"))
    yield ""


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
