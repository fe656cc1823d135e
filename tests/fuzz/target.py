"""What a target is: inputs to begin from, and what is done with one input."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from attrs import field, frozen

from tests.fuzz.mutate import TOKENS, Mutate, mutate, numbered

__all__ = ["CORPUS", "TARGETS", "Target", "target"]

CORPUS = Path(__file__).parent / "corpus"
"""Inputs that were finds, in a folder for each target."""


@frozen
class Target:
    """One reader or output under test.

    `run` raises anything when the input is a find; an input that is refused as it should be, or
    accepted, returns. `seconds` is the most processor time of one input. `weight` is its share of a
    run over all targets. `change` makes new inputs of old ones.
    `needs` is a library that may be missing: the target is passed over then, and that is said.
    `stops` says that inputs may exhaust the process in ways that are another
    matter's (a policy that never ends): those are counted as stopped, not as finds.
    """

    name: str
    seeds: Callable[[], list[bytes]]
    run: Callable[[bytes], None]
    tokens: tuple[bytes, ...] = TOKENS
    change: Mutate = mutate
    seconds: float = 5
    weight: int = 1
    stops: bool = False
    needs: str = ""
    memory: int = field(default=3 * 2**30)

    def starts(self) -> list[bytes]:
        """Return the inputs to begin from: the seeds, and every earlier find."""
        kept = sorted((CORPUS / self.name).glob("*.bin"))
        return [*self.seeds(), *(p.read_bytes() for p in kept)]

    def inputs(self, seed: int, begin: int, end: int) -> Iterator[bytes]:
        """Yield the inputs of a run from number `begin` on: the same ones for the same seed."""
        starts = self.starts()
        for number in range(begin, end):
            yield numbered(number, seed, self.name, starts, self.tokens, self.change)


TARGETS: dict[str, Target] = {}


def target(made: Target) -> Target:
    """Register a target."""
    TARGETS[made.name] = made
    return made
