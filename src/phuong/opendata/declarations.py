"""The datasets that may be opened, read from their catalog."""

from functools import cache
from pathlib import Path
from typing import Any

from phuong.kernel.codelists import read_yaml
from phuong.kernel.refusals import NotThere
from phuong.opendata.rules import Dataset, Field, Licence

_FILE = Path(__file__).resolve().parent / "catalog" / "datasets.yaml"
_LISTS = ("keywords", "keywords_en", "key", "measures")


@cache
def datasets() -> tuple[Dataset, ...]:
    """Give what may be opened, in the order of the catalog."""
    told = read_yaml(_FILE)
    licence = Licence(**told["licence"])
    return tuple(_dataset(each, licence) for each in told["datasets"])


def _dataset(told: dict[str, Any], licence: Licence) -> Dataset:
    facts: dict[str, Any] = {name: tuple(value) if name in _LISTS else value for name, value in told.items()}
    facts["fields"] = tuple(Field(**each) for each in told["fields"])
    return Dataset(**facts, licence=licence)


def dataset_named(code: str) -> Dataset:
    """Find a dataset.

    :raises NotThere: there is none of this code
    """
    found = next((each for each in datasets() if each.code == code), None)
    if found is None:
        raise NotThere
    return found
