"""Kills every command that writes, at random moments, and looks at what is left.

    python -m tests.faults.kill --times 500 [--seed 1] [--signal TERM]

A target must hold its old content or the new, never anything between; what else lies about must
have the name of a leftover, and readers must pass it over. Each command runs in a fork of this
process, with all modules loaded, and is ended by SIGKILL: half of the times at any moment of its
run, half of the times within milliseconds after something new appeared beside its target. Signals
that a process can answer (TERM, INT) must leave nothing lying about and the right exit status.

This is a process of its own also when tests use it: forks of one that has threads, or whose lines
are counted, inherit locks that nobody will open.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from attrs import frozen

import pingan_logic
from pingan_logic.cli import run
from pingan_logic.export import write_facts
from pingan_logic.files import LEFTOVER
from pingan_logic.rules.find import data_folder

__all__ = ["kill_apart", "main"]

SAMPLE = data_folder("facts") / "sample-county"


@frozen
class Scenario:
    """A command that writes `target`; `content` reads it, as something that can be compared."""

    name: str
    arguments: tuple[str, ...]
    target: str
    content: Callable[[Path], Any]


def _bytes(path: Path) -> Any:
    return path.read_bytes() if path.exists() else None


def _timeless(path: Path) -> Any:
    """Return a document without the seconds that its making took."""
    return path.exists() and re.sub(rb' time="[0-9.]+"', b"", path.read_bytes())


def _parts(path: Path) -> Any:
    """Return the parts of a zipped document without its times of writing."""
    if not path.exists():
        return None
    with zipfile.ZipFile(path) as book:
        assert book.testzip() is None
        return {
            n: book.read(n) for n in book.namelist() if n not in ("docProps/core.xml", "meta.xml")
        }


def _tree(path: Path) -> Any:
    if not path.exists():
        return None
    return {str(p.relative_to(path)): _bytes(p) for p in path.rglob("*") if p.is_file()}


def _rows(path: Path) -> Any:
    """Return the tables of a database, after SQLite has taken back what was not finished."""
    if not path.exists():
        return None
    found = {}
    with sqlite3.connect(path) as connection:
        names = connection.execute("select name from sqlite_master where type = 'table'")
        for (name,) in names.fetchall():
            found[name] = connection.execute(f"select * from {name}").fetchall()
    connection.close()
    return found


def _convert(target: str, content: Callable[[Path], Any]) -> Scenario:
    url = f"sqlite:///{target}" if target.endswith(".db") else target
    arguments = ("convert", "sample", url, "--overwrite", "-q")
    return Scenario(f"convert {target}", arguments, target, content)


SCENARIOS = (
    Scenario("report html", ("report", "--out", "r.html", "--overwrite"), "r.html", _bytes),
    Scenario("report xlsx", ("report", "--out", "r.xlsx", "--overwrite"), "r.xlsx", _parts),
    Scenario("report docx", ("report", "--out", "r.docx", "--overwrite"), "r.docx", _parts),
    Scenario("template", ("template", "t.xlsx", "--overwrite"), "t.xlsx", _parts),
    Scenario(
        "check --annotate",
        ("check", "bad", "--annotate", "a.xlsx", "--overwrite"),
        "a.xlsx",
        _parts,
    ),
    Scenario(
        "audit --html", ("audit", "--html", "audit.html", "--overwrite"), "audit.html", _bytes
    ),
    Scenario(
        "test --junit", ("test", "cases", "--junit", "j.xml", "--overwrite"), "j.xml", _timeless
    ),
    Scenario(
        "verify --out",
        (
            "verify",
            "--property",
            "villages_township",
            "--bound",
            "2",
            "--out",
            "worlds",
            "--overwrite",
        ),
        "worlds/villages_township",
        _tree,
    ),
    _convert("c.json", _bytes),
    _convert("c.xlsx", _parts),
    _convert("c.xls", _bytes),
    _convert("c.ods", _parts),
    _convert("data", _tree),
    _convert("c.db", _rows),
)


@frozen
class Tally:
    """How the kills ended: by scenario and what the target held, and what was left lying about."""

    ends: Counter[tuple[str, str]]
    leftovers: int
    wrong: tuple[str, ...]


class _Yard:
    """A folder with the data that the commands read, and the old and new content of each target."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(SAMPLE, folder / "sample")
        shutil.copytree(SAMPLE, folder / "bad")
        with open(folder / "bad" / "scores.csv", "a", encoding="utf-8") as file:
            file.write("nobody,2014,200\n")
        shutil.copytree(data_folder("policies") / "xiangyin-2014" / "cases", folder / "cases")
        for path in (folder / "cases").iterdir():
            if path.name != "household.yaml":
                path.unlink()
        small = pingan_logic.Facts(units=[pingan_logic.Unit("旧", "county")])
        self.old: dict[str, Path] = {}
        for s in SCENARIOS:
            old = folder / "old" / s.target
            old.parent.mkdir(parents=True, exist_ok=True)
            if s.content is _tree:
                write_facts(small, str(old), pingan_logic.load_policy())
                (old / "notes.txt").write_text("stays", encoding="utf-8")
            elif s.content is _rows:
                write_facts(small, f"sqlite:///{old}", pingan_logic.load_policy())
                with sqlite3.connect(old) as connection:
                    connection.execute("create table theirs (x)")
                connection.close()
            elif s.content is _parts:
                with zipfile.ZipFile(old, "w") as book:
                    book.writestr("old", "old")
            else:
                old.write_bytes(b"old")
            self.old[s.name] = old

    def reset(self, s: Scenario, *, there: bool) -> Path:
        """Return a fresh folder to run in, with the old target when it shall be `there`."""
        home = self.folder / "home"
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir()
        for name in ("sample", "bad", "cases"):
            (home / name).symlink_to(self.folder / name)
        target = home / s.target
        target.parent.mkdir(parents=True, exist_ok=True)
        if there:
            old = self.old[s.name]
            (shutil.copytree if old.is_dir() else shutil.copy2)(old, target)
        return home


