"""Policies that are wrong in one way, and the defects that the rules themselves must report."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pingan_logic import Policy, PolicyError, evaluate, load_policy
from pingan_logic.intake import read_document
from pingan_logic.rules.find import policy_file

__all__ = ["BROKEN", "ITEMS", "Broken", "defects"]

YEAR = 2014
STAR = {"unit": "C", "item": "*", "year": YEAR}
COUNTY: dict[str, list[dict[str, Any]]] = {
    "units": [
        {"id": "C", "kind": "county"},
        {"id": "H", "kind": "household"},
        {"id": "Y", "kind": "clinic", "parent": "C"},
    ],
    "ledgers": [STAR],
    "incidents": [{"id": "I", "unit": "H", "type": "gambling", "date": "2014-02-02"}],
}


@dataclass(frozen=True)
class Broken:
    """Rules that make the shipped policy wrong, with the defects that loading or, failing that,
    judging one household with a gambling case and one clinic must report. What only shared rules
    may derive is put into the shared file `into`."""

    rules: str
    defects: frozenset[str] = field(default_factory=frozenset)
    into: str = ""


def _broken(rules: str, *found: str) -> Broken:
    return Broken(rules, frozenset(found))


ITEMS = """
assigned(kindergarten, school).
input(beds,    hospital,  whole,      "床位",   "beds").
input(staff,   work_unit, whole,      "职工",   "staff").
input(doors,   school,    decimal(2), "门禁",   "doors").
input_range(doors, 5, 250).
input(placed,  village,   rank,       "名次",   "rank").
input(covered, village,   percent,    "覆盖率", "coverage").
input(guarded, compound,  yes_no,     "保安",   "guarded").
input(titled,  village,   date,       "授牌",   "title").
input(stars,   compound,  choice,     "星级",   "stars").
input_choice(stars, 2, two,  "二星", "two").
input_choice(stars, 5, five, "五星", "five").
"""
"""An item of each type, as a policy may declare them."""


def _items(wrong: str, *found: str) -> Broken:
    return _broken(f"{ITEMS}{wrong}\n", *found)


BROKEN = {
    "items that are well declared": _items(""),
    "an item of no type": _items(
        'input(depth, village, decimal(5), "深", "depth").', "input_type(depth)"
    ),
    "an item of no places": _items(
        'input(depth, village, decimal(0), "深", "depth").', "input_type(depth)"
    ),
    "an item of no kind": _items('input(depth, valley, whole, "深", "depth").', "valley"),
    "an item declared in two ways": _items(
        'input(beds, village, whole, "病床", "beds").', "twice(input,beds)"
    ),
    "a range from high to low": _items("input_range(beds, 5, 4).", "input_range(beds)"),
    "two ranges": _items("input_range(doors, 5, 251).", "twice(input_range,doors)"),
    "a range of no item": _items("input_range(depth, 1, 4).", "depth"),
    "a rank before the first": _items("input_range(placed, 0, 4).", "input_range(placed)"),
    "yes or no above one": _items("input_range(guarded, 0, 2).", "input_range(guarded)"),
    "a day before all days": _items(
        "input_range(titled, 19481231, 20200101).", "input_range(titled)"
    ),
    "a range of choices": _items("input_range(stars, 2, 4).", "input_range(stars)"),
    "ranks have no last one": _items("input_range(placed, 1, 2000000)."),
    "a choice of a number": _items(
        'input_choice(beds, 1, few, "少", "few").', "input_choice(beds)"
    ),
    "a choice below nothing": _items(
        'input_choice(stars, -1, none, "无", "none").', "input_choice(stars)"
    ),
    "a choice said in two ways": _items(
        'input_choice(stars, 5, five, "五", "five").', "input_choice(stars)"
    ),
    "two choices of one number": _items(
        'input_choice(stars, 5, top, "最高", "top").', "input_choice(stars)"
    ),
    "a choice without choices": _items(
        'input(depth, village, choice, "深", "depth").', "no_choice(depth)"
    ),
    "two units": _items(
        'input_unit(beds, "张", "beds"). input_unit(beds, "个", "beds").', "twice(input_unit,beds)"
    ),
    "a unit of no item": _items('input_unit(depth, "米", "m").', "depth"),
    "a choice of no item": _items('input_choice(depth, 1, low, "低", "low").', "depth"),
    "what lasts is no item": _items("lasting(depth).", "depth"),
    "what is claimed is no item": _items("on_claim(depth).", "depth"),
    "what is given is no item": _items("given_for_kind(depth).", "depth"),
    "a prohibition of no clause": _broken(
        'prohibits(nowhere, gambling, any, "赌博", "gambling").', "no_clause(nowhere)"
    ),
    "a clause of no kind": _broken(
        'clause(stalls, market, "三（九）", "无").', "unknown_kind(stalls,market)"
    ),
    "a matter that no incident answers to": _broken(
        'prohibits(household_gambling, theft, any, "盗窃", "theft").',
        "unknown_matter(household_gambling,theft)",
    ),
    "a test that is none": _broken(
        'prohibits(household_gambling, property_crime, sometimes, "侵财", "theft").',
        "unknown_test(household_gambling,property_crime)",
    ),
    "a grade that is none": _broken(
        'prohibits(household_gambling, property_crime, at_least(huge), "侵财", "theft").',
        "unknown_test(household_gambling,property_crime)",
    ),
    "a grade that is none, with liability": _broken(
        'prohibits(household_gambling, property_crime, liable_at_least(huge), "侵财", "theft").',
        "unknown_test(household_gambling,property_crime)",
    ),
    "a repetition of none": _broken(
        'prohibits(household_gambling, property_crime, repeated(0), "侵财", "theft").',
        "unknown_test(household_gambling,property_crime)",
    ),
    "a repetition of one is a test": _broken(
        'prohibits(household_gambling, property_crime, repeated(1), "侵财", "theft").'
    ),
    "more items announced than written": _broken(
        'list_of(household, "三（九）", "“九无”", 9).', 'list_count(household,"三（九）",9)'
    ),
    "fewer items announced than written": _broken(
        'list_of(household, "三（九）", "“七无”", 7).', 'list_count(household,"三（九）",7)'
    ),
    "a list at a place without items": _broken(
        'list_of(household, "三（八）1", "“八无”", 8).', 'list_count(household,"三（八）1",8)'
    ),
    "a negative repetition": _broken(
        'prohibits(household_gambling, property_crime, repeated(-1), "侵财", "theft").',
        "unknown_test(household_gambling,property_crime)",
    ),
    "a clause without a prohibition is no item": _broken(
        'clause(household_more, household, "三（九）", "无"). english(household_more, "none").',
        'unjudged(household_more,household,"H")',
    ),
    "a clause judged twice": _broken(
        "finding(household_gambling, household, U, met, prohibition) :- standard(household,U).",
        'judged_twice(household_gambling,"H")',
    ),
    "a clause judged twice alike": _broken(
        "finding(household_gambling, household, U, failed, no_poll) :- standard(household,U)."
    ),
    "a standard of one clause": _broken(
        'clause(clinic_gambling, clinic, "三（九）", "无赌博行为").\n'
        'prohibits(clinic_gambling, gambling, any, "赌博行为", "gambling").\n'
        'english(clinic_gambling, "no gambling").',
    ),
    "a switch with two values": _broken(
        "switch(contained_incidents, ignore).", "switch_twice(contained_incidents)"
    ),
    "a switch with a value it cannot take": _broken(
        "switch(extra, maybe).", "switch_value(extra,maybe)"
    ),
    "a grade that no switch can name": _broken(
        "switch(large_case, huge).",
        "switch_value(large_case,huge)",
        *(
            f"unknown_test({kind}_cases,public_security_case)"
            for kind in ("work_unit", "enterprise", "village", "hospital")
        ),
    ),
    "a number of repetitions that is none": _broken(
        "switch(repeated, 0).",
        *("switch_twice(repeated)", "switch_value(repeated,0)"),
        "unknown_test(village_property_crime,property_crime)",
    ),
    "a negative number of repetitions": _broken(
        "switch(repeated, -1).",
        *("switch_twice(repeated)", "switch_value(repeated,-1)"),
        "unknown_test(village_property_crime,property_crime)",
    ),
    "shares out of range": _broken(
        'clause((a;b;c), hospital, "x", "y"). members((a;b;c), household). '
        "threshold(a, -1, 100). threshold(b, 101, 100). threshold(c, 0, 0). "
        "target(county, 1000001, 1000001).",
        *("not_a_share(-1,100)", "not_a_share(101,100)", "not_a_share(0,0)"),
        "not_a_share(1000001,1000001)",
    ),
    "shares at the edge of the range": _broken(
        'clause((a;b;c), hospital, "x", "y"). members((a;b;c), household). '
        "threshold(a, 0, 100). threshold(b, 0, 1). threshold(c, 1000000, 1000000). "
        'english((a;b;c), "y").'
    ),
    "marks out of range": _broken(
        'clause((a;b), hospital, "x", "y"). pass_mark(a, -1). pass_mark(b, 10001).',
        *("not_a_mark(a)", "not_a_mark(b)"),
    ),
    "marks at the edge of the range": _broken(
        'clause((a;b), hospital, "x", "y"). pass_mark(a, 0). pass_mark(b, 10000). '
        'english((a;b), "y").'
    ),
    "costs out of range": _broken(
        "ledger_cost(county, -1). settle_cost(gambling, school, -2). grade_cost(-3). "
        "point_cost(1000001). record_cost(rank, 1000002). declare_cost(1000003).",
        *(f"not_a_cost({n})" for n in (-1, -2, -3, 1000001, 1000002, 1000003)),
    ),
    "costs at the edge of the range": _broken("point_cost(0). grade_cost(1000000)."),
    "a role for nobody": _broken("role(awards, household, nobody).", "no_body(nobody,household)"),
    "a role without a roster": _broken(
        "role(praises, household, township_government).", "no_roster(praises,household)"
    ),
    "a role with a list and no name": _broken(
        "role(praises, household, township_government). lists(praises, met).",
        "no_roster(praises,household)",
    ),
    "a role with a name and no list": _broken(
        'role(praises, household, township_government).\nrole_name(praises, "表扬", "praises").',
        "no_roster(praises,household)",
    ),
    "an attainment that nothing answers": Broken(
        "attainment(clinic,all,0,0,-1).", frozenset({"unattained(clinic,all)"}), "attainment.lp"
    ),
    "a target answered twice": Broken(
        "attained(household,all,no_units).",
        frozenset({"unattained(household,all)"}),
        "attainment.lp",
    ),
}


def defects(folder: Path, broken: Broken) -> frozenset[str]:
    """Return what the policy in `folder` says of itself with the broken rules added to it; a defect
    that it passes over in silence may end in a missing name instead."""
    path, before = folder / (broken.into or "broken.lp"), None
    if broken.into:
        before = path.read_text(encoding="utf-8") if path.is_file() else None
        shared = policy_file(folder, broken.into).read_text(encoding="utf-8")
        path.write_text(f"{shared}\n{broken.rules}", encoding="utf-8")
    else:
        path.write_text(broken.rules, encoding="utf-8")
    try:
        policy: Policy = load_policy(folder)
        evaluate(read_document(COUNTY, "data", policy), policy, YEAR, attainment=True)
    except PolicyError as error:
        return frozenset(f"{p.found}" for p in error.problems)
    except LookupError as error:
        return frozenset({repr(error)})
    finally:
        path.unlink()
        if before is not None:
            path.write_text(before, encoding="utf-8")
    return frozenset()
