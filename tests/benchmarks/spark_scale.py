"""Households per second and core on Spark, and what that means for a nation.

Run `python -m tests.benchmarks.spark_scale [HOUSEHOLDS [COUNTIES]]`. It writes counties of uneven
size as Parquet, judges them on one core, on two and on a cluster of two processes (each run in a
process of its own). CPU seconds are those of the driver, the executors and their Python workers, so
that a busy machine does not change them. With what a county takes it plays through a job over 2,800
counties. Not part of the test run.
"""

from __future__ import annotations

import heapq
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

MASTERS = ("local[1]", "local[2]", "local-cluster[2,1,3072]")
NATION = 2_800
NATION_HOUSEHOLDS = 500_000_000
LARGE = 1_000_000
TYPES = ("neighbour_dispute", "gambling", "public_security_case", "domestic_violence")
YEAR = 2014
NAMES = {
    "units": ["county", "id", "kind", "name", "parent"],
    "incidents": ["county", "id", "unit", "type", "grade", "date"],
    "ledgers": ["county", "unit", "item", "year"],
}


def sizes(counties: int, households: int) -> list[int]:
    """Return the households of each county: most near the mean, a few many times as large."""
    rng = random.Random(counties)
    weights = [rng.lognormvariate(0, 0.9) for _ in range(counties)]
    return [max(1, round(households * w / sum(weights))) for w in weights]


