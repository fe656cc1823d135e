"""A copy of a workbook with its bad cells marked, commented and listed."""

from __future__ import annotations

import io
import math
import re
import warnings
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from pingan_logic.errors import Problem, RequestError
from pingan_logic.extras import optional
from pingan_logic.intake.cells import Shown, Trap
from pingan_logic.intake.package import open_book
from pingan_logic.intake.source import CellPlace, Source
from pingan_logic.intake.zipped import damaged, pack, unpack
from pingan_logic.messages.template import LOST, WORDS
from pingan_logic.reading import Reading

__all__ = ["Copy", "annotate", "write_text"]

_AUTHOR = "pingan_logic"
_BEGINS = f"[{_AUTHOR}]"
"""Stands between a comment that was there and what is added to it."""
_RED = "FFFFC7CE"
_WIDTHS = (28, 70, 28, 28)


def annotate(
    path: str | Path,
    source: Source,
    problems: Iterable[Problem],
    lang: str,
    *,
    content: bytes | None = None,
) -> bytes:
    """Return the workbook at `path` with every problem marked at its cell; `content` is what it
    holds if it is no file of this machine.

    An xlsx is kept as it is, with its formats and formulas; of other files the cells are written to
    a new workbook. What could not be kept is said in the notices of `source`. Marks of an earlier
    copy are taken away first. Raises RequestError when `path` has no cells: JSON or a database.
    """
    copy = Copy(path, source, content, "--annotate")
    copy.mark(list(problems), lang)
    return copy.saved()


class Copy:
    """The workbook at `path` to write into; of other files a new one with the same cells.

    `names` are the titles of its sheets by the names of `source`. Raises RequestError, naming the
    `option`, when `path` has no cells: JSON or a database.
    """

    openpyxl: Any
    source: Source
    parts: dict[str, bytes]
    extended: bool
    book: Any
    same: bool
    names: dict[str, str]

    def __init__(
        self, path: str | Path, source: Source, content: bytes | None, option: str
    ) -> None:
        self.openpyxl = optional("openpyxl", "excel", option)
        self.source = source
        self.parts, self.extended, self.book = _same_book(self.openpyxl, Path(path), content)
        self.same = self.book is not None
        if self.same:
            self.names = {s.title: s.title for s in self.book.worksheets}
            return
        if not source.sheets:
            zh, en = "只有工作簿和 CSV 能标注", "only workbooks and CSV files can be marked"
            raise RequestError([Problem(option, zh, en, str(path))])
        self.book, self.names = _new_book(self.openpyxl, source)

    def mark(self, problems: list[Problem], lang: str) -> None:
        """Mark every problem at its cell, and list them."""
        _Marker(self.openpyxl, self.book, self.names, lang).mark(problems)

    def saved(self) -> bytes:
        """Return the workbook; what it lacks of the original is said in the notices."""
        out = io.BytesIO()
        self.book.save(out)
        lost = _lost(self.parts, out, self.extended) if self.same else [LOST["formats"]]
        if lost:
            zh, en = ("、".join(w[0] for w in lost), ", ".join(w[1] for w in lost))
            self.source.notices.append(
                (
                    f"标注的一份里没有原文件的{zh}（原文件没有改动）",
                    f"the marked copy lacks these of the original, which is unchanged: {en}",
                )
            )
        return out.getvalue()


def _same_book(
    openpyxl: Any, path: Path, content: bytes | None
) -> tuple[dict[str, bytes], bool, Any]:
    """Return the parts of an xlsx, whether openpyxl leaves some out, and the workbook to mark.

    The workbook is None when `path` is none that openpyxl can keep.
    """
    data = content
    if data is None:
        data = Reading().file(path) if path.is_file() else b""
    if not data.startswith(b"PK") or path.suffix.lower() == ".csv":
        return {}, False, None
    parts = unpack(data, path.name, every=True)
    if "content.xml" in parts:
        return {}, False, None
    with damaged(path.name):
        whole = open_book(parts, path.name)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        try:
            book = openpyxl.load_workbook(pack(parts), rich_text=True)
        # it refuses some styles that other programs write, with many kinds of error
        except Exception:
            return {}, False, None
    # nor does it tell of sheets and styles that it does not find, or whose cells it does not know
    found = book.sheetnames == [s.name for s in whole.sheets]
    if whole.strict or not found or parts.get("xl/styles.xml") != whole.styles:
        return {}, False, None
    return parts, any("extension" in str(w.message) for w in said), book


