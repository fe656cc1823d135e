"""Work done in forked processes, a new one for each job.

clingo keeps every name it was ever given, and what it looks names up in grows slower with them: a
process that grounds part after part takes half as long again for the tenth as for the first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from multiprocessing import current_process, get_all_start_methods, get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkProcess
from pickle import loads
from typing import Any, TypeVar

from pingan_logic.errors import LimitError
from pingan_logic.guard import alone, guard_worker, memory_of_each
from pingan_logic.memory import steady

__all__ = ["in_processes", "may_fork"]

T = TypeVar("T")


def may_fork() -> bool:
    """Whether it is safe: other threads may hold locks that a forked process waits for for ever."""
    return "fork" in get_all_start_methods() and alone() and not current_process().daemon


def in_processes(
    jobs: Sequence[Callable[[], T]], workers: int, meanwhile: Callable[[], object] | None = None
) -> list[T]:
    """Do each of the jobs in a process forked for it, `workers` of them at once, and `meanwhile` in
    this one; return what the jobs return.

    Raises what a job raises, and LimitError when a process ends before it has answered, as one does
    that needs more memory than there is.
    """
    context, memory = get_context("fork"), memory_of_each(workers)
    waiting = list(enumerate(jobs))[::-1]
    running: dict[Connection, tuple[int, ForkProcess]] = {}
    ended: list[ForkProcess] = []
    found: dict[int, T] = {}

    def start() -> None:
        while waiting and len(running) < workers:
            number, job = waiting.pop()
            here, there = context.Pipe(duplex=False)
            process = context.Process(target=_work, args=(job, there, memory), daemon=True)
            process.start()
            there.close()
            running[here] = number, process

    try:
        start()
        if meanwhile is not None:
            meanwhile()
        while running:
            for connection in wait(list(running)):
                assert isinstance(connection, Connection)
                answer = _received(connection)
                number, process = running.pop(connection)
                ended.append(process)
                start()
                found[number] = _unpacked(answer)
    finally:
        for connection, (_, process) in running.items():
            process.kill()
            connection.close()
        for process in (*ended, *(process for _, process in running.values())):
            process.join()
    return [found[n] for n in range(len(jobs))]


def _received(connection: Connection) -> bytes:
    with connection:
        try:
            return connection.recv_bytes()
        except EOFError:
            raise LimitError.memory() from None


def _unpacked(answer: bytes) -> Any:
    error, found = loads(answer)
    if error is not None:
        raise error
    return found


def _work(job: Callable[[], object], connection: Connection, memory: int | None) -> None:
    guard_worker(memory)
    try:
        with steady():
            answer = job()
    except Exception as error:
        connection.send((error, None))
    else:
        connection.send((None, answer))
