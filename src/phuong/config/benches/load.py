"""Loading a fresh province."""

from collections.abc import Iterator
from typing import Any

from phuong.config.benches.figures import learners_wanted, sizes
from phuong.demo.api import load_figures
from phuong.kernel.contributions import Bench


def load() -> Iterator[dict[str, Any]]:
    """Load a fresh province and compare with a bare COPY of its rows."""
    yield from load_figures(learners_wanted())


LOAD = Bench("load", sizes, load)
