"""What was derived for the units judged, as derived for every unit of their classes.

A verdict, a gap or a note is the same for all units of a class. An incident is not: what was found
with one of the unit that was judged is said, of another unit, with those of the same sort that
happened there, or inside of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Generic, TypeVar

from attrs import evolve

from pingan_logic.judging.classes import Classes
from pingan_logic.memory import Once
from pingan_logic.rules.predicates import DERIVED, Predicate
from pingan_logic.solving.grouping import ForEveryUnit
from pingan_logic.solving.outcome import Outcome

__all__ = ["Later", "for_every_unit"]

K = TypeVar("K")
V = TypeVar("V")


def for_every_unit(out: Outcome, made: Classes) -> Outcome:
    """Return the outcome of the classes as that of all units."""
    return _Every(out, made).outcome()


class _Every:
    def __init__(self, out: Outcome, made: Classes) -> None:
        self.out, self.made, self.groups = out, made, made.groups
        self.around = made.surroundings
        self._containers = Once(self.around.inside_of)
        self._places: dict[Any, dict[str, list[str]]] = {}

    def outcome(self) -> Outcome:
        out, groups = self.out, self.groups
        several = {one for one in self.made.merged if groups.sizes.get(one, 1) > 1}
        told = {u for _, u in out.notices}.union(out.absent, out.accountable)
        told.update(unit for _, unit in out.attainment)
        members = groups.members_of(several & told) if several & told else {}

        def everyone(unit: str) -> Sequence[str]:
            return members.get(unit) or (unit,)

        of_all: dict[str, Any] = {str(p.field): self._of_all(p) for p in DERIVED if p.by}
        return evolve(
            out,
            groups=groups,
            **of_all,
            notices=self._notices(everyone),
            accountable={
                u: self.incidents(ids, u) for one, ids in out.accountable.items()
                for u in everyone(one)
            },
            absent={u for one in out.absent for u in everyone(one)},
            relocated=Later(self._relocated),
            named=self._named(),
            attainment={(k, u): n for (k, z), n in out.attainment.items() for u in everyone(z)},
        )  # fmt: skip

    def _of_all(self, predicate: Predicate) -> Mapping[Any, Any]:
        """Return what was derived of the units judged as that of all units."""
        found = getattr(self.out, str(predicate.field))
        if predicate.speaks_of("incident"):
            return _Incidents(found, self)
        place = predicate.by.index("unit") if len(predicate.by) > 1 else None
        return ForEveryUnit(found, self.groups, place)

    def _notices(self, everyone: Callable[[str], Sequence[str]]) -> list[tuple[str, str]]:
        said = set[tuple[str, str]]()
        for name, subject in self.out.notices:
            sort = self._sorts.get(subject)
            some = everyone(subject) if sort is None else self._of_sort[sort]
            said.update((name, one) for one in some)
        return sorted(said)

    @cached_property
    def _sorts(self) -> dict[str, Any]:
        """The sort of each incident of a unit that stands for a class: the class, and the rest."""
        sorts: dict[str, Any] = {}
        self._of_sort: dict[Any, list[str]] = defaultdict(list)
        self._placed: dict[Any, list[tuple[str, str]]] = defaultdict(list)
        made, around, cut_off = self.made, self.around, self.around.cut_off
        begins = around.policy.period.begins(around.year)
        merged, stands, rows = made.merged, made.groups.stands, made.all.rows
        names = ("id", "unit", "date", "type", "grade", "liability")
        incidents = zip(*map(made.all.incidents.column, names), strict=True)
        for incident, unit, day, *sort in incidents:
            one = stands[rows[unit]]
            if one in merged and begins <= day <= cut_off:
                key = (one, *sort, made.days.get(unit, {}).get(day))
                self._of_sort[key].append(incident)
                self._placed[key].append((incident, unit))
                if one == unit:
                    sorts[incident] = key
        return sorts

    def _at(self, sort: Any, place: str) -> Sequence[str]:
        """The incidents of a sort at a unit, and inside of it."""
        if sort not in self._places:
            found = self._places[sort] = defaultdict(list)
            for incident, unit in self._placed[sort]:
                for here in (unit, *self._containers[unit]):
                    found[here].append(incident)
        return self._places[sort].get(place, ())

    def incidents(self, found: Iterable[str], unit: str) -> list[str]:
        """Return the incidents at or inside of a unit that are like those found of its class."""
        said: list[str] = []
        sorts: dict[Any, None] = {}
        for incident in found:
            sort = self._sorts.get(incident)
            if sort is None:
                said.append(incident)
            else:
                sorts[sort] = None
        return said + [i for sort in sorts for i in self._at(sort, unit)]

    def _relocated(self) -> dict[str, str | None]:
        found = dict(self.out.relocated)
        for unit, order, inherited in self._inheriting(lambda i: i.relocated or i.put):
            if inherited.relocated:
                found[unit] = None
            for n in inherited.put:
                found[unit] = order[0][n]
        return found

    def _named(self) -> dict[str, str]:
        found = dict(self.out.named)
        for unit, order, inherited in self._inheriting(lambda i: i.named):
            for n in inherited.named:
                found[unit] = order[1][n]
        return found

    def _inheriting(self, what: Callable[[Any], Any]) -> Iterator[tuple[str, Any, Any]]:
        """Yield the units that another stands for and that inherit something."""
        forms = self.made.forms
        ones = {one for one, form in forms.items() if what(self.around.inherited(form))}
        if ones:
            for one, units in self.groups.members_of(ones).items():
                inherited = self.around.inherited(forms[one])
                for unit in units:
                    if unit != one:
                        yield unit, self.around.order(unit), inherited


class _Incidents(Mapping[tuple[str, str, str], list[str]]):
    """The incidents by clause, matter and unit, of every unit."""

    def __init__(self, found: Mapping[tuple[str, str, str], list[str]], every: _Every) -> None:
        self.found, self.every = found, every

    def __getitem__(self, key: tuple[str, str, str]) -> list[str]:
        clause, matter, unit = key
        one = self.every.groups.standing_of(unit)
        return self.every.incidents(self.found[clause, matter, one], unit)

    def get(self, key: Any, default: Any = None) -> Any:
        # asked of every prohibition at every unit, nearly always without an answer
        clause, matter, unit = key
        found = self.found.get((clause, matter, self.every.groups.standing_of(unit)))
        return default if found is None else self.every.incidents(found, unit)

    def __contains__(self, key: object) -> bool:
        if not isinstance(key, tuple):
            return False
        clause, matter, unit = key
        return (clause, matter, self.every.groups.standing_of(unit)) in self.found

    def __iter__(self) -> Iterator[tuple[str, str, str]]:
        for clause, matter, one in self.found:
            for unit in self.every.groups.everyone(one):
                yield clause, matter, unit

    def __len__(self) -> int:
        sizes = self.every.groups.sizes
        return sum(sizes.get(one, 1) for _, _, one in self.found)


class Later(Mapping[K, V], Generic[K, V]):
    """What is worked out when it is first asked for."""

    def __init__(self, make: Callable[[], Mapping[K, V]]) -> None:
        self.make = make

    @cached_property
    def found(self) -> Mapping[K, V]:
        return self.make()

    def __getitem__(self, key: K) -> V:
        return self.found[key]

    def __contains__(self, key: object) -> bool:
        return key in self.found

    def __iter__(self) -> Iterator[K]:
        return iter(self.found)

    def __len__(self) -> int:
        return len(self.found)

    def __eq__(self, other: object) -> bool:
        return dict(self.found) == other

    __hash__ = None  # type: ignore[assignment]
