"""What a value must be, each for itself."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pingan_logic.characters import hidden, is_han
from pingan_logic.exact import LARGEST
from pingan_logic.intake.well_formed import LONGEST, QUOTES

__all__ = ["FLOAT", "MOMENT", "distinct", "expected", "inexact", "key_of"]

FLOAT = (
    "浮点数不精确，应为文字、整数或 Decimal",
    "a float is not exact: expected text, a whole number or a Decimal",
)
"""Why no float is taken."""
MOMENT = (
    "应为日期，不带时刻和时区",
    "expected a date: without a time of day and a time zone",
)
"""Why no moment is taken for a day."""

_MIN_YEAR = 1949


Said = tuple[str, str]
"""What is expected, in Chinese and English."""


def expected(kind: str, value: Any, today: date) -> Said | None:
    """Return what is expected instead of a value, also of a record built in memory."""
    if value is None:
        return None
    if inexact(value):
        return FLOAT
    if kind in ("id", "text", "word"):
        return _expected_text(kind, value)
    if kind == "year":
        if type(value) is not int or not _MIN_YEAR <= value <= today.year:
            return (
                f"年份应在{_MIN_YEAR}至{today.year}之间",
                f"expected a year from {_MIN_YEAR} to {today.year}",
            )
        return None
    if kind == "count":
        if type(value) is not int or not 1 <= value <= LARGEST:
            return f"应为1至{LARGEST}", f"expected 1 to {LARGEST}"
        return None
    if kind == "value":
        return None  # what is expected rests on the item: see items.py
    return _expected_score(value) if kind == "score" else _expected_day(value, today)


def _expected_text(kind: str, value: Any) -> Said | None:
    if not isinstance(value, str):
        return "应为文字", "expected text"
    if any(map(hidden, value)):
        return (
            "不得含控制字符、换行或 NUL、不可见字符",
            "no control characters, newlines, NUL or invisible characters",
        )
    if kind == "id" and not QUOTES.isdisjoint(value):
        return "编号不得含引号或反斜线", "no quotes or backslashes in an id"
    if kind == "id" and not (_begins_well(value) and value == value.strip()):
        return "编号应以字母、数字或汉字开头", "an id starts with a letter or digit"
    if len(value) > LONGEST:
        return "不得超过200个字符", "at most 200 characters"
    return None


def _expected_score(value: Any) -> Said | None:
    if not isinstance(value, Decimal) or not value.is_finite():
        return "应为 Decimal 小数", "expected a Decimal"
    if not 0 <= value <= 100 or value * 100 != int(value * 100):
        return "应为0至100，最多两位小数", "expected 0 to 100 with at most two decimal places"
    return None


def _expected_day(value: Any, today: date) -> Said | None:
    if isinstance(value, datetime):
        return MOMENT
    if type(value) is not date:
        return "应为日期", "expected a date"
    if not value.year >= _MIN_YEAR or value > today:
        return (
            f"日期应在{_MIN_YEAR}年之后且不晚于今天",
            f"expected a date after {_MIN_YEAR}, not in the future",
        )
    return None


def inexact(value: Any) -> bool:
    """Whether a value is a float, also one of numpy's."""
    return isinstance(value, float) or getattr(getattr(value, "dtype", None), "kind", "") == "f"


def _begins_well(text: str) -> bool:
    return text[:1].isalnum() or is_han(text[:1])


def key_of(value: Any) -> Hashable:
    """Tell 1 from True and 1.0, and take values that cannot be in a set."""
    return (type(value), value) if isinstance(value, Hashable) else id(value)


def distinct(values: Sequence[Any]) -> dict[Hashable, Any]:
    """Return different values, each once."""
    try:
        return {pair: pair[1] for pair in set(zip(map(type, values), values, strict=True))}
    except TypeError:
        return {key_of(v): v for v in values}
