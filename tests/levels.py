"""A notice whose shops have levels, its small worlds, and their answers.

The answers are worked out here, over all completions. The second level includes the first, the
third the second, by the same points against another mark; the fourth stands by itself. A village is
judged by how many of its shops reach the second or a higher.
"""

from __future__ import annotations

import random
from itertools import combinations, product
from pathlib import Path

from attrs import frozen

from tests.counted import ITEMS, LEDGER, TYPES, YEAR, Counted, some_of
from tests.one_standard import one_standard

__all__ = ["LEVELS", "YEAR", "World", "folder", "random_world"]

LEVELS = ("shop_good", "shop_model", "shop_top", "shop_own")
"""The standards, the lowest level first."""
_LOOKS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "shop_good": (("sales",), ("gambling",)),
    "shop_model": (("sales", "stars"), TYPES),
    "shop_top": (("sales", "stars"), TYPES),
    "shop_own": (("stars", "post"), ()),
}
"""The items and ledgers at which the clauses of a level look."""
_RULES = """%*!
三（三）商店 / the standards for a shop.
*%
kind(shop, "商店", "shop", "家").
may_sit_in(shop, village).
ledger_cost(shop, 6).
kind(shop_good, "合格商店", "qualified shop", "家").
kind(shop_model, "示范商店", "model shop", "家").
kind(shop_top, "星级商店", "star shop", "家").
kind(shop_own, "特色商店", "special shop", "家").
level(shop, 1, shop_good).
level(shop, 2, shop_model).
level(shop, 3, shop_top).
level(shop, 4, shop_own).
includes(shop_model, shop_good).
includes(shop_top, shop_model).

clause(good_calm, shop_good, "三（三）1", "无赌博").
english(good_calm, "no gambling").
prohibits(good_calm, gambling, any, "赌博", "gambling").
clause(good_sales, shop_good, "三（三）1", "营业额1万元以上").
english(good_sales, "a turnover of 1 or more").
measures(good_sales, item(sales)).
asks_for(good_sales, at_least, 1).

clause(model_points, shop_model, "三（三）1", "{points}").
english(model_points, "4 points or more").
measures(model_points, points).
asks_for(model_points, at_least, 4).
adds(model_points, main, item(sales), 1).
adds(model_points, main, item(stars), 2).
adds(model_points, main, incidents(public_security_case,at_least(large)), -2).

clause(top_points, shop_top, "三（三）1", "星级商店6分以上").
english(top_points, "6 points or more").
points_like(top_points, model_points).
asks_for(top_points, at_least, 6).

clause(own_stars, shop_own, "三（三）1", "特色商店2星以上").
english(own_stars, "2 stars or more").
measures(own_stars, item(stars)).
asks_for(own_stars, at_least, 2).
clause(own_post, shop_own, "三（三）1", "设有警务室").
english(own_post, "a police post").
measures(own_post, item(post)).

clause(village_shops, village, "三（三）1", "示范商店占50%以上").
english(village_shops, "at least half of the shops are model shops").
members(village_shops, shop_model).
threshold(village_shops, 1, 2).
target(shop_good, 1, 2).
role((assesses;awards), (shop_good;shop_model;shop_top;shop_own), county_office).

input(sales, shop, whole, "营业额", "turnover").
input_unit(sales, "万元", "ten thousand yuan").
input_range(sales, 0, 3).
input(stars, shop, whole, "星数", "stars").
input_unit(stars, "星", "").
input_range(stars, 0, 2).
input(post, shop, yes_no, "警务室", "police post").
supply_cost(sales, 2). supply_cost(stars, 4). supply_cost(post, 6).
change_cost(sales, 3, 1). change_cost(stars, 5, 1). change_cost(post, 8, 1).
settle_cost(gambling, shop, 7).
answers_text(target(shop_good), "三（三）1", "合格商店达50%以上").
answers_text(role((assesses;awards)), "三（三）1", "县考核并授牌").
"""
_POINTS = "营业额每万元1分，星数每星2分，较大治安案件每起扣2分，示范商店4分以上"
_WORDS = (
    f"合格商店达50%以上；无赌博，营业额1万元以上；{_POINTS}，星级商店6分以上；特色商店2星以上，设有警务室；"
    "示范商店占50%以上；县考核并授牌。"
)


def folder(where: Path) -> Path:
    """Write the notice."""
    case = "- name: 没有登记\n  units: {店: shop}\n  expect: {店: 待核 good_sales}\n"
    rules = _RULES.replace("{points}", _POINTS)
    return one_standard(
        where, "shop", "三（三）", "平安商店", standard=f"1.{_WORDS}", rules=rules, case=case
    )


@frozen
class World(Counted):
    """What is recorded of a shop, what happened, and the items of its ledgers."""

    kind = "shop"
    most = 5

    def points(self) -> int:
        """Return the points by what is recorded."""
        return (self.values["sales"] or 0) + 2 * (self.values["stars"] or 0) - 2 * self.large()

    def fulfils(self, level: str) -> bool:
        """Whether the clauses of a level hold by what is recorded, with those that it includes."""
        v = {i: n or 0 for i, n in self.values.items()}
        if level == "shop_own":
            return v["stars"] >= 2 and v["post"] == 1
        mark = {"shop_good": -100, "shop_model": 4, "shop_top": 6}[level]
        calm = all(t != "gambling" for t, _ in self.happened)
        return calm and v["sales"] >= 1 and self.points() >= mark

    def reached(self) -> int:
        """Return the rank of the highest level whose clauses hold by what is recorded, or 0."""
        return max((n for n, k in enumerate(LEVELS, 1) if self.fulfils(k)), default=0)

    def statuses(self) -> dict[str, str]:
        """Return what the levels are, over all completions: who reaches one reaches those below;
        what is not recorded leaves a level open whose clauses look at it."""
        every = list(self.completed(ITEMS))
        ranks = {w.reached() for w in every}
        proven = max(
            (
                n
                for n, k in enumerate(LEVELS, 1)
                if all(w.fulfils(k) for w in every)
                and all(self.values[i] is not None for i in _LOOKS[k][0])
                and self.ledgers.issuperset(_LOOKS[k][1])
            ),
            default=0,
        )
        return {
            k: "met" if n <= proven else "undetermined" if n <= max(ranks) else "failed"
            for n, k in enumerate(LEVELS, 1)
        }

    def decided(self) -> bool:
        """Whether it is known which level the shop reaches."""
        return "undetermined" not in self.statuses().values()

    def cheapest(self, level: str, *, open_year: bool) -> int | None:
        """Return the least cost of edits with which the shop reaches a level, None where none
        do."""
        missing = self.unfiled
        best: int | None = None
        for filed, values, done in product(
            [some for n in range(len(missing) + 1) for some in combinations(missing, n)],
            list(product(*(self.edits(i, open_year=open_year) for i in ITEMS))),
            list(product(*self.acts())),
        ):
            cost = sum(c for _, c in values) + sum(c for c, _ in done) + LEDGER * len(filed)
            if best is not None and cost >= best:
                continue
            after = World(
                dict(zip(ITEMS, (v for v, _ in values), strict=True)),
                tuple(x for _, x in done if x), self.ledgers.union(filed),
            )  # fmt: skip
            if after.statuses()[level] == "met":
                best = cost
        return best


def random_world(rng: random.Random, at_most: int = 2) -> World:
    """Return a world, of which about every fourth record is lacking."""
    values = {i: rng.choice([None, *some, *some, max(some)]) for i, some in ITEMS.items()}
    return World(values, **some_of(rng, (0, 0, 0, 1, at_most)))
