"""Worker processes: a question at a time, ended when it takes too long or nobody waits for it any
more, and replaced whenever one is gone.

Each process has a pipe of its own: a pool whose processes share one stops for ever when a process
is killed that holds its lock, as an idle one does.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import multiprocessing.context
import signal
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pickle import dumps, loads
from threading import Lock
from typing import Any, TypeVar

from attrs import define

from pingan_logic.server.turns import Turns
from pingan_logic.watchdog import watch_worker

if sys.platform == "win32":
    from multiprocessing.connection import PipeConnection as Pipe
else:
    from multiprocessing.connection import Connection as Pipe

__all__ = ["TookTooLong", "WorkerFailed", "WorkerLost", "Workers", "where"]

T = TypeVar("T")

_START = 120.0
"""Seconds within which a process has to be ready."""
_LOOK = 0.25
"""Seconds between looks at the processes that have nothing to do."""
_TRIES = 3
"""How often a question is asked whose process died before it had reached it."""
_PAUSES = (0.0, 0.5, 2.0, 10.0)
"""Seconds to wait before a process is started again, the more of them failed to start."""


class WorkerLost(Exception):
    """The process that worked on a question died."""


class _NotBegun(WorkerLost):
    """The process died before the question had reached it."""


class TookTooLong(Exception):
    """A question took longer than its limit; its worker was ended."""


class WorkerFailed(Exception):
    """A question raised what it should not have; `words` name the error and its place, no data."""

    words: str

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


Job = tuple[Callable[..., Any], tuple[Any, ...]]


class _Process:
    """A process and the pipe to it. What blocks is called in a thread."""

    memory: int | None
    ready: bool
    killed: bool
    questions: int
    process: multiprocessing.context.SpawnProcess

    def __init__(self, memory: int | None) -> None:
        self.memory = memory
        self.ready = self.killed = False
        self.questions = 0
        self._at_work = Lock()
        self.pipe: Pipe[Any, Any]
        context = multiprocessing.get_context("spawn")
        self.pipe, self._theirs = context.Pipe()
        self.process = context.Process(target=_work, args=(self._theirs, memory), daemon=True)

    def start(self, begin: bytes) -> None:
        """Start it and wait until it is ready. Raises WorkerLost."""
        if sys.platform != "win32":
            # an interrupt is for the service to answer, also while the process is still importing
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        good = False
        with self._at_work, suppress(EOFError, OSError):
            if not self.killed:
                self.process.start()
                self._theirs.close()
                self.pipe.send_bytes(begin)
                good = self._begun()
        if not good:
            self.kill()
            raise WorkerLost
        self.ready = True

    def _begun(self) -> bool:
        self.pipe.recv_bytes()
        good: bool = self.pipe.poll(_START) and loads(self.pipe.recv_bytes())[0]
        return good

    def ask(self, job: Job) -> Any:
        """Return what the job returns. Raises WorkerLost, or WorkerFailed with what it raised."""
        lost: type[WorkerLost] = _NotBegun
        try:
            with self._at_work:
                self.pipe.send_bytes(dumps(job))
                self.pipe.recv_bytes()
                lost = WorkerLost
                good, answer = loads(self.pipe.recv_bytes())
        except (EOFError, OSError):
            self.kill()
            raise lost from None
        if not good:
            raise WorkerFailed(answer)
        return answer

    @property
    def alive(self) -> bool:
        """Whether it is ready, or at work."""
        return self.ready and not self.killed and self.process.is_alive()

    def kill(self) -> None:
        """End it at once."""
        self.killed = True
        if self.process.pid is not None:
            self.process.kill()

    def leave(self) -> None:
        """Let it end, which it does when nothing can be asked any more; wait until it has."""
        with self._at_work:  # no other thread still reads from what is closed
            self.pipe.close()
        if self.process.pid is not None:
            self.process.join(5)
            self.process.kill()
            self.process.join()


def _work(pipe: Pipe[Any, Any], memory: int | None) -> None:
    watch_worker(memory)
    while True:
        try:
            job = pipe.recv_bytes()
            pipe.send_bytes(b"")
        except (EOFError, OSError):
            return
        try:
            function, arguments = loads(job)
            answer = dumps((True, function(*arguments)))
        except BaseException as error:
            answer = dumps((False, where(error)))
        pipe.send_bytes(answer)


def where(error: BaseException) -> str:
    """Name an error and the place that raised it; its own text may hold data."""
    if isinstance(error, WorkerFailed):
        return error.words
    place, trace = "", error.__traceback__
    while trace is not None:
        name = trace.tb_frame.f_globals.get("__name__", "")
        place, trace = f"{name}:{trace.tb_lineno}", trace.tb_next
    return f"{type(error).__name__} {place}".rstrip()


def _nothing() -> None:
    pass


@define(eq=False)
class _Slot:
    """The place of a process among the others."""

    process: _Process | None = None
    idle: bool = False
    failures: int = 0


class Workers:
    """`count` processes, each replaced after `recycle` questions.

    `limit` is in seconds; a process that needs more than `memory` bytes is lost. `queue` questions
    may wait. Each process first does the job `begin`. To be used within one event loop.
    """

    recycle: int
    limit: float
    memory: int | None

    def __init__(
        self,
        count: int,
        recycle: int,
        limit: float,
        memory: int | None = None,
        *,
        queue: int = 64,
        begin: Job = (_nothing, ()),
    ) -> None:
        self.recycle, self.limit, self.memory = recycle, limit, memory
        self._begin = dumps(begin)
        self._slots = [_Slot() for _ in range(count)]
        self._turns: Turns[_Slot] = Turns(count, queue, self._free, self._give_back)
        self._threads = ThreadPoolExecutor(2 * count + 1, "pingan-worker")
        self._tasks: set[asyncio.Task[None]] = set()
        self._open = self._closed = False

    async def run(
        self,
        function: Callable[..., T],
        *arguments: Any,
        limit: float | None = None,
        caller: str = "",
        light: bool = False,
    ) -> T:
        """Run a function in a worker; when this is cancelled the worker is ended.

        `caller` is who asks and `light` whether the answer takes no time worth speaking of: no
        caller gets the last worker for a second question unless it is light. Raises WorkerLost,
        TookTooLong, WorkerFailed, or Busy when too many questions wait already.
        """
        self.open()
        for _ in range(0 if self._closed else _TRIES):
            slot = await self._turns.wait(caller, light)
            try:
                result: T = await self._ask(slot, (function, arguments), limit or self.limit)
                return result
            except _NotBegun:
                continue
            finally:
                self._turns.leave(caller, slot)
        raise WorkerLost

    async def _ask(self, slot: _Slot, job: Job, limit: float) -> Any:
        process, late = slot.process, False
        assert process is not None

        def stop() -> None:
            nonlocal late
            late = True
            process.kill()

        process.questions += 1
        loop = asyncio.get_running_loop()
        timer = loop.call_later(limit, stop)
        work = loop.run_in_executor(self._threads, process.ask, job)
        work.add_done_callback(_seen)
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            process.kill()
            raise
        except WorkerLost:
            if late:
                raise TookTooLong from None
            raise
        finally:
            timer.cancel()

    def _free(self) -> _Slot | None:
        """Take a process that has nothing to do."""
        for slot in self._slots:
            if slot.idle:
                slot.idle = False
                if slot.process is not None and slot.process.alive:
                    return slot
                self._restore(slot)
        return None

    def _give_back(self, slot: _Slot) -> None:
        process = slot.process
        if process is not None and process.alive and process.questions < self.recycle:
            slot.idle = True
        else:
            self._restore(slot)

    def _restore(self, slot: _Slot) -> None:
        """Put another process in the place of one."""
        old, slot.process, slot.idle = slot.process, None, False
        if not self._closed:
            self._keep(self._replace(slot, old))

    async def _replace(self, slot: _Slot, old: _Process | None) -> None:
        loop = asyncio.get_running_loop()
        while not self._closed:
            await asyncio.sleep(_PAUSES[min(slot.failures, len(_PAUSES) - 1)])
            new = _Process(self.memory)
            slot.process = new
            if old is not None:
                loop.run_in_executor(self._threads, old.leave).add_done_callback(_seen)
                old = None
            try:
                await loop.run_in_executor(self._threads, new.start, self._begin)
            except (WorkerLost, OSError):
                slot.failures += 1
                old, slot.process = new, None
            else:
                slot.failures, slot.idle = 0, True
                self._turns.hand_out()
                return

    async def _look(self) -> None:
        """Replace processes that ended while they had nothing to do."""
        while True:
            await asyncio.sleep(_LOOK)
            for slot in self._slots:
                if slot.idle and (slot.process is None or not slot.process.alive):
                    self._restore(slot)

    def renew(self) -> None:
        """Replace every process, one at work when it is done: none keeps what it was told."""
        for slot in self._slots:
            if slot.process is not None:
                slot.process.questions = self.recycle
                if slot.idle:
                    self._restore(slot)

    def _keep(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    @property
    def alive(self) -> bool:
        """Whether some process can answer, or is answering."""
        return any(s.process is not None and s.process.alive for s in self._slots)

    @property
    def failing(self) -> bool:
        """Whether no process could be started again, however often it was tried."""
        return all(s.failures >= len(_PAUSES) - 1 for s in self._slots)

    def open(self) -> None:
        """Start the processes, unless they have been."""
        if not self._open:
            self._open = True
            for slot in self._slots:
                self._restore(slot)
            self._keep(self._look())

    async def close(self) -> None:
        """End the processes; what they are still asked is lost."""
        self._closed = True
        for task in self._tasks:
            task.cancel()
        processes = [s.process for s in self._slots if s.process is not None]
        for slot in self._slots:
            if slot.process is not None and not slot.idle:
                slot.process.kill()
        loop = asyncio.get_running_loop()
        await asyncio.gather(*(loop.run_in_executor(self._threads, p.leave) for p in processes))
        self._threads.shutdown(wait=False)


def _seen(done: asyncio.Future[Any]) -> None:
    """Take note of how something ended that nobody waits for."""
    if not done.cancelled():
        done.exception()
