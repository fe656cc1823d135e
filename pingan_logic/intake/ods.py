"""ods (OpenDocument), read from its XML: values, formulas, hidden rows and merged cells at once."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime
from typing import Any
from xml.etree import ElementTree as ET

from pingan_logic.intake.rows import Trap
from pingan_logic.intake.sheets import Sheet, shown_otherwise, stale_formula, wrong_value
from pingan_logic.intake.xlsx import broken, open_zip

__all__ = ["read_ods"]

_T = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_O = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_X = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_S = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_MOST = 2**20
_WIDEST = 2**14


def read_ods(data: bytes, file: str) -> list[Sheet]:
    """Return the sheets of a workbook. Raises InputError when it cannot be read."""
    book = open_zip(data, file)
    try:
        xml = book.read("content.xml")
        if b"<!DOCTYPE" in xml[:4096]:
            raise ValueError("DOCTYPE")
        return _read(xml)
    except (KeyError, ValueError, ET.ParseError, zipfile.BadZipFile) as error:
        raise broken(file, error) from None


def _read(xml: bytes) -> list[Sheet]:
    sheets: list[Sheet] = []
    concealed: set[str] = set()
    number = column = 0
    for event, element in ET.iterparse(io.BytesIO(xml), events=("start", "end")):
        tag = element.tag
        if event == "start":
            if tag == f"{_T}table":
                sheets.append(Sheet(element.get(f"{_T}name", ""), []))
                sheets[-1].hidden = element.get(f"{_T}style-name") in concealed
                number = column = 0
        elif tag == f"{_S}style":
            properties = element.find(f"{_S}table-properties")
            if properties is not None and properties.get(f"{_T}display") == "false":
                concealed.add(element.get(f"{_S}name", ""))
        elif tag == f"{_T}table-column":
            times = min(int(element.get(f"{_T}number-columns-repeated", "1")), _WIDEST)
            if element.get(f"{_T}visibility", "visible") != "visible":
                sheets[-1].hidden_columns |= set(range(column + 1, column + times + 1))
            column += times
        elif tag == f"{_T}table-row":
            number += _add_row(sheets[-1], element, number + 1)
            element.clear()
    return sheets


def _add_row(sheet: Sheet, element: ET.Element, number: int) -> int:
    """Add a row, as often as it is repeated, and return how often that is."""
    times = int(element.get(f"{_T}number-rows-repeated", "1"))
    cells: list[Any] = []
    for cell in element:
        if cell.tag not in (f"{_T}table-cell", f"{_T}covered-table-cell"):
            continue
        repeated = int(cell.get(f"{_T}number-columns-repeated", "1"))
        value = _value(cell)
        high = int(cell.get(f"{_T}number-rows-spanned", "1"))
        wide = int(cell.get(f"{_T}number-columns-spanned", "1"))
        if high > 1 or wide > 1:
            left = len(cells) + 1
            sheet.merged.append((number, left, number + high - 1, left + wide - 1))
        cells += [value] * min(repeated, _WIDEST - len(cells))
    while cells and cells[-1] is None:
        cells.pop()
    if not cells and number + times > _MOST - 1:
        return times  # the empty rest of the sheet
    for row in range(number, number + min(times, _MOST)):
        sheet.rows.append(list(cells))
        if element.get(f"{_T}visibility", "visible") != "visible" and cells:
            sheet.hidden_rows.add(row)
    return times


def _value(cell: ET.Element) -> Any:
    kind = cell.get(f"{_O}value-type")
    formula = cell.get(f"{_T}formula") is not None
    text = "\n".join(_text(p) for p in cell.findall(f"{_X}p"))
    if formula and (kind is None or re.match(r"#|Err:\d", text)):
        return wrong_value(text) if text else stale_formula()
    if kind is None:
        return None
    if kind == "string":
        return cell.get(f"{_O}string-value", text)
    if kind == "date":
        stored = cell.get(f"{_O}date-value", "")
        moment = datetime.fromisoformat(stored)
        return date.fromisoformat(stored) if len(stored) == 10 else moment
    if kind == "boolean":
        return cell.get(f"{_O}boolean-value") == "true"
    if kind == "time":
        return wrong_value(text)
    number = float(cell.get(f"{_O}value", "nan"))
    trap: Trap | None = None
    if kind == "percentage":
        trap = shown_otherwise(number, "0%")
    elif re.fullmatch(r"0\d+", text):
        trap = shown_otherwise(number, "0" * len(text))
    return trap or number


def _text(paragraph: ET.Element) -> str:
    parts = [paragraph.text or ""]
    for child in paragraph:
        if child.tag == f"{_X}s":
            parts.append(" " * int(child.get(f"{_X}c", "1")))
        elif child.tag == f"{_X}tab":
            parts.append("\t")
        elif child.tag == f"{_X}line-break":
            parts.append("\n")
        else:
            parts.append(_text(child))
        parts.append(child.tail or "")
    return "".join(parts)
