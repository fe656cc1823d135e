"""A changed value of a policy as it is written on the command line."""

from __future__ import annotations

import attrs
import pytest

from pingan_logic import Policy, Problem, RequestError
from pingan_logic.catalogue import Setting
from pingan_logic.policy.settings import parse_setting


@pytest.mark.parametrize(
    ("text", "predicate", "key", "values"),
    [
        *((f"threshold(building_households)={v}", "threshold", "building_households", n)
          for v, n in (("95/100", (95, 100)), ("0/1", (0, 1)), ("1/1", (1, 1)), ("9%", (9, 100)),
                       ("100%", (100, 100)), ("9999/9999", (9999, 9999)))),
        *((f"pass_mark(township_score)={v}", "pass_mark", "township_score", (n,))
          for v, n in (("85.5", 8550), ("85.05", 8505), ("0", 0), ("100", 10000),
                       ("100.00", 10000))),
        ("target(village)=90%", "target", "village", (90, 100)),
        (" target ( village ) = 90% ", "target", "village", (90, 100)),
        ("switch(repeated)=3", "switch", "repeated", (3,)),
        ("switch(repeated)=1", "switch", "repeated", (1,)),
        ("switch(repeated)=2147483647", "switch", "repeated", (2**31 - 1,)),
        ("switch(large_case)=major", "switch", "large_case", ("major",)),
        ("switch(county_affiliated)=both", "switch", "county_affiliated", ("both",)),
    ],
)  # fmt: skip
def test_good_settings(
    policy: Policy, text: str, predicate: str, key: str, values: tuple[int | str, ...]
) -> None:
    assert parse_setting(text, policy) == Setting(predicate, key, values)


FORMS = (
    "应为 threshold、pass_mark、target、switch 之一，如 threshold(CLAUSE)=95/100",
    "expected one of threshold, pass_mark, target, switch, as threshold(CLAUSE)=95/100",
)
SHARE = (
    "应为不大于1的比例，如 95/100 或 95%",
    "expected a share of at most 1, as 95/100 or 95%",
)
MARK = (
    "应为0至100的分数，最多两位小数",
    "expected 0 to 100 points with at most two decimals",
)
GRADES = ("应为 minor、large、major、extreme", "expected one of minor, large, major, extreme")
TWO = ("应为 2", "expected one of 2")


@pytest.mark.parametrize(
    ("text", "said", "near"),
    [
        ("", FORMS, None),
        ("threshold", FORMS, "threshold"),
        ("treshold(building_households)=9%", FORMS, "threshold"),
        ("switch(repeated)", FORMS, "switch"),
        ("swich(repeated)=2", FORMS, "switch"),
        ("swich ( repeated ) = 2", FORMS, "switch"),
        ("pass_marks (a)=2", FORMS, "pass_mark"),
        ("targt(the_compounds_of_the_county)", FORMS, "target"),
        *((f"threshold(building_households)={v}", SHARE, None)
          for v in ("101%", "5/4", "1/0", "x", "95", "12345/99999", "-1/2", "1000%")),
        *((f"pass_mark(township_score)={v}", MARK, None)
          for v in ("101", "85.123", "-1", "x", "1000", "100.01", "100.01a", "85.")),
        ("switch(large_case)=majr", GRADES, "major"),
        ("switch(large_case)=2", GRADES, None),
        ("switch(repeated)=0", TWO, None),
        ("switch(repeated)=2147483648", TWO, None),
        ("switch(repeated)=two", TWO, None),
        ("threshold(building_household)=9%",
         ("threshold 没有 building_household", "threshold has no building_household"),
         "building_households"),
        ("pass_mark(township_poll)=9",
         ("pass_mark 没有 township_poll", "pass_mark has no township_poll"), "township_score"),
        ("target(compound)=9%", ("target 没有 compound", "target has no compound"), None),
        ("switch(repeat)=2", ("switch 没有 repeat", "switch has no repeat"), "repeated"),
    ],
)  # fmt: skip
def test_mistakes(policy: Policy, text: str, said: tuple[str, str], near: str | None) -> None:
    with pytest.raises(RequestError) as caught:
        parse_setting(text, policy)
    assert caught.value.problems == (Problem("--set", *said, text, near),)


def test_a_switch_whose_values_nobody_wrote_down_takes_none(policy: Policy) -> None:
    bare = attrs.evolve(policy, switch_values={})
    with pytest.raises(RequestError) as caught:
        parse_setting("switch(large_case)=major", bare)
    assert caught.value.problems == (
        Problem("--set", "应为 ", "expected one of ", "switch(large_case)=major"),
    )


def test_a_setting_is_written_as_it_was_asked_for() -> None:
    share = Setting("threshold", "building_households", (95, 100))
    assert str(share) == "threshold(building_households)=95/100"
    assert share.fact == "threshold(building_households,95,100)."
    assert str(Setting("switch", "large_case", ("major",))) == "switch(large_case)=major"
