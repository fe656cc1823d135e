"""xlsx: values from python-calamine or openpyxl; what neither tells is scanned from the XML.

A library hands back the last computed value of a formula, or nothing; it does not say whether a row
was hidden or a cell shown as a percentage. Those cells must be named, not guessed.
"""

from __future__ import annotations

import re
import warnings
from datetime import datetime, time
from itertools import pairwise
from typing import Any

from attrs import Factory, define

from pingan_logic.errors import InputError, Problem
from pingan_logic.extras import optional
from pingan_logic.intake.cells import Shown, Trap
from pingan_logic.intake.conditional import shown_under_conditions
from pingan_logic.intake.formats import looked_at, shown
from pingan_logic.intake.package import Book, BookSheet, cell_at, open_book, plain_book, walk
from pingan_logic.intake.sheets import Sheet
from pingan_logic.intake.source import column_letters
from pingan_logic.intake.traps import (
    astray,
    doubtful,
    refuse_wide_merges,
    stale_formula,
    wrong_value,
)
from pingan_logic.intake.zipped import Odd, damaged, unpack
from pingan_logic.limits import CELLS, COLUMNS, ROWS

__all__ = ["read_xlsx"]

_FORMULA = re.compile(rb"<f[\s/>]")
_SIZE = rb'="(?![1-9][0-9]*(?:\.[0-9]*)?")'
_HIDDEN = [
    re.compile(rb'hidden="(?!(?:0|false)")'),
    *(re.compile(name + _SIZE) for name in (b" ht", b"idth", b"defaultRowHeight")),
]
"""Rows and columns that may be hidden; each begins with letters, which are found fast."""
_UNUSUAL = (b"='", b" =", b"= ")
_BROKEN_TAG = re.compile(rb"[\t\r\n]\w+\s*=|=[\t\r\n]")
_DECLARED = 60
"""The bytes of the XML declaration, the only line that spreadsheets end."""
_ENTITY = re.compile(rb'="[^"<>&]*&')
_STYLE = re.compile(rb' s="([^"]*)"')
_SECOND = [re.compile(p) for p in (rb"</v>\s*<v", rb"</is>\s*<is", rb"<v>[^<]*<[^/]")]
"""Cells of more than one value, or of a value in pieces."""
_ODD_CELL = re.compile(rb'<c(?! r="[A-Z]?[0-9]{1,6}"|[a-zA-Z])')
_ODD_ROW = re.compile(rb'<row(?! r="[0-9]{1,6}"|[a-zA-Z])')
"""Cells and rows that lie beyond column Z or row 999,999, or are written in an unusual way."""
_CELL = re.compile(rb'<c r="([A-Z]?)([0-9]+)"')
_NEAR_COLUMNS = 26
_TYPES = {"b", "d", "e", "inlineStr", "n", "s", "str"}
_NUMBER = re.compile(r"\s*[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\s*")


def read_xlsx(data: bytes, file: str) -> list[Sheet]:
    """Return the sheets of a workbook. Raises InputError when it cannot be read."""
    parts = unpack(data, file)
    with damaged(file):
        book = open_book(parts, file)
        scans = _scan_book(book, file)
        values = _values(book, file)
        conditional = shown_under_conditions(book, values, file)
    return [
        Sheet(
            sheet.name,
            rows,
            sheet.hidden,
            scan.hidden_rows,
            scan.hidden_columns,
            scan.merged,
            _masked(scan, rows, under, book.leap),
            struck={row for row, struck in scan.fonts.items() if struck},
        )
        for sheet, scan, rows, under in zip(book.sheets, scans, values, conditional, strict=True)
    ]


def _values(book: Book, file: str) -> list[list[list[Any]]]:
    try:
        import python_calamine as calamine
    except ImportError:
        return _values_openpyxl(book, file)
    copy = calamine.load_workbook(plain_book(book))
    return [
        copy.get_sheet_by_index(n).to_python(skip_empty_area=False) for n in range(len(book.sheets))
    ]


def _values_openpyxl(book: Book, file: str) -> list[list[list[Any]]]:
    openpyxl = optional("openpyxl", "excel", file)
    for sheet in book.sheets:
        _refuse_unknown(sheet.xml)
    values = []
    with warnings.catch_warnings():
        # it warns of parts that it does not know; none of them is data
        warnings.simplefilter("ignore")
        copy = openpyxl.load_workbook(plain_book(book), read_only=True, data_only=True)
        for sheet in copy.worksheets:
            # the size written in the file may be wrong
            sheet.reset_dimensions()
            values.append(
                [[_as_calamine(c) for c in row] for row in sheet.iter_rows(values_only=True)]
            )
    return values


