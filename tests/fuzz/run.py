"""Runs targets in processes of their own, replaces those that an input ends, and counts."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

from attrs import Factory, define

from tests.fuzz.target import Target
from tests.fuzz.worker import Shared

__all__ = ["Result", "engines", "fuzz"]

_TICK = os.sysconf("SC_CLK_TCK")
_ROOT = Path(__file__).parents[2]


@define
class Result:
    """What a run of one target did: `stopped` counts inputs that were ended by force and that the
    target says are another matter's; `finds` are the files of the others and of every error."""

    target: str
    engine: str
    inputs: int = 0
    seconds: float = 0
    stopped: int = 0
    finds: list[Path] = Factory(list)


def engines() -> tuple[str, ...]:
    """Return the engines of this installation, the best first."""
    return ("atheris", "mutation") if find_spec("atheris") else ("mutation",)


def fuzz(
    target: Target, folder: Path, *, inputs: int, seconds: int = 0, seed: int = 0, engine: str = ""
) -> Result:
    """Run `inputs` inputs (or fewer, in `seconds`) of a target; finds are files in `folder`."""
    engine = engine or engines()[0]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "running").unlink(missing_ok=True)
    shared = Shared(folder / "running")
    result = Result(target.name, engine)
    start = time.monotonic()
    begun = 0
    while begun < inputs:
        left = seconds - int(time.monotonic() - start) if seconds else 0
        if seconds and left <= 0:
            break
        plan = {"target": target.name, "folder": str(folder), "begun": begun, "inputs": inputs,
                "seconds": left, "seed": seed, "engine": engine}  # fmt: skip
        ended = _process(plan, target, shared)
        number, data = shared.read()
        if number == begun and ended is not None:
            raise RuntimeError(f"{target.name} did not start: {ended}")
        begun = number
        if ended is None:
            break
        if target.stops and ended.startswith("stopped"):
            result.stopped += 1
        else:
            _keep(folder, target, ended, data)
    result.inputs, result.seconds = begun, time.monotonic() - start
    result.finds = sorted(folder.glob(f"{target.name}-*.bin"))
    return result


def _process(plan: dict[str, object], target: Target, shared: Shared) -> str | None:
    """Run a process to its end; return why it ended early, None when it did not."""
    log = Path(str(plan["folder"])) / "worker.log"
    with log.open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.fuzz.worker", json.dumps(plan)],
            cwd=_ROOT,
            stdout=subprocess.DEVNULL,
            stderr=said,
            start_new_session=True,
        )
        last, used = -1, 0.0
        try:
            while process.poll() is None:
                time.sleep(0.2)
                number, _ = shared.read()
                now = _processor_seconds(process.pid)
                if number != last:
                    last, used = number, now
                elif number and now - used > 3 * target.seconds + 20:
                    # it does not come back to Python, so only its end stops it
                    os.killpg(process.pid, signal.SIGKILL)
                    process.wait()
                    return "stopped"
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise
    if process.returncode == 0:
        return None
    tail = log.read_text(encoding="utf-8", errors="replace")[-2000:]
    if "MemoryError" in tail or "bad_alloc" in tail:
        return "stopped"
    return f"ended with {process.returncode}\n{tail}"


def _processor_seconds(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return (int(fields[11]) + int(fields[12])) / _TICK


def _keep(folder: Path, target: Target, why: str, data: bytes) -> None:
    name = hashlib.sha256(why[:60].encode() + data).hexdigest()[:10]
    path = folder / f"{target.name}-end-{name}.bin"
    path.write_bytes(data)
    path.with_suffix(".txt").write_text(f"{why}\n", encoding="utf-8")
