"""A CSV text cut at one stroke has the rows that a CSV reader finds, or is left to one."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pingan_logic.intake.grid import Grid

TEXTS = st.text(st.sampled_from("a\u6751,,,\n\n\r\"' ")) | st.lists(
    st.lists(st.text(st.sampled_from("a1 '")), min_size=2, max_size=3).map(",".join), min_size=1
).map("\n".join)


@given(TEXTS)
@example("a,b\nc,d\n")
@example("a,b,c\nx\ny\n")  # line ends at the right places, and others between
@example("a,b\n\n")
def test_the_rows_are_those_of_a_csv_reader(text: str) -> None:
    grid = Grid.of(text)
    if grid is None:
        return
    rows = list(csv.reader(io.StringIO(text, newline="")))
    rows = [row or [""] for row in rows]  # a blank line is one blank cell
    assert list(grid) == rows
    assert [grid[n] for n in range(len(grid))] == rows
    assert {len(row) for row in rows} == {grid.width}
    assert [grid.column(n) for n in range(grid.width)] == list(map(list, zip(*rows, strict=True)))
    assert list(grid[1:]) == rows[1:]
    assert grid[1:].column(0) == [row[0] for row in rows[1:]]
    assert list(grid[1:][1:]) == rows[2:]


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_equal_rows_are_a_grid(end: str) -> None:
    grid = Grid.of("id,name\r\nV-1,\nV-2,x" + end)
    assert grid is not None
    assert list(grid) == [["id", "name"], ["V-1", ""], ["V-2", "x"]]


@pytest.mark.parametrize(
    "text", ["", "a,b\nc", "a\nb,c", 'a,"b"', "a,b\rc,d", "a,b\n\n", "a,b,c\nx\ny", "a,b\n\nc,d"]
)
def test_what_needs_a_reader_is_none(text: str) -> None:
    assert Grid.of(text) is None


def test_rows_are_taken_one_after_the_other() -> None:
    grid = Grid.of("a\nb\nc")
    assert grid is not None
    with pytest.raises(ValueError, match="slice"):
        grid[::2]
    with pytest.raises(IndexError):
        grid[3]
