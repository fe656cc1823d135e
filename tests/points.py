"""A notice whose clause counts points, its small worlds, and their answers.

The answers are worked out here, over all completions; a post counts only if it is recorded.
"""

from __future__ import annotations

import random
from itertools import product
from pathlib import Path

from attrs import frozen

from tests.counted import ITEMS, LEDGER, TYPES, YEAR, Counted, some_of
from tests.one_standard import one_standard

__all__ = ["MARK", "YEAR", "World", "folder", "random_world"]

MARK = 7
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
class World(Counted):
    """What is recorded of a market, what happened, and the items of its ledgers."""

    kind = "market"
    looked_at = ("sales", "stars")
    most = 7

    def points(self) -> int:
        """Return the points by what is recorded."""
        v = {i: n or 0 for i, n in self.values.items()}
        gambling = sum(t == "gambling" for t, _ in self.happened)
        extra = min(4, 2 * v["stars"] + 3 * v["post"])
        return 1 + 2 * v["sales"] + extra + max(-4, -3 * gambling) - 2 * self.large()

    def status(self, clause: str) -> str:
        """Return what a clause is, over all completions."""
        looks = ("sales", "stars") if clause == "market_points" else ("stars",)
        found = {
            w.points() >= MARK if clause == "market_points" else (w.values["stars"] or 0) <= 1
            for w in self.completed(looks)
        }
        if found == {False}:
            return "failed"
        open_ = self.values["stars"] is None
        if clause == "market_points":
            open_ = open_ or self.values["sales"] is None or bool(self.unfiled)
        return "undetermined" if open_ or False in found else "met"

    def statuses(self) -> set[str]:
        """Return what the clauses are."""
        return {self.status(c) for c in ("market_points", "market_stars")}

    def decided(self) -> bool:
        """Whether the market has a verdict."""
        return "failed" in self.statuses() or "undetermined" not in self.statuses()

    def cheapest(self, *, open_year: bool) -> int | None:
        """Return the least cost of edits with which the market is met, None where none do."""
        best: int | None = None
        for values in product(*(self.edits(i, open_year=open_year) for i in ITEMS)):
            for done in product(*self.acts()):
                cost = sum(c for c, _ in done) + sum(c for _, c in values)
                cost += LEDGER * len(self.unfiled)
                if best is not None and cost >= best:
                    continue
                after = World(
                    dict(zip(ITEMS, (v for v, _ in values), strict=True)),
                    tuple(x for _, x in done if x), frozenset(TYPES),
                )  # fmt: skip
                if after.statuses() == {"met"}:
                    best = cost
        return best


def random_world(rng: random.Random, at_most: int = 3) -> World:
    """Return a world, of which about every fourth record is lacking."""
    values = {i: rng.choice([None, *some, *some, *some]) for i, some in ITEMS.items()}
    return World(values, **some_of(rng, (0, 0, 1, 2, at_most)))
