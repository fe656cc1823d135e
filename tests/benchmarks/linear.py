"""Time and memory of one evaluation at 2,000, 20,000 and 200,000 households.

Run `python -m tests.benchmarks.linear [N ...]`; every size is its own process, so that the peak
memory is its own. Not part of the test run.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SIZES = (2_000, 20_000, 200_000)


def write_county(households: int, folder: Path) -> None:
    """Write a county with a village per 450 households, a building per 70, 3% incidents."""
    rng = random.Random(households)
    units = ["id,kind,name,parent", "C,county,C,", "T,township,T,C"]
    villages = max(1, households // 450)
    buildings = max(1, households // 70)
    units += [f"V{n},village,V{n},T" for n in range(villages)]
    units += [f"K{n},compound,K{n},V{n}" for n in range(villages)]
    units += [f"B{n},building,B{n},K{n % villages}" for n in range(buildings)]
    for n in range(households):
        place = f"B{n % buildings}" if n % 2 else f"V{n % villages}"
        units.append(f"H{n},household,H{n},{place}")
    incidents = ["id,unit,type,grade,date"]
    types = ("neighbour_dispute", "gambling", "public_security_case", "domestic_violence")
    for n in range(households * 3 // 100):
        where = int(rng.random() * households)
        incidents.append(f"I{n},H{where},{types[n % 4]},,2014-05-05")
    ledgers = ["unit,item,year", *(f"V{n},*,2014" for n in range(villages) if n % 10)]
    for name, lines in (("units", units), ("incidents", incidents), ("ledgers", ledgers)):
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def measure(folder: Path) -> None:
    """Print seconds to read, seconds to judge and peak memory of this process in MB."""
    import resource

    import pingan_logic

    start = time.perf_counter()
    facts = pingan_logic.load_facts(folder)
    read = time.perf_counter()
    result = pingan_logic.evaluate(facts, year=2014)
    done = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{len(result):>8} {read - start:8.2f} {done - read:8.2f} {peak:8}")


def main(sizes: list[int]) -> None:
    """Measure each size in a process of its own."""
    print("   units   read s  judge s  peak MB", flush=True)
    for size in sizes:
        with tempfile.TemporaryDirectory() as name:
            write_county(size, Path(name))
            subprocess.run(
                [sys.executable, "-m", "tests.benchmarks.linear", "--measure", name], check=True
            )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        measure(Path(sys.argv[2]))
    else:
        main([int(n) for n in sys.argv[1:]] or list(SIZES))
