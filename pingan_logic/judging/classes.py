"""Units that no rule can tell apart, wherever they stand: one of each class is judged for all.

Units are alike when kind, records and surroundings are (`judging.surroundings`), and so is what
happened at them in the year; containers when what they contain is, too. The rules are given the one
that stands for its class with its own rows, and how many like it each container holds. That this
is exact is proven of the rules (`rules.may_merge`); nothing is decided here.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import compress
from typing import Any

from attrs import define, evolve, field

from pingan_logic.catalogue import Policy
from pingan_logic.judging.surroundings import Surroundings, records_of
from pingan_logic.memory import Once
from pingan_logic.model import Facts
from pingan_logic.recorded import RECORDS, of_units
from pingan_logic.solving.encode import quote
from pingan_logic.solving.grouping import Groups

__all__ = ["Classes", "classes", "numbered"]

Profile = tuple[tuple[int, int], ...]
"""What happened at a unit in the year: for each incident the number of its sort, and of its day."""


@define
class Classes:
    """`facts` are those to judge, `atoms` what the rules are told beside: who stands for others
    (`alike`), and how many such units are in each container (`counts`)."""

    groups: Groups
    facts: Facts
    atoms: Mapping[str, Sequence[str]]
    surroundings: Surroundings
    all: Facts
    """The facts that were put in classes."""
    forms: Mapping[str, int]
    """The form of the surroundings of each class, by the unit that stands for it."""
    merged: frozenset[str]
    """The units that stand for several."""
    days: Mapping[str, Mapping[date, int]]
    """The number of each day on which something happened, at units with several such days."""


def classes(
    facts: Facts,
    policy: Policy,
    year: int,
    cut_off: date,
    *,
    numbers: Mapping[str, int] | None = None,
    totals: bool = False,
    nearby: bool = False,
    leaves: bool = False,
) -> Classes:
    """Put the units of `facts` in classes; `totals` says that all units are counted, too.

    `numbers` says for how many units alike, not in `facts`, some of them stand. With `leaves`
    containers are not merged. With `nearby` no class is larger than one container, and units where
    something happened stay alone: what is derived for a unit is then, with its own id, derived for
    each of its class.
    """
    return _Making(facts, policy, year, cut_off, numbers or {}, totals, nearby, leaves).made()


def numbered(
    facts: Facts, policy: Policy, year: int, cut_off: date, numbers: Mapping[str, int]
) -> dict[str, list[str]]:
    """Return the atoms by which some units of `facts` stand for several in their containers."""
    several = [(unit, number) for unit, number in numbers.items() if number > 1]
    around = Surroundings(facts, policy, year, cut_off)
    for unit, _ in several:
        around.form(unit)
    return {
        "alike": [f"alike({quote(unit)})" for unit, _ in several],
        "counts": [
            f"counts({quote(unit)},{quote(container)},{number})"
            for unit, number in several
            for container in around.inside_of(unit)
        ],
    }


def _numbers() -> dict[Any, int]:
    # not a Counter: making one and counting a new key take it several times as long
    return defaultdict(int)


@define
class _Making:
    facts: Facts
    policy: Policy
    year: int
    cut_off: date
    numbers: Mapping[str, int]
    totals: bool
    nearby: bool
    leaves: bool
    around: Surroundings = field(init=False)
    containers: set[str] = field(init=False)
    boxes: list[str] = field(factory=list)
    """The containers, as the column of ids writes them."""
    alone: set[str] = field(factory=set)
    """Units that are never merged."""
    profiles: dict[str, Profile] = field(factory=dict)
    days: dict[str, dict[date, int]] = field(factory=dict)
    """The days on which something happened, numbered, where they are several."""
    records: dict[str, Any] = field(factory=dict)
    first: dict[str, str] = field(factory=dict)
    """The unit that stands for a class, for each that stands for others in the same container."""
    keys: dict[Any, str] = field(factory=dict)
    forms: dict[str, int] = field(factory=dict)
    members: dict[str, dict[str | None, int]] = field(factory=lambda: defaultdict(_numbers))
    """How many units of a class are directly in each container."""
    moved: dict[str, dict[str, int]] = field(factory=lambda: defaultdict(_numbers))
    """How many units of a class are like one whose surroundings changed, in its container."""
    contents: dict[str, dict[str, int]] = field(factory=dict)
    """What a container that stands for a class directly contains."""
    written: set[str] = field(factory=set)
    """Containers that must be written as they are: something written sits there."""

    def made(self) -> Classes:
        self.around = Surroundings(self.facts, self.policy, self.year, self.cut_off)
        self.containers = set(self.facts.containers)
        self._look_at_changes()
        days = self._look_at_incidents()
        self.records = records_of(self.facts, RECORDS)
        stands = self._alike_in_place()
        here = Counter(stands)
        for unit, number in self.numbers.items():
            if unit in self.facts.rows:
                here[stands[self.facts.rows[unit]]] += number - 1
        for unit, number in here.items():
            self._take(unit, number)
        self._merge_containers()
        judged = {*self.keys.values(), *self.alone, *self._single_containers()}
        sizes = _numbers()
        for unit, number in here.items():
            sizes[self.first[unit]] += number
        groups = Groups(
            self.facts.units.column("id"),
            list(map(self.first.__getitem__, stands)),
            self.numbers,
            dict(sizes),
        )
        numbers = {one: self._number(one) for one in self.keys.values()}
        merged = frozenset(one for one, number in numbers.items() if number > 1)
        atoms = self._counts(merged, numbers)
        return Classes(
            groups,
            self._judged(judged, days),
            atoms,
            self.around,
            self.facts,
            self.forms,
            merged,
            self.days,
        )

    def _look_at_changes(self) -> None:
        """Both ends of a merger stay alone: rules may go from one to the other. The successor
        contains what the other did, also where nothing was first recorded in it."""
        for unit, found in self.around.changes.items():
            for _, change, value in found:
                if change == "merged_into":
                    self.alone.update((unit, value))
                    self.containers.add(value)
                if change == "moved":
                    self.containers.add(value)

    def _look_at_incidents(self) -> list[bool]:
        """Note what happened at each unit; return which incidents the year judged sees."""
        names = ("id", "unit", "type", "grade", "liability", "date", "responsible_unit")
        ids, units, *rest = map(self.facts.incidents.column, names)
        *sorts, dates, holders = rest
        begins = self.policy.period.begins(self.year)
        days = {d: begins <= d <= self.cut_off for d in set(dates)}
        seen = list(map(days.__getitem__, dates))
        number: dict[Any, int] = {}
        found: dict[str, list[Any]] = defaultdict(list)
        rows = self.facts.rows
        for incident, unit, holder, day, *sort in compress(
            zip(ids, units, holders, dates, *sorts, strict=True), seen
        ):
            if holder or incident in rows:
                self.alone.update(u for u in (unit, holder) if u)
            found[unit].append((number.setdefault(tuple(sort), len(number)), day))
        # what is said of an incident or a kind would be said of all of the class of its namesake
        kinds = filter(self.policy.unit_kinds.__contains__, self.facts.values.column("unit"))
        said = (*ids, *self.facts.requirements.column("kind"), *kinds)
        self.alone.update(filter(rows.__contains__, said))
        for unit, some in found.items():
            self.profiles[unit] = self._profile(unit, some)
        if self.nearby:
            self.alone.update(units)
        return seen

    def _profile(self, unit: str, found: list[tuple[int, date]]) -> Profile:
        """Return what happened at a unit: the sort of each incident, and its day as one of those on
        which something happened there, the first, the second and so on."""
        if len(found) == 1:
            return ((found[0][0], 0),)
        days = {day: n for n, day in enumerate(sorted({day for _, day in found}))}
        if len(days) > 1:
            self.days[unit] = days
        return tuple(sorted((sort, days[day]) for sort, day in found))

    def _alike_in_place(self) -> list[str]:
        """Return, for each unit, the first one like it in the same container."""
        units = self.facts.units
        likes: dict[str, Any] = dict(self.records)
        for more in (self.profiles, self.around.changes):
            for unit, said in more.items():
                likes[unit] = (likes.get(unit), tuple(said))
        ids = units.column("id")
        for name in ("affiliation", "opened", "closed"):
            if units.given(name):
                column = units.column(name)
                for unit, said in compress(zip(ids, column, strict=True), column):
                    likes[unit] = (likes.get(unit), name, said)
        for unit in (*self.alone, *self.containers):
            likes[unit] = unit
        own: list[Any] = [None] * len(ids)
        rows = self.facts.rows
        for unit, said in likes.items():
            if (row := rows.get(unit)) is not None:
                own[row] = said
        first: dict[Any, str] = {}
        likeness = zip(units.column("kind"), units.column("parent"), own, strict=True)
        return list(map(first.setdefault, likeness, ids))

    def _take(self, unit: str, number: int) -> None:
        """Put the units like one, in its container, in their class."""
        self.first[unit] = unit
        around = self.around
        if unit in self.containers:
            self.boxes.append(unit)
            if number > 1:
                self.alone.add(unit)
                self.keys[unit] = unit
                self.forms[unit] = around.form(unit)
                self.moved[unit][unit] += number
            return
        parent = around.parents[around.rows[unit]] or None
        up = None if unit in around.dated else around.plain(parent)
        if unit in self.alone or (up is None and unit in self.profiles):
            self.alone.add(unit)
            self.written.update(around.order(unit)[0])
            if number == 1:
                return
        form = around.form(unit) if up is None else around.under(unit, up[0])
        own = unit if self.nearby or unit in self.alone else None
        key = (form, self.records.get(unit), self.profiles.get(unit), own)
        one = self.first[unit] = self.keys.setdefault(key, unit)
        self.forms[one] = form
        if up is None:
            self.moved[one][unit] += number
            self.written.update(around.order(unit)[0])
        else:
            self.members[one][parent] += number
            if one == unit:
                self.written.update((unit, *up[1]))

    def _merge_containers(self) -> None:
        """Put containers in classes, the innermost first."""
        around = self.around
        if self.nearby or self.leaves:
            return
        for unit in around.dated:
            self.written.update(around.order(unit)[0])
        for unit in self.alone & self.containers:
            self.written.update(around.order(unit)[0])
        depth = {}
        for unit in self.boxes:
            plain = around.plain(unit)
            if plain is None:
                self.written.update(around.order(unit)[0])
            else:
                depth[unit] = len(plain[1])
        inside: dict[str, dict[str, int]] = defaultdict(_numbers)
        for one, found in self.members.items():
            for container, number in found.items():
                if container is not None:
                    inside[container][one] += number
        for unit in sorted(depth, key=lambda u: (-depth[u], around.rows[u])):
            _, chain = around.plain(unit) or (0, ())
            if unit in self.written:
                self.written.update(chain)
                continue
            form = around.form(unit)
            key = (
                form, self.records.get(unit), self.profiles.get(unit),
                frozenset(inside[unit].items()), True,
            )  # fmt: skip
            one = self.first[unit] = self.keys.setdefault(key, unit)
            self.forms[one] = form
            container = around.parents[around.rows[unit]] or None
            self.members[one][container] += 1
            if container is not None:
                inside[container][one] += 1
            if one == unit:
                self.contents[one] = inside[unit]
                self.written.update(chain[1:])

    def _single_containers(self) -> set[str]:
        return {u for u in self.boxes if self.first[u] == u and u not in self.contents}

    def _number(self, one: str) -> int:
        """Return how many units are in a class."""
        return sum(self.members.get(one, {}).values()) + sum(self.moved.get(one, {}).values())

    def _counts(self, merged: frozenset[str], numbers: Mapping[str, int]) -> dict[str, list[str]]:
        """Say of each class of several how many of its units are in each container written."""
        around, single = self.around, self._single_containers()
        names = Once(quote)
        found = []
        for one in sorted(merged, key=around.rows.__getitem__):
            total: dict[str, int] = _numbers()
            inherited = around.inherited(self.forms[one]).inside
            for container, number in self.members.get(one, {}).items():
                if container is not None:
                    order = (one, *around.order(container)[0])
                    for n in inherited:
                        total[order[n]] += number
            for unit, number in self.moved.get(one, {}).items():
                order = tuple(around.order(unit)[0])
                for n in inherited:
                    total[order[n]] += number
            name = names[one]
            found += [f"counts({name},{names[a]},{n})" for a, n in total.items() if a in single]
            if self.totals:
                found.append(f"counts({name},all,{numbers[one]})")
        within: dict[str, dict[str, int]] = {}
        for container in self.contents:
            name = names[container]
            every = self._within(container, within)
            found += [f"counts({names[u]},{name},{n})" for u, n in every.items() if u in merged]
        return {"alike": [f"alike({names[one]})" for one in sorted(merged)], "counts": found}

    def _within(self, container: str, known: dict[str, dict[str, int]]) -> dict[str, int]:
        """Return all that a container which stands for a class contains, at any depth."""
        if container not in known:
            total = _numbers()
            for unit, number in self.contents[container].items():
                total[unit] += number
                if unit in self.contents:
                    for other, n in self._within(unit, known).items():
                        total[other] += n * number
            known[container] = total
        return known[container]

    def _judged(self, judged: set[str], seen: Sequence[bool]) -> Facts:
        facts = self.facts
        tables: dict[str, Any] = {
            "units": facts.units.take(sorted(map(facts.rows.__getitem__, judged)))
        }
        for name in (*RECORDS, "changes"):
            tables[name] = of_units(facts, self.policy, name, judged)
        places = map(judged.__contains__, facts.incidents.column("unit"))
        kept = [n for n, (now, here) in enumerate(zip(seen, places, strict=True)) if now and here]
        tables["incidents"] = facts.incidents.take(kept)
        return evolve(facts, **tables)
