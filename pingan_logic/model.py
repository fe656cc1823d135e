"""Unit data as attrs classes: what a county knows of its units in one or more years."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from attrs import evolve, field, frozen

__all__ = [
    "CHANGES",
    "Change",
    "Facts",
    "Incident",
    "Ledger",
    "NotApplicable",
    "Poll",
    "Requirement",
    "Score",
    "Unit",
]

T = TypeVar("T")


def _column(kind: str, *, column: bool = True, **options: Any) -> Any:
    """Declare a field that is read as `kind`; `column` says whether a CSV header must have it."""
    return field(metadata={"kind": kind, "column": column}, **options)


@frozen
class Unit:
    """A unit that the notice speaks of, or a county.

    `name` and `parent` (the id of its direct container) are those first recorded; later ones are
    rows of `Change`. `affiliation` is county or township, for schools and hospitals only (blank is
    township; 四.1). It exists from the day `opened` on and from the day `closed` on no more.
    """

    id: str = _column("id")
    kind: str = _column("word")
    name: str = _column("text", default="")
    parent: str | None = _column("id", default=None)
    affiliation: str | None = _column("word", column=False, default=None)
    opened: date | None = _column("date", column=False, default=None)
    closed: date | None = _column("date", column=False, default=None)


@frozen
class Incident:
    """Something that happened at `unit` on `date`; `grade` and `liability` may not be known yet."""

    id: str = _column("id")
    unit: str = _column("id")
    type: str = _column("word")
    date: date = _column("date")
    grade: str | None = _column("word", default=None)
    responsible_unit: str | None = _column("id", column=False, default=None)
    liability: str | None = _column("word", column=False, default=None)


@frozen
class Ledger:
    """The record of `item` (an incident type or `*`) is complete for `unit` and all inside it."""

    unit: str = _column("id")
    item: str = _column("word")
    year: int = _column("year")


@frozen
class Score:
    """Annual assessment score, 0 to 100 points with at most two decimal places."""

    unit: str = _column("id")
    year: int = _column("year")
    score: Decimal = _column("score")


@frozen
class Poll:
    """Poll of the year: either a `result` (met, failed) or a `rank` (1 is best)."""

    unit: str = _column("id")
    year: int = _column("year")
    result: str | None = _column("word", column=False, default=None)
    rank: int | None = _column("count", column=False, default=None)


@frozen
class Requirement:
    """The superior's poll requirement for a kind and year: the worst rank still good enough."""

    kind: str = _column("word")
    year: int = _column("year")
    max_rank: int = _column("count")


@frozen
class NotApplicable:
    """A clause declared not applicable (不适用) to a unit in a year, with the reason."""

    unit: str = _column("id")
    clause: str = _column("word")
    year: int = _column("year")
    reason: str = _column("text")


CHANGES = {"renamed": "text", "moved": "id", "merged_into": "id"}
"""What can happen to a unit after it was first recorded, and what kind of value says it."""


@frozen
class Change:
    """From the day `date` on, `unit` is `renamed`, `moved` to a container or `merged_into` one.

    `value` is the new name, or the id of the container or of the unit merged into.
    """

    unit: str = _column("id")
    date: date = _column("date")
    change: str = _column("word")
    value: str = _column("text")


def _tuple(items: Iterable[T]) -> tuple[T, ...]:
    return tuple(items)


@frozen
class Facts:
    """All data of a county. Checked when loaded, or when first evaluated if built in memory."""

    units: tuple[Unit, ...] = field(default=(), converter=_tuple)
    incidents: tuple[Incident, ...] = field(default=(), converter=_tuple)
    ledgers: tuple[Ledger, ...] = field(default=(), converter=_tuple)
    scores: tuple[Score, ...] = field(default=(), converter=_tuple)
    polls: tuple[Poll, ...] = field(default=(), converter=_tuple)
    requirements: tuple[Requirement, ...] = field(default=(), converter=_tuple)
    not_applicable: tuple[NotApplicable, ...] = field(default=(), converter=_tuple)
    changes: tuple[Change, ...] = field(default=(), converter=_tuple)
    checked_by: object = field(default=None, eq=False, repr=False, kw_only=True)

    def years(self) -> tuple[int, ...]:
        """Return the years that any record speaks of, ascending."""
        found = {i.date.year for i in self.incidents}
        for table in (self.ledgers, self.scores, self.polls, self.requirements):
            found |= {row.year for row in table}
        return tuple(sorted(found))

    def until(self, year: int) -> Facts:
        """Return the facts without the records of later years."""
        kept: Any = {
            table: tuple(row for row in getattr(self, table) if row.year <= year)
            for table in ("ledgers", "scores", "polls", "requirements", "not_applicable")
        }
        incidents: Any = tuple(i for i in self.incidents if i.date.year <= year)
        return evolve(self, incidents=incidents, **kept)


TABLES: dict[str, type[Any]] = {
    "units": Unit,
    "incidents": Incident,
    "ledgers": Ledger,
    "scores": Score,
    "polls": Poll,
    "requirements": Requirement,
    "not_applicable": NotApplicable,
    "changes": Change,
}
