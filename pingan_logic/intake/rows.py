"""A raw row (text cells or JSON values) to a record; lexical checks only."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import attrs

from pingan_logic.errors import Problem
from pingan_logic.model import TABLES

__all__ = ["Place", "columns", "read_row", "required_columns"]

Place = Callable[[str], str]
"""Names the place of a column of one row, for messages."""


class _Bad(Exception):
    def __init__(self, zh: str, en: str) -> None:
        self.zh, self.en = zh, en


def columns(table: str) -> dict[str, attrs.Attribute[Any]]:
    """Return the columns of a table."""
    return {a.name: a for a in attrs.fields(TABLES[table])}


def required_columns(table: str) -> list[str]:
    """Return the columns that a CSV header must have."""
    return [n for n, a in columns(table).items() if a.metadata["column"]]


def _narrow(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _year(text: str) -> int:
    if not re.fullmatch(r"\d{4}", text := _narrow(text)):
        raise _Bad("应为四位年份,如 2014", "expected a year of four digits, such as 2014")
    return int(text)


def _count(text: str) -> int:
    if not re.fullmatch(r"\d{1,30}", text := _narrow(text)):
        raise _Bad("应为正整数", "expected a positive whole number")
    return int(text)


def _score(text: str) -> Decimal:
    if not re.fullmatch(r"-?\d{1,30}(\.\d{1,30})?", text := _narrow(text)):
        raise _Bad("应为数字,如 85 或 84.99", "expected a number such as 85 or 84.99")
    return Decimal(text)


def _date(text: str) -> date:
    text = _narrow(text)
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise _Bad("应为存在的日期,如 2014-05-01", "expected a real date such as 2014-05-01")


def _plain(text: str) -> str:
    return text.strip(" \t\u3000\xa0")


_READ: dict[str, Callable[[str], Any]] = {
    "id": _plain,
    "text": _plain,
    "word": _narrow,
    "year": _year,
    "count": _count,
    "score": _score,
    "date": _date,
}


def read_row(
    table: str, row: dict[str, Any], place: Place, problems: list[Problem]
) -> dict[str, Any] | None:
    """Return the record's values, or None after adding what is wrong to `problems`."""
    values: dict[str, Any] = {}
    before = len(problems)
    for name, column in columns(table).items():
        cell = row.get(name)
        if isinstance(cell, bool) or not isinstance(cell, (str, int, Decimal, type(None))):
            problems.append(
                Problem(place(name), "应为文字或数字", "expected text or a number", str(cell))
            )
            continue
        text = "" if cell is None else str(cell)
        if not text.strip():
            if column.default is attrs.NOTHING:
                problems.append(Problem(place(name), "不能为空", "must not be blank"))
            continue
        try:
            values[name] = _READ[column.metadata["kind"]](text)
        except _Bad as bad:
            problems.append(Problem(place(name), bad.zh, bad.en, text))
    return values if len(problems) == before else None
