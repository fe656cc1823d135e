"""Facts to a folder of CSV files that reads back as the same facts."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

import attrs

from pingan_logic.model import TABLES, Facts

__all__ = ["cell", "write_folder"]


def cell(value: Any) -> str:
    """Return a value as it stands in a file; nothing is empty."""
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)


def write_folder(facts: Facts, folder: Path) -> None:
    """Write one CSV file (utf-8-sig) per table that has rows; `folder` is made when missing."""
    folder.mkdir(parents=True, exist_ok=True)
    for table, row_type in TABLES.items():
        path = folder / f"{table}.csv"
        rows = getattr(facts, table)
        if not rows:
            path.unlink(missing_ok=True)
            continue
        names = [f.name for f in attrs.fields(row_type)]
        with path.open("w", encoding="utf-8-sig", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(names)
            writer.writerows([cell(getattr(row, n)) for n in names] for row in rows)
