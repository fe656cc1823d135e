"""Remedies against every set of edits of small worlds, and every plan judged again."""

from __future__ import annotations

import random
import shutil
from collections import Counter

import pytest

from pingan_logic import Policy, Status, evaluate, load_policy
from pingan_logic.policy.find import data_folder
from pingan_logic.questions.edits import apply
from pingan_logic.questions.fix import Remedy, find_remedy
from tests.fixing import YEAR, World, cheapest, first_possible, random_world

pytestmark = pytest.mark.no_cover

SHIPPED = data_folder("policies") / "xiangyin-2014"


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Policy:
    """Rules that are not the shipped ones: a body of another kind is judged as a school, a
    village needs two thirds."""
    folder = tmp_path_factory.mktemp("rules") / "other"
    shutil.copytree(SHIPPED, folder)
    (folder / "own.lp").write_text("assigned(kindergarten, school).\n", encoding="utf-8")
    village = folder / "village.lp"
    text = village.read_text(encoding="utf-8")
    text = text.replace(
        "threshold(village_households, 90, 100)", "threshold(village_households, 2, 3)"
    )
    village.write_text(text, encoding="utf-8")
    return load_policy(folder)


def compare(world: World, policy: Policy, seen: Counter[str]) -> None:
    least = cheapest(world, policy)
    if least is None:
        return
    result = evaluate(world.facts, policy, YEAR, as_of=world.as_of)
    first: dict[str, int | None] = {}
    for unit, cost in least.items():
        answer = find_remedy(result, unit)
        assert answer.proven
        found = 0 if answer.status is Status.MET else answer.plans[0].cost if answer.plans else None
        assert found == cost, (unit, world)
        seen["fix"] += 1
        seen["plans"] += bool(answer.plans)
        if answer.plans:
            check_plan(answer, world, policy)
        elif cost is None:
            first = first or first_possible(world, policy, YEAR + 4)
            assert answer.first_year == first[unit], (unit, world)
            seen["first_year"] += 1


def check_plan(answer: Remedy, world: World, policy: Policy) -> None:
    (plan,) = answer.plans
    after = apply(world.facts, plan.changes, YEAR)
    result = evaluate(after, policy, YEAR, as_of=world.as_of, at_year_end=True)
    assert result.status(answer.unit) is Status.MET


@pytest.mark.parametrize("seed", range(8))
def test_the_cost_is_the_least_of_all_sets_of_edits(seed: int, policy: Policy) -> None:
    rng, seen = random.Random(seed), Counter[str]()
    while seen["fix"] < 50:
        compare(random_world(rng), policy, seen)
    assert seen["plans"] > 5


@pytest.mark.parametrize("seed", range(3))
def test_so_it_is_by_rules_that_are_not_the_shipped_ones(seed: int, other: Policy) -> None:
    rng, seen = random.Random(100 + seed), Counter[str]()
    while seen["fix"] < 40:
        compare(random_world(rng, "school"), other, seen)
    assert seen["plans"] > 5
