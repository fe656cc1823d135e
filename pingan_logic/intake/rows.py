"""A raw row (cells of text, JSON values, cells of a workbook) to a record; lexical checks only."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache, partial
from types import MappingProxyType
from typing import Any

import attrs
from attrs import NOTHING, define

from pingan_logic.catalogue import Input
from pingan_logic.errors import Problem
from pingan_logic.intake.cells import Trap
from pingan_logic.intake.forms import active
from pingan_logic.intake.grid import Grid
from pingan_logic.intake.items import number_of
from pingan_logic.intake.turned import without_dates
from pingan_logic.intake.vocabulary import Vocabulary
from pingan_logic.intake.whole import Sound, joined, sound_lines
from pingan_logic.model import TABLES

__all__ = ["RawTable", "Read", "columns", "read_rows", "read_value", "required_columns"]

_EXACT = 10**15
"""A spreadsheet keeps 15 digits of a number; longer ones have already lost their end."""
_SOME = 1000
"""Cells that are looked at to tell what a column is like."""
_NONE: Mapping[str, Input] = MappingProxyType({})
_FIRST_DAY = date(1899, 12, 30).toordinal()


@define
class RawTable:
    """A table as it was read: `columns` by position, and the rows with their own numbers.

    `at` names the place of a row and column for messages; `whole` is False when rows are missing
    because they could not be read; `examples` says that rows may be the examples of a template;
    `head` is the row of the header.
    """

    table: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    numbers: Sequence[int]
    at: Callable[[int, str], str]
    whole: bool = True
    examples: bool = False
    head: int = 0

    def column(self, place: int) -> Sequence[Any]:
        """Return the cells of a column, row by row."""
        rows = self.rows
        return rows.column(place) if isinstance(rows, Grid) else [row[place] for row in rows]

    @property
    def of_texts(self) -> bool:
        """Whether all cells are texts, whatever they mean."""
        return isinstance(self.rows, Grid)

    def joined(self, column: str) -> str | None:
        """Return a column in one text, where that was needed before."""
        rows = self.rows
        if not isinstance(rows, Grid) or column not in self.columns:
            return None
        return rows.known(self.columns.index(column))


class _Bad(Exception):
    """A cell that cannot be read; nothing is said of it when `zh` is empty."""

    def __init__(
        self,
        zh: str,
        en: str,
        nearest: str | None = None,
        *,
        found: str | None = None,
        sure: str | None = None,
    ) -> None:
        self.zh, self.en, self.nearest, self.found = zh, en, nearest, found
        self.sure = sure

    def shown(self, cell: object) -> str | None:
        """Return what to say was found."""
        return _shown(cell) if self.found is None else self.found or None


@cache
def columns(table: str) -> dict[str, attrs.Attribute[Any]]:
    """Return the columns of a table."""
    return {a.name: a for a in attrs.fields(TABLES[table])}


def required_columns(table: str) -> list[str]:
    """Return the columns that a header row must have."""
    return [n for n, a in columns(table).items() if a.metadata["column"]]


def _narrow(text: str) -> str:
    if text.isascii():
        return text.strip()
    text = unicodedata.normalize("NFKC", text)
    # zero-width spaces and direction marks come with text pasted from web pages and chats
    return "".join(c for c in text if unicodedata.category(c) != "Cf").strip()


def _year(text: str) -> int:
    match = re.fullmatch(r"(\d{4})(?:年度?)?", _narrow(text))
    if not match:
        raise _Bad("应为四位年份，如 2014", "expected a year of four digits, such as 2014")
    return int(match[1])


def _count(text: str) -> int:
    match = re.fullmatch(r"第?(\d{1,30})名?", _narrow(text))
    if not match:
        raise _Bad("应为正整数", "expected a positive whole number")
    return int(match[1])


def _score(text: str) -> Decimal:
    text = re.sub(r"(?<=\d)\s*分$", "", _narrow(text))
    if not re.fullmatch(r"-?\d{1,30}(\.\d{1,30})?", text):
        # a share of the full mark, or points written with the wrong sign: both are thinkable
        digits = re.fullmatch(r"(\d{1,3}(?:\.\d{1,2})?)\s*%", text)
        raise _Bad(
            "应为数字，如 85 或 84.99",
            "expected a number such as 85 or 84.99",
            digits[1] if digits else None,
        )
    return Decimal(text)


_TIME = r"(?:(?:T|\s+)\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)?"
_DATES = (
    rf"(\d{{4}})-(\d{{1,2}})-(\d{{1,2}}){_TIME}",
    rf"(\d{{4}})/(\d{{1,2}})/(\d{{1,2}}){_TIME}",
    rf"(\d{{4}})\.(\d{{1,2}})\.(\d{{1,2}})\.?{_TIME}",
    rf"(\d{{4}})年\s?(\d{{1,2}})月\s?(\d{{1,2}})[日号]{_TIME}",
    r"(\d{4})(\d{2})(\d{2})",
)
_NEAR_DATES = (
    r"(\d{4})年(\d{1,2})月(\d{1,2})",
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})[T ].*",
)


def _date(text: str) -> date:
    text = _narrow(text)
    try:
        if len(text) == 10 and text[4] == text[7] == "-" and text.isascii():
            return date.fromisoformat(text)
        if (found := _day(text, _DATES)) is not None:
            return found
        near = _day(text, _NEAR_DATES)
    except ValueError:
        near = None
    raise _not_a_date(near)


def _day(text: str, forms: tuple[str, ...]) -> date | None:
    match = next((m for f in forms if (m := re.fullmatch(f, text))), None)
    return date(int(match[1]), int(match[2]), int(match[3])) if match else None


def _not_a_date(near: date | None) -> _Bad:
    return _Bad(
        "应为日历上有的日期，如 2014-05-01",
        "expected a real date such as 2014-05-01",
        near.isoformat() if near else None,
        sure=near.isoformat() if near else None,
    )


def _plain(text: str) -> str:
    return text.strip(" \t\u3000\xa0")


def _id(text: str) -> str:
    text = _narrow(text)
    if re.fullmatch(r"\d(\.\d+)?[eE]\+\d{2,3}", text):
        raise _Bad(
            "科学计数法的编号已丢失后面的数字，请把该列设为“文本”后重新录入",
            "an id in scientific notation has lost its last digits; format the column as text and "
            "enter it again",
        )
    return text


def _amount(text: str, about: Input) -> int | Decimal:
    """Read a number of an item, with or without what it counts: 12, 12人, 95.5%."""
    text = _narrow(text)
    for mark in ("%",) if about.type == "percent" else about.unit:
        text = text.removesuffix(_narrow(mark)).rstrip() if mark else text
    match = re.fullmatch(r"-?\d{1,30}(\.\d{1,30})?", text)
    if not match or Decimal(text) * 10**about.places % 1:
        raise _Bad(*number_of(about))
    number = Decimal(text)
    return number if about.places else int(number)


def _value_reader(about: Input | None) -> Callable[[str], Any]:
    """Return what reads the values of an item; those of an unknown one stay as they are."""
    if about is None:
        return _narrow
    if about.words is not None:
        return _word_reader(Vocabulary(about.words), {})
    return {"date": _date, "rank": _count}.get(about.type) or partial(_amount, about=about)


_READ: dict[str, Callable[[str], Any]] = {
    "id": _id,
    "text": _plain,
    "word": _narrow,
    "year": _year,
    "count": _count,
    "score": _score,
    "date": _date,
}


def _damaged() -> _Bad:
    return _Bad(
        "超过15位的数字已被表格软件改写，请把该列设为“文本”后重新录入",
        "a number of more than 15 digits was already changed by the spreadsheet; format the "
        "column as text and enter it again",
    )


def _number(value: float, kind: str) -> str:
    """Return a number of a workbook as a person sees it there."""
    if not math.isfinite(value):
        raise _Bad("应为文字或数字", "expected text or a number")
    if kind == "date":
        if value == int(value) and 10**7 < value < 10**8:
            return str(int(value))  # 20140503
        raise _not_a_date(_meant_day(value))
    if abs(value) >= _EXACT:
        raise _damaged()
    if value == int(value):
        return str(int(value))
    if kind == "id":
        raise _Bad(
            "编号应为文本，不能是小数",
            "an id is text, not a number with decimals; format the column as text",
        )
    return format(Decimal(format(value, ".15g")), "f")


def _meant_day(value: float) -> date | None:
    """Return the day that a bare number probably means, only to suggest it."""
    if value != int(value):
        return None
    try:
        return date.fromordinal(_FIRST_DAY + int(value)) if 10**4 < value < 10**5 else None
    except ValueError:
        return None


def _text(value: Any, kind: str) -> str:
    """Return the text of a raw value that is not text itself."""
    if isinstance(value, (bool, list, dict, time, bytes)):
        raise _Bad("应为文字或数字", "expected text or a number")
    if isinstance(value, float):
        return _number(value, kind)
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date) and kind != "date":
        raise _Bad(
            "表格软件把内容变成了日期，请把该列设为“文本”后重新录入",
            "the spreadsheet turned it into a date; format the column as text and enter it again",
        )
    if isinstance(value, (int, Decimal, date)):
        return str(value)
    raise _Bad("应为文字或数字", "expected text or a number")


@define
class Read:
    """What a raw table gave: columns of whole rows with their numbers, and the other rows.

    A row that is not whole is `torn`: the values that could be read, and its number.
    """

    columns: dict[str, Sequence[Any]]
    numbers: Sequence[int]
    torn: list[tuple[dict[str, Any], int]]


def read_rows(
    raw: RawTable,
    vocabularies: dict[tuple[str, str], Vocabulary],
    problems: list[Problem],
    watch: Callable[[int], None] | None = None,
    inputs: Mapping[str, Input] = _NONE,
) -> Read:
    """Read a raw table column by column: values, words by any of their names; what is recorded of
    one of the `inputs` as its type says.

    What cannot be read is added to `problems`; `watch` is told how many rows' worth is done.
    """
    found: dict[str, Sequence[Any]] = {}
    bad: dict[int, set[str]] = {}
    cells: Sequence[Any]
    fields = columns(raw.table)
    for done, (name, column) in enumerate(fields.items(), 1):
        if name in raw.columns:
            place = raw.columns.index(name)
            cells = raw.column(place)
        elif column.default is attrs.NOTHING:
            cells = [None] * len(raw.rows)
        else:
            continue
        kind = column.metadata["kind"]
        known = vocabularies.get((raw.table, name))
        values: Sequence[Any] | None = None
        if known is None and kind in ("id", "text"):
            cells, values = _texts(cells, raw.joined(name), kind, column.default)
        if values is None:
            local = active().words.get((raw.table, name), {})
            if kind == "value":
                values = _read_values(cells, found["item"], inputs)
            else:
                values = _read_column(cells, kind, column.default, known, raw.of_texts, local)
            for n, value in () if isinstance(values, Sound) else enumerate(values):
                if isinstance(value, _Bad):
                    bad.setdefault(n, set()).add(name)
                    if value.zh and name in raw.columns:  # a missing column is told once
                        place_of = raw.at(raw.numbers[n], name)
                        shown = value.shown(cells[n])
                        problems.append(
                            Problem(
                                place_of,
                                value.zh,
                                value.en,
                                shown,
                                value.nearest,
                                sure=value.sure,
                            )
                        )
        found[name] = values
        if watch:
            watch(len(raw.rows) * done // len(fields))
    if not bad:
        return Read(found, raw.numbers, [])
    torn = [
        ({k: c[n] for k, c in found.items() if k not in names and _given(c[n], fields[k])},
         raw.numbers[n])
        for n, names in sorted(bad.items())
    ]  # fmt: skip
    whole = [n for n in range(len(raw.rows)) if n not in bad]
    kept: dict[str, Sequence[Any]] = {k: [c[n] for n in whole] for k, c in found.items()}
    return Read(kept, [raw.numbers[n] for n in whole], torn)


def _given(value: Any, column: attrs.Attribute[Any]) -> bool:
    return column.default is attrs.NOTHING or value != column.default


def _texts(
    cells: Sequence[Any], whole: str | None, kind: str, default: Any
) -> tuple[Sequence[Any], Sequence[Any] | None]:
    """Return the cells of a column of ids or texts, those that look like dates as traps, and its
    values: None when some must be looked at one by one. `whole` are the cells in one text, where
    that is at hand."""
    if whole is None and (distinct := _repeated(cells)) is not None:
        some, values = _texts(distinct, joined(distinct), kind, default)
        if some is not distinct:
            cells = list(map(dict(zip(distinct, some, strict=True)).__getitem__, cells))
        if values is None:
            return cells, None
        return cells, Sound(map(dict(zip(distinct, values, strict=True)).__getitem__, cells))
    if whole is None:
        whole = joined(cells)
    if kind == "id" and (trapped := without_dates(cells, whole)) is not cells:
        return trapped, None
    if whole is None:
        return cells, None
    filled, blank = whole, "\n\n" in f"\n{whole}\n"
    if blank:
        if default is attrs.NOTHING:
            return cells, None
        filled = "\n".join(filter(None, cells))
    if filled and not sound_lines(filled, kind, tidy=True):
        return cells, None
    return cells, Sound([c or default for c in cells] if blank else cells)


def _repeated(cells: Sequence[Any]) -> list[Any] | None:
    """Return the distinct cells of a column, None unless most of its first ones are repeated."""
    some = cells[:_SOME]
    try:
        return list(dict.fromkeys(cells)) if len(some) > 2 * len(set(some)) else None
    except TypeError:
        return None


def _read_column(
    cells: Sequence[Any],
    kind: str,
    default: Any,
    known: Vocabulary | None,
    of_texts: bool,
    local: Mapping[str, str],
) -> list[Any]:
    """Read a column value by value, each distinct one once; what cannot be read is a _Bad."""
    one = _cell_reader(_READ[kind] if known is None else _word_reader(known, local), kind, default)
    try:
        if not of_texts and len(set(map(type, cells))) > 1:
            seen: dict[Any, Any] = {}
            return [
                seen[key] if (key := (type(c), c)) in seen else seen.setdefault(key, one(c))
                for c in cells
            ]
        once = {c: one(c) for c in set(cells)}
    except TypeError:
        return [one(c) for c in cells]
    values = list(map(once.__getitem__, cells))
    named = known is not None and all(v == default or v in known.words for v in once.values())
    return Sound(values) if named else values


def _read_values(
    cells: Sequence[Any], items: Sequence[Any], inputs: Mapping[str, Input]
) -> list[Any]:
    """Read the values of items, each as its type says."""
    readers: dict[Any, Callable[[Any], Any]] = {}
    read = []
    for cell, item in zip(cells, items, strict=True):
        name = item if isinstance(item, str) else ""
        if name not in readers:
            readers[name] = _item_reader(inputs.get(name))
        read.append(readers[name](cell))
    return read


def _item_reader(about: Input | None) -> Callable[[Any], Any]:
    """Return what reads a cell with the value of an item."""
    kind = "date" if about is not None and about.type == "date" else "value"
    return _cell_reader(_value_reader(about), kind, NOTHING)


def read_value(about: Input, cell: Any) -> tuple[Any, Problem | None]:
    """Return the value of an item that a cell holds, and what is wrong if it holds none."""
    value = _item_reader(about)(cell)
    if isinstance(value, _Bad):
        return None, Problem("", value.zh, value.en, value.shown(cell), value.nearest)
    return value, None


def _cell_reader(read: Callable[[str], Any], kind: str, default: Any) -> Callable[[Any], Any]:
    """Return what reads a cell of a column, whatever its type; what cannot be read is a _Bad."""

    def one(cell: Any) -> Any:
        try:
            if isinstance(cell, Trap):
                return _Bad(cell.zh, cell.en, found=cell.found or "")
            text = cell if isinstance(cell, str) else "" if cell is None else _text(cell, kind)
            if text.strip():
                return read(text)
            return (
                _Bad("不能为空", "must not be blank", found="")
                if (default is attrs.NOTHING)
                else default
            )
        except _Bad as bad:
            return bad

    return one


def _word_reader(known: Vocabulary, local: Mapping[str, str]) -> Callable[[str], str]:
    def read(text: str) -> str:
        text = _narrow(text)
        if local:
            text = local.get("".join(text.split()).casefold(), text)
        if several := known.meanings(text):
            zh = "、".join(known.described(c, "zh") for c in several)
            en = ", ".join(known.described(c, "en") for c in several)
            raise _Bad(
                f"这个说法不止一个意思，请写明是哪一个：{zh}",
                f"this can mean several things; write the one that is meant: {en}",
            )
        return known.code(text) or text

    return read


def _shown(cell: object) -> str:
    if isinstance(cell, float) and abs(cell) < 10**21:
        # the 15 digits that a spreadsheet shows
        return format(Decimal(format(cell, ".15g")), "f")
    return str(cell)
