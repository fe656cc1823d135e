"""A copy of a workbook in which every correction is made that has only one possible value, with a
sheet that lists them; what is left is marked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from attrs import frozen

from pingan_logic.catalogue import Policy
from pingan_logic.errors import InputError, Problem, Problems
from pingan_logic.export.annotate import Copy, write_text
from pingan_logic.intake.cells import Shown, Trap
from pingan_logic.intake.rows import columns
from pingan_logic.intake.source import CellPlace, Source, column_letters
from pingan_logic.intake.to_facts import Records, to_facts, to_records
from pingan_logic.intake.vocabulary import Vocabulary

__all__ = ["Correction", "corrected", "corrections"]

_WIDTHS = (28, 28, 28, 50)


@frozen
class Correction:
    """A cell with its old and its new value, and why, in Chinese and English."""

    place: CellPlace
    old: str
    new: Any
    why: tuple[str, str]


_NAME = ("名称改为编号", "the name of a unit became its id")
_WORD = ("日常说法改为规定的用语", "an everyday word became the usual one")
_FORM = ("改为规定的写法", "written in the usual form")
_SLIP = ("只有一个相近的有效值", "only one valid value is near")


def corrected(
    path: str | Path, source: Source, policy: Policy, lang: str, *, content: bytes | None = None
) -> tuple[bytes, int, int]:
    """Return the corrected workbook, how many cells were corrected, and how many problems are left.

    `content` is what `path` holds if it is no file of this machine. Raises RequestError when it has
    no cells: JSON or a database.
    """
    copy = Copy(path, source, content, "--fix")
    left: tuple[Problem, ...] = ()
    notices = list(source.notices)
    try:
        to_facts(source, policy)
    except InputError as error:
        left = error.problems
    source.notices[:] = notices
    made = list(dict.fromkeys(corrections(source, policy, left)))
    source.notices[:] = notices
    mended = {(c.place.sheet, c.place.row, c.place.column) for c in made}
    left = tuple(p for p in left if _cell(p) not in mended)
    for correction in made:
        _write(copy, correction)
    copy.mark(list(left), lang)
    _list(copy, made, lang)
    return copy.saved(), len(made), len(left)


def corrections(
    source: Source, policy: Policy, problems: Iterable[Problem]
) -> Iterator[Correction]:
    """Yield the corrections of a source with these problems, in the order of its tables."""
    known = Vocabulary.of_tables(policy)
    read = to_records(source, policy, Problems())
    for raw in source.ordered():
        values = _values(raw.table, read)
        for number, row in zip(raw.numbers, raw.rows, strict=True):
            held = values.get(number)
            for column, cell in zip(raw.columns, row, strict=True) if held else ():
                if held is None or column not in held or not column:
                    continue
                place = raw.at(number, column)
                words = known.get((raw.table, column))
                kind = columns(raw.table)[column].metadata["kind"]
                found = _other(cell, held[column], kind, words)
                if found is not None and isinstance(place, CellPlace) and place.column:
                    yield Correction(place, _shown(cell), *found)
    for problem in problems:
        place = problem.place
        if problem.sure is not None and isinstance(place, CellPlace) and place.column:
            yield Correction(place, problem.found or "", problem.sure, _SLIP)


def _values(table: str, read: Records) -> dict[int, dict[str, Any]]:
    """Return what was read of each row of a table, by its number."""
    records = read.named.tables[table]
    names = [n for n in columns(table) if records.given(n)]
    found = {
        number: dict(zip(names, cells, strict=True))
        for number, cells in zip(
            read.kept[table], zip(*(records.column(n) for n in names), strict=True), strict=True
        )
    }
    found.update({t.number: t.values for t in read.lost if t.table == table})
    return found


def _other(
    cell: Any, value: Any, kind: str, words: Vocabulary | None
) -> tuple[Any, tuple[str, str]] | None:
    """Return what to write in the place of a cell that was read as `value`, and why; None when it
    may stay as it is."""
    if value is None or isinstance(cell, (Trap, Shown)):
        return None
    if words is not None:
        everyday = isinstance(cell, str) and words.is_everyday(cell)
        return (words.label(value), _WORD) if everyday else None
    if isinstance(value, date):
        stays = isinstance(cell, (date, datetime)) or cell == value.isoformat()
        return None if stays else (value, _FORM)
    if isinstance(value, (int, Decimal)):
        stays = not isinstance(cell, str) or cell.strip() == str(value)
        return None if stays else (value, _FORM)
    if kind in ("id", "text") and isinstance(cell, str):
        if cell.split() == value.split():
            return None
        return value, (_NAME if kind == "id" or value not in cell else _FORM)
    return None


def _cell(problem: Problem) -> tuple[str, int, int] | None:
    place = problem.place
    return (place.sheet, place.row, place.column) if isinstance(place, CellPlace) else None


def _shown(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _write(copy: Copy, correction: Correction) -> None:
    place = correction.place
    cell = copy.book[copy.names[place.sheet]].cell(place.row, place.column)
    if isinstance(correction.new, str):
        write_text(cell, correction.new)
        return
    cell.value = correction.new
    cell.number_format = "yyyy-mm-dd" if isinstance(correction.new, date) else "General"


_WORDS: Mapping[str, Sequence[str]] = {
    "zh": ("更正清单", "位置", "原来", "改为", "原因", "没有需要更正的"),
    "en": ("corrections", "place", "old", "new", "why", "nothing was corrected"),
}


def _list(copy: Copy, made: Sequence[Correction], lang: str) -> None:
    """Add the sheet that lists the corrections; one of an earlier copy is replaced."""
    title, *heads, none = _WORDS[lang]
    book, styles = copy.book, copy.openpyxl.styles
    if title in book.sheetnames:
        del book[title]
    sheet = book.create_sheet(title)
    for position, (head, width) in enumerate(zip(heads, _WIDTHS, strict=True), 1):
        cell = sheet.cell(1, position, head)
        cell.font = styles.Font(bold=True)
        sheet.column_dimensions[column_letters(position)].width = width
    for row, c in enumerate(made, 2):
        name = copy.names[c.place.sheet]
        letters = column_letters(c.place.column)
        texts = (f"{name}!{letters}{c.place.row}", c.old, str(c.new), c.why[lang == "en"])
        for position, text in enumerate(texts, 1):
            cell = sheet.cell(row, position)
            write_text(cell, text)
            cell.alignment = styles.Alignment("left", "top", wrap_text=True)
        quoted = name.replace("'", "''")
        sheet.cell(row, 1).hyperlink = f"#'{quoted}'!{letters}{c.place.row}"
    if not made:
        write_text(sheet.cell(2, 1), none)
    sheet.freeze_panes = "A2"
