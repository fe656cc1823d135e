"""This project beside other ways of judging the same county: verdicts first, then time and memory.

    python -m tests.benchmarks.peers                        # 20,000 and 220,000 households
    python -m tests.benchmarks.peers --out docs/evidence    # also the table and plot there
    python -m tests.benchmarks.peers --quick                # a smoke test

Every program is a cold process that reads the CSV files, judges every unit by the nine standards
and counts the verdicts. All verdicts are compared first; a different one ends the run. Then the
programs run in turns, round after round. Needs the extra `bench`; what is not installed is left
out, and said so. Beside them runs the command line of an earlier commit (BEFORE), taken from the
history of this checkout: what was gained since is a ratio of CPU seconds of the same minutes.
"""

from __future__ import annotations

import argparse
import atexit
import importlib.util
import io
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tests.benchmarks.county import write_county
from tests.benchmarks.measure import Failure, Measurement, Run, alternate, median, run
from tests.benchmarks.page import document, machine

SIZES, ROUNDS, LIMIT = (20_000, 220_000), 5, 300.0
QUICK = 400
SLOW, SLOW_ROUNDS = 20.0, 2
"""A program that takes longer than SLOW seconds runs in the first rounds only."""
PROJECT, BASE = "pingan_logic", "DuckDB"
COMMAND = "pingan_logic evaluate --csv"
BEFORE = "0453a52"
MODULE = "tests.benchmarks.peers"


class Peer(NamedTuple):
    """A program: its command for a folder, and what must be installed for it."""

    command: Callable[[str], list[str]]
    package: str | None = None
    reasons: bool = False
    prints_verdicts: bool = False
    commit: str | None = None


def _module(name: str, *options: str) -> Callable[[str], list[str]]:
    return lambda folder: [sys.executable, "-m", f"{MODULE}.{name}", *options, folder]


def _evaluate(folder: str) -> list[str]:
    return [sys.executable, "-m", "pingan_logic", "evaluate", "--facts", folder, "--csv"]


PEERS: dict[str, Peer] = {
    BASE: Peer(_module("duckdb_peer"), "duckdb"),
    "Polars": Peer(_module("polars_peer"), "polars"),
    "OpenFisca-core": Peer(_module("openfisca_peer"), "openfisca_core"),
    PROJECT: Peer(_module("project_peer"), reasons=True),
    COMMAND: Peer(_evaluate, reasons=True, prints_verdicts=True),
    f"commit {BEFORE}": Peer(_evaluate, reasons=True, prints_verdicts=True, commit=BEFORE),
    "pingan_logic unreduced": Peer(_module("project_peer", "--unreduced"), reasons=True),
    "Rego (regopy)": Peer(_module("rego_peer"), "regopy"),
}


