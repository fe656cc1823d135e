"""xlsx: values from python-calamine or openpyxl; what neither tells is scanned from the XML.

A library hands back the last computed value of a formula, or nothing; it does not say whether a row
was hidden or a cell shown as a percentage. Those cells must be named, not guessed.
"""

from __future__ import annotations

import posixpath
import re
import warnings
from collections.abc import Iterator, Set
from datetime import datetime, time
from typing import Any

from attrs import Factory, define

from pingan_logic.errors import InputError, Problem
from pingan_logic.intake.parts import optional
from pingan_logic.intake.rows import Trap
from pingan_logic.intake.sheets import (
    Sheet,
    astray,
    refuse_wide_merges,
    shown_otherwise,
    stale_formula,
    wrong_value,
)
from pingan_logic.intake.source import column_letters
from pingan_logic.intake.zipped import Odd, broken, damaged, is_strict, pack, parser, unpack
from pingan_logic.limits import CELLS, COLUMNS, ROWS

__all__ = ["read_xlsx"]

_DATE_FORMATS = {*range(27, 37), *range(50, 59)}
"""Dates built into East Asian Excel and WPS, such as 2014年5月3日; openpyxl does not know them."""
_FORMULA = re.compile(rb"<f[\s/>]")
_HIDDEN = re.compile(rb"hidden\s*=\s*[\"'](?!0|false)|\s(?:ht|width)\s*=\s*[\"']0[\"'.]")
_QUOTED = re.compile(rb"=\s*'")
_ODD_CELL = re.compile(rb'<c(?! r="[A-Z]?[0-9]{1,6}"|[a-zA-Z])')
_ODD_ROW = re.compile(rb'<row(?! r="[0-9]{1,6}"|[a-zA-Z])')
"""Cells and rows that lie beyond column Z or row 999,999, or are written in an unusual way."""
_ROW = re.compile(rb'<(?:c|row) r="[A-Z]?([0-9]+)"')
_NEAR_COLUMNS = 26
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


def read_xlsx(data: bytes, file: str) -> list[Sheet]:
    """Return the sheets of a workbook. Raises InputError when it cannot be read."""
    parts = unpack(data, file)
    with damaged(file):
        scans = _scan_book(parts, file)
        sheets = _values(parts, file)
    for sheet in sheets:
        scan = scans.get(sheet.name)
        if scan is not None:
            sheet.hidden, sheet.merged = scan.hidden, scan.merged
            sheet.hidden_rows, sheet.hidden_columns = scan.hidden_rows, scan.hidden_columns
            sheet.traps = scan.traps
    return sheets


def _values(parts: dict[str, bytes], file: str) -> list[Sheet]:
    try:
        import python_calamine as calamine
    except ImportError:
        return _values_openpyxl(parts, file)
    book = calamine.load_workbook(pack(parts))
    return [
        Sheet(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False))
        for name in book.sheet_names
    ]


def _values_openpyxl(parts: dict[str, bytes], file: str) -> list[Sheet]:
    openpyxl = optional("openpyxl", "excel", file)
    if is_strict(parts):
        raise broken(file)
    sheets = []
    with warnings.catch_warnings():
        # it warns of parts that it does not know; none of them is data
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(pack(parts), read_only=True, data_only=True)
        book._date_formats |= {
            n for n, style in enumerate(book._cell_styles) if style.numFmtId in _DATE_FORMATS
        }
        for sheet in book.worksheets:
            # the size written in the file may be wrong
            sheet.reset_dimensions()
            rows = [[_as_calamine(c) for c in row] for row in sheet.iter_rows(values_only=True)]
            sheets.append(Sheet(sheet.title, rows))
    return sheets


def _as_calamine(cell: Any) -> Any:
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date()
    return float(cell) if type(cell) is int else cell


@define
class _Scan:
    hidden: bool
    hidden_rows: set[int] = Factory(set)
    hidden_columns: set[int] = Factory(set)
    merged: list[tuple[int, int, int, int]] = Factory(list)
    traps: dict[tuple[int, int], Trap] = Factory(dict)


