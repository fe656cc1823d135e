"""Workbooks of any length: xlsxwriter lays them out, rows are streamed into what it wrote.

Cell by cell it would take ten times as long, and hold every cell in memory.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

import xlsxwriter
from attrs import frozen
from xlsxwriter.utility import xl_col_to_name

from pingan_logic.errors import Problem, RequestError
from pingan_logic.intake.csv_tables import escape_formula, may_run

__all__ = ["Book", "Column", "Piece"]

Piece = Sequence[Sequence[Any]]
"""Some rows, column by column: texts, whole numbers, shares as decimals, or None."""

_MOST = 1_048_576
"""Rows of a sheet."""
_LONGEST = 32_767
"""Characters of a cell."""
_SAFE = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-.\n"
"""What ids are made of: nothing that would have to be written in another way."""
_HEAD = 3
"""Rows above the first of the table: title, note, header."""
_FORMS: dict[str, dict[str, Any]] = {
    "text": {},
    "wrapped": {"text_wrap": True},
    "number": {"num_format": "0", "align": "right"},
    "share": {"num_format": "0.0%", "align": "right"},
}
_TEXT = '<c s="{style}" t="inlineStr"><is><t>{text}</t></is></c>'
_SPECIAL = re.compile("[&<>\x00-\x09\x0b-\x1f\ufffe\uffff]|_x[0-9A-Fa-f]{4}_|^\\s|\\s$", re.M)
_LITERAL = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")


@frozen
class Column:
    """A column: its title, its width in characters and its form, one of text, wrapped, number and
    share (a percentage)."""

    title: str
    width: int
    form: str = "text"


class Book:
    """Sheets with a title, a header that stays and is printed on every page, and filters.

    `mark` stands above every sheet. Text is written as text: nothing a user wrote runs as a
    formula.
    """

    def __init__(self, words: dict[str, str], title: str, day: datetime, mark: str = "") -> None:
        self.w: dict[str, str] = words
        self.title: str = title
        self.mark: str = mark
        self.layout: io.BytesIO = io.BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self.file: Any = xlsxwriter.Workbook(self.layout, options)
        # without a date of its own every run would stamp the time of writing
        self.file.set_properties({"title": title, "created": day})
        self.names: set[str] = set()
        self.tables: list[tuple[int, int, Iterable[Piece]]] = []
        add = self.file.add_format
        self.big: Any = add({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"})
        self.small: Any = add({"font_color": "#8F1D1D", "align": "center", "valign": "vcenter"})
        head = {"bold": True, "bg_color": "#8F1D1D", "font_color": "#FFFFFF", "text_wrap": True,
                "align": "center", "valign": "vcenter", "border": 1}  # fmt: skip
        self.head: Any = add(head)
        thin = {"valign": "top", "border": 1, "border_color": "#BFBFBF"}
        self.forms: dict[str, Any] = {name: add({**thin, **form}) for name, form in _FORMS.items()}
        # stays text also when someone edits the cell
        self.live: dict[str, Any] = {
            name: add({**thin, **form, "num_format": "@", "quote_prefix": True})
            for name, form in _FORMS.items()
        }

    def name(self, wanted: str) -> str:
        """Return a sheet name that is allowed and not taken yet."""
        base = re.sub(r"[\[\]:*?/\\']", " ", wanted).strip()[:28] or "-"
        name, n = base, 1
        while name.lower() in self.names:
            n += 1
            name = f"{base} {n}"
        self.names.add(name.lower())
        return name

    def sheet(
        self, name: str, columns: Sequence[Column], rows: int, pieces: Iterable[Piece]
    ) -> None:
        """Add a sheet of `rows` rows, which `pieces` give when the workbook is written.

        Raises RequestError when they do not fit into a sheet.
        """
        if rows > _MOST - _HEAD:
            problem = Problem("--out", self.w["too_many"], self.w["too_many"], name)
            raise RequestError([problem])
        sheet, last = self.file.add_worksheet(self.name(name)), len(columns) - 1
        for number, column in enumerate(columns):
            sheet.set_column(number, number, column.width)
            sheet.write_string(_HEAD - 1, number, column.title, self.head)
            # where the rows will stand: two cells that say the number of each format
            sheet.write_blank(_HEAD, number, None, self.forms[column.form])
            sheet.write_blank(_HEAD + 1, number, None, self.live[column.form])
        sheet.merge_range(0, 0, 0, last, f"{self.title}{self.w['colon']}{name}", self.big)
        sheet.merge_range(1, 0, 1, last, self.mark, self.small)
        sheet.set_row(0, 30)
        sheet.freeze_panes(_HEAD, 0)
        sheet.autofilter(_HEAD - 1, 0, _HEAD - 1 + max(rows, 1), last)
        sheet.set_paper(9)  # A4
        sheet.set_landscape()
        sheet.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.7)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0, _HEAD - 1)
        if self.mark:
            sheet.set_header(f"&C{self.mark}")
        sheet.set_footer(f"&C{self.w['sheet_page']}")
        self.tables.append((last, rows, pieces))

    def content(self) -> bytes:
        """Return the workbook."""
        self.file.close()
        out = io.BytesIO()
        tables = {f"xl/worksheets/sheet{n}.xml": t for n, t in enumerate(self.tables, 1)}
        with (
            zipfile.ZipFile(self.layout) as old,
            zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=2) as new,
        ):
            for name in old.namelist():
                with new.open(name, "w") as file:
                    if name in tables:
                        for piece in _filled(old.read(name).decode(), *tables[name]):
                            file.write(piece.encode())
                    else:
                        file.write(old.read(name))
        return out.getvalue()


def _filled(layout: str, last: int, rows: int, pieces: Iterable[Piece]) -> Iterator[str]:
    """Yield a sheet with the rows in place of the two that say the formats."""
    before, forms, after = re.split(rf'(<row r="{_HEAD + 1}".*</row>)(?=</sheetData>)', layout)
    styles = re.findall(r' s="(\d+)"', forms)
    end = f"{xl_col_to_name(last)}{_HEAD + rows}"
    yield re.sub('<dimension ref="[^"]*"/>', f'<dimension ref="A1:{end}"/>', before)
    plain, live = styles[: last + 1], styles[last + 1 :]
    for piece in pieces:
        if piece[0]:
            yield _rows(piece, plain, live)
    yield after


def _rows(piece: Piece, plain: Sequence[str], live: Sequence[str]) -> str:
    """Return some rows. What they have in common stands in a list between what differs, all of
    which is joined at once: row by row it would take ten times as long."""
    common, columns = ["<row>"], []
    for column, *styles in zip(piece, plain, live, strict=True):
        few = set(column)
        if len(few) == 1:
            common[-1] += _cell(column[0], *styles)
        elif "" not in few and _plain(column):
            before, after = _TEXT.format(style=styles[0], text="\0").split("\0")
            common[-1] += before
            common.append(after)
            columns.append(column)
        else:
            made = {value: _cell(value, *styles) for value in few}
            common.append("")
            columns.append(list(map(made.__getitem__, column)))
    rows, wide = len(piece[0]), 2 * len(columns)
    if not columns:
        return f"{common[0]}</row>" * rows
    start, *between = common
    end = f"{between.pop()}</row>"
    parts = [""] * (rows * wide)
    for n, (column, text) in enumerate(zip(columns, [end + start, *between], strict=True)):
        parts[2 * n :: wide] = [text] * rows
        parts[2 * n + 1 :: wide] = column
    parts[0] = start
    return "".join(parts) + end


def _plain(values: Collection[Any]) -> bool:
    """Whether values are texts that can be written as they are, none of them too long."""
    try:
        whole = "\n".join(values)
    except TypeError:
        return False
    return not (
        whole.count("\n") >= len(values)
        or max(map(len, values)) > _LONGEST
        or may_run(whole)
        or (whole.encode(errors="replace").translate(None, _SAFE) and _SPECIAL.search(whole))
    )


def _cell(value: Any, style: str, live: str) -> str:
    if value is None or value == "":
        return f'<c s="{style}"/>'
    if isinstance(value, (int, float)):
        return f'<c s="{style}"><v>{value}</v></c>'
    text = str(value)
    if _plain((text,)):
        return _TEXT.format(style=style, text=text)
    text = text[:_LONGEST]
    style = live if escape_formula(text) != text else style
    text = _CONTROL.sub(lambda m: f"_x{ord(m[0]):04X}_", _LITERAL.sub("_x005F_", text))
    return f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'