def _refuse_unknown(xml: bytes) -> None:
    """Raise Odd for cells of a type that there is none, and numbers that are none: openpyxl reads
    them as text, and 8_5 as 85."""
    cell: dict[str, str] = {}
    for name, a, text in walk(xml, {"c", "v"}, ends={"v"}):
        if name == "c":
            cell = a
            if a.get("t", "n") not in _TYPES:
                raise Odd(f'<c t="{a["t"][:20]}">')
        elif name == "/v" and cell.get("t", "n") == "n" and text and not _NUMBER.fullmatch(text):
            raise Odd(f"<v>{text[:20]}</v>")


def _as_calamine(cell: Any) -> Any:
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date()
    return float(cell) if type(cell) is int else cell


@define
class _Scan:
    hidden_rows: set[int] = Factory(set)
    hidden_columns: set[int] = Factory(set)
    merged: list[tuple[int, int, int, int]] = Factory(list)
    traps: dict[tuple[int, int], Trap | Shown] = Factory(dict)
    formats: dict[tuple[int, int], tuple[float | None, str]] = Factory(dict)
    """Numbers, and None for texts, in formats that can show something else."""
    fonts: dict[int, bool] = Factory(dict)
    """The rows in which something stands, and whether all of it is struck through."""

    def note_font(self, row: int, cell: dict[str, str], value: str, struck: bool) -> None:
        if value or cell.get("t") == "inlineStr":
            self.fonts[row] = self.fonts.get(row, True) and struck


def _scan_book(book: Book, file: str) -> list[_Scan]:
    styles = {n: code for n, code in enumerate(book.formats) if looked_at(code)}
    _refuse_sparse(book)
    return [_scan_sheet(sheet, styles, book, file) for sheet in book.sheets]


def _refuse_sparse(book: Book) -> None:
    """Refuse sheets whose cells lie so far apart that the blanks between them fill memory.

    Raises InputError naming the cell, or Odd when one lies outside of any sheet.
    """
    room = CELLS
    far: list[Problem] = []
    for sheet in book.sheets:
        try:
            rows, (columns, row) = _size(sheet.xml)
        except Odd as odd:
            raise Odd(f"{sheet.name}: {odd}") from None
        if rows > ROWS or columns > COLUMNS:
            raise Odd(f'<c r="{column_letters(columns)}{rows}">')
        if rows * columns > room:
            far.append(astray(sheet.name, row, columns))
        else:
            room -= rows * columns
    if far:
        raise InputError(far)


def _size(xml: bytes) -> tuple[int, tuple[int, int]]:
    """Return the last row, and column and row of the rightmost cell, in which something stands; or
    more.

    Cells that only have a format do not count. Raises Odd for a row outside of any sheet, and for
    cells that do not follow on each other: of two with one place each library takes another.
    """
    if second := next((m for r in _SECOND if (m := r.search(xml))), None):
        raise Odd(second[0].decode("utf-8", "replace"))
    if not (_prefixed(xml) or _ODD_CELL.search(xml) or _ODD_ROW.search(xml)):
        rows = _in_order(xml)
        if rows * _NEAR_COLUMNS < CELLS:
            return rows, (_NEAR_COLUMNS, rows)
    row = column = rows = 0
    right = (0, 0)
    for name, a, _ in walk(xml, {"row", "c", "v", "f", "is"}):
        if name == "row":
            before, row, column = row, int(a.get("r", row + 1)), 0
            if not before < row <= ROWS:
                raise Odd(f'<row r="{row}">')
        elif name != "c":
            rows, right = max(rows, row), max(right, (column, row))
        elif "r" in a:
            left, (at, column) = column, cell_at(a["r"])
            if at != row or column <= left:
                raise Odd(f'<c r="{a["r"]}">')
        else:
            column += 1
    return rows, right


def _in_order(xml: bytes) -> int:
    """Return the last row of a sheet that is written as usual. Raises Odd for cells in disorder."""
    last = 0
    known = {()}
    for row in xml.split(b"<row ")[1:]:
        number = row[3 : row.index(b'"', 3)]
        if (at := int(number)) <= last:
            raise Odd(f'<row r="{at}">')
        last = at
        cells = _CELL.findall(row)
        if cells:
            columns, numbers = zip(*cells, strict=True)
            if columns not in known:
                if any(a >= b for a, b in pairwise(columns)):
                    raise Odd(f'<row r="{at}">: <c r="{b"".join(columns).decode()}">')
                known.add(columns)
            if numbers.count(number) < len(numbers):
                raise Odd(f'<row r="{at}">')
    return last


def _prefixed(xml: bytes) -> bool:
    """Whether the names of elements may have a prefix, which spreadsheets do not write."""
    return b":c" in xml or b":row" in xml


def _unusual(xml: bytes) -> bool:
    """Whether attributes may be written in another way than spreadsheets write them."""
    return (
        any(mark in xml for mark in _UNUSUAL)
        or (b"&" in xml and _ENTITY.search(xml) is not None)
        or (
            any(xml.find(mark, _DECLARED) >= 0 for mark in (b"\t", b"\r", b"\n"))
            and _BROKEN_TAG.search(xml) is not None
        )
    )


