"""Facts to a folder of CSV files that reads back as the same facts."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from pingan_logic.errors import Problem, RequestError
from pingan_logic.files import replace_folder
from pingan_logic.intake.csv_tables import escape_formula
from pingan_logic.intake.rows import columns
from pingan_logic.model import TABLES, Facts

__all__ = ["write_folder", "write_folders"]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else escape_formula(str(value))


def write_folder(
    facts: Facts,
    folder: Path,
    encoding: str = "utf-8-sig",
    check: Callable[[Path], None] | None = None,
) -> None:
    """Write one CSV file per table that has rows; `folder` is made when missing.

    The folder changes as a whole or not at all; files that are no table stay in it. `check` looks
    at the finished folder before it is put in place. Text that a spreadsheet would run as a formula
    gets an apostrophe, which reading takes away. Raises RequestError when a file cannot be written,
    or has a character that `encoding` has not.
    """
    write_folders({Path(): facts}, folder, encoding, check)


def write_folders(
    worlds: Mapping[Path, Facts],
    folder: Path,
    encoding: str = "utf-8-sig",
    check: Callable[[Path], None] | None = None,
) -> None:
    """Write several facts, each to its own place below `folder`, all of them or none.

    CSV files of tables that are below `folder` already go. Raises as `write_folder`.
    """
    contents = {place: dict(_contents(facts, encoding)) for place, facts in worlds.items()}

    def write(temporary: Path) -> None:
        for place, files in contents.items():
            (temporary / place).mkdir(parents=True, exist_ok=True)
            for name, content in files.items():
                (temporary / place / name).write_bytes(content)

    replace_folder(folder, write, frozenset(f"{t}.csv" for t in TABLES), check)


def _contents(facts: Facts, encoding: str) -> Iterator[tuple[str, bytes]]:
    for table in TABLES:
        rows = getattr(facts, table)
        if not rows and table != "units":
            continue
        names = list(columns(table))
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(names)
        writer.writerows([_cell(getattr(row, n)) for n in names] for row in rows)
        try:
            yield f"{table}.csv", text.getvalue().encode(encoding)
        except UnicodeEncodeError as error:
            raise RequestError(
                [
                    Problem(
                        f"{table}.csv",
                        f"{encoding} 没有这个字符，请用 utf-8-sig",
                        f"{encoding} has no such character; use utf-8-sig",
                        error.object[error.start : error.end],
                    )
                ]
            ) from None
