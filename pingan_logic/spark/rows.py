"""The rows that a task is given, and what can be read of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa
from attrs import evolve

from pingan_logic.catalogue import Policy
from pingan_logic.intake.rows import RawTable, columns, read_rows, required_columns
from pingan_logic.intake.source import Source
from pingan_logic.intake.vocabulary import Vocabulary
from pingan_logic.model import CHANGES, TABLES

__all__ = ["Cells", "RowPlace", "Rows", "names"]

Cells = tuple[str | None, ...]
"""A row of a table, in the order of the model's columns."""


class RowPlace(str):
    """The place of a cell of a DataFrame: its table, the key of its row, its column."""

    table: str
    number: int

    def __new__(cls, table: str, number: int, key: str, column: str) -> RowPlace:
        return cls._at(f"{table}({key}) {column}".rstrip(), table, number)

    @classmethod
    def _at(cls, text: str, table: str, number: int) -> RowPlace:
        place = super().__new__(cls, text)
        place.table, place.number = table, number
        return place

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self)._at, (str(self), self.table, self.number)


class Rows:
    """The rows of a group by table, in an order of their own: they arrive in any.

    `classes` are rows of units that stand for several (see condense.py), with the ids of those.
    """

    def __init__(self, messages: Iterable[pa.RecordBatch]) -> None:
        self.tables: dict[str, list[Cells]] = {t: [] for t in TABLES}
        self.classes: list[tuple[Cells, pa.Array]] = []
        for batch in messages:
            tables, cells = (batch.column(n).to_pylist() for n in ("table", "cells"))
            members = batch.column("members")
            if members.null_count == len(members):
                for table, row in zip(tables, cells, strict=True):
                    self.tables[table].append(tuple(row))
                continue
            for n, valid in enumerate(members.is_valid().to_pylist()):
                if valid:
                    self.classes.append((tuple(cells[n]), members[n].values))
                else:
                    self.tables[tables[n]].append(tuple(cells[n]))
        for found in self.tables.values():
            found.sort(key=_key)
        self.classes.sort(key=lambda c: (_key(c[0]), c[1][0].as_py()))

    def __len__(self) -> int:
        return sum(map(len, self.tables.values())) + sum(len(ids) for _, ids in self.classes)

    def source(self) -> Source:
        """Return the rows as a source of data like any other."""
        source = Source()
        for table in self.tables:
            source.claim(table, table)
            source.put(self.raw(table), table)
        return source

    def raw(self, table: str) -> RawTable:
        """Return the rows of a table as any reader hands them on."""
        rows, header, needed = self.tables[table], list(columns(table)), required_columns(table)
        keys = ["id"] if "id" in needed else [n for n in needed if n not in ("reason", "value")]
        marks = [header.index(k) for k in keys]

        def at(number: int, column: str) -> RowPlace:
            key = ", ".join(f"{header[m]}={rows[number][m] or ''}" for m in marks)
            return RowPlace(table, number, key, column)

        return RawTable(table, header, rows, range(len(rows)), at)

    def values(self, table: str, numbers: Sequence[int], policy: Policy) -> list[dict[str, Any]]:
        """Return what can be read of some rows of a table."""
        raw = self.raw(table)
        some = evolve(raw, rows=[raw.rows[n] for n in numbers], numbers=numbers)
        read = read_rows(some, Vocabulary.of_tables(policy), [], inputs=policy.inputs)
        found: dict[int, dict[str, Any]] = {number: values for values, number in read.torn}
        for n, number in enumerate(read.numbers):
            found[number] = {name: column[n] for name, column in read.columns.items()}
        return [found[n] for n in numbers]

    def unfold(self, policy: Policy) -> dict[str, pa.Array]:
        """Put units in the place of the classes, and return those that one of them stands for.

        A unit that any row names is put there itself, and so is one whose id stands twice, so that
        the checks find what they would find among all the rows; and all of them are when the rules
        tell units apart.
        """
        alone = self._named(policy)
        stand_ins: dict[str, pa.Array] = {}
        for cells, members in self.classes:
            ids = members.to_pylist()
            alike = [] if policy.proof.distinctions else [i for i in ids if i not in alone]
            if len(alike) > 1:
                # kept as Arrow keeps them: a few bytes for each of millions
                stand_ins[alike[0]] = members if alike == ids else pa.array(alike)
            shown = [*alike[:1], *(i for i in ids if i in alone)] if alike else ids
            self.tables["units"] += ((i, *cells[1:]) for i in shown)
        return stand_ins

    def _named(self, policy: Policy) -> set[str]:
        if not self.classes:
            return set()
        parent = list(columns("units")).index("parent")
        found = {str(cells[parent]) for cells, _ in self.classes}
        for table, rows in self.tables.items():
            for values in self.values(table, range(len(rows)), policy):
                # and the ids of incidents: see `group`
                found |= names(table, values) | {str(values.get("id"))}
        ids = pa.chunked_array([members for _, members in self.classes])
        if len(ids.unique()) < len(ids):
            counted = Counter(ids.to_pylist())
            found |= {unit for unit, n in counted.items() if n > 1}
        return found


def names(table: str, values: Mapping[str, Any]) -> set[str]:
    """Return the ids of the units that a row speaks of."""
    found = {
        values.get(name)
        for name, column in columns(table).items()
        if column.metadata["kind"] == "id" and (table, name) != ("incidents", "id")
    }
    if table == "changes" and CHANGES.get(values.get("change", "")) == "id":
        found.add(values.get("value"))
    return {str(unit) for unit in found if unit}


def _key(cells: Cells) -> str:
    return "\0".join([cell or "" for cell in cells])
