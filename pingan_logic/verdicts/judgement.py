"""What was judged: data, rules, day and outcome, and the units as they stand then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from typing import Any

from attrs import field, frozen

from pingan_logic.catalogue import Policy
from pingan_logic.errors import Problem, RequestError, nearest
from pingan_logic.framed import Framed
from pingan_logic.model import Facts, Incident, Unit
from pingan_logic.order import natural
from pingan_logic.solving.grouping import of_judged
from pingan_logic.solving.outcome import Outcome
from pingan_logic.table import ById
from pingan_logic.verdicts.register import Children, Register
from pingan_logic.verdicts.values import Status

__all__ = ["Judgement", "no_such_unit"]

_NONE: Mapping[str, Any] = {}


@frozen(slots=False, repr=False)
class Judgement(Framed):
    """What was judged, by what and up to when, with the units as they stand on that day.

    `units` bear the names and containers of the day of judgement; those that do not exist on that
    day are in no `children` and in no count.
    """

    facts: Facts
    policy: Policy
    year: int
    cut_off: date
    outcome: Outcome = field(repr=False)
    of_the_run: tuple[tuple[str, str], ...] = ()
    at_year_end: bool = False
    memo: dict[str, Any] = field(factory=dict, init=False, eq=False, repr=False)
    """What later steps have worked out from this assessment alone, for the next time."""

    @cached_property
    def units(self) -> Mapping[str, Unit]:
        """The units by id, as they stand on the day of judgement."""
        return Register(self.facts, self.outcome)

    @cached_property
    def parents(self) -> dict[str, str | None]:
        """The container of each unit on the day of judgement, for walks over all units."""
        units = self.facts.units
        found = dict(zip(units.column("id"), units.column("parent"), strict=True))
        found.update(self.outcome.relocated)
        return found

    @cached_property
    def children(self) -> Children:
        """The units that stand directly in each container on the day of judgement."""
        return Children(self.facts, self.outcome)

    @cached_property
    def incidents(self) -> Mapping[str, Incident]:
        """The incidents by id."""
        return ById(self.facts.incidents)

    @cached_property
    def judged(self) -> dict[tuple[str, str], set[str]]:
        """The units of each standard and status, of a group the one that stands for it."""
        found: dict[tuple[str, str], set[str]] = defaultdict(set)
        verdicts = of_judged(self.outcome.verdicts)
        for unit in self.outcome.groups.sizes:
            for judged in verdicts.get(unit, _NONE).items():
                found[judged].add(unit)
        return found

    def inside(self, unit: str) -> list[str]:
        """Return the ids of all units that `unit` contains, each before those inside it."""
        return self.children.inside(unit)

    def areas(self, unit: str) -> list[str]:
        """Return the ids of the units inside `unit` for which attainment is counted, such as
        townships."""
        found = [u for u in self.inside(unit) if self.units[u].kind in self.policy.areas]
        return sorted(found, key=natural)

    def unit(self, unit: str) -> Unit:
        """Return a unit of the data. Raises RequestError naming the nearest id."""
        if not isinstance(unit, str) or unit not in self.units:
            raise RequestError([no_such_unit(str(unit), self.units)])
        return self.units[unit]

    def standing(self, unit: str) -> Unit:
        """Return a unit that exists on the day of judgement.

        Raises RequestError naming the nearest id, or the unit into which this one has merged.
        """
        here = self.unit(unit)
        if unit in self.outcome.absent:
            raise RequestError(
                [
                    Problem(
                        "UNIT",
                        f"该单位在{self.cut_off}不存在（尚未设立、已撤销或已并入）",
                        f"the unit does not exist on {self.cut_off} (not opened, closed or merged)",
                        unit,
                        self.outcome.heirs.get(unit),
                    )
                ]
            )
        return here

    def status(self, unit: str) -> Status:
        """Return the status of a judged unit; under two standards the one that the policy says."""
        overall = self.outcome.overall.get(unit)
        return Status(overall or next(iter(self.outcome.verdicts[unit].values())))


def no_such_unit(unit: str, units: Iterable[str]) -> Problem:
    """Return the problem of an id that is not in the data, with the nearest that is."""
    said = ("数据中没有这个单位", "there is no such unit in the data")
    return Problem("UNIT", *said, unit, nearest(unit, units))
