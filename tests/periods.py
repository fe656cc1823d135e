"""A notice whose periods are two years from July on, its small worlds, and their answers.

The answers are worked out here, over all completions: what no ledger covers may hold incidents.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from itertools import combinations, product
from pathlib import Path

from attrs import evolve, frozen

from pingan_logic import Facts
from pingan_logic.model import Incident, Ledger, Unit, Value
from tests.one_standard import one_standard

__all__ = ["CLAUSES", "DAYS", "YEAR", "World", "folder", "random_world"]

YEAR = 2018
"""The period from July 2018 to June 2020."""
CLAUSES = {
    "village_crime": ("criminal_case", "2018-07-01", 1, (2018,)),
    "village_gambling": ("gambling", "2016-07-01", 2, (2016, 2018)),
}
"""Of each clause the type that it prohibits, the day from which on it looks, how many are too many,
and the periods whose ledgers it needs."""
END = "2020-06-30"
DAYS = ("2016-06-30", "2016-07-01", "2018-06-30", "2018-07-01", "2019-12-31", "2020-06-30",
        "2020-07-01")  # fmt: skip
"""Days on both sides of each end of a period."""
_RULES = """%*!
三（一）平安村 / the standard for a village.
*%
clause(village_crime, village, "三（一）1", "无刑事案件").
english(village_crime, "no criminal case").
prohibits(village_crime, criminal_case, any, "刑事案件", "criminal case").
clause(village_gambling, village, "三（一）1", "四年内赌博不到2起").
english(village_gambling, "fewer than 2 cases of gambling in four years").
prohibits(village_gambling, gambling, repeated(2), "赌博不到2起", "2 cases of gambling").
looks_back(village_gambling, gambling, 4).
clause(village_title, village, "三（一）1", "两年内获得称号").
english(village_title, "a title of two years at most").
measures(village_title, item(title)).
asks_for(village_title, within_years, 2).
input(title, village, date, "称号", "title").
lasting(title).
supply_cost(title, 3).
change_cost(title, 3, 100000000).
settle_cost(gambling, village, 7).
"""
_STANDARD = "1.无刑事案件，四年内赌博不到2起，两年内获得称号。"


def folder(where: Path) -> Path:
    """Write the notice: a village is judged over two years, one clause over four."""
    case = (
        "- name: 有刑事案件\n  units: {村: village}\n  incidents:\n"
        "    - 村 criminal_case\n  expect: {村: 未达标 village_crime}\n"
    )
    made = one_standard(
        where, "village", "三（一）", "平安村", standard=_STANDARD, rules=_RULES, case=case
    )
    path = made / "programme.lp"
    text = path.read_text(encoding="utf-8").replace("default_year(2020)", "default_year(2018)")
    text = text.replace("programme_year(2020)", "programme_year((2016;2018))")
    path.write_text(f"{text}period_begins(7, 1).\nperiod_years(2, 2016).\n", encoding="utf-8")
    return made


@frozen
class World:
    """What happened at a village (type, day), its ledgers (item, period), and its title."""

    happened: tuple[tuple[str, str], ...]
    ledgers: frozenset[tuple[str, int]]
    title: str | None

    def facts(self, prefix: str = "") -> Facts:
        """Return the data, each id after a prefix."""
        v = f"{prefix}V"
        return Facts(
            units=[Unit(v, "village")],
            incidents=[
                Incident(f"{prefix}{n}", v, t, date.fromisoformat(d))
                for n, (t, d) in enumerate(self.happened)
            ],
            ledgers=[Ledger(v, t, y) for t, y in sorted(self.ledgers)],
            values=[Value(v, "title", YEAR, date.fromisoformat(self.title))] if self.title else [],
        )

    def status(self, clause: str) -> str:
        """Return what a clause is, over all completions."""
        if clause == "village_title":
            if self.title is None:
                return "undetermined"
            return "met" if "2018-06-30" <= self.title <= END else "failed"
        kind, since, many, periods = CLAUSES[clause]
        sure = sum(t == kind and since <= d <= END for t, d in self.happened)
        lacking = any((kind, y) not in self.ledgers for y in periods)
        found = {sure + more >= many for more in ((0, many) if lacking else (0,))}
        if found == {True}:
            return "failed"
        return "undetermined" if lacking else "met"

    def statuses(self) -> list[str]:
        """Return what the clauses are."""
        return [self.status(c) for c in (*CLAUSES, "village_title")]

    def decided(self) -> bool:
        """Whether the village has a verdict."""
        return "failed" in self.statuses() or "undetermined" not in self.statuses()

    def lacking(self) -> list[tuple[str, int]]:
        """Return the ledgers that are needed and are not there."""
        every = [(kind, y) for kind, _, _, periods in CLAUSES.values() for y in periods]
        return [x for x in every if x not in self.ledgers]

    def cheapest(self) -> int | None:
        """Return the least cost of edits of a period that is over; None where none do."""
        best: int | None = None
        settled = [n for n, (t, _) in enumerate(self.happened) if t == "gambling"]
        for size in range(len(settled) + 1):
            for done in combinations(settled, size):
                after = World(
                    tuple(x for n, x in enumerate(self.happened) if n not in done),
                    self.ledgers | set(self.lacking()), self.title or END,
                )  # fmt: skip
                cost = 15 * len(self.lacking()) + 3 * (self.title is None) + 7 * size
                if set(after.statuses()) == {"met"} and (best is None or cost < best):
                    best = cost
        return best

    def fewest(self) -> int:
        """Return how many records decide a village that is open, whatever they say."""
        records: list[object] = [*self.lacking(), *(["title"] if self.title is None else [])]
        for size in range(len(records) + 1):
            for some in combinations(records, size):
                if all(w.decided() for w in self.contents(some)):
                    return size
        raise AssertionError

    def contents(self, some: tuple[object, ...]) -> Iterator[World]:
        """Yield the worlds in which some records are there, whatever they say."""
        filed = [x for x in some if isinstance(x, tuple)]
        titles = ("1990-01-01", END) if "title" in some else (self.title,)
        ledgers = self.ledgers | set(filed)
        for title, numbers in product(titles, product((0, 1, 2), repeat=len(filed))):
            more = [
                (t, f"{y + 1}-05-05")
                for (t, y), n in zip(filed, numbers, strict=True)
                for _ in range(n)
            ]
            yield evolve(self, happened=(*self.happened, *more), ledgers=ledgers, title=title)


def random_world(rng: random.Random, lacking: float = 0.3) -> World:
    """Return a world."""
    happened = tuple(
        (rng.choice(("criminal_case", "gambling", "gambling")), rng.choice(DAYS))
        for _ in range(rng.choice((0, 1, 2, 3)))
    )
    ledgers = frozenset(
        (t, y) for t in ("criminal_case", "gambling") for y in (2014, 2016, 2018)
        if rng.random() > lacking
    )  # fmt: skip
    titles = (None, "2018-06-29", "2018-06-30", "2018-07-01", END, "2020-07-01")
    return World(happened, ledgers, rng.choice(titles))
