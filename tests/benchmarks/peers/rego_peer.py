"""The nine standards as a Rego policy (regopy). `python -m ... FOLDER [VERDICTS]`.

The host reads the files and gives the policy, unit by unit in batches, the incidents that count for
it, the items that no ledger covers, the tallies of its members, its score and its poll.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from regopy import Interpreter

from tests.benchmarks.peers import standards
from tests.benchmarks.peers.standards import (
    ALSO_BY_RESPONSIBLE_UNIT,
    BY_RESPONSIBLE_UNIT,
    ITEMS,
    YEAR,
)

BATCH = 5_000
Row = dict[str, str]


def _places(row: Row) -> list[str]:
    """Return the units for which an incident is recorded."""
    responsible = row["responsible_unit"]
    if responsible and row["type"] in ALSO_BY_RESPONSIBLE_UNIT:
        return [row["unit"], responsible]
    return [responsible if responsible and row["type"] in BY_RESPONSIBLE_UNIT else row["unit"]]


class County:
    """The files of a county, and what the policy is told of each unit."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        rows = list(self.table("units"))
        self.parent = {row["id"]: row["parent"] for row in rows}
        self.standard = {
            row["id"]: "work_unit" if row["affiliation"] == "county" else row["kind"]
            for row in rows
        }
        self.children: dict[str, list[str]] = defaultdict(list)
        self.incidents: dict[str, list[Row]] = defaultdict(list)
        for row in self.table("incidents"):
            if row["date"].startswith(YEAR):
                told = {key: row[key] for key in ("type", "grade", "liability")}
                for unit in {above for place in _places(row) for above in self.up(place)}:
                    self.incidents[unit].append(told)
        self.ledgers: dict[str, set[str]] = defaultdict(set)
        for row in self.of_year("ledgers"):
            self.ledgers[row["unit"]] |= set(ITEMS) if row["item"] == "*" else {row["item"]}
        self.scores = {row["unit"]: row["score"] for row in self.of_year("scores")}
        self.polls = {row["unit"]: row for row in self.of_year("polls")}
        self.declared = {row["unit"] for row in self.of_year("not_applicable")}
        self.gaps: dict[str, list[str]] = {}
        self.tallies: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)

    def table(self, name: str) -> Iterator[Row]:
        with open(f"{self.folder}/{name}.csv", encoding="utf-8-sig", newline="") as file:
            yield from csv.DictReader(file)

    def of_year(self, name: str) -> Iterator[Row]:
        return (row for row in self.table(name) if row["year"] == YEAR)

    def up(self, unit: str) -> Iterator[str]:
        """Yield the unit and its containers."""
        while unit:
            yield unit
            unit = self.parent[unit]

    def missing(self, unit: str) -> list[str]:
        """Return the items of which no ledger covers `unit`."""
        if not unit:
            return list(ITEMS)
        if unit not in self.gaps:
            above = self.missing(self.parent[unit])
            own = self.ledgers.get(unit, ())
            self.gaps[unit] = [item for item in above if item not in own] if own else above
        return self.gaps[unit]

    def tally(self, unit: str, kind: str) -> dict[str, int]:
        found = self.tallies.get((unit, kind), {})
        met, open_ = (found.get(status, 0) for status in ("met", "undetermined"))
        return {"total": sum(found.values()), "met": met, "open": open_}

    def told(self, unit: str) -> dict[str, Any]:
        """Return what the policy is told of `unit`."""
        standard = self.standard[unit]
        facts: dict[str, Any] = {
            "standard": standard,
            "incidents": self.incidents.get(unit, []),
            "gaps": self.missing(unit),
        }
        if standard in standards.HOUSEHOLD_SHARES:
            facts["households"] = self.tally(unit, "household")
        if standard == "compound":
            facts["buildings"] = self.tally(unit, "building")
            facts["declared"] = unit in self.declared
        if standard in standards.PASS_MARKS:
            score, poll = self.scores.get(unit), self.polls.get(unit)
            facts["points"] = None if score is None else _hundredths(score)
            facts["poll"] = poll and (
                {"result": poll["result"]} if poll["result"] else {"rank": int(poll["rank"])}
            )
        return facts

    def count(self, unit: str, status: str) -> None:
        """Count the verdict of `unit` in every container."""
        key = self.standard[unit]
        for above in self.up(self.parent[unit]):
            self.tallies[above, key][status] += 1


def _hundredths(score: str) -> int:
    whole, _, part = score.partition(".")
    return int(whole) * 100 + int(part.ljust(2, "0"))


def engine(county: County) -> Interpreter:
    """Return the policy with its tables."""
    rego = Interpreter()
    policy = Path(__file__).with_name("standards.rego").read_text(encoding="utf-8")
    rego.add_module("standards", policy)
    rules: dict[str, dict[str, Any]] = defaultdict(dict)
    for rule in standards.RULES:
        rules[rule.kind][rule.type] = {
            "grade": rule.grade, "liable": rule.liable, "times": rule.times
        }  # fmt: skip
    rego.add_data(
        {
            "rules": rules,
            "shares": standards.HOUSEHOLD_SHARES,
            "building_share": standards.BUILDING_SHARE,
            "marks": standards.PASS_MARKS,
            "max_rank": {r["kind"]: int(r["max_rank"]) for r in county.of_year("requirements")},
        }
    )
    return rego


def judge(folder: str) -> Iterator[tuple[str, str, str]]:
    """Yield id, standard and status of every judged unit: members before what counts them."""
    county = County(folder)
    rego = engine(county)
    kinds = [{"household"}, {"building"}, set(standards.KINDS) - {"household", "building"}]
    for level in kinds:
        units = (unit for unit, standard in county.standard.items() if standard in level)
        while batch := list(islice(units, BATCH)):
            rego.set_input({"units": [county.told(unit) for unit in batch]})
            answer = rego.query("data.pingan.statuses").results[0].expressions[0]
            for unit, status in zip(batch, answer, strict=True):
                if len(level) == 1:
                    county.count(unit, status)
                yield unit, county.standard[unit], status


def main(folder: str, verdicts: str | None = None) -> None:
    """Judge the county in `folder` and report the counts; write every verdict if asked to."""
    rows = list(judge(folder))
    counts = Counter((standard, status) for _, standard, status in rows)
    standards.report((*key, count) for key, count in counts.items())
    if verdicts is not None:
        with open(verdicts, "w", encoding="utf-8") as file:
            file.writelines(f"{','.join(row)}\n" for row in sorted(rows))


if __name__ == "__main__":
    main(*sys.argv[1:])
