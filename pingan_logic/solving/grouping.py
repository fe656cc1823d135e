"""Units that the rules cannot tell apart, each group with one unit that is judged for all.

Units of the same kind, in the same container and with the same records have the same verdict and
the same findings by any rules that do not look at ids (`policy.symmetry` checks that), so only one
of them is written as a fact, with the number it stands for. Nothing is decided here.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import compress, repeat
from operator import is_
from typing import Any, TypeVar

from attrs import define, evolve, field

from pingan_logic.model import Facts

__all__ = ["Groups", "Spread", "group", "of_judged", "reduced", "ungrouped"]

V = TypeVar("V")


@define(slots=False)
class Groups:
    """`stands` names, for each of the `units`, the unit that stands for it: often itself.

    `numbers` says for how many a unit stands in the data already, where that is not one.
    """

    units: Sequence[str]
    stands: Sequence[str]
    numbers: Mapping[str, int] = field(factory=dict)

    @cached_property
    def standing(self) -> dict[str, str]:
        """The unit that stands for each; of a whole county made only when single units are asked
        for, as it takes longer than to group them."""
        return dict(zip(self.units, self.stands, strict=True))

    @cached_property
    def sizes(self) -> dict[str, int]:
        """How many units each one that is judged stands for."""
        sizes = Counter(self.stands)
        for unit, number in self.numbers.items():
            if unit in self.standing:
                sizes[self.standing[unit]] += number - 1
        return sizes

    @cached_property
    def members(self) -> dict[str, list[str]]:
        """The units that one which is judged stands for, in the order of the data."""
        return self.members_of(self.sizes)

    def members_of(self, some: Container[str]) -> dict[str, list[str]]:
        """Return the `members` of `some` of those judged."""
        found: dict[str, list[str]] = defaultdict(list)
        everyone = zip(self.units, self.stands, strict=True)
        for unit, one in compress(everyone, map(some.__contains__, self.stands)):
            found[one].append(unit)
        return dict(found)

    def everyone(self, unit: str) -> Sequence[str]:
        """The units that `unit` stands for."""
        return self.members[unit] if self.sizes.get(unit, 1) > 1 else (unit,)


def ungrouped(facts: Facts, numbers: Mapping[str, int] | None = None) -> Groups:
    """Return every unit as its own group, some of which stand for more by `numbers`."""
    ids = facts.units.column("id")
    return Groups(ids, ids, numbers or {})


def reduced(facts: Facts) -> tuple[Facts, Groups]:
    """Return the facts about one unit of each group alone, and the groups; worked out once."""
    if "reduced" not in facts.memo:
        groups = group(facts)
        facts.memo["reduced"] = _judged_facts(facts, groups), groups
    found: tuple[Facts, Groups] = facts.memo["reduced"]
    return found


def _judged_facts(facts: Facts, groups: Groups) -> Facts:
    own = map(is_, groups.units, groups.stands)
    judged = facts.units.take(list(compress(range(len(groups.units)), own)))
    tables: dict[str, Any] = {"units": judged}
    for name in _RECORDS:
        table = getattr(facts, name)
        kept = map(groups.sizes.__contains__, table.column("unit"))
        tables[name] = table.take(list(compress(range(len(table)), kept)))
    return evolve(facts, **tables)


def group(facts: Facts) -> Groups:
    """Group the units that share kind, container, affiliation, dates and records.

    Units with incidents, with changes, or with others inside stay alone, and so does one with the
    id of an incident or the name of a kind: what is said of that would be said of all that the
    unit stands for.
    """
    units, incidents = facts.units, facts.incidents
    alone = {*units.column("parent"), *incidents.column("id"), *facts.requirements.column("kind")}
    alone.update(incidents.column("unit"), incidents.column("responsible_unit"))
    alone.update(facts.changes.column("unit"), (other for _, other in facts.joined()))
    evidence: dict[str, Any] = {}
    several: dict[str, list[tuple[Any, ...]]] = {}
    for name, columns in _RECORDS.items():
        table = getattr(facts, name)
        records = zip(repeat(name), *map(table.column, columns))
        for unit, record in zip(table.column("unit"), records, strict=True):
            first_of = evidence.setdefault(unit, record)
            if first_of is not record:
                several.setdefault(unit, [first_of]).append(record)
    evidence.update((unit, tuple(sorted(found, key=repr))) for unit, found in several.items())
    evidence.update((unit, unit) for unit in alone)  # a name is like no record
    ids = units.column("id")
    alike = ("kind", "parent", "affiliation", "opened", "closed")
    given = [units.column(name) for name in alike if units.given(name)]
    likeness = zip(*given, map(evidence.get, ids), strict=True)
    first: dict[tuple[Any, ...], str] = {}
    return Groups(ids, list(map(first.setdefault, likeness, ids)))


_RECORDS = {
    "ledgers": ("item", "year"),
    "scores": ("year", "score"),
    "polls": ("year", "result", "rank"),
    "not_applicable": ("clause", "year"),
}


def of_judged(found: Mapping[Any, V]) -> Mapping[Any, V]:
    """Return what was derived for the units judged, without those for which they stand."""
    return found.found if isinstance(found, Spread) else found


class Spread(Mapping[Any, V]):
    """What was derived for the units judged, seen as derived for each unit.

    A key is a unit, or a tuple whose item `at` is one; `found` holds those of the units judged.
    """

    def __init__(self, found: Mapping[Any, V], groups: Groups, at: int | None = None) -> None:
        self.found, self.groups, self.at = found, groups, at

    def __getitem__(self, key: Any) -> V:
        return self.found[self._swap(key, self.groups.standing)]

    def __contains__(self, key: object) -> bool:
        return self._swap(key, self.groups.standing) in self.found

    def _swap(self, key: Any, units: Mapping[str, str]) -> Any:
        if self.at is None:
            return units.get(key, key)
        unit = key[self.at]
        return (*key[: self.at], units.get(unit, unit), *key[self.at + 1 :])

    def __iter__(self) -> Iterator[Any]:
        for key in self.found:
            one = key if self.at is None else key[self.at]
            for unit in self.groups.everyone(one):
                yield self._swap(key, {one: unit})

    def __len__(self) -> int:
        sizes = self.groups.sizes
        return sum(sizes.get(k if self.at is None else k[self.at], 1) for k in self.found)
