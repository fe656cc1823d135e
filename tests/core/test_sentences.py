"""What the facts of a policy say of each clause, beside the words of the notice."""

from __future__ import annotations

from pathlib import Path

import pytest

import pingan_logic
from pingan_logic import Policy
from pingan_logic.layout import WIDTH, width
from pingan_logic.policy.sentences import exact_rate, sentence, sentences
from tests.small_worlds import changed_policy

SAID = {
    "township_cases": (
        "没有计入的等级为“重大”及以上的刑事案件、治安案件，未定级的待核；缺台账的待核。",
        "No criminal case, public-security case graded “major” or above counts, and an ungraded "
        "one leaves it undetermined; without the ledgers it is undetermined.",
    ),
    "township_safety": (
        "没有计入的等级为“重大”及以上、认定有责任的安全事故、校园安全事故、校车安全事故、安全生产事故，"
        "未定级、未认定的待核；缺台账的待核。",
        "No safety accident, campus accident, school-bus accident, work-safety accident graded "
        "“major” or above with liability counts, and one without grade or finding leaves it "
        "undetermined; without the ledgers it is undetermined.",
    ),
    "village_property_crime": (
        "计入的侵财性案件全年少于2起；缺台账的待核。",
        "Fewer than 2 of these count in the year: property crime; without the ledgers it is "
        "undetermined.",
    ),
    "compound_buildings": (
        "辖内楼栋中达标的不少于95%，待核的只放宽上限；没有楼栋的待核，申报“不适用”的除外。",
        "At least 95% of the units inside (building) are met, undetermined ones only widen the "
        "upper bound; without such units it is undetermined, unless declared not applicable.",
    ),
    "township_score": (
        "年度考评得分不低于85分，没有登记的待核。",
        "The annual score is at least 85, and undetermined until recorded.",
    ),
    "work_unit_poll": (
        "民调达到要求，或者名次不低于上级的要求；没有登记民调或要求的待核。",
        "The poll meets the requirement, or its rank is not below the one required; undetermined "
        "until both are recorded.",
    ),
    "household_gambling": (
        "没有计入的赌博；缺台账的待核。",
        "No gambling counts; without the ledgers it is undetermined.",
    ),
}


@pytest.mark.parametrize("clause", SAID)
def test_a_clause_is_said_by_its_facts(policy: Policy, clause: str) -> None:
    c = policy.clauses[clause]
    assert (sentence(policy, c, "zh"), sentence(policy, c, "en")) == SAID[clause]


def test_another_fact_makes_another_sentence(tmp_path: Path) -> None:
    """The words of the clause stay as they are: a slip shows."""
    changed = changed_policy(
        tmp_path,
        {
            "compound.lp": [("threshold(compound_buildings, 95, 100)",
                             "threshold(compound_buildings, 2, 3)")],
            "village.lp": [("members(village_households, household).",
                            "members(village_households, (household;school)).")],
            "household.lp": [("household_gambling, gambling, any", "household_gambling, gambling, "
                              "repeated(3)")],
        },
    )  # fmt: skip
    said = {s.clause: s.said[0] for s in sentences(changed)}
    assert said["compound_buildings"].startswith("辖内楼栋中达标的不少于2/3，")
    assert said["village_households"].startswith("辖内家庭、学校中达标的不少于90%，")
    assert said["household_gambling"] == "计入的赌博全年少于3起；缺台账的待核。"


def test_every_clause_is_said_once_in_both_languages(policy: Policy) -> None:
    found = pingan_logic.show(policy)
    assert [s.clause for s in found] == [
        c.id for k in policy.judged_kinds for c in policy.clauses_of(k)
    ]
    for at, lang in enumerate(("zh", "en")):
        text = found.text(lang)
        assert all(width(line) <= WIDTH for line in text.splitlines())
        told = found.to_dict(lang)["clauses"]
        assert [c["said"] for c in told] == [s.said[at] for s in found]
        assert [c["text"] for c in told] == [policy.clauses[s.clause].text(lang) for s in found]


@pytest.mark.parametrize(
    ("share", "said"),
    [((90, 100), "90%"), ((1, 8), "12.5%"), ((2, 3), "2/3"), ((1, 1), "100%"), ((0, 7), "0%"),
     ((9999, 10000), "99.99%"), ((99999, 100000), "99999/100000")],
)  # fmt: skip
def test_a_rate_is_said_exactly(share: tuple[int, int], said: str) -> None:
    assert exact_rate(*share) == said
