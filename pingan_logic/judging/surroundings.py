"""What can be reached from a unit by the links of the data, and what a unit inherits from there.

Two units have the same *form* when their surroundings differ in nothing but ids, names and days:
ids as numbers in the order in which they are reached, days by their order and by what the rules
see of a day (`rules.may_merge`). What follows for a unit from its surroundings - what it is inside
of, where it was put, what it is called - rests on their *shape*, which is the form without the
records that no rule about this reads: the rules say it once, for a *probe*, and the others inherit
it by those numbers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from itertools import repeat
from typing import Any

from attrs import evolve, field, frozen

from pingan_logic.catalogue import Policy, Setting
from pingan_logic.memory import Once
from pingan_logic.model import CHANGES, Facts
from pingan_logic.recorded import RECORDS, of_units
from pingan_logic.solving.asking import Dated, dated
from pingan_logic.solving.encode import fact_atoms
from pingan_logic.solving.judge import derive

__all__ = ["Inherited", "Surroundings", "records_of"]

_WRITTEN = {
    "ledgers": "ledger", "scores": "score", "polls": "poll", "not_applicable": "not_applicable",
    "values": "value",
}  # fmt: skip
"""The predicates as which they are written."""


_KEPT = 50_000
"""Shapes of which it is kept for later runs what they inherit."""


@frozen
class Inherited:
    """What a unit has from its surroundings, as places in the order in which they are reached."""

    inside: list[int] = field(factory=list)
    put: list[int] = field(factory=list)
    named: list[int] = field(factory=list)
    relocated: bool = False


class Surroundings:
    """The surroundings of the units of some facts, on one day.

    `dated` holds the units of which the register says more than kind and container.
    """

    facts: Facts
    policy: Policy
    year: int
    cut_off: date
    rows: dict[str, int]
    kinds: Sequence[Any]
    parents: Sequence[Any]
    affiliations: Sequence[Any] | None
    opened: Sequence[Any] | None
    closed: Sequence[Any] | None
    records: dict[str, tuple[Any, ...]]
    told: list[str]
    inherited_from: dict[str, tuple[Any, ...]]
    dated: set[str]
    targets: set[str]

    def __init__(self, facts: Facts, policy: Policy, year: int, cut_off: date) -> None:
        self.facts, self.policy, self.year, self.cut_off = facts, policy, year, cut_off
        units = facts.units
        self.rows = facts.rows
        self.kinds, self.parents = units.column("kind"), units.column("parent")
        self.affiliations, self.opened, self.closed = (
            units.column(name) if units.given(name) else None
            for name in ("affiliation", "opened", "closed")
        )
        self.changes: dict[str, list[tuple[date, str, str]]] = defaultdict(list)
        names = ("unit", "date", "change", "value")
        for unit, *said in zip(*map(facts.changes.column, names), strict=True):
            self.changes[unit].append(tuple(said))
        for found in self.changes.values():
            found.sort()
        self.changes.default_factory = None
        self.targets = {other for _, other in facts.joined()}
        self.records = records_of(facts, policy.proof.tables)
        rules = policy.proof.upwards
        self.told = [table for table, name in _WRITTEN.items() if f"{name}(" in rules]
        self.inherited_from = records_of(facts, self.told)
        ids = units.column("id")
        self.dated = set(self.changes)
        for column in (self.opened, self.closed):
            self.dated.update(unit for unit, day in zip(ids, column or (), strict=False) if day)
        self.forms: dict[Any, int] = {}
        self.shapes: list[int] = []
        self.probes: list[str] = []
        self._shapes: dict[Any, int] = {}
        self._plain: dict[str | None, tuple[int, tuple[str, ...]] | None] = {None: (-1, ())}
        self._known: dict[str, tuple[int, Sequence[str], Sequence[str]]] = {}
        self._beside: dict[Any, tuple[int, Sequence[str], Sequence[str]]] = {}
        self._inherited: list[Inherited] = []
        self._likes: list[Any] = []
        """What tells each shape, in whatever facts."""

    def form(self, unit: str) -> int:
        """Return the number of a unit's form."""
        plain = self.plain(unit)
        return plain[0] if plain is not None else self._reached(unit)[0]

    def order(self, unit: str) -> tuple[Sequence[str], Sequence[str]]:
        """Return what is reached from a unit, itself first, and the names that it is given."""
        plain = self.plain(unit)
        return (plain[1], ()) if plain is not None else self._reached(unit)[1:]

    def plain(self, unit: str | None) -> tuple[int, tuple[str, ...]] | None:
        """Return form and containers, itself first, of a unit that the register never touched; None
        when it did, or any of these."""
        found = self._plain.get(unit, False)
        if found is not False:
            return found  # type: ignore[return-value]
        assert unit is not None
        row = self.rows[unit]
        up = self.plain(self.parents[row] or None)
        if up is None or unit in self.dated:
            self._plain[unit] = None
            return None
        self._plain[unit] = self.under(unit, up[0]), (unit, *up[1])
        return self._plain[unit]

    def under(self, unit: str, above: int) -> int:
        """Return the form of a unit that the register never touched, in a container of the form
        `above`."""
        row = self.rows[unit]
        own = self.kinds[row], self.affiliations and self.affiliations[row]
        like = *own, self.records.get(unit), above
        number = self.forms.get(like)
        if number is None:
            shape = self._likes[self.shapes[above]] if above >= 0 else None
            number = self._number(like, (*own, self.inherited_from.get(unit), shape), unit)
        return number

    def _number(self, like: Any, shape: Any, unit: str) -> int:
        number = self.forms.setdefault(like, len(self.forms))
        if number == len(self.shapes):
            self.shapes.append(self._shapes.setdefault(shape, len(self._shapes)))
            if self.shapes[-1] == len(self.probes):
                self.probes.append(unit)
                self._likes.append(shape)
        return number

    def _reached(self, unit: str) -> tuple[int, Sequence[str], Sequence[str]]:
        """Return the form of a unit, what is reached from it, and the names met."""
        found = self._known.get(unit)
        if found is None:
            found = self._known[unit] = self._reached_anew(unit)
        return found

    def _reached_anew(self, unit: str) -> tuple[int, Sequence[str], Sequence[str]]:
        if unit in self.dated or unit in self.targets:
            like, shape, order, names = self._walked(unit)
            return self._number(like, shape, unit), tuple(order), tuple(names)
        row = self.rows[unit]
        own = self.kinds[row], self.affiliations and self.affiliations[row], self.parents[row]
        key = own, self.records.get(unit), self.inherited_from.get(unit)
        if key not in self._beside:
            like, shape, order, names = self._walked(unit)
            number = self._number(like, shape, unit)
            self._beside[key] = number, tuple(order[1:]), tuple(names)
        # what is reached from units alike in one container differs in themselves alone
        number, beyond, met = self._beside[key]
        return number, (unit, *beyond), met

    def _walked(self, unit: str) -> tuple[Any, Any, list[str], list[str]]:
        """Return what tells the form of a unit, and its shape; what is reached, and names met."""
        order, number = [unit], {unit: 0}
        days: set[date] = set()
        for here in order:  # while it grows
            row = self.rows[here]
            linked = [self.parents[row]] if self.parents[row] else []
            for day, change, value in self.changes.get(here, ()):
                days.add(day)
                if CHANGES[change] == "id":
                    linked.append(value)
            for other in linked:
                if other not in number:
                    number[other] = len(order)
                    order.append(other)
            days.update(c[row] for c in (self.opened, self.closed) if c and c[row])
        begins = self.policy.period.begins(self.year)
        when: dict[date | None, Any] = {
            day: (n, day <= self.cut_off, day >= begins, day.year == self.year)
            for n, day in enumerate(sorted(days))
        }
        names: dict[str, int] = {}
        shape = tuple([self._like(here, number, when, names) for here in order])
        like = shape, tuple(map(self.records.get, order))
        return like, shape, order, list(names)

    def _like(
        self, unit: str, number: dict[str, int], when: dict[date | None, Any], names: dict[str, int]
    ) -> tuple[Any, ...]:
        row = self.rows[unit]
        parent = self.parents[row]
        return (
            self.kinds[row],
            self.affiliations and self.affiliations[row],
            self.opened and when.get(self.opened[row]),
            self.closed and when.get(self.closed[row]),
            self.inherited_from.get(unit),
            number[parent] if parent else None,
            tuple(
                [
                    (
                        when[day],
                        change,
                        number[value]
                        if CHANGES[change] == "id"
                        else names.setdefault(value, len(names)),
                    )
                    for day, change, value in self.changes.get(unit, ())
                ]
            ),
        )

    def inherited(self, form: int) -> Inherited:
        """Return what the units of a form inherit."""
        shape = self.shapes[form]
        if shape >= len(self._inherited):
            self._ask()
        return self._inherited[shape]

    def _ask(self) -> None:
        """Say of each new shape what it inherits: what the rules said of it in an earlier run over
        the same period, or say for its probe now."""
        first = len(self._inherited)
        known = _known(dated(self.policy.files), self.policy.settings, self.year, self.cut_off)
        likes = self._likes[first:]
        new = [n for n, like in enumerate(likes, first) if like not in known]
        if len(known) + len(new) > _KEPT:
            known.clear()
            new = list(range(first, len(self._likes)))
        known.update(zip(map(self._likes.__getitem__, new), self._derived(new), strict=True))
        self._inherited += map(known.__getitem__, likes)

    def _derived(self, shapes: Sequence[int]) -> Iterator[Inherited]:
        """Yield what the probes of some shapes inherit by the rules."""
        if not shapes:
            return
        orders = [(self.probes[n], *self.order(self.probes[n])) for n in shapes]
        needed = {unit for _, order, _ in orders for unit in order}
        facts = self.facts
        tables: dict[str, Any] = {
            "units": facts.units.take(sorted(map(self.rows.__getitem__, needed))),
            **dict.fromkeys(RECORDS, ()),
        }
        for name in (*self.told, "changes"):
            tables[name] = of_units(facts, self.policy, name, needed)
        some = evolve(facts, incidents=(), requirements=(), **tables)
        atoms = fact_atoms(some, self.policy, self.year, self.cut_off)
        found = derive(self.policy, atoms)
        said = {
            name: _by_unit(found[name, 2]) for name in ("inside", "put", "named")
        }  # fmt: skip
        relocated = {unit for (unit,) in found["relocated", 1]}
        for probe, order, names in orders:
            number = {unit: n for n, unit in enumerate(order)}
            yield Inherited(
                sorted(number[u] for u in said["inside"].get(probe, ())),
                sorted(number[u] for u in said["put"].get(probe, ())),
                [names.index(name) for name in said["named"].get(probe, ())],
                probe in relocated,
            )

    def inside_of(self, unit: str) -> list[str]:
        """Return what a unit is inside of."""
        order, _ = self.order(unit)
        return [order[n] for n in self.inherited(self.form(unit)).inside]


