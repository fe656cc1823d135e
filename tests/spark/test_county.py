"""What a task does with one county, whole and in portions, outside of Spark: small counties."""

from __future__ import annotations

import copy
import json
import pickle
import random
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pingan_logic import InputError, Policy
from pingan_logic.errors import Problem, visible
from tests.spark import nation
from tests.spark.here import Here, batch, told
from tests.worlds import County, random_county

pytest.importorskip("pyspark", reason="needs pip install 'pingan-logic[spark]'")

import pyarrow as pa

from pingan_logic.intake.rows import columns
from pingan_logic.spark.condense import condense
from pingan_logic.spark.county import Job, judge
from pingan_logic.spark.rows import RowPlace

YEAR = 2014
BAD = ["", "x\x01", "H'1", "no-such", "2014-13-01", "15", "*", " village0 ", "household", "平安村",
       "gambling", "9999", "ｖｉｌｌａｇｅ0"]  # fmt: skip


def county(seed: int) -> County:
    """Return a small county in which many households are alike."""
    rng = random.Random(seed)
    data = random_county(rng)
    for unit in list(data["units"]):
        if unit["kind"] == "household" and rng.random() < 0.7:
            data["units"] += ({**unit, "id": f"{unit['id']}x{n}"} for n in range(3))
    return data


def messages(data: County, tables: list[str]) -> pa.RecordBatch:
    rows = [(t, [row.get(c) for c in columns(t)]) for t in tables for row in data[t]]
    random.Random(len(rows)).shuffle(rows)
    return batch(rows)


def answers(data: County, rules: Any, *, portioned: bool) -> dict[str, Counter[tuple[Any, ...]]]:
    found = [messages(data, [t for t in data if t != "units" or not portioned])]
    portions: dict[int, list[Any]] = {}
    for unit in data["units"] if portioned else ():
        portions.setdefault(len(unit.get("parent") or "") % 3, []).append(unit)
    for units in portions.values():
        found += condense("C", [messages({"units": units}, ["units"])], rules)
    job = Job(rules, YEAR, date(YEAR, 12, 31), "all", "county")
    return {
        part: Counter(
            tuple(tuple(v) if isinstance(v, list) else v for v in row.values()) for row in rows
        )
        for part, rows in told(judge("C", found, job)).items()
    }


@pytest.mark.parametrize("portioned", [False, True])
def test_a_county_says_what_it_says_by_itself(
    policy: Policy, tmp_path: Path, portioned: bool
) -> None:
    for seed in range(12):
        data = county(seed)
        alone = nation.judge(data, policy, tmp_path, YEAR)
        said = answers(data, Here(policy), portioned=portioned)
        judged = Counter({row: n for row, n in said["verdict"].items() if row[-1]})
        assert judged == Counter(row[1:] for row in nation.verdicts("C", alone)), seed
        assert said["finding"] == Counter(row[1:] for row in nation.findings("C", alone)), seed
        assert said["notice"] == Counter(alone.notices), seed


@pytest.mark.parametrize("portioned", [False, True])
def test_a_bad_cell_withholds_all_verdicts_in_the_words_of_the_reader(
    policy: Policy, tmp_path: Path, portioned: bool
) -> None:
    refused = 0
    for seed in range(25):
        data, rng = county(seed), random.Random(seed)
        table = rng.choice([t for t in data if data[t]])
        row = rng.choice(data[table])
        row[rng.choice(list(row))] = rng.choice(BAD)
        said = answers(data, Here(policy), portioned=portioned)
        try:
            alone = nation.judge(data, policy, tmp_path, YEAR)
        except InputError as error:
            refused += 1
            expected = Counter((_words(p.en), p.found and visible(p.found)) for p in error.problems)
            got = Counter({(_words(row[4]), row[5]): n for row, n in said["reject"].items()})
            # of a class of units alike the one that stands for them is told
            assert set(got) == set(expected) if portioned else got == expected, seed
            assert not said["verdict"], seed
        else:
            assert not said["reject"], seed
            assert said["finding"] == Counter(row[1:] for row in nation.findings("C", alone)), seed
    assert refused > 15


def test_every_bad_row_is_counted_and_told_in_clean_words(policy: Policy) -> None:
    same = {"id": "A\u202e", "kind": "household\x1b[2J"}
    job = Job(Here(policy), YEAR, date(YEAR, 12, 31), "all", "county")
    said = told(judge("C", [messages({"units": [same, same]}, ["units"])], job))
    (count,) = said["count"]
    assert (count["rows"], count["rejected"], count["problems"]) == (2, 2, len(said["reject"]))
    for row in said["reject"]:
        assert json.loads(row["row"]) == same
        assert all(v.isprintable() for v in row.values() if isinstance(v, str))


def _words(text: str) -> str:
    """Leave out the place of the first of two duplicates, which differs by source."""
    return text.partition("`")[0]


def test_a_place_survives_the_way_from_an_executor() -> None:
    error = InputError([Problem(RowPlace("units", 4, "id=1", "kind"), "中文", "English")])
    for again in (pickle.loads(pickle.dumps(error)), copy.deepcopy(error)):
        place: Any = again.problems[0].place
        assert type(place) is RowPlace
        assert (place, place.table, place.number) == ("units(id=1) kind", "units", 4)
