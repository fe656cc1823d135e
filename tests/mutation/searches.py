"""Questions about remedies, margins and missing records with known answers: they kill mutants of
the costs and of the searches. The answers are worked out by hand, by brute force or by evaluating.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from pingan_logic import Policy, PolicyError, load_policy
from tests.mutation.bank import World, defect_differences, lint_findings, unreadable
from tests.questions import test_fix, test_fix_brute, test_margin, test_missing, test_remedies
from tests.remedy_costs import COSTS, cost_differences

__all__ = ["searches"]


MARGIN, PLAN, RECORDS = (f"remedies/{name}.lp" for name in ("margin", "plan", "missing"))
MATTERS, OBSTACLES = (f"remedies/{name}.lp" for name in ("matters", "obstacles"))
BESIDE = {PLAN: {MATTERS, OBSTACLES}, RECORDS: {MATTERS}, MARGIN: {MATTERS}}
"""What is grounded with a search, and is asked with it."""


def searches(policy: Policy) -> Iterator[World]:
    """Yield the worlds that ask for remedies, margins and missing records."""

    def world(name: str, check: Callable[[Policy], Iterator[str]], about: str) -> World:
        """Return a world that asks one search alone, if it is `about` one."""
        asked = frozenset({about, "remedies.lp", *BESIDE[about]} if about else ())
        return World(name, load_policy, check, about, asked)

    for name in COSTS:
        yield world("costs", partial(cost_differences, name), PLAN)
    checked = frozenset({"remedies.lp"})
    yield World("defects", load_policy, defect_differences, files=checked)
    t, f, m, r = test_remedies, test_fix, test_margin, test_missing
    whole: list[tuple[str, Callable[..., None]]] = [
        (PLAN, f.test_without_members_a_ratio_is_declared_not_applicable),
        (PLAN, f.test_a_compound_brings_up_the_households_of_its_buildings),
        (PLAN, f.test_of_units_alike_the_first_are_brought_up_and_the_others_left),
        (PLAN, f.test_a_unit_against_which_less_stands_comes_first_but_need_not_come),
        (PLAN, f.test_a_case_is_graded_though_a_member_stays_below),
        (PLAN, f.test_what_is_settled_for_its_container_may_leave_the_member_below),
        (PLAN, f.test_what_can_be_settled_is_no_obstacle_beside_what_cannot),
        (PLAN, f.test_a_ledger_of_a_building_that_stays_below_helps_its_households),
        (RECORDS, t.test_the_effect_of_a_single_record),
        (RECORDS, t.test_records_that_can_only_fail_or_only_meet),
        (RECORDS, t.test_a_grade_and_liability_that_are_missing),
        (RECORDS, t.test_a_score_a_poll_and_a_requirement_that_are_missing),
        (RECORDS, t.test_what_no_record_can_settle_lets_none_meet),
        (RECORDS, t.test_what_a_failed_member_lacks_is_neither_asked_for_nor_counted),
        (RECORDS, t.test_what_a_failed_building_holds_open_is_not_asked_for),
        (RECORDS, t.test_each_ratio_counts_its_own_members_for_the_effect_of_a_record),
        (RECORDS, t.test_a_share_that_does_not_divide_is_rounded_up_for_effects_too),
        (RECORDS, t.test_of_as_many_ledgers_those_that_reach_less_are_asked_for),
        ("", t.test_distances_are_signed),
        (PLAN, f.test_what_has_happened_cannot_be_undone),
        (PLAN, f.test_a_case_can_be_graded_only_where_a_lighter_grade_is_left),
        (PLAN, f.test_repeated_cases_are_settled_until_they_are_few_enough),
        (PLAN, f.test_a_share_that_does_not_divide_is_rounded_up),
        (PLAN, f.test_one_ledger_may_bring_up_more_members_than_are_needed),
        (PLAN, f.test_a_ratio_that_cannot_be_met_says_how_many_and_why),
        (MARGIN, t.test_the_first_of_like_members_are_named_as_losses),
        (MARGIN, t.test_each_ratio_counts_its_own_members_only),
        (MARGIN, t.test_a_member_that_stands_brings_nothing_down),
        ("", f.test_typed_results_reach_the_library),
    ]
    for about, test in whole:
        yield world("tests", partial(_asserts, test, ()), about)
    for lightest in ("minor", "major"):
        denied = f.test_liability_may_be_denied_at_any_grade
        yield world("tests", partial(_asserts, denied, (lightest,)), PLAN)
    for members in ((17, 0, "meet"), (16, 0, "none"), (17, 1, "meet"), (16, 2, "fail")):
        decides = t.test_one_member_decides_when_the_others_leave_it_to
        yield world("tests", partial(_asserts, decides, members), RECORDS)
    for case in ((10, "", ("B",)), (9, "", ("B", "V")), (9, "V", ("B",))):
        stops = t.test_a_cascade_stops_where_a_ratio_still_holds
        yield world("tests", partial(_asserts, stops, case), MARGIN)
    for alone in "AKZ":
        fewest = t.test_the_fewest_losses_are_found_among_unlike_members
        yield world("tests", partial(_asserts, fewest, (alone,)), MARGIN)
    for losses in (("village", 10), ("village", 11), *(("compound", n) for n in range(3))):
        keeps = t.test_every_set_of_losses_within_the_margin_keeps_it_and_one_more_can_topple
        yield world("tests", partial(_asserts, keeps, losses), MARGIN)
    seeded: list[tuple[str, Any, range]] = [
        (RECORDS, t.test_the_effect_of_each_record_is_what_the_evaluation_says, range(24)),
        (RECORDS, t.test_missing_records_settle_whatever_they_say_and_none_is_too_many, range(12)),
        (PLAN, f.test_a_remedy_makes_the_unit_met_and_no_part_of_it_can_be_left_out, range(12)),
    ]  # fmt: skip
    for about, test, seeds in seeded:
        body = test.hypothesis.inner_test if hasattr(test, "hypothesis") else test
        for seed in seeds:
            yield world("tests", partial(_asserts, body, (seed,)), about)
    for name, about, compares in (
        ("losses", MARGIN, m.check_losses),
        ("falls", MARGIN, m.check_cascades),
        ("incidents", MARGIN, m.check_incidents),
    ):
        yield world(name, partial(_agrees, partial(_margins, compares)), about)
    yield world(
        "records",
        partial(_agrees, partial(r.compared, make=r.small_world, seeds=range(40))),
        RECORDS,
    )
    yield world(
        "records",
        partial(_agrees, partial(r.compared, make=r.county_school, seeds=range(10))),
        RECORDS,
    )
    yield world("remedies", partial(_agrees, partial(_remedies)), PLAN)
    yield World("lint", load_policy, lint_findings)
    cascade = t.test_the_cascade_names_what_falls
    yield world("tests", partial(_asserts, cascade, ()), MARGIN)


def _margins(compares: Callable[..., int], policy: Policy) -> None:
    compares(policy, test_margin.trials(policy, range(6)))


def _remedies(policy: Policy) -> None:
    test_fix_brute.compare(test_fix_brute.worlds_of(range(8)), policy)
    worlds = [test_fix_brute.hopeless(random.Random(s)) for s in range(2000, 2004)]
    test_fix_brute.compare_years(worlds, policy)


def _agrees(compares: Callable[[Policy], object], policy: Policy) -> Iterator[str]:
    """Compare answers with those found by hand or by trying everything, under another policy."""
    return _asserts(compares, (policy,), policy)


def _asserts(
    test: Callable[..., None], arguments: tuple[Any, ...], policy: Policy
) -> Iterator[str]:
    """Run a test of the searches under another policy."""
    shipped = test_remedies.POLICY
    test_remedies.POLICY = test_fix.POLICY = policy
    try:
        test(*arguments)
    except PolicyError as error:
        if unreadable(error):
            raise
        yield f"{getattr(test, '__name__', 'brute force')}: {error.problems[0].words()}"
    except (AssertionError, LookupError, ValueError) as error:
        name = getattr(test, "__name__", "brute force")
        yield f"{name}: {str(error).splitlines()[0] if str(error) else 'fails'}"
    finally:
        test_remedies.POLICY = test_fix.POLICY = shipped
