"""Results as tables of pandas, Polars or Arrow."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from pingan_logic.errors import Problem, RequestError, nearest

if TYPE_CHECKING:
    from pingan_logic.programme import Programme
    from pingan_logic.verdicts import Assessment

__all__ = ["Framed"]

_TEXT, _NUMBER, _TEXTS = "text", "number", "texts"
Rows = Callable[[Any], Iterator[Sequence[Any]]]


class Framed:
    """A result that can be had as tables; `tables` names them, the first is the usual one."""

    __slots__ = ()

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of the tables."""
        return tuple(_TABLES[type(self).__name__])

    def to_arrow(self, table: str | None = None) -> Any:
        """Return a table as a `pyarrow.Table`.

        Raises RequestError when there is no such table, or pyarrow is not installed.
        """
        pa = _library("pyarrow", "to_arrow")
        types = {_TEXT: pa.string(), _NUMBER: pa.int64(), _TEXTS: pa.list_(pa.string())}
        columns, kinds = self._columns(table)
        return pa.table(columns, schema=pa.schema([(n, types[k]) for n, k in kinds.items()]))

    def to_pandas(self, table: str | None = None) -> Any:
        """Return a table as a `pandas.DataFrame`. Raises RequestError as `to_arrow` does."""
        pd = _library("pandas", "to_pandas")
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
        pl = _library("polars", "to_polars")
        types = {_TEXT: pl.String, _NUMBER: pl.Int64, _TEXTS: pl.List(pl.String)}
        columns, kinds = self._columns(table)
        return pl.DataFrame(columns, schema={n: types[k] for n, k in kinds.items()})

    def _columns(self, table: str | None) -> tuple[dict[str, list[Any]], dict[str, str]]:
        known = _TABLES[type(self).__name__]
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


def _verdicts(a: Assessment) -> Iterator[Sequence[Any]]:
    for unit, name, line in a.lines():
        yield (
            unit, line.kind, name, a.units[unit].parent, line.status.value,
            list(line.standards), list(line.failed), list(line.undetermined),
        )  # fmt: skip


def _findings(a: Assessment) -> Iterator[Sequence[Any]]:
    for unit in a:
        for f in a[unit].findings:
            n = f.figures
            least = n.least if n else None
            share = least if isinstance(least, tuple) else (least, None)
            yield (
                unit, f.clause, f.source, f.text, f.status.value, f.measured, f.required,
                n and n.measure, n and n.low, n and n.high, n and n.of, *share, n and n.most,
                list(f.evidence), list(f.missing),
            )  # fmt: skip


def _attainment(p: Programme) -> Iterator[Sequence[Any]]:
    for year in p.years:
        for r in year.rows.values():
            yield (
                year.year, r.kind, r.scope or None, r.total, r.met, r.failed, r.undetermined,
                *(r.target or (None, None)), r.short, r.result,
            )  # fmt: skip


def _rosters(p: Programme) -> Iterator[Sequence[Any]]:
    for roster in p.rosters:
        row = roster.to_dict(p.current)
        for unit in row["units"]:
            yield (*(row[c] for c in ("body", "body_name", "office", "role", "kind")), unit)


def _kinds(texts: str, numbers: str = "", lists: str = "") -> dict[str, str]:
    kinds = ((texts, _TEXT), (numbers, _NUMBER), (lists, _TEXTS))
    return {column: kind for names, kind in kinds for column in names.split()}


_TABLES: dict[str, dict[str, tuple[dict[str, str], Rows]]] = {
    "Assessment": {
        "verdicts": (
            _kinds("id kind name parent status", lists="standards failed undetermined"),
            _verdicts,
        ),
        "findings": (
            {
                **_kinds("unit clause source text status measured required measure"),
                **_kinds("", "low high of least least_of most", "evidence missing"),
            },
            _findings,
        ),
    },
    "Programme": {
        "attainment": (
            {
                **_kinds("", "year"),
                **_kinds("kind scope", "counted met failed undetermined target target_of short"),
                **_kinds("result"),
            },
            _attainment,
        ),
        "rosters": (_kinds("body body_name office role kind unit"), _rosters),
    },
}
"""The tables of a result by its class: the kind of each column, and the rows."""


def _library(name: str, asked: str) -> Any:
    from pingan_logic.intake.parts import optional  # reading is no part of a result

    return optional(name, "frames", asked)
