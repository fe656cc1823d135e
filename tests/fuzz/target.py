"""What a target is: inputs to begin from, and what is done with one input."""

from __future__ import annotations

from collections.abc import Callable

from attrs import field, frozen

from tests.fuzz.mutate import TOKENS

__all__ = ["TARGETS", "Target", "target"]


@frozen
class Target:
    """One reader or output under test.

    `run` raises anything when the input is a find; an input that is refused as it should be, or
    accepted, returns. `seconds` is the most processor time of one input. `weight` is its share of a
    run over all targets. `stops` says that inputs may exhaust the process in ways that are another
    matter's (a policy that never ends): those are counted as stopped, not as finds.
    """

    name: str
    seeds: Callable[[], list[bytes]]
    run: Callable[[bytes], None]
    tokens: tuple[bytes, ...] = TOKENS
    seconds: float = 5
    weight: int = 1
    stops: bool = False
    memory: int = field(default=3 * 2**30)


TARGETS: dict[str, Target] = {}


def target(made: Target) -> Target:
    """Register a target."""
    TARGETS[made.name] = made
    return made
