"""The programme's tables for spreadsheets, its stage and its trend."""

from __future__ import annotations

from typing import Any

import pytest

from pingan_logic import Policy
from pingan_logic.intake import read_document
from pingan_logic.programme import Programme, programme
from pingan_logic.programme.rows import attainment_rows, roster_rows
from pingan_logic.programme.text import programme_text, stage


def county(*years: int) -> dict[str, list[dict[str, Any]]]:
    """Return two townships, one of them with a household that is met every year."""
    units = [
        {"id": "C", "kind": "county", "name": "县"},
        {"id": "T-1", "kind": "township", "name": "甲镇", "parent": "C"},
        {"id": "T-2", "kind": "township", "name": "乙镇", "parent": "C"},
        {"id": "H-1", "kind": "household", "name": "", "parent": "T-1"},
    ]
    ledgers = [{"unit": "H-1", "item": "*", "year": y} for y in years]
    return {"units": units, "ledgers": ledgers}


def of(policy: Policy, *years: int) -> Programme:
    return programme(read_document(county(*years), "data", policy), policy, years[-1])


def test_attainment_as_rows(policy: Policy) -> None:
    rows = list(attainment_rows(of(policy, 2014, 2015)))
    assert rows[0] == [
        *("year", "scope", "name", "kind", "counted", "met", "failed", "undetermined"),
        *("target_n", "target_d", "short", "result"),
    ]
    by_key = {tuple(r[:4]): r[4:] for r in rows[1:]}
    assert len(by_key) == len(rows) - 1
    for year in (2014, 2015):
        assert by_key[year, "", "", "household"] == [1, 1, 0, 0, 95, 100, 0, "proven_met"]
        assert by_key[year, "", "", "township"] == [2, 0, 0, 2, 100, 100, 2, "open"]
        assert by_key[year, "", "", "compound"] == [0, 0, 0, 0, "", "", 0, "no_units"]
        assert by_key[year, "T-1", "甲镇", "household"][:4] == [1, 1, 0, 0]
        assert (year, "T-2", "乙镇", "household") not in by_key, "there are none"


def test_rosters_as_rows(policy: Policy) -> None:
    rows = list(roster_rows(of(policy, 2014)))
    assert rows[0] == ["year", "body", "office", "role", "kind", "unit", "name", "status"]
    assert all(r[0] == 2014 for r in rows[1:])
    (assessed,) = (r for r in rows[1:] if r[3:6] == ["assesses", "household", "H-1"])
    assert assessed[2] == "T-1"
    assert assessed[6:] == ["", "met"]
    towns = {r[5]: r[6:] for r in rows[1:] if r[3:5] == ["assesses", "township"]}
    assert towns == {"T-1": ["甲镇", "undetermined"], "T-2": ["乙镇", "undetermined"]}


@pytest.mark.parametrize(
    ("year", "zh", "en"),
    [
        (2013, "不在", "outside"),
        (2015, "尚未期满", "not over"),
        (2016, "，期满，", "final"),
        (2017, "不在", "outside"),
    ],
)
def test_the_stage_of_a_year(policy: Policy, year: int, zh: str, en: str) -> None:
    found = of(policy, year)
    assert zh in stage(found, "zh")
    assert en in stage(found, "en")
    others = {"不在", "尚未期满", "，期满，"} - {zh}
    assert not any(other in stage(found, "zh") for other in others)
    assert found.within == (2014 <= year <= 2016)


def test_the_trend_of_a_scope(policy: Policy) -> None:
    found = of(policy, 2014, 2015)
    whole = found.trend("household")
    town = found.trend("household", "T-1")
    assert [y for y, _ in whole] == [y for y, _ in town] == [2014, 2015]
    assert [row.scope for _, row in town if row] == ["T-1", "T-1"]
    assert [row.scope for _, row in whole if row] == ["", ""]
    assert found.trend("household", "T-9") == [(2014, None), (2015, None)]
    assert found.trend("kindergarten") == [(2014, None), (2015, None)]
    lines = programme_text(found, "en").splitlines()
    start = lines.index("Attainment rate by year, whole county")
    assert lines[start + 1].split() == ["kind", "2014", "2015"]
    assert sum(line.endswith("  -") for line in lines[start + 2 : start + 12]) > 4