def _scan_book(parts: dict[str, bytes], file: str) -> dict[str, _Scan]:
    targets: dict[str, str] = {}
    main = "xl/workbook.xml"
    for name, attributes, _ in _walk(parts["_rels/.rels"], {"Relationship"}):
        if name == "Relationship" and attributes["Type"].endswith("/officeDocument"):
            main = posixpath.normpath(attributes["Target"].lstrip("/"))
    folder, base = posixpath.split(main)
    for _, a, _ in _walk(parts[f"{folder}/_rels/{base}.rels".lstrip("/")], {"Relationship"}):
        targets[a["Id"]] = posixpath.normpath(posixpath.join("/", folder, a["Target"])).lstrip("/")
    sheets: dict[str, tuple[str, bool]] = {}
    stale = False
    for name, a, _ in _walk(parts[main], {"sheet", "calcPr"}):
        if name == "sheet":
            sheets[a["name"]] = (targets[a["id"]], a.get("state", "visible") != "visible")
        else:
            # programs that cannot calculate write this: the stored results mean nothing
            stale = a.get("fullCalcOnLoad") in ("1", "true")
    styles = _styles(parts)
    _refuse_sparse({n: parts[p] for n, (p, _) in sheets.items() if p in parts})
    return {
        name: _scan_sheet(parts[path], hidden, styles, stale, file)
        for name, (path, hidden) in sheets.items()
        if path in parts
    }


def _refuse_sparse(sheets: dict[str, bytes]) -> None:
    """Refuse sheets whose cells lie so far apart that the blanks between them fill memory.

    Raises InputError naming the cell, or Odd when one lies outside of any sheet.
    """
    room = CELLS
    far: list[Problem] = []
    for name, xml in sheets.items():
        rows, (columns, row) = _size(xml)
        if rows > ROWS or columns > COLUMNS:
            raise Odd(f'<c r="{column_letters(columns)}{rows}">')
        if rows * columns > room:
            far.append(astray(name, row, columns))
        else:
            room -= rows * columns
    if far:
        raise InputError(far)


def _size(xml: bytes) -> tuple[int, tuple[int, int]]:
    """Return the last row, and column and row of the rightmost cell, in which something stands; or
    more.

    Cells that only have a format do not count. Raises Odd for a row outside of any sheet.
    """
    if not (_prefixed(xml) or _ODD_CELL.search(xml) or _ODD_ROW.search(xml)):
        rows = max(map(int, set(_ROW.findall(xml))), default=0)
        if rows * _NEAR_COLUMNS < CELLS:
            return rows, (_NEAR_COLUMNS, rows)
    row = column = rows = 0
    right = (0, 0)
    for name, a, _ in _walk(xml, {"row", "c", "v", "f", "is"}):
        if name == "row":
            row, column = int(a.get("r", row + 1)), 0
            if not 0 < row <= ROWS:
                raise Odd(f'<row r="{row}">')
        elif name != "c":
            rows, right = max(rows, row), max(right, (column, row))
        elif "r" in a:
            row, column = _cell(a["r"])
        else:
            column += 1
    return rows, right


def _prefixed(xml: bytes) -> bool:
    """Whether the names of elements may have a prefix, which spreadsheets do not write."""
    return b":c" in xml or b":row" in xml


def _styles(parts: dict[str, bytes]) -> dict[str, str]:
    """Return the number formats that show something else than the number, by style index."""
    if "xl/styles.xml" not in parts:
        return {}
    codes = {"9": "0%", "10": "0.00%"}
    styles: dict[str, str] = {}
    inside = False
    index = 0
    for name, a, _ in _walk(parts["xl/styles.xml"], {"numFmt", "cellXfs", "xf", "cellStyles"}):
        if name == "numFmt":
            codes[a["numFmtId"]] = a["formatCode"]
        elif name == "cellXfs":
            inside, index = True, 0
        elif name == "cellStyles":
            inside = False
        elif inside:
            code = codes.get(a.get("numFmtId", ""), "")
            if shown_otherwise(0.5, code) or shown_otherwise(1, code):
                styles[str(index)] = code
            index += 1
    return styles


