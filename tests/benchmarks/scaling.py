"""How time and memory grow: reading and judging at 20,000, 220,000 and 2,200,000 households.

Run `python -m tests.benchmarks.scaling [--households N ...] [--rounds R] [--out FOLDER]`. Every
measurement is a cold process. The slope between two sizes is that of the logarithms (1.0: ten
times the units take ten times as long), of the whole process and without the fixed cost, which is
that of a county without units. `explain` is measured in one of the counties: warm in the library
for 200 random units, half of them no households, and cold from the command line. A size that fails
or takes too long is named with the reason.
"""

from __future__ import annotations

import argparse
import math
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tests.benchmarks.county import COUNTY, YEAR, write_county
from tests.benchmarks.measure import Failure, Measurement, Run, median, run
from tests.benchmarks.page import document, machine

SIZES, ROUNDS, LIMIT = (20_000, 220_000, 2_200_000), 3, 900.0
EXPLAIN_IN, WARM_UNITS = 220_000, 200


class Point(NamedTuple):
    """What one size took: the whole process, and its own reading and judging."""

    households: int
    units: int
    whole: Measurement
    read: float
    judge: float


def judge(folder: str) -> None:
    """Print the number of verdicts, seconds to read and seconds to judge and count."""
    import pingan_logic

    start = time.perf_counter()
    facts = pingan_logic.load_facts(folder)
    read = time.perf_counter()
    result = pingan_logic.evaluate(facts, year=YEAR)
    counted = sum(row["counted"] for row in result.summary())
    print(counted, read - start, time.perf_counter() - read)


def explain(folder: str) -> None:
    """Print the median and largest milliseconds to explain random units of every kind."""
    import pingan_logic

    result = pingan_logic.evaluate(pingan_logic.load_facts(folder), year=YEAR)
    rng, every = random.Random(1), list(result)
    places = [unit for unit in every if result.units[unit].kind != "household"]
    units = rng.choices(every, k=WARM_UNITS // 2) + rng.choices(places, k=WARM_UNITS // 2)
    took = []
    for unit in units:
        start = time.perf_counter()
        result.explain(unit).text("zh")
        took.append((time.perf_counter() - start) * 1000)
    print(statistics.median(took), max(took))


def measure(folder: Path, households: int, rounds: int, limit: float) -> Point:
    """Judge the county in `folder` in `rounds` cold processes. Raises Failure."""
    command = [sys.executable, "-m", "tests.benchmarks.scaling", "--judge", str(folder)]
    seen = [run(Run(command, limit)) for _ in range(rounds)]
    rows = [[float(cell) for cell in one.output.split()] for one in seen]
    read, judged = (statistics.median(row[n] for row in rows) for n in (1, 2))
    return Point(households, int(rows[0][0]), median(seen), read, judged)


def empty(folder: Path) -> None:
    """Write a county without units."""
    county = f"id,kind,name,parent\n{COUNTY},county,{COUNTY},\n"
    (folder / "units.csv").write_text(county, encoding="utf-8")


def slope(small: Point, large: Point, fixed: float = 0.0) -> str:
    """Return the slope of seconds over households between two sizes, on logarithmic scales."""
    less, more = small.whole.seconds - fixed, large.whole.seconds - fixed
    if less <= 0:
        return "-"
    return f"{math.log(more / less) / math.log(large.households / small.households):.2f}"


def table(points: Sequence[Point], fixed: Measurement) -> list[str]:
    """Return the rows of all sizes, each with its slope from the one before."""
    lines = [
        "| 户 households | 结论 verdicts | 全程 whole s | CPU s | 读 read s | 判 judge s "
        "| 峰值 peak MB | 斜率 slope | 去固定 without fixed |",
        "|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
        f"| 0 | 0 | {fixed.seconds:.2f} | {fixed.cpu:.2f} | | | {fixed.peak_mb:.0f} | | |",
    ]
    for before, point in zip([None, *points], points, strict=False):
        slopes = ("", "")
        if before is not None:
            slopes = (slope(before, point), slope(before, point, fixed.seconds))
        whole = point.whole
        cells = [
            *(f"{point.households:,}", f"{point.units:,}", f"{whole.seconds:.2f}"),
            *(f"{whole.cpu:.2f}", f"{point.read:.2f}", f"{point.judge:.2f}"),
            *(f"{whole.peak_mb:.0f}", *slopes),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def explaining(folder: Path, households: int, limit: float) -> list[str]:
    """Return the rows of `explain`, warm and cold, in the county in `folder`."""
    lines = [
        f"`explain`,{households:,} 户 households:",
        "",
        "| | 中位 median | 最大 max |",
        "|---|---:|---:|",
    ]
    command = [sys.executable, "-m", "tests.benchmarks.scaling", "--explain", str(folder)]
    try:
        middle, most = map(float, run(Run(command, limit)).output.split())
        lines.append(
            f"| 库内 library, {WARM_UNITS} 个单位 units | {middle:.1f} ms | {most:.1f} ms |"
        )
    except Failure as failure:
        lines.append(f"| 库内 library | {failure.reason} | |")
    units = ["H-7", f"H-{households // 2}", "B-1", "C-1", "V-1", "T-0"]
    command = [sys.executable, "-m", "pingan_logic", "explain", "--facts", str(folder)]
    try:
        seen = [run(Run([*command, unit], limit)) for unit in units]
        took = [one.seconds for one in seen]
        lines.append(
            f"| 命令行 command line, {len(units)} 个单位 units "
            f"| {statistics.median(took):.2f} s | {max(took):.2f} s |"
        )
    except Failure as failure:
        lines.append(f"| 命令行 command line | {failure.reason} | |")
    return lines


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure every size in turn and print the table; with --out write it into the docs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--households", type=int, nargs="+", default=list(SIZES), metavar="N")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--limit", type=float, default=LIMIT, help="seconds for one process")
    parser.add_argument("--out", type=Path, help="folder with performance.md")
    options = parser.parse_args(arguments)
    head = machine(options.rounds)
    points: list[Point] = []
    notes: list[str] = []
    sizes = sorted(options.households)
    told = EXPLAIN_IN if EXPLAIN_IN in sizes else sizes[0]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        empty(folder)
        fixed = measure(folder, 0, options.rounds, options.limit).whole
    for households in sizes:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            start = time.perf_counter()
            write_county(households, folder)
            written = time.perf_counter() - start
            print(f"{households} households written in {written:.1f} s", file=sys.stderr)
            try:
                points.append(measure(folder, households, options.rounds, options.limit))
            except Failure as failure:
                notes.append(f"{households:,} 户 households: {failure.reason}")
                break
            if households == told:
                notes = [*explaining(folder, households, options.limit), "", *notes]
    text = "\n".join([head, "", *table(points, fixed), "", *notes]).rstrip()
    if options.out is not None:
        document(text, options.out / "performance.md", "scaling")
    print(text)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--judge"]:
        judge(sys.argv[2])
    elif sys.argv[1:2] == ["--explain"]:
        explain(sys.argv[2])
    else:
        main()
