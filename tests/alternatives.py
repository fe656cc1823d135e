"""A notice with a clause that is met by one of its parts, its small worlds, and their answers.

The answers are worked out here, over all completions of what is not recorded.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import combinations, product
from pathlib import Path

from pingan_logic import Facts
from pingan_logic.model import Incident, Ledger, Score, Unit, Value
from tests.one_standard import one_standard

__all__ = ["CLAUSES", "INPUTS", "YEAR", "World", "facts_of", "folder", "random_world", "status"]

YEAR = 2020
INPUTS = {
    "calm": (0, 1),
    "sales": (0, 1, 2, 3),
    "post": (0, 1),
    "score": (79, 80),
    "stalls": (1, 2),
}
"""What may be recorded: incidents, for which None is that there is no ledger; values; a score."""
CLAUSES = ("market_good", "market_stalls")
SUPPLY = {"calm": 6, "sales": 2, "post": 4, "score": 5, "stalls": 3}
"""What recording an input costs; changing a value costs 7 for each step, a score 8."""
_RULES = """%*!
三（三）平安市场 / the standard for a market.
*%
clause(market_good, market, "三（三）1",
    "无赌博，或者营业额2万元以上，或者设有警务室并且考评得分80分以上").
english(market_good, "no gambling, or a turnover of 20,000, or a police post and a score of 80").
any_of(market_good, (market_calm;market_sales;market_both)).
clause(market_calm, market, "三（三）1", "无赌博").
english(market_calm, "no gambling").
prohibits(market_calm, gambling, any, "赌博", "gambling").
clause(market_sales, market, "三（三）1", "营业额2万元以上").
english(market_sales, "a turnover of 20,000").
measures(market_sales, item(sales)).
asks_for(market_sales, at_least, 2).
clause(market_both, market, "三（三）1", "设有警务室并且考评得分80分以上").
english(market_both, "a police post and a score of 80").
all_of(market_both, (market_post;market_score)).
clause(market_post, market, "三（三）1", "设有警务室").
english(market_post, "a police post").
measures(market_post, item(post)).
clause(market_score, market, "三（三）1", "考评得分80分以上").
english(market_score, "a score of 80").
pass_mark(market_score, 8000).
clause(market_stalls, market, "三（三）1", "摊位2个以上").
english(market_stalls, "at least 2 stalls").
measures(market_stalls, item(stalls)).
asks_for(market_stalls, at_least, 2).
input(sales, market, whole, "营业额", "turnover").
input_unit(sales, "万元", "ten thousand yuan").
input_range(sales, 0, 3).
input(post, market, yes_no, "警务室", "police post").
input(stalls, market, whole, "摊位", "stalls").
input_unit(stalls, "个", "").
input_range(stalls, 1, 2).
supply_cost(sales, 2). supply_cost(post, 4). supply_cost(stalls, 3).
change_cost((sales;post;stalls), 7, 1).
"""
_STANDARD = "1.无赌博，或者营业额2万元以上，或者设有警务室并且考评得分80分以上，摊位2个以上。"

World = Mapping[str, int | None]
"""What is recorded of a market, None where nothing is."""


def folder(where: Path) -> Path:
    """Write the notice."""
    case = "- name: 没有登记\n  units: {场: market}\n  expect: {场: 待核 market_stalls}\n"
    return one_standard(
        where, "market", "三（三）", "平安市场", standard=_STANDARD, rules=_RULES, case=case
    )


def random_world(rng: random.Random) -> dict[str, int | None]:
    """Return what is recorded, of which about every third is not."""
    return {i: rng.choice([None, *some, *some]) for i, some in INPUTS.items()}


def _holds(clause: str, v: World) -> bool:
    known = {i: n or 0 for i, n in v.items()}
    if clause == "market_stalls":
        return known["stalls"] >= 2
    both = known["post"] == 1 and known["score"] >= 80
    return v["calm"] == 0 or known["sales"] >= 2 or both


def completions(v: World, items: tuple[str, ...]) -> Iterator[dict[str, int | None]]:
    """Yield what is recorded with those of `items` that are not filled in, in every way."""
    open_ = [i for i in items if v[i] is None]
    for some in product(*(INPUTS[i] for i in open_)):
        yield {**v, **dict(zip(open_, some, strict=True))}


def status(clause: str, v: World) -> str:
    """Return what a clause is over all completions. An incident fails with or without a ledger."""
    looks = ("stalls",) if clause == "market_stalls" else ("calm", "sales", "post", "score")
    found = {_holds(clause, w) for w in completions(v, looks)}
    return "undetermined" if len(found) == 2 else "met" if found == {True} else "failed"


def facts_of(worlds: Mapping[str, World]) -> Facts:
    """Return the data of markets."""
    values = [
        Value(u, i, YEAR, ("no", "yes")[n] if i == "post" else n)
        for u, v in worlds.items()
        for i, n in v.items()
        if n is not None and i not in ("calm", "score")
    ]
    calm = {u: v["calm"] for u, v in worlds.items()}
    return Facts(
        units=[Unit(u, "market") for u in worlds],
        values=values,
        scores=[Score(u, YEAR, n) for u, v in worlds.items() if (n := v["score"]) is not None],
        ledgers=[Ledger(u, "*", YEAR) for u, n in calm.items() if n is not None],
        incidents=[
            Incident(f"{u}i", u, "gambling", date(YEAR, 1, 1)) for u, n in calm.items() if n
        ],
    )


def met(v: World) -> bool:
    """Whether a market is met."""
    return all(status(c, v) == "met" for c in CLAUSES)


def cheapest(v: World, *, open_year: bool) -> int | None:
    """Return the least cost of edits that make a market met, over all of them: what is not recorded
    is recorded, and while the year is open values are changed and scores raised."""
    costs = []
    for some in product(*(_edits(i, v[i], open_year) for i in INPUTS)):
        after = dict(zip(INPUTS, (n for n, _ in some), strict=True))
        if met(after):
            costs.append(sum(c for _, c in some))
    return min(costs, default=None)


def _edits(item: str, number: int | None, open_year: bool) -> Iterator[tuple[int | None, int]]:
    yield number, 0
    for other in INPUTS[item]:
        if number is None:
            yield other, SUPPLY[item]
        elif open_year and item == "score" and other > number:
            yield other, 8 * (other - number)
        elif open_year and item not in ("calm", "score") and other != number:
            yield other, 7 * abs(other - number)


def fewest(v: World) -> int:
    """Return how many records decide a market that is open, whatever they say."""
    lacking = [i for i in INPUTS if v[i] is None]
    for size in range(len(lacking) + 1):
        for some in combinations(lacking, size):
            if all(_decided(w) for w in completions(v, some)):
                return size
    raise AssertionError


def _decided(v: World) -> bool:
    found = {status(c, v) for c in CLAUSES}
    return "failed" in found or "undetermined" not in found
