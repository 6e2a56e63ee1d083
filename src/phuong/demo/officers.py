"""People of the department, its divisions and the communes."""

import numpy as np
import polars as pl

from phuong.demo.chance import Chance
from phuong.demo.organisations import DEPARTMENT_PATH, Tree
from phuong.demo.people import Homes
from phuong.demo.staff import Posts

_AT_DEPARTMENT = ("director", "deputy_director", "deputy_director", "deputy_director")
_AT_DIVISION = ("office_head", "deputy_head_of_group", "clerk", "academic_registrar", "academic_registrar", "it")
_AT_COMMUNE = ("office_head", "academic_registrar")


def units(tree: Tree) -> tuple[list[str], list[tuple[str, ...]]]:
    """Give the paths of the offices and the posts at each."""
    open_paths = [row["path"] for row in tree.rows if row["closed_on"] is None]
    paths = [path for path in open_paths if _posts(path)]
    return paths, [_posts(path) for path in paths]


def _posts(path: str) -> tuple[str, ...]:
    if path == DEPARTMENT_PATH:
        return _AT_DEPARTMENT
    above, _, label = path.rpartition(".")
    if above == DEPARTMENT_PATH and not label.startswith("s3"):
        return _AT_DIVISION
    return _AT_COMMUNE if label.startswith("c") and path.count(".") == 2 else ()


def homes(tree: Tree, paths: list[str], communes: dict[str, int], old_provinces: list[int]) -> Homes:
    """Describe the offices as units that keep records. ``communes``: place of a commune by path."""
    where = np.array([communes.get(path, 0) for path in paths])
    return Homes(
        pl.Series([tree.keys[path] for path in paths]),
        pl.Series(paths),
        where,
        np.array(old_provinces)[where],
        np.ones(len(paths)),
    )


def appoint(chance: Chance, posts: list[tuple[str, ...]]) -> Posts:
    """Fill the posts."""
    home = np.array([place for place, titles in enumerate(posts) for _ in titles])
    titles = [title for names in posts for title in names]
    size = len(titles)
    leads = [title in ("director", "deputy_director", "office_head") for title in titles]
    return Posts(
        chance.keys(size),
        home,
        pl.Series(titles),
        pl.Series(["manager" if lead else "staff" for lead in leads]),
        pl.repeat("", size, eager=True),
        ["office"] * size,
        np.zeros(size, dtype=bool),
        np.zeros(len(posts), np.int64),
    )
