"""What a reader hands on: raw tables, and what was wrong before any row was looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from attrs import Factory, define, evolve

from pingan_logic.errors import Problem, Problems
from pingan_logic.intake.forms import Forms, active
from pingan_logic.intake.headers import passed_over, table_names
from pingan_logic.intake.rows import RawTable
from pingan_logic.model import TABLES

__all__ = ["CellPlace", "Source", "Watch", "column_letters"]

Watch = Callable[[str, int, int], None]
"""Told while a table is read: its name, rows done, rows in all."""


class CellPlace(str):
    """The place of a cell of a workbook, `sheet!C7 header`, or of a CSV file."""

    sheet: str
    row: int
    column: int

    def __new__(cls, sheet: str, row: int, column: int, label: str = "") -> CellPlace:
        """Name the cell at `row` and `column`, both from 1; column 0 is the whole row."""
        where = f"!{column_letters(column)}{row}" if column else f" row {row}"
        return cls._at(f"{sheet}{where} {label}".rstrip(), sheet, row, column)

    @classmethod
    def in_csv(cls, file: str, row: int, column: int = 0, label: str = "") -> CellPlace:
        """Name a cell of a CSV file by its row and header, since it has no column letters."""
        return cls._at(f"{file} row {row} {label}".rstrip(), file, row, column)

    @classmethod
    def _at(cls, text: str, sheet: str, row: int, column: int) -> CellPlace:
        place = super().__new__(cls, text)
        place.sheet, place.row, place.column = sheet, row, column
        return place

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self)._at, (str(self), self.sheet, self.row, self.column)


def column_letters(number: int) -> str:
    """Return the letters of a column counted from 1, as spreadsheets name it."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@define
class Source:
    """The raw tables of one source of data.

    `by_item` are tables of values that have a column for each item, until they become rows of one;
    `names` says under which name each table was found; `partial` are the tables of which not every
    row could be read; `notices` are (Chinese, English) words for the person who asked; `sheets` are
    all cells of the sheets and CSV files, by name, for a marked copy; `forms` is how local forms
    map.
    """

    tables: dict[str, RawTable] = Factory(dict)
    by_item: list[RawTable] = Factory(list)
    names: dict[str, str] = Factory(dict)
    problems: Problems = Factory(Problems)
    partial: set[str] = Factory(set)
    notices: list[tuple[str, str]] = Factory(list)
    sheets: dict[str, Sequence[list[Any]]] = Factory(dict)
    forms: Forms = Factory(active)

    def claim(self, table: str, name: str) -> bool:
        """Note that `name` holds `table`; False, with the problem, when another already does."""
        if table in self.names:
            first = self.names[table]
            self.problems.append(
                Problem(
                    name,
                    f"与 {first} 都是“{table_names(table)}”表，只能保留一个",
                    f"`{first}` holds the table {table} too; keep only one of them",
                )
            )
            self.partial.add(table)
            return False
        self.names[table] = name
        return True

    def pass_over(self, name: str, header: Iterable[str]) -> None:
        """Say which columns of `name` are remarks that are not read."""
        if remarks := passed_over(list(header)):
            self.notices.append(
                (
                    f"{name}：不读取的列 {'、'.join(remarks)}",
                    f"{name}: columns not read: {', '.join(remarks)}",
                )
            )

    def require_units(self, place: str, zh: str, en: str) -> None:
        """Add the problem of missing units."""
        if "units" not in self.names:
            self.problems.append(Problem(place, zh, en))
            self.partial.add("units")

    def put(self, raw: RawTable | None, table: str) -> None:
        """Keep a table that was read; None is one that could not be."""
        if raw is None:
            self.partial.add(table)
        else:
            self.tables[table] = _with_constants(raw, self.forms.constants.get(table, {}))

    def in_order(self, problems: Iterable[Problem]) -> list[Problem]:
        """Return problems sheet by sheet as they stand in the workbook, row by row."""
        sheets = {name: n for n, name in enumerate(self.sheets, 1)}

        def position(problem: Problem) -> tuple[int, int, int]:
            place = problem.place
            if isinstance(place, CellPlace):
                return sheets.get(place.sheet, 0), place.row, place.column
            return sheets.get(place, 0), 0, 0

        return sorted(problems, key=position)

    def ordered(self) -> list[RawTable]:
        """Return the tables in the order of the model."""
        return [self.tables[t] for t in TABLES if t in self.tables]


def _with_constants(raw: RawTable, constants: Mapping[str, Any]) -> RawTable:
    """Return a table with what is the same for every row that does not say it itself."""
    if not constants:
        return raw
    more = [name for name in constants if name not in raw.columns]
    names = [*raw.columns, *more]
    rows = [
        [constants.get(n) if c is None or c == "" else c for n, c in zip(names, row, strict=True)]
        for row in ([*row, *[None] * len(more)] for row in raw.rows)
    ]
    return evolve(raw, columns=names, rows=rows)
