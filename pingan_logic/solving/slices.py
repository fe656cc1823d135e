"""The part of the data that the verdicts of some units rest on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import chain, compress
from typing import Any

from attrs import evolve

from pingan_logic.catalogue import Policy
from pingan_logic.model import Facts
from pingan_logic.recorded import RECORDS, of_units
from pingan_logic.table import at_rows

__all__ = ["knows_contents", "slice_facts"]

_SLICED = "sliced"


def slice_facts(facts: Facts, policy: Policy, *units: str) -> Facts:
    """Return the facts that bear on `units`: what they contain, what contains them, and the units
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
    rows = facts.rows
    ids, parents = facts.units.column("id"), facts.units.column("parent")

    def above(here: str) -> Iterable[str]:
        row = rows.get(here)
        parent = None if row is None else parents[row]
        return (*((parent,) if parent else ()), *moved_out.get(here, ()))

    # most units hold none: from one that does to the next, and then to all in these
    nested, holding = facts.nested, facts.containers
    for holder in (moved_in.keys() - holding) & rows.keys():
        moved_in[parents[rows[holder]] or ""].append(holder)
    inner = _reached(units, lambda here: (*nested.get(here, ()), *moved_in.get(here, ())))
    within = holding.intersection(inner)
    held = _held(facts, within)
    inside = inner.union(at_rows(ids, held))
    # those inside whose container, now or before, may be outside of it
    tops = {*units, *inside.intersection(moved_out)}
    places = facts.incidents.column("unit")
    held_by = facts.incidents.column("responsible_unit")
    incidents = [
        n
        for n, (place, holder) in enumerate(zip(places, held_by, strict=True))
        if place in inside or holder in inside
    ]
    named = {x for n in incidents for x in (places[n], held_by[n]) if x}
    beside = inner | _reached([*tops, *named], above)
    inside |= beside
    tables: dict[str, Any] = {"incidents": facts.incidents.take(incidents)}
    for name in (*RECORDS, "changes"):
        tables[name] = of_units(facts, policy, name, inside)
    tables["units"] = facts.units.take(sorted({*held, *(rows[u] for u in beside if u in rows)}))
    return evolve(facts, **tables)


def knows_contents(facts: Facts) -> bool:
    """Whether parts of the facts were asked for before, and so what each unit contains."""
    return _SLICED in facts.memo


def _held(facts: Facts, containers: set[str]) -> list[int]:
    """Return the rows of the units in some containers: gone through once, then looked up in what
    takes several times as long to make."""
    if knows_contents(facts):
        contents = facts.contents
        return sorted(chain.from_iterable(map(contents.__getitem__, containers)))
    facts.memo[_SLICED] = True
    parents = facts.units.column("parent")
    inside = map(containers.__contains__, parents)
    return list(compress(range(len(parents)), inside)) if containers else []


def _reached(start: Iterable[str], links: Any) -> set[str]:
    found: set[str] = set()
    waiting = list(start)
    while waiting:
        here = waiting.pop()
        if here not in found:
            found.add(here)
            waiting += links(here)
    return found
