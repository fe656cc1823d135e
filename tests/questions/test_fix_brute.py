"""Remedies against every set of edits of small worlds, and every plan judged again."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import attrs
import pytest

from pingan_logic import Assessment, Policy, Status, evaluate, load_policy
from pingan_logic.model import Change, Incident
from pingan_logic.questions.edits import apply
from pingan_logic.questions.fix import find_remedy
from pingan_logic.rules.find import data_folder
from tests.fixing import JUNE, YEAR, World, cheapest, first_possible, random_world
from tests.policies import copy_policy
from tests.small_worlds import beside, judge

pytestmark = pytest.mark.no_cover

SHIPPED = data_folder("policies") / "xiangyin-2014"
LAST = YEAR + 4


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Policy:
    """Rules that are not the shipped ones: a body of another kind is judged as a school, a
    village needs two thirds."""
    folder = tmp_path_factory.mktemp("rules") / "other"
    copy_policy(folder)
    (folder / "own.lp").write_text("assigned(kindergarten, school).\n", encoding="utf-8")
    village = folder / "village.lp"
    text = village.read_text(encoding="utf-8")
    text = text.replace(
        "threshold(village_households, 90, 100)", "threshold(village_households, 2, 3)"
    )
    village.write_text(text, encoding="utf-8")
    return load_policy(folder)


def asked(worlds: Sequence[World], policy: Policy) -> Iterator[tuple[int, World, Assessment]]:
    """Yield number and world, and the assessment of all side by side, in which X is number~X."""
    for as_of in (None, JUNE):
        some = [w for w in worlds if w.as_of == as_of]
        for facts, numbers in beside([w.facts for w in some]):
            judged = evaluate(facts, policy, YEAR, as_of=as_of, at_year_end=True)
            yield from ((n, some[n], judged) for n in numbers)


def compare(worlds: Sequence[World], policy: Policy) -> Counter[str]:
    """Compare the costs of all units with the least of all sets of edits."""
    seen, plans = Counter[str](), []
    for n, world, judged in asked(worlds, policy):
        least = cheapest(world, policy)
        for unit, cost in (least or {}).items():
            answer = find_remedy(judged, f"{n}~{unit}")
            assert answer.proven
            met = answer.status is Status.MET
            found = 0 if met else answer.plans[0].cost if answer.plans else None
            assert found == cost, (unit, world)
            seen["fix"] += 1
            if answer.plans:
                changes = tuple(own(c) for c in answer.plans[0].changes)
                plans.append((unit, apply(world.facts, changes, YEAR), world.as_of))
    for as_of in (None, JUNE):
        some = [(unit, facts) for unit, facts, day in plans if day == as_of]
        then = judge(policy, [f for _, f in some], as_of=as_of, at_year_end=True)
        for (unit, facts), after in zip(some, then, strict=True):
            assert after.status(unit) is Status.MET, (unit, facts)
            seen["plans"] += 1
    return seen


def own(change: Any) -> Any:
    """Return a change with the names of its own world."""
    names = {k: (getattr(change, k) or "").rpartition("~")[2] or None for k in ("unit", "incident")}
    return attrs.evolve(change, **names)


def worlds_of(seeds: range, assigned: str | None = None) -> list[World]:
    return [random_world(random.Random(seed), assigned) for seed in seeds]


@pytest.mark.parametrize("part", range(2))
def test_the_cost_is_the_least_of_all_sets_of_edits(part: int, policy: Policy) -> None:
    seen = compare(worlds_of(range(36 * part, 36 * part + 36)), policy)
    assert seen["fix"] >= 100
    assert seen["plans"] >= 30


def test_so_it_is_by_rules_that_are_not_the_shipped_ones(other: Policy) -> None:
    seen = compare(worlds_of(range(1000, 1020), "school"), other)
    assert seen["fix"] >= 50
    assert seen["plans"] >= 10


def hopeless(rng: random.Random, assigned: str | None = None) -> World:
    """A world in whose units, in several years, happens what nothing undoes; some end."""
    world = random_world(rng, assigned)
    kinds = {u.id: u.kind for u in world.facts.units}
    incidents, changes = list(world.facts.incidents), list(world.facts.changes)
    for unit in world.standards:
        household = kinds[unit] == "household"
        for year, share in ((YEAR, 0.8), (YEAR + 1, 0.25), (YEAR + 2, 0.15), (YEAR + 3, 0.05)):
            if rng.random() < share:
                what = "gambling" if household else "criminal_case"
                day = date(year, rng.choice([2, 5]), 7)
                incidents.append(Incident(f"X{unit}{year}", unit, what, day, "major"))
    moved = {c.unit for c in changes} | {c.value for c in changes}
    ends = {
        u: date(rng.choice([YEAR + 1, YEAR + 2]), 7, 1)
        for u in world.standards
        if kinds[u] in ("household", "enterprise") and u not in moved and rng.random() < 0.15
    }
    units = tuple(attrs.evolve(u, closed=ends.get(u.id)) for u in world.facts.units)
    incidents = [i for i in incidents if i.unit not in ends or i.date < ends[i.unit]]
    homes = [u for u in world.standards if kinds[u] == "household" and u not in ends]
    if homes and rng.random() < 0.3 and "W" in world.standards and not changes:
        changes.append(Change(rng.choice(homes), date(YEAR + 1, 3, 1), "moved", "W"))
    facts = attrs.evolve(
        world.facts, units=units, incidents=tuple(incidents), changes=tuple(changes)
    )
    return attrs.evolve(world, facts=facts)


def compare_years(worlds: Sequence[World], policy: Policy) -> int:
    """Compare the first years of all units that cannot be met with those found by hand."""
    number = 0
    found: dict[date | None, dict[str, int | None]] = {
        day: first_possible(beside_all([w for w in worlds if w.as_of == day]), policy, LAST)
        for day in (None, JUNE)
    }
    for n, world, judged in asked(worlds, policy):
        for unit in world.standards:
            answer = find_remedy(judged, f"{n}~{unit}")
            if answer.feasible is False:
                assert answer.first_year == found[world.as_of][f"{n}~{unit}"], (unit, world)
                number += 1
    return number


def beside_all(worlds: Sequence[World]) -> World:
    """Put worlds side by side."""
    ((facts, _),) = beside([w.facts for w in worlds])
    standards = {f"{n}~{u}": k for n, w in enumerate(worlds) for u, k in w.standards.items()}
    return World(facts, standards, worlds[0].as_of)


@pytest.mark.parametrize("part", range(2))
def test_the_first_year_is_the_first_in_which_it_can_be(part: int, policy: Policy) -> None:
    seeds = range(2000 + 24 * part, 2024 + 24 * part)
    assert compare_years([hopeless(random.Random(s)) for s in seeds], policy) >= 114


def test_so_is_the_first_year_by_rules_that_are_not_the_shipped_ones(other: Policy) -> None:
    worlds = [hopeless(random.Random(s), "school") for s in range(3000, 3012)]
    assert compare_years(worlds, other) >= 50
