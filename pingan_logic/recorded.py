"""What is recorded of units, and the rows of a table that speak of some of them."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from attrs import evolve

from pingan_logic.catalogue import Policy
from pingan_logic.model import Facts
from pingan_logic.table import Table

__all__ = ["RECORDS", "of_units", "only_of"]

RECORDS = {
    "ledgers": ("item", "year"),
    "scores": ("year", "score"),
    "polls": ("year", "result", "rank"),
    "not_applicable": ("clause", "year"),
    "values": ("item", "year", "value"),
}
"""What the tables of records say of a unit."""


def of_units(facts: Facts, policy: Policy, table: str, units: Container[str]) -> Table[Any]:
    """Return the rows of `table` that are about the units in `units`, and those about a kind."""
    rows: Table[Any] = getattr(facts, table)
    named = rows.column("id" if table == "units" else "unit")
    kept = [n for n, unit in enumerate(named) if unit in units]
    if table == "values" and (given := policy.given_items) and rows:
        items = rows.column("item")
        of_kinds = {n for n, item in enumerate(items) if item in given}
        kept = sorted(of_kinds.union(n for n in kept if items[n] not in given))
    return rows.take(kept)


def only_of(facts: Facts, policy: Policy, units: Container[str]) -> Facts:
    """Return the facts without other units and their records; incidents and changes stay."""
    tables: dict[str, Any] = {
        name: of_units(facts, policy, name, units) for name in ("units", *RECORDS)
    }
    return evolve(facts, **tables)
