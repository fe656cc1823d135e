"""What a value must be, each for itself."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pingan_logic.characters import hidden, is_han
from pingan_logic.exact import LARGEST
from pingan_logic.intake.whole import LONGEST, QUOTES

__all__ = ["FLOAT", "MOMENT", "expected", "inexact"]

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


def expected(kind: str, value: Any, today: date) -> tuple[str, str] | None:
    """Return what is expected instead of a value, also of a record built in memory."""
    if value is None:
        return None
    said: tuple[str, str] | None = None
    if inexact(value):
        return FLOAT
    if kind in ("id", "text", "word"):
        if not isinstance(value, str):
            said = ("应为文字", "expected text")
        elif any(map(hidden, value)):
            said = (
                "不得含控制字符、换行或 NUL、不可见字符",
                "no control characters, newlines, NUL or invisible characters",
            )
        elif kind == "id" and not QUOTES.isdisjoint(value):
            said = ("编号不得含引号或反斜线", "no quotes or backslashes in an id")
        elif kind == "id" and not (_begins_well(value) and value == value.strip()):
            said = ("编号应以字母、数字或汉字开头", "an id starts with a letter or digit")
        elif len(value) > LONGEST:
            said = ("不得超过200个字符", "at most 200 characters")
    elif kind == "year":
        if type(value) is not int or not _MIN_YEAR <= value <= today.year:
            said = (
                f"年份应在{_MIN_YEAR}至{today.year}之间",
                f"expected a year from {_MIN_YEAR} to {today.year}",
            )
    elif kind == "count":
        if type(value) is not int or not 1 <= value <= LARGEST:
            said = (f"应为1至{LARGEST}", f"expected 1 to {LARGEST}")
    elif kind == "value":
        return None  # what is expected rests on the item: see items.py
    elif kind == "score":
        if not isinstance(value, Decimal) or not value.is_finite():
            said = ("应为 Decimal 小数", "expected a Decimal")
        elif not 0 <= value <= 100 or value * 100 != int(value * 100):
            said = (
                "应为0至100，最多两位小数",
                "expected 0 to 100 with at most two decimal places",
            )
    elif isinstance(value, datetime):
        said = MOMENT
    elif type(value) is not date:
        said = ("应为日期", "expected a date")
    elif not value.year >= _MIN_YEAR or value > today:
        said = (
            f"日期应在{_MIN_YEAR}年之后且不晚于今天",
            f"expected a date after {_MIN_YEAR}, not in the future",
        )
    return said


def inexact(value: Any) -> bool:
    """Whether a value is a float, also one of numpy's."""
    return isinstance(value, float) or getattr(getattr(value, "dtype", None), "kind", "") == "f"


def _begins_well(text: str) -> bool:
    return text[:1].isalnum() or is_han(text[:1])
