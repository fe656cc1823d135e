"""ods (OpenDocument), read from its XML: values, formulas, hidden rows and merged cells at once."""

from __future__ import annotations

import io
import math
import re
from datetime import date
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree as ET

from pingan_logic.errors import InputError
from pingan_logic.intake.cells import Shown
from pingan_logic.intake.formats import number_in
from pingan_logic.intake.ods_styles import CellStyles
from pingan_logic.intake.sheets import Sheet
from pingan_logic.intake.traps import astray, refuse_wide_merges, stale_formula, wrong_value
from pingan_logic.intake.zipped import Odd, damaged, unpack
from pingan_logic.limits import CELLS, COLUMNS, NAME, ROWS

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
_S_TABLE_PROPERTIES = f"{_S}table-properties"
_T_COVERED_TABLE_CELL = f"{_T}covered-table-cell"
_T_DEFAULT_STYLE = f"{_T}default-cell-style-name"
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
_BESIDE = {f"{_X}ruby-text", f"{_X}note", f"{_O}annotation", f"{_O}annotation-end"}
"""What stands beside a text and is not of it: how to pronounce it, notes."""
_BLANK = 8
"""What a row counts at least, in cells: even a blank one takes room."""
_CROWDED = 8 * COLUMNS
"""Elements of one row, texts of its cells included."""
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d([.,]\d+)?)?")


def read_ods(data: bytes, file: str) -> list[Sheet]:
    """Return the sheets of a workbook. Raises InputError when it cannot be read."""
    parts = unpack(data, file)
    with damaged(file):
        styles = CellStyles(parts["content.xml"], parts.get("styles.xml"), file)
        return _read(parts["content.xml"], styles, file)


def _read(xml: bytes, styles: CellStyles, file: str) -> list[Sheet]:
    sheets: list[Sheet] = []
    concealed: set[str] = set()
    above: list[ET.Element] = []
    number = column = room = inside = 0
    in_table = in_row = False
    for event, element in ET.iterparse(io.BytesIO(xml), events=("start", "end")):
        tag = element.tag
        if event == "start":
            above.append(element)
            inside += 1
            if tag == _T_TABLE:
                if in_table:
                    raise Odd("<table:table> <table:table>")
                sheets.append(Sheet(element.get(_T_NAME, ""), []))
                sheets[-1].hidden = element.get(_T_STYLE_NAME) in concealed
                number = column = 0
                styles.columns.clear()
                in_table = True
            elif tag == _T_TABLE_ROW:
                in_row, inside = True, 0
            elif in_row and inside > _CROWDED:
                raise Odd(f"<table:table-row> {inside} <…>")
            continue
        above.pop()
        if styles.any and not in_row:
            styles.note(element, above, sheets)
        if tag == _S_TABLE_PROPERTIES and element.get(_T_DISPLAY) == "false":
            concealed.add(above[-1].get(_S_NAME, ""))
        elif tag == _T_TABLE:
            in_table = False
        elif tag == _T_TABLE_COLUMN and in_table:
            times = min(_times(element, _T_NUMBER_COLUMNS_REPEATED), COLUMNS - column)
            if element.get(_T_VISIBILITY, "visible") != "visible":
                sheets[-1].hidden_columns |= set(range(column + 1, column + times + 1))
            styles.note_columns(element.get(_T_DEFAULT_STYLE), column + 1, times)
            column += times
        elif tag == _T_TABLE_ROW and in_table:
            in_row = False
            before = len(sheets[-1].rows)
            number += _add_row(sheets[-1], element, number + 1, CELLS - room, file)
            _note_styles(sheets[-1], element, before + 1, styles)
            added = len(sheets[-1].rows) - before
            room += added * max(_BLANK, len(sheets[-1].rows[-1]) if added else 0)
        if not in_row and above:
            above[-1].remove(element)
    for sheet in sheets:
        refuse_wide_merges(sheet.merged, file)
    return sheets


