"""Cells that cannot be taken as they are: formulas without a result, and values shown otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from pingan_logic.errors import Problem
from pingan_logic.intake.cells import Shown, Trap
from pingan_logic.intake.formats import number_in, plain
from pingan_logic.intake.headers import ITEM
from pingan_logic.intake.rows import columns
from pingan_logic.intake.source import CellPlace
from pingan_logic.limits import CELLS, too_large

__all__ = [
    "astray",
    "doubt",
    "doubtful",
    "empty_formula",
    "notice",
    "refuse_wide_merges",
    "seen",
    "stale_formula",
    "stored",
    "wrong_value",
]

_BEFORE = ("", "第")
_AFTER = ("", "分", "年", "年度", "名", "位")
"""What may stand beside a number without changing what it says."""


def astray(sheet: str, row: int, column: int) -> Problem:
    """Return the problem of a cell so far from the table that the sheet is too big to hold."""
    return Problem(
        CellPlace(sheet, row, column),
        f"离表格太远的单元格里有内容（连同空格超过{CELLS}格），请删除整行整列后保存",
        f"a cell far from the table holds something (more than {CELLS} cells, blanks included); "
        "delete its row and column and save",
    )


def stale_formula() -> Trap:
    """Return the trap of a formula that no spreadsheet has calculated."""
    return Trap(
        "公式没有保存计算结果，请用 Excel 或 WPS 打开并保存，或改填数值",
        "a formula without a stored result; open and save it in a spreadsheet, or enter the value",
    )


def empty_formula() -> Trap:
    """Return the trap of a formula whose empty result may mean that nothing calculated it."""
    return Trap(
        "公式没有结果（没有计算，或结果是空白），请改填数值",
        "a formula without a result (never calculated, or blank); enter the value",
    )


def wrong_value(shown: str) -> Trap:
    """Return the trap of a cell that shows an error or something that is not a value."""
    return Trap("不是可用的值（公式出错？）", "not a usable value (a formula error?)", shown)


def refuse_wide_merges(merged: Iterable[tuple[int, int, int, int]], file: str) -> None:
    """Refuse merged areas that cover more cells than a workbook may have. Raises InputError."""
    covered = sum((bottom - top + 1) * (right - left + 1) for top, left, bottom, right in merged)
    if covered > CELLS:
        raise too_large(
            file,
            f"合并单元格共覆盖超过{CELLS}个单元格，请取消合并",
            f"merged areas cover more than {CELLS} cells: unmerge them",
            covered,
        )


def stored(cell: Any) -> str:
    """Return what a cell holds, as a person would write it."""
    if isinstance(cell, Shown):
        return stored(cell.value)
    return plain(cell) if isinstance(cell, float) else "" if cell is None else str(cell)


def seen(cell: Shown, table: str, column: str) -> tuple[Any, bool]:
    """Return what to read in place of a cell that shows something else than it holds, and whether
    to say so: a trap where the value decides something, else the value.

    `column` is blank when it is none of ours: then nothing is read from it.
    """
    kind = "value" if column.startswith(ITEM) else ""
    if column in columns(table):
        kind = columns(table)[column].metadata["kind"]
    if not kind or (kind in ("year", "count", "score", "value") and _same_number(cell)):
        return cell.value, False
    if kind == "value" and _same_percentage(cell):
        return cell.text, False
    days = ("date", "value")
    if isinstance(cell.value, time) or (isinstance(cell.value, date) and kind not in days):
        return cell.value, False  # refused as what it is
    if isinstance(cell.value, date) and _same_day(cell.text, cell.value):
        return cell.value, True
    # the value of a change may be the id of a unit
    if kind == "text" and table != "changes":
        return cell.value, True
    return doubt(cell), False


def doubtful(*cells: Shown) -> Shown:
    """Return the one of several things that a cell shows which is not what it holds in other
    words, else the first."""
    return next((cell for cell in cells if not _same(cell)), cells[0])


def _same(cell: Shown) -> bool:
    if isinstance(cell.value, date):
        return _same_day(cell.text, cell.value)
    return _same_number(cell) or _same_percentage(cell)


def doubt(cell: Shown) -> Trap:
    """Return the trap of a cell that shows something else than it holds."""
    held = stored(cell)
    if cell.conditional:
        return Trap(
            f"条件格式可能使单元格显示为{_zh(cell.text)}，存的却是 {held}；"
            "请清除条件格式，核对后重新录入",
            f"a conditional format may make the cell show {_en(cell.text)} where it holds "
            f"`{held}`; clear the conditional format, check the value and enter it again",
            held,
        )
    return Trap(
        f"单元格显示为{_zh(cell.text)}，存的却是 {held}；请核对后设为“文本”或“常规”，重新录入",
        f"the cell shows {_en(cell.text)} but holds `{held}`; check it, format it as text or "
        "general and enter it again",
        held,
    )


def _same_number(cell: Shown) -> bool:
    """Whether the number that is seen is the one that is held, with a unit beside it."""
    match = re.fullmatch(r"([^\d.,-]*)(-?[\d.,]+)([^\d.]*)", cell.text.replace(" ", ""))
    if match is None or match[1] not in _BEFORE or match[3] not in _AFTER:
        return False
    held = cell.value
    if not isinstance(held, float):
        return False
    return number_in(match[2]) == Decimal(format(held, ".15g"))


def _same_percentage(cell: Shown) -> bool:
    """Whether what is seen is the number that is held, as a percentage."""
    match = re.fullmatch(r"(-?[\d.]+)%", cell.text.replace(" ", ""))
    held = cell.value
    if match is None or not isinstance(held, float):
        return False
    return number_in(match[1]) == Decimal(format(held, ".15g")) * 100


def _same_day(text: str, day: date) -> bool:
    """Whether all numbers that are seen are those of the day, which may lack its year."""
    held = {day.year, day.year % 100, day.month, day.day}
    if isinstance(day, datetime):
        held |= {day.hour, day.hour % 12, day.minute, day.second}
    numbers = {int(n) for n in re.findall(r"\d{1,9}", text)}
    return bool(numbers) and numbers <= held


def notice(place: str, cell: Shown, others: int) -> tuple[str, str]:
    """Return in words that a cell shows something else than is read, and as many `others` of its
    column."""
    held = stored(cell)
    zh = f"（该列另有{others}格）" if others else ""
    en = f" (so do {others} others of its column)" if others else ""
    cause = "条件格式可能使" if cell.conditional else ""
    shows = "a conditional format may make the cell show" if cell.conditional else "the cell shows"
    return (
        f"{place}：{cause}单元格显示为{_zh(cell.text)}，存的是“{held}”，按存的读取{zh}",
        f"{place}: {shows} {_en(cell.text)} but holds `{held}`, which is read{en}",
    )


def _zh(text: str) -> str:
    return f" {text}" if text.strip() else "空白"


def _en(text: str) -> str:
    return f"`{text}`" if text.strip() else "nothing"
