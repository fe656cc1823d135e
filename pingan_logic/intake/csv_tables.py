"""CSV text to a raw table."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from itertools import islice

from pingan_logic.errors import Problem
from pingan_logic.intake.asides import is_aside, is_title, may_be_aside, none_may_be_aside, said_of
from pingan_logic.intake.grid import Grid
from pingan_logic.intake.headers import looks_like_header, read_header, title_above
from pingan_logic.intake.rows import RawTable, columns
from pingan_logic.intake.source import CellPlace, Source
from pingan_logic.intake.well_formed import some_blank

__all__ = ["escape_formula", "may_run", "read_csv"]

_MARKS = "=+@-\t\r\uff1d\uff0b\uff20\uff0d"
_STARTS = f"[{re.escape(_MARKS)}]"
_ESCAPED = re.compile(f"'+{_STARTS}")
_LIVE = re.compile(f"'*{_STARTS}")
_SEP = re.compile(r'"?sep=([,;\t|])"?(?=\r?\n|\Z)', re.IGNORECASE)
"""A first line by which spreadsheets are told what parts the columns."""


def escape_formula(text: str) -> str:
    """Return `text` so that no spreadsheet runs it as a formula; `read_csv` takes it back."""
    return f"'{text}" if _LIVE.match(text) else text


def may_run(whole: str) -> bool:
    """Whether some line of a text begins with what `escape_formula` looks for."""
    return any(
        mark in whole and (whole.startswith(mark) or f"\n{mark}" in whole) for mark in f"'{_MARKS}"
    )


def read_csv(
    text: str,
    table: str,
    file: str,
    source: Source,
    separator: str = ",",
    *,
    by_item: bool = False,
) -> RawTable | None:
    """Return the rows of `table`, or None after naming what is wrong with the file as a whole.

    `separator` parts the columns, unless the first line, `sep=;`, says another. In a file that is
    `by_item` other columns than those of the table are items.
    """
    problems = source.problems
    if said := _SEP.match(text):
        separator = said[1]
        text = text[said.end() :]  # its end stays, so that rows keep their numbers
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        problems.append(Problem(f"{file} row {line}", "含有 NUL 字符", "contains a NUL character"))
        return None
    every, bad = _lines(text, separator, file, problems)
    source.sheets[file] = every
    head = _header_row(every, table, file, source)
    if head is None:
        if not bad:
            problems.append(Problem(file, "文件是空的，缺少表头", "the file is empty: no header"))
        return None
    header = [c.strip() for c in every[head]]
    while not header[-1]:
        header.pop()

    def header_at(number: int, position: int | None) -> str:
        return CellPlace.in_csv(file, number, 0 if position is None else position + 1)

    names = read_header(table, header, head + 1, header_at, problems, by_item=by_item)
    if names is None:
        return None
    source.pass_over(file, header)
    rows, numbers, ragged = _rows(every, head, len(header), file, source)
    _unguard(table, names, rows)

    def at(number: int, column: str) -> str:
        position = names.index(column) if column in names else -1
        label = header[position] if position >= 0 else column
        return CellPlace.in_csv(file, number, position + 1, label)

    return RawTable(table, names, rows, numbers, at, whole=not (bad or ragged), head=head + 1)


def _lines(
    text: str, separator: str, file: str, problems: list[Problem]
) -> tuple[Sequence[list[str]], bool]:
    """Return the cells of every line, and whether they end where the text is no CSV."""
    every: Sequence[list[str]] = (_grid(text) if separator == "," else None) or []
    if isinstance(every, list):
        try:
            every += csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        except csv.Error:
            problems.append(
                Problem(
                    f"{file} row {len(every) + 1}",
                    "不是合法的 CSV（引号不配对？）",
                    "is not valid CSV (unbalanced quotes?)",
                )
            )
            return every, True
    return every, False


def _header_row(every: Sequence[list[str]], table: str, file: str, source: Source) -> int | None:
    """Return where the header stands, below a title if there is one; None in an empty file."""
    first = next((n for n, cells in enumerate(every) if not _blank(cells)), None)
    if first is None:
        return None
    filled = (n for n in range(first, len(every)) if not _blank(every[n]))
    head = next((n for n in islice(filled, 10) if looks_like_header(table, every[n])), first)
    above = [n for n in range(first, head) if not _blank(every[n])]
    odd = next((n for n in above if not is_title(every[n])), None)
    if odd is not None:
        place = CellPlace.in_csv(file, odd + 1)
        source.problems.append(title_above(place, head + 1, every[odd]))
    elif above:
        source.notices.append(said_of(file, [n + 1 for n in above], "title"))
    return head


def _rows(
    every: Sequence[list[str]], head: int, width: int, file: str, source: Source
) -> tuple[Sequence[list[str]], Sequence[int], bool]:
    """Return the rows below the header with their numbers, and whether some are left out as they
    have more or fewer cells; blank rows and those that are an aside are no rows."""
    rows: Sequence[list[str]] = every[head + 1 :]
    numbers: Sequence[int] = range(head + 2, len(every) + 1)
    if isinstance(rows, Grid):
        begins = rows.lines(0) if rows.width == width else ""
    else:
        begins = "\n".join([r[0] for r in rows] if {width}.issuperset(map(len, rows)) else [])
    if not some_blank(begins) and none_may_be_aside(begins):
        return rows, numbers, False
    kept = [(n, r) for n, r in zip(numbers, rows, strict=True) if not _blank(r)]
    aside = [n for n, r in kept if may_be_aside(r) and is_aside(r)]
    if aside:
        source.notices.append(said_of(file, aside, "aside"))
        kept = [(n, r) for n, r in kept if n not in set(aside)]
    ragged = [n for n, r in kept if len(r) < width or not _blank(r[width:])]
    source.problems += (
        Problem(
            CellPlace.in_csv(file, n),
            f"应有{width}列",
            f"expected {width} cells",
            str(len(every[n - 1])),
        )
        for n in ragged
    )
    left_out = set(ragged)
    kept = [(n, r) for n, r in kept if n not in left_out]
    return [r for _, r in kept], [n for n, _ in kept], bool(ragged)


def _unguard(table: str, names: Sequence[str], rows: Sequence[list[str]]) -> None:
    """Take back what `escape_formula` put before texts."""
    if isinstance(rows, Grid):
        return
    for position, name in enumerate(names):
        if name in columns(table) and columns(table)[name].metadata["kind"] == "text":
            for row in rows:
                if row[position][:1] == "'" and _ESCAPED.match(row[position]):
                    row[position] = row[position][1:]


def _grid(text: str) -> Grid | None:
    """Return the cells of a text in which no cell is escaped, if a grid can hold them."""
    if "'" in text and (",'" in text or "\n'" in text or text[0] == "'"):
        return None
    return Grid.of(text)


def _blank(cells: Sequence[str]) -> bool:
    return not any(c.strip() for c in cells)
