"""What tasks hand back: one table for all answers, since a Spark job has one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

import pyarrow as pa

__all__ = ["PARTS", "SCHEMA", "Row", "batches"]

Row = tuple[object, ...]
"""The values of one part of the answers, in the order of its columns."""
Columns = dict[str, str]

PARTS: dict[str, Columns] = {
    "verdict": {
        "unit": "string",
        "kind": "string",
        "standard": "string",
        "status": "string",
    },
    "finding": {
        "unit": "string",
        "standard": "string",
        "clause": "string",
        "part": "string",
        "source": "string",
        "status": "string",
        "measured": "string",
        "required": "string",
        "basis": "string",
        "evidence": "array<string>",
        "missing": "array<string>",
    },
    "notice": {"notice": "string", "subject": "string"},
    "reject": {
        "table": "string",
        "row": "string",
        "place": "string",
        "zh": "string",
        "en": "string",
        "found": "string",
        "nearest": "string",
        "names": "array<string>",
    },
    "count": {
        "judged": "boolean",
        "rows": "bigint",
        "rejected": "bigint",
        "problems": "bigint",
        "met": "bigint",
        "failed": "bigint",
        "undetermined": "bigint",
    },
}
"""Each row of the answers fills one of these and leaves the others null."""

SCHEMA = ", ".join(
    [
        "county string",
        *(
            f"`{part}` struct<{', '.join(f'`{name}`: {kind}' for name, kind in columns.items())}>"
            for part, columns in PARTS.items()
        ),
    ]
)
"""The schema of the answers as Spark writes it."""

_ARROW = {
    "string": pa.string(),
    "bigint": pa.int64(),
    "boolean": pa.bool_(),
    "array<string>": pa.list_(pa.string()),
}
_FIELDS = {
    part: [pa.field(name, _ARROW[kind]) for name, kind in columns.items()]
    for part, columns in PARTS.items()
}
_TABLE = pa.schema(
    [("county", pa.string()), *((part, pa.struct(f)) for part, f in _FIELDS.items())]
)
_ROWS = 20_000
"""Rows of a batch: what a task holds of its answers at a time."""


def batches(county: str | None, part: str, rows: Iterable[Row]) -> Iterator[pa.RecordBatch]:
    """Yield rows of one part of the answers, with the values in the order of its columns."""
    fields = _FIELDS[part]
    waiting = iter(rows)
    while chunk := list(islice(waiting, _ROWS)):
        values = [
            pa.array(v, f.type) for v, f in zip(zip(*chunk, strict=True), fields, strict=True)
        ]
        filled = pa.StructArray.from_arrays(values, fields=fields)
        columns = [pa.repeat(pa.scalar(county, pa.string()), len(chunk))]
        columns += [
            filled if p == part else pa.nulls(len(chunk), pa.struct(f)) for p, f in _FIELDS.items()
        ]
        yield pa.RecordBatch.from_arrays(columns, schema=_TABLE)
