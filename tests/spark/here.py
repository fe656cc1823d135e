"""What tasks are given and hand back, outside of Spark."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from pingan_logic import Policy

__all__ = ["Here", "batch", "told"]


class Here:
    """Rules that are there already: outside a job Spark has no folder for them."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy

    def load(self) -> Policy:
        return self.policy


def batch(rows: Sequence[tuple[str, Sequence[str | None]]]) -> Any:
    """Return rows, each a table and its cells, as a task is given them."""
    import pyarrow as pa

    lists = pa.list_(pa.string())
    return pa.RecordBatch.from_pydict(
        {
            "table": pa.array([table for table, _ in rows], pa.string()),
            "cells": pa.array([cells for _, cells in rows], lists),
            "members": pa.nulls(len(rows), lists),
        }
    )


def told(batches: Iterable[Any]) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of each part of the answers."""
    found: dict[str, list[dict[str, Any]]] = {}
    for part_of_answers in batches:
        part_of_answers.validate(full=True)
        for part in part_of_answers.schema.names[1:]:
            rows = part_of_answers.column(part).to_pylist()
            found.setdefault(part, []).extend(row for row in rows if row is not None)
    return found
