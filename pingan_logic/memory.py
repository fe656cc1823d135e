"""Work on hundreds of thousands of units: without looking for garbage, each thing once, and the
answer piece by piece."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import TypeVar

__all__ = ["batches", "each_once", "steady"]

A = TypeVar("A")
B = TypeVar("B")


def batches(things: Iterable[A]) -> Iterator[list[A]]:
    """Yield things by the thousands, for answers that are larger than what they are made from."""
    left = iter(things)
    while some := list(islice(left, 20_000)):
        yield some


def each_once(make: Callable[[A], B]) -> Callable[[A], B]:
    """Return `make` so that it runs once for each object it is given, told by identity: objects
    shared by thousands of units would take longer to compare than to make something of."""
    made: dict[int, tuple[A, B]] = {}

    def one(thing: A) -> B:
        found = made.get(id(thing))
        if found is None:
            found = made[id(thing)] = thing, make(thing)
        return found[1]

    return one


@contextmanager
def steady() -> Iterator[None]:
    """Do not look for garbage meanwhile: a county's cells and atoms are millions of small objects
    without cycles, and walking them again and again takes a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
