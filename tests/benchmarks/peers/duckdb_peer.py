"""The nine standards as a hand-written DuckDB script. `python -m ... FOLDER [VERDICTS]`."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from string import Template

import duckdb

from tests.benchmarks.peers import standards


def _values(rows: Iterable[tuple[object, ...]]) -> str:
    return ", ".join("(" + ", ".join(map(repr, row)) + ")" for row in rows)


def main(folder: str, verdicts: str | None = None) -> None:
    """Judge the county in `folder` and report the counts; write every verdict if asked to."""
    script = Template(Path(__file__).with_name("standards.sql").read_text(encoding="utf-8"))
    base = duckdb.connect(config={"threads": 2})
    base.execute(
        script.substitute(
            folder=folder,
            year=standards.YEAR,
            rules=_values(standards.RULES),
            items=_values((item, standards.bit(item)) for item in ("*", *standards.ITEMS)),
            needed=_values((kind, standards.needed(kind)) for kind in standards.KINDS),
            marks=_values(standards.PASS_MARKS.items()),
            shares=_values(standards.HOUSEHOLD_SHARES.items()),
            building_share=standards.BUILDING_SHARE,
        )
    )
    counts = base.execute("select standard, status, count(*) from verdict group by all")
    standards.report(counts.fetchall())
    if verdicts is not None:
        base.execute(f"copy (from verdict order by id) to '{verdicts}' (header false)")


if __name__ == "__main__":
    main(*sys.argv[1:])
