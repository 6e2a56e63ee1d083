"""Papers as PDF/A-2a, tagged, by Typst: one compiler for many, data as JSON."""

import json
from dataclasses import asdict
from importlib.resources import as_file, files
from typing import Any

import typst

from phuong.paper.blocks import Bar, Block, Grid, Heading, Listing, Paper, Paragraph
from phuong.paper.numbers import long_day

_NAMES: dict[type, str] = {Heading: "heading", Paragraph: "paragraph", Listing: "listing", Grid: "grid"}


class Press:
    """Prints papers one after another; not to be shared between threads."""

    def __init__(self) -> None:
        """Load the template once."""
        source = files("phuong.paper").joinpath("templates/paper.typ")
        with as_file(source) as path:
            self._compiler = typst.Compiler(str(path), ignore_system_fonts=True)

    def pdf(self, paper: Paper) -> bytes:
        """Print one paper."""
        data = json.dumps(_facts(paper), ensure_ascii=False)
        made = self._compiler.compile(format="pdf", pdf_standards=["a-2a"], sys_inputs={"data": data})
        return bytes(made)  # type: ignore[arg-type]


def to_pdf(paper: Paper) -> bytes:
    """Print a single paper."""
    return Press().pdf(paper)


def _facts(paper: Paper) -> dict[str, Any]:
    facts = {name: value for name, value in asdict(paper).items() if name not in ("blocks", "day")}
    return {**facts, "day": long_day(paper.place, paper.day), "blocks": [_block(block) for block in paper.blocks]}


def _block(block: Block) -> dict[str, Any]:
    facts: dict[str, Any] = {"block": _NAMES[type(block)]}
    if isinstance(block, Grid):
        rows = [[_cell(cell) for cell in row] for row in block.rows]
        return {**facts, "columns": [asdict(column) for column in block.columns], "rows": rows}
    return {**facts, **asdict(block)}


def _cell(cell: str | Bar) -> dict[str, Any]:
    if isinstance(cell, Bar):
        return {"bar": True, "actual": cell.share(cell.actual), "target": cell.share(cell.target)}
    return {"bar": False, "text": cell}
