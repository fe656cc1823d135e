"""A notice that only the best of some markets meet, its small worlds, and their answers.

The answers are worked out here, over all completions: what is not recorded may be any of its range.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import combinations, product
from pathlib import Path

from attrs import frozen

from pingan_logic import Facts
from pingan_logic.model import Unit, Value
from tests.one_standard import one_standard

__all__ = ["CLAUSES", "RANGE", "YEAR", "World", "folder", "random_world"]

YEAR = 2020
RANGE = range(4)
"""All that may be recorded of the turnover."""
CLAUSES = {"market_first": (2, None, False, False), "market_half": (1, 2, True, True)}
"""Of each clause how many, of how many, whether ties are out, and whether inside each county."""
_RULES = """%*!
三（三）平安市场 / the standard for a market.
*%
clause(market_first, market, "三（三）1", "营业额在前2名").
english(market_first, "one of the first 2 in turnover").
measures(market_first, best(sales)).
best_of(market_first, 2).
clause(market_half, market, "三（三）1", "在本县前50%").
english(market_half, "in the first half of its county").
measures(market_half, best(sales)).
best_of(market_half, 1, 2).
best_within(market_half, county).
tied_out(market_half).
input(sales, market, whole, "营业额", "turnover").
input_unit(sales, "万元", "ten thousand yuan").
input_range(sales, 0, 3).
supply_cost(sales, 2).
change_cost(sales, 3, 1).
"""
_STANDARD = "1.营业额在前2名，在本县前50%。"


def folder(where: Path) -> Path:
    """Write the notice: a market is judged by its place among all, and in its county."""
    case = (
        "- name: 第三名不在前2名\n"
        "  units: {县: county, 甲: market 县, 乙: market 县, 丙: market 县}\n"
        "  values: {甲: {sales: 3}, 乙: {sales: 2}, 丙: {sales: 1}}\n"
        "  expect: {丙: 未达标 market_first market_half}\n"
    )
    return one_standard(
        where, "market", "三（三）", "平安市场", standard=_STANDARD, rules=_RULES, case=case
    )


@frozen
class World:
    """Markets: the county of each, and its turnover or None."""

    markets: tuple[tuple[str, int | None], ...]

    def facts(self) -> Facts:
        """Return the data: M0, M1, ... in counties C and D."""
        return Facts(
            units=[*(Unit(c, "county") for c in "CD"),
                   *(Unit(f"M{n}", "market", "", c) for n, (c, _) in enumerate(self.markets))],
            values=[Value(f"M{n}", "sales", YEAR, v)
                    for n, (_, v) in enumerate(self.markets) if v is not None],
        )  # fmt: skip

    def completions(self) -> Iterator[World]:
        """Yield the worlds with all that is lacking filled in, in every way."""
        for some in product(*(RANGE if v is None else (v,) for _, v in self.markets)):
            yield World(tuple((c, v) for (c, _), v in zip(self.markets, some, strict=True)))

    def is_in(self, n: int, clause: str) -> bool:
        """Whether market `n` is among the best, all values being known."""
        number, of, tied_out, inside = CLAUSES[clause]
        county, own = self.markets[n]
        values = [v or 0 for c, v in self.markets if c == county or not inside]
        quota = number if of is None else len(values) * number // of
        if tied_out:
            return sum(v >= (own or 0) for v in values) <= quota
        return sum(v > (own or 0) for v in values) < quota

    def status(self, n: int, clause: str) -> str:
        """Return what a clause is at market `n`, over all completions."""
        found = {w.is_in(n, clause) for w in self.completions()}
        if found == {False}:
            return "failed"
        return "undetermined" if False in found or self.markets[n][1] is None else "met"

    def statuses(self, n: int) -> set[str]:
        """Return what the clauses are at market `n`."""
        return {self.status(n, c) for c in CLAUSES}

    def decided(self, n: int) -> bool:
        """Whether market `n` has a verdict."""
        return "failed" in self.statuses(n) or "undetermined" not in self.statuses(n)

    def having(self, values: dict[int, int]) -> World:
        """Return the world with some values instead."""
        return World(tuple((c, values.get(n, v)) for n, (c, v) in enumerate(self.markets)))

    def cheapest(self, n: int, *, open_year: bool) -> int | None:
        """Return the least cost of edits of the value of market `n` alone; None where none do."""
        now, best = self.markets[n][1], None
        for v in RANGE:
            if now is not None and v != now and not open_year:
                continue
            cost = 2 if now is None else 3 * abs(v - now)
            if self.having({n: v}).statuses(n) == {"met"} and (best is None or cost < best):
                best = cost
        return best

    def possible(self, n: int, *, open_year: bool) -> bool:
        """Whether market `n` can be met by edits of its value and whatever lacks of others."""
        now = self.markets[n][1]
        own = RANGE if now is None or open_year else (now,)
        return any(w.statuses(n) == {"met"} for v in own for w in self.having({n: v}).completions())

    def fewest(self, n: int) -> int:
        """Return how many records decide market `n`, whatever they say."""
        lacking = [m for m, (_, v) in enumerate(self.markets) if v is None]
        for size in range(len(lacking) + 1):
            for some in combinations(lacking, size):
                worlds = (
                    self.having(dict(zip(some, v, strict=True)))
                    for v in product(RANGE, repeat=size)
                )
                if all(w.decided(n) for w in worlds):
                    return size
        raise AssertionError


def random_world(rng: random.Random, lacking: float = 0.25) -> World:
    """Return a world of up to six markets."""
    return World(
        tuple(
            (rng.choice("CCD"), None if rng.random() < lacking else rng.choice(RANGE))
            for _ in range(rng.randint(1, 6))
        )
    )
