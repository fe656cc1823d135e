"""Limits and interrupts end a command with a word, a documented status and nothing half done."""

from __future__ import annotations

import asyncio
import os
import pty
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import clingo
import pytest

import pingan_logic
from pingan_logic.errors import LimitError
from pingan_logic.rules.find import data_folder
from pingan_logic.server.workers import WorkerLost, Workers
from pingan_logic.solving import control
from pingan_logic.watchdog import MEBIBYTE, Watchdog, sensible_memory, used_memory
from tests.faults.kill import kill_apart
from tests.policies import copy_policy

COMMAND = [sys.executable, "-m", "pingan_logic"]
SAMPLE = str(data_folder("facts") / "sample-county")


@pytest.fixture(scope="module")
def endless(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return a policy whose grounding takes hours and all memory there is."""
    folder = tmp_path_factory.mktemp("policy") / "endless"
    copy_policy(folder)
    (folder / "zz.lp").write_text(
        "more(0).\nmore(X+1) :- more(X), X < 2000000000.\n", encoding="utf-8"
    )
    return str(folder)


def run(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=100,
        **options,
    )


@contextmanager
def grounding(policy: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Start a command and wait until it is inside the solver."""
    process = subprocess.Popen(
        [*COMMAND, "evaluate", "--policy", policy, "--max-memory", "2000", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    try:
        statm = Path(f"/proc/{process.pid}/statm")
        for _ in range(600):
            if int(statm.read_text(encoding="ascii").split()[1]) * 4096 > 160 * MEBIBYTE:
                break
            time.sleep(0.05)
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--max-memory", "170"], "已停止：超过内存上限170MB（--max-memory）"),
        (["--max-memory", "170", "--lang", "en"], "stopped: more than 170 MB of memory"),
        (["--max-time", "2"], "已停止：超过时间上限2秒（--max-time）"),
    ],
)
def test_a_policy_that_explodes_is_stopped(endless: str, options: list[str], said: str) -> None:
    done = run("evaluate", "--policy", endless, "--facts", SAMPLE, *options)
    assert done.returncode == 3
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith(said)


def test_limits_come_from_the_environment_too(endless: str) -> None:
    done = run("lint", endless, env={**os.environ, "PINGAN_MAX_TIME": "x"})
    assert done.returncode == 2
    done = run("explain", "B-12", "--policy", endless, env={**os.environ, "PINGAN_MAX_TIME": "2"})
    assert done.returncode == 3
    assert "超过时间上限2秒" in done.stderr


def test_without_limits_a_command_answers() -> None:
    done = run("explain", "B-12", "--max-time", "0", "--max-memory", "0", "-q")
    assert done.returncode == 0
    assert done.stderr == ""


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_signal_ends_even_a_solver_call(endless: str, name: str) -> None:
    number = getattr(signal, name)
    with grounding(endless, "--facts", SAMPLE) as process:
        process.send_signal(number)
        start = time.monotonic()
        _, said = process.communicate(timeout=20)
        assert time.monotonic() - start < 10
        assert process.returncode == 128 + number
        assert said.strip().splitlines() == ["已中断，没有留下写了一半的文件"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_reading_at_once(number: int) -> None:
    with subprocess.Popen(
        [*COMMAND, "evaluate", "--facts", "-", "--lang", "en"],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        status = Path(f"/proc/{process.pid}/status")
        for _ in range(400):
            # two threads: the watchdog watches
            if "Threads:\t2" in status.read_text(encoding="ascii"):
                break
            time.sleep(0.05)
        time.sleep(0.5)
        process.send_signal(number)
        assert process.stderr is not None
        assert process.stderr.read().split() == [
            "interrupted;", "no", "half-written", "file", "was", "left",
        ]  # fmt: skip
        assert process.wait(20) == 128 + number


def test_what_is_ignored_stays_ignored() -> None:
    done = run(
        "explain", "B-12", preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN)
    )  # fmt: skip
    assert done.returncode == 0
    watchdog = Watchdog(lambda why: None)
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        watchdog.start()
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
        assert signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL
        watchdog.stop()
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    finally:
        signal.signal(signal.SIGHUP, before)
    assert not [t for t in threading.enumerate() if t.name == "pingan-watchdog"]


def test_a_signal_while_clingo_tells_something_is_raised_once_it_has_told() -> None:
    told: list[str] = []

    def told_of(_: clingo.MessageCode, words: str) -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(0.1)
        told.append(words)

    watchdog = Watchdog(lambda why: None)
    watchdog.start()
    try:
        ctl = clingo.Control(["--warn=all"], logger=told_of)
        with pytest.raises(KeyboardInterrupt):  # noqa: PT012
            ctl.add("base", [], "a :- nowhere.")
            ctl.ground([("base", [])])
            time.sleep(5)
    finally:
        watchdog.stop()
    assert len(told) == 1
    assert watchdog.signal == signal.SIGTERM


def test_interrupted_at_random_nothing_is_left_lying_about() -> None:
    assert "14 times SIGTERM" in (figures := kill_apart(14, 4, "TERM"))
    assert "0 leftovers, 0 wrong" in figures


def test_search_processes_keep_to_their_share_of_memory(tmp_path: Path) -> None:
    names = ["--property", "building_household", "--property", "victim_household"]
    done = run("verify", *names, "--jobs", "2", "--max-memory", "40", cwd=tmp_path)
    assert done.returncode == 3
    assert "--max-memory" in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())


def test_search_processes_end_with_their_parent(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [*COMMAND, "verify", "--bound", "30", "--jobs", "2"],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    workers: list[str] = []
    for _ in range(200):
        workers = children.read_text(encoding="ascii").split()
        if len(workers) == 2:
            break
        time.sleep(0.05)
    assert len(workers) == 2
    time.sleep(1)
    process.kill()
    process.wait()

    def alive(pid: str) -> bool:
        try:
            return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
        except OSError:
            return False

    for _ in range(100):
        if not any(map(alive, workers)):
            break
        time.sleep(0.05)
    assert not any(map(alive, workers))


def test_memory_that_is_refused_is_a_limit_and_no_fault_of_the_policy(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise MemoryError("bad_alloc")

    monkeypatch.setattr(control.clingo.Control, "ground", refuse)
    with pytest.raises(LimitError, match="内存不够"):
        pingan_logic.load_policy()
    from pingan_logic.cli import run as run_here

    with pytest.raises(SystemExit) as stop:
        run_here(["explain", "B-12", "--lang", "en"])
    assert stop.value.code == 3
    assert "out of memory" in capsys.readouterr().err


def test_what_this_machine_can_give_is_known() -> None:
    used, most = used_memory(), sensible_memory()
    assert used is not None
    assert most is not None
    assert 10 * MEBIBYTE < used < most < os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


LONG = {
    "evaluate": (["evaluate", "--facts", SAMPLE], "判定中"),
    "explain": (["explain", "B-12", "--facts", SAMPLE], "判定中"),
    "programme": (["programme", "--facts", SAMPLE], "判定中"),
    "report": (["report", "--facts", SAMPLE, "--out", "r.html"], "写出中"),
    "verify": (["verify", "--property", "building_household", "--bound", "1"], "正在证明"),
    "fix": (["fix", "C-02", "--facts", SAMPLE], "搜索中"),
    "whatif": (["whatif", "--set", "switch(repeated)=3", "--facts", SAMPLE], "正在比较"),
    "convert": (["convert", SAMPLE, "out.json"], "单位"),
    "check": (["check", SAMPLE], "单位"),
}


@pytest.mark.parametrize("name", LONG)
def test_long_work_shows_progress_on_a_terminal_only(tmp_path: Path, name: str) -> None:
    arguments, word = LONG[name]
    master, slave = pty.openpty()
    shown = bytearray()

    def listen() -> None:
        while True:
            try:
                shown.extend(os.read(master, 65536))
            except OSError:
                return

    listener = threading.Thread(target=listen)
    listener.start()
    done = subprocess.run(
        [*COMMAND, *arguments],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=slave,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "100"},
        check=False,
    )
    os.close(slave)
    listener.join()
    os.close(master)
    assert done.returncode == 0
    assert word in shown.decode()
    assert b"\x1b[" in shown
    assert b"\x1b[?25h" in shown
    assert b"\x1b" not in done.stdout
    if name in ("verify", "whatif", "convert"):
        for path in tmp_path.iterdir():
            path.unlink()
        piped = run(*arguments, cwd=tmp_path)
        assert piped.returncode == 0
        assert "\x1b" not in piped.stderr
        assert word not in piped.stderr.replace("单位907行", "")


def test_a_worker_of_the_service_that_needs_too_much_memory_is_lost_alone() -> None:
    async def ask() -> int:
        workers = Workers(1, 10, 60, memory=150 * MEBIBYTE)
        try:
            with pytest.raises(WorkerLost):
                await workers.run(hoard, 400)
            return await workers.run(hoard, 1)
        finally:
            await workers.close()

    assert asyncio.run(ask()) == MEBIBYTE


def hoard(mebibytes: int) -> int:
    """Fill memory and keep it for a while."""
    kept = bytearray(b"x") * (mebibytes * MEBIBYTE)
    time.sleep(mebibytes / 100)
    return len(kept)
