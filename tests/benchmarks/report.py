"""Time, size and opening time of the page for a county of N households (default 220,000).

Run `python -m tests.benchmarks.report [N] [--no-ledgers]`; not part of the test run. Without
ledgers every household is undetermined and so stands in the page: its largest case.
"""

from __future__ import annotations

import random
import resource
import sys
import tempfile
import time
from pathlib import Path

import pingan_logic
from pingan_logic.programme import programme
from pingan_logic.reports import write_report

CHROMIUM = "/usr/bin/chromium"


def write_county(households: int, folder: Path, *, ledgers: bool) -> None:
    """Write 34 townships of 14 villages each, a building per 40 households, 3% incidents."""
    rng = random.Random(households)
    units = ["id,kind,name,parent", "C,county,县,"]
    villages = 34 * 14
    units += [f"T{n},township,镇{n},C" for n in range(34)]
    units += [f"V{n},village,村{n},T{n % 34}" for n in range(villages)]
    units += [f"K{n},compound,小区{n},V{n}" for n in range(villages)]
    buildings = households // 40
    units += [f"B{n},building,楼{n},K{n % villages}" for n in range(buildings)]
    units += [
        f"H{n},household,户{n},{f'B{n % buildings}' if n % 2 else f'V{n % villages}'}"
        for n in range(households)
    ]
    types = ("neighbour_dispute", "gambling", "public_security_case", "domestic_violence")
    incidents = ["id,unit,type,grade,date"]
    incidents += [
        f"I{n},H{int(rng.random() * households)},{types[n % 4]},,2016-05-05"
        for n in range(households * 3 // 100)
    ]
    rows = ["unit,item,year"]
    if ledgers:
        rows += [f"V{n},*,2016" for n in range(villages) if n % 20]
    for name, lines in (("units", units), ("incidents", incidents), ("ledgers", rows)):
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def opened(page: Path) -> float:
    """Return the seconds until the tree of the page stands in headless Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        tab = browser.new_page()
        start = time.perf_counter()
        tab.goto(page.as_uri())
        tab.wait_for_selector("[role=treeitem]")
        taken = time.perf_counter() - start
        browser.close()
    return taken


def main(households: int, *, ledgers: bool) -> None:
    """Print seconds to judge and to write each report, its size, and seconds to open the page."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_county(households, folder, ledgers=ledgers)
        start = time.perf_counter()
        result = programme(pingan_logic.load_facts(folder))
        print(f"judged     {time.perf_counter() - start:7.1f} s")
        for suffix in (".html", ".xlsx", ".docx"):
            start = time.perf_counter()
            path = write_report(result, folder / f"report{suffix}")
            taken, size = time.perf_counter() - start, path.stat().st_size / 1e6
            print(f"{suffix:10} {taken:7.1f} s {size:6.1f} MB")
        print(f"opened     {opened(folder / 'report.html'):7.2f} s")
        print(f"peak       {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024:7} MB")


if __name__ == "__main__":
    numbers = [int(n) for n in sys.argv[1:] if n.isdigit()]
    main(*(numbers or [220_000]), ledgers="--no-ledgers" not in sys.argv)
