"""What questions about one unit take: fix, margin, missing and explain, cold from the command line.

Run `python -m tests.benchmarks.questions [--households N] [--members N] [--rounds R]`. In a county
of N households every question is put to a unit of each kind, in turns with `check` of the same
files, which reads them and answers nothing: the ratio of CPU seconds is what asking adds. Then
the hard ones: a township with 3,000 households in dispute, twelve villages without some of their
ledgers, and one with 500 households that are not decided.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.benchmarks.county import ITEMS, YEAR, write_county
from tests.benchmarks.measure import Run, alternate, median
from tests.benchmarks.page import machine

QUESTIONS = ("explain", "fix", "margin", "missing")
UNITS = ("H-7", "B-1", "C-1", "V-1", "T-0", "Sc-1", "En-1", "Ho-1", "Wo-1")
LIMIT = 300.0


def township(folder: Path, members: int, disputes: int, lacking: int, undecided: int) -> None:
    """Write a township of 60 villages: households in dispute, villages that lack ledgers of some
    items, and households that lack one each."""
    rng = random.Random(7)
    homes = [f"H{n}" for n in range(members)]
    villages = [f"V{n}" for n in range(60)]
    own = "pornography" if undecided else None
    late = ITEMS[:4] if lacking else ()
    units = ["T,township,T,\n", *(f"{v},village,{v},T\n" for v in villages)]
    units += [f"{h},household,{h},{villages[n % 60]}\n" for n, h in enumerate(homes)]
    fell = rng.sample(homes, disputes)
    dated = [f"I{h},{h},neighbour_dispute,,{YEAR}-05-01\n" for h in fell]
    kept = [f"T,{i},{YEAR}\n" for i in ITEMS if i not in late and i != own]
    kept += [f"{v},{i},{YEAR}\n" for n, v in enumerate(villages) if n >= lacking for i in late]
    open_ = set(rng.sample(homes, undecided))
    kept += [f"{h},{own},{YEAR}\n" for h in homes if own and h not in open_]
    tables = {
        "units": ("id,kind,name,parent", units),
        "incidents": ("id,unit,type,grade,date", dated),
        "ledgers": ("unit,item,year", kept),
        "scores": ("unit,year,score", [f"T,{YEAR},95\n"]),
        "polls": ("unit,year,result,rank", [f"T,{YEAR},met,\n"]),
    }
    for name, (header, rows) in tables.items():
        (folder / f"{name}.csv").write_text(f"{header}\n{''.join(rows)}", encoding="utf-8")


def measure(
    folder: Path, questions: Sequence[tuple[str, str]], rounds: int
) -> Iterator[tuple[str, str, float, float, float]]:
    """Yield question, unit, CPU seconds, their ratio to those of reading alone, and peak MB."""
    line = [sys.executable, "-m", "pingan_logic"]
    told = ["--facts", str(folder), "--year", str(YEAR), "--quiet"]
    runs = {
        f"{name} {unit}": Run([*line, name, unit, *told, "--json"], LIMIT)
        for name, unit in questions
    }
    reading = Run([*line, "check", str(folder), "--quiet"], LIMIT)
    seen, failed = alternate({"check": reading, **runs}, rounds)
    for name, reason in failed.items():
        print(f"{name}: {reason}", file=sys.stderr)
    if "check" not in seen:
        return
    base = median(seen.pop("check")).cpu
    for name, some in seen.items():
        found = median(some)
        question, _, unit = name.partition(" ")
        yield question, unit, found.cpu, found.cpu / base, found.peak_mb


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--households", type=int, default=220_000)
    parser.add_argument("--members", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args(arguments)
    print(machine(options.rounds))
    print()
    print("| 数据 data | 问题 question | 单位 unit | CPU s | 比 check ratio | 峰值 peak MB |")
    print("|---|---|---|---:|---:|---:|")
    n = options.members
    data = {
        f"{n:,} 户，{n * 3 // 20:,} 户有纠纷 in dispute": ((n, n * 3 // 20, 0, 0), "fix"),
        f"{n:,} 户，12村缺台账 villages without ledgers": ((n, 0, 12, 0), "fix"),
        f"{n:,} 户，{n // 40:,} 户待核 undecided": ((n, 0, 0, n // 40), "missing"),
    }
    with tempfile.TemporaryDirectory() as name:
        county = Path(name)
        write_county(options.households, county)
        asked = [(q, u) for u in UNITS for q in QUESTIONS]
        rows(f"{options.households:,} 户 households", county, asked, options.rounds)
    for title, (shape, question) in data.items():
        with tempfile.TemporaryDirectory() as name:
            township(Path(name), *shape)
            rows(title, Path(name), [(question, "T")], options.rounds)


def rows(title: str, folder: Path, asked: Sequence[tuple[str, str]], rounds: int) -> None:
    """Print the rows of one set of data."""
    for question, unit, cpu, ratio, peak in measure(folder, asked, rounds):
        print(f"| {title} | {question} | {unit} | {cpu:.2f} | {ratio:.2f} | {peak:.0f} |")


if __name__ == "__main__":
    main()
