"""Values of other libraries as plain ones, where nothing is lost: anything else stays as it is."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from operator import index
from typing import Any

__all__ = ["LARGEST", "day", "decimal", "exact", "is_day", "plain", "whole"]

LARGEST = 2**31 - 1
"""The largest number that the rules compute with: clingo has 32 bits."""


def whole(value: Any) -> Any:
    """Return a whole number of any type (numpy's, a Decimal without a fraction) as an int."""
    if value is None or type(value) is int or isinstance(value, (bool, float, str)):
        return value
    if isinstance(value, Decimal):
        return int(value) if value.is_finite() and value == value.to_integral_value() else value
    try:
        return index(value)
    except TypeError:
        return value


def decimal(value: Any) -> Any:
    """Return a whole number or decimal as a Decimal; a float is no exact one and stays."""
    if value is None or type(value) is Decimal:
        return value
    found = whole(value)
    return Decimal(found) if type(found) is int else value


def day(value: Any) -> Any:
    """Return a datetime at midnight (also pandas' and numpy's) as a date; one with a time of day or
    a time zone stays."""
    if value is None or type(value) is date:
        return value
    if type(value).__module__ == "numpy" and hasattr(value, "astype"):
        value = _of_numpy(value)
    if isinstance(value, datetime) and value.tzinfo is None and value == _midnight(value):
        return value.date()
    return value


def exact(value: Any) -> Any:
    """Return a whole number as an int and a datetime at midnight as a date; others stay."""
    return day(whole(value))


def is_day(value: Any) -> bool:
    """Whether a value is a date, and no moment of one."""
    return isinstance(value, date) and not isinstance(value, datetime)


def _midnight(value: datetime) -> datetime:
    return datetime.combine(value.date(), time())


def _of_numpy(value: Any) -> Any:
    """Return a datetime64 as a date or datetime, None for NaT."""
    if value.dtype.kind != "M":
        return value
    if value != value:
        return None
    start = value.astype("datetime64[D]")
    return start.item() if start == value else value.astype("datetime64[us]").item()


def plain(value: Any) -> Any:
    """Return a cell of a data frame as text, int, Decimal, date or None; others stay.

    None also stands for what frames put into empty cells: NaN, NaT, NA.
    """
    if value is None or isinstance(value, (str, bool)):
        return value
    if type(value).__name__ in ("NAType", "NaTType") or _is_nan(value):
        return None
    return exact(value)


def _is_nan(value: Any) -> bool:
    try:
        return bool(value != value)
    except (TypeError, ValueError):
        return False
