"""Units that the rules cannot tell apart, each group with one unit that is judged for all."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import compress
from typing import Any, TypeVar

from attrs import define, field

from pingan_logic.model import Facts

__all__ = ["ForEveryUnit", "Groups", "of_judged", "ungrouped"]

V = TypeVar("V")


@define(slots=False)
class Groups:
    """`stands` names, for each of the `units`, the unit that stands for it: often itself.

    `numbers` says for how many a unit stands in the data already, where that is not one; `counted`
    are the `sizes`, where they are known.
    """

    units: Sequence[str]
    stands: Sequence[str]
    numbers: Mapping[str, int] = field(factory=dict)
    counted: Mapping[str, int] | None = None

    @cached_property
    def standing(self) -> dict[str, str]:
        """The unit that stands for each; of a whole county made only when single units are asked
        for, as it takes longer than to group them."""
        return dict(zip(self.units, self.stands, strict=True))

    def standing_of(self, unit: str) -> str:
        """Return the unit that stands for one."""
        return self.standing.get(unit, unit)

    @cached_property
    def sizes(self) -> Mapping[str, int]:
        """How many units each one that is judged stands for."""
        if self.counted is not None:
            return self.counted
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


def ungrouped(facts: Facts) -> Groups:
    """Return every unit as its own group."""
    ids = facts.units.column("id")
    return Groups(ids, ids)


def of_judged(found: Mapping[Any, V]) -> Mapping[Any, V]:
    """Return what was derived for the units judged, without those for which they stand."""
    return found.found if isinstance(found, ForEveryUnit) else found


class ForEveryUnit(Mapping[Any, V]):
    """What was derived for the units judged, seen as derived for each unit.

    A key is a unit, or a tuple whose item `at` is one; `found` holds those of the units judged.
    """

    found: Mapping[Any, V]
    groups: Groups
    at: int | None

    def __init__(self, found: Mapping[Any, V], groups: Groups, at: int | None = None) -> None:
        self.found, self.groups, self.at = found, groups, at

    def __getitem__(self, key: Any) -> V:
        return self.found[self._swap(key, self.groups.standing)]

    def get(self, key: Any, default: Any = None) -> Any:
        return self.found.get(self._swap(key, self.groups.standing), default)

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
