"""A notice of an invented county whose clauses measure values, and its small worlds."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

from pingan_logic import Facts
from pingan_logic.model import Unit, Value
from tests.one_standard import one_standard

__all__ = ["CLAUSES", "COSTS", "ITEMS", "YEAR", "facts_of", "folder", "holds", "random_values"]

YEAR = 2020
ITEMS = {
    "sales": range(4), "empty": range(4), "post": range(2), "title": range(3),
    "place": range(1, 4), "place_limit": range(1, 4), "cases": range(3), "stalls": range(1, 4),
}  # fmt: skip
"""The items and all that may be recorded of them, as integers of the rules; `title` counts days of
2015, 2017 and 2018."""
DAYS = ("2015-12-31", "2017-12-30", "2017-12-31")
CLAUSES = (
    "market_sales", "market_band", "market_empty", "market_post", "market_title", "market_place",
    "market_cases",
)  # fmt: skip
COSTS = {
    "sales": 2, "empty": 3, "post": 4, "title": 5, "place": 6, "place_limit": 1, "cases": 7,
    "stalls": 9,
}  # fmt: skip
"""What recording an item costs; changing it costs twice as much for each step of one."""
_RULES = """%*!
三（三）平安市场 / the standard for a market.
*%
clause(market_sales, market, "三（三）1", "营业额2万元以上").
english(market_sales, "a turnover of 20,000 yuan or above").
measures(market_sales, item(sales)).
asks_for(market_sales, at_least, N) :- switch(turnover, N).
clause(market_band, market, "三（三）1", "营业额不超过2万元").
english(market_band, "a turnover of at most 20,000 yuan").
measures(market_band, item(sales)).
asks_for(market_band, at_most, 2).
clause(market_empty, market, "三（三）1", "空置率低于0.02%").
english(market_empty, "less than 0.02% of the stalls are empty").
measures(market_empty, item(empty)).
asks_for(market_empty, below, 2).
clause(market_post, market, "三（三）1", "设有警务室").
english(market_post, "a police post").
measures(market_post, item(post)).
clause(market_title, market, "三（三）1", "3年内获得称号").
english(market_title, "a title not older than 3 years").
measures(market_title, item(title)).
asks_for(market_title, within_years, 3).
clause(market_place, market, "三（三）1", "名次达到上级要求").
english(market_place, "the rank meets the requirement").
measures(market_place, item(place)).
asks_for_given(market_place, at_most, place_limit).
clause(market_cases, market, "三（三）1", "每2个摊位投诉低于1件").
english(market_cases, "fewer than 1 complaint per 2 stalls").
measures(market_cases, per(cases,stalls)).
asks_for(market_cases, below, 1, 2).
"""
_INPUTS = """%*!
数值项目 / inputs.
*%
input(sales, market, whole, "营业额", "turnover").
input_unit(sales, "万元", "ten thousand yuan").
input_range(sales, 0, 3).
input(empty, market, percent, "空置率", "empty stalls").
input_range(empty, 0, 3).
input(post, market, yes_no, "警务室", "police post").
lasting(post).
input(title, market, date, "称号", "title").
lasting(title).
on_claim(title).
input(place, market, rank, "名次", "rank").
input_range(place, 1, 3).
input(place_limit, market, rank, "名次要求", "rank required").
input_range(place_limit, 1, 3).
given_for_kind(place_limit).
input(cases, market, whole, "投诉", "complaints").
input_unit(cases, "件", "").
input_range(cases, 0, 2).
input(stalls, market, whole, "摊位", "stalls").
input_unit(stalls, "个", "").
input_range(stalls, 1, 3).
interpretation(104, turnover, "营业额的要求", "the turnover that is asked for").
switch(turnover, 2).
switch_value(turnover, N) :- switch(turnover, N), N > 0.
switch_words(turnover, 104, "营业额要求{value}万元", "a turnover of {value} is asked for").
"""


_STANDARD = (
    "1.营业额2万元以上，营业额不超过2万元，空置率低于0.02%，设有警务室，3年内获得称号，"
    "名次达到上级要求，每2个摊位投诉低于1件。"
)


def folder(where: Path) -> Path:
    """Write the notice: a market is judged by its values alone."""
    case = "- name: 没有登记数值\n  units: {场: market}\n  expect: {场: 未达标 market_title}\n"
    made = one_standard(
        where, "market", "三（三）", "平安市场", standard=_STANDARD, rules=_RULES, case=case
    )
    costs = "".join(f"supply_cost({i}, {n}).\n" for i, n in COSTS.items())
    days = {"title": 10_000_000}
    costs += "".join(
        f"change_cost({i}, {2 * n}, {days.get(i, 1)}).\n"
        for i, n in COSTS.items()
        if i not in ("stalls", "place_limit")
    )
    (made / "inputs.lp").write_text(_INPUTS + costs, encoding="utf-8")
    return made


Values = Mapping[str, int | None]
"""What is recorded of a market, and of its kind, None where nothing is."""


def random_values(rng: random.Random) -> dict[str, int | None]:
    """Return values of which about every third is not recorded."""
    return {i: rng.choice([None, *some, *some]) for i, some in ITEMS.items()}


def holds(clause: str, v: Values) -> bool:
    """Whether a clause holds by values that are all recorded (a title need not be)."""
    known = {i: n or 0 for i, n in v.items()}
    if clause == "market_cases":
        return Fraction(known["cases"], known["stalls"]) < Fraction(1, 2)
    return {
        "market_sales": known["sales"] >= 2,
        "market_band": known["sales"] <= 2,
        "market_empty": known["empty"] < 2,
        "market_post": known["post"] == 1,
        "market_title": v["title"] == 2,
        "market_place": known["place"] <= known["place_limit"],
    }[clause]


LOOKS = {
    "market_sales": ("sales",), "market_band": ("sales",), "market_empty": ("empty",),
    "market_post": ("post",), "market_title": (), "market_place": ("place", "place_limit"),
    "market_cases": ("cases", "stalls"),
}  # fmt: skip
"""The items without which a clause is open."""


def completions(v: Values, items: tuple[str, ...]) -> Iterator[dict[str, int | None]]:
    """Yield the values with those of `items` that are not recorded filled in, in every way."""
    open_items = [i for i in items if v[i] is None]
    for some in product(*(ITEMS[i] for i in open_items)):
        yield {**v, **dict(zip(open_items, some, strict=True))}


def status(clause: str, v: Values) -> str:
    """Return what a clause is by the values that are recorded, over all completions: failed only if
    every one says so, met only where nothing is lacking."""
    if not any(holds(clause, w) for w in completions(v, LOOKS[clause])):
        return "failed"
    return "undetermined" if any(v[i] is None for i in LOOKS[clause]) else "met"


def recorded(item: str, number: int) -> Any:
    """Return a value as it is recorded."""
    if item == "title":
        return date.fromisoformat(DAYS[number])
    if item == "post":
        return ("no", "yes")[number]
    return Decimal(number) / 100 if item == "empty" else number


def facts_of(worlds: Mapping[str, Values], given: int | None) -> Facts:
    """Return the data of markets, with what is required of their kind."""
    values = [
        Value(unit, item, YEAR, recorded(item, number))
        for unit, v in worlds.items()
        for item, number in v.items()
        if number is not None and item != "place_limit"
    ]
    if given is not None:
        values.append(Value("market", "place_limit", YEAR, given))
    return Facts(units=tuple(Unit(u, "market") for u in worlds), values=tuple(values))


def met(v: Values) -> bool:
    """Whether a market is met."""
    return all(status(c, v) == "met" for c in CLAUSES)


def cheapest(v: Values, *, open_year: bool) -> int | None:
    """Return the least cost of edits that make a market met, over all of them: what is not recorded
    is recorded, and while the year is open what is recorded is changed, but for the stalls that are
    divided by and what is required from above. None where none do."""
    found: list[int] = []
    choices = [list(_edits(i, v[i], open_year)) for i in ITEMS]
    for some in product(*choices):
        cost = sum(c for _, c in some)
        after = dict(zip(ITEMS, (n for n, _ in some), strict=True))
        if (not found or cost < min(found)) and met(after):
            found.append(cost)
    return min(found, default=None)


def _edits(item: str, number: int | None, open_year: bool) -> Iterator[tuple[int | None, int]]:
    yield number, 0
    for other in ITEMS[item]:
        if number is None:
            yield other, COSTS[item]
        elif open_year and other != number and item not in ("stalls", "place_limit"):
            steps = 1 if item == "title" else abs(other - number)
            yield other, 2 * COSTS[item] * steps


def fewest(v: Values) -> int:
    """Return how many records decide a market that is open, whatever they say."""
    lacking = [i for i in ITEMS if v[i] is None and i != "title"]
    best = len(lacking)
    for chosen in _subsets(lacking):
        if len(chosen) < best and all(_decided(w) for w in completions(v, chosen)):
            best = len(chosen)
    return best


def _subsets(items: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for mask in product((False, True), repeat=len(items)):
        yield tuple(i for i, kept in zip(items, mask, strict=True) if kept)


def _decided(v: Values) -> bool:
    found = {status(c, v) for c in CLAUSES}
    return "failed" in found or "undetermined" not in found
