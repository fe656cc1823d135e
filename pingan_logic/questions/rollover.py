"""What differs between last year's register and this year's without being recorded.

A register that says nothing of dates speaks for every year (interpretation 39): a unit that is
simply struck out, or written into another container, is so in all earlier years as well.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from io import StringIO
from typing import Any

from attrs import evolve, frozen

from pingan_logic.catalogue import Policy
from pingan_logic.evaluation import evaluate
from pingan_logic.intake.headers import table_name
from pingan_logic.messages.rollover import WORDS
from pingan_logic.model import TABLES, Facts
from pingan_logic.order import natural
from pingan_logic.verdicts import Assessment

__all__ = ["Gap", "rollover_text", "unrecorded"]

_RECORDS = tuple(table for table in TABLES if table not in ("units", "changes"))
"""The tables that are no part of the register."""


@frozen
class Gap:
    """A difference that no row and no date of the later register says.

    `what` is came, went, moved or renamed; `before` and `after` are the containers or the names.
    `row` is the row to add to `table`, but for its date, which only the office knows.
    """

    unit: str
    kind: str
    what: str
    before: str | None
    after: str | None
    table: str
    row: dict[str, str]

    def to_dict(self) -> dict[str, Any]:
        """Return the difference as JSON values."""
        return {
            "unit": self.unit,
            "kind": self.kind,
            "change": self.what,
            "before": self.before,
            "after": self.after,
            "table": self.table,
            "row": dict(self.row),
        }


def unrecorded(earlier: Facts, later: Facts, policy: Policy) -> tuple[date, list[Gap]]:
    """Compare the registers of two data sets on the last day of the earlier one's latest year.

    Returns that day and the differences, unit by unit. What the later register dates, or has a row
    of changes for, is recorded and not listed. Raises PolicyError when the policy is unsound.
    """
    years = earlier.years(policy.period) or later.years(policy.period)
    year = years[-1] if years else policy.default_year
    before, after = (
        evaluate(evolve(f, **dict.fromkeys(_RECORDS, ())), policy, year) for f in (earlier, later)
    )
    found = sorted(_gaps(before, after), key=lambda g: natural(g.unit))
    return before.cut_off, found


def _gaps(before: Assessment, after: Assessment) -> Iterator[Gap]:
    said = {(c.unit, c.change) for c in after.facts.changes}
    for unit in after.facts.units:
        stood = unit.id in before.units and unit.id not in before.outcome.absent
        if not stood and unit.opened is None and unit.id not in after.outcome.absent:
            row = {"id": unit.id, "opened": ""}
            yield Gap(unit.id, unit.kind, "came", None, unit.parent, "units", row)
    for old in before.facts.units:
        if old.id in before.outcome.absent:
            continue
        was = before.units[old.id]
        if old.id not in after.units:
            row = {"id": old.id, "closed": ""}
            yield Gap(old.id, old.kind, "went", was.parent, None, "units", row)
        elif old.id not in after.outcome.absent:
            now = after.units[old.id]
            gone = was.parent in after.outcome.absent
            if was.parent != now.parent and not gone and (old.id, "moved") not in said:
                row = {"unit": old.id, "date": "", "change": "moved", "value": now.parent or ""}
                yield Gap(old.id, now.kind, "moved", was.parent, now.parent, "changes", row)
            named = was.name and now.name and was.name != now.name
            if named and (old.id, "renamed") not in said:
                row = {"unit": old.id, "date": "", "change": "renamed", "value": now.name}
                yield Gap(old.id, now.kind, "renamed", was.name, now.name, "changes", row)


def rollover_text(day: date, gaps: list[Gap], policy: Policy, lang: str) -> str:
    """Return the differences in words, and the rows to add as CSV with blank dates."""
    w = WORDS[lang]
    if not gaps:
        return w["none"].format(day=day.isoformat()) + "\n"
    lines = [w["head"].format(day=day.isoformat(), n=len(gaps))]
    for gap in gaps:
        said = w[gap.what].format(before=gap.before or "", after=gap.after or "")
        kind = policy.kinds[gap.kind].en if lang == "en" else policy.kinds[gap.kind].zh
        lines.append("  " + w["unit"].format(id=gap.unit, kind=kind, said=said))
    rows: dict[tuple[str, tuple[str, ...]], list[Gap]] = {}
    for gap in gaps:
        rows.setdefault((gap.table, tuple(gap.row)), []).append(gap)
    for (table, columns), some in rows.items():
        lines.append(w["rows"].format(table=table_name(table) if lang == "zh" else table))
        out = StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(gap.row.values() for gap in some)
        lines += out.getvalue().splitlines()
    return "\n".join(lines) + "\n"
