"""Which reader for the grouping step: counts by kind and parent of 220,000 households.

Run `python -m tests.benchmarks.readers [--out docs/evidence]` (extra `bench`). Every reading is a
cold process, its import included; all columns are read as strings, and the result is a Python
dictionary, which must be the same by all. Prints a table for docs/evidence/performance.md.
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.benchmarks.county import write_county
from tests.benchmarks.measure import Run, alternate, median
from tests.benchmarks.page import document, machine

SIZE, ROUNDS = 220_000, 7
Groups = dict[tuple[str, str], int]


def with_csv(path: str) -> Groups:
    """Read with the csv module and count with builtins on whole columns."""
    import csv

    with open(path, encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    columns = dict(zip(header, zip(*rows, strict=True), strict=True))
    return Counter(zip(columns["kind"], columns["parent"], strict=True))


def with_csv_paused(path: str) -> Groups:
    """The same, with the garbage collector paused: rows are many, and none is garbage."""
    gc.disable()
    return with_csv(path)


def with_split(path: str) -> Groups:
    """Split the whole text at once: for files without a quotation mark only."""
    gc.disable()
    with open(path, encoding="utf-8-sig") as file:
        header, text = file.read().split("\n", 1)
    if '"' in text:
        raise SystemExit("quoted cells: needs the csv module")
    width = header.count(",") + 1
    cells = text.replace("\n", ",").split(",")
    kinds, parents = (cells[header.split(",").index(c) :: width] for c in ("kind", "parent"))
    return Counter(zip(kinds, parents, strict=False))


def with_pyarrow(path: str) -> Groups:
    """Read and group with pyarrow."""
    import pyarrow as pa
    from pyarrow import csv

    names = ["id", "kind", "name", "parent", "affiliation"]
    options = csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()))
    table = csv.read_csv(path, convert_options=options)
    found = table.group_by(["kind", "parent"]).aggregate([([], "count_all")])
    keys = zip(found["kind"].to_pylist(), found["parent"].to_pylist(), strict=True)
    return dict(zip(keys, found["count_all"].to_pylist(), strict=True))


def with_polars(path: str) -> Groups:
    """Scan lazily and group with Polars."""
    import polars as pl

    rows = pl.scan_csv(path, infer_schema=False)
    found = rows.group_by("kind", "parent").len().collect()
    return {(kind, parent or ""): count for kind, parent, count in found.iter_rows()}


def with_numpy(path: str) -> Groups:
    """Read with numpy.loadtxt and group with numpy.unique."""
    import numpy as np

    rows = np.loadtxt(
        path, dtype="U24", delimiter=",", quotechar='"', comments=None, skiprows=1,
        usecols=(0, 1, 2, 3, 4), encoding="utf-8-sig",
    )  # fmt: skip
    keys, counts = np.unique(
        np.char.add(np.char.add(rows[:, 1], ","), rows[:, 3]), return_counts=True
    )
    split = (key.split(",", 1) for key in keys.tolist())
    return {(kind, parent): n for (kind, parent), n in zip(split, counts.tolist(), strict=True)}


def with_pandas(path: str) -> Groups:
    """Read and group with pandas."""
    import pandas as pd

    rows = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    return rows.groupby(["kind", "parent"]).size().to_dict()


def with_duckdb(path: str) -> Groups:
    """Read and group with DuckDB on two threads."""
    import duckdb

    base = duckdb.connect(config={"threads": 2})
    found = base.execute(
        "select kind, coalesce(parent, ''), count(*)"
        " from read_csv(?, all_varchar=true, header=true) group by all",
        [path],
    ).fetchall()
    return {(kind, parent): count for kind, parent, count in found}


READERS = {
    "csv, builtins": with_csv,
    "csv, builtins, collector paused": with_csv_paused,
    "str.split, builtins, collector paused": with_split,
    "pyarrow.csv": with_pyarrow,
    "Polars": with_polars,
    "NumPy loadtxt": with_numpy,
    "pandas": with_pandas,
    "DuckDB": with_duckdb,
}


def main() -> None:
    """Measure the readers in turns and compare their answers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--households", type=int, default=SIZE, metavar="N")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--out", type=Path, help="folder with performance.md")
    options = parser.parse_args()
    lines = [machine(options.rounds), ""]
    with tempfile.TemporaryDirectory() as name:
        write_county(options.households, Path(name))
        command = [sys.executable, "-m", "tests.benchmarks.readers", "--read", f"{name}/units.csv"]
        runs, failed = alternate({r: Run([*command, r]) for r in READERS}, options.rounds)
    if failed:
        raise SystemExit(str(failed))
    answers = {reader: {m.output for m in seen} for reader, seen in runs.items()}
    if len(set.union(*answers.values())) != 1:
        raise SystemExit(f"different counts: {answers}")
    lines += [
        "| 读法 reader | 秒 s | min..max | CPU s | 峰值 peak MB |",
        "|---|---:|---:|---:|---:|",
    ]
    for reader, seen in sorted(runs.items(), key=lambda item: median(item[1]).seconds):
        took, middle = [m.seconds for m in seen], median(seen)
        lines.append(
            f"| {reader} | {middle.seconds:.2f} | {min(took):.2f}..{max(took):.2f} "
            f"| {middle.cpu:.2f} | {middle.peak_mb:.0f} |"
        )
    if options.out is not None:
        document("\n".join(lines), options.out / "performance.md", "readers")
    print("\n".join(lines))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--read"]:
        groups = READERS[sys.argv[3]](sys.argv[2])
        text = repr(sorted(groups.items())).encode()
        print(len(groups), hashlib.sha256(text).hexdigest())
    else:
        main()
