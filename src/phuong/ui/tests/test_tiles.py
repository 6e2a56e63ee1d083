"""Where the tiles of the map stand."""

from hypothesis import given
from hypothesis import strategies as st

from phuong.ui.charts.tiles import computed_tiles, drawn_tiles, tiles_for

PLACES = st.dictionaries(
    st.text("0123456789", min_size=5, max_size=5), st.tuples(st.floats(8, 24), st.floats(102, 110)), max_size=60
)


def test_hai_phong_has_its_114_communes_each_in_its_own_cell() -> None:
    tiles = drawn_tiles("31")

    assert len(tiles) == 114
    assert len({(tile.column, tile.row) for tile in tiles.values()}) == 114
    assert (tiles["11948"].column, tiles["11948"].row) == (13, 10)


def test_a_province_without_a_drawn_layout_gets_a_computed_one() -> None:
    assert drawn_tiles("99") == {}
    assert tiles_for({"a": (20.0, 106.0), "b": (21.0, 106.0)}, province="99").keys() == {"a", "b"}


def test_a_new_commune_makes_the_whole_grid_computed() -> None:
    assert set(tiles_for({"10570": (21.1, 106.4), "99999": (20.8, 106.6)}, province="31")) == {"10570", "99999"}


@given(PLACES)
def test_a_computed_grid_is_complete_and_repeatable(places: dict[str, tuple[float, float]]) -> None:
    tiles = computed_tiles(places)

    assert tiles.keys() == places.keys()
    assert len({(tile.column, tile.row) for tile in tiles.values()}) == len(places)
    assert tiles == computed_tiles(dict(reversed(places.items())))


def test_a_computed_grid_keeps_north_up_and_east_right() -> None:
    places = {f"{row}{column}": (20.0 - row * 0.1, 106.0 + column * 0.1) for row in range(5) for column in range(5)}

    tiles = computed_tiles(places)

    assert tiles["00"].row <= tiles["40"].row
    assert tiles["00"].column <= tiles["04"].column
    assert sum(tiles[f"{r}0"].column < tiles[f"{r}4"].column for r in range(5)) == 5
