"""The unit that a wrong id most likely means."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from pingan_logic.catalogue import Policy
from pingan_logic.errors import nearest_id
from pingan_logic.model import Facts

__all__ = ["Likely"]


class Likely:
    """What wrong ids most likely mean; told once, as the same one often recurs.

    `torn` are the kinds of the units whose rows gave no record.
    """

    policy: Policy
    facts: Facts
    torn: Mapping[str, str]

    def __init__(self, policy: Policy, facts: Facts, torn: Mapping[str, str]) -> None:
        self.policy, self.facts, self.torn = policy, facts, torn
        self.told: dict[tuple[str, str], str | None] = {}

    def unit(self, wrong: str, inside: str = "") -> str | None:
        """Return the id that `wrong` means; of a container if a unit of the kind `inside` is to be
        in it."""
        key = (inside, wrong)
        if key not in self.told:
            found = self.named.get(wrong) or nearest_id(wrong, [*self.torn, *self.facts.rows])
            if inside and found is not None and not self.may_hold(found, inside):
                fitting = [u for u in self.facts.rows if self.may_hold(u, inside)]
                found = nearest_id(wrong, fitting)
            self.told[key] = found
        return self.told[key]

    def may_hold(self, unit: str, kind: str) -> bool:
        """Whether there may be units of `kind` in `unit`, be there any or none yet."""
        row = self.facts.rows.get(unit)
        above = self.torn.get(unit) if row is None else self.facts.units.column("kind")[row]
        return above in self.policy.may_sit_in.get(kind, frozenset())

    @cached_property
    def named(self) -> dict[str, str]:
        """The ids of units by name, for who wrote a name where an id belongs."""
        ids: dict[str, str] = {}
        twice = set()
        units = self.facts.units
        for unit, name in zip(units.column("id"), units.column("name"), strict=True):
            if ids.setdefault(name, unit) != unit:
                twice.add(name)
        return {name: unit for name, unit in ids.items() if name and name not in twice}