def _scan_sheet(sheet: BookSheet, styles: dict[int, str], book: Book, file: str) -> _Scan:
    scan, xml = _Scan(), sheet.xml
    marked = b'"e"' in xml or b"mergeCell" in xml or _prefixed(xml) or _unusual(xml)
    if not marked and not any(r.search(xml) for r in (_FORMULA, *_HIDDEN)):
        # a cell that names no style has the first
        used = {0, *(_style(s.decode(), book) for s in set(_STYLE.findall(xml)))}
        if used.isdisjoint({*styles, *book.struck}):
            return scan
    row = column = 0
    low = False
    cell: dict[str, str] = {}
    formula, value = False, ""
    names = {"row", "c", "f", "v", "col", "sheetFormatPr", "mergeCell"}
    for name, a, text in walk(xml, names, ends={"v", "c"}):
        if name == "row":
            row, column = int(a.get("r", row + 1)), 0
            if _concealed(a, "ht") or (low and "ht" not in a):
                scan.hidden_rows.add(row)
        elif name == "c":
            row, column = cell_at(a["r"]) if "r" in a else (row, column + 1)
            cell, formula, value = a, False, ""
        elif name == "f":
            formula = True
        elif name == "/v":
            value = text
        elif name == "/c":
            trap = _trap(cell, formula, value, book.stale)
            style = _style(cell.get("s", "0"), book)
            if book.struck:
                scan.note_font(row, cell, value, style in book.struck)
            if trap is not None:
                scan.traps[row, column] = trap
            elif (code := styles.get(style)) is not None:
                number = value and cell.get("t", "n") == "n"
                scan.formats[row, column] = float(value) if number else None, code
        else:
            low = low or (name == "sheetFormatPr" and _concealed(a, "defaultRowHeight"))
            _note_layout(scan, name, a)
    refuse_wide_merges(scan.merged, file)
    return scan


def _note_layout(scan: _Scan, name: str, a: dict[str, str]) -> None:
    """Note which columns cannot be seen and which cells are merged."""
    if name == "sheetFormatPr":
        if _concealed(a, "defaultColWidth"):
            scan.hidden_columns |= set(range(1, COLUMNS + 1))
    elif name == "col":
        first, last = max(1, int(a["min"])), min(int(a["max"]), COLUMNS)
        if _concealed(a, "width"):
            scan.hidden_columns |= set(range(first, last + 1))
        elif scan.hidden_columns:
            scan.hidden_columns -= set(range(first, last + 1))
    elif name == "mergeCell":
        corner, _, end = a["ref"].partition(":")
        scan.merged.append((*cell_at(corner), *cell_at(end or corner)))


def _masked(
    scan: _Scan, rows: list[list[Any]], under: dict[tuple[int, int], Shown], leap: bool
) -> dict[tuple[int, int], Trap | Shown]:
    """Return the cells of a sheet that cannot be taken as they are; `under`: those that a
    conditional format shows otherwise."""
    found: dict[tuple[int, int], Trap | Shown] = {**under}
    for place, cell in _shown(scan, rows, leap).items():
        found[place] = doubtful(cell, under[place]) if place in under else cell
    return found | scan.traps


def _shown(scan: _Scan, rows: list[list[Any]], leap: bool) -> dict[tuple[int, int], Shown]:
    """Return the cells of a sheet that show something else than they hold."""
    found: dict[tuple[int, int], Shown] = {}
    for (row, column), (number, code) in scan.formats.items():
        cells = rows[row - 1] if row <= len(rows) else []
        value = cells[column - 1] if column <= len(cells) else None
        held = value if number is None else number
        if isinstance(held, (float, str)):
            text = shown(held, code, leap=leap)
            if text is not None:
                found[row, column] = Shown(text, value)
    return found


def _concealed(attributes: dict[str, str], size: str) -> bool:
    """Whether a row or column is hidden, or drawn so small that it cannot be seen. Raises Odd for a
    size that is no number."""
    drawn = attributes.get(size, "1")
    if not _NUMBER.fullmatch(drawn):
        raise Odd(f'{size}="{drawn[:20]}"')
    return attributes.get("hidden", "0") not in ("0", "false") or float(drawn) < 1


def _style(number: str, book: Book) -> int:
    """Return the number of a style. Raises Odd when the workbook has no such style."""
    style = int(number)
    # a workbook without styles has the one that shows all as it is
    if not 0 <= style < max(len(book.formats), 1):
        raise Odd(f's="{number}"')
    return style


def _trap(cell: dict[str, str], formula: bool, value: str, stale: bool) -> Trap | None:
    kind = cell.get("t", "n")
    if formula and (stale or (not value and kind != "str")):
        return stale_formula()
    return wrong_value(value) if kind == "e" else None
