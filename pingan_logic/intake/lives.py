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
        self.by_id: ById[Unit] = ById(facts.units)
        self.merged: dict[str, date] = {}
        self.successors: dict[str, str] = {}
        self.openings: dict[str, tuple[date, str] | None] = {}
        columns = (facts.changes.column(n) for n in ("unit", "date", "value", "change"))
        for unit, day, value, change in zip(*columns, strict=True):
            if change == "merged_into":
                self.merged.setdefault(unit, day)
                self.successors.setdefault(unit, value)

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


def _outside(facts: Facts, lives: Lives, spans: list[tuple[date, date]]) -> set[str] | None:
    """Return the units that have ended before one of the periods begins; None where some have not
    opened when one ends, which is said of all that stands in them, too."""
    if not spans:
        return set()
    opened, ids, closed = map(facts.units.column, ("opened", "id", "closed"))
    first_end, last_begin = min(end for _, end in spans), max(begin for begin, _ in spans)
    if any(day > first_end for day in set(filter(None, opened))):
        return None
    ended = {day for day in set(filter(None, closed)) if day <= last_begin}
    gone = set(compress(ids, map(ended.__contains__, closed))) if ended else set()
    return gone.union(u for u, day in lives.merged.items() if day <= last_begin)


def said_of_years(
    facts: Facts, period: Period, place: Callable[[str, int, str], str]
) -> Iterator[tuple[str, str]]:
    """Yield the notice of rows of years in which their units do not exist: nothing is judged by
    them, so one of both is wrong."""
    if not is_dated(facts):
        return
    lives = Lives(facts)
    tables = [t for t in YEARLY if t != "requirements" and getattr(facts, t)]
    years = {y for t in tables for y in getattr(facts, t).column("year")}
    doubtful = _outside(facts, lives, [(period.begins(y), period.ends(y)) for y in years])
    found: list[tuple[str, str, int]] = []
    for table in tables if doubtful != set() else ():
        rows = getattr(facts, table)
        pairs = list(zip(rows.column("unit"), rows.column("year"), strict=True))
        some = set(pairs if doubtful is None else (p for p in pairs if p[0] in doubtful))
        odd = {pair for pair in some if not lives.in_year(*pair, period)}
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
