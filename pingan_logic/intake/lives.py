"""Since when and until when units exist, and the rows of years in which theirs do not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from itertools import compress

from pingan_logic.model import Facts, Unit
from pingan_logic.period import Period
from pingan_logic.records import YEARLY
from pingan_logic.table import ById

__all__ = ["Lives", "is_dated", "said_of_years"]

_SHOWN = 5


def is_dated(facts: Facts) -> bool:
    """Whether any unit opens, closes or changes."""
    units = facts.units
    return bool(facts.changes) or any(
        units.given(name) and any(units.column(name)) for name in ("opened", "closed")
    )


class Lives:
    """When units exist, by the register and its changes."""

    def __init__(self, facts: Facts) -> None:
        self.by_id = ById(facts.units)
        self.merged: dict[str, date] = {}
        self.successors: dict[str, str] = {}
        self.openings: dict[str, tuple[date, str] | None] = {}
        for row in facts.changes:
            if row.change == "merged_into":
                self.merged.setdefault(row.unit, row.date)
                self.successors.setdefault(row.unit, row.value)

    def end(self, unit: Unit) -> date | None:
        """Return the first day on which a unit does not exist any more."""
        return unit.closed or self.merged.get(unit.id)

    def opening(self, unit: str) -> tuple[date, str] | None:
        """Return since which day a unit exists, and the unit whose date says so: without one of its
        own it opens with the container in which it was first recorded."""
        passed: list[str] = []
        here: str | None = unit
        found: tuple[date, str] | None = None
        while here is not None and here in self.by_id and here not in passed:
            if here in self.openings:
                found = self.openings[here]
                break
            record = self.by_id[here]
            passed.append(here)
            if record.opened:
                found = record.opened, here
                break
            here = record.parent
        self.openings.update(dict.fromkeys(passed, found))
        return found

    def in_year(self, unit: str, year: int, period: Period) -> bool:
        """Whether a unit exists on some day of a period."""
        if unit not in self.by_id:
            return True
        opening, end = self.opening(unit), self.end(self.by_id[unit])
        begun = opening is None or opening[0] <= period.ends(year)
        return begun and (end is None or end > period.begins(year))


def said_of_years(
    facts: Facts, period: Period, place: Callable[[str, int, str], str]
) -> Iterator[tuple[str, str]]:
    """Yield the notice of rows of years in which their units do not exist: nothing is judged by
    them, so one of both is wrong."""
    if not is_dated(facts):
        return
    lives = Lives(facts)
    found: list[tuple[str, str, int]] = []
    for table in YEARLY:
        rows = getattr(facts, table)
        if not rows or table == "requirements":
            continue
        pairs = list(zip(rows.column("unit"), rows.column("year"), strict=True))
        odd = {pair for pair in set(pairs) if not lives.in_year(*pair, period)}
        for n in compress(range(len(pairs)), (pair in odd for pair in pairs)):
            found.append((place(table, n, "year").rpartition(" ")[0], *pairs[n]))
    if found:
        zh = "、".join(f"{at}（{unit}，{year}）" for at, unit, year in found[:_SHOWN])
        en = ", ".join(f"{at} ({unit}, {year})" for at, unit, year in found[:_SHOWN])
        more = len(found) > _SHOWN
        yield (
            f"{len(found)}行所记年度里，单位尚未设立或已撤销、并入，请核对年度和单位："
            f"{zh}{'……' if more else ''}",
            f"{len(found)} row(s) of years in which the unit does not exist (not opened, closed or "
            f"merged), check year and unit: {en}{', …' if more else ''}",
        )
