"""Work on hundreds of thousands of units: without looking for garbage, each thing once,
and piece by piece."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import TypeVar

__all__ = ["Once", "batches", "pieces", "without_collector"]

A = TypeVar("A")
B = TypeVar("B")


_SOME = 20_000


def batches(things: Iterable[A]) -> Iterator[list[A]]:
    """Yield things by the thousands, for answers that are larger than what they are made from."""
    left = iter(things)
    while some := list(islice(left, _SOME)):
        yield some


def pieces(things: Sequence[A]) -> Iterator[Sequence[A]]:
    """Yield a sequence by the thousands."""
    for start in range(0, len(things), _SOME):
        yield things[start : start + _SOME]


class Once(dict[A, B]):
    """What `make` makes of each thing, made when it is first looked up: for things that millions
    of units share it takes no call a unit."""

    def __init__(self, make: Callable[[A], B]) -> None:
        self.make = make

    def __missing__(self, thing: A) -> B:
        made = self[thing] = self.make(thing)
        return made


@contextmanager
def without_collector() -> Iterator[None]:
    """Do not look for garbage meanwhile: a county's cells and atoms are millions of small objects
    without cycles, and walking them again and again takes a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
