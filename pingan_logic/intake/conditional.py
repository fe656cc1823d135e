"""xlsx: conditional formats under which a cell may show something else than it holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from attrs import Factory, define

from pingan_logic.errors import InputError
from pingan_logic.intake.cells import Shown
from pingan_logic.intake.formats import is_day, moment, plain, shown
from pingan_logic.intake.package import Book, cell_at, walk
from pingan_logic.intake.traps import doubtful
from pingan_logic.intake.zipped import Odd
from pingan_logic.limits import CELLS, too_large

__all__ = ["NOTHING", "shown_as", "shown_under_conditions", "too_many"]

NOTHING = ";;;"
"""The format that shows nothing."""
_MARK = b"onditionalFormatting"
_CELLS = re.compile(rb"<((?:\w+:)?)sheetData[\s>].*</\1sheetData\s*>", re.DOTALL)


@define
class _Conditional:
    """Formats of numbers that hold for some cells under a condition."""

    ranges: str = ""
    formats: list[str] = Factory(list)


def shown_under_conditions(
    book: Book, values: Sequence[Sequence[Sequence[Any]]], file: str
) -> list[dict[tuple[int, int], Shown]]:
    """Return the cells of each sheet that a conditional format would show otherwise."""
    if not any(_MARK in sheet.xml for sheet in book.sheets):
        return [{} for _ in book.sheets]
    formats = _differential_formats(book.styles)
    return [
        _cells(_conditional(sheet.xml, formats), rows, file, leap=book.leap)
        for sheet, rows in zip(book.sheets, values, strict=True)
    ]


def _differential_formats(styles: bytes | None) -> list[str]:
    """Return the number format of each style that conditions refer to, blank where it has none."""
    found: list[str] = []
    inside = False
    for name, a, _ in walk(styles or b"<styleSheet/>", {"dxfs", "dxf", "numFmt"}, ends={"dxfs"}):
        if name.endswith("dxfs"):
            inside = name == "dxfs"
        elif inside and name == "dxf":
            found.append("")
        elif inside and found:
            found[-1] = a["formatCode"]
    return found


def _conditional(xml: bytes, formats: Sequence[str]) -> list[_Conditional]:
    """Return the conditional formats of a sheet that can show a number otherwise. `formats` are
    those of the workbook."""
    if _MARK not in xml:
        return []
    if b"showValue" not in xml and b"numFmt" not in xml and not any(formats):
        return []
    if xml.count(b"sheetData") == 2:
        xml = _CELLS.sub(b"", xml)  # they have been read, and no condition stands among them
    found: list[_Conditional] = []
    inside = False
    bars = {"dataBar", "iconSet"}
    names = {"conditionalFormatting", "cfRule", "numFmt", "sqref"} | bars
    for name, a, text in walk(xml, names, ends={"sqref", "conditionalFormatting"}):
        if name.endswith("conditionalFormatting"):
            inside = name[0] != "/"
            if inside:
                found.append(_Conditional(a.get("sqref", "")))
        elif not inside:
            continue
        elif name == "/sqref":
            found[-1].ranges = text
        elif name == "cfRule" and "dxfId" in a:
            found[-1].formats.append(_numbered(a["dxfId"], formats))
        elif name == "numFmt":
            found[-1].formats.append(a["formatCode"])
        elif name in bars and a.get("showValue", "1") in ("0", "false"):
            found[-1].formats.append(NOTHING)
    for each in found:
        each.formats = [code for code in each.formats if code]
    return [each for each in found if each.formats]


def _cells(
    found: Iterable[_Conditional], rows: Sequence[Sequence[Any]], file: str, *, leap: bool
) -> dict[tuple[int, int], Shown]:
    cells: dict[tuple[int, int], list[Shown]] = {}
    covered = 0
    for each in found:
        for top, left, bottom, right in map(_area, each.ranges.split()):
            for row in range(top, min(bottom, len(rows)) + 1):
                values = rows[row - 1][left - 1 : right]
                covered += len(values)
                if covered > CELLS:
                    raise too_many(file, covered)
                for column, value in enumerate(values, left):
                    for text in (shown_as(value, code, leap=leap) for code in each.formats):
                        if text is not None:
                            one = Shown(text, value, conditional=True)
                            cells.setdefault((row, column), []).append(one)
    return {place: doubtful(*several) for place, several in cells.items()}


def shown_as(value: Any, code: str, *, leap: bool = False) -> str | None:
    """Return what a value is shown as under a format, None when it shows the value."""
    if isinstance(value, str):
        return shown(value, code) if value else None
    if isinstance(value, float):
        return moment(value, code, leap=leap) if is_day(code) else shown(value, code)
    if not isinstance(value, date):
        return None
    number = _number_of(value, leap)
    text = shown(number, code, leap=leap)
    return plain(number) if text is None and not is_day(code) else text


def _number_of(value: date, leap: bool) -> float:
    """Return the number by which a workbook holds a day."""
    first = datetime(1904, 1, 1) if leap else datetime(1899, 12, 30)
    if isinstance(value, datetime):
        since = value - first
        return since.days + since.seconds / 86400
    return float(value.toordinal() - first.toordinal())


def _numbered(number: str, formats: Sequence[str]) -> str:
    """Return a format by its number. Raises Odd when the workbook has none of it."""
    at = int(number)
    if not 0 <= at < len(formats):
        raise Odd(f'dxfId="{number}"')
    return formats[at]


def _area(reference: str) -> tuple[int, int, int, int]:
    corner, _, end = reference.partition(":")
    (top, left), (bottom, right) = cell_at(corner), cell_at(end or corner)
    return min(top, bottom), min(left, right), max(top, bottom), max(left, right)


def too_many(file: str, covered: int) -> InputError:
    """Return the error of conditional formats over more cells than are looked at."""
    return too_large(
        file,
        f"条件格式共覆盖超过{CELLS}个单元格，请清除",
        f"conditional formats cover more than {CELLS} cells: clear them",
        covered,
    )
