"""What the measurements write into docs/evidence/performance.md, and on which machine."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import platform
from pathlib import Path

__all__ = ["document", "machine"]

VERSIONS = ("clingo", "duckdb", "polars", "pandas", "numpy", "pyarrow", "OpenFisca-Core", "regopy")


def machine(rounds: int) -> str:
    """Return a line on the machine, the versions, and how busy it is now."""
    cpu = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        models = [line for line in info.read_text().splitlines() if line.startswith("model name")]
        cpu = models[0].partition(": ")[2] if models else cpu
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    versions = [f"Python {platform.python_version()}"]
    for package in VERSIONS:
        if importlib.util.find_spec(package.lower().replace("-", "_")) is not None:
            versions.append(f"{package} {importlib.metadata.version(package)}")
    return (
        f"{cpu}, {os.cpu_count()} 核 cores, {memory:.0f} GiB, {platform.system()}; "
        f"{', '.join(versions)}; {rounds} 轮 rounds; "
        f"开始时负载 load when started {os.getloadavg()[0]:.1f}."
    )


def document(text: str, path: Path, mark: str) -> None:
    """Put `text` between the markers `mark` of a document; ends the run if it has none."""
    begin, end = f"<!-- {mark}: generated -->", f"<!-- {mark}: end -->"
    head, first, rest = path.read_text(encoding="utf-8").partition(begin)
    _, last, tail = rest.partition(end)
    if not first or not last:
        raise SystemExit(f"{path}: no {begin} ... {end}")
    path.write_text(f"{head}{begin}\n{text}\n{end}{tail}", encoding="utf-8")
