"""CSV text to a raw table."""

from __future__ import annotations

import csv
import io
import re

from pingan_logic.errors import Problem
from pingan_logic.intake.headers import read_header
from pingan_logic.intake.rows import RawTable, columns
from pingan_logic.intake.source import CellPlace, Source

__all__ = ["guard", "read_csv"]

_STARTS = "[=+@\\-\t\r\uff1d\uff0b\uff20\uff0d]"
_GUARDED = re.compile(f"'+{_STARTS}")
_LIVE = re.compile(f"'*{_STARTS}")


def guard(text: str) -> str:
    """Return `text` so that no spreadsheet runs it as a formula; `read_csv` takes it back."""
    return f"'{text}" if _LIVE.match(text) else text


def read_csv(text: str, table: str, file: str, source: Source) -> RawTable | None:
    """Return the rows of `table`, or None after naming what is wrong with the file as a whole."""
    problems = source.problems
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        problems.append(Problem(f"{file} row {line}", "含有 NUL 字符", "contains a NUL character"))
        return None
    header: list[str] = []
    names: list[str] | None = None
    rows: list[list[str]] = []
    numbers: list[int] = []
    bad = False

    def at(number: int, column: str) -> str:
        position = names.index(column) if names and column in names else -1
        label = header[position] if position >= 0 else column
        return CellPlace.in_csv(file, number, position + 1, label)

    def header_at(number: int, position: int | None) -> str:
        return CellPlace.in_csv(file, number, 0 if position is None else position + 1)

    number = 0
    every = source.sheets[file] = []
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), strict=True):
            number += 1
            every.append(cells)
            if not any(c.strip() for c in cells):
                continue
            if names is None:
                header = [c.strip() for c in cells]
                while not header[-1]:
                    header.pop()
                names = read_header(table, header, number, header_at, problems)
                if names is None:
                    return None
                continue
            if len(cells) != len(header) and (
                len(cells) < len(header) or any(c.strip() for c in cells[len(header) :])
            ):
                bad = True
                problems.append(
                    Problem(
                        CellPlace.in_csv(file, number),
                        f"应有 {len(header)} 列",
                        f"expected {len(header)} cells",
                        str(len(cells)),
                    )
                )
                continue
            rows.append(cells)
            numbers.append(number)
    except csv.Error as error:
        problems.append(
            Problem(
                f"{file} row {number + 1}",
                "不是合法的 CSV(引号不配对?)",
                "is not valid CSV (unbalanced quotes?)",
                str(error),
            )
        )
        return None
    if names is None:
        problems.append(Problem(file, "文件是空的,缺少表头", "the file is empty: no header"))
        return None
    for position, name in enumerate(names):
        if columns(table)[name].metadata["kind"] == "text":
            for row in rows:
                if row[position][:1] == "'" and _GUARDED.match(row[position]):
                    row[position] = row[position][1:]
    return RawTable(table, names, rows, numbers, at, whole=not bad)
