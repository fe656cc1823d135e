"""A notice whose clause counts points, its small worlds, and their answers.

The answers are worked out here, over all completions: what no ledger covers may hold incidents,
what is not graded may be graded in any way, and what is not recorded may be any of its range.
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

__all__ = ["ITEMS", "MARK", "YEAR", "World", "folder", "random_world"]

YEAR = 2020
MARK = 7
ITEMS = {"sales": range(4), "stars": range(3), "post": range(2)}
"""The items and all that may be recorded of them; a post counts only if it is recorded."""
COSTS = {"sales": (2, 3), "stars": (4, 5), "post": (6, 8)}
"""What recording an item costs, and each step of changing it."""
TYPES = ("gambling", "public_security_case")
_RULES = """%*!
三（三）平安市场 / the standard for a market.
*%
clause(market_points, market, "三（三）1", "{words}").
english(market_points, "7 points or more").
measures(market_points, points).
asks_for(market_points, at_least, 7).
base_points(market_points, 1).
adds(market_points, main, item(sales), 2).
adds(market_points, extra, item(stars), 2).
adds(market_points, extra, item(post), 3).
group_limits(market_points, extra, 0, 4).
adds(market_points, calm, incidents(gambling), -3).
group_limits(market_points, calm, -4, 0).
adds(market_points, main, incidents(public_security_case,at_least(large)), -2).
clause(market_stars, market, "三（三）1", "星级不高于1级").
english(market_stars, "at most 1 star").
measures(market_stars, item(stars)).
asks_for(market_stars, at_most, 1).
input(sales, market, whole, "营业额", "turnover").
input_unit(sales, "万元", "ten thousand yuan").
input_range(sales, 0, 3).
input(stars, market, whole, "星级", "stars").
input_unit(stars, "级", "").
input_range(stars, 0, 2).
input(post, market, yes_no, "警务室", "police post").
on_claim(post).
supply_cost(sales, 2). supply_cost(stars, 4). supply_cost(post, 6).
change_cost(sales, 3, 1). change_cost(stars, 5, 1). change_cost(post, 8, 1).
settle_cost(gambling, market, 7).
"""
_WORDS = (
    "起评1分，营业额每万元加2分，星级每级加2分、设有警务室加3分，两项至多4分，赌博每起扣3分，至多扣4分，"
    "较大治安案件每起扣2分，得分7分以上"
)


def folder(where: Path) -> Path:
    """Write the notice: a market is judged by its points, and its stars."""
    case = "- name: 没有登记\n  units: {场: market}\n  expect: {场: 待核 market_points}\n"
    rules, standard = _RULES.replace("{words}", _WORDS), f"1.{_WORDS}，星级不高于1级。"
    return one_standard(
        where, "market", "三（三）", "平安市场", standard=standard, rules=rules, case=case
    )


@frozen
class World:
    """What is recorded of a market, what happened (type, grade), and the items of its ledgers."""

    values: dict[str, int | None]
    happened: tuple[tuple[str, str | None], ...]
    ledgers: frozenset[str]

    def facts(self, prefix: str = "") -> Facts:
        """Return the data, each id after a prefix."""
        m = f"{prefix}M"
        return Facts(
            units=[Unit(m, "market")],
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

    def points(self) -> int:
        """Return the points by what is recorded."""
        v = {i: n or 0 for i, n in self.values.items()}
        gambling = sum(t == "gambling" for t, _ in self.happened)
        large = sum(t != "gambling" and g == "large" for t, g in self.happened)
        extra = min(4, 2 * v["stars"] + 3 * v["post"])
        return 1 + 2 * v["sales"] + extra + max(-4, -3 * gambling) - 2 * large

    def completions(self, clause: str) -> Iterator[World]:
        """Yield the worlds with all that a clause looks at filled in, in every way."""
        looks = ("sales", "stars") if clause == "market_points" else ("stars",)
        lacking = [i for i in looks if self.values[i] is None]
        blank = [n for n, (t, g) in enumerate(self.happened) if t != "gambling" and g is None]
        more = [((), ((t, "large"),) * 20) for t in TYPES if t not in self.ledgers]
        for some, grades, others in product(
            list(product(*(ITEMS[i] for i in lacking))),
            list(product(("minor", "large"), repeat=len(blank))),
            list(product(*more)),
        ):
            turned = dict(zip(blank, grades, strict=True))
            happened = [(t, turned.get(n, g)) for n, (t, g) in enumerate(self.happened)]
            happened += [x for group in others for x in group]
            yield World(
                {**self.values, **dict(zip(lacking, some, strict=True))},
                tuple(happened), frozenset(TYPES),
            )  # fmt: skip

    def status(self, clause: str) -> str:
        """Return what a clause is, over all completions."""
        found = {
            w.points() >= MARK if clause == "market_points" else (w.values["stars"] or 0) <= 1
            for w in self.completions(clause)
        }
        if found == {False}:
            return "failed"
        open_ = self.values["stars"] is None
        if clause == "market_points":
            open_ = open_ or self.values["sales"] is None or len(self.ledgers) < len(TYPES)
        return "undetermined" if open_ or False in found else "met"

    def statuses(self) -> set[str]:
        """Return what the clauses are."""
        return {self.status(c) for c in ("market_points", "market_stars")}

    def decided(self) -> bool:
        """Whether the market has a verdict."""
        return "failed" in self.statuses() or "undetermined" not in self.statuses()

    def cheapest(self, *, open_year: bool) -> int | None:
        """Return the least cost of edits with which the market is met, None where none do."""
        missing = [t for t in TYPES if t not in self.ledgers]
        acts = []
        for t, g in self.happened:
            settle = [(7, None)] if t == "gambling" else []
            grade = [(2, (t, "minor"))] if g is None else []
            acts.append([(0, (t, g)), *settle, *grade])
        best: int | None = None
        for values in product(*(list(self._edits(i, open_year)) for i in ITEMS)):
            for done in product(*acts):
                cost = sum(c for _, c in values) + sum(c for c, _ in done) + 6 * len(missing)
                if best is not None and cost >= best:
                    continue
                after = World(
                    dict(zip(ITEMS, (v for v, _ in values), strict=True)),
                    tuple(x for _, x in done if x), frozenset(TYPES),
                )  # fmt: skip
                if after.statuses() == {"met"}:
                    best = cost
        return best

    def _edits(self, item: str, open_year: bool) -> Iterator[tuple[int | None, int]]:
        now, (supply, change) = self.values[item], COSTS[item]
        yield now, 0
        for other in ITEMS[item]:
            if now is None:
                yield other, supply
            elif open_year and other != now:
                yield other, change * abs(other - now)

    def fewest(self) -> int:
        """Return how many records decide a market that is open, whatever they say."""
        records: list[object] = [i for i in ("sales", "stars") if self.values[i] is None]
        records += [(t,) for t in TYPES if t not in self.ledgers]
        records += [n for n, (t, g) in enumerate(self.happened) if t != "gambling" and g is None]
        for size in range(len(records) + 1):
            for some in combinations(records, size):
                if all(w.decided() for w in self.contents(some)):
                    return size
        raise AssertionError

    def contents(self, some: tuple[object, ...]) -> Iterator[World]:
        """Yield the worlds in which some records are there, whatever they say."""
        items = [x for x in some if isinstance(x, str)]
        filed = [x[0] for x in some if isinstance(x, tuple)]
        graded = [x for x in some if isinstance(x, int)]
        for values, numbers, grades in product(
            list(product(*(ITEMS[i] for i in items))),
            list(product(range(7), repeat=len(filed))),
            list(product(("minor", "large"), repeat=len(graded))),
        ):
            turned = dict(zip(graded, grades, strict=True))
            happened = [(t, turned.get(n, g)) for n, (t, g) in enumerate(self.happened)]
            for t, n in zip(filed, numbers, strict=True):
                happened += [(t, "large")] * n
            yield evolve(
                self, values={**self.values, **dict(zip(items, values, strict=True))},
                happened=tuple(happened), ledgers=self.ledgers | set(filed),
            )  # fmt: skip


def random_world(rng: random.Random, at_most: int = 3) -> World:
    """Return a world, of which about every fourth record is lacking."""
    values = {i: rng.choice([None, *some, *some, *some]) for i, some in ITEMS.items()}
    happened = tuple(
        (rng.choice(TYPES), rng.choice((None, "minor", "large")))
        for _ in range(rng.choice((0, 0, 1, 2, at_most)))
    )
    return World(values, happened, frozenset(t for t in TYPES if rng.random() < 0.75))