def _lost(old: Mapping[str, bytes], copy: io.BytesIO, extended: bool) -> list[tuple[str, str]]:
    """Return the names of what stands in the parts of the original but not in the copy."""
    with zipfile.ZipFile(copy) as book:
        new = {n: book.read(n) for n in book.namelist()}
    lost = [
        names
        for part, names in LOST.items()
        if sum(part in n for n in old) > sum(part in n for n in new)
    ]
    if _shapes(old) > _shapes(new):
        lost.append(LOST["shapes"])
    return lost + [LOST["extensions"]] * extended


def _shapes(parts: Mapping[str, bytes]) -> int:
    drawings = [xml for n, xml in parts.items() if re.match(r"xl/drawings/[^/]+\.xml", n)]
    return sum(len(re.findall(rb"<(?:\w+:)?sp[ >]", xml)) for xml in drawings)


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
                elif isinstance(value, Shown):
                    value = value.value
                if value in (None, ""):
                    continue
                cell = sheet.cell(number, position)
                if isinstance(value, str):
                    write_text(cell, value)
                elif isinstance(value, float) and not math.isfinite(value):
                    write_text(cell, str(value))
                else:
                    cell.value = value
                    if isinstance(value, date):
                        cell.number_format = "yyyy-mm-dd"
    return book, names


_IN_NO_TITLE = re.compile(r"[\[\]:*?/\\'\x00-\x1f\ud800-\udfff\ufffe\uffff]")
_IN_NO_CELL = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")


def write_text(cell: Any, text: str) -> None:
    """Write text that stays text, without the characters that a workbook cannot hold."""
    cell.value = _IN_NO_CELL.sub("", text)
    cell.data_type = "s"
    cell.number_format = "@"


def _lines(text: str, width: int) -> int:
    """Return how many lines `text` takes in a column of `width`; a Chinese character is two."""
    return 1 + sum(2 if ord(c) > 255 else 1 for c in text) // width


class _Marker:
    openpyxl: Any
    book: Any
    names: dict[str, str]
    lang: str
    words: dict[str, str]
    red: Any

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
            author = _AUTHOR
            if cell.comment is not None:
                texts = [cell.comment.text, _BEGINS, *texts]
                author = cell.comment.author
            text = "\n".join(texts)
            high = 30 + 18 * sum(1 + len(line) // 28 for line in text.split("\n"))
            cell.comment = self.openpyxl.comments.Comment(text, author, high, 360)
            sheet.sheet_properties.tabColor = sheet.sheet_properties.tabColor or _RED
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
            if sheet.sheet_properties.tabColor == self.openpyxl.styles.Color(_RED):
                sheet.sheet_properties.tabColor = None
            # not row by row: the last cell may be far away
            for cell in list(sheet._cells.values()):
                if getattr(cell, "comment", None) is None:
                    continue
                own, mark, _ = cell.comment.text.partition(f"\n{_BEGINS}\n")
                if cell.comment.author == _AUTHOR:
                    cell.comment = None
                elif mark:
                    cell.comment.text = own
                else:
                    continue
                cell.fill = self.openpyxl.styles.PatternFill()

    def list(self, problems: list[Problem]) -> None:
        """Add a sheet that lists every problem, with a link to its cell."""
        sheet = self.book.create_sheet(self.words["report"])
        heads = ("place", "problem", "found", "nearest")
        bold = self.openpyxl.styles.Font(bold=True)
        for position, (key, wide) in enumerate(zip(heads, _WIDTHS, strict=True), 1):
            cell = sheet.cell(1, position, self.words[key])
            cell.font = bold
            sheet.column_dimensions[self.openpyxl.utils.get_column_letter(position)].width = wide
        for row, problem in enumerate(problems, 2):
            place = problem.place
            text = problem.zh if self.lang == "zh" else problem.en
            cells = (problem.where(self.lang), text, problem.found, problem.nearest)
            lines = max(_lines(v or "", w) for v, w in zip(cells, _WIDTHS, strict=True))
            sheet.row_dimensions[row].height = 15 * lines
            for position, value in enumerate(cells, 1):
                if value:
                    cell = sheet.cell(row, position)
                    write_text(cell, value)
                    cell.alignment = self.openpyxl.styles.Alignment("left", "top", wrap_text=True)
            if isinstance(place, CellPlace) and place.sheet in self.names:
                letters = self.openpyxl.utils.get_column_letter(max(1, place.column))
                title = self.names[place.sheet].replace("'", "''")
                sheet.cell(row, 1).hyperlink = f"#'{title}'!{letters}{place.row}"
        if not problems:
            write_text(sheet.cell(2, 1), self.words["none"])
        sheet.freeze_panes = "A2"
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr = self.openpyxl.worksheet.properties.PageSetupProperties(
            fitToPage=True
        )
