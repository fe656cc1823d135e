"""Units that a certificate proves once for all of them, by the measure of its checker: their rows
differ in nothing but their own id, and nothing else in data or rules names them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from itertools import repeat
from typing import Any

from attrs import evolve

from pingan_logic.model import Facts
from pingan_logic.recorded import RECORDS

__all__ = ["alike_units", "one_of_each"]

_SAID = {**RECORDS, "changes": ("date", "change", "value")}
"""What the tables say of a unit."""


def alike_units(facts: Facts, named: Collection[str]) -> list[list[str]]:
    """Return the units that are alike, where they are several, each class in order of ids; `named`
    are the ids that the rules name."""
    units, incidents = facts.units, facts.incidents
    elsewhere = {
        *named, *units.column("parent"), *facts.changes.column("value"),
        *(i for name in ("id", "unit", "responsible_unit") for i in incidents.column(name)),
    }  # fmt: skip
    said: dict[str, set[Any]] = defaultdict(set)
    for name, columns in _SAID.items():
        table = getattr(facts, name)
        records = zip(repeat(name), *map(table.column, columns))
        for unit, record in zip(table.column("unit"), records, strict=True):
            said[unit].add(record)
    own = {unit: frozenset(found) for unit, found in said.items()}
    names = ("kind", "parent", "affiliation", "opened", "closed")
    rows = zip(*map(units.column, names), strict=True)
    classes: dict[Any, list[str]] = defaultdict(list)
    for unit, row in zip(units.column("id"), rows, strict=True):
        if unit not in elsewhere:
            classes[row, own.get(unit)].append(unit)
    return sorted(sorted(found) for found in classes.values() if len(found) > 1)


def one_of_each(facts: Facts, classes: Sequence[Sequence[str]]) -> Facts:
    """Return the facts of all units but those that the first of their class speaks for."""
    left = {unit for found in classes for unit in found[1:]}
    tables: dict[str, Any] = {}
    for name in ("units", *_SAID):
        table = getattr(facts, name)
        ids = table.column("id" if name == "units" else "unit")
        tables[name] = table.take([n for n, unit in enumerate(ids) if unit not in left])
    return evolve(facts, **tables)
