"""ods (OpenDocument), read from its XML: values, formulas, hidden rows and merged cells at once."""

from __future__ import annotations

import io
import re
from datetime import date, datetime
from typing import Any
from xml.etree import ElementTree as ET

from pingan_logic.errors import InputError, PinganError
from pingan_logic.intake.rows import Trap
from pingan_logic.intake.sheets import (
    MOST_CELLS,
    Sheet,
    astray,
    shown_as,
    shown_otherwise,
    stale_formula,
    wrong_value,
)
from pingan_logic.intake.xlsx import broken, open_zip

__all__ = ["read_ods"]

_T = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_O = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_X = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_S = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_O_BOOLEAN_VALUE = f"{_O}boolean-value"
_O_DATE_VALUE = f"{_O}date-value"
_O_STRING_VALUE = f"{_O}string-value"
_O_VALUE = f"{_O}value"
_O_VALUE_TYPE = f"{_O}value-type"
_S_NAME = f"{_S}name"
_S_STYLE = f"{_S}style"
_S_TABLE_PROPERTIES = f"{_S}table-properties"
_T_COVERED_TABLE_CELL = f"{_T}covered-table-cell"
_T_DISPLAY = f"{_T}display"
_T_FORMULA = f"{_T}formula"
_T_NAME = f"{_T}name"
_T_NUMBER_COLUMNS_REPEATED = f"{_T}number-columns-repeated"
_T_NUMBER_COLUMNS_SPANNED = f"{_T}number-columns-spanned"
_T_NUMBER_ROWS_REPEATED = f"{_T}number-rows-repeated"
_T_NUMBER_ROWS_SPANNED = f"{_T}number-rows-spanned"
_T_STYLE_NAME = f"{_T}style-name"
_T_TABLE = f"{_T}table"
_T_TABLE_CELL = f"{_T}table-cell"
_T_TABLE_COLUMN = f"{_T}table-column"
_T_TABLE_ROW = f"{_T}table-row"
_T_VISIBILITY = f"{_T}visibility"
_X_C = f"{_X}c"
_X_LINE_BREAK = f"{_X}line-break"
_X_P = f"{_X}p"
_X_S = f"{_X}s"
_X_TAB = f"{_X}tab"
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
    except PinganError:
        raise
    # damage shows in many kinds of error: of the zip, the XML, its encoding, the numbers in it
    except Exception:
        raise broken(file) from None


def _read(xml: bytes) -> list[Sheet]:
    sheets: list[Sheet] = []
    concealed: set[str] = set()
    number = column = 0
    for event, element in ET.iterparse(io.BytesIO(xml), events=("start", "end")):
        tag = element.tag
        if event == "start":
            if tag == _T_TABLE:
                sheets.append(Sheet(element.get(_T_NAME, ""), []))
                sheets[-1].hidden = element.get(_T_STYLE_NAME) in concealed
                number = column = 0
        elif tag == _S_STYLE:
            properties = element.find(_S_TABLE_PROPERTIES)
            if properties is not None and properties.get(_T_DISPLAY) == "false":
                concealed.add(element.get(_S_NAME, ""))
        elif tag == _T_TABLE_COLUMN:
            times = min(int(element.get(_T_NUMBER_COLUMNS_REPEATED, "1")), _WIDEST)
            if element.get(_T_VISIBILITY, "visible") != "visible":
                sheets[-1].hidden_columns |= set(range(column + 1, column + times + 1))
            column += times
        elif tag == _T_TABLE_ROW:
            number += _add_row(sheets[-1], element, number + 1)
            element.clear()
    return sheets


def _add_row(sheet: Sheet, element: ET.Element, number: int) -> int:
    """Add a row, as often as it is repeated, and return how often that is."""
    times = int(element.get(_T_NUMBER_ROWS_REPEATED, "1"))
    cells: list[Any] = []
    for cell in element:
        if cell.tag not in (_T_TABLE_CELL, _T_COVERED_TABLE_CELL):
            continue
        repeated = int(cell.get(_T_NUMBER_COLUMNS_REPEATED, "1"))
        value = _value(cell)
        high = int(cell.get(_T_NUMBER_ROWS_SPANNED, "1"))
        wide = int(cell.get(_T_NUMBER_COLUMNS_SPANNED, "1"))
        if high > 1 or wide > 1:
            left = len(cells) + 1
            sheet.merged.append((number, left, number + high - 1, left + wide - 1))
        cells += [value] * min(repeated, _WIDEST - len(cells))
    while cells and cells[-1] is None:
        cells.pop()
    if not cells and number + times > _MOST - 1:
        return times  # the empty rest of the sheet
    if len(cells) * times > MOST_CELLS:
        raise InputError([astray(sheet.name, number, len(cells))])
    for row in range(number, number + min(times, _MOST)):
        sheet.rows.append(list(cells))
        if element.get(_T_VISIBILITY, "visible") != "visible" and cells:
            sheet.hidden_rows.add(row)
    return times


def _value(cell: ET.Element) -> Any:
    kind = cell.get(_O_VALUE_TYPE)
    formula = cell.get(_T_FORMULA) is not None
    if kind is None and not formula:
        return None
    text = "\n".join([_text(p) for p in cell if p.tag == _X_P])
    if formula and kind is None and not text and cell.find(_X_P) is not None:
        return None  # the result is an empty text
    if formula and (kind is None or re.match(r"#|Err:\d", text)):
        return wrong_value(text) if text else stale_formula()
    if kind == "string":
        return cell.get(_O_STRING_VALUE, text)
    if kind == "date":
        stored = cell.get(_O_DATE_VALUE, "")
        moment = datetime.fromisoformat(stored)
        return date.fromisoformat(stored) if len(stored) == 10 else moment
    if kind == "boolean":
        return cell.get(_O_BOOLEAN_VALUE) == "true"
    if kind == "time":
        return wrong_value(text)
    number = float(cell.get(_O_VALUE, "nan"))
    trap: Trap | None = None
    if kind == "percentage":
        trap = shown_otherwise(number, "0%")
    elif re.fullmatch(r"0\d+", text):
        trap = shown_otherwise(number, "0" * len(text))
    elif match := re.fullmatch(r"[A-Za-z\u3400-\u9fff]\D*(\d+)\D*", text):
        trap = shown_as(number, text) if int(match[1]) == number else None
    return trap or number


def _text(paragraph: ET.Element) -> str:
    if not len(paragraph):
        return paragraph.text or ""
    parts = [paragraph.text or ""]
    for child in paragraph:
        if child.tag == _X_S:
            parts.append(" " * int(child.get(_X_C, "1")))
        elif child.tag == _X_TAB:
            parts.append("\t")
        elif child.tag == _X_LINE_BREAK:
            parts.append("\n")
        else:
            parts.append(_text(child))
        parts.append(child.tail or "")
    return "".join(parts)
