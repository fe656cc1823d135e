"""Ledgers that several containers could keep, against every choice of them."""

from __future__ import annotations

import random
from decimal import Decimal
from itertools import chain, combinations

import pytest

from pingan_logic.evaluation import evaluate
from pingan_logic.model import Facts, Ledger, Poll, Score, Unit
from pingan_logic.questions import symmetry_breaking
from pingan_logic.questions.fix import find_remedy
from tests.remedy_data import POLICY, YEAR, facts_of, hopeless

ITEMS = ("gambling", "drug_involvement", "pyramid_selling")
COST = {"household": 1, "building": 4, "compound": 6, "village": 15, "township": 60}
MOST = 9
"""Ledgers of which every choice is tried."""
Gaps = dict[str, frozenset[str]]


def containers(rng: random.Random) -> list[Unit]:
    """A township with villages, compounds and buildings."""
    units = [Unit("T", "township")]
    for kind, inside, most in (
        ("village", ("township",), 2), ("compound", ("village",), 2),
        ("building", ("village", "compound"), 4),
    ):  # fmt: skip
        places = [u.id for u in units if u.kind in inside]
        for n in range(rng.randint(kind == "village", most) if places else 0):
            units.append(Unit(f"{kind}{n}", kind, "", rng.choice(places)))
    return units


def county(seed: int) -> tuple[Facts, Gaps]:
    """A township whose share of households is all that may be open, and what they lack."""
    rng = random.Random(seed)
    units = containers(rng)
    rows, failed, gaps, covered = [], list[str](), Gaps(), list[tuple[str, str]]()
    for place in [u for u in units if u.kind != "township"]:
        covered += [(place.id, t) for t in ITEMS if rng.random() < 0.2]
        for n in range(rng.choice((0, 2, 9, 30))):
            home = Unit(f"{place.id}-{n}", "household", "", place.id)
            units.append(home)
            lack = rng.choices(range(3), (5, 4, 1))[0]
            gaps[home.id] = frozenset(rng.sample(ITEMS, lack))
            if rng.random() < 0.03:
                failed.append(home.id)
    rows = [Ledger(u, t, YEAR) for u, t in covered]
    rows += [Ledger(h, t, YEAR) for h, lack in gaps.items() for t in ITEMS if t not in lack]
    rows += [Ledger("T", t, YEAR) for t in POLICY.types if t not in ITEMS]
    parents = {u.id: u.parent for u in units}
    for home in gaps:
        places = set(around(home, parents))
        gaps[home] -= {t for u, t in covered if u in places}
    facts = facts_of(
        units=units, ledgers=rows, incidents=hopeless(*failed),
        scores=[Score("T", YEAR, Decimal(95))], polls=[Poll("T", YEAR, "met")],
    )  # fmt: skip
    return facts, {h: lack for h, lack in gaps.items() if h not in failed}


def around(unit: str, parents: dict[str, str | None]) -> list[str]:
    """The containers of a unit."""
    place = parents[unit]
    return [place, *around(place, parents)] if place else []


def least(facts: Facts, gaps: Gaps) -> int | None:
    """The least effort over all choices of ledgers at containers; what is left, each household
    keeps for itself, those that lack least first."""
    parents = {u.id: u.parent for u in facts.units}
    kinds = {u.id: u.kind for u in facts.units}
    needed = -(-sum(kind == "household" for kind in kinds.values()) * 9 // 10)
    if len(gaps) < needed:
        return None
    places = {h: around(h, parents) for h in gaps}
    offers = offered(facts, gaps)
    best = 10**6
    for chosen in chain.from_iterable(combinations(offers, n) for n in range(len(offers) + 1)):
        cost = sum(COST[kinds[u]] for u, _ in chosen)
        if cost < best:
            kept = set(chosen)
            left = sorted(
                sum(not any((u, t) in kept for u in places[h]) for t in lack)
                for h, lack in gaps.items()
            )
            best = min(best, cost + sum(left[:needed]))
    return best


def offered(facts: Facts, gaps: Gaps) -> list[tuple[str, str]]:
    """The ledgers that some container could keep for a household."""
    parents = {u.id: u.parent for u in facts.units}
    return sorted({(u, t) for h, lack in gaps.items() for t in lack for u in around(h, parents)})


@pytest.mark.parametrize("part", range(2))
def test_the_cost_is_the_least_of_all_choices_of_ledgers(
    part: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    hints = 0

    def offers(*args: object) -> list[str]:
        nonlocal hints
        found = list(given(*args))
        hints += any(line.startswith("gains_less") for line in found)
        return found

    given = symmetry_breaking.offers
    monkeypatch.setattr(symmetry_breaking, "offers", offers)
    for seed in range(part, 60, 2):
        facts, gaps = county(seed)
        if not gaps or len(offered(facts, gaps)) > MOST:
            continue
        cost = least(facts, gaps)
        answer = find_remedy(evaluate(facts, POLICY, YEAR), "T")
        assert answer.proven
        found = answer.plans[0].cost if answer.plans else None
        assert (found or 0) == (cost or 0), seed
    assert hints > 5
