"""xls (Excel 97-2003), read with xlrd."""

from __future__ import annotations

import struct
from typing import Any

from pingan_logic.errors import InputError, Problem
from pingan_logic.extras import optional
from pingan_logic.intake.cells import Shown
from pingan_logic.intake.formats import looked_at, shown
from pingan_logic.intake.sheets import Sheet
from pingan_logic.intake.traps import empty_formula, refuse_wide_merges, wrong_value

__all__ = ["read_xls"]


def read_xls(data: bytes, file: str) -> list[Sheet]:
    """Return the sheets of a workbook. Raises InputError when it cannot be read."""
    xlrd = optional("xlrd", "excel", file)
    try:
        book = xlrd.open_workbook(
            file_contents=data,
            formatting_info=True,
            ragged_rows=True,
            logfile=_Quiet(),
            on_demand=True,
        )
        sheets = [_sheet(xlrd, book, sheet) for sheet in book.sheets()]
        for sheet, cells in zip(sheets, _empty_formulas(book), strict=True):
            sheet.traps |= dict.fromkeys(cells, empty_formula())
    # xlrd meets damaged files with many kinds of error
    except Exception:
        raise InputError(
            [
                Problem(
                    file,
                    "不是可读的工作簿（文件有密码、已损坏或不是工作簿），请去掉密码并另存为 xlsx",
                    "is not a readable workbook (has a password, is damaged or is none); save it "
                    "as xlsx without a password",
                )
            ]
        ) from None
    for sheet in sheets:
        refuse_wide_merges(sheet.merged, file)
    return sheets


class _Quiet:
    def write(self, text: str) -> None:
        """Swallow what xlrd prints about odd files."""

    def flush(self) -> None:
        """Do nothing."""


def _empty_formulas(book: Any) -> list[list[tuple[int, int]]]:
    """Return, for each sheet, the cells of formulas without a result, which xlrd does not tell.

    Programs that cannot calculate store an empty text, or a zero to be calculated on opening.
    """
    found: list[list[tuple[int, int]]] = []
    starts: list[int] = []
    at, end = book.base, book.base + book.stream_len
    while at + 4 <= end:
        record, size = struct.unpack_from("<HH", book.mem, at)
        if record == _BOUND_SHEET:
            start, _, kind = struct.unpack_from("<IBB", book.mem, at + 4)
            if kind == 0:
                starts.append(book.base + start)
                found.append([])
        elif record == _FORMULA:
            row, column, _, result, flags = struct.unpack_from("<HHH8sH", book.mem, at + 4)
            blank = result[0] == 3 and result[6:] == b"\xff\xff"
            if blank or (flags & 2 and result == bytes(8)):
                _, sheet = max((start, n) for n, start in enumerate(starts) if start <= at)
                found[sheet].append((row + 1, column + 1))
        at += 4 + size
    return found


_BOUND_SHEET, _FORMULA = 0x85, 0x06


def _sheet(xlrd: Any, book: Any, sheet: Any) -> Sheet:
    out = Sheet(sheet.name, [], hidden=sheet.visibility != 0)
    for r in range(sheet.nrows):
        out.rows.append(
            [_value(xlrd, book, sheet, r, c, out) for c in range(sheet.row_len(r))]
        )  # fmt: skip
    out.hidden_rows = {r + 1 for r, info in sheet.rowinfo_map.items() if info.hidden}
    out.hidden_columns = {c + 1 for c, info in sheet.colinfo_map.items() if info.hidden}
    out.merged = [
        (top + 1, left + 1, bottom, right) for top, bottom, left, right in sheet.merged_cells
    ]
    return out


def _value(xlrd: Any, book: Any, sheet: Any, row: int, column: int, out: Sheet) -> Any:
    cell = sheet.cell(row, column)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    if cell.ctype == xlrd.XL_CELL_ERROR:
        code = xlrd.error_text_from_code.get(cell.value, "#?")
        out.traps[row + 1, column + 1] = wrong_value(code)
        return None
    if cell.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
        return None
    value = cell.value
    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            moment = xlrd.xldate.xldate_as_datetime(cell.value, book.datemode)
        except (ValueError, OverflowError):
            return cell.value
        value = moment.date() if float(cell.value).is_integer() else moment
    code = book.format_map[book.xf_list[cell.xf_index].format_key].format_str
    if looked_at(code):
        text = shown(cell.value, code, leap=book.datemode == 1)
        if text is not None:
            out.traps[row + 1, column + 1] = Shown(text, value)
    return value
