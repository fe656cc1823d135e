"""A pool of worker processes: recycled, limited in time, and one lost worker costs one question."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Callable
from concurrent.futures import TimeoutError as FutureTimeout
from typing import Any, TypeVar

from pebble import ProcessExpired, ProcessPool

from pingan_logic.guard import guard_worker

__all__ = ["TookTooLong", "WorkerLost", "Workers"]

T = TypeVar("T")


class WorkerLost(Exception):
    """The process that worked on a question died."""


class TookTooLong(Exception):
    """A question took longer than its limit; its worker was ended."""


class Workers:
    """`count` processes, each replaced after `recycle` questions.

    `limit` is in seconds; a process that needs more than `memory` bytes is lost.
    """

    def __init__(self, count: int, recycle: int, limit: float, memory: int | None = None) -> None:
        self.limit = limit
        self.busy = 0
        self._pool = ProcessPool(
            max_workers=count,
            max_tasks=recycle,
            initializer=guard_worker,
            initargs=(memory,),
            context=multiprocessing.get_context("spawn"),
        )

    async def run(
        self, function: Callable[..., T], *arguments: Any, limit: float | None = None
    ) -> T:
        """Run a function in a worker. Raises WorkerLost or TookTooLong."""
        self.busy += 1
        try:
            future = self._pool.schedule(function, args=arguments, timeout=limit or self.limit)
            result: T = await asyncio.wrap_future(future)
        except ProcessExpired:
            raise WorkerLost from None
        except (FutureTimeout, asyncio.TimeoutError, TimeoutError):
            raise TookTooLong from None
        finally:
            self.busy -= 1
        return result

    @property
    def alive(self) -> bool:
        """Whether the pool accepts questions."""
        return bool(self._pool.active)

    def close(self) -> None:
        """Finish what is running, then end the workers."""
        self._pool.close()  # type: ignore[no-untyped-call]
        self._pool.join()
