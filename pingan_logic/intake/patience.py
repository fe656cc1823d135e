"""How long, and for how much, a database is waited for: it may say nothing, or never end."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from contextvars import copy_context
from typing import TypeVar

from pingan_logic.limits import DATABASE_SECONDS, FILE_BYTES
from pingan_logic.watchdog import used_memory

__all__ = ["Patience"]

T = TypeVar("T")
_TICK = 0.05
_GRACE = 1
"""Seconds for a driver to notice that its line was cut."""


class Patience:
    """Lasts DATABASE_SECONDS, and FILE_BYTES of memory for each answer.

    `over` says in Chinese and English which of them a database went beyond.
    """

    def __init__(self) -> None:
        self.over: tuple[str, str] | None = None
        self._end = time.monotonic() + DATABASE_SECONDS
        self._used = used_memory() or 0
        self._done = threading.Event()

    def answered(self) -> None:
        """Begin to count the memory of the next answer."""
        self._used = used_memory() or 0

    def at_end(self) -> bool:
        """Whether the database has gone too far."""
        if time.monotonic() > self._end:
            self.over = (
                f"数据库{DATABASE_SECONDS}秒内没有给出全部行，已停止（视图没有尽头？）",
                f"the database did not give its rows in {DATABASE_SECONDS} seconds: stopped (a "
                "view without end?)",
            )
        elif (used_memory() or 0) - self._used > FILE_BYTES:
            most = FILE_BYTES // 2**20
            self.over = (
                f"数据库的一次回答超过{most}MiB，已停止",
                f"the database gave more than {most} MiB in one answer: stopped",
            )
        return self.over is not None

    def wait_for(self, work: Callable[[], T]) -> T:
        """Return what `work` returns, in a thread of its own: not every driver has a line to cut.

        Raises what it raises, and TimeoutError at the end of patience; the thread is left alone.
        """
        given: list[T] = []
        raised: list[BaseException] = []

        def run() -> None:
            try:
                given.append(work())
            except BaseException as error:
                raised.append(error)

        thread = threading.Thread(target=copy_context().run, args=(run,), daemon=True)
        thread.start()
        while thread.is_alive():
            thread.join(_TICK)
            if self.at_end():
                thread.join(_GRACE)
                break
        if raised:
            raise raised[0]
        if not given:
            raise TimeoutError
        return given[0]

    def watch(self, line: int) -> None:
        """Cut the connection with this socket when patience is at its end.

        Only that ends a call that waits for the server: time limits of SQL are the server's to
        keep.
        """
        # a socket of its own, which stays what it is when the connection is closed meanwhile; what
        # family it is of does not matter here
        mine = socket.fromfd(line, socket.AF_INET, socket.SOCK_STREAM)
        threading.Thread(target=self._watch, args=(mine,), daemon=True).start()

    def _watch(self, line: socket.socket) -> None:
        with line:
            while not self._done.wait(_TICK):
                if self.at_end():
                    with suppress(OSError):
                        line.shutdown(socket.SHUT_RDWR)
                    return

    def __enter__(self) -> Patience:
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