def _note_styles(sheet: Sheet, element: ET.Element, first: int, styles: CellStyles) -> None:
    """Note which cells of the rows from `first` on, which an element has just given, may be shown
    otherwise under a condition, and whether all that stands there is struck through."""
    if not styles.applied and not styles.struck:
        return
    column = 0
    usual = element.get(_T_DEFAULT_STYLE)
    struck: list[bool] = []
    for cell in element:
        if cell.tag not in (_T_TABLE_CELL, _T_COVERED_TABLE_CELL):
            continue
        begin, column = column, column + _times(cell, _T_NUMBER_COLUMNS_REPEATED)
        own = cell.get(_T_STYLE_NAME, usual)
        for row in range(first, len(sheet.rows) + 1):
            for at in range(begin + 1, min(column, len(sheet.rows[row - 1])) + 1):
                style = own or styles.columns.get(at)
                if codes := styles.of_style(style):
                    styles.mask(sheet, row, at, codes)
                if sheet.rows[row - 1][at - 1] is not None:
                    struck.append(style in styles.struck)
    if struck and all(struck):
        sheet.struck |= set(range(first, len(sheet.rows) + 1))


def _times(element: ET.Element, name: str) -> int:
    """Return how often an element is repeated, or how far it reaches."""
    text = element.get(name, "1")
    if not re.fullmatch("[0-9]{1,9}", text) or not int(text):
        raise Odd(f'{name.rpartition("}")[2]}="{text[:20]}"')
    return int(text)


def _add_row(sheet: Sheet, element: ET.Element, number: int, room: int, file: str) -> int:
    """Add a row, as often as it is repeated, and return how often that is.

    Raises InputError when more than `room` cells would come from it.
    """
    times = _times(element, _T_NUMBER_ROWS_REPEATED)
    cells: list[Any] = []
    for cell in element:
        if cell.tag not in (_T_TABLE_CELL, _T_COVERED_TABLE_CELL):
            continue
        repeated = _times(cell, _T_NUMBER_COLUMNS_REPEATED)
        value = _value(cell)
        sheet.shown = sheet.shown or isinstance(value, Shown)
        high = _times(cell, _T_NUMBER_ROWS_SPANNED)
        wide = _times(cell, _T_NUMBER_COLUMNS_SPANNED)
        if high > 1 or wide > 1:
            left = len(cells) + 1
            sheet.merged.append((number, left, number + high - 1, left + wide - 1))
        cells += [value] * min(repeated, COLUMNS - len(cells))
    while cells and cells[-1] is None:
        cells.pop()
    if not cells and number + times >= ROWS:
        return times  # the empty rest of the sheet
    if number + times - 1 > ROWS:
        raise Odd(f'number-rows-repeated="{times}"')
    if times * max(_BLANK, len(cells)) > room:
        raise InputError([astray(sheet.name, number, max(1, len(cells)))])
    for row in range(number, number + times):
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
    seen = text if cell.find(_X_P) is not None else None
    if kind == "string":
        held = cell.get(_O_STRING_VALUE, text)
        same = seen is None or seen.split() == held.split()
        return held if same else Shown(text, held)
    if kind == "date":
        return _date(cell.get(_O_DATE_VALUE, ""), seen)
    if kind == "boolean":
        return cell.get(_O_BOOLEAN_VALUE) == "true"
    if kind == "time":
        return wrong_value(text)
    try:
        number = float(cell.get(_O_VALUE, ""))
    except ValueError:
        return wrong_value(text)
    same = seen is None or not math.isfinite(number) or number_in(seen) == _exact(number)
    return number if same else Shown(text, number)


def _exact(number: float) -> Decimal:
    return Decimal(format(number, ".15g"))


def _date(stored: str, seen: str | None) -> Any:
    try:
        day = date.fromisoformat(stored[:10] if _MOMENT.fullmatch(stored) else stored)
    except ValueError:
        return wrong_value(seen or stored)
    if seen is None:
        return day
    held = {int(n) for n in re.findall("[0-9]+", stored)} | {day.year % 100}
    numbers = {int(n) for n in re.findall("[0-9]{1,9}", seen)}
    whole = numbers & {day.year, day.year % 100} and numbers <= held | {n % 12 for n in held}
    return day if whole else Shown(seen, day)


def _text(paragraph: ET.Element) -> str:
    if not len(paragraph):
        return paragraph.text or ""
    parts = [paragraph.text or ""]
    for child in paragraph:
        if child.tag == _X_S:
            parts.append(" " * min(_times(child, _X_C), NAME))
        elif child.tag == _X_TAB:
            parts.append("\t")
        elif child.tag == _X_LINE_BREAK:
            parts.append("\n")
        elif child.tag not in _BESIDE:
            parts.append(_text(child))
        parts.append(child.tail or "")
    return "".join(parts)
