"""CSV text to a raw table."""

from __future__ import annotations

import csv
import io
import re

from pingan_logic.errors import Problem
from pingan_logic.intake.headers import looks_like_header, read_header, title_above
from pingan_logic.intake.rows import RawTable, columns
from pingan_logic.intake.source import CellPlace, Source

__all__ = ["guard", "read_csv"]

_STARTS = "[=+@\\-\uff1d\uff0b\uff20\uff0d]"
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

    every = source.sheets[file] = []
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), strict=True):
            every.append(cells)
    except csv.Error:
        bad = True
        problems.append(
            Problem(
                f"{file} row {len(every) + 1}",
                "不是合法的 CSV(引号不配对?)",
                "is not valid CSV (unbalanced quotes?)",
            )
        )
    filled = [(n, cells) for n, cells in enumerate(every, 1) if any(c.strip() for c in cells)]
    if not filled:
        if not bad:
            problems.append(Problem(file, "文件是空的,缺少表头", "the file is empty: no header"))
        return None
    head = next((i for i, (_, c) in enumerate(filled[:10]) if looks_like_header(table, c)), 0)
    number, cells = filled[head]
    if head:
        problems.append(title_above(CellPlace.in_csv(file, filled[0][0]), number, filled[0][1]))
    header = [c.strip() for c in cells]
    while not header[-1]:
        header.pop()
    names = read_header(table, header, number, header_at, problems)
    if names is None:
        return None
    source.pass_over(file, header)
    for number, cells in filled[head + 1 :]:
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
    for position, name in enumerate(names):
        if name and columns(table)[name].metadata["kind"] == "text":
            for row in rows:
                if row[position][:1] == "'" and _GUARDED.match(row[position]):
                    row[position] = row[position][1:]
    return RawTable(table, names, rows, numbers, at, whole=not bad)
