"""A raw row (cells of text, JSON values, cells of a workbook) to a record; lexical checks only."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

import attrs
from attrs import define, frozen

from pingan_logic.errors import Problem
from pingan_logic.intake.vocabulary import Vocabulary
from pingan_logic.model import TABLES

__all__ = ["RawTable", "RowReader", "Trap", "columns", "required_columns"]

_EXACT = 10**15
"""A spreadsheet keeps 15 digits of a number; longer ones have already lost their end."""
_FIRST_DAY = date(1899, 12, 30).toordinal()


@frozen
class Trap:
    """Stands for a cell whose value cannot be trusted, with what to say; silent when empty."""

    zh: str = ""
    en: str = ""
    found: str | None = None


@define
class RawTable:
    """A table as it was read: `columns` by position, and the rows with their own numbers.

    `at` names the place of a row and column for messages; `whole` is False when rows are missing
    because they could not be read; `examples` says that rows may be the examples of a template.
    """

    table: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    numbers: Sequence[int]
    at: Callable[[int, str], str]
    whole: bool = True
    examples: bool = False


class _Bad(Exception):
    def __init__(self, zh: str, en: str, nearest: str | None = None) -> None:
        self.zh, self.en, self.nearest = zh, en, nearest


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
    match = re.fullmatch(r"(\d{4})年?", _narrow(text))
    if not match:
        raise _Bad("应为四位年份,如 2014", "expected a year of four digits, such as 2014")
    return int(match[1])


def _count(text: str) -> int:
    if not re.fullmatch(r"\d{1,30}", text := _narrow(text)):
        raise _Bad("应为正整数", "expected a positive whole number")
    return int(text)


def _score(text: str) -> Decimal:
    text = _narrow(text)
    if not re.fullmatch(r"-?\d{1,30}(\.\d{1,30})?", text):
        digits = re.fullmatch(r"(\d{1,3}(?:\.\d{1,2})?)\s*(?:分|%)", text)
        raise _Bad(
            "应为数字,如 85 或 84.99",
            "expected a number such as 85 or 84.99",
            digits[1] if digits else None,
        )
    return Decimal(text)


_DATES = (
    r"(\d{4})-(\d{1,2})-(\d{1,2})",
    r"(\d{4})/(\d{1,2})/(\d{1,2})",
    r"(\d{4})年(\d{1,2})月(\d{1,2})日",
)
_NEAR_DATES = (
    r"(\d{4})(\d{2})(\d{2})",
    r"(\d{4})\.(\d{1,2})\.(\d{1,2})",
    r"(\d{4})年(\d{1,2})月(\d{1,2})号?",
    r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})[T ].*",
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
        "应为存在的日期,如 2014-05-01",
        "expected a real date such as 2014-05-01",
        near.isoformat() if near else None,
    )


def _plain(text: str) -> str:
    return text.strip(" \t\u3000\xa0")


def _id(text: str) -> str:
    text = _narrow(text)
    if re.fullmatch(r"\d(\.\d+)?[eE]\+\d{2,3}", text):
        raise _Bad(
            "科学计数法的编号已丢失后面的数字,请把该列设为“文本”后重新录入",
            "an id in scientific notation has lost its last digits; format the column as text and "
            "enter it again",
        )
    return text


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
        "超过 15 位的数字已被表格软件改写,请把该列设为“文本”后重新录入",
        "a number of more than 15 digits was already changed by the spreadsheet; format the "
        "column as text and enter it again",
    )


def _number(value: float, kind: str) -> str:
    """Return a number of a workbook as a person sees it there."""
    if not math.isfinite(value):
        raise _Bad("应为文字或数字", "expected text or a number")
    if kind == "date":
        raise _not_a_date(_meant_day(value))
    if abs(value) >= _EXACT:
        raise _damaged()
    if value == int(value):
        return str(int(value))
    if kind == "id":
        raise _Bad(
            "编号应为文本,不能是小数",
            "an id is text, not a number with decimals; format the column as text",
        )
    return format(Decimal(format(value, ".15g")), "f")


def _meant_day(value: float) -> date | None:
    """Return the day that a bare number probably means, only to suggest it."""
    if value != int(value):
        return None
    try:
        if 10**7 < value < 10**8:
            return _day(str(int(value)), _NEAR_DATES[:1])
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
            "表格软件把内容变成了日期,请把该列设为“文本”后重新录入",
            "the spreadsheet turned it into a date; format the column as text and enter it again",
        )
    if isinstance(value, (int, Decimal, date)):
        return str(value)
    raise _Bad("应为文字或数字", "expected text or a number")


class RowReader:
    """Reads the rows of one raw table: values by column, words by any of their names."""

    def __init__(
        self,
        raw: RawTable,
        vocabularies: dict[tuple[str, str], Vocabulary],
        problems: list[Problem],
    ) -> None:
        self.raw, self.problems = raw, problems
        self.cells: list[tuple[int, str, str, bool, Callable[[str], Any]]] = []
        for name, column in columns(raw.table).items():
            kind = column.metadata["kind"]
            read = _READ[kind]
            if (known := vocabularies.get((raw.table, name))) is not None:
                read = _word_reader(known)
            elif kind in ("year", "date"):
                read = lru_cache(maxsize=4096)(read)
            position = raw.columns.index(name) if name in raw.columns else -1
            needed = column.default is attrs.NOTHING
            self.cells.append((position, name, kind, needed, read))

    def read(self, row: Sequence[Any], number: int) -> tuple[dict[str, Any], bool]:
        """Return the values that could be read, and whether that is all of them.

        What is wrong with the others is added to the problems.
        """
        values: dict[str, Any] = {}
        good = True
        for position, name, kind, needed, read in self.cells:
            cell = row[position] if position >= 0 else None
            try:
                if cell is None:
                    text = ""
                elif isinstance(cell, str):
                    text = cell
                elif isinstance(cell, Trap):
                    good = False
                    if cell.zh:
                        self.add(number, name, cell.zh, cell.en, cell.found)
                    continue
                else:
                    text = _text(cell, kind)
                if text.strip():
                    values[name] = read(text)
                elif needed:
                    good = False
                    if position >= 0:  # a column that is missing altogether is told once
                        self.add(number, name, "不能为空", "must not be blank")
            except _Bad as bad:
                good = False
                self.add(number, name, bad.zh, bad.en, _shown(cell), bad.nearest)
        return values, good

    def add(
        self,
        number: int,
        name: str,
        zh: str,
        en: str,
        found: str | None = None,
        near: str | None = None,
    ) -> None:
        self.problems.append(Problem(self.raw.at(number, name), zh, en, found, near))


def _word_reader(known: Vocabulary) -> Callable[[str], str]:
    @lru_cache(maxsize=4096)
    def read(text: str) -> str:
        text = _narrow(text)
        return known.code(text) or text

    return read


def _shown(cell: object) -> str:
    if isinstance(cell, float) and abs(cell) < 10**21:
        # the 15 digits that a spreadsheet shows
        return format(Decimal(format(cell, ".15g")), "f")
    return str(cell)