def _scan_sheet(xml: bytes, hidden: bool, styles: dict[str, str], stale: bool, file: str) -> _Scan:
    scan = _Scan(hidden)
    styled = "|".join(sorted(styles)).encode()
    marked = b'"e"' in xml or b"mergeCell" in xml or _prefixed(xml)
    plain = not marked and not any(r.search(xml) for r in (_FORMULA, _HIDDEN, _QUOTED))
    if plain and not (styled and re.search(rb' s="(?:' + styled + rb')"', xml)):
        return scan
    row = column = 0
    cell: dict[str, str] = {}
    formula, value = False, ""
    for name, a, text in _walk(xml, {"row", "c", "f", "v", "col", "mergeCell"}, ends={"v", "c"}):
        if name == "row":
            row, column = int(a.get("r", row + 1)), 0
            if _concealed(a, "ht"):
                scan.hidden_rows.add(row)
        elif name == "c":
            row, column = _cell(a["r"]) if "r" in a else (row, column + 1)
            cell, formula, value = a, False, ""
        elif name == "f":
            formula = True
        elif name == "/v":
            value = text
        elif name == "/c":
            trap = _trap(cell, formula, value, styles, stale)
            if trap is not None:
                scan.traps[row, column] = trap
        elif name == "col" and _concealed(a, "width"):
            first, last = max(1, int(a["min"])), min(int(a["max"]), COLUMNS)
            scan.hidden_columns |= set(range(first, last + 1))
        elif name == "mergeCell":
            corner, _, end = a["ref"].partition(":")
            scan.merged.append((*_cell(corner), *_cell(end or corner)))
    refuse_wide_merges(scan.merged, file)
    return scan


def _concealed(attributes: dict[str, str], size: str) -> bool:
    """Whether a row or column is hidden, or drawn so small that it cannot be seen."""
    hidden = attributes.get("hidden") in ("1", "true")
    return hidden or re.fullmatch(r"0(\.0*)?", attributes.get(size, "")) is not None


def _trap(
    cell: dict[str, str], formula: bool, value: str, styles: dict[str, str], stale: bool
) -> Trap | None:
    kind = cell.get("t", "n")
    if formula and (stale or (not value and kind != "str")):
        return stale_formula()
    if kind == "e":
        return wrong_value(value)
    style = styles.get(cell.get("s", ""))
    if style is None or kind != "n" or not value:
        return None
    return shown_otherwise(float(value), style)


def _cell(reference: str) -> tuple[int, int]:
    """Return row and column of a reference such as `C7`. Raises Odd when it is none."""
    match = _REFERENCE.fullmatch(reference.replace("$", "").upper())
    if match is None:
        raise Odd(f'<c r="{reference[:20]}">')
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column


def _walk(
    xml: bytes, names: set[str], ends: Set[str] = frozenset()
) -> Iterator[tuple[str, dict[str, str], str]]:
    """Yield the elements of these local names, as (name, attributes, ""), in document order.

    The ends of those in `ends` come as ("/name", {}, text inside).
    """
    found: list[tuple[str, dict[str, str], str]] = []
    text: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(" ")[2]
        if local in names:
            text.clear()
            found.append((local, {k.rpartition(" ")[2]: v for k, v in attributes.items()}, ""))

    def end(name: str) -> None:
        local = name.rpartition(" ")[2]
        if local in ends:
            found.append((f"/{local}", {}, "".join(text)))
            text.clear()

    reader = parser()
    reader.StartElementHandler, reader.EndElementHandler = start, end
    reader.CharacterDataHandler = text.append
    for at in range(0, len(xml), 2**20):
        reader.Parse(xml[at : at + 2**20], at + 2**20 >= len(xml))
        yield from found
        found.clear()
