"""Time and memory of reading and checking 220,000 household rows, by format.

Run `python -m tests.benchmarks.reading [N]`; every format is its own process. Not part of the test
run. With a terminal the progress bar is drawn too, as for a person.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.county import write_county

SIZE = 220_000
FORMATS = ("csv", "county.xlsx", "county.ods", "county.json", "county.db")


def measure(source: str) -> None:
    """Print rows, seconds to read and check, and peak memory of this process in MB."""
    import resource

    from pingan_logic.cli.terminal import progress
    from pingan_logic.intake import load_facts

    start = time.perf_counter()
    with progress("zh") as watch:
        facts = load_facts(source, watch=watch)
    done = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    name = source.rpartition("/")[2]
    print(f"{name:12} {len(facts.units):>8} {done - start:8.2f} {peak:8}", flush=True)


def write(folder: str, target: str) -> None:
    """Convert the CSV folder, in a process of its own as the peak memory is inherited."""
    from pingan_logic import load_facts, load_policy
    from pingan_logic.export import write_facts

    write_facts(load_facts(folder), target, load_policy())


def main(size: int) -> None:
    """Measure each format in a process of its own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "csv"
        folder.mkdir()
        write_county(size, folder)
        print("source          units   read s  peak MB", flush=True)
        for form in FORMATS:
            source = f"{name}/{form}"
            if form.endswith(".db"):
                source = f"sqlite:///{source}"
            command = [sys.executable, "-m", "tests.benchmarks.reading"]
            if form != "csv":
                subprocess.run([*command, "--write", str(folder), source], check=True)
            subprocess.run([*command, "--measure", source], check=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        measure(sys.argv[2])
    elif sys.argv[1:2] == ["--write"]:
        write(sys.argv[2], sys.argv[3])
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else SIZE)
