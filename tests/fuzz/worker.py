"""The process that runs targets; the runner reads what it did from a file they share.

Started by `tests.fuzz.run`, one process at a time, because an input may end it.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import os
import random
import resource
import signal
import struct
import sys
import time
import traceback
from pathlib import Path
from types import FrameType
from typing import Any

from tests.fuzz.mutate import MOST

__all__ = ["HEAD", "Shared", "TooSlow", "main"]

HEAD = struct.Struct("<QQ")
"""Inputs begun in this process, and the length of the one that is running."""
_ROOT = Path(__file__).parents[2]


class TooSlow(BaseException):
    """An input took longer than its limit."""


class Shared:
    """The file through which the runner sees the input that is running."""

    def __init__(self, path: Path) -> None:
        size = HEAD.size + MOST
        if not path.exists() or path.stat().st_size != size:
            path.write_bytes(bytes(size))
        with path.open("r+b") as file:
            self.map = mmap.mmap(file.fileno(), size)

    def begin(self, number: int, data: bytes) -> None:
        """Note the input that begins."""
        self.map[: HEAD.size + len(data)] = HEAD.pack(number, len(data)) + data

    def read(self) -> tuple[int, bytes]:
        """Return how many inputs were begun, and the last one."""
        number, size = HEAD.unpack(self.map[: HEAD.size])
        return number, bytes(self.map[HEAD.size : HEAD.size + size])


def _slow(signum: int, frame: FrameType | None) -> None:
    raise TooSlow


def _key(error: BaseException) -> str:
    """Name a find by its kind and by the innermost line of the project that it went through."""
    place = "?"
    for frame in traceback.extract_tb(error.__traceback__):
        path = Path(frame.filename)
        if _ROOT in path.parents and ".venv" not in path.parts:
            place = f"{path.relative_to(_ROOT)}:{frame.lineno}"
    return f"{type(error).__name__} {place}"


class _Runner:
    def __init__(self, name: str, folder: Path, begun: int) -> None:
        from tests.fuzz.target import TARGETS

        self.target = TARGETS[name]
        self.folder = folder
        self.shared = Shared(folder / "running")
        self.number = begun
        self.found: dict[str, int] = {}
        signal.signal(signal.SIGVTALRM, _slow)

    def one(self, data: bytes) -> None:
        """Run one input and keep it when it is a find."""
        data = bytes(data[:MOST])
        self.number += 1
        self.shared.begin(self.number, data)
        try:
            signal.setitimer(signal.ITIMER_VIRTUAL, self.target.seconds)
            try:
                self.target.run(data)
            finally:
                signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            self.keep(data, error)

    def keep(self, data: bytes, error: BaseException) -> None:
        """Write the find, unless a shorter input of the same kind was found before."""
        key = _key(error)
        stem = f"{self.target.name}-{hashlib.sha256(key.encode()).hexdigest()[:10]}"
        if self.found.get(key, MOST + 1) <= len(data):
            return
        path = self.folder / f"{stem}.bin"
        if path.exists() and path.stat().st_size <= len(data):
            self.found[key] = path.stat().st_size
            return
        self.found[key] = len(data)
        path.write_bytes(data)
        said = "".join(traceback.format_exception(error))
        path.with_suffix(".txt").write_text(f"{key}\n\n{said}", encoding="utf-8", errors="replace")


def _mutations(runner: _Runner, seed: int, begun: int, inputs: int, until: float) -> None:
    """Run mutated seeds; input number N of a seed is the same in every process."""
    for data in runner.target.inputs(seed, begun, inputs):
        if time.monotonic() > until:
            return
        runner.one(data)


def _guided(runner: _Runner, seed: int, begun: int, inputs: int, seconds: int) -> None:
    """Run under atheris: inputs that reach new code are kept and mutated further."""
    import atheris

    target = runner.target
    kept = runner.folder / f"corpus-{target.name}"
    kept.mkdir(exist_ok=True)
    seeds = target.starts()
    for n, data in enumerate(seeds):
        (kept / f"seed-{n}").write_bytes(data[:MOST])

    def change(data: bytes, most: int, number: int) -> bytes:
        rng = random.Random(number)
        if rng.random() < 0.5:
            return bytes(atheris.Mutate(data, most))
        return target.change(data, rng, seeds, target.tokens)[:most]

    options = [
        *(f"-runs={inputs - begun}", f"-seed={seed + begun + 1}", f"-max_len={MOST}"),
        # time and memory are watched here and by the runner
        *("-rss_limit_mb=0", f"-timeout={10**6}", "-verbosity=0"),
        f"-artifact_prefix={runner.folder}/end-",
        *((f"-max_total_time={seconds}",) if seconds else ()),
    ]
    atheris.Setup([sys.argv[0], *options, str(kept)], runner.one, custom_mutator=change)
    atheris.Fuzz()


def main(arguments: list[str]) -> None:
    """Run one target as the JSON in the first argument says."""
    plan: dict[str, Any] = json.loads(arguments[0])
    if plan["engine"] == "atheris":
        import atheris

        with atheris.instrument_imports(include=["pingan_logic", "openpyxl", "xlrd", "yaml"]):
            import tests.fuzz.targets
    else:
        import tests.fuzz.targets  # noqa: F401
    from tests.fuzz.checks import rules

    rules()
    runner = _Runner(plan["target"], Path(plan["folder"]), plan["begun"])
    # what an input takes is limited, beside what the process has already
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + runner.target.memory
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    if plan["engine"] == "atheris":
        _guided(runner, plan["seed"], plan["begun"], plan["inputs"], plan["seconds"])
    else:
        until = time.monotonic() + (plan["seconds"] or 10**9)
        _mutations(runner, plan["seed"], plan["begun"], plan["inputs"], until)


if __name__ == "__main__":
    main(sys.argv[1:])
