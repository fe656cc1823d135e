"""What the search for remedies is put to: the data that a verdict rests on, and what the rules
derive from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property

from attrs import evolve, frozen

from pingan_logic.catalogue import Policy
from pingan_logic.judging.classes import classes, numbered
from pingan_logic.judging.every_unit import for_every_unit
from pingan_logic.model import Facts, Value
from pingan_logic.solving.encode import fact_atoms
from pingan_logic.solving.grouping import Groups, ungrouped
from pingan_logic.solving.judge import solve
from pingan_logic.solving.outcome import Outcome

__all__ = ["Scene"]


@frozen
class Scene:
    """What a question is put to: the part of the data that bears on a unit, and what the rules
    have `derived` from it. `open_year` says that the year is not over; `asked` as in
    `Assessment.asked`. Units `beside` it are asked about together with it, and of a unit that is
    judged by levels one `level`."""

    policy: Policy
    facts: Facts
    unit: str
    year: int
    cut_off: date
    asked: tuple[str, ...]
    open_year: bool
    derived: Outcome | None = None
    beside: Sequence[str] = ()
    level: str | None = None

    @property
    def wanted(self) -> tuple[str, ...]:
        """The units that the question is about."""
        return (self.unit, *self.beside)

    @cached_property
    def outcome(self) -> Outcome:
        """What the rules derive, also of a year that is still to come."""
        if self.derived is not None:
            return self.derived
        if self.policy.proof.distinctions:
            return solve(self.facts, self.policy, self.year, self.cut_off)
        made = classes(self.facts, self.policy, self.year, self.cut_off)
        found = solve(made.facts, self.policy, self.year, self.cut_off, beside=made.atoms)
        return for_every_unit(found, made)

    @cached_property
    def groups(self) -> Groups:
        """Units alike in one container, where nothing happened at them."""
        if self.policy.proof.distinctions:
            return ungrouped(self.facts)
        return classes(self.facts, self.policy, self.year, self.cut_off, nearby=True).groups

    def status(self, unit: str) -> str | None:
        """Return the worst status of a unit; None for one that is not judged."""
        found = self.outcome.verdicts.get(unit)
        if not found:
            return None
        return next(s for s in ("failed", "undetermined", "met") if s in found.values())

    def atoms(self, facts: Facts, sizes: Mapping[str, int]) -> Mapping[str, Sequence[str]]:
        """Return facts as ground atoms, by predicate."""
        atoms = fact_atoms(facts, self.policy, self.year, self.cut_off, self.asked)
        return {**atoms, **numbered(facts, self.policy, self.year, self.cut_off, sizes)}

    @cached_property
    def days(self) -> list[date]:
        """The days that the data names: of incidents, of changes, of what opened or closed."""
        units = self.facts.units
        days = [*self.facts.incidents.column("date"), *self.facts.changes.column("date")]
        for name in ("opened", "closed"):
            if units.given(name):
                days += units.column(name)
        return [day for day in days if day]

    def in_year(self, year: int) -> Scene:
        """Return the scene of a later year, for all that is known today, the unit being met in none
        before."""
        known, today = self.facts, date.today()
        if self.open_year:
            today = self.cut_off
            days = enumerate(known.incidents.column("date"))
            said = known.incidents.take([n for n, day in days if day <= today])
            known = evolve(known, incidents=said)
        if found := list(self._results_before(year)):
            known = evolve(known, values=(*known.values, *found))
        period = self.policy.period
        end = period.ends(year)
        # of a year without records nothing is final, such as a title recorded before
        ahead = end >= today or year > max([self.year, *self.facts.years(period)])
        return Scene(self.policy, known, self.unit, year, end, (), ahead, level=self.level)

    def _results_before(self, year: int) -> Iterator[Value]:
        """Yield what the unit comes to at most in the period before a later year: not met, or the
        level below the one asked about."""
        kind = self.facts.units[self.facts.rows[self.unit]].kind
        below = self.policy.levels[kind].index(self.level) if self.level else 0
        items = [i for i in self.policy.result_items if kind in i.kinds]
        values = self.facts.values if items else ()
        stated = {v.item for v in values if (v.unit, v.year) == (self.unit, year)}
        for item in items:
            if item.id not in stated:
                yield Value(self.unit, item.id, year, item.value(below))
