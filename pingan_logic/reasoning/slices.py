"""The part of the data that the verdict of one unit rests on."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from attrs import evolve

from pingan_logic.model import CHANGES, Facts

__all__ = ["slice_facts"]


def slice_facts(facts: Facts, unit: str) -> Facts:
    """Return the facts that bear on `unit`: what it contains, what contains it, and the units
    that incidents there name as place or as responsible; before any change of units or after."""
    above: dict[str, list[str]] = defaultdict(list)
    for u in facts.units:
        if u.parent:
            above[u.id].append(u.parent)
    for c in facts.changes:
        if CHANGES[c.change] == "id":
            above[c.unit].append(c.value)
    below: dict[str, list[str]] = defaultdict(list)
    for here, containers in above.items():
        for container in containers:
            below[container].append(here)
    inside = _reached([unit], below)
    incidents: Any = tuple(
        i for i in facts.incidents if i.unit in inside or i.responsible_unit in inside
    )
    named = (x for i in incidents for x in (i.unit, i.responsible_unit) if x)
    kept = _reached([*inside, *named], above)
    tables: dict[str, Any] = {
        name: tuple(x for x in getattr(facts, name) if x.unit in kept)
        for name in ("ledgers", "scores", "polls", "not_applicable", "changes")
    }
    units: Any = tuple(u for u in facts.units if u.id in kept)
    return evolve(facts, units=units, incidents=incidents, **tables)


def _reached(start: list[str], links: dict[str, list[str]]) -> set[str]:
    found: set[str] = set()
    waiting = list(start)
    while waiting:
        here = waiting.pop()
        if here not in found:
            found.add(here)
            waiting += links.get(here, ())
    return found
