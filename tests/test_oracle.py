"""The rules against an independent plain-Python reading of the notice, on random counties."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import pytest

import pingan_logic
from pingan_logic import Policy
from pingan_logic.intake import read_document
from pingan_logic.policy.catalogue import Setting
from pingan_logic.questions.comparison import policy_with, switch_settings
from tests.agreement import differences, words
from tests.oracle import LEVEL, Oracle, Reading
from tests.worlds import (
    DAYS,
    EVENTS,
    crowded_county,
    merging_county,
    random_county,
    with_incidents,
    with_more,
    with_register,
)

pytestmark = pytest.mark.no_cover

BLOCKS, PER_BLOCK = 20, 50


@pytest.mark.parametrize("block", range(BLOCKS))
def test_rules_agree_with_the_oracle(block: int, judge: Any) -> None:
    for seed in range(block * PER_BLOCK, (block + 1) * PER_BLOCK):
        data = random_county(random.Random(seed))
        assert list(differences(judge(data), Oracle(data, 2014))) == [], seed


@pytest.mark.parametrize("block", range(4))
def test_rules_agree_on_counties_that_change_and_years_that_are_not_over(
    block: int, policy: Policy
) -> None:
    for seed in range(block * 25, (block + 1) * 25):
        rng = random.Random(seed)
        data = with_more(random_county(rng), rng)
        events = ("opened", *EVENTS) if seed % 3 else ("moved", "renamed")
        few = None if seed % 3 else 3
        data = with_register(data, rng, (*DAYS, "2014-06-30"), events, policy, few)
        facts = read_document(data, "data", policy)
        for day in ("2014-06-15", "2014-12-30", "2014-12-31"):
            found = pingan_logic.evaluate(
                facts, policy, 2014, as_of=date.fromisoformat(day), attainment=True
            )
            assert list(differences(found, Oracle(data, 2014, day=day))) == [], (seed, day)


READINGS = [
    ("moved_incidents", "with_unit", Reading(moved="with_unit")),
    ("contained_incidents", "ignore", Reading(contained=False)),
    ("major_governs", "no", Reading(major_governs=False)),
    *(("large_case", g, Reading(large_case=LEVEL[g])) for g in ("minor", "major", "extreme")),
    *(
        ("township_accident", g, Reading(township_accident=LEVEL[g]))
        for g in ("minor", "large", "extreme")
    ),
    *(
        ("large_medical_accident", g, Reading(large_medical_accident=LEVEL[g]))
        for g in ("minor", "major", "extreme")
    ),
    *(("county_affiliated", c, Reading(county=c)) for c in ("own", "both")),
    *(("repeated", n, Reading(repeated=n)) for n in (1, 3)),
]


def test_every_value_of_every_switch_is_read(policy: Policy) -> None:
    tried = {(s.key, *s.values) for s in switch_settings(policy)}
    assert {(name, value) for name, value, _ in READINGS} == tried


@pytest.mark.parametrize(("name", "value", "reading"), [("", "", Reading()), *READINGS])
def test_rules_agree_under_every_reading_where_units_move(
    name: str, value: str | int, reading: Reading, policy: Policy
) -> None:
    """Also where drug users have an employer, and other incidents a unit responsible."""
    rules = policy_with(policy, [Setting("switch", name, (value,))]) if name else policy
    days = (*DAYS, "2014-02-02", "2014-06-30")
    for seed in range(12 if name in ("", "moved_incidents") else 4):
        rng = random.Random(f"{name}{value}{seed}")
        data = with_incidents(with_more(random_county(rng), rng), rng)
        data = with_register(data, rng, days, (*EVENTS, "moved", "moved"), policy)
        found = pingan_logic.evaluate(read_document(data, "d", rules), rules, 2014, attainment=True)
        assert list(differences(found, Oracle(data, 2014, reading))) == [], seed


@pytest.mark.parametrize("block", range(2))
def test_rules_agree_on_units_that_merge_and_merge_again(
    block: int, judge: Any, policy: Policy
) -> None:
    for seed in range(block * 15, (block + 1) * 15):
        data = merging_county(random.Random(seed), policy)
        assert list(differences(judge(data), Oracle(data, 2014))) == [], seed


@pytest.mark.parametrize("block", range(4))
def test_rules_agree_at_the_edge_of_every_share(block: int, judge: Any) -> None:
    for seed in range(block * 10, (block + 1) * 10):
        data = crowded_county(random.Random(seed))
        assert list(differences(judge(data), Oracle(data, 2014))) == [], seed


def test_the_words_of_the_policy_are_those_of_the_notice(policy: Policy) -> None:
    assert list(words(policy)) == []
