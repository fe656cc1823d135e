"""ods: what the styles of cells say: conditional formats, and text that is struck through.

A style of a cell may name others that it takes under a condition (`style:map`); those stand in
`styles.xml` and may have a format of numbers. Bars and icons may stand in place of the number.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from xml.etree import ElementTree as ET

from pingan_logic.intake.cells import Shown, Trap
from pingan_logic.intake.conditional import NOTHING, shown_as, too_many
from pingan_logic.intake.package import cell_at
from pingan_logic.intake.sheets import Sheet
from pingan_logic.intake.traps import doubtful
from pingan_logic.limits import CELLS

__all__ = ["CellStyles"]

_S = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_N = "{urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0}"
_C = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_MARKS = (b"map", b"conditional-format", b"line-through")
_RANGE = re.compile(r"(?:'(?:[^']|'')*'|[^\s'])+")
_CORNER = re.compile(r"(?:^|[.:])(\$?[A-Z]{1,3}\$?[0-9]{1,7})(?=:|$)")
_PIECES = {"year": "yyyy", "month": "m", "day": "d", "hours": "h", "minutes": "mm", "seconds": "ss",
           "text-content": "@"}  # fmt: skip
_DEEP = 20
"""Styles that rest on each other."""


class CellStyles:
    """The styles of cells of a workbook, as its parts are read."""

    def __init__(self, content: bytes, styles: bytes | None, file: str) -> None:
        self.any: bool = any(mark in content for mark in _MARKS)
        self.file = file
        self.covered: int = 0
        self.applied: dict[str, list[str]] = defaultdict(list)
        self.struck: set[str | None] = set()
        self.columns: dict[int, str | None] = {}
        root = ET.fromstring(styles) if self.any and styles else ET.Element("none")
        self.styles: dict[str, ET.Element] = {
            e.get(f"{_S}name", ""): e for e in root.iter(f"{_S}style")
        }
        self.numbers: dict[str, ET.Element] = {
            e.get(f"{_S}name", ""): e
            for e in root.iter()
            if e.tag.startswith(_N) and "-style" in e.tag
        }
        self.codes: Callable[[str], tuple[str, ...]] = cache(self._codes)

    def note(self, element: ET.Element, above: list[ET.Element], sheets: list[Sheet]) -> None:
        """Note what a style, or an area of the last sheet, may take under a condition."""
        if element.tag == f"{_S}map" and above[-1].tag == f"{_S}style":
            name = above[-1].get(f"{_S}name", "")
            self.applied[name].append(element.get(f"{_S}apply-style-name", ""))
        elif element.tag == f"{_S}text-properties":
            if element.get(f"{_S}text-line-through-style", "none") != "none":
                self.struck.add(above[-1].get(f"{_S}name", ""))
        elif element.tag.startswith(_C) and sheets:
            self.of_area(element, above[-1], sheets[-1])

    def note_columns(self, style: str | None, first: int, times: int) -> None:
        """Note the style of the cells of some columns that have none of their own."""
        if style in self.applied or style in self.struck:
            self.columns |= dict.fromkeys(range(first, first + times), style)

    def of_style(self, style: str | None) -> list[str]:
        """Return the formats of numbers that a cell of a style may take."""
        names = self.applied.get(style or "", ())
        return [code for name in names for code in self.codes(name)]

    def of_area(self, element: ET.Element, above: ET.Element, sheet: Sheet) -> None:
        """Mask the cells of an area by one of its conditions."""
        codes: tuple[str, ...] = ()
        if element.tag == f"{_C}condition":
            codes = self.codes(element.get(f"{_C}apply-style-name", ""))
        elif element.tag in (f"{_C}data-bar", f"{_C}icon-set"):
            codes = (NOTHING,) * (element.get(f"{_C}show-value", "true") == "false")
        if not codes:
            return
        for part in _RANGE.findall(above.get(f"{_C}target-range-address", "")):
            corners = [cell_at(c) for c in _CORNER.findall(part)]
            rows, columns = (sorted(c[n] for c in corners) for n in (0, 1))
            for row in range(rows[0], min(rows[-1], len(sheet.rows)) + 1):
                for column in range(columns[0], min(columns[-1], len(sheet.rows[row - 1])) + 1):
                    self.mask(sheet, row, column, codes)

    def mask(self, sheet: Sheet, row: int, column: int, codes: list[str] | tuple[str, ...]) -> None:
        """Note that a cell may be shown otherwise by one of these formats."""
        self.covered += 1
        if self.covered > CELLS:
            raise too_many(self.file, self.covered)
        before = sheet.traps.get((row, column), sheet.rows[row - 1][column - 1])
        if isinstance(before, Trap):
            return
        known = [before] if isinstance(before, Shown) else []
        held = before.value if isinstance(before, Shown) else before
        texts = (shown_as(held, code) for code in codes)
        found = [Shown(text, held, conditional=True) for text in texts if text is not None]
        if found:
            sheet.traps[row, column] = doubtful(*known, *found)

    def _codes(self, name: str) -> tuple[str, ...]:
        style, data = self.styles.get(name), None
        for _ in range(_DEEP):
            if style is None or data is not None:
                break
            data = style.get(f"{_S}data-style-name")
            style = self.styles.get(style.get(f"{_S}parent-style-name", ""))
        number = self.numbers.get(data or "")
        if number is None:
            return ()
        mapped = (m.get(f"{_S}apply-style-name", "") for m in number.iter(f"{_S}map"))
        every = [number, *(self.numbers[m] for m in mapped if m in self.numbers)]
        return tuple("".join(_pieces(one)) for one in every)


def _pieces(number: ET.Element) -> Iterator[str]:
    """Yield the pieces of a format of numbers as other spreadsheets write it."""
    for piece in number:
        name = piece.tag.removeprefix(_N)
        text = piece.text or ""
        if name == "number":
            yield _digits(piece)
        elif name in _PIECES:
            yield _PIECES[name]
        elif name == "text" and text == "%":
            yield text
        elif name in ("text", "currency-symbol"):
            yield f'"{text}"' if '"' not in text else "".join(f"\\{c}" for c in text)
        elif piece.tag.startswith(_N):
            yield '"?"'  # what it shows is not looked into


def _digits(piece: ET.Element) -> str:
    places = piece.get(f"{_N}decimal-places")
    if places is None:
        return "General"
    if piece.get(f"{_N}display-factor", "1") != "1":
        return '"?"'
    least = int(piece.get(f"{_N}min-decimal-places", places))
    whole = "0" * min(int(piece.get(f"{_N}min-integer-digits", "1")), _DEEP) or "#"
    after = "0" * min(least, _DEEP) + "#" * min(max(0, int(places) - least), _DEEP)
    return f"{whole}.{after}" if after else whole