def write_nation(folder: Path, counties: list[int]) -> None:
    """Write the counties as Parquet: 3% of households with an incident, 90% of villages with a
    ledger, a village per 460 households, a building per 73."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows: dict[str, list[tuple[Any, ...]]] = {table: [] for table in NAMES}

    def flush(number: int) -> None:
        for table, found in rows.items():
            (folder / table).mkdir(exist_ok=True)
            columns = dict(zip(NAMES[table], zip(*found, strict=True), strict=True))
            pq.write_table(pa.table(columns), folder / table / f"{number:05}.parquet")
            found.clear()

    for n, households in enumerate(counties):
        code = f"{110000 + n}"
        _county(code, households, rows)
        if len(rows["units"]) > 500_000 or n == len(counties) - 1:
            flush(n)


def _county(code: str, households: int, rows: dict[str, list[tuple[Any, ...]]]) -> None:
    rng = random.Random(code)
    villages, buildings = max(1, households // 460), max(1, households // 73)
    towns = max(1, villages // 14)
    units, incidents, ledgers = rows["units"], rows["incidents"], rows["ledgers"]
    units.append((code, code, "county", f"{code}县", None))
    units += [(code, f"{code}T{n}", "township", f"{n}镇", code) for n in range(towns)]
    units += [
        (code, f"{code}V{n}", "village", f"{n}村", f"{code}T{n % towns}") for n in range(villages)
    ]
    units += [
        (code, f"{code}B{n}", "building", f"{n}栋", f"{code}V{n % villages}")
        for n in range(buildings)
    ]
    units += [
        (code, f"{code}H{n}", "household", f"第{n}户",
         f"{code}B{n % buildings}" if n % 2 else f"{code}V{n % villages}")
        for n in range(households)
    ]  # fmt: skip
    incidents += [
        (code, f"I{n}", f"{code}H{rng.randrange(households)}", TYPES[n % 4], "", "2014-05-05")
        for n in range(max(1, households * 3 // 100))
    ]
    ledgers += [(code, f"{code}V{n}", "*", YEAR) for n in range(villages) if n % 10 or not n]


def run(master: str, data: Path, work: Path, largest: int) -> None:
    """Judge the nation at `data` on `master`, and write its verdicts and findings."""
    from pyspark.sql import SparkSession

    from pingan_logic.spark import evaluate_frames

    builder = SparkSession.builder.master(master).appName("spark_scale")
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.memory": "3g",
        "spark.local.dir": str(work / "local"),
        "spark.eventLog.enabled": "true",
        "spark.eventLog.rolling.enabled": "false",
        "spark.eventLog.compress": "false",
        "spark.eventLog.dir": work.as_uri(),
        "spark.sql.files.maxPartitionBytes": "32m",
    }
    for name, value in settings.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    tables = {t: spark.read.parquet(str(data / t)) for t in ("units", "incidents", "ledgers")}
    start, cpu = time.perf_counter(), _cpu()
    result = evaluate_frames(**tables, year=YEAR, reasons="against", largest=largest)
    result.verdicts.write.parquet(str(work / "verdicts"))
    result.findings.write.parquet(str(work / "findings"))
    counts = result.counts.collect()
    seconds = time.perf_counter() - start
    cpu = _cpu() - cpu
    assert all(row["judged"] for row in counts)
    peak = max(peak for command, _, peak in _processes() if b"pyspark.daemon" in command)
    python = sum(c for command, c, _ in _processes() if b"pyspark.daemon" in command)
    found = {"seconds": seconds, "cpu": cpu, "python": python, "peak": peak}
    print(json.dumps(found))
    spark.stop()


def _processes() -> Iterator[tuple[bytes, float, int]]:
    """Yield the command, CPU seconds and peak MB of this process and all below it."""
    tick = os.sysconf("SC_CLK_TCK")
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            stat = (folder / "stat").read_text().rpartition(") ")[2].split()
            status = (folder / "status").read_text()
            command = (folder / "cmdline").read_bytes()
        except OSError:
            continue
        peak = next((int(x.split()[1]) for x in status.splitlines() if x.startswith("VmHWM")), 0)
        # its own and that of children that have ended
        found[int(folder.name)] = int(stat[1]), command, sum(map(int, stat[11:15])) / tick, peak
    for pid in found:
        here = pid
        while here in found and here != os.getpid():
            here = found[here][0]
        if here == os.getpid():
            _, command, cpu, peak = found[pid]
            yield command, cpu, peak // 1024


def _cpu() -> float:
    return sum(cpu for _, cpu, _ in _processes())


def shuffled(work: Path) -> tuple[int, int]:
    """Return the bytes that the largest shuffle of a run wrote, and those spilt to disk by all."""
    logs = [p for p in work.iterdir() if p.is_file() and p.name.startswith(("app", "local"))]
    events = [json.loads(line) for line in logs[0].read_text().splitlines()]
    written: dict[int, int] = defaultdict(int)
    spilt = 0
    for event in events:
        if event["Event"] == "SparkListenerTaskEnd":
            metrics = event["Task Metrics"]
            written[event["Stage ID"]] += metrics["Shuffle Write Metrics"]["Shuffle Bytes Written"]
            spilt += metrics["Disk Bytes Spilled"]
    return max(written.values()), spilt


def measure(master: str, data: Path, households: int, largest: int) -> float:
    """Run in a process of its own and print a line of the table; return the CPU seconds."""
    with tempfile.TemporaryDirectory() as name:
        environment = {
            **os.environ,
            "PYSPARK_PYTHON": sys.executable,
            "SPARK_LOCAL_IP": "127.0.0.1",
            "SPARK_WORKER_DIR": f"{name}/work",
        }
        command = [sys.executable, "-m", "tests.benchmarks.spark_scale", "--run", master]
        command += [str(data), name, str(largest)]
        done = subprocess.run(
            command, check=True, stdout=subprocess.PIPE, text=True, env=environment
        )
        found = json.loads(done.stdout.splitlines()[-1])
        written, spilt = shuffled(Path(name))
    print(
        f"{master:26} {found['seconds']:8.1f} {households / found['seconds']:8.0f} "
        f"{found['cpu']:8.1f} {found['python']:9.1f} {households / found['cpu']:8.0f} "
        f"{found['peak']:9} "
        f"{written / households:10.1f} {spilt / 2**20:9.0f}",
        flush=True,
    )
    return float(found["cpu"])


def write_messages(households: int, path: Path) -> None:
    """Write the rows of one county as Spark hands them to a task."""
    import pyarrow as pa

    from pingan_logic.intake.rows import columns

    rows: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    _county("110000", households, rows)
    schema = pa.schema([("table", pa.string()), ("cells", pa.list_(pa.string())),
                        ("members", pa.list_(pa.string()))])  # fmt: skip
    with pa.OSFile(str(path), "w") as file, pa.ipc.new_stream(file, schema) as out:
        for table, found in rows.items():
            for start in range(0, len(found), 10_000):
                cells = []
                for row in found[start : start + 10_000]:
                    named = dict(zip(NAMES[table], row, strict=True))
                    cells.append([str(named[c]) if named.get(c) else None for c in columns(table)])
                arrays = [pa.array([table] * len(cells)), pa.array(cells, schema.types[1]),
                          pa.nulls(len(cells), schema.types[2])]  # fmt: skip
                out.write_batch(pa.record_batch(arrays, schema=schema))


class Here:
    """Rules that are there already: outside a job Spark has no folder for them."""

    def __init__(self) -> None:
        from pingan_logic import load_policy

        self.policy = load_policy()

    def load(self) -> Any:
        """Return the shipped policy."""
        return self.policy


def judge_county(path: Path) -> None:
    """Print CPU seconds and peak MB of judging the county whose rows are at `path`."""
    import pyarrow as pa

    from pingan_logic.spark.county import Job, judge

    job = Job(Here(), YEAR, date(YEAR, 12, 31), "against", "county")  # type: ignore[arg-type]
    start = time.process_time()
    with pa.OSFile(str(path)) as file:
        for batch in judge("110000", pa.ipc.open_stream(file), job):
            assert not any(batch.column("reject").is_valid().to_pylist())
    _say(time.process_time() - start)


def condense_county(path: Path, portions: int) -> None:
    """Leave the condensed rows of a county at `path`, and print what its portions took, each after
    the other: their CPU seconds, and the peak MB with the rows of all of them beside."""
    import pyarrow as pa

    from pingan_logic.spark.condense import condense

    with pa.OSFile(str(path)) as file:
        batches = pa.ipc.open_stream(file).read_all().to_batches()
    parts: list[list[Any]] = [[] for _ in range(portions)]
    kept = []
    for batch in batches:
        if batch.column("table")[0].as_py() != "units":
            kept.append(batch)
            continue
        mine = [hash(cells[3]) % portions for cells in batch.column("cells").to_pylist()]
        for n, part in enumerate(parts):
            part.append(batch.filter(pa.array([m == n for m in mine])))

    rules = Here()
    start = time.process_time()
    for part in parts:
        kept += (b.drop_columns("county") for b in condense("110000", part, rules))  # type: ignore[arg-type]
    taken = time.process_time() - start
    with pa.OSFile(str(path), "w") as file, pa.ipc.new_stream(file, kept[0].schema) as out:
        for batch in kept:
            out.write_batch(batch)
    _say(taken)


def _say(seconds: float) -> None:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps([seconds, peak]))


def county(households: int, portions: int = 0) -> tuple[float, float, int]:
    """Return the CPU seconds of the portions of one county and of its own task, and that one's peak
    MB, all outside Spark."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "county.arrow"
        write_messages(households, path)

        def child(*arguments: str) -> tuple[float, int]:
            command = [sys.executable, "-m", "tests.benchmarks.spark_scale", *arguments]
            done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
            seconds, peak = json.loads(done.stdout)
            return seconds, peak

        condensed = child("--condense", str(path), str(portions))[0] if portions else 0.0
        return (condensed, *child("--judge", str(path)))


