"""The part of the data that the verdict of one unit rests on."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from attrs import evolve

from pingan_logic.model import Facts

__all__ = ["slice_facts"]


def slice_facts(facts: Facts, unit: str) -> Facts:
    """Return the facts that bear on `unit`: what it contains, what contains it, and the units
    that incidents there name as place or as responsible."""
    parents = {u.id: u.parent for u in facts.units}
    children: dict[str, list[str]] = defaultdict(list)
    for u in facts.units:
        if u.parent:
            children[u.parent].append(u.id)
    kept: set[str] = set()
    waiting = [unit]
    while waiting:
        here = waiting.pop()
        if here not in kept:
            kept.add(here)
            waiting += children.get(here, ())
    inside = frozenset(kept)
    incidents: Any = tuple(
        i for i in facts.incidents if i.unit in inside or i.responsible_unit in inside
    )
    for start in (unit, *(x for i in incidents for x in (i.unit, i.responsible_unit) if x)):
        above: str | None = start
        while above is not None:
            kept.add(above)
            above = parents.get(above)
    tables: dict[str, Any] = {
        name: tuple(x for x in getattr(facts, name) if x.unit in kept)
        for name in ("ledgers", "scores", "polls", "not_applicable")
    }
    units: Any = tuple(u for u in facts.units if u.id in kept)
    return evolve(facts, units=units, incidents=incidents, **tables)
