"""xls (Excel 97-2003), read with xlrd."""

from __future__ import annotations

from typing import Any

from pingan_logic.errors import InputError, Problem
from pingan_logic.intake.parts import optional
from pingan_logic.intake.sheets import Sheet, refuse_wide_merges, shown_otherwise, wrong_value

__all__ = ["read_xls"]


def read_xls(data: bytes, file: str) -> list[Sheet]:
    """Return the sheets of a workbook. Raises InputError when it cannot be read."""
    xlrd = optional("xlrd", "excel", file)
    try:
        book = xlrd.open_workbook(
            file_contents=data, formatting_info=True, ragged_rows=True, logfile=_Quiet()
        )
        sheets = [_sheet(xlrd, book, sheet) for sheet in book.sheets()]
    # xlrd meets damaged files with many kinds of error
    except Exception as error:
        raise InputError(
            [
                Problem(
                    file,
                    "不是可读的 xls(文件有密码或已损坏),请去掉密码并另存为 xlsx",
                    "is not a readable xls (has a password or is damaged); save it as xlsx "
                    "without a password",
                    str(error) or type(error).__name__,
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
    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            moment = xlrd.xldate.xldate_as_datetime(cell.value, book.datemode)
        except (ValueError, OverflowError):
            return cell.value
        return moment.date() if float(cell.value).is_integer() else moment
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    if cell.ctype == xlrd.XL_CELL_ERROR:
        code = xlrd.error_text_from_code.get(cell.value, "#?")
        out.traps[row + 1, column + 1] = wrong_value(code)
        return None
    if cell.ctype == xlrd.XL_CELL_NUMBER:
        code = book.format_map[book.xf_list[cell.xf_index].format_key].format_str
        trap = shown_otherwise(cell.value, code)
        if trap is not None:
            out.traps[row + 1, column + 1] = trap
    return None if cell.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK) else cell.value
