"""Results as tables of pandas, Polars or Arrow."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, ClassVar

from pingan_logic.errors import Problem, RequestError, nearest
from pingan_logic.extras import optional

__all__ = ["Framed", "Rows", "kinds"]

_TEXT, _NUMBER, _TEXTS = "text", "number", "texts"
Rows = Callable[[Any], Iterator[Sequence[Any]]]
"""The rows of a table of a result."""


class Framed:
    """A result that can be had as tables; `tables` names them, the first is the usual one."""

    __slots__ = ()

    framed: ClassVar[dict[str, tuple[dict[str, str], Rows]]]
    """The tables: of each the kinds of its columns, and its rows."""

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of the tables."""
        return tuple(self.framed)

    def to_arrow(self, table: str | None = None) -> Any:
        """Return a table as a `pyarrow.Table`.

        Raises RequestError when there is no such table, or pyarrow is not installed.
        """
        pa = optional("pyarrow", "frames", "to_arrow")
        types = {_TEXT: pa.string(), _NUMBER: pa.int64(), _TEXTS: pa.list_(pa.string())}
        columns, kinds = self._columns(table)
        return pa.table(columns, schema=pa.schema([(n, types[k]) for n, k in kinds.items()]))

    def to_pandas(self, table: str | None = None) -> Any:
        """Return a table as a `pandas.DataFrame`. Raises RequestError as `to_arrow` does."""
        pd = optional("pandas", "frames", "to_pandas")
        columns, kinds = self._columns(table)
        return pd.DataFrame(
            {
                name: pd.array(values, dtype="Int64")
                if kinds[name] == _NUMBER
                else pd.Series(values, dtype=object)
                for name, values in columns.items()
            }
        )

    def to_polars(self, table: str | None = None) -> Any:
        """Return a table as a `polars.DataFrame`. Raises RequestError as `to_arrow` does."""
        pl = optional("polars", "frames", "to_polars")
        types = {_TEXT: pl.String, _NUMBER: pl.Int64, _TEXTS: pl.List(pl.String)}
        columns, kinds = self._columns(table)
        return pl.DataFrame(columns, schema={n: types[k] for n, k in kinds.items()})

    def _columns(self, table: str | None) -> tuple[dict[str, list[Any]], dict[str, str]]:
        known = self.framed
        name = next(iter(known)) if table is None else table
        if name not in known:
            said = ", ".join(known)
            zh, en = f"应为 {said}", f"expected one of {said}"
            raise RequestError([Problem("table", zh, en, str(name), nearest(str(name), known))])
        kinds, rows = known[name]
        columns: dict[str, list[Any]] = {column: [] for column in kinds}
        for row in rows(self):
            for values, value in zip(columns.values(), row, strict=True):
                values.append(value)
        return columns, kinds


def kinds(texts: str, numbers: str = "", lists: str = "") -> dict[str, str]:
    """Return the kind of each column, by the names of those of texts, numbers and lists."""
    named = ((texts, _TEXT), (numbers, _NUMBER), (lists, _TEXTS))
    return {column: kind for names, kind in named for column in names.split()}
