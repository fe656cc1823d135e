"""Small worlds of one unit: what is recorded of three items, what happened, and its ledgers.

What no ledger covers may hold incidents, what is not graded may be graded in any way, and what is
not recorded may be any of its range. What the clauses of a notice make of it, each notice says.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import combinations, product
from typing import Any, ClassVar, TypeVar

from attrs import evolve, frozen

from pingan_logic import Facts
from pingan_logic.model import Incident, Ledger, Unit, Value

__all__ = ["ITEMS", "TYPES", "YEAR", "Counted", "some_of"]

YEAR = 2020
ITEMS = {"sales": range(4), "stars": range(3), "post": range(2)}
"""The items and all that may be recorded of them."""
COSTS = {"sales": (2, 3), "stars": (4, 5), "post": (6, 8)}
"""What recording an item costs, and each step of changing it."""
LEDGER = 6
"""What a ledger costs."""
TYPES = ("gambling", "public_security_case")
Happened = tuple[str, "str | None"]
"""The type and the grade of an incident."""
C = TypeVar("C", bound="Counted")


@frozen
class Counted:
    """What is recorded of a unit, what happened, and the items of its ledgers."""

    kind: ClassVar[str]
    looked_at: ClassVar[Sequence[str]] = tuple(ITEMS)
    """The items that leave the unit open while they are not recorded."""
    most: ClassVar[int]
    """How many incidents a ledger may hold, at most, for all that the clauses can tell apart."""

    values: dict[str, int | None]
    happened: tuple[Happened, ...]
    ledgers: frozenset[str]

    def facts(self, prefix: str = "", container: str | None = None) -> Facts:
        """Return the data, each id after a prefix."""
        m = f"{prefix}M"
        return Facts(
            units=[Unit(m, self.kind, "", container)],
            incidents=[
                Incident(f"{prefix}{n}", m, t, date(YEAR, 5, 5), g)
                for n, (t, g) in enumerate(self.happened)
            ],
            ledgers=[Ledger(m, t, YEAR) for t in sorted(self.ledgers)],
            values=[
                Value(m, i, YEAR, ("no", "yes")[v] if i == "post" else v)
                for i, v in self.values.items()
                if v is not None
            ],
        )

    def decided(self) -> bool:
        """Whether it is known what the unit comes to."""
        raise NotImplementedError

    @property
    def unfiled(self) -> list[str]:
        """The items without a ledger."""
        return [t for t in TYPES if t not in self.ledgers]

    @property
    def blank(self) -> list[int]:
        """The incidents whose grade is not known."""
        return [n for n, (t, g) in enumerate(self.happened) if t != "gambling" and g is None]

    def large(self) -> int:
        """Return how many graded incidents are large."""
        return sum(t != "gambling" and g == "large" for t, g in self.happened)

    def completed(self: C, looks: Iterable[str]) -> Iterator[C]:
        """Yield the worlds with some items and all that happened filled in, in every way."""
        lacking = [i for i in looks if self.values[i] is None]
        more = [((), ((t, "large"),) * 20) for t in self.unfiled]
        for some, grades, others in product(
            list(product(*(ITEMS[i] for i in lacking))),
            list(product(("minor", "large"), repeat=len(self.blank))),
            list(product(*more)),
        ):
            happened = [*self._graded(self.blank, grades), *(x for group in others for x in group)]
            yield self._with(lacking, some, happened, frozenset(TYPES))

    def edits(self, item: str, *, open_year: bool) -> list[tuple[int | None, int]]:
        """Return what the value of an item may be after an edit, each with its cost."""
        now, (supply, change) = self.values[item], COSTS[item]
        found = [(now, 0)]
        for other in ITEMS[item]:
            if now is None:
                found.append((other, supply))
            elif open_year and other != now:
                found.append((other, change * abs(other - now)))
        return found

    def acts(self) -> Iterator[list[tuple[int, Happened | None]]]:
        """Yield, for each incident, what it may be after an edit (None: settled), each with its
        cost."""
        for t, g in self.happened:
            settle: list[tuple[int, Happened | None]] = [(7, None)] if t == "gambling" else []
            grade: list[tuple[int, Happened | None]] = [(2, (t, "minor"))] if g is None else []
            yield [(0, (t, g)), *settle, *grade]

    def fewest(self) -> int:
        """Return how many records decide what the unit comes to, whatever they say."""
        records: list[object] = [i for i in self.looked_at if self.values[i] is None]
        records += [*((t,) for t in self.unfiled), *self.blank]
        for size in range(len(records) + 1):
            for some in combinations(records, size):
                if all(w.decided() for w in self.contents(some)):
                    return size
        raise AssertionError

    def contents(self: C, some: tuple[object, ...]) -> Iterator[C]:
        """Yield the worlds in which some records are there, whatever they say."""
        items = [x for x in some if isinstance(x, str)]
        filed = [x[0] for x in some if isinstance(x, tuple)]
        graded = [x for x in some if isinstance(x, int)]
        for values, numbers, grades in product(
            list(product(*(ITEMS[i] for i in items))),
            list(product(range(self.most), repeat=len(filed))),
            list(product(("minor", "large"), repeat=len(graded))),
        ):
            happened = self._graded(graded, grades)
            for t, n in zip(filed, numbers, strict=True):
                happened += [(t, "large")] * n
            yield self._with(items, values, happened, self.ledgers.union(filed))

    def _graded(self, some: Iterable[int], grades: Iterable[str]) -> list[Happened]:
        turned = dict(zip(some, grades, strict=True))
        return [(t, turned.get(n, g)) for n, (t, g) in enumerate(self.happened)]

    def _with(
        self: C,
        items: Iterable[str],
        values: Iterable[int],
        happened: Iterable[Happened],
        ledgers: frozenset[str],
    ) -> C:
        known = {**self.values, **dict(zip(items, values, strict=True))}
        return evolve(self, values=known, happened=tuple(happened), ledgers=ledgers)


def some_of(rng: random.Random, numbers: Sequence[int]) -> dict[str, Any]:
    """Return what happened, as often as one of `numbers`, and the ledgers, of which about every
    fourth is lacking."""
    happened = tuple(
        (rng.choice(TYPES), rng.choice((None, "minor", "large")))
        for _ in range(rng.choice(numbers))
    )
    return {"happened": happened, "ledgers": frozenset(t for t in TYPES if rng.random() < 0.75)}
