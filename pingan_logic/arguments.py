"""Arguments of the library's calls: another type or value is said in the library's own words.

The checks raise RequestError with the name of the argument, what was found and what is expected.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from pingan_logic.errors import Problem, RequestError
from pingan_logic.exact import day, is_day, whole
from pingan_logic.intake.values import FLOAT, inexact
from pingan_logic.model import Facts

__all__ = ["a_day", "a_year", "facts_of"]


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


def _wrong(name: str, zh: str, en: str, found: str) -> RequestError:
    return RequestError([Problem(name, zh, en, found)])
