"""A notice whose clauses ask for rates of incidents, its small worlds, and their answers.

The answers are worked out here, over all completions: what no ledger covers may hold incidents,
what is not graded may be graded in any way, and a number that is not recorded may be any.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from itertools import combinations, product
from pathlib import Path

from attrs import evolve, frozen

from pingan_logic import Facts
from pingan_logic.model import Incident, Ledger, Unit, Value
from tests.one_standard import one_standard

__all__ = ["CLAUSES", "PEOPLE", "YEAR", "World", "folder", "random_world"]

YEAR = 2020
PEOPLE = range(1, 9)
"""All that may be recorded of the people of a village."""
CLAUSES = {
    "village_rate": ("criminal_case", False, lambda n, p: Fraction(n, p) < Fraction(1, 2)),
    "village_grave": ("public_security_case", True, lambda n, p: Fraction(n, p) <= Fraction(1, 3)),
}
"""Of each clause the type that it counts, whether only those graded large or above, and when so
many of them, by so many people, will do."""
COSTS = {"village": 15, "county": 20}
"""What the ledger of one item costs, by the kind that keeps it; settling costs 7, grading 2, and
recording the people 3."""
_RULES = """%*!
三（一）平安村 / the standard for a village.
*%
clause(village_rate, village, "三（一）1", "每2人刑事案件低于1起").
english(village_rate, "fewer than 1 criminal case per 2 people").
measures(village_rate, rate(criminal_case,people)).
asks_for(village_rate, below, 1, 2).
clause(village_grave, village, "三（一）1", "每3人较大治安案件不高于1起").
english(village_grave, "at most 1 large public-security case per 3 people").
measures(village_grave, rate(public_security_case,people,at_least(large))).
asks_for(village_grave, at_most, 1, 3).
input(people, village, whole, "人口", "people").
input_unit(people, "人", "people").
input_range(people, 1, 8).
supply_cost(people, 3).
settle_cost((criminal_case;public_security_case), (village;household), 7).
"""
_STANDARD = "1.每2人刑事案件低于1起，每3人较大治安案件不高于1起。"


def folder(where: Path, rules: str = _RULES) -> Path:
    """Write the notice: a village is judged by its rates."""
    case = "- name: 没有登记人口\n  units: {村: village}\n  expect: {村: 待核 village_rate}\n"
    made = one_standard(
        where, "village", "三（一）", "平安村", standard=_STANDARD, rules=rules, case=case
    )
    efforts = (made / "remedies.lp").read_text(encoding="utf-8")
    efforts = efforts.replace("ledger_cost(county, 60)", f"ledger_cost(county, {COSTS['county']})")
    (made / "remedies.lp").write_text(efforts, encoding="utf-8")
    return made


@frozen
class World:
    """A village in a county: what happened there (unit, type, grade), which ledgers there are
    (unit, type), and how many people are recorded."""

    happened: tuple[tuple[str, str, str | None], ...]
    ledgers: frozenset[tuple[str, str]]
    people: int | None

    def facts(self, prefix: str = "") -> Facts:
        """Return the data, each id after a prefix."""
        c, v, h = (prefix + x for x in "CVH")
        return Facts(
            units=[
                Unit(c, "county"), Unit(v, "village", "", c), Unit(h, "household", "", v),
            ],
            incidents=[
                Incident(f"{prefix}{n}", prefix + u, t, date(YEAR, 5, 5), g)
                for n, (u, t, g) in enumerate(self.happened)
            ],
            ledgers=[Ledger(prefix + u, t, YEAR) for u, t in sorted(self.ledgers)],
            values=[] if self.people is None else [Value(v, "people", YEAR, self.people)],
        )  # fmt: skip

    def lacking(self, clause: str) -> bool:
        """Whether no ledger covers what a clause counts."""
        kind = CLAUSES[clause][0]
        return not {("C", kind), ("V", kind)} & self.ledgers

    def status(self, clause: str) -> str:
        """Return what a clause is, over all completions."""
        kind, graded, will_do = CLAUSES[clause]
        here = [g for _, t, g in self.happened if t == kind]
        open_ = sum(graded and g is None for g in here)
        sure = sum(not graded or g == "large" for g in here)
        more = (0, 100) if self.lacking(clause) else (0,)
        known = PEOPLE if self.people is None else (self.people,)
        found = {
            will_do(sure + turned + others, p)
            for turned in range(open_ + 1)
            for others in more
            for p in known
        }
        if found == {False}:
            return "failed"
        return "undetermined" if self.people is None or found == {False, True} else "met"

    def met(self) -> bool:
        """Whether both clauses are met."""
        return all(self.status(c) == "met" for c in CLAUSES)

    def decided(self) -> bool:
        """Whether the village has a verdict."""
        found = {self.status(c) for c in CLAUSES}
        return "failed" in found or "undetermined" not in found

    def edits(self) -> Iterator[tuple[int, World]]:
        """Yield each way to file ledgers, to settle and to grade as of no weight, and to record
        people, with its cost."""
        missing = [CLAUSES[c][0] for c in CLAUSES if self.lacking(c)]
        known = [(0, self.people)] if self.people else [(0, None), *((3, p) for p in PEOPLE)]
        done = product((None, "settle", "grade"), repeat=len(self.happened))
        for held, some, (price, people) in product(
            list(product((None, "V", "C"), repeat=len(missing))), list(done), known
        ):
            filed = {(u, t) for u, t in zip(held, missing, strict=True) if u}
            cost = price + sum(COSTS["county" if u == "C" else "village"] for u, _ in filed)
            cost += sum({"settle": 7, "grade": 2}.get(a or "", 0) for a in some)
            after = tuple(
                (u, t, "minor" if a == "grade" and g is None else g)
                for (u, t, g), a in zip(self.happened, some, strict=True)
                if a != "settle"
            )
            yield cost, evolve(self, happened=after, ledgers=self.ledgers | filed, people=people)

    def cheapest(self) -> int | None:
        """Return the least cost with which the village is met, None where nothing helps."""
        return min((cost for cost, w in self.edits() if w.met()), default=None)

    def fewest(self) -> int:
        """Return how many records decide a village that is open, whatever they say."""
        records: list[object] = [CLAUSES[c][0] for c in CLAUSES if self.lacking(c)]
        records += [
            n for n, (_, t, g) in enumerate(self.happened)
            if t == "public_security_case" and g is None
        ]  # fmt: skip
        records += [] if self.people else [None]
        for size in range(len(records) + 1):
            for some in combinations(records, size):
                if all(w.decided() for w in self.contents(some)):
                    return size
        raise AssertionError

    def contents(self, some: tuple[object, ...]) -> Iterator[World]:
        """Yield the worlds in which some records are there, whatever they say."""
        filed = [x for x in some if isinstance(x, str)]
        graded = [n for n in some if isinstance(n, int)]
        known = PEOPLE if None in some else (self.people,)
        ledgers = self.ledgers | {("V", t) for t in filed}
        for people, grades in product(known, product(("minor", "large"), repeat=len(graded))):
            turned = dict(zip(graded, grades, strict=True))
            before = [(u, t, turned.get(n, g)) for n, (u, t, g) in enumerate(self.happened)]
            for numbers in product(range(6), repeat=len(filed)):
                more = [
                    ("V", t, "large") for t, n in zip(filed, numbers, strict=True) for _ in range(n)
                ]
                yield World((*before, *more), ledgers, people)


def random_world(rng: random.Random, at_most: int = 5) -> World:
    """Return a world of a village."""
    types = sorted(t for t, *_ in CLAUSES.values())
    happened = tuple(
        (rng.choice("VH"), rng.choice(types), rng.choice((None, "minor", "large")))
        for _ in range(rng.randint(0, at_most))
    )
    ledgers = frozenset(
        (u, t) for u, often in (("C", 0.3), ("V", 0.6)) for t in types if rng.random() < often
    )
    return World(happened, ledgers, rng.choice([None, *PEOPLE, *PEOPLE]))
