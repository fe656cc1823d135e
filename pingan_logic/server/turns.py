"""Whose turn it is: questions wait in a line for each caller, and the callers take turns."""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from typing import Generic, TypeVar

from attrs import define

__all__ = ["Busy", "Turns"]

S = TypeVar("S")


class Busy(Exception):
    """Too many questions wait already, in all or of one caller."""


@define(eq=False)
class _Waiting(Generic[S]):
    place: asyncio.Future[S]
    light: bool


class Turns(Generic[S]):
    """Hands out `count` places, which `free` returns when there are some and `back` takes again.

    Up to `most` questions wait, half of them of one caller. The last place is for a caller who has
    none yet, or for a light question.
    """

    count: int
    most: int
    free: Callable[[], S | None]
    back: Callable[[S], None]

    def __init__(
        self, count: int, most: int, free: Callable[[], S | None], back: Callable[[S], None]
    ) -> None:
        self.count, self.most, self.free, self.back = count, most, free, back
        self._lines: OrderedDict[str, deque[_Waiting[S]]] = OrderedDict()
        self._served: Counter[str] = Counter()

    async def wait(self, caller: str, light: bool) -> S:
        """Return a place, when it is this caller's turn. Raises Busy."""
        waiting: _Waiting[S] = _Waiting(asyncio.get_running_loop().create_future(), light)
        line = self._lines.setdefault(caller, deque())
        line.append(waiting)
        self.hand_out()
        if not waiting.place.done() and self._too_many(line):
            self._forget(caller, waiting)
            raise Busy
        try:
            return await waiting.place
        except asyncio.CancelledError:
            if waiting.place.done() and not waiting.place.cancelled():
                self.leave(caller, waiting.place.result())
            else:
                self._forget(caller, waiting)
            raise

    def leave(self, caller: str, place: S) -> None:
        """Take back the place of a caller."""
        self.back(place)
        self._served[caller] -= 1
        if not self._served[caller]:
            del self._served[caller]
        self.hand_out()

    def hand_out(self) -> None:
        """Give the places that are free to those whose turn it is."""
        while (found := self._next()) is not None:
            caller, waiting = found
            place = self.free()
            if place is None:
                return
            self._forget(caller, waiting)
            if caller in self._lines:
                self._lines.move_to_end(caller)
            self._served[caller] += 1
            waiting.place.set_result(place)

    def _next(self) -> tuple[str, _Waiting[S]] | None:
        last = 1 < self.count <= self._served.total() + 1
        for caller, line in self._lines.items():
            for waiting in line:
                # one that was given up a moment ago may not have left its line yet
                here = not waiting.place.done()
                if here and (waiting.light or not last or not self._served[caller]):
                    return caller, waiting
        return None

    def _too_many(self, line: deque[_Waiting[S]]) -> bool:
        return len(line) > -(-self.most // 2) or sum(map(len, self._lines.values())) > self.most

    def _forget(self, caller: str, waiting: _Waiting[S]) -> None:
        line = self._lines[caller]
        line.remove(waiting)
        if not line:
            del self._lines[caller]
