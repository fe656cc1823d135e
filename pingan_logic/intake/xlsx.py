"""xlsx: values from python-calamine or openpyxl; what neither tells is scanned from the XML.

A library hands back the last computed value of a formula, or nothing; it does not say whether a row
was hidden or a cell shown as a percentage. Those cells must be named, not guessed.
"""

from __future__ import annotations

import io
import posixpath
import re
import warnings
import zipfile
from collections.abc import Iterator, Set
from datetime import datetime, time
from typing import Any
from xml.parsers import expat

from attrs import Factory, define

from pingan_logic.errors import InputError, PinganError, Problem
from pingan_logic.intake.parts import optional
from pingan_logic.intake.rows import Trap
from pingan_logic.intake.sheets import (
    MOST_CELLS,
    Sheet,
    astray,
    shown_otherwise,
    stale_formula,
    wrong_value,
)

__all__ = ["broken", "is_strict", "open_zip", "read_xlsx"]

_MOST = 2 * 2**30
_DATE_FORMATS = {*range(27, 37), *range(50, 59)}
"""Dates built into East Asian Excel and WPS, such as 2014年5月3日; openpyxl does not know them."""
_PLAIN = rb'<(?:\w+:)?(?:f|mergeCell)[\s/>]|hidden="(?:1|true)"| t="e"| (?:ht|width)="0[".]'
_FILLED = rb'"[^>]*>\s*<(?:\w+:)?(?:v|f|is)[ />]'
_FAR = re.compile(rb' r="(?:[L-Z]|[A-Z]{2,})\d+' + _FILLED + rb'| r="[A-Z]+\d{7,}' + _FILLED)
"""A filled cell right of all tables, or below row 999,999."""
_CELL = re.compile(rb' r="([A-Z]+)(\d+)' + _FILLED)


def read_xlsx(data: bytes, file: str) -> list[Sheet]:
    """Return the sheets of a workbook. Raises InputError when it cannot be read."""
    book = open_zip(data, file)
    try:
        scans = _scan_book(book)
        sheets = _values(data, file)
    except PinganError:
        raise
    # the readers meet damaged files with many kinds of error
    except Exception:
        raise broken(file) from None
    for sheet in sheets:
        scan = scans.get(sheet.name)
        if scan is not None:
            sheet.hidden, sheet.merged = scan.hidden, scan.merged
            sheet.hidden_rows, sheet.hidden_columns = scan.hidden_rows, scan.hidden_columns
            sheet.traps = scan.traps
    return sheets


def open_zip(data: bytes, file: str) -> zipfile.ZipFile:
    """Open a zipped workbook; one that would unpack to more than 2 GiB is refused."""
    try:
        book = zipfile.ZipFile(io.BytesIO(data))
    except zipfile.BadZipFile:
        raise broken(file) from None
    size = sum(i.file_size for i in book.infolist())
    if size > _MOST:
        raise InputError(
            [
                Problem(
                    file,
                    "文件解压后超过 2 GiB,拒绝读取",
                    "the file unpacks to more than 2 GiB: refused",
                    f"{size // 2**20} MiB",
                )
            ]
        )
    return book


def is_strict(book: zipfile.ZipFile) -> bool:
    """Whether a workbook is "strict" Open XML, in which openpyxl finds no cells."""
    main = "xl/workbook.xml"
    return main in book.namelist() and b"//purl.oclc.org/ooxml/" in book.read(main)


def broken(file: str) -> InputError:
    """Return the error of a zipped workbook that cannot be read."""
    return InputError(
        [
            Problem(
                file,
                "不是完整的工作簿(文件损坏或不是 xlsx、ods),请重新另存",
                "is not a whole workbook (damaged, or not xlsx or ods); save it again",
            )
        ]
    )


def _values(data: bytes, file: str) -> list[Sheet]:
    try:
        import python_calamine as calamine
    except ImportError:
        return _values_openpyxl(data, file)
    book = calamine.load_workbook(io.BytesIO(data))
    return [
        Sheet(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False))
        for name in book.sheet_names
    ]


def _values_openpyxl(data: bytes, file: str) -> list[Sheet]:
    openpyxl = optional("openpyxl", "excel", file)
    with open_zip(data, file) as parts:
        if is_strict(parts):
            raise broken(file)
    sheets = []
    with warnings.catch_warnings():
        # it warns of parts that it does not know; none of them is data
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
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


