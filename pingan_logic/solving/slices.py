"""The part of the data that the verdict of one unit rests on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from attrs import evolve

from pingan_logic.model import Facts
from pingan_logic.policy.catalogue import Policy

__all__ = ["slice_facts"]


def slice_facts(facts: Facts, policy: Policy, unit: str) -> Facts:
    """Return the facts that bear on `unit`: what it contains, what contains it, and the units
    that incidents there name as place or as responsible; before any change of units or after.

    All facts, if by some rule of the policy a verdict can rest on others.
    """
    if policy.proof.elsewhere:
        return facts
    moved_out: dict[str, list[str]] = defaultdict(list)
    moved_in: dict[str, list[str]] = defaultdict(list)
    for unit_changed, other in facts.joined():
        moved_out[unit_changed].append(other)
        moved_in[other].append(unit_changed)
    ids, parents = facts.units.column("id"), facts.units.column("parent")

    def below(here: str) -> Iterable[str]:
        return (*(ids[n] for n in facts.contents.get(here, ())), *moved_in.get(here, ()))

    def above(here: str) -> Iterable[str]:
        row = facts.rows.get(here)
        parent = None if row is None else parents[row]
        return (*((parent,) if parent else ()), *moved_out.get(here, ()))

    inside = _reached([unit], below)
    places = facts.incidents.column("unit")
    held_by = facts.incidents.column("responsible_unit")
    here = [
        n
        for n, (place, holder) in enumerate(zip(places, held_by, strict=True))
        if place in inside or holder in inside
    ]
    named = {x for n in here for x in (places[n], held_by[n]) if x}
    kept = inside | _reached([*_tops(inside, facts, moved_out), *named], above)
    tables: dict[str, Any] = {"incidents": facts.incidents.take(here)}
    for name in ("ledgers", "scores", "polls", "not_applicable", "changes"):
        table = getattr(facts, name)
        tables[name] = table.take([n for n, u in enumerate(table.column("unit")) if u in kept])
    tables["units"] = facts.units.take(sorted(facts.rows[u] for u in kept if u in facts.rows))
    return evolve(facts, **tables)


def _tops(inside: set[str], facts: Facts, moved_out: Mapping[str, Any]) -> Iterable[str]:
    """Yield the units of `inside` that are, or have been, in a container outside of it."""
    parents = facts.units.column("parent")
    for unit in inside:
        row = facts.rows.get(unit)
        if unit in moved_out or row is None or (parents[row] or "") not in inside:
            yield unit


def _reached(start: Iterable[str], links: Any) -> set[str]:
    found: set[str] = set()
    waiting = list(start)
    while waiting:
        here = waiting.pop()
        if here not in found:
            found.add(here)
            waiting += links(here)
    return found