def records_of(facts: Facts, tables: Iterable[str]) -> dict[str, tuple[Any, ...]]:
    """Return what some tables say of each unit, in an order that is always the same."""
    found: dict[str, tuple[Any, ...]] = {}
    several: dict[str, list[Any]] = {}
    for name in tables:
        table = getattr(facts, name)
        units = table.column("unit")
        alone = Once[Any, tuple[Any, ...]](lambda record: (record,))
        said = list(map(alone.__getitem__, zip(repeat(name), *map(table.column, RECORDS[name]))))
        here = dict(zip(units, said, strict=True))
        if len(here) < len(units) or not found.keys().isdisjoint(here):
            for unit, (record,) in zip(units, said, strict=True):
                several.setdefault(unit, [*found.get(unit, ())]).append(record)
        found.update(here)
    found.update((unit, tuple(sorted(some, key=repr))) for unit, some in several.items())
    return found


@lru_cache(maxsize=8)
def _known(
    paths: Sequence[Dated], settings: Sequence[Setting], year: int, cut_off: date
) -> dict[Any, Inherited]:
    """Return what is known of shapes under some rules, in a period: theirs to fill."""
    del paths, settings, year, cut_off
    return {}


def _by_unit(rows: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for unit, other in rows:
        found[unit].append(other)
    return found
