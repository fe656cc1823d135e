"""The rules against an independent plain-Python reading of the notice, on random counties.

Most counties are judged side by side, as one: what takes long is to make the rules ready, not to
judge a small county.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

import pingan_logic
from pingan_logic import Policy
from pingan_logic.catalogue import Setting
from pingan_logic.intake import read_document
from pingan_logic.questions.comparison import policy_with, switch_settings
from tests.agreement import differences, words
from tests.mutation.bank import joined
from tests.oracle import LEVEL, Oracle, Reading
from tests.worlds import (
    DAYS,
    EVENTS,
    County,
    crowded_county,
    merging_county,
    random_county,
    with_incidents,
    with_more,
    with_register,
)

BLOCKS, PER_BLOCK = 10, 100
TOGETHER = 10


def beside(counties: list[County], some: int) -> Iterator[County]:
    """Yield counties put side by side, so many in one, under the requirements of its first."""
    for start in range(0, len(counties), some):
        yield joined(counties[start : start + some])


@pytest.mark.parametrize("block", range(BLOCKS))
def test_rules_agree_with_the_oracle(block: int, judge: Any) -> None:
    seeds = range(block * PER_BLOCK, (block + 1) * PER_BLOCK)
    counties = [random_county(random.Random(seed)) for seed in seeds]
    for n, data in enumerate([*beside(counties, TOGETHER), *counties[::TOGETHER]]):
        assert list(differences(judge(data), Oracle(data, 2014))) == [], (block, n)


def changing(seed: int, policy: Policy) -> County:
    """Return a county whose units change in the year."""
    rng = random.Random(seed)
    data = with_more(random_county(rng), rng)
    events = ("opened", *EVENTS) if seed % 3 else ("moved", "renamed")
    few = None if seed % 3 else 3
    return with_register(data, rng, (*DAYS, "2014-06-30"), events, policy, few)


@pytest.mark.parametrize("block", range(4))
def test_rules_agree_on_counties_that_change_and_years_that_are_not_over(
    block: int, policy: Policy
) -> None:
    counties = [changing(seed, policy) for seed in range(block * 25, (block + 1) * 25)]
    for n, data in enumerate([*beside(counties, 5), *counties[::10]]):
        facts = read_document(data, "data", policy)
        for day in ("2014-06-15", "2014-12-30", "2014-12-31"):
            found = pingan_logic.evaluate(
                facts, policy, 2014, as_of=date.fromisoformat(day), attainment=True
            )
            assert list(differences(found, Oracle(data, 2014, day=day))) == [], (n, day)


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
    counties = []
    for seed in range(12 if name in ("", "moved_incidents") else 4):
        rng = random.Random(f"{name}{value}{seed}")
        data = with_incidents(with_more(random_county(rng), rng), rng)
        counties.append(with_register(data, rng, days, (*EVENTS, "moved", "moved"), policy))
    for data in (joined(counties), counties[0]):
        found = pingan_logic.evaluate(read_document(data, "d", rules), rules, 2014, attainment=True)
        assert list(differences(found, Oracle(data, 2014, reading))) == []


@pytest.mark.parametrize("block", range(2))
def test_rules_agree_on_units_that_merge_and_merge_again(
    block: int, judge: Any, policy: Policy
) -> None:
    seeds = range(block * 15, (block + 1) * 15)
    counties = [merging_county(random.Random(seed), policy) for seed in seeds]
    for n, data in enumerate([*beside(counties, 5), *counties[::5]]):
        assert list(differences(judge(data), Oracle(data, 2014))) == [], n


@pytest.mark.parametrize("block", range(4))
def test_rules_agree_at_the_edge_of_every_share(block: int, judge: Any) -> None:
    for seed in range(block * 10, (block + 1) * 10):
        data = crowded_county(random.Random(seed))
        assert list(differences(judge(data), Oracle(data, 2014))) == [], seed


def test_the_words_of_the_policy_are_those_of_the_notice(policy: Policy) -> None:
    assert list(words(policy)) == []