def _scan_book(book: zipfile.ZipFile) -> dict[str, _Scan]:
    targets: dict[str, str] = {}
    main = "xl/workbook.xml"
    for name, attributes, _ in _walk(book.read("_rels/.rels"), {"Relationship"}):
        if name == "Relationship" and attributes["Type"].endswith("/officeDocument"):
            main = posixpath.normpath(attributes["Target"].lstrip("/"))
    folder, base = posixpath.split(main)
    for _, a, _ in _walk(book.read(f"{folder}/_rels/{base}.rels"), {"Relationship"}):
        targets[a["Id"]] = posixpath.normpath(posixpath.join("/", folder, a["Target"])).lstrip("/")
    sheets: dict[str, tuple[str, bool]] = {}
    stale = False
    for name, a, _ in _walk(book.read(main), {"sheet", "calcPr"}):
        if name == "sheet":
            sheets[a["name"]] = (targets[a["id"]], a.get("state", "visible") != "visible")
        else:
            # programs that cannot calculate write this: the stored results mean nothing
            stale = a.get("fullCalcOnLoad") in ("1", "true")
    styles = _styles(book)
    scans: dict[str, _Scan] = {}
    far: list[Problem] = []
    for name, (path, hidden) in sheets.items():
        if path in book.namelist():
            xml = book.read(path)
            far += _stray(xml, name)
            scans[name] = _scan_sheet(xml, hidden, styles, stale)
    if far:
        raise InputError(far)
    return scans


def _stray(xml: bytes, name: str) -> list[Problem]:
    """Name the cell that makes a sheet too big to hold: readers hold all cells up to the last."""
    if not _FAR.search(xml):
        return []
    cells = [(_column(m[1].decode()), int(m[2])) for m in _CELL.finditer(xml)]
    wide, deep = max(cells), max(cells, key=lambda c: c[1])
    if wide[0] > 2**14 or deep[1] > 2**20:
        raise ValueError("outside of any sheet")
    if wide[0] * deep[1] <= MOST_CELLS:
        return []
    return [astray(name, wide[1], wide[0])]


def _styles(book: zipfile.ZipFile) -> dict[str, str]:
    """Return the number formats that show something else than the number, by style index."""
    if "xl/styles.xml" not in book.namelist():
        return {}
    codes = {"9": "0%", "10": "0.00%"}
    styles: dict[str, str] = {}
    inside = False
    for name, a, _ in _walk(book.read("xl/styles.xml"), {"numFmt", "cellXfs", "xf", "cellStyles"}):
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


def _scan_sheet(xml: bytes, hidden: bool, styles: dict[str, str], stale: bool) -> _Scan:
    scan = _Scan(hidden)
    styled = "|".join(sorted(styles)).encode()
    if not re.search(_PLAIN + (rb'| s="(?:' + styled + rb')"' if styled else b""), xml):
        return scan
    row = column = 0
    for name, a, text in _walk(xml, {"row", "c", "f", "v", "col", "mergeCell"}, ends={"v", "c"}):
        if name == "row":
            row, column = int(a.get("r", row + 1)), 0
            if _concealed(a, "ht"):
                scan.hidden_rows.add(row)
        elif name == "c":
            column = _column(a["r"]) if "r" in a else column + 1
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
            scan.hidden_columns |= set(range(int(a["min"]), min(int(a["max"]), 16384) + 1))
        elif name == "mergeCell":
            first, _, last = a["ref"].partition(":")
            scan.merged.append((*_cell(first), *_cell(last or first)))
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
    digits = re.sub(r"\D", "", reference)
    return int(digits), _column(reference)


def _column(reference: str) -> int:
    number = 0
    for letter in reference:
        if letter.isalpha():
            number = number * 26 + ord(letter.upper()) - 64
    return number


def _walk(
    xml: bytes, names: set[str], ends: Set[str] = frozenset()
) -> Iterator[tuple[str, dict[str, str], str]]:
    """Yield the elements of these local names, as (name, attributes, ""), in document order.

    The ends of those in `ends` come as ("/name", {}, text inside). A document type, which could
    blow up in memory, is refused with ValueError.
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

    def refuse(*_: object) -> None:
        raise ValueError("DOCTYPE")

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = text.append
    parser.StartDoctypeDeclHandler = refuse
    for at in range(0, len(xml), 2**20):
        parser.Parse(xml[at : at + 2**20], at + 2**20 >= len(xml))
        yield from found
        found.clear()
