"""Rows of values that are of a kind of units: requirements from above."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from attrs import define

from pingan_logic.catalogue import Policy
from pingan_logic.intake.names import Lost, with_column
from pingan_logic.intake.vocabulary import Vocabulary
from pingan_logic.table import Table

__all__ = ["SetAside", "set_aside"]


@define
class SetAside:
    """The kinds that stood in the place of units, while names of units are looked for there."""

    rows: dict[int, str]
    torn: list[tuple[Lost, str]]

    def put_back(self, tables: dict[str, Table[Any]]) -> None:
        """Put the kinds where they stood."""
        if self.rows:
            units = list(tables["values"].column("unit"))
            for number, kind in self.rows.items():
                units[number] = kind
            tables["values"] = with_column(tables["values"], "values", "unit", units)
        for row, kind in self.torn:
            row.values["unit"] = kind


def set_aside(
    tables: dict[str, Table[Any]], torn: Iterable[Lost], policy: Policy, kinds: Vocabulary
) -> SetAside:
    """Take the kinds out of the rows of requirements from above, as their ids."""
    given, found = policy.given_items, SetAside({}, [])
    if not given or "values" not in tables:
        return found
    rows = tables["values"]
    units = list(rows.column("unit"))
    for number, item in enumerate(rows.column("item")):
        if item in given:
            found.rows[number] = kinds.code(units[number]) or units[number]
            units[number] = ""
    tables["values"] = with_column(rows, "values", "unit", units)
    for row in torn:
        if row.table == "values" and row.values.get("item") in given and "unit" in row.values:
            kind = row.values.pop("unit")
            found.torn.append((row, kinds.code(kind) or kind))
    return found