@contextmanager
def _temporary_folder() -> Iterator[str]:
    """Make a folder and remove it: here, not as soon as some fork of this process ends."""
    folder = tempfile.mkdtemp(prefix="pingan-kill-")
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def _start(s: Scenario, home: Path) -> int:
    child = os.fork()
    if child:
        return child
    os.chdir(home)
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)
    sys.argv[1:] = s.arguments
    try:
        run()
    except SystemExit as end:
        os._exit(int(end.code or 0))
    finally:
        os._exit(99)


def _names(home: Path, s: Scenario) -> set[str]:
    return set(os.listdir((home / s.target).parent))


def _wait(child: int, seconds: float, stop: Callable[[], bool] = lambda: False) -> int | None:
    """Return the exit status when the child ends in time, None when not or at `stop`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and not stop():
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.0005)
    return None


def _kill_many(
    times: int,
    seed: int,
    number: int = signal.SIGKILL,
    say: Callable[[str], None] = lambda _: None,
) -> Tally:
    """Kill `times` times, in turn through all scenarios, and return what was found."""
    chance = random.Random(seed)
    ends: Counter[tuple[str, str]] = Counter()
    leftovers, wrong = 0, []
    with _temporary_folder() as folder:
        yard = _Yard(Path(folder))
        news: dict[tuple[str, bool], Any] = {}
        turn = killed = 0
        while killed < times:
            turn += 1
            s = SCENARIOS[turn % len(SCENARIOS)]
            there = chance.random() < 0.7
            home = yard.reset(s, there=there)
            old = s.content(home / s.target)
            before = _names(home, s)
            child = _start(s, home)
            if turn // len(SCENARIOS) % 2:
                status = _wait(child, 1.2 * chance.random())
            else:
                status = _wait(child, 60, lambda h=home, b=before, s=s: _names(h, s) != b)
                if status is None:
                    status = _wait(child, chance.random() ** 2 * 0.02)
            if status is None:
                killed += 1
                os.kill(child, number)
                ended = _wait(child, 60)
                if ended is None:
                    os.kill(child, signal.SIGKILL)
                    os.waitpid(child, 0)
                late = ended == (2 if s.name.startswith("check") else 0)
                if number == signal.SIGKILL:
                    assert ended == -number or late
                elif ended != 128 + number and not (late or ended == -number):
                    end = "still there after 60 s" if ended is None else f"exit status {ended}"
                    wrong.append(f"{turn} {s.name}: {end}")
            try:
                found = s.content(home / s.target)
            except Exception as error:  # whatever cannot be read is what is looked for
                wrong.append(f"{turn} {s.name}: {error!r}")
                continue
            # a journal of SQLite's own says what to take back
            left = {
                n for n in _names(home, s) - before if LEFTOVER in n or n == f"{s.target}-journal"
            }
            others = _names(home, s) - before - left - {Path(s.target).name}
            leftovers += len(left)
            kind = "old"
            if found != old:
                if (s.name, there) not in news:
                    news[s.name, there] = _whole(yard, s, there=there)
                kind = "new" if found == news[s.name, there] else "wrong"
            ends[s.name, kind + ("" if status is None else " (finished)")] += 1
            if kind == "wrong" or others or (left and number != signal.SIGKILL):
                wrong.append(f"{turn} {s.name}: {kind} {sorted(others | left)}")
            elif left and s.target == "data" and found is not None:
                _read_beside(yard.folder / "sample", home, left)
            say(f"{killed}/{times} {s.name}: {kind}")
    return Tally(ends, leftovers, tuple(wrong))


def _whole(yard: _Yard, s: Scenario, *, there: bool) -> Any:
    """Return what the target holds after the command was left to finish."""
    home = yard.reset(s, there=there)
    status = _wait(_start(s, home), 120)
    assert status == (2 if s.name.startswith("check") else 0), (s.name, status)
    return s.content(home / s.target)


def _read_beside(data: Path, home: Path, left: set[str]) -> None:
    """Read data with leftovers lying in it."""
    shutil.copytree(data, home / "beside")
    for name in left:
        os.rename(home / name, home / "beside" / name)
    pingan_logic.load_facts(home / "beside")


def kill_apart(times: int, seed: int, name: str) -> str:
    """Kill `times` times by the signal of this name in a process apart, and return its figures.

    Raises AssertionError with what it said when anything was wrong.
    """
    options = ("--times", str(times), "--seed", str(seed), "--signal", name)
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.kill", *options],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def main() -> int:
    """Run and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--signal", default="KILL", choices=["KILL", "TERM", "INT"])
    options = parser.parse_args()
    start = time.monotonic()
    number = getattr(signal, f"SIG{options.signal}")
    tally = _kill_many(options.times, options.seed, number, lambda t: print(t, file=sys.stderr))
    for name in [s.name for s in SCENARIOS]:
        counts = {k: n for (scenario, k), n in sorted(tally.ends.items()) if scenario == name}
        print(f"{name:20}", ", ".join(f"{k} {n}" for k, n in counts.items()))
    print(
        f"{options.times} times SIG{options.signal} in {time.monotonic() - start:.0f} s, "
        f"seed {options.seed}: {tally.leftovers} leftovers, {len(tally.wrong)} wrong"
    )
    print("\n".join(tally.wrong))
    return 1 if tally.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
