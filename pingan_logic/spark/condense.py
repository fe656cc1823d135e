"""A county too large for one task: its units are read in portions, and units alike sent as one.

A portion holds the units of some direct containers (a building, a village), so that all units alike
are in one: same kind, container, affiliation and dates. What is left of a portion is a row for each
such class with the ids of its members, a few bytes for each unit. The county is then judged in one
task as any other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

import pyarrow as pa

from pingan_logic.errors import InputError
from pingan_logic.intake.rows import columns
from pingan_logic.intake.to_facts import to_facts
from pingan_logic.memory import without_collector
from pingan_logic.model import Facts, Unit
from pingan_logic.spark.rows import Cells, RowPlace, Rows
from pingan_logic.spark.rules import Rules
from pingan_logic.table import Table

__all__ = ["condense"]

_TYPE = pa.schema(
    [
        ("county", pa.string()),
        ("table", pa.string()),
        ("cells", pa.list_(pa.string())),
        ("members", pa.list_(pa.string())),
    ]
)


def condense(
    county: str, messages: Iterable[pa.RecordBatch], rules: Rules
) -> Iterator[pa.RecordBatch]:
    """Yield the classes of a portion of units, and the rows that cannot be used as they came.

    Those the county's own task finds again and tells: it alone sees whether ids are known and stand
    once. What is wrong with all members of a class it tells of the one that stands for them.
    """
    with without_collector():
        bad, facts = _read(Rows(messages), rules)
        classes = _alike(facts.units)
    cells = [*bad, *classes]
    members = [*([None] * len(bad)), *classes.values()]
    yield pa.RecordBatch.from_arrays(
        [
            pa.repeat(pa.scalar(county, pa.string()), len(cells)),
            pa.repeat(pa.scalar("units", pa.string()), len(cells)),
            pa.array(cells, pa.list_(pa.string())),
            pa.array(members, pa.list_(pa.string())),
        ],
        schema=_TYPE,
    )


def _read(rows: Rows, rules: Rules) -> tuple[list[Cells], Facts]:
    """Return the rows that cannot be used, and the others as facts."""
    units = rows.tables["units"]
    bad: list[Cells] = []
    while True:
        source = rows.source()
        source.partial.add("units")  # containers may be in other portions
        try:
            return bad, to_facts(source, rules.load())
        except InputError as error:
            lost = {p.place.number for p in error.problems if isinstance(p.place, RowPlace)}
            lost = lost or set(range(len(units)))
            bad += (units[n] for n in sorted(lost))
            units = rows.tables["units"] = [u for n, u in enumerate(units) if n not in lost]


def _alike(units: Table[Unit]) -> dict[Cells, list[str]]:
    """Return the ids of units by what the others share with them, written as cells."""
    known = {name: units.column(name) for name in columns("units") if name not in ("id", "name")}
    for name in ("opened", "closed"):
        known[name] = [day and day.isoformat() for day in known[name]]
    blank = [None] * len(units)
    likeness = zip(*(known.get(name, blank) for name in columns("units")), strict=True)
    classes: dict[Cells, list[str]] = defaultdict(list)
    for unit, like in zip(units.column("id"), likeness, strict=True):
        classes[like].append(unit)
    return classes
