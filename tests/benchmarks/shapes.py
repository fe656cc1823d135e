"""Counties of other shapes, beside an earlier commit.

Run `python -m tests.benchmarks.shapes [HOUSEHOLDS]`. Every shape is judged once by both, and the
verdicts are compared (the rules of that commit were others); then both run in turns. What counts
is the ratio of CPU seconds. Prints a table; with --out also into performance.md there.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from tests.benchmarks.measure import Run, alternate, median, run
from tests.benchmarks.page import document, machine
from tests.benchmarks.peers.__main__ import BEFORE, COMMAND, MODULE, PEERS, checked_out

HOUSEHOLDS, ROUNDS, YEAR = 100_000, 3, 2014
PER_VILLAGE, PER_TOWNSHIP, PER_BUILDING = 458, 28, 5
TYPES = (
    *("domestic_violence", "neighbour_dispute", "pornography", "gambling", "drug_involvement"),
    "other_offence",
)


class County:
    """Households in villages, 3 incidents to 100 of them, a ledger of all items in each village."""

    def __init__(self, households: int) -> None:
        self.random = random.Random(households)
        self.households = range(households)
        self.villages = range(max(2, households // PER_VILLAGE))
        townships = range(max(1, len(self.villages) // PER_TOWNSHIP))
        self.units = ["C,county,C,", *(f"T-{n},township,T-{n},C" for n in townships)]
        self.units += [f"V-{n},village,V-{n},T-{n % len(townships)}" for n in self.villages]
        self.homes = [f"V-{n % len(self.villages)}" for n in self.households]
        self.happened = households * 3 // 100
        self.ledgers = [f"V-{n},*,{YEAR}" for n in self.villages]
        self.changes: list[str] = []
        self.closed: dict[str, str] = {}

    def deep(self) -> None:
        """Put a compound in each village, and the households in buildings of five."""
        some = len(self.villages)
        buildings = range(len(self.households) // PER_BUILDING)
        self.units += [f"Q-{n},compound,Q-{n},V-{n}" for n in self.villages]
        self.units += [f"B-{n},building,B-{n},Q-{n % some}" for n in buildings]
        self.homes = [f"B-{n // PER_BUILDING}" for n in self.households]

    def moved(self) -> None:
        """Move one household in five to another village."""
        self.changes = [
            f"H-{n},{YEAR}-0{1 + n % 9}-01,moved,V-{self.random.choice(self.villages)}"
            for n in self.random.sample(self.households, len(self.households) // 5)
        ]

    def changed(self) -> None:
        """Merge villages, move households to others, close some, and give some a ledger."""
        sample, pick = self.random.sample, self.random.choice
        merged = sorted(sample(self.villages[1:], len(self.villages) // 20))
        stay = sorted({*self.villages} - {*merged})
        self.changes = [f"V-{n},{YEAR}-07-01,merged_into,V-{pick(stay)}" for n in merged]
        some = sample(self.households, len(self.households) // 10)
        moved, closed = some[::2], some[1::2]
        self.changes += [f"H-{n},{YEAR}-0{1 + n % 9}-01,moved,V-{pick(stay)}" for n in moved]
        self.closed = {f"H-{n}": f"{YEAR}-12-31" for n in closed}
        self.ledgers += [f"H-{n},*,{YEAR}" for n in self.households[::10]]

    def write(self, folder: Path) -> None:
        """Write the tables as CSV files."""
        homes = zip(self.households, self.homes, strict=True)
        units = [*self.units, *(f"H-{n},household,H-{n},{home}" for n, home in homes)]
        ends = (self.closed.get(unit.partition(",")[0], "") for unit in units)
        units = [f"{unit},{end}" for unit, end in zip(units, ends, strict=True)]
        pick, days, months = self.random.choice, range(1, 29), range(1, 13)
        incidents = [
            f"I-{n},H-{pick(self.households)},{pick(TYPES)},,{YEAR}-{pick(months):02}-{pick(days):02}"
            for n in range(self.happened)
        ]
        _table(folder / "units.csv", "id,kind,name,parent,closed", units)
        _table(folder / "incidents.csv", "id,unit,type,grade,date", incidents)
        _table(folder / "ledgers.csv", "unit,item,year", self.ledgers)
        if self.changes:
            _table(folder / "changes.csv", "unit,date,change,value", self.changes)


def _table(path: Path, header: str, rows: Iterable[str]) -> None:
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")


def _no_ledgers(county: County) -> None:
    county.ledgers = []


def _many_incidents(county: County) -> None:
    county.happened = len(county.households) // 5


def _own_ledgers(county: County) -> None:
    county.ledgers = [f"H-{n},*,{YEAR}" for n in county.households]


SHAPES: dict[str, Callable[[County], None]] = {
    "没有台账 no ledgers": _no_ledgers,
    "两成的户有事件 20% with incidents": _many_incidents,
    "楼栋在小区，小区在村 deep chains": County.deep,
    "每户一份台账 a ledger for each": _own_ledgers,
    "两成划转 20% moved": County.moved,
    "划转、并入、撤销、各自的台账 moves, mergers, closings, own ledgers": County.changed,
}


def measured(name: str, households: int, rounds: int) -> str:
    """Return the row of a shape, with how many units the rules of that time judged otherwise."""
    programs = (COMMAND, f"commit {BEFORE}")
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent) / "county"
        folder.mkdir()
        county = County(households)
        SHAPES[name](county)
        county.write(folder)
        runs = {
            p: Run(PEERS[p].command(str(folder)), 600, Path(parent) / f"{n}.csv", checked_out(p))
            for n, p in enumerate(programs)
        }
        for what in runs.values():
            run(what)
        files = [str(what.output) for what in runs.values()]
        different = int(run(Run([sys.executable, "-m", f"{MODULE}.compare", *files])).output)
        seen, _ = alternate(runs, rounds)
    here, before = (median(seen[p]) for p in programs)
    return (
        f"| {name} | {before.cpu:.2f} | {here.cpu:.2f} | {here.cpu / before.cpu:.2f} "
        f"| {before.peak_mb:.0f} | {here.peak_mb:.0f} | {different} |"
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure every shape and print the table; with --out also write it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("households", type=int, nargs="?", default=HOUSEHOLDS)
    parser.add_argument("--shapes", nargs="+", default=list(SHAPES), choices=list(SHAPES))
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--out", type=Path, help="folder with performance.md")
    options = parser.parse_args(arguments)
    head = f"{machine(options.rounds)} {options.households:,}户 households."
    rows = []
    for name in options.shapes:
        rows.append(measured(name, options.households, options.rounds))
        print(rows[-1], file=sys.stderr, flush=True)
    text = "\n".join(
        [
            head,
            "",
            f"| 形状 shape | {BEFORE} CPU s | CPU s | 比 ratio | {BEFORE} MB | MB "
            "| 结论不同 otherwise |",
            "|---|---:|---:|---:|---:|---:|---:|",
            *rows,
        ]
    )
    if options.out is not None:
        document(text, options.out / "performance.md", "shapes")
    print(text)


if __name__ == "__main__":
    main()
