"""A notice whose clauses look back over several years, its small worlds, and their answers.

The answers are worked out here, over all completions: what no ledger covers may hold incidents, and
what is not graded may be graded in any way.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from itertools import combinations, product
from pathlib import Path

from attrs import evolve, field, frozen

from pingan_logic import Facts
from pingan_logic.model import Incident, Ledger, Unit
from tests.one_standard import one_standard

__all__ = ["CLAUSES", "COSTS", "YEAR", "World", "folder", "random_world"]

YEAR = 2020
CLAUSES = {
    "village_crime": ("criminal_case", 3, 1, False),
    "village_gambling": ("gambling", 2, 2, False),
    "village_cases": ("public_security_case", 4, 1, True),
    "village_violence": ("domestic_violence", 1, 1, False),
}
"""Of each clause the type that it prohibits, over how many years it looks, how many incidents are
too many, and whether only those graded large or above count."""
COSTS = {"village": 15, "county": 40}
"""What the ledger of one item costs, by the kind that keeps it; grading costs 2."""
_RULES = """%*!
三（一）平安村 / the standard for a village.
*%
clause(village_crime, village, "三（一）1", "近三年无刑事案件").
english(village_crime, "no criminal case in three years").
prohibits(village_crime, criminal_case, any, "刑事案件", "criminal case").
looks_back(village_crime, criminal_case, 3).
clause(village_gambling, village, "三（一）1", "近两年赌博不到2起").
english(village_gambling, "fewer than 2 cases of gambling in two years").
prohibits(village_gambling, gambling, repeated(2), "赌博不到2起", "2 cases of gambling").
looks_back(village_gambling, gambling, 2).
clause(village_cases, village, "三（一）1", "四年内无大的治安案件").
english(village_cases, "no large public-security case in four years").
prohibits(village_cases, public_security_case, at_least(large), "大的治安案件",
    "large public-security case").
