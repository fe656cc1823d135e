"""Time, size and opening time of the page for a county of N households (default 220,000).

Run `python -m tests.benchmarks.report [N] [--no-ledgers]`; not part of the test run. Without
ledgers every household is undetermined and so stands in the page: its largest case.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path

import pingan_logic
from pingan_logic.programme import programme
from pingan_logic.reports import write_report
from tests.benchmarks.county import write_county

CHROMIUM = "/usr/bin/chromium"


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
        write_county(households, folder)
        if not ledgers:
            (folder / "ledgers.csv").unlink()
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
