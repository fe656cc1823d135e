"""A world that a search found, as unit data with readable ids."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any

from pingan_logic.catalogue import Policy
from pingan_logic.model import (
    Change,
    Facts,
    Incident,
    Ledger,
    NotApplicable,
    Poll,
    Requirement,
    Score,
    Unit,
    Value,
)

__all__ = ["Atoms", "day", "facts_of_world", "unit_names"]

Atoms = dict[str, list[tuple[Any, ...]]]


def unit_names(world: Atoms) -> dict[Any, str]:
    """Return an id such as `village-1` for each unit term of a world, numbered by kind."""
    seen: Counter[str] = Counter()
    names: dict[Any, str] = {}
    for kind, unit in sorted(world.get("unit", []), key=repr_key):
        seen[kind] += 1
        names[unit] = f"{kind}-{seen[kind]}"
    return names


def repr_key(row: Any) -> Any:
    """Sort key over terms in which numbers come in their order."""
    if isinstance(row, tuple):
        return (2, tuple(repr_key(r) for r in row))
    return (0, row) if isinstance(row, int) else (1, str(row))


def day(number: int) -> date:
    """Return the date of an integer YYYYMMDD."""
    return date(number // 10000, number // 100 % 100, number % 100)


def _value(policy: Policy, unit: str, item: str, year: int, number: int) -> Value:
    return Value(unit, item, year, policy.inputs[item].value(number))


def facts_of_world(
    world: Atoms, policy: Policy, note: str, before: str = ""
) -> tuple[Facts, int, date]:
    """Return the unit data, the year and the cut-off day of a world, with a text `before` each id.

    `note` is the reason given with each declaration of not applicable.
    """
    names = {u: before + name for u, name in unit_names(world).items()}
    parents = {names[u]: names[p] for u, p in world.get("parent", [])}
    affiliated = {names[u]: a for u, a in world.get("affiliation", [])}
    kinds = list(policy.unit_kinds)
    units = sorted(
        ((kind, names[u]) for kind, u in world.get("unit", [])),
        key=lambda row: (kinds.index(row[0]), int(row[1].rsplit("-", 1)[1])),
    )
    responsible = {i: names[u] for i, u in world.get("responsible", []) if u in names}
    incidents = []
    for number, (i, u, t, g, liable, d) in enumerate(
        sorted((r for r in world.get("incident", []) if r[1] in names), key=repr_key), 1
    ):
        incidents.append(
            Incident(
                f"{before}event-{number}", names[u], t, day(d), None if g == "none" else g,
                responsible.get(i), None if liable == "none" else liable,
            )
        )  # fmt: skip
    held = {(names[u], t, y) for u, t, y in world.get("ledger", []) if u in names}

    moves = [(u, d, what) for u, d, what in world.get("changed", []) if u in names]

    ledgers = [Ledger(u, "*" if t == "all" else t, y) for u, t, y in sorted(held)]
    tables: dict[str, Any] = {
        "units": tuple(Unit(u, k, "", parents.get(u), affiliated.get(u)) for k, u in units),
        "incidents": tuple(incidents),
        "ledgers": tuple(ledgers),
        "scores": tuple(
            Score(names[u], y, Decimal(h) / 100) for u, y, h in world.get("score", []) if u in names
        ),
        "polls": tuple(
            Poll(
                names[u],
                y,
                None if isinstance(r, tuple) else r,
                r[1] if isinstance(r, tuple) else None,
            )
            for u, y, r in world.get("poll", [])
            if u in names
        ),
        "requirements": tuple(Requirement(*row) for row in world.get("requirement", [])),
        "not_applicable": tuple(
            NotApplicable(names[u], c, y, note)
            for u, c, y in world.get("not_applicable", [])
            if u in names
        ),
        "values": (
            *(_value(policy, names[u], *said) for u, *said in world.get("value", []) if u in names),
            *(_value(policy, *said) for said in world.get("given", [])),
        ),
        "changes": tuple(Change(names[u], day(d), w, names[to]) for u, d, (w, to) in moves),
    }
    return Facts(**tables), world["year"][0][0], day(world["cut_off"][0][0])
