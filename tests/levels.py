"""A notice whose shops have levels, its small worlds, and their answers.

The answers are worked out here, over all completions: what no ledger covers may hold incidents, and
what is not recorded may be any of its range. The second level includes the first, the third stands
by itself; a village is judged by how many of its shops are of the second level or higher.
"""

from __future__ import annotations

from pathlib import Path

from tests.one_standard import one_standard

__all__ = ["folder"]

_RULES = """%*!
三（三）平安商店 / the standards for a shop.
*%
kind(shop, "商店", "shop", "家").
may_sit_in(shop, village).
ledger_cost(shop, 6).
kind(shop_good, "合格商店", "qualified shop", "个").
kind(shop_model, "示范商店", "model shop", "个").
kind(shop_star, "星级商店", "star shop", "个").
level(shop, 1, shop_good).
level(shop, 2, shop_model).
level(shop, 3, shop_star).
includes(shop_model, shop_good).
clause(good_calm, shop_good, "三（三）1", "无赌博").
english(good_calm, "a qualified shop has no gambling").
prohibits(good_calm, gambling, any, "赌博", "gambling").
clause(good_sales, shop_good, "三（三）1", "营业额1万元以上").
english(good_sales, "a turnover of 1 or more").
measures(good_sales, item(sales)).
asks_for(good_sales, at_least, 1).
clause(model_sales, shop_model, "三（三）1", "示范商店营业额2万元以上").
english(model_sales, "a model shop has a turnover of 2 or more").
measures(model_sales, item(sales)).
asks_for(model_sales, at_least, 2).
clause(star_stars, shop_star, "三（三）1", "星级商店2星以上").
english(star_stars, "a star shop has 2 stars or more").
measures(star_stars, item(stars)).
asks_for(star_stars, at_least, 2).
input(sales, shop, whole, "营业额", "turnover").
input_unit(sales, "万元", "ten thousand yuan").
input_range(sales, 0, 3).
input(stars, shop, whole, "星数", "stars").
input_unit(stars, "星", "").
input_range(stars, 0, 3).
supply_cost(sales, 2). supply_cost(stars, 4).
change_cost(sales, 3, 1). change_cost(stars, 5, 1).
settle_cost(gambling, shop, 7).
clause(village_shops, village, "三（三）2", "示范商店占一半以上").
english(village_shops, "at least half of the shops are model shops").
members(village_shops, shop_model).
threshold(village_shops, 1, 2).
"""
_WORDS = "无赌博，营业额1万元以上；示范商店营业额2万元以上；星级商店2星以上。"


def folder(where: Path) -> Path:
    """Write the notice."""
    case = "- name: 没有登记\n  units: {场: shop}\n  expect: {场: 待核 good_sales}\n"
    return one_standard(
        where,
        "shop",
        "三（三）",
        "平安商店",
        standard=f"1.{_WORDS}示范商店占一半以上。",
        rules=_RULES,
        case=case,
    )
