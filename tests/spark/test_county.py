"""What a task does with one county, whole and in slices, outside of Spark: many small counties."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pingan_logic import InputError, Policy
from tests.spark import nation
from tests.worlds import County, random_county

pytest.importorskip("pyspark", reason="needs pip install 'pingan-logic[spark]'")

import pyarrow as pa

from pingan_logic.intake.rows import columns
from pingan_logic.spark.county import Job, judge
from pingan_logic.spark.slices import condense

YEAR = 2014
LISTS = pa.list_(pa.string())
BAD = ["", "x\x01", "H'1", "no-such", "2014-13-01", "15", "*", " village0 ", "household", "平安村",
       "gambling", "9999", "ｖｉｌｌａｇｅ0"]  # fmt: skip


class Here:
    """Rules that are there already: outside a job Spark has no folder for them."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy

    def load(self) -> Policy:
        return self.policy


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
    return pa.RecordBatch.from_pydict(
        {
            "table": pa.array([t for t, _ in rows], pa.string()),
            "cells": pa.array([cells for _, cells in rows], LISTS),
            "members": pa.nulls(len(rows), LISTS),
        }
    )


def answers(data: County, rules: Any, *, sliced: bool) -> dict[str, Counter[tuple[Any, ...]]]:
    found = [messages(data, [t for t in data if t != "units" or not sliced])]
    slices: dict[int, list[Any]] = {}
    for unit in data["units"] if sliced else ():
        slices.setdefault(len(unit.get("parent") or "") % 3, []).append(unit)
    for units in slices.values():
        found += condense("C", [messages({"units": units}, ["units"])], rules)
    job = Job(rules, YEAR, date(YEAR, 12, 31), "all", "county")
    told: dict[str, Counter[tuple[Any, ...]]] = {}
    for batch in judge("C", found, job):
        for part in batch.schema.names[1:]:
            rows = [row for row in batch.column(part).to_pylist() if row is not None]
            told.setdefault(part, Counter()).update(
                tuple(tuple(v) if isinstance(v, list) else v for v in row.values()) for row in rows
            )
    return told


@pytest.mark.parametrize("sliced", [False, True])
def test_a_county_says_what_it_says_by_itself(policy: Policy, tmp_path: Path, sliced: bool) -> None:
    for seed in range(25):
        data = county(seed)
        alone = nation.judge(data, policy, tmp_path, YEAR)
        told = answers(data, Here(policy), sliced=sliced)
        judged = Counter({row: n for row, n in told["verdict"].items() if row[-1]})
        assert judged == Counter(row[1:] for row in nation.verdicts("C", alone)), seed
        assert told["finding"] == Counter(row[1:] for row in nation.findings("C", alone)), seed
        assert told["notice"] == Counter(alone.notices), seed


@pytest.mark.parametrize("sliced", [False, True])
def test_a_bad_cell_withholds_all_verdicts_in_the_words_of_the_reader(
    policy: Policy, tmp_path: Path, sliced: bool
) -> None:
    refused = 0
    for seed in range(60):
        data, rng = county(seed), random.Random(seed)
        table = rng.choice([t for t in data if data[t]])
        row = rng.choice(data[table])
        row[rng.choice(list(row))] = rng.choice(BAD)
        told = answers(data, Here(policy), sliced=sliced)
        try:
            alone = nation.judge(data, policy, tmp_path, YEAR)
        except InputError as error:
            refused += 1
            expected = Counter((_words(p.en), p.found) for p in error.problems)
            got = Counter({(_words(row[4]), row[5]): n for row, n in told["reject"].items()})
            # of a class of units alike the one that stands for them is told
            assert set(got) == set(expected) if sliced else got == expected, seed
            assert not told["verdict"], seed
        else:
            assert not told["reject"], seed
            assert told["finding"] == Counter(row[1:] for row in nation.findings("C", alone)), seed
    assert refused > 15


def _words(text: str) -> str:
    """Leave out the place of the first of two duplicates, which differs by source."""
    return text.partition("`")[0]
