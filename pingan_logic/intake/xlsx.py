"""xlsx: values from python-calamine or openpyxl; what neither tells is scanned from the XML.

A library hands back the last computed value of a formula, or nothing; it does not say whether a row
was hidden or a cell shown as a percentage. Those cells must be named, not guessed.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator, Set
from datetime import datetime, time
from typing import Any
from xml.parsers import expat

from attrs import Factory, define

from pingan_logic.errors import InputError, Problem
from pingan_logic.intake.parts import optional
from pingan_logic.intake.rows import Trap
from pingan_logic.intake.sheets import Sheet, shown_otherwise, stale_formula, wrong_value

__all__ = ["broken", "open_zip", "read_xlsx"]

_MOST = 2 * 2**30
_PLAIN = rb'<(?:\w+:)?(?:f|mergeCell)[\s/>]|hidden="(?:1|true)"| t="e"'


def read_xlsx(data: bytes, file: str) -> list[Sheet]:
    """Return the sheets of a workbook. Raises InputError when it cannot be read."""
    book = open_zip(data, file)
    try:
        scans = _scan_book(book)
        sheets = _values(data, file)
    except (KeyError, ValueError, expat.ExpatError, zipfile.BadZipFile) as error:
        raise broken(file, error) from None
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
    except zipfile.BadZipFile as error:
        raise broken(file, error) from None
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


def broken(file: str, error: Exception) -> InputError:
    """Return the error of a zipped workbook that cannot be read."""
    return InputError(
        [
            Problem(
                file,
                "不是完整的工作簿(文件损坏或不是 xlsx、ods),请重新另存",
                "is not a whole workbook (damaged, or not xlsx or ods); save it again",
                str(error) or type(error).__name__,
            )
        ]
    )


def _values(data: bytes, file: str) -> list[Sheet]:
    try:
        import python_calamine as calamine
    except ImportError:
        return _values_openpyxl(data, file)
    try:
        book = calamine.load_workbook(io.BytesIO(data))
        return [
            Sheet(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False))
            for name in book.sheet_names
        ]
    except calamine.CalamineError as error:
        raise broken(file, error) from None


def _values_openpyxl(data: bytes, file: str) -> list[Sheet]:
    openpyxl = optional("openpyxl", "excel", file)
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    sheets = []
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
    return {
        name: _scan_sheet(book.read(path), hidden, styles, stale)
        for name, (path, hidden) in sheets.items()
        if path in book.namelist()
    }


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
            if a.get("hidden") in ("1", "true"):
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
        elif name == "col" and a.get("hidden") in ("1", "true"):
            scan.hidden_columns |= set(range(int(a["min"]), min(int(a["max"]), 16384) + 1))
        elif name == "mergeCell":
            first, _, last = a["ref"].partition(":")
            scan.merged.append((*_cell(first), *_cell(last or first)))
    return scan


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
