"""What follows of units that a certificate puts in one class, beside what follows of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from pingan_logic.recheck import checker


def follows(
    classes: Sequence[Sequence[str]], facts: list[Any], rules: list[checker.Rule]
) -> checker.World:
    """Return what the checker derives with these classes, or why it does not take them."""
    alike = checker.Alike(classes, facts, rules)
    world = checker.World(rules, set(), "", alike.problems, [], {}, "")
    return world if alike.problems else checker.derived(world, alike)


class Likeness:
    """What is certified of each unit of a county by itself, and the atoms of predicates `own`."""

    single: set[Any]

    def __init__(
        self,
        document: Mapping[str, list[dict[str, str]]],
        facts: list[Any],
        rules: list[checker.Rule],
        own: Mapping[str, int],
    ) -> None:
        self.tables = {**checker.CERTIFIED, **own}
        self.incidents = {
            checker.quoted(i["id"]): checker.quoted(i["unit"]) for i in document["incidents"]
        }
        self.single = self.said(follows([], facts, rules))

    def said(self, world: checker.World) -> set[Any]:
        return {
            (name, *row)
            for name, arity in self.tables.items()
            for row in world.db.execute(f"SELECT * FROM {name}_{arity}")
        }

    def otherwise(self, classes: Sequence[Sequence[str]], world: checker.World) -> list[Any]:
        """Return what differs with classes: atoms about others, units of which something else is
        true than of the one that speaks for them, numbers of verdicts."""
        one = {checker.quoted(u): checker.quoted(found[0]) for found in classes for u in found}
        gone = {unit for unit in one if one[unit] != unit}
        gone |= {incident for incident, unit in self.incidents.items() if unit in gone}
        merged = self.said(world)
        found: list[Any] = sorted(
            merged ^ {atom for atom in self.single if not gone & set(atom)}, key=repr
        )
        found += [unit for unit in one if self.about(unit) != self.about(one[unit])]
        each = Counter((a[1], a[3]) for a in self.single if a[0] == "verdict")
        for _, kind, unit, status in (a for a in merged if a[0] == "verdict"):
            each[kind, status] -= world.sizes.get(unit, 1)
        return found + [x for x, number in each.items() if number]

    def about(self, unit: str) -> set[Any]:
        names = {unit: "U", **dict.fromkeys(self.incidents, "I")}
        return {tuple(names.get(x, x) for x in atom) for atom in self.single if unit in atom}
