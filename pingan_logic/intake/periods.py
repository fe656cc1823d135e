"""Whether years are those in which the periods of a policy begin."""

from __future__ import annotations

from typing import Any

from pingan_logic.errors import Problem
from pingan_logic.intake.checking import Checking
from pingan_logic.period import Period
from pingan_logic.records import YEARLY

__all__ = ["check_periods", "no_period"]


def check_periods(check: Checking) -> None:
    """Add to `check` each year in which no period begins."""
    period = check.policy.period
    if period.years == 1:
        return
    for table in YEARLY:
        for n, year in enumerate(getattr(check.facts, table).column("year")):
            if isinstance(year, int) and not period.is_called(year):
                check.problems.append(no_period(check.at(table, n, "year"), period, year))


def no_period(place: str, period: Period, year: Any) -> Problem:
    """Return the problem that no period begins in a year."""
    near = period.around(year)
    zh = f"期间以它开始的年份称呼（{period.length('zh')}），没有从这一年开始的"
    en = f"a period is called by the year in which it begins ({period.length('en')}): none in this"
    return Problem(place, zh, en, str(year), str(near))
