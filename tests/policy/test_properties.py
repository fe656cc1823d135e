"""Properties that hold of every county, tried on random ones."""

from __future__ import annotations

import copy
import random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

import pingan_logic
from pingan_logic import Assessment
from pingan_logic.intake import read_document
from tests.worlds import random_county

RANK = {"failed": 0, "undetermined": 1, "met": 2}
POLICY = pingan_logic.load_policy()
seeds = st.integers(0, 10**9)
FAST = settings(max_examples=25, deadline=None)


def judge(data: dict[str, Any]) -> Assessment:
    return pingan_logic.evaluate(read_document(data, "data", POLICY), POLICY, 2014)


def statuses(result: Assessment) -> dict[str, str]:
    return {u: result.status(u).value for u in result}


def county(seed: int) -> dict[str, Any]:
    return random_county(random.Random(seed))


def ancestors(data: dict[str, Any], unit: str) -> set[str]:
    parent = {u["id"]: u["parent"] for u in data["units"]}
    found = set()
    while unit:
        found.add(unit)
        unit = parent.get(unit, "")
    return found


@given(seeds)
@FAST
def test_building_met_implies_every_household_in_it_met(seed: int) -> None:
    result = judge(county(seed))
    for unit in result.select("building", "met"):
        inside = [u for u in result.inside(unit) if result.units[u].kind == "household"]
        assert inside
        assert all(result.status(u).value == "met" for u in inside)


@given(seeds, st.data())
@FAST
def test_one_more_incident_never_helps(seed: int, draw: st.DataObject) -> None:
    data = county(seed)
    before = statuses(judge(data))
    unit = draw.draw(st.sampled_from([u["id"] for u in data["units"]]))
    data["incidents"].append(
        {
            "id": "new",
            "unit": unit,
            "type": draw.draw(st.sampled_from(sorted(POLICY.types))),
            "grade": draw.draw(st.sampled_from(["", *POLICY.grades])),
            "liability": draw.draw(st.sampled_from(["", "yes", "no"])),
            "date": "2014-03-03",
        }
    )
    after = statuses(judge(data))
    assert all(RANK[after[u]] <= RANK[before[u]] for u in before)
    assert all(after[u] == before[u] for u in before if u not in ancestors(data, unit))


@given(seeds, st.data())
@FAST
def test_one_more_ledger_never_fails_a_unit(seed: int, draw: st.DataObject) -> None:
    data = county(seed)
    before = statuses(judge(data))
    unit = draw.draw(st.sampled_from([u["id"] for u in data["units"]]))
    item = draw.draw(st.sampled_from(["*", *POLICY.types]))
    data["ledgers"].append({"unit": unit, "item": item, "year": "2014"})
    after = statuses(judge(data))
    assert all(RANK[after[u]] >= RANK[before[u]] for u in before)


@given(seeds)
@FAST
def test_renaming_and_permuting_change_nothing(seed: int) -> None:
    data = county(seed)
    before = statuses(judge(data))
    rng = random.Random(seed)
    ids = [u["id"] for u in data["units"]]
    names = [f"N{n}" for n in range(len(ids))]
    rng.shuffle(names)
    new = dict(zip(ids, names, strict=True))
    renamed = copy.deepcopy(data)
    for rows in renamed.values():
        rng.shuffle(rows)
        for row in rows:
            for column in ("unit", "parent", "responsible_unit"):
                if row.get(column):
                    row[column] = new[row[column]]
    for row in renamed["units"]:
        row["id"] = new[row["id"]]
    after = statuses(judge(renamed))
    assert {new[u]: s for u, s in before.items()} == after


@given(seeds)
@FAST
def test_permuting_rows_gives_the_same_bytes(seed: int) -> None:
    import json

    data = county(seed)
    first = json.dumps(judge(data).to_dict(), ensure_ascii=False)
    rng = random.Random(seed)
    for rows in data.values():
        rng.shuffle(rows)
    assert json.dumps(judge(data).to_dict(), ensure_ascii=False) == first


@given(seeds)
@FAST
def test_every_clause_of_a_unit_has_exactly_one_status(seed: int) -> None:
    result = judge(county(seed))
    for unit in result:
        here = result[unit]
        wanted = [c.id for k in here.standards for c in POLICY.clauses_of(k)]
        assert [f.clause for f in here.findings] == wanted
        worst = min(RANK[f.status.value] for f in here.findings)
        assert RANK[here.status.value] == worst
