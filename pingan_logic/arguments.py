"""Arguments of the library's calls: another type or value is said in the library's own words.

The checks raise RequestError with the name of the argument, what was found and what is expected.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from pingan_logic.errors import Problem, RequestError
from pingan_logic.exact import day, is_day, whole
from pingan_logic.intake.values import FLOAT, inexact
from pingan_logic.model import Facts

__all__ = ["a_day", "a_number", "a_path", "a_year", "facts_of", "tables_of", "texts"]


def facts_of(facts: Any) -> Facts:
    """Return facts as they are."""
    if isinstance(facts, Facts):
        return facts
    zh, en = "应为 Facts（用 load_facts 读入）", "expected Facts, as load_facts returns them"
    raise _wrong("--facts", zh, en, type(facts).__name__)


def a_year(year: Any) -> int | None:
    """Return a year or None."""
    found = whole(year)
    if found is None or type(found) is int:
        return found
    zh, en = (
        FLOAT if inexact(year) else ("应为整数，如 2014", "expected a whole number such as 2014")
    )
    raise _wrong("--year", zh, en, repr(year))


def a_day(as_of: Any) -> date | None:
    """Return a day without a time, or None."""
    found: date | None = day(as_of)
    if found is None or is_day(found):
        return found
    zh, en = "应为日期，不带时刻", "expected a date, without a time of day"
    raise _wrong("--as-of", zh, en, repr(as_of))


def a_number(name: str, number: Any, least: int = 1) -> int:
    """Return a whole number that is not below `least`."""
    if type(number) is int and number >= least:
        return number
    zh, en = f"应为不小于{least}的整数", f"expected a whole number of {least} or more"
    raise _wrong(name, zh, en, repr(number))


def a_path(name: str, path: Any) -> str | Path:
    """Return the path of a file or folder."""
    if isinstance(path, (str, Path)):
        return path
    raise _wrong(name, "应为路径", "expected a path", repr(path))


def texts(name: str, given: Any) -> list[str]:
    """Return one text or several as a list."""
    if isinstance(given, str):
        return [given]
    found = list(given) if isinstance(given, Iterable) else [given]
    for text in found:
        if not isinstance(text, str):
            raise _wrong(name, "应为文字，或多个文字", "expected a text or several", repr(text))
    return found


def tables_of(name: str, given: Any) -> dict[str, Any]:
    """Return rows by the names of their tables."""
    if given is None:
        return {}
    if isinstance(given, Mapping):
        return dict(given)
    zh = '应为各表的行，如 {"incidents": [...]}'
    raise _wrong(name, zh, 'expected rows by table, as {"incidents": [...]}', repr(given))


def _wrong(name: str, zh: str, en: str, found: str) -> RequestError:
    return RequestError([Problem(name, zh, en, found)])
