"""Work on hundreds of thousands of units: without looking for garbage, and each thing once."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

__all__ = ["each_once", "steady"]

A = TypeVar("A")
B = TypeVar("B")


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
