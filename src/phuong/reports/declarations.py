"""The chains of approval, read from the catalog."""

from functools import cache
from pathlib import Path
from typing import Any

from phuong.kernel.codelists import read_yaml
from phuong.reports.rules import Chain, Signer, Stage

CATALOG = Path(__file__).parent / "catalog" / "chains.yaml"


@cache
def chains() -> dict[str, Chain]:
    """Give the chain of each kind of unit that reports."""
    return {kind: _chain(row) for row in read_yaml(CATALOG)["chains"] for kind in row["units"]}


def _chain(row: Any) -> Chain:
    stages = tuple(
        Stage(
            str(each["code"]),
            str(each["title"]),
            str(each["title_en"]),
            frozenset(map(str, each["roles"])),
            tuple(
                Signer(str(one["title"]), str(one.get("authority", "")), str(one.get("post", "")))
                for one in each["signers"]
            ),
        )
        for each in row["steps"]
    )
    return Chain(frozenset(map(str, row["writers"])), frozenset(map(str, row["senders"])), stages)
