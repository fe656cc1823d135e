"""A raw row (cells of text, JSON values, cells of a workbook) to a record; lexical checks only."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Any

import attrs
from attrs import NOTHING, define

from pingan_logic.catalogue import Input
from pingan_logic.errors import Problem
from pingan_logic.intake.cells import Trap
from pingan_logic.intake.forms import active
from pingan_logic.intake.grid import Grid
from pingan_logic.intake.turned import without_dates
from pingan_logic.intake.vocabulary import Vocabulary
from pingan_logic.intake.well_formed import WellFormed, joined, well_formed_lines
from pingan_logic.intake.written import READERS, BadCell, text_of, value_reader, word_reader
from pingan_logic.model import TABLES

__all__ = [
    "RawTable",
    "Read",
    "columns",
    "read_rows",
    "read_value",
    "required_columns",
]


_SOME = 1000
"""Cells that are looked at to tell what a column is like."""


_NONE: Mapping[str, Input] = MappingProxyType({})


@define
class RawTable:
    """A table as it was read: `columns` by position, and the rows with their own numbers.

    `at` names the place of a row and column for messages; `whole` is False when rows are missing
    because they could not be read; `examples` says that rows may be the examples of a template;
    `head` is the row of the header.
    """

    table: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    numbers: Sequence[int]
    at: Callable[[int, str], str]
    whole: bool = True
    examples: bool = False
    head: int = 0

    def column(self, place: int) -> Sequence[Any]:
        """Return the cells of a column, row by row."""
        rows = self.rows
        return rows.column(place) if isinstance(rows, Grid) else [row[place] for row in rows]

    @property
    def of_texts(self) -> bool:
        """Whether all cells are texts, whatever they mean."""
        return isinstance(self.rows, Grid)

    def joined(self, column: str) -> str | None:
        """Return a column in one text, where that was needed before."""
        rows = self.rows
        if not isinstance(rows, Grid) or column not in self.columns:
            return None
        return rows.known(self.columns.index(column))


@cache
def columns(table: str) -> dict[str, attrs.Attribute[Any]]:
    """Return the columns of a table."""
    return {a.name: a for a in attrs.fields(TABLES[table])}


def required_columns(table: str) -> list[str]:
    """Return the columns that a header row must have."""
    return [n for n, a in columns(table).items() if a.metadata["column"]]


@define
class Read:
    """What a raw table gave: columns of whole rows with their numbers, and the other rows.

    A row that is not whole is `torn`: the values that could be read, and its number.
    """

    columns: dict[str, Sequence[Any]]
    numbers: Sequence[int]
    torn: list[tuple[dict[str, Any], int]]


def read_rows(
    raw: RawTable,
    vocabularies: dict[tuple[str, str], Vocabulary],
    problems: list[Problem],
    watch: Callable[[int], None] | None = None,
    inputs: Mapping[str, Input] = _NONE,
) -> Read:
    """Read a raw table column by column: values, words by any of their names; what is recorded of
    one of the `inputs` as its type says.

    What cannot be read is added to `problems`; `watch` is told how many rows' worth is done.
    """
    found: dict[str, Sequence[Any]] = {}
    bad: dict[int, set[str]] = {}
    cells: Sequence[Any]
    fields = columns(raw.table)
    for done, (name, column) in enumerate(fields.items(), 1):
        if name in raw.columns:
            place = raw.columns.index(name)
            cells = raw.column(place)
        elif column.default is attrs.NOTHING:
            cells = [None] * len(raw.rows)
        else:
            continue
        kind = column.metadata["kind"]
        known = vocabularies.get((raw.table, name))
        values: Sequence[Any] | None = None
        if known is None and kind in ("id", "text"):
            cells, values = _texts(cells, raw.joined(name), kind, column.default)
        if values is None:
            local = active().words.get((raw.table, name), {})
            if kind == "value":
                values = _read_values(cells, found["item"], inputs)
            else:
                values = _read_column(cells, kind, column.default, known, raw.of_texts, local)
            for n, value in () if isinstance(values, WellFormed) else enumerate(values):
                if isinstance(value, BadCell):
                    bad.setdefault(n, set()).add(name)
                    if value.zh and name in raw.columns:  # a missing column is told once
                        place_of = raw.at(raw.numbers[n], name)
                        shown = value.shown(cells[n])
                        problems.append(
                            Problem(
                                place_of,
                                value.zh,
                                value.en,
                                shown,
                                value.nearest,
                                sure=value.sure,
                            )
                        )
        found[name] = values
        if watch:
            watch(len(raw.rows) * done // len(fields))
    if not bad:
        return Read(found, raw.numbers, [])
    torn = [
        ({k: c[n] for k, c in found.items() if k not in names and _given(c[n], fields[k])},
         raw.numbers[n])
        for n, names in sorted(bad.items())
    ]  # fmt: skip
    whole = [n for n in range(len(raw.rows)) if n not in bad]
    kept: dict[str, Sequence[Any]] = {k: [c[n] for n in whole] for k, c in found.items()}
    return Read(kept, [raw.numbers[n] for n in whole], torn)


def _given(value: Any, column: attrs.Attribute[Any]) -> bool:
    return column.default is attrs.NOTHING or value != column.default


def _texts(
    cells: Sequence[Any], whole: str | None, kind: str, default: Any
) -> tuple[Sequence[Any], Sequence[Any] | None]:
    """Return the cells of a column of ids or texts, those that look like dates as traps, and its
    values: None when some must be looked at one by one. `whole` are the cells in one text, where
    that is at hand."""
    if whole is None and (distinct := _repeated(cells)) is not None:
        some, values = _texts(distinct, joined(distinct), kind, default)
        if some is not distinct:
            cells = list(map(dict(zip(distinct, some, strict=True)).__getitem__, cells))
        if values is None:
            return cells, None
        return cells, WellFormed(map(dict(zip(distinct, values, strict=True)).__getitem__, cells))
    if whole is None:
        whole = joined(cells)
    if kind == "id" and (trapped := without_dates(cells, whole)) is not cells:
        return trapped, None
    if whole is None:
        return cells, None
    filled, blank = whole, "\n\n" in f"\n{whole}\n"
    if blank:
        if default is attrs.NOTHING:
            return cells, None
        filled = "\n".join(filter(None, cells))
    if filled and not well_formed_lines(filled, kind, tidy=True):
        return cells, None
    return cells, WellFormed([c or default for c in cells] if blank else cells)


def _repeated(cells: Sequence[Any]) -> list[Any] | None:
    """Return the distinct cells of a column, None unless most of its first ones are repeated."""
    some = cells[:_SOME]
    try:
        return list(dict.fromkeys(cells)) if len(some) > 2 * len(set(some)) else None
    except TypeError:
        return None


def _read_column(
    cells: Sequence[Any],
    kind: str,
    default: Any,
    known: Vocabulary | None,
    of_texts: bool,
    local: Mapping[str, str],
) -> list[Any]:
    """Read a column value by value, each distinct one once; what cannot be read is a BadCell."""
    one = _cell_reader(READERS[kind] if known is None else word_reader(known, local), kind, default)
    try:
        if not of_texts and len(set(map(type, cells))) > 1:
            seen: dict[Any, Any] = {}
            return [
                seen[key] if (key := (type(c), c)) in seen else seen.setdefault(key, one(c))
                for c in cells
            ]
        once = {c: one(c) for c in set(cells)}
    except TypeError:
        return [one(c) for c in cells]
    values = list(map(once.__getitem__, cells))
    named = known is not None and all(v == default or v in known.words for v in once.values())
    return WellFormed(values) if named else values


def _read_values(
    cells: Sequence[Any], items: Sequence[Any], inputs: Mapping[str, Input]
) -> list[Any]:
    """Read the values of items, each as its type says."""
    readers: dict[Any, Callable[[Any], Any]] = {}
    read = []
    for cell, item in zip(cells, items, strict=True):
        name = item if isinstance(item, str) else ""
        if name not in readers:
            readers[name] = _item_reader(inputs.get(name))
        read.append(readers[name](cell))
    return read


def _item_reader(about: Input | None) -> Callable[[Any], Any]:
    """Return what reads a cell with the value of an item."""
    kind = "date" if about is not None and about.type == "date" else "value"
    return _cell_reader(value_reader(about), kind, NOTHING)


def read_value(about: Input, cell: Any) -> tuple[Any, Problem | None]:
    """Return the value of an item that a cell holds, and what is wrong if it holds none."""
    value = _item_reader(about)(cell)
    if isinstance(value, BadCell):
        return None, Problem("", value.zh, value.en, value.shown(cell), value.nearest)
    return value, None


def _cell_reader(read: Callable[[str], Any], kind: str, default: Any) -> Callable[[Any], Any]:
    """Return what reads a cell of a column, whatever its type; what cannot be read is a BadCell."""

    def one(cell: Any) -> Any:
        try:
            if isinstance(cell, Trap):
                return BadCell(cell.zh, cell.en, found=cell.found or "")
            text = cell if isinstance(cell, str) else "" if cell is None else text_of(cell, kind)
            if text.strip():
                return read(text)
            return (
                BadCell("不能为空", "must not be blank", found="")
                if (default is attrs.NOTHING)
                else default
            )
        except BadCell as bad:
            return bad

    return one
