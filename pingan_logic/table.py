"""A table of records that is kept by column."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Generic, TypeVar, overload

import attrs

__all__ = ["ById", "Table", "at_rows"]

T = TypeVar("T")

_FEW = 2
"""Records that are all shown."""


class Table(Sequence[T], Generic[T]):
    """An immutable sequence of attrs records.

    It is kept by column, because a county has hundreds of thousands of units and most work is done
    on whole columns; a record is made when it is asked for. A table made of records keeps them.
    """

    __slots__ = ("_columns", "_length", "_record", "_records", "_rows")

    def __init__(self, records: Iterable[T] = ()) -> None:
        self._record: Callable[..., T] | None = None
        self._records: tuple[T, ...] | None = tuple(records)
        self._length = len(self._records)
        self._columns: dict[str, Sequence[Any]] = {}
        self._rows: dict[str, int] | None = None

    @classmethod
    def of_columns(cls, record: type[T], columns: Mapping[str, Sequence[Any]]) -> Table[T]:
        """Return the table with these columns, all of one length; those left out hold the field's
        default."""
        table = cls()
        table._record = record
        table._length = len(next(iter(columns.values())))
        table._records = None
        table._columns = dict(columns)
        return table

    def column(self, name: str) -> Sequence[Any]:
        """Return the values of a column, row by row."""
        if name not in self._columns:
            if self._records is None:  # not kept: `given` tells columns of defaults from others
                fields: Any = attrs.fields(self._record)  # type: ignore[arg-type]
                return [getattr(fields, name).default] * self._length
            self._columns[name] = [getattr(r, name) for r in self._records]
        return self._columns[name]

    def given(self, name: str) -> bool:
        """Whether a column holds more than the field's default."""
        return self._records is not None or name in self._columns

    @property
    def rows(self) -> dict[str, int]:
        """The row of each `id`; of the first one where an id stands twice."""
        if self._rows is None:
            ids = self.column("id")
            self._rows = dict(zip(ids, range(len(ids)), strict=True))
            if len(self._rows) < len(ids):
                self._rows = dict(zip(reversed(ids), range(len(ids) - 1, -1, -1), strict=True))
        return self._rows

    def strangers(self, record: type[Any]) -> list[int]:
        """Return the rows that hold something else than a `record`."""
        return [n for n, r in enumerate(self._records or ()) if not isinstance(r, record)]

    def take(self, rows: Sequence[int]) -> Table[T]:
        """Return the table of these rows."""
        if self._records is not None:
            return Table(self._records[n] for n in rows)
        taken = Table[T]()
        taken._record, taken._records, taken._length = self._record, None, len(rows)
        taken._columns = {name: at_rows(c, rows) for name, c in dict(self._columns).items()}
        return taken

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, place: int) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> Table[T]: ...
    def __getitem__(self, place: int | slice) -> T | Table[T]:
        if isinstance(place, slice):
            return self.take(range(self._length)[place])
        if self._records is not None:
            return self._records[place]
        return self._make({name: c[place] for name, c in dict(self._columns).items()})

    def _make(self, values: dict[str, Any]) -> T:
        assert self._record is not None  # a table without records has columns of some record
        return self._record(**values)

    def __iter__(self) -> Iterator[T]:
        if self._records is not None:
            return iter(self._records)
        columns = dict(self._columns)
        rows = zip(*columns.values(), strict=True)
        return (self._make(dict(zip(columns, row, strict=True))) for row in rows)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, (Table, tuple)):
            return NotImplemented
        return len(self) == len(other) and all(a == b for a, b in zip(self, other, strict=True))

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return f"<Table of {len(self)}>" if len(self) > _FEW else f"Table({list(self)!r})"


def at_rows(column: Sequence[Any], rows: Sequence[int]) -> Sequence[Any]:
    """Return the values of a column at some rows."""
    if isinstance(rows, range) and rows.step == 1:
        return column[rows.start : rows.stop]
    return list(map(column.__getitem__, rows))


class ById(Mapping[str, T], Generic[T]):
    """The records of a table by their `id`; the first one where an id stands twice."""

    table: Table[T]

    __slots__ = ("_made", "_rows", "table")

    def __init__(self, table: Table[T]) -> None:
        self.table = table
        self._rows = table.rows
        self._made: dict[str, T] = {}

    def __getitem__(self, key: str) -> T:
        if key not in self._made:
            self._made[key] = self.make(self._rows[key])
        return self._made[key]

    def make(self, row: int) -> T:
        """Return the record of a row."""
        return self.table[row]

    def row(self, key: str) -> int:
        """Return the row of an id. Raises KeyError."""
        return self._rows[key]

    def __contains__(self, key: object) -> bool:
        return key in self._rows

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)