def available(peers: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """Return the programs that can run here, and why the others can't."""
    missing = {}
    for name in peers:
        package = PEERS[name].package
        if package is not None and importlib.util.find_spec(package) is None:
            missing[name] = "not installed"
        if PEERS[name].commit is not None and checked_out(name) is None:
            missing[name] = "not in the history of this checkout"
    return [name for name in peers if name not in missing], missing


@cache
def checked_out(name: str) -> Path | None:
    """Return a folder with the files of the commit that a program is taken from; None when it is
    of this checkout, or there is no such commit."""
    commit = PEERS[name].commit
    if commit is None:
        return None
    here = Path(__file__).resolve().parents[3]
    found = subprocess.run(["git", "archive", commit], cwd=here, capture_output=True, check=False)
    if found.returncode:
        return None
    folder = tempfile.mkdtemp(prefix=f"{commit}-")
    atexit.register(shutil.rmtree, folder)
    with tarfile.open(fileobj=io.BytesIO(found.stdout)) as files:
        files.extractall(folder)
    return Path(folder)


class Size:
    """One size of county: the programs that judge it alike, and how long they took."""

    def __init__(self, households: int, limit: float, note: Callable[[str], None]) -> None:
        self.households, self.limit, self.note = households, limit, note
        self.failed: dict[str, str] = {}
        self.units = 0
        self.checked: dict[str, Measurement] = {}
        self.told: dict[str, str] = {}
        self.seen: dict[str, list[Measurement]] = {}

    def check(self, folder: Path, names: Sequence[str]) -> None:
        """Run every program once and compare all verdicts with the project's."""
        files = {name: folder.parent / f"verdicts-{n}.csv" for n, name in enumerate(names)}
        for name in names:
            peer, file = PEERS[name], files[name]
            command = peer.command(str(folder))
            try:
                if peer.prints_verdicts:
                    self.checked[name] = run(Run(command, self.limit, file, checked_out(name)))
                else:
                    self.checked[name] = run(Run([*command, str(file)], self.limit))
                    self.told[name] = self.checked[name].output
            except Failure as failure:
                self.failed[name] = failure.reason
                self.note(f"{name}: {failure.reason}")
                continue
            self.note(f"{name}: {self.checked[name].seconds:.2f} s with its verdicts written")
        if PROJECT not in self.told:
            raise SystemExit(f"{PROJECT}: {self.failed[PROJECT]}")
        self.units = sum(int(line.split(",")[2]) for line in self.told[PROJECT].split())
        for name in self.checked:
            command = [sys.executable, "-m", f"{MODULE}.compare", str(files[PROJECT])]
            different = int(run(Run([*command, str(files[name])])).output)
            if PEERS[name].commit is not None:
                self.note(f"{name}: {different} units judged otherwise, by the rules of its time")
            elif different or self.told.get(name, self.told[PROJECT]) != self.told[PROJECT]:
                raise SystemExit(f"{name}: {different} of {self.units} units judged differently")
        programs = sum(PEERS[name].commit is None for name in self.checked)
        self.note(f"{self.units} verdicts, the same by {programs} programs")

    def measure(self, folder: Path, rounds: int) -> None:
        """Run the programs in turns."""
        slow = [name for name, one in self.checked.items() if one.seconds > SLOW]
        sink = Path(os.devnull)
        commands = {
            name: Run(
                PEERS[name].command(str(folder)),
                self.limit,
                sink if PEERS[name].prints_verdicts else None,
                checked_out(name),
            )
            for name in self.checked
        }
        first = min(SLOW_ROUNDS, rounds)
        self.seen, failed = alternate(commands, first)
        fast = {name: commands[name] for name in self.seen if name not in slow}
        later, failed_later = alternate(fast, rounds - first)
        for name, seen in later.items():
            self.seen[name] += seen
        self.failed.update(failed | failed_later)
        if PROJECT not in self.seen:
            raise SystemExit(f"{PROJECT}: {self.failed[PROJECT]}")
        for name, seen in self.seen.items():
            if {one.output for one in seen} != {self.told.get(name, "")}:
                raise SystemExit(f"{name}: other counts than when it was checked")

    def rows(self) -> Iterator[str]:
        """Yield the rows of the table, fastest first."""
        base = median(self.seen[BASE]).seconds if BASE in self.seen else None
        for name, seen in sorted(self.seen.items(), key=lambda item: median(item[1]).seconds):
            took, middle = [m.seconds for m in seen], median(seen)
            ratio = f"{middle.seconds / base:.1f}" if base else ""
            label = f"**{name}**" if name == PROJECT else name
            cells = [
                *(label, f"{middle.seconds:.2f}", f"{min(took):.2f}..{max(took):.2f}", len(seen)),
                *(f"{middle.cpu:.2f}", f"{middle.peak_mb:.0f}", ratio),
                "✓" if PEERS[name].reasons else "",
            ]
            yield f"| {' | '.join(map(str, cells))} |"
        for name, reason in self.failed.items():
            yield f"| {name} | {reason} | | | | | | |"

    def text(self) -> str:
        """Return the table of this size, and who was faster than the project."""
        here = median(self.seen[PROJECT]).seconds
        faster = [n for n, seen in self.seen.items() if median(seen).seconds < here]
        named = ", ".join(faster) or "无 none"
        return "\n".join(
            [
                f"### {self.households:,}户 households（{self.units:,}个结论 verdicts）",
                "",
                "| 程序 program | 秒 s | min..max | 轮 rounds | CPU s | 峰值 peak MB "
                f"| ÷ {BASE} | 理由 reasons |",
                "|---|---:|---:|---:|---:|---:|---:|:---:|",
                *self.rows(),
                "",
                f"比本项目快 faster than this project: {named}.",
                *self.ratios(),
            ]
        )

    def ratios(self) -> Iterator[str]:
        """Yield what the command line takes of the CPU seconds of the others."""
        if COMMAND in self.seen:
            here = median(self.seen[COMMAND]).cpu
            others = [n for n in self.seen if "pingan_logic" not in n]
            told = [f"{name} {here / median(self.seen[name]).cpu:.2f}" for name in others]
            yield ""
            yield f"CPU 秒之比 ratio of CPU seconds, `evaluate --csv` ÷: {', '.join(told)}."


def plot(sizes: Sequence[Size], path: Path) -> None:
    """Draw the median of every program with its spread, on a logarithmic scale."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
    from matplotlib.ticker import LogLocator, NullLocator

    plt.rcParams["font.sans-serif"] = ["Noto Sans CJK SC", "DejaVu Sans"]
    order = [name for name in PEERS if any(name in size.seen for size in sizes)]
    figure, panels = plt.subplots(
        len(sizes), 1, figsize=(8, 0.6 + 0.34 * (len(order) + 1.6) * len(sizes)),
        sharex=True, squeeze=False, layout="constrained",
    )  # fmt: skip
    for size, panel in zip(sizes, panels[:, 0], strict=True):
        names = sorted(size.seen, key=lambda name: -median(size.seen[name]).seconds)
        for place, name in enumerate(names):
            took = [m.seconds for m in size.seen[name]]
            middle = median(size.seen[name]).seconds
            spread = [[middle - min(took)], [max(took) - middle]]
            colour = "#b2182b" if name == PROJECT else "#e08a8a" if PROJECT in name else "#6b7a8f"
            panel.barh(place, middle, xerr=spread, color=colour, ecolor="#333333", capsize=2)
            panel.annotate(
                f"{middle:.2f} s", (max(took), place), xytext=(5, 0),
                textcoords="offset points", va="center", fontsize=9,
            )  # fmt: skip
        panel.set_yticks(range(len(names)), names, fontsize=9)
        panel.set_title(f"{size.households:,} 户 households", fontsize=10, loc="left")
        panel.set_xscale("log")
        panel.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        panel.xaxis.set_major_formatter("{x:g}")
        panel.xaxis.set_minor_locator(NullLocator())
        panel.margins(x=0.12)
        panel.spines[["top", "right"]].set_visible(False)
        panel.grid(axis="x", which="major", alpha=0.3)
        panel.set_axisbelow(True)
    panels[-1, 0].set_xlabel("s (log)")
    figure.savefig(path, dpi=150)


def main(arguments: Sequence[str] | None = None) -> None:
    """Check, measure and print; with --out also write the plot and the generated table."""
    parser = argparse.ArgumentParser(prog=f"python -m {MODULE}", description=__doc__)
    parser.add_argument("--households", type=int, nargs="+", default=list(SIZES), metavar="N")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--limit", type=float, default=LIMIT, help="seconds for one process")
    parser.add_argument("--peers", nargs="+", default=list(PEERS), choices=list(PEERS))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, help="folder with performance.md")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK} households, one round")
    options = parser.parse_args(arguments)
    if options.quick:
        options.households, options.rounds = [QUICK], 1
    head = machine(options.rounds)
    names, missing = available([n for n in PEERS if n in {*options.peers, PROJECT}])
    sizes = []
    for households in sorted(options.households):
        size = Size(
            households, options.limit, lambda text: print(text, file=sys.stderr, flush=True)
        )
        size.failed.update(_too_slow(sizes))
        with tempfile.TemporaryDirectory() as parent:
            folder = Path(parent) / "county"
            folder.mkdir()
            write_county(households, folder, options.seed)
            size.check(folder, [name for name in names if name not in size.failed])
            size.measure(folder, options.rounds)
        sizes.append(size)
    parts = [head, *(size.text() for size in sizes)]
    parts += [f"{name}: {reason}" for name, reason in missing.items()]
    if options.out is not None:
        plot(sizes, options.out / "performance.png")
        document("\n\n".join(parts), options.out / "performance.md", "peers")
    print("\n\n".join(parts))


def _too_slow(sizes: Sequence[Size]) -> Mapping[str, str]:
    """Return the programs that a smaller county already stopped, with the reason."""
    return {} if not sizes else sizes[-1].failed


if __name__ == "__main__":
    main()