looks_back(village_cases, public_security_case, 4).
clause(village_violence, village, "三（一）1", "无家庭暴力").
english(village_violence, "no domestic violence").
prohibits(village_violence, domestic_violence, any, "家庭暴力", "domestic violence").
settle_cost(gambling, village, 7).
settle_cost(gambling, household, 7).
"""
_STANDARD = "1.近三年无刑事案件，近两年赌博不到2起，四年内无大的治安案件，无家庭暴力。"


def folder(where: Path) -> Path:
    """Write the notice: a village is judged by prohibitions over several years."""
    case = (
        "- name: 前年有刑事案件\n  year: 2020\n  units: {村: village}\n  incidents:\n"
        "    - 村 criminal_case\n  expect: {村: 未达标 village_crime}\n"
    )
    made = one_standard(
        where, "village", "三（一）", "平安村", standard=_STANDARD, rules=_RULES, case=case
    )
    efforts = (made / "remedies.lp").read_text(encoding="utf-8")
    efforts = efforts.replace("ledger_cost(county, 60)", f"ledger_cost(county, {COSTS['county']})")
    (made / "remedies.lp").write_text(efforts, encoding="utf-8")
    return made


@frozen
class World:
    """Villages in a county: what happened there (unit, type, year, grade), and which ledgers there
    are (unit, type, year)."""

    villages: tuple[str, ...]
    happened: tuple[tuple[str, str, int, str | None], ...]
    ledgers: frozenset[tuple[str, str, int]]
    opened: dict[str, int] = field(factory=dict)

    def facts(self, prefix: str = "") -> Facts:
        """Return the data, each id after a prefix."""
        top = f"{prefix}C"
        units = [Unit(top, "county")]
        for v in self.villages:
            day = date(self.opened[v], 3, 1) if v in self.opened else None
            units.append(Unit(prefix + v, "village", "", top, opened=day))
            units.append(Unit(f"{prefix}{v}H", "household", "", prefix + v))
        incidents = [
            Incident(f"{prefix}{n}", prefix + u, t, date(y, 12, 31), g)
            for n, (u, t, y, g) in enumerate(self.happened)
        ]
        ledgers = [Ledger(prefix + u, t, y) for u, t, y in sorted(self.ledgers)]
        return Facts(units=units, incidents=incidents, ledgers=ledgers)

    def lacking(self, village: str, clause: str) -> list[tuple[str, int]]:
        """Return the item and the years of which no ledger covers a village."""
        kind, years, _, _ = CLAUSES[clause]
        since = max(YEAR - years + 1, self.opened.get(village, 0))
        kept = {(t, y) for u, t, y in self.ledgers if u in ("C", village)}
        return [(kind, y) for y in range(since, YEAR + 1) if (kind, y) not in kept]

    def status(self, village: str, clause: str) -> str:
        """Return what a clause is at a village, over all completions of its records."""
        kind, years, many, graded = CLAUSES[clause]
        here = [
            g for u, t, y, g in self.happened
            if u in (village, f"{village}H") and t == kind and YEAR - years < y <= YEAR
        ]  # fmt: skip
        lacking = self.lacking(village, clause)
        open_ = [g for g in here if graded and g is None]
        sure = sum(not graded or g in ("large", "major") for g in here)
        found = {
            sure + sum(turned) + sum(more) >= many
            for turned in product((0, 1), repeat=len(open_))
            for more in product((0, many), repeat=len(lacking))
        }
        if found == {True}:
            return "failed"
        return "undetermined" if lacking or True in found else "met"

    def met(self, village: str) -> bool:
        """Whether all clauses are met."""
        return all(self.status(village, c) == "met" for c in CLAUSES)

    def edits(self, village: str) -> Iterator[tuple[int, World]]:
        """Yield each way to file ledgers, to settle gambling and to grade as of no weight, with its
        cost."""
        missing = sorted({x for c in CLAUSES for x in self.lacking(village, c)})
        lawsuits = [
            n for n, (u, t, _, g) in enumerate(self.happened)
            if u in (village, f"{village}H") and (t == "gambling" or (
                t == "public_security_case" and g is None))
        ]  # fmt: skip
        for held in product((None, village, "C"), repeat=len(missing)):
            filed = {(u, t, y) for u, (t, y) in zip(held, missing, strict=True) if u}
            cost = sum(COSTS["county" if u == "C" else "village"] for u, _, _ in filed)
            for r in range(len(lawsuits) + 1):
                for done in combinations(lawsuits, r):
                    after = [
                        (u, t, y, "minor" if n in done else g)
                        for n, (u, t, y, g) in enumerate(self.happened)
                        if n not in done or t != "gambling"
                    ]
                    price = sum(7 if self.happened[n][1] == "gambling" else 2 for n in done)
                    yield (
                        cost + price,
                        evolve(self, happened=tuple(after), ledgers=self.ledgers | filed),
                    )

    def cheapest(self, village: str) -> int | None:
        """Return the least cost with which a village is met, None where nothing helps."""
        return min((cost for cost, w in self.edits(village) if w.met(village)), default=None)

    def fewest(self, village: str) -> int:
        """Return how many records decide a village that is open, whatever they say."""
        ledgers = sorted({x for c in CLAUSES for x in self.lacking(village, c)})
        grades = [
            n for n, (u, t, y, g) in enumerate(self.happened)
            if u in (village, f"{village}H") and t == "public_security_case" and g is None
            and y > YEAR - CLAUSES["village_cases"][1]
        ]  # fmt: skip
        for size in range(len(ledgers) + len(grades) + 1):
            for some in combinations([*ledgers, *grades], size):
                if all(w.decided(village) for w in self.contents(village, some)):
                    return size
        raise AssertionError

    def contents(self, village: str, some: tuple[object, ...]) -> Iterator[World]:
        """Yield the worlds in which some records are there, whatever they say."""
        filed = [x for x in some if isinstance(x, tuple)]
        graded = [n for n in some if isinstance(n, int)]
        ledgers = self.ledgers | {(village, t, y) for t, y in filed}
        for grades in product(("minor", "large"), repeat=len(graded)):
            turned = dict(zip(graded, grades, strict=True))
            before = [(u, t, y, turned.get(n, g)) for n, (u, t, y, g) in enumerate(self.happened)]
            for numbers in product((0, 1, 2), repeat=len(filed)):
                more = [
                    (village, t, y, "large")
                    for (t, y), n in zip(filed, numbers, strict=True)
                    for _ in range(n)
                ]
                yield evolve(self, happened=(*before, *more), ledgers=ledgers)

    def decided(self, village: str) -> bool:
        """Whether a village has a verdict."""
        found = {self.status(village, c) for c in CLAUSES}
        return "failed" in found or "undetermined" not in found


def random_world(rng: random.Random, *, few: bool = False) -> World:
    """Return a world of two villages; with `few` most ledgers are there."""
    villages = ("V", "W")
    types = sorted({t for t, *_ in CLAUSES.values()})
    at_most = 2 if few else 4
    happened = tuple(
        (
            rng.choice(("V", "W", "VH", "WH")),
            rng.choice(types),
            rng.randint(YEAR - 4, YEAR),
            rng.choice((None, "minor", "large")),
        )
        for _ in range(rng.randint(0, at_most))
    )
    ledgers = frozenset(
        (u, t, y)
        for u in ("C", *villages)
        for t in types
        for y in range(YEAR - 4, YEAR + 1)
        if rng.random() < ((0.45 if u == "C" else 0.7) if few else (0.3 if u == "C" else 0.75))
    )
    opened = {"W": YEAR - 1} if rng.random() < 0.3 else {}
    happened = tuple(h for h in happened if h[2] >= opened.get(h[0][0], 0))
    return World(villages, happened, ledgers, opened)
