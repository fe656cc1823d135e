"""Ends a process that needs too much time or memory, or that is interrupted inside a solver call.

Grounding is one call into clingo that may take minutes and gigabytes; until it returns Python
neither runs a signal handler nor raises anything, and clingo's own interrupt does not reach it. The
call does let other threads run, so one of them watches the clock, the memory and the signals.
Limits set on the process (`ulimit`) are no substitute: clingo may then die without a word.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

from pingan_logic.files import discard_temporaries

__all__ = [
    "MEBIBYTE",
    "Watchdog",
    "memory_of_each",
    "sensible_memory",
    "used_memory",
    "watch_worker",
]

MEBIBYTE = 2**20

_TICK = 0.05
_GRACE = 1.0
_NAME = "pingan-watchdog"
_TELLING = "_pyclingo_logger_callback"
_at_work: list[Watchdog] = []
_SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)
_PAGE = 0
if sys.platform != "win32":
    _PAGE = os.sysconf("SC_PAGE_SIZE")


def used_memory() -> int | None:
    """Return the bytes of memory that this process occupies; None where that is not known."""
    try:
        with open("/proc/self/statm", "rb") as file:
            return int(file.read().split()[1]) * _PAGE
    except OSError:
        pass
    if (process := _psutil()) is not None:
        return int(process.Process().memory_info().rss)
    if sys.platform == "win32":
        return None
    try:
        import resource
    except ImportError:
        return None
    # the most that was ever used, in bytes on macOS
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


@cache
def _psutil() -> ModuleType | None:
    """Return psutil, which comes with the program where the system itself tells nothing."""
    try:
        return import_module("psutil")
    except ImportError:
        return None


def sensible_memory() -> int | None:
    """Return the bytes that a process may take without harm to the machine, None if unknown.

    That is three quarters of the memory of the machine or container, but no more than nine tenths
    of what others leave free at the moment.
    """
    sizes = []
    if sys.platform != "win32" and "SC_PHYS_PAGES" in os.sysconf_names:
        sizes.append(os.sysconf("SC_PHYS_PAGES") * _PAGE * 3 // 4)
    with suppress(OSError, ValueError):
        group = Path("/sys/fs/cgroup/memory.max").read_text(encoding="ascii")
        sizes.append(int(group) * 3 // 4)
    with suppress(OSError, StopIteration):
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        free = next(line for line in lines if line.startswith("MemAvailable:"))
        sizes.append(int(free.split()[1]) * 1024 * 9 // 10)
    if not Path("/proc/meminfo").exists() and (machine := _psutil()) is not None:
        found = machine.virtual_memory()
        sizes += [int(found.total) * 3 // 4, int(found.available) * 9 // 10]
    return min(sizes, default=None)


class Watchdog:
    """Watches this process from `start` to `stop`.

    `said` is called with why the process ends (`time`, `memory` or `signal`) just before it does,
    with exit status 3, or 128 and the signal's number; files that are being written are removed.
    The first signal raises KeyboardInterrupt in the main thread, which has a second to unwind.
    """

    TOO_MUCH = 3

    def __init__(self, said: Callable[[str], None]) -> None:
        self.said = said
        self.signal: int | None = None
        self.seconds: float | None = None
        self.memory: int | None = None
        self._deadline: float | None = None
        self._parent: int | None = None
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()
        self._pipe: tuple[int, int] | None = None
        self._before: dict[int, Any] = {}
        self._wakeup = -1
        self._hook = sys.unraisablehook

    def start(
        self, seconds: float | None = None, memory: int | None = None, *, worker: bool = False
    ) -> None:
        """Allow `seconds` from now and `memory` bytes; None is no limit.

        A worker ends with its parent and leaves the signals alone.
        """
        self.seconds, self.memory = seconds, memory
        self._deadline = None if seconds is None else time.monotonic() + seconds
        if worker:
            self._parent = os.getppid()
        elif threading.current_thread() is threading.main_thread() and sys.platform != "win32":
            self._pipe = os.pipe()
        self._thread = threading.Thread(target=self._watch, name=_NAME, daemon=True)
        self._thread.start()
        _at_work.append(self)
        if self._pipe is not None:
            self._catch_signals(self._pipe[1])

    def stop(self, *, ending: bool = False) -> None:
        """Watch no longer, and leave the signals as they were.

        When the process is `ending` anyway they are no longer answered instead.
        """
        self._stopping.set()
        if self in _at_work:
            _at_work.remove(self)
        if self._pipe is not None:
            os.write(self._pipe[1], b"\0")
        if self._thread is not None and self._thread.ident is not None:
            self._thread.join()
            self._thread = None
        if self._pipe is not None:
            sys.unraisablehook = self._hook
            signal.set_wakeup_fd(self._wakeup)
            for number, handler in self._before.items():
                if not ending:
                    signal.signal(number, handler)
            for end in self._pipe:
                os.close(end)
            self._pipe = None

    def _catch_signals(self, pipe: int) -> None:
        if sys.platform != "win32":
            os.set_blocking(pipe, False)
        self._wakeup = signal.set_wakeup_fd(pipe, warn_on_full_buffer=False)
        self._hook, sys.unraisablehook = sys.unraisablehook, self._unraisable
        for number in _SIGNALS:
            # what is ignored stays ignored: nohup, a job in the background
            if signal.getsignal(number) is not signal.SIG_IGN:
                self._before[number] = signal.getsignal(number)
                signal.signal(number, self._interrupt)

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        if self.signal is None and not self._stopping.is_set() and not _is_told(frame):
            self.signal = number
            raise KeyboardInterrupt

    def _unraisable(self, found: sys.UnraisableHookArgs) -> None:
        """Say nothing of an interrupt while an object was freed: the watch ends the process."""
        if not isinstance(found.exc_value, KeyboardInterrupt):
            self._hook(found)

    def _watch(self) -> None:
        caught: tuple[int, float] | None = None
        while not self._stopping.wait(0 if self._pipe else _TICK):
            if self._pipe and select.select([self._pipe[0]], [], [], _TICK)[0]:
                numbers = [n for n in os.read(self._pipe[0], 64) if n in self._before]
                if numbers and caught is None:
                    caught = numbers[0], time.monotonic() + _GRACE
            if sys.platform != "win32" and caught is not None and self.signal is None:
                # nothing could be raised where it came
                signal.pthread_kill(threading.main_thread().ident or 0, caught[0])
            now = time.monotonic()
            if caught is not None and now > caught[1]:
                self._end("signal", 128 + caught[0])
            if self._deadline is not None and now > self._deadline:
                self._end("time", self.TOO_MUCH)
            if self.memory is not None and (used_memory() or 0) > self.memory:
                self._end("memory", self.TOO_MUCH)
            if self._parent is not None and os.getppid() != self._parent:
                self._end("parent", self.TOO_MUCH)

    def _end(self, why: str, status: int) -> None:
        if self._stopping.is_set():
            return
        try:
            self.said(why)
            discard_temporaries()
        finally:
            os._exit(status)


def _is_told(frame: FrameType | None) -> bool:
    """Return whether clingo is telling something: what is raised there ends the process."""
    while frame is not None and frame.f_code.co_name != _TELLING:
        frame = frame.f_back
    return frame is not None


def memory_of_each(workers: int) -> int | None:
    """Return the bytes that each of some workers to be forked may use, None without a limit: what
    they share with this process, and equal parts of what it is still allowed."""
    limits = [watchdog.memory for watchdog in _at_work if watchdog.memory is not None]
    if not limits:
        return None
    used = used_memory() or 0
    return used + max(0, min(limits) - used) // workers


def watch_worker(memory: int | None) -> None:
    """Watch a worker process: it ends with its parent, or when it needs more than `memory` bytes.

    Interrupts are for the parent to deal with.
    """
    signal.set_wakeup_fd(-1)
    for number in _SIGNALS:
        ignored = number == signal.SIGINT
        signal.signal(number, signal.SIG_IGN if ignored else signal.SIG_DFL)
    Watchdog(lambda why: None).start(memory=memory, worker=True)
