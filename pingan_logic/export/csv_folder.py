"""Facts to a folder of CSV files that reads back as the same facts."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path
from typing import Any

from pingan_logic.errors import Problem, RequestError
from pingan_logic.files import replace_file, unwritable
from pingan_logic.intake.csv_tables import guard
from pingan_logic.intake.rows import columns
from pingan_logic.model import TABLES, Facts

__all__ = ["write_folder"]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else guard(str(value))


def write_folder(facts: Facts, folder: Path, encoding: str = "utf-8-sig") -> None:
    """Write one CSV file per table that has rows; `folder` is made when missing.

    Text that a spreadsheet would run as a formula gets an apostrophe, which reading takes away.
    Raises RequestError when a file cannot be written, or has a character that `encoding` has not.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(folder, error) from None
    for table in TABLES:
        path = folder / f"{table}.csv"
        rows = getattr(facts, table)
        if not rows and table != "units":
            path.unlink(missing_ok=True)
            continue
        names = list(columns(table))
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(names)
        writer.writerows([_cell(getattr(row, n)) for n in names] for row in rows)
        try:
            replace_file(path, text.getvalue().encode(encoding))
        except UnicodeEncodeError as error:
            raise RequestError(
                [
                    Problem(
                        path.name,
                        f"{encoding} 没有这个字符,请用 utf-8-sig",
                        f"{encoding} has no such character; use utf-8-sig",
                        error.object[error.start : error.end],
                    )
                ]
            ) from None
