"""A policy with every form of clause over values, at its boundaries, and the answers.

The answers are worked out here. A clinic is judged by nothing in the shipped policy: here by
clauses that measure. What is lacking is filled in with either end of its limits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import product
from operator import ge, gt, le, lt
from pathlib import Path
from typing import Any

from pingan_logic import Facts, Policy, evaluate, load_policy
from pingan_logic.model import Unit, Value
from pingan_logic.rules.find import rule_files
from pingan_logic.rules.syntax import Term
from pingan_logic.solving.judge import solve
from pingan_logic.solving.stated import stated
from tests.policies import linked

__all__ = ["defects_of", "differences_of", "load_measured"]

YEAR = 2014
KIND = "clinic"
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "at_least": ge, "above": gt, "at_most": le, "below": lt,
}  # fmt: skip

INPUTS = """
input(beds, (clinic;hospital), whole, "床", "beds").
input_range(beds, 0, 9).
input(level, (clinic;hospital), whole, "余额", "balance").
input_range(level, -4, 4).
input(area, (clinic;hospital), decimal(2), "面积", "area").
input_range(area, 1, 900).
input(depth, (clinic;hospital), decimal(1), "深", "depth").
input_range(depth, 1, 90).
input(width, (clinic;hospital), decimal(3), "宽", "width").
input_range(width, 1, 9000).
input(height, (clinic;hospital), decimal(4), "高", "height").
input_range(height, 1, 90000).
input(cover, (clinic;hospital), percent, "覆盖率", "cover").
input(guard, (clinic;hospital), yes_no, "保安", "guard").
lasting(guard).
input(plan, (clinic;hospital), yes_no, "预案", "plan").
on_claim(plan).
input(award, (clinic;hospital), date, "授牌", "award").
lasting(award).
input(built, (clinic;hospital), date, "建成", "built").
input(stars, (clinic;hospital), choice, "星级", "stars").
input_choice(stars, 1, one, "一星", "one").
input_choice(stars, 3, three, "三星", "three").
input_choice(stars, 5, five, "五星", "five").
input(fewest, (clinic;hospital), whole, "下限", "fewest").
input_range(fewest, 1, 7).
given_for_kind(fewest).
lasting(fewest).
input(most, (clinic;hospital), whole, "上限", "most").
input_range(most, 2, 8).
given_for_kind(most).
input(cases, (clinic;hospital), whole, "件数", "cases").
input_range(cases, 0, 9).
input(staff, (clinic;hospital), whole, "人数", "staff").
input_range(staff, 2, 9).
"""
LIMITS = {
    "beds": (0, 9), "level": (-4, 4), "area": (1, 900), "depth": (1, 90), "width": (1, 9000),
    "height": (1, 90000), "cover": (0, 10000), "guard": (0, 1), "plan": (0, 1),
    "award": (19490101, 99991231), "built": (19490101, 99991231), "stars": (1, 5),
    "fewest": (1, 7), "most": (2, 8), "cases": (0, 9), "staff": (2, 9),
}  # fmt: skip
PLAIN: dict[str, tuple[str, str, int]] = {
    "c_least": ("beds", "at_least", 4), "c_most": ("beds", "at_most", 5),
    "c_above": ("beds", "above", 0), "c_below": ("beds", "below", 9),
    "c_zero": ("level", "at_least", 0), "c_minus": ("level", "above", -2),
    "c_lowest": ("beds", "at_least", 0), "c_highest": ("beds", "at_most", 9),
    "c_area": ("area", "below", 150), "c_cover": ("cover", "at_least", 9500),
    "c_stars": ("stars", "at_least", 3), "c_few": ("stars", "at_most", 3),
    "c_late": ("built", "at_least", 20140630),
}  # fmt: skip
"""Clauses that compare an item with a number."""
GIVEN = {
    "c_fewest": ("beds", "at_least", "fewest"), "c_beyond": ("beds", "above", "fewest"),
    "c_limit": ("beds", "at_most", "most"), "c_under": ("beds", "below", "most"),
}  # fmt: skip
RATES: dict[str, tuple[str, str, str, int, int]] = {
    "r_most": ("cases", "staff", "at_most", 1, 2), "r_below": ("cases", "staff", "below", 2, 3),
    "r_least": ("cases", "staff", "at_least", 1, 2), "r_above": ("cases", "staff", "above", 0, 1),
    "r_area": ("cases", "area", "at_most", 2, 1), "r_depth": ("cases", "depth", "below", 3, 1),
    "r_width": ("cases", "width", "at_least", 1, 1), "r_height": ("cases", "height", "above", 1, 2),
    "r_beds": ("area", "staff", "at_least", 1, 4), "r_both": ("depth", "area", "at_most", 3, 2),
}  # fmt: skip
PLACES = {"area": 2, "depth": 1, "width": 3, "height": 4}
ALL = ("beds", "cases")
"""The items of a clause that asks for 3 of each."""
RULES = INPUTS + "".join(
    [
        *(f"measures({c}, item({i})). asks_for({c}, {o}, {n}).\n"
          for c, (i, o, n) in PLAIN.items()),
        *(f"measures({c}, item({i})). asks_for_given({c}, {o}, {j}).\n"
          for c, (i, o, j) in GIVEN.items()),
        *(f"measures({c}, per({a},{b})). asks_for({c}, {o}, {n}, {d}).\n"
          for c, (a, b, o, n, d) in RATES.items()),
        *(f"measures(c_all, item({i})).\n" for i in ALL),
        "asks_for(c_all, at_least, 3).\n",
        "measures(c_guard, item(guard)).\nmeasures(c_plan, item(plan)).\n",
        "measures(c_built, item(built)).\n",
        "measures(c_award, item(award)). asks_for(c_award, within_years, 2).\n",
        "measures(c_now, item(award)). asks_for(c_now, within_years, 0).\n",
    ]
)  # fmt: skip
CLAUSES = (
    *PLAIN, *GIVEN, *RATES, "c_all", "c_guard", "c_plan", "c_built", "c_award", "c_now",
)  # fmt: skip


def _file(text: str, clauses: Iterable[str]) -> str:
    return text + "".join(
        f'clause({c}, {KIND}, "三（九）", "无{c}"). english({c}, "none").\n' for c in clauses
    )


def load_measured(folder: Path) -> Policy:
    """Load the policy of a folder with the clauses added to it."""
    return load_policy(linked(folder, "measured", _file(RULES, CLAUSES)))


Known = dict[str, int | None]


def _worlds() -> Iterator[Known]:
    """Yield what is recorded of clinics for the year, as integers of the rules."""
    for beds in (None, *range(10)):
        yield {"beds": beds, "cases": 3 if beds == 3 else None}
    for level in range(-4, 2):
        yield {"level": level, "beds": 4}
    for area, cases in product((None, 1, 149, 150, 151, 225, 250, 300), (None, 3, 4, 5, 6)):
        yield {"area": area, "cases": cases}
    for item, few in (("depth", 10), ("width", 3000), ("height", 60000)):
        for number, cases in product((None, few - 1, few, few + 1), (None, 2, 3, 4)):
            yield {item: number, "cases": cases}
    for cases, staff in product((None, 0, 1, 2, 3, 4, 5, 6, 9), (None, 2, 3, 6, 8, 9)):
        yield {"cases": cases, "staff": staff}
    for area, staff in product((None, 49, 50, 51, 225, 226), (None, 2, 9)):
        yield {"area": area, "staff": staff, "depth": 9}
    for depth, area in product((None, 29, 30, 31), (None, 199, 200, 201)):
        yield {"depth": depth, "area": area}
    for cover in (9499, 9500, 9501):
        yield {"cover": cover, "guard": 1, "plan": 1}
    for stars in (1, 3, 5):
        yield {"stars": stars, "guard": 0, "plan": 0}
    for day in (20111231, 20120101, 20121231, 20131231, 20140101, 20140629, 20140630, 20141231,
                20150101):  # fmt: skip
        yield {"built": day, "award": day}


def _as_asked(clause: str, v: Known, given: Known) -> list[tuple[bool, bool, list[str]]]:
    """Return of each measure of a clause whether it can be as asked for, whether it holds by what
    is recorded, and the items that lack."""

    def measure(items: list[str], holds: Callable[..., bool]) -> tuple[bool, bool, list[str]]:
        known = {**given, **{i: v.get(i) for i in items if i not in given}}
        if "plan" in items:
            known["plan"] = v.get("plan") or 0
        lacks = [i for i in items if known[i] is None]
        ends = [LIMITS[i] if known[i] is None else (known[i],) for i in items]
        return any(holds(*some) for some in product(*ends)), not lacks, lacks

    if clause in PLAIN:
        item, way, number = PLAIN[clause]

        def plain(n: int) -> bool:
            late = item == "built" and n > 20141231
            return COMPARE[way](n, number) and not late

        if item == "built":
            lacks = [] if v.get(item) else [item]
            return [(bool(lacks) or plain(v[item] or 0), not lacks, lacks)]
        return [measure([item], plain)]
    if clause in GIVEN:
        item, way, other = GIVEN[clause]
        return [measure([item, other], COMPARE[way])]
    if clause in RATES:
        a, b, way, n, d = RATES[clause]

        def rate(x: int, y: int) -> bool:
            exact = Fraction(x, 10 ** PLACES.get(a, 0)) / Fraction(y, 10 ** PLACES.get(b, 0))
            return COMPARE[way](exact, Fraction(n, d))

        return [measure([a, b], rate)]
    if clause == "c_all":
        return [measure([i], lambda n: n >= 3) for i in ALL]
    item = {"c_guard": "guard", "c_plan": "plan", "c_built": "built"}.get(clause, "award")
    if item in ("guard", "plan"):
        return [measure([item], lambda n: n >= 1)]
    first = {"c_award": 20121231, "c_now": 20141231}.get(clause, 0)
    if v.get(item) is None:
        return [(True, False, [item])]
    return [(first <= (v[item] or 0) <= 20141231, True, [])]


def _status(clause: str, v: Known, given: Known) -> str:
    found = _as_asked(clause, v, given)
    if not all(possible for possible, _, _ in found):
        return "failed"
    return "met" if all(whole for _, whole, _ in found) else "undetermined"


def _recorded(item: str, n: int) -> Any:
    if item in ("guard", "plan"):
        return ("no", "yes")[n]
    if item in ("built", "award"):
        return date(n // 10000, n // 100 % 100, n % 100)
    if item == "stars":
        return {1: "one", 3: "three", 5: "five"}[n]
    if item == "cover":
        return Decimal(n) / 100
    return Decimal(n) / 10 ** PLACES[item] if item in PLACES else n


WORLDS = {f"C{n}": v for n, v in enumerate(_worlds())}
OTHER: Known = {"beds": 4, "cases": 9, "staff": 2, "plan": 0, "guard": 0, "award": 20140101}
LASTING: dict[str, tuple[list[tuple[str, int, Any]], Known]] = {
    "L0": ([("guard", 2012, "yes"), ("beds", 2013, 5)], {"guard": 1}),
    "L1": ([("guard", 2012, "yes"), ("guard", 2013, "no")], {"guard": 0}),
    "L2": ([("guard", 2015, "yes"), ("beds", 2015, 5)], {}),
    "L3": ([("guard", 2013, "no"), ("guard", 2014, "yes"), ("guard", 2015, "no")], {"guard": 1}),
    "L4": ([("award", 2012, date(2012, 12, 31)), ("award", 2011, date(2011, 5, 5))],
           {"award": 20121231}),
}  # fmt: skip
"""What is recorded in other years, and what then holds."""
GIVENS: list[tuple[list[tuple[str, int, int]], Known]] = [
    ([("fewest", 2014, 4), ("most", 2014, 5)], {"fewest": 4, "most": 5}),
    ([], {"fewest": None, "most": None}),
    ([("fewest", 2012, 2), ("fewest", 2013, 3), ("fewest", 2015, 6), ("most", 2013, 3)],
     {"fewest": 3, "most": None}),
]  # fmt: skip


def differences_of(policy: Policy) -> Iterator[str]:
    """Yield what the policy of `load_measured` decides otherwise than worked out here."""
    values = [Value(u, i, YEAR, _recorded(i, n)) for u, v in WORLDS.items() for i, n in v.items()
              if n is not None]  # fmt: skip
    values += [Value(u, i, y, n) for u, (some, _) in LASTING.items() for i, y, n in some]
    every = {**WORLDS, **{u: v for u, (_, v) in LASTING.items()}}
    for rows, given in GIVENS:
        # without the one that is required from above only clauses about beds are others
        worlds = {u: v for u, v in every.items() if given["most"] or u in LASTING or v.get("beds")}
        # a hospital is judged by no clause that measures, whatever is recorded of it
        units = (*(Unit(u, KIND) for u in worlds), Unit("X", "hospital"), Unit("Z", "hospital"))
        values = [v for v in values if v.unit in worlds]
        values += [Value("X", i, YEAR, _recorded(i, n)) for i, n in OTHER.items()]
        above = [Value(k, j, y, n) for j, y, n in rows for k in (KIND, "hospital")]
        result = evaluate(Facts(units=units, values=(*values, *above)), policy, YEAR)
        out = result.outcome
        for found in (out.amounts, out.no_value, out.refuted):
            yield from (f"{key} of a hospital" for key in found if key[1] in ("X", "Z"))
        for unit, v in worlds.items():
            for f in result[unit].findings:
                wanted = _status(f.clause, v, given)
                if f.status.value != wanted:
                    yield f"{f.clause} of {v}, {given}: {f.status.value}, expected {wanted}"
                known = {
                    i: n for i in _items(f.clause)
                    if (n := given.get(i) if i in given else v.get(i)) is not None
                }  # fmt: skip
                key = (f.clause, unit)
                lacks = sorted(i for _, _, some in _as_asked(f.clause, v, given) for i in some)
                if dict(out.amounts.get(key, {})) != known:
                    yield f"{f.clause} of {v}: values {out.amounts.get(key)}"
                if sorted(out.no_value.get(key, [])) != lacks:
                    yield f"{f.clause} of {v}: lacks {out.no_value.get(key)}, expected {lacks}"
        if solve(result.facts, policy, YEAR, date(YEAR, 12, 31), asked=()).amounts:
            yield "values that nobody asked for"
        if len(result["L4"].findings) != len(CLAUSES):
            yield "a clause that measures is lost"


def _items(clause: str) -> tuple[str, ...]:
    if clause in PLAIN:
        return (PLAIN[clause][0],)
    if clause in GIVEN:
        return GIVEN[clause][0], GIVEN[clause][2]
    if clause in RATES:
        return RATES[clause][:2]
    others = {"c_all": ALL, "c_guard": ("guard",), "c_plan": ("plan",), "c_built": ("built",)}
    return others.get(clause, ("award",))


WRONG: dict[str, tuple[str, tuple[str, ...]]] = {
    "n_half": ("measures(n_half, item(beds)).", ("half_a_measure(n_half)",)),
    "n_rate": ("measures(n_rate, per(cases,staff)).", ("half_a_measure(n_rate)",)),
    "n_share": ("measures(n_share, per(cases,staff)). asks_for(n_share, below, 3).",
                ("half_a_measure(n_share)",)),
    "n_asks": ("asks_for(n_asks, below, 3).", ("half_a_measure(n_asks)",)),
    "n_asks_rate": ("asks_for(n_asks_rate, below, 3, 4).", ("half_a_measure(n_asks_rate)",)),
    "n_asks_given": ("asks_for_given(n_asks_given, below, most).",
                     ("half_a_measure(n_asks_given)",)),
    "n_none": ("measures(n_none, beds). asks_for(n_none, below, 3).", ("no_measure(n_none,beds)",)),
    "n_way": ("measures(n_way, item(beds)). asks_for(n_way, most, 3).",
              ("no_comparison(n_way,most)",)),
    "n_way_rate": ("measures(n_way_rate, per(cases,staff)). asks_for(n_way_rate, most, 3, 4).",
                   ("no_comparison(n_way_rate,most)",)),
    "n_way_given": ("measures(n_way_given, item(beds)). asks_for_given(n_way_given, most, most).",
                    ("no_comparison(n_way_given,most)",)),
    "n_years_rate": (
        "measures(n_years_rate, per(cases,staff)). asks_for(n_years_rate, within_years, 3, 4).",
        ("no_comparison(n_years_rate,within_years)",)),
    "n_years_given": (
        "measures(n_years_given, item(beds)). asks_for_given(n_years_given, within_years, most).",
        ("no_comparison(n_years_given,within_years)",)),
    "n_day_above": ("measures(n_day_above, item(built)). asks_for(n_day_above, above, 20130101).",
                    ("no_comparison(n_day_above,above)",)),
    "n_day_below": ("measures(n_day_below, item(built)). asks_for(n_day_below, below, 20130101).",
                    ("no_comparison(n_day_below,below)",)),
    "n_star_above": ("measures(n_star_above, item(stars)). asks_for(n_star_above, above, 3).",
                     ("no_comparison(n_star_above,above)",)),
    "n_star_given": (
        "measures(n_star_given, item(stars)). asks_for_given(n_star_given, below, top).",
                     ("no_comparison(n_star_given,below)",)),
    "n_years": ("measures(n_years, item(beds)). asks_for(n_years, within_years, 3).",
                ("no_comparison(n_years,within_years)",)),
    "n_many_years": (
        "measures(n_many_years, item(built)). asks_for(n_many_years, within_years, 101).",
                     ("beyond_limits(n_many_years)",)),
    "n_no_years": ("measures(n_no_years, item(built)). asks_for(n_no_years, within_years, -1).",
                   ("beyond_limits(n_no_years)",)),
    "n_two": ("measures(n_two, item(beds)). asks_for(n_two, below, 3). "
              "prohibits(n_two, gambling, any, \"赌博\", \"gambling\").", ("two_forms(n_two)",)),
    "n_two_poll": ("measures(n_two_poll, item(beds)). asks_for(n_two_poll, below, 3). "
                   "poll_clause(n_two_poll).", ("two_forms(n_two_poll)",)),
    "n_two_mark": ("measures(n_two_mark, item(beds)). asks_for(n_two_mark, below, 3). "
                   "pass_mark(n_two_mark, 8).", ("two_forms(n_two_mark)",)),
    "n_two_share": ("measures(n_two_share, item(beds)). asks_for(n_two_share, below, 3). "
                    "members(n_two_share, household). threshold(n_two_share, 1, 2).",
                    ("two_forms(n_two_share)",)),
    "n_two_rates": ("measures(n_two_rates, (per(cases,staff);item(beds))). "
                    "asks_for(n_two_rates, below, 1, 3).", ("two_forms(n_two_rates)",)),
    "n_two_ways": ("measures(n_two_ways, per(cases,staff)). asks_for(n_two_ways, below, 1, 3). "
                   "asks_for(n_two_ways, below, 3).", ("two_forms(n_two_ways)",)),
    "n_two_given": ("measures(n_two_given, per(cases,staff)). asks_for(n_two_given, below, 1, 3). "
                    "asks_for_given(n_two_given, below, most).", ("two_forms(n_two_given)",)),
    "n_two_asked": ("measures(n_two_asked, item(beds)). asks_for(n_two_asked, below, 3). "
                    "asks_for_given(n_two_asked, below, most).", ("two_forms(n_two_asked)",)),
    "n_twice": ("measures(n_twice, item(beds)). asks_for(n_twice, below, 3). "
                "asks_for(n_twice, below, 4).", ("twice(asks_for,n_twice)",)),
    "n_twice_way": ("measures(n_twice_way, item(beds)). asks_for(n_twice_way, (below;above), 3).",
                    ("twice(asks_for,n_twice_way)",)),
    "n_twice_rate": ("measures(n_twice_rate, per(cases,staff)). "
                     "asks_for(n_twice_rate, below, 1, (3;4)).", ("twice(asks_for,n_twice_rate)",)),
    "n_twice_part": ("measures(n_twice_part, per(cases,staff)). "
                     "asks_for(n_twice_part, below, (1;2), 3).", ("twice(asks_for,n_twice_part)",)),
    "n_twice_at": ("measures(n_twice_at, per(cases,staff)). "
                   "asks_for(n_twice_at, (below;above), 1, 3).", ("twice(asks_for,n_twice_at)",)),
    "n_twice_given": ("measures(n_twice_given, item(beds)). "
                      "asks_for_given(n_twice_given, below, (fewest;most)).",
                      ("twice(asks_for_given,n_twice_given)",)),
    "n_twice_given_at": ("measures(n_twice_given_at, item(beds)). "
                         "asks_for_given(n_twice_given_at, (below;above), most).",
                         ("twice(asks_for_given,n_twice_given_at)",)),
    "n_low": ("measures(n_low, item(staff)). asks_for(n_low, below, 1).",
              ("beyond_limits(n_low)",)),
    "n_high": ("measures(n_high, item(staff)). asks_for(n_high, above, 10).",
               ("beyond_limits(n_high)",)),
    "n_star": ("measures(n_star, item(stars)). asks_for(n_star, at_least, 2).",
               ("beyond_limits(n_star)",)),
    "n_type": ("measures(n_type, item(cover)). asks_for_given(n_type, below, most).",
               ("not_comparable(n_type)",)),
    "n_not_given": ("measures(n_not_given, item(beds)). asks_for_given(n_not_given, below, cases).",
                    ("not_comparable(n_not_given)",)),
    "n_given": ("measures(n_given, item(most)). asks_for(n_given, below, 3).",
                ("not_comparable(n_given)",)),
    "n_self": ("measures(n_self, per(staff,staff)). asks_for(n_self, below, 1, 3).",
               ("not_comparable(n_self)",)),
    "n_percent": ("measures(n_percent, per(cover,staff)). asks_for(n_percent, below, 1, 3).",
                  ("not_comparable(n_percent)",)),
    "n_by_place": ("measures(n_by_place, per(cases,place)). asks_for(n_by_place, below, 1, 3).",
                   ("not_comparable(n_by_place)",)),
    "n_by_none": ("measures(n_by_none, per(staff,cases)). asks_for(n_by_none, below, 1, 3).",
                  ("per_nothing(n_by_none)",)),
    "n_by_claim": ("measures(n_by_claim, per(cases,claimed)). asks_for(n_by_claim, below, 1, 3).",
                   ("per_nothing(n_by_claim)",)),
    "n_of_less": ("measures(n_of_less, per(level,staff)). asks_for(n_of_less, below, 1, 3).",
                  ("per_nothing(n_of_less)",)),
    "n_no_part": ("measures(n_no_part, per(cases,staff)). asks_for(n_no_part, below, 1, 0).",
                  ("not_a_share(1,0)", "too_large(n_no_part)")),
    "n_minus": ("measures(n_minus, per(cases,staff)). asks_for(n_minus, below, 1, -5).",
                ("not_a_share(1,-5)", "too_large(n_minus)")),
    "n_negative": ("measures(n_negative, per(cases,staff)). asks_for(n_negative, below, -1, 5).",
                   ("not_a_share(-1,5)", "too_large(n_negative)")),
    # 9 * 119304648 is more than 1073741823
    "n_large": ("measures(n_large, per(cases,staff)). asks_for(n_large, below, 1, 119304648).",
                ("too_large(n_large)",)),
    "n_large_part": ("measures(n_large_part, per(cases,staff)). "
                     "asks_for(n_large_part, below, 119304648, 7).", ("too_large(n_large_part)",)),
    "n_scaled": ("measures(n_scaled, per(cases,height)). asks_for(n_scaled, below, 1, 107375).",
                 ("too_large(n_scaled)",)),
    "n_scaled_part": ("measures(n_scaled_part, per(height,staff)). "
                      "asks_for(n_scaled_part, below, 107375, 9).", ("too_large(n_scaled_part)",)),
    "n_wide": ("measures(n_wide, item(wide)). asks_for(n_wide, below, 3).", ("too_large(n_wide)",)),
    "n_wide_rate": ("measures(n_wide_rate, per(cases,wide)). asks_for(n_wide_rate, below, 1, 3).",
                    ("per_nothing(n_wide_rate)", "too_large(n_wide_rate)")),
    "n_other": ("measures(n_other, item(rooms)). asks_for(n_other, below, 3).",
                ("not_recorded_of(n_other,rooms)",)),
    "n_other_given": ("measures(n_other_given, item(beds)). "
                      "asks_for_given(n_other_given, below, rooms_given).",
                      ("not_recorded_of(n_other_given,rooms_given)",)),
    "n_unknown": ("measures(n_unknown, item(nothing)). asks_for(n_unknown, below, 3).",
                  ("unknown(measures,input,nothing)",)),
    "n_unknown_given": ("measures(n_unknown_given, item(beds)). "
                        "asks_for_given(n_unknown_given, below, nought).",
                        ("unknown(asks_for_given,input,nought)",)),
}  # fmt: skip
"""Clauses that are wrong in one way, and what is said of each."""
MORE = """
input(top, clinic, choice, "最高", "top").
input_choice(top, 1, one, "一星", "one").
given_for_kind(top).
input(place, clinic, rank, "名次", "place").
input(claimed, clinic, whole, "自报", "claimed").
input_range(claimed, 1, 5).
on_claim(claimed).
input(rooms, hospital, whole, "房间", "rooms").
input(rooms_given, hospital, whole, "房间要求", "rooms required").
given_for_kind(rooms_given).
input(widest, clinic, whole, "最宽", "widest").
input_range(widest, -1073741823, 1073741823).
input(wide, clinic, whole, "宽", "wide").
input_range(wide, 0, 1073741824).
input(low, clinic, whole, "低", "low").
input_range(low, -1073741824, 0).
measures(no_clause, item(beds)).
asks_for(no_clause, below, 2).
asks_for(no_rate, below, 2, 3).
asks_for_given(no_given, below, most).
measures(e_days, item(built)). asks_for(e_days, within_years, (100)).
measures(e_year, item(built)). asks_for(e_year, within_years, 0).
measures(e_large, per(cases,staff)). asks_for(e_large, below, 119304647, 119304647).
measures(e_scaled, per(height,staff)). asks_for(e_scaled, below, 11930, 9).
measures(e_one, per(cases,staff)). asks_for(e_one, below, 0, 1).
measures(e_low, item(staff)). asks_for(e_low, at_least, 2).
measures(e_high, item(staff)). asks_for(e_high, at_most, 9).
members(e_both, (building;household)). threshold(e_both, 1, 2).
measures(e_widest, item(widest)). asks_for(e_widest, below, 1).
"""
EDGES = (
    "e_days",
    "e_year",
    "e_large",
    "e_scaled",
    "e_one",
    "e_low",
    "e_high",
    "e_widest",
    "e_both",
)
SAID = {
    "too_wide(wide)", "too_wide(low)", "unknown(measures,clause,no_clause)",
    "unknown(asks_for,clause,no_clause)", "unknown(asks_for,clause,no_rate)",
    "unknown(asks_for_given,clause,no_given)", "half_a_measure(no_rate)",
    "half_a_measure(no_given)",
}  # fmt: skip


def defects_of(folder: Path) -> Iterator[str]:
    """Yield where the policy of a folder, with wrong clauses added, says other than it should."""
    text = "".join(f"{rules}\n" for rules, _ in WRONG.values())
    path = folder / "wrong.lp"
    path.write_text(_file(INPUTS + MORE + text, (*WRONG, *EDGES)), encoding="utf-8")
    try:
        atoms = list(stated(rule_files(folder)))
    finally:
        path.unlink()
    found = {_term(a.args[0]) for a in atoms if a.name == "defect"}
    made = {_term(a.args[0]) for a in atoms if a.name == "template"}
    both = {one for one in made if "e_both" in one}
    if both != {f"ratio(e_both,{KIND},either(building,household))"}:
        yield f"written out for one clause: {sorted(both)}"
    expected = SAID.union(*(said for _, said in WRONG.values()))
    for one in sorted(found ^ expected):
        yield f"{one} is {'' if one in found else 'not '}said"


def _term(term: Term) -> str:
    return f"{term.name}({','.join(map(_term, term.args))})" if term.args else term.name
