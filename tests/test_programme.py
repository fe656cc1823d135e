"""Sections 二 and 四: targets, bodies and the accountability flag stand beside the verdict."""

from __future__ import annotations

from typing import Any

import pytest

from pingan_logic import Policy


def test_targets_are_those_of_section_two_and_compounds_have_none(policy: Policy) -> None:
    whole = {"township", "work_unit", "hospital", "school"}
    most = {"village", "enterprise", "building", "household"}
    expected = {**dict.fromkeys(whole, (100, 100)), **dict.fromkeys(most, (95, 100))}
    assert policy.targets == expected


@pytest.mark.parametrize("kind", ["township", "work_unit", "enterprise"])
def test_the_county_assesses_and_awards(policy: Policy, kind: str) -> None:
    assert {role: en for role, (_, en) in policy.roles[kind].items()} == {
        "assesses": "the county leading group and its office",
        "awards": "the county leading group and its office",
    }


@pytest.mark.parametrize("kind", ["village", "school", "hospital"])
def test_the_township_assesses_and_the_county_recognises(policy: Policy, kind: str) -> None:
    roles = {role: en for role, (_, en) in policy.roles[kind].items()}
    assert roles["assesses"] == "the township"
    assert roles["recognises"] == roles["awards"] == "the county leading group and its office"


@pytest.mark.parametrize("kind", ["compound", "building", "household"])
def test_the_township_assesses_and_awards(policy: Policy, kind: str) -> None:
    assert {en for _, en in policy.roles[kind].values()} == {"the township"}


@pytest.mark.parametrize(
    ("grade", "liability", "flagged"),
    [("major", "yes", True), ("major", "", False), ("large", "yes", False)],
)
def test_accountability_is_a_flag_and_no_veto(
    judge: Any, grade: str, liability: str, flagged: bool
) -> None:
    row = {"id": "I", "unit": "W", "type": "mass_incident", "date": "2014-01-01"}
    data = {
        "units": [
            {"id": "C", "kind": "county"},
            {"id": "W", "kind": "enterprise", "parent": "C"},
            {"id": "E", "kind": "enterprise", "parent": "C"},
        ],
        "ledgers": [{"unit": "C", "item": "*", "year": 2014}],
        "incidents": [
            {**row, "grade": grade, "liability": liability, "responsible_unit": "E"},
        ],
    }
    result = judge(data)
    assert result.explain("E").to_dict()["accountability"] == (["I"] if flagged else [])
    assert ("追责" in result.explain("E").text("zh")) is flagged
    assert result.status("E").value == "met"
    assert result.status("W").value == "failed"
