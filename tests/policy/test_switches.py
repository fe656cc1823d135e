"""An auditor changes the policy folder; no Python changes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import pingan_logic
from pingan_logic.rules.find import data_folder
from tests.policies import copy_policy

SHIPPED = data_folder("policies") / "xiangyin-2014"
STAR = [{"unit": "C", "item": "*", "year": 2014}]


def status(
    tmp_path: Path, data: dict[str, Any], unit: str, *changes: tuple[str, str, str]
) -> dict[str, str]:
    """Judge `unit` under the shipped policy with texts replaced in its files."""
    folder = tmp_path / "changed"
    copy_policy(folder)
    for file, old, new in changes:
        path = folder / file
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        assert old in text
        path.write_text(text.replace(old, new, 1) if old else new, encoding="utf-8")
    document = tmp_path / "data.json"
    document.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    policy = pingan_logic.load_policy(folder)
    here = pingan_logic.evaluate(pingan_logic.load_facts(document, policy), policy, 2014)[unit]
    return {"": here.status.value, **{f.clause: f.status.value for f in here.findings}}


def county(*units: tuple[str, str, str], incidents: list[dict[str, str]]) -> dict[str, Any]:
    rows = [{"id": "C", "kind": "county"}]
    rows += [{"id": i, "kind": k, "parent": p} for i, k, p in units]
    dated = [
        {"id": f"I{n}", "date": "2014-02-02", **incident} for n, incident in enumerate(incidents)
    ]
    return {"units": rows, "ledgers": STAR, "incidents": dated}


TOWN = [("T", "township", "C"), ("V", "village", "T"), ("H", "household", "V")]
INTERPRETATIONS = "interpretations.lp"


@pytest.mark.parametrize(
    ("incidents", "unit", "clause", "old", "new", "before", "after"),
    [
        (
            [{"unit": "V", "type": "public_security_case", "grade": "minor"}],
            *("T", "township_cases", "switch(major_governs, yes)", "switch(major_governs, no)"),
            *("met", "failed"),
        ),
        (
            [{"unit": "V", "type": "public_security_case", "grade": "large"}],
            *("V", "village_cases", "switch(large_case, large)", "switch(large_case, major)"),
            *("failed", "met"),
        ),
        (
            [{"unit": "V", "type": "safety_accident", "grade": "large", "liability": "yes"}],
            *("T", "township_safety", "switch(township_accident, major)"),
            *("switch(township_accident, large)", "met", "failed"),
        ),
        (
            [{"unit": "H", "type": "gambling"}],
            *("V", "village_gambling", "switch(contained_incidents, count)"),
            *("switch(contained_incidents, ignore)", "failed", "met"),
        ),
        (
            [{"unit": "V", "type": "property_crime"}] * 2,
            *("V", "village_property_crime", "switch(repeated, 2)", "switch(repeated, 3)"),
            *("failed", "met"),
        ),
        (
            [{"unit": "V", "type": "bypass_petition", "responsible_unit": "T"}],
            *("V", "village_petitions", "((mass_petition;bypass_petition))", "(mass_petition)"),
            *("met", "failed"),
        ),
        (
            [{"unit": "H", "type": "drug_involvement", "responsible_unit": "V"}],
            *("V", "village_drugs", "switch(contained_incidents, count)"),
            *("switch(contained_incidents, ignore)", "failed", "failed"),
        ),
        (
            [{"unit": "T", "type": "drug_involvement", "responsible_unit": "V"}],
            *("V", "village_drugs", "\nalso_by_responsible_unit(drug_involvement).", "\n"),
            *("failed", "met"),
        ),
    ],
)
def test_each_switch_decides(
    tmp_path: Path,
    incidents: list[dict[str, str]],
    unit: str,
    clause: str,
    old: str,
    new: str,
    before: str,
    after: str,
) -> None:
    data = county(*TOWN, incidents=incidents)
    assert status(tmp_path, data, unit)[clause] == before
    assert status(tmp_path, data, unit, (INTERPRETATIONS, old, new))[clause] == after


def test_a_hospital_counts_a_grade_two_medical_accident_until_the_switch_says_grade_one(
    tmp_path: Path,
) -> None:
    data = county(
        ("Y", "hospital", "C"),
        incidents=[{"unit": "Y", "type": "medical_accident", "grade": "large"}],
    )
    change = (
        INTERPRETATIONS,
        "switch(large_medical_accident, large)",
        "switch(large_medical_accident, major)",
    )
    assert status(tmp_path, data, "Y")["hospital_medical"] == "failed"
    assert status(tmp_path, data, "Y", change)["hospital_medical"] == "met"


@pytest.mark.parametrize(
    ("value", "standards", "expected"),
    [
        ("work_unit", {"work_unit"}, "undetermined"),
        ("own", {"school"}, "met"),
        ("both", {"work_unit", "school"}, "undetermined"),
    ],
)
def test_county_schools_under_each_reading(
    tmp_path: Path, value: str, standards: set[str], expected: str
) -> None:
    data = county(("S", "school", "C"), incidents=[])
    data["units"][-1]["affiliation"] = "county"
    change = (INTERPRETATIONS, "switch(county_affiliated, work_unit)",
              f"switch(county_affiliated, {value})")  # fmt: skip
    found = status(tmp_path, data, "S", change)
    assert found[""] == expected
    assert {c.rsplit("_", 1)[0] for c in found if c.endswith("_cases")} == standards


def test_a_kindergarten_can_be_assigned_to_the_standard_for_schools(tmp_path: Path) -> None:
    data = county(("K", "kindergarten", "C"), incidents=[{"unit": "K", "type": "gambling"}])
    change = ("more.lp", "", "assigned(kindergarten, school).")
    assert status(tmp_path, data, "K", change)["school_gambling"] == "failed"


def test_a_threshold_is_one_fact(tmp_path: Path) -> None:
    units = [*TOWN, *((f"H{n}", "household", "V") for n in range(9))]
    data = county(*units, incidents=[{"unit": "H", "type": "pornography"}])
    change = ("village.lp", "threshold(village_households, 90, 100)",
              "threshold(village_households, 91, 100)")  # fmt: skip
    assert status(tmp_path, data, "V")["village_households"] == "met"
    assert status(tmp_path, data, "V", change)["village_households"] == "failed"


def test_a_new_standard_is_one_file(tmp_path: Path) -> None:
    text = (SHIPPED / "hospital.lp").read_text(encoding="utf-8").replace("hospital", "market")
    text += '\nkind(market, "市场", "market", "个").\nmay_sit_in(market, county).\n'
    data = county(("M", "market", "C"), incidents=[{"unit": "M", "type": "gambling"}])
    found = status(tmp_path, data, "M", ("market.lp", "", text))
    assert found[""] == "failed"
    assert found["market_gambling"] == "failed"
    assert found["market_medical"] == "met"
