"""Rows of years in which their units do not exist are said, and nothing else changes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pingan_logic
from pingan_logic import Policy
from pingan_logic.intake.load import read_source
from pingan_logic.intake.to_facts import to_facts

UNITS = [
    {"id": "C", "kind": "county", "name": "某县"},
    {"id": "T", "kind": "township", "name": "镇", "parent": "C", "opened": "2015-03-01"},
    {"id": "V", "kind": "village", "name": "村", "parent": "T"},
    {"id": "W", "kind": "village", "name": "村二", "parent": "T", "closed": "2016-01-01"},
    {"id": "X", "kind": "village", "name": "村三", "parent": "T"},
]
CHANGES = [{"unit": "X", "change": "merged_into", "value": "V", "date": "2015-06-01"}]


def said(tmp_path: Path, policy: Policy, units: list[Any], **tables: Any) -> list[tuple[str, str]]:
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"units": units, **tables}), encoding="utf-8")
    source = read_source(path)
    facts = to_facts(source, policy)
    plain = pingan_logic.load_facts(path, policy)
    assert facts == plain
    return source.notices


def test_rows_outside_of_the_life_of_a_unit_are_told_in_one_line(
    tmp_path: Path, policy: Policy
) -> None:
    every = [{"unit": u, "item": "*", "year": y} for u in "TVWX" for y in (2014, 2015, 2016)]
    ((zh, en),) = said(
        tmp_path,
        policy,
        UNITS,
        changes=CHANGES,
        ledgers=every,
        scores=[{"unit": "T", "year": 2014, "score": "90"}],
    )
    assert zh == (
        "7行所记年度里，单位尚未设立或已撤销、并入，请核对年度和单位："
        "a.json ledgers[0]（T，2014）、a.json ledgers[3]（V，2014）、a.json ledgers[6]（W，2014）、"
        "a.json ledgers[8]（W，2016）、a.json ledgers[9]（X，2014）……"
    )
    assert en.startswith("7 row(s) of years in which the unit does not exist")
    assert en.endswith("a.json ledgers[9] (X, 2014), …")


def test_a_register_without_dates_speaks_for_every_year(tmp_path: Path, policy: Policy) -> None:
    units = [{k: v for k, v in u.items() if k not in ("opened", "closed")} for u in UNITS]
    ledgers = [{"unit": "T", "item": "*", "year": 1990}, {"unit": "X", "item": "*", "year": 2015}]
    assert said(tmp_path, policy, units, ledgers=ledgers) == []
    assert said(tmp_path, policy, units, changes=CHANGES, ledgers=ledgers) == []
