"""A copy of a workbook with its bad cells marked, commented and listed."""

from __future__ import annotations

import io
import math
import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from pingan_logic.errors import PinganError, Problem, RequestError
from pingan_logic.export.words import WORDS
from pingan_logic.intake.decode import read_bytes
from pingan_logic.intake.parts import optional
from pingan_logic.intake.rows import Trap
from pingan_logic.intake.source import CellPlace, Source
from pingan_logic.intake.zipped import broken, pack, unpack

__all__ = ["annotate"]

_AUTHOR = "pingan_logic"
_RED = "FFFFC7CE"
_SAME = (".xlsx", ".xlsm")


def annotate(path: str | Path, source: Source, problems: Iterable[Problem], lang: str) -> bytes:
    """Return the workbook at `path` with every problem marked at its cell.

    An xlsx is kept as it is, with its formats and formulas; of other files the cells are written to
    a new workbook. Marks of an earlier copy are taken away first. Raises RequestError when `path`
    has no cells: JSON or a database.
    """
    openpyxl = optional("openpyxl", "excel", "--annotate")
    if not source.sheets:
        raise RequestError(
            [
                Problem(
                    "--annotate",
                    "只有工作簿和 CSV 能标注",
                    "only workbooks and CSV files can be marked",
                    str(path),
                )
            ]
        )
    if Path(path).is_file() and Path(path).suffix.lower() in _SAME:
        try:
            parts = unpack(read_bytes(Path(path)), Path(path).name, every=True)
            book = openpyxl.load_workbook(pack(parts))
        except PinganError:
            raise
        # openpyxl meets odd files with many kinds of error
        except Exception as error:
            raise broken(Path(path).name, error) from None
        names = {s.title: s.title for s in book.worksheets}
    else:
        book, names = _new_book(openpyxl, source)
    _Marker(openpyxl, book, names, lang).mark(list(problems))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _new_book(openpyxl: Any, source: Source) -> tuple[Any, dict[str, str]]:
    book = openpyxl.Workbook()
    book.remove(book.active)
    names: dict[str, str] = {}
    for name, rows in source.sheets.items():
        title = name.rsplit(".csv", 1)[0].split(" ", 1)[-1]
        sheet = book.create_sheet(_IN_NO_TITLE.sub(" ", title)[:31].strip() or None)
        names[name] = sheet.title
        for number, cells in enumerate(rows, 1):
            for position, value in enumerate(cells, 1):
                if isinstance(value, Trap):
                    value = value.found
                if value in (None, ""):
                    continue
                cell = sheet.cell(number, position)
                if isinstance(value, str):
                    _write_text(cell, value)
                elif isinstance(value, float) and not math.isfinite(value):
                    _write_text(cell, str(value))
                else:
                    cell.value = value
                    if isinstance(value, date):
                        cell.number_format = "yyyy-mm-dd"
    return book, names


_IN_NO_TITLE = re.compile(r"[\[\]:*?/\\'\x00-\x1f\ud800-\udfff\ufffe\uffff]")
_IN_NO_CELL = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")


def _write_text(cell: Any, text: str) -> None:
    """Write text that stays text, without the characters that a workbook cannot hold."""
    cell.value = _IN_NO_CELL.sub("", text)
    cell.data_type = "s"
    cell.number_format = "@"


class _Marker:
    def __init__(self, openpyxl: Any, book: Any, names: dict[str, str], lang: str) -> None:
        self.openpyxl, self.book, self.names = openpyxl, book, names
        self.lang, self.words = lang, WORDS[lang]
        self.red = openpyxl.styles.PatternFill("solid", fgColor=_RED)

    def mark(self, problems: list[Problem]) -> None:
        self.unmark()
        said: dict[tuple[str, int, int], list[str]] = defaultdict(list)
        for problem in problems:
            place = problem.place
            if isinstance(place, CellPlace) and place.sheet in self.names:
                where = (self.names[place.sheet], place.row, max(1, place.column))
                said[where].append(problem.what(self.lang))
            elif place in self.names:
                said[self.names[place], 1, 1].append(problem.what(self.lang))
        for (title, row, column), texts in said.items():
            sheet = self.book[title]
            cell = sheet.cell(row, column)
            if isinstance(cell, self.openpyxl.cell.cell.MergedCell):
                cell = self.first_of_merged(sheet, cell)
            cell.fill = self.red
            if cell.comment is not None:
                texts = [cell.comment.text, *texts]
            cell.comment = self.openpyxl.comments.Comment("\n".join(texts), _AUTHOR, 120, 360)
            sheet.sheet_properties.tabColor = _RED
        self.list(problems)

    def first_of_merged(self, sheet: Any, cell: Any) -> Any:
        for area in sheet.merged_cells.ranges:
            if cell.coordinate in area:
                return sheet.cell(area.min_row, area.min_col)
        return cell

    def unmark(self) -> None:
        """Take away the marks of an earlier copy."""
        if self.words["report"] in self.book.sheetnames:
            del self.book[self.words["report"]]
        for sheet in self.book.worksheets:
            # only the cells that are there: going by rows makes those between them too
            for cell in list(sheet._cells.values()):
                if cell.comment is not None and cell.comment.author == _AUTHOR:
                    cell.comment = None
                    cell.fill = self.openpyxl.styles.PatternFill()

    def list(self, problems: list[Problem]) -> None:
        """Add a sheet that lists every problem, with a link to its cell."""
        sheet = self.book.create_sheet(self.words["report"])
        heads = ("place", "problem", "found", "nearest")
        bold = self.openpyxl.styles.Font(bold=True)
        for position, (key, wide) in enumerate(zip(heads, (28, 70, 28, 28), strict=True), 1):
            cell = sheet.cell(1, position, self.words[key])
            cell.font = bold
            sheet.column_dimensions[self.openpyxl.utils.get_column_letter(position)].width = wide
        for row, problem in enumerate(problems, 2):
            place = problem.place
            text = problem.zh if self.lang == "zh" else problem.en
            cells = (problem.where(self.lang), text, problem.found, problem.nearest)
            for position, value in enumerate(cells, 1):
                if value:
                    cell = sheet.cell(row, position)
                    _write_text(cell, value)
                    cell.alignment = self.openpyxl.styles.Alignment("left", "top", wrap_text=True)
            if isinstance(place, CellPlace) and place.sheet in self.names:
                letters = self.openpyxl.utils.get_column_letter(max(1, place.column))
                title = self.names[place.sheet].replace("'", "''")
                sheet.cell(row, 1).hyperlink = f"#'{title}'!{letters}{place.row}"
        if not problems:
            _write_text(sheet.cell(2, 1), self.words["none"])
        sheet.freeze_panes = "A2"
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr = self.openpyxl.worksheet.properties.PageSetupProperties(
            fitToPage=True
        )
