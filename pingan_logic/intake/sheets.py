"""The sheets of a workbook, of whatever format, to raw tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from attrs import Factory, define

from pingan_logic.errors import Problem, nearest
from pingan_logic.intake.asides import is_aside, is_title, may_be_aside, said_of
from pingan_logic.intake.cells import Shown, Trap
from pingan_logic.intake.headers import (
    has_item_columns,
    is_header_word,
    looks_like_header,
    read_header,
    table_like,
    table_name,
    table_names,
    table_of,
    title_above,
)
from pingan_logic.intake.rows import RawTable
from pingan_logic.intake.source import CellPlace, Source, column_letters
from pingan_logic.intake.traps import doubt, notice, seen, stored
from pingan_logic.limits import NAME
from pingan_logic.model import TABLES

__all__ = ["NOTES", "Sheet", "add_sheets"]

NOTES = (
    "填写说明",
    "词表",
    "检查结果",
    "更正清单",
    "instructions",
    "words",
    "check results",
    "corrections",
)
"""How the names of sheets begin that a template or marked copy has beside its tables."""

_TITLES = 10
"""How many rows of titles may stand above a header for it still to be found."""

_SILENT = Trap()


_COPY = re.compile(r"(.+?)\s*(?:[(（]\d+[)）]|[-_ ]?(?:的?副本|copy)\s*\d*)$", re.IGNORECASE)


@define
class Sheet:
    """One sheet: values by row and column from A1 on, blanks as None or empty text.

    Rows and columns of the other fields are counted from 1. `traps` are the cells that must not be
    read, or show something else than they hold; `shown` says that there are such among the rows;
    `merged` are (first row, first column, last row, last column), `struck` the rows of which all
    text is struck through.
    """

    name: str
    rows: list[list[Any]]
    hidden: bool = False
    hidden_rows: set[int] = Factory(set)
    hidden_columns: set[int] = Factory(set)
    merged: list[tuple[int, int, int, int]] = Factory(list)
    traps: dict[tuple[int, int], Trap | Shown] = Factory(dict)
    shown: bool = False
    struck: set[int] = Factory(set)

    def blank(self) -> bool:
        """Whether nothing is written anywhere."""
        return not self.traps and not any(_filled(row) for row in self.rows)

    def set_traps(self) -> None:
        """Put the traps where their values stand."""
        for (row, column), trap in self.traps.items():
            while len(self.rows) < row:
                self.rows.append([])
            cells = self.rows[row - 1]
            cells += [None] * (column - len(cells))
            cells[column - 1] = trap
            self.shown = self.shown or isinstance(trap, Shown)


def add_sheets(source: Source, sheets: Sequence[Sheet], stem: str, prefix: str = "") -> None:
    """Add the tables of a workbook to `source`.

    `stem` is the file's name without its ending: it names the table when the workbook has a single
    sheet with a name of its own. `prefix` stands before the sheet in messages.
    """
    for number, sheet in enumerate(sheets, 1):
        # without a name no message could say where it is
        sheet.name = sheet.name if sheet.name.strip() else f"Sheet{number}"
    data = [s for s in sheets if not s.blank() and not s.name.strip().casefold().startswith(NOTES)]
    for sheet in sheets:
        source.sheets[f"{prefix}{sheet.name}"] = sheet.rows
    for sheet in data:
        if has_item_columns(sheet.name):
            label = f"{prefix}{sheet.name}"
            raw = _Reader(source, sheet, "values", label, by_item=True).read()
            if raw is None:
                source.partial.add("values")
            else:
                source.by_item.append(raw)
            continue
        table = table_of(sheet.name)
        if table is None and len(data) == 1:
            table = table_of(stem)
        label = f"{prefix}{sheet.name}"
        if table is None:
            source.problems.append(_unknown(sheet, label))
            continue
        if source.claim(table, label):
            reader = _Reader(source, sheet, table, label)
            source.put(reader.read(), table)


def _unknown(sheet: Sheet, label: str) -> Problem:
    name = sheet.name
    choices = [n for t in TABLES for n in (table_name(t), t)]
    copied = _COPY.fullmatch(name.strip()) if len(name) <= NAME else None
    if copied and table_of(copied[1]):
        return Problem(
            label,
            f"工作表像是“{copied[1]}”的副本：合并到原表，或删除",
            "the sheet looks like a copy of another one: merge it into that one or delete it",
            name,
            copied[1],
        )
    tops = ([_header_text(c) for c in row] for row in sheet.rows[:_TITLES])
    if table := next((t for cells in tops if (t := table_like(cells))), None):
        return Problem(
            label,
            f"不认识的工作表；从表头看像是“{table_names(table)}”，是的话请把工作表改名为它",
            f"unknown sheet; its header looks like that of {table}: rename the sheet if it is",
            name,
            table_name(table),
        )
    return Problem(
        label,
        f"不认识的工作表，应为 {'、'.join(map(table_names, TABLES))}；"
        f"不是数据的请删除，或改名为“{NOTES[0]}”",
        f"unknown sheet; expected {', '.join(TABLES)}; delete it if it holds no data, or name it "
        "`corrections`",
        name,
        nearest(name, choices),
    )


class _Reader:
    def __init__(
        self, source: Source, sheet: Sheet, table: str, label: str, *, by_item: bool = False
    ) -> None:
        self.by_item = by_item
        self.source, self.sheet, self.table, self.label = source, sheet, table, label
        self.titles: dict[str, tuple[int, str]] = {}

    def at(self, number: int, column: str) -> CellPlace:
        """Name the cell of a column; of the whole row when the sheet has no such column."""
        position, title = self.titles.get(column, (0, column))
        return CellPlace(self.label, number, position, title)

    def add(self, row: int, column: int, zh: str, en: str, found: str | None = None) -> None:
        self.source.problems.append(
            Problem(CellPlace(self.label, row, column), zh, en, found)
        )  # fmt: skip

    def read(self) -> RawTable | None:
        sheet = self.sheet
        if sheet.hidden:
            self.source.problems.append(
                Problem(
                    self.label,
                    "工作表被隐藏，请取消隐藏或删除",
                    "the sheet is hidden; unhide or delete it",
                )
            )
        sheet.set_traps()
        head = self.head()
        header = [_header_text(c) for c in sheet.rows[head - 1]]
        if self.merged(head):
            return None
        positions = [p for p, text in enumerate(header, 1) if text]
        names = self.columns(head, header, positions)
        self.hidden(head)
        if names is None:
            return None
        if sheet.shown:
            self.settle(head, dict(zip(positions, names, strict=True)))
        return self.table_of(head, names, positions)

    def head(self) -> int:
        """Return the number of the header row; what stands above it is named."""
        rows = self.sheet.rows
        first = next(i for i, row in enumerate(rows) if _filled(row)) + 1
        for number, row in enumerate(rows[first - 1 : first + _TITLES], first):
            if looks_like_header(self.table, [_header_text(c) for c in row]):
                self.titled(first, number)
                return number
        return first

    def titled(self, first: int, head: int) -> None:
        """Pass over the titles above the header; what looks like data there is named."""
        above = {
            n: [_header_text(c) for c in self.sheet.rows[n - 1]]
            for n in range(first, head)
            if _filled(self.sheet.rows[n - 1])
        }
        odd = next((n for n, cells in above.items() if not is_title(cells)), None)
        if odd is not None:
            place = CellPlace(self.label, odd, 0)
            self.source.problems.append(title_above(place, head, above[odd]))
        elif above:
            self.source.notices.append(said_of(self.label, list(above), "title"))

    def merged(self, head: int) -> bool:
        """Name merged cells and silence what they cover; True when the header is among them."""
        in_header = False
        for top, left, bottom, right in self.sheet.merged:
            if bottom < head or (top > head and is_aside(_row(self.sheet, top))):
                continue  # a title, or a line of signatures
            area = f"{column_letters(left)}{top}:{column_letters(right)}{bottom}"
            self.add(
                top,
                left,
                "合并单元格，请取消合并并逐格填写",
                "merged cells; unmerge them and fill in every cell",
                area,
            )
            in_header = in_header or top <= head <= bottom
            for row in self.sheet.rows[max(top, head + 1) - 1 : bottom]:
                row += [None] * (right - len(row))
                row[left - 1 : right] = [_SILENT] * (right - left + 1)
        return in_header

    def columns(self, head: int, header: list[str], positions: list[int]) -> list[str] | None:
        def at(row: int, position: int | None) -> str:
            return CellPlace(self.label, row, 0 if position is None else positions[position])

        names = read_header(
            self.table,
            [header[p - 1] for p in positions],
            head,
            at,
            self.source.problems,
            by_item=self.by_item,
        )
        if names is not None:
            titled = zip(names, positions, strict=True)
            self.titles = {name: (p, header[p - 1].strip()) for name, p in titled if name}
            self.source.pass_over(self.label, header)
        return names

    def hidden(self, head: int) -> None:
        """Name hidden rows and columns in which something is written."""
        sheet = self.sheet
        rows = [r for r in sorted(sheet.hidden_rows) if _filled(_row(sheet, r))]
        for first, last in _runs(rows):
            self.add(
                first,
                0,
                f"第{first}至{last}行被隐藏（可能是筛选），请取消隐藏或删除"
                if last > first
                else "该行被隐藏（可能是筛选），请取消隐藏或删除",
                f"rows {first} to {last} are hidden (by a filter?); unhide or delete them"
                if last > first
                else "the row is hidden (by a filter?); unhide or delete it",
            )
        columns = [
            c
            for c in sorted(sheet.hidden_columns)
            if any(len(row) >= c and _written(row[c - 1]) for row in sheet.rows)
        ]
        for first, last in _runs(columns):
            area = f"{column_letters(first)}:{column_letters(last)}"
            self.add(
                head,
                first,
                "列被隐藏，请取消隐藏或删除",
                "the columns are hidden; unhide or delete them",
                area,
            )

    def settle(self, head: int, names: dict[int, str]) -> None:
        """Replace what is shown otherwise than it is held by what is to be read there."""
        said: dict[int, list[tuple[int, Shown]]] = {}
        for number, row in enumerate(self.sheet.rows[head - 1 :], head):
            for position, cell in enumerate(row, 1):
                if not isinstance(cell, Shown):
                    continue
                if number == head:
                    trap = doubt(cell)
                    self.add(number, position, trap.zh, trap.en, trap.found)
                    continue
                row[position - 1], told = seen(cell, self.table, names.get(position, ""))
                if told:
                    said.setdefault(position, []).append((number, cell))
        for position, cells in sorted(said.items()):
            place = self.at(cells[0][0], names[position])
            self.source.notices.append(notice(place, cells[0][1], len(cells) - 1))

    def table_of(self, head: int, names: list[str], positions: list[int]) -> RawTable:
        rows: list[Sequence[Any]] = []
        numbers: list[int] = []
        wide = positions[-1]
        straight = positions == list(range(1, wide + 1))
        known = set(positions)
        whole = True
        aside: list[int] = []
        for number, row in enumerate(self.sheet.rows[head:], head + 1):
            if not _filled(row):
                continue
            if may_be_aside(row) and is_aside(row):
                aside.append(number)
                continue
            begins = row[positions[0] - 1] if len(row) >= positions[0] else None
            if isinstance(begins, str) and is_header_word(begins):
                cells = [_header_text(c) for c in row]
                if looks_like_header(self.table, cells):
                    self.add(
                        number,
                        0,
                        "又是一行表头，请删除",
                        "a second header row; delete it",
                        cells[0],
                    )
                    continue
                if (other := table_like(cells)) is not None:
                    self.add(
                        number,
                        0,
                        f"这一行起像是“{table_names(other)}”表：一个工作表只放一张表，请移到它自己的"
                        "工作表",
                        f"from here on it looks like the table {other}: one table to a sheet, move "
                        "it to its own",
                        cells[0],
                    )
                    whole = False
                    break
            if len(row) > wide or not straight:
                for column, cell in enumerate(row, 1):
                    if column not in known and _written(cell):
                        self.add(
                            number,
                            column,
                            "该列没有表头",
                            "the column has no header",
                            None if isinstance(cell, Trap) else str(cell),
                        )
            if len(row) < wide:
                row = [*row, *[None] * (wide - len(row))]
            rows.append(row if straight else [row[p - 1] for p in positions])
            numbers.append(number)
        if aside:
            self.source.notices.append(said_of(self.label, aside, "aside"))
        if struck := [n for n in numbers if n in self.sheet.struck]:
            self.source.notices.append(said_of(self.label, struck, "struck"))
        return RawTable(self.table, names, rows, numbers, self.at, whole, examples=True, head=head)


def _row(sheet: Sheet, number: int) -> list[Any]:
    return sheet.rows[number - 1] if number <= len(sheet.rows) else []


def _runs(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    first = last = 0
    for n in numbers:
        if first and n == last + 1:
            last = n
            continue
        if first:
            yield first, last
        first = last = n
    if first:
        yield first, last


def _written(cell: Any) -> bool:
    return cell is not None and (not isinstance(cell, str) or bool(cell.strip()))


def _filled(row: Sequence[Any]) -> bool:
    return any(_written(c) for c in row)


def _header_text(cell: Any) -> str:
    if isinstance(cell, Shown):
        return stored(cell).strip()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None or isinstance(cell, Trap) else str(cell).strip()