def costs() -> dict[tuple[int, int], tuple[float, float]]:
    """Return, by households and portions, the CPU seconds of one county: its portions, its task."""
    print("\nhouseholds  portions   s in portions   s in task   task MB")
    found = {}
    for number, portions in ((1_000, 0), (20_000, 0), (178_000, 0), (1_000_000, 0), (1_000_000, 4)):
        first, own, peak = county(number, portions)
        found[number, portions] = first, own
        print(f"{number:10} {portions:7} {first:13.2f} {own:11.2f} {peak:9}", flush=True)
    return found


def plan(spark: float, took: dict[tuple[int, int], tuple[float, float]]) -> None:
    """Print how long a nation takes, with `spark` CPU seconds a household besides judging."""
    each = took[1_000, 0][1]  # the rules, and little else
    whole = (took[178_000, 0][1] - each) / 177_000 + spark
    slicing, portioned = (seconds / 1_000_000 for seconds in took[1_000_000, 4])
    counties = sizes(NATION, NATION_HOUSEHOLDS)
    print(f"\n{spark * 1e6:.0f} us a household in Spark itself; largest county {max(counties)} "
          f"households, median {statistics.median(counties):.0f}")  # fmt: skip
    one = [each + whole * n for n in counties]
    # what Spark itself does with the rows of a large county it does twice
    first = [
        (slicing + spark) * n / -(-n // LARGE)
        for n in counties if n > LARGE for _ in range(-(-n // LARGE))
    ]  # fmt: skip
    second = [each + (portioned + spark if n > LARGE else whole) * n for n in counties]
    print("                 one task a county        large ones in portions")
    print("cores         seconds   longest task      seconds   longest task")
    for cores in (32, 64, 128, 256, 512):
        print(f"{cores:5} {_end(one, cores):15.0f} {max(one):14.0f} "
              f"{_end(first, cores) + _end(second, cores):12.0f} {max(second):14.0f}")  # fmt: skip


def _end(tasks: list[float], cores: int) -> float:
    """Return when the last task ends if they are taken in their order: none knows its length."""
    free = [0.0] * cores
    for task in tasks:
        heapq.heapreplace(free, free[0] + task)
    return max(free)


def main(households: int, counties: int) -> None:
    """Measure every master and print the plan."""
    with tempfile.TemporaryDirectory() as name:
        data = Path(name)
        found = sizes(counties, households)
        write_nation(data, found)
        total = sum(found)
        print(f"{counties} counties, {total} households, the largest {max(found)}")
        print("master                           s  hhold/s    CPU s  Python s   /CPU s worker MB  "
              "shuffle B  spilt MB", flush=True)  # fmt: skip
        runs = {master: measure(master, data, total, 10**9) for master in MASTERS}
        measure(MASTERS[1], data, total, max(found) // 3)
    alone = sum(county(n)[1] for n in found)
    plan(max(0.0, runs["local[2]"] - alone) / total, costs())


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--run", master, source, work, largest]:
            run(master, Path(source), Path(work), int(largest))
        case ["--judge", path]:
            judge_county(Path(path))
        case ["--condense", path, portions]:
            condense_county(Path(path), int(portions))
        case numbers:
            main(*([int(n) for n in numbers] + [2_000_000, 28][len(numbers) :]))
