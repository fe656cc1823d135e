"""Time and peak memory of other processes, measured from outside and in turns.

A child starts with the peak memory of its parent: whoever measures stays small, and leaves reading
and comparing to children. Of a process that forks others, memory they share is counted once.
"""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, NamedTuple

__all__ = ["Failure", "Measurement", "Run", "alternate", "median", "run"]


class Run(NamedTuple):
    """A command, the seconds it may take, a file for its output instead of memory, and the folder
    in which it runs, if not in this one."""

    command: Sequence[str]
    limit: float = 600
    output: Path | None = None
    place: Path | None = None


class Measurement(NamedTuple):
    """Wall-clock and CPU seconds, peak resident memory in MB, and what the process wrote."""

    seconds: float
    cpu: float
    peak_mb: float
    output: str


class Failure(Exception):
    """The process did not end well in its time; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def _compiling() -> dict[str, str]:
    """Return an environment in which modules are compiled once, and kept, as those that pip
    installs are: a checkout is compared with installed programs."""
    return {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


def run(what: Run) -> Measurement:
    """Run one process to its end. Raises Failure when it fails or takes longer than its limit."""
    start = time.perf_counter()
    with tempfile.TemporaryFile() as errors, _sink(what.output) as output:
        process = subprocess.Popen(
            what.command, stdout=output, stderr=errors, start_new_session=True, env=_compiling(),
            cwd=what.place,
        )  # fmt: skip
        late = threading.Event()

        def stop() -> None:
            late.set()
            os.killpg(process.pid, signal.SIGKILL)

        timer = threading.Timer(what.limit, stop)
        timer.start()
        together = _Together(process.pid)
        together.start()
        try:
            # wait4 gives this child's own peak; RUSAGE_CHILDREN gives the largest of all so far
            _, status, usage = os.wait4(process.pid, 0)
        finally:
            timer.cancel()
            together.ended.set()
            together.join()
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if late.is_set():
            raise Failure(f"> {what.limit:g} s")
        if process.returncode:
            errors.seek(0)
            lines = errors.read().decode("utf-8", "replace").strip().splitlines()
            raise Failure(f"exit {process.returncode}: {(lines or ['no message'])[-1]}")
        written = ""
        if what.output is None:
            output.seek(0)
            written = output.read().decode("utf-8")
    peak = max(usage.ru_maxrss / 1024, together.peak_mb)
    return Measurement(seconds, usage.ru_utime + usage.ru_stime, peak, written)


class _Together(threading.Thread):
    """Looks now and then how much memory a process and its children occupy together, while it has
    any."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.peak_mb, self.ended = pid, 0.0, threading.Event()

    def run(self) -> None:
        while not self.ended.wait(0.2):
            try:
                children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
                if children:
                    kilobytes = sum(map(_share, [str(self.pid), *children]))
                    self.peak_mb = max(self.peak_mb, kilobytes / 1024)
            except OSError:  # one has just ended
                continue


def _share(pid: str) -> int:
    """Return the kilobytes of a process, of what it shares with others its share."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def _sink(path: Path | None) -> IO[bytes]:
    return tempfile.TemporaryFile() if path is None else path.open("wb")


def alternate(
    runs: Mapping[str, Run], rounds: int
) -> tuple[dict[str, list[Measurement]], dict[str, str]]:
    """Run every command once a round, in order, so that a slow minute falls on all of them.

    Returns what was measured, and the reason of each command that failed and was left out since.
    """
    seen: dict[str, list[Measurement]] = {}
    failed: dict[str, str] = {}
    for _ in range(rounds):
        for name, what in runs.items():
            if name in failed:
                continue
            try:
                seen.setdefault(name, []).append(run(what))
            except Failure as failure:
                failed[name] = failure.reason
                seen.pop(name, None)
    return seen, failed


def median(seen: Sequence[Measurement]) -> Measurement:
    """Return the median times and the largest peak."""
    seconds = statistics.median(m.seconds for m in seen)
    cpu = statistics.median(m.cpu for m in seen)
    return Measurement(seconds, cpu, max(m.peak_mb for m in seen), seen[0].output)
