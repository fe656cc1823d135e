"""A notice whose shops have levels, its small worlds, and their answers.

The answers are worked out here, over all completions: what no ledger covers may hold incidents,
what is not graded may be graded in any way, and what is not recorded may be any of its range. The
second level includes the first, the third the second, by the same points against another mark; the
fourth stands by itself. A village is judged by how many of its shops reach the second or a higher.
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

__all__ = ["ITEMS", "LEVELS", "YEAR", "World", "folder", "random_world"]

YEAR = 2020
LEVELS = ("shop_good", "shop_model", "shop_top", "shop_own")
"""The standards, the lowest level first."""
ITEMS = {"sales": range(4), "stars": range(3), "post": range(2)}
"""The items and all that may be recorded of them."""
COSTS = {"sales": (2, 3), "stars": (4, 5), "post": (6, 8)}
"""What recording an item costs, and each step of changing it."""
TYPES = ("gambling", "public_security_case")
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
class World:
    """What is recorded of a shop, what happened (type, grade), and the items of its ledgers."""

    values: dict[str, int | None]
    happened: tuple[tuple[str, str | None], ...]
    ledgers: frozenset[str]

    def facts(self, prefix: str = "", village: str | None = None) -> Facts:
        """Return the data, each id after a prefix."""
        m = f"{prefix}M"
        return Facts(
            units=[Unit(m, "shop", "", village)],
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
        large = sum(t != "gambling" and g == "large" for t, g in self.happened)
        return (self.values["sales"] or 0) + 2 * (self.values["stars"] or 0) - 2 * large

    def fulfils(self, level: str) -> bool:
        """Whether the clauses of a level hold by what is recorded, with those that it includes."""
        v = {i: n or 0 for i, n in self.values.items()}
        if level == "shop_own":
            return v["stars"] >= 2 and v["post"] == 1
        mark = {"shop_good": -100, "shop_model": 4, "shop_top": 6}[level]
        calm = all(t != "gambling" for t, _ in self.happened)
        return calm and v["sales"] >= 1 and self.points() >= mark

    def completions(self) -> Iterator[World]:
        """Yield the worlds with everything filled in, in every way."""
        lacking = [i for i in ITEMS if self.values[i] is None]
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

    def reached(self) -> int:
        """Return the rank of the highest level whose clauses hold by what is recorded, or 0."""
        return max((n for n, k in enumerate(LEVELS, 1) if self.fulfils(k)), default=0)

    def statuses(self) -> dict[str, str]:
        """Return what the levels are, over all completions: who reaches one reaches those below;
        what is not recorded leaves a level open whose clauses look at it."""
        every = list(self.completions())
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
        missing = [t for t in TYPES if t not in self.ledgers]
        acts = []
        for t, g in self.happened:
            settle = [(7, None)] if t == "gambling" else []
            grade = [(2, (t, "minor"))] if g is None else []
            acts.append([(0, (t, g)), *settle, *grade])
        best: int | None = None
        for filed, values, done in product(
            [some for n in range(len(missing) + 1) for some in combinations(missing, n)],
            list(product(*(list(self._edits(i, open_year)) for i in ITEMS))),
            list(product(*acts)),
        ):
            cost = sum(c for _, c in values) + sum(c for c, _ in done) + 6 * len(filed)
            if best is not None and cost >= best:
                continue
            after = World(
                dict(zip(ITEMS, (v for v, _ in values), strict=True)),
                tuple(x for _, x in done if x), self.ledgers.union(filed),
            )  # fmt: skip
            if after.statuses()[level] == "met":
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
        """Return how many records decide which level is reached, whatever they say."""
        records: list[object] = [i for i in ITEMS if self.values[i] is None]
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
            list(product(range(5), repeat=len(filed))),
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


def random_world(rng: random.Random, at_most: int = 2) -> World:
    """Return a world, of which about every fourth record is lacking."""
    values = {i: rng.choice([None, *some, *some, max(some)]) for i, some in ITEMS.items()}
    happened = tuple(
        (rng.choice(TYPES), rng.choice((None, "minor", "large")))
        for _ in range(rng.choice((0, 0, 0, 1, at_most)))
    )
    return World(values, happened, frozenset(t for t in TYPES if rng.random() < 0.75))
