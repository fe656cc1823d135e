"""Counties on a cluster say what each says by itself, and bad rows stop only their own county."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import pingan_logic
from pingan_logic import Assessment, InputError, Policy, RequestError
from pingan_logic.catalogue import Setting
from tests.spark import nation
from tests.worlds import County, random_county

pytest.importorskip("pyspark", reason="needs pip install 'pingan-logic[spark]'")

from pingan_logic.spark import evaluate_frames
from tests.policies import copy_policy

YEAR = 2014
GOOD = ("990001", "990002", "990003", "990004", "990005", "990006", "990024")


@pytest.fixture(scope="module")
def counties() -> dict[str, County]:
    """Seven good counties, the units of each named after it, as in a register of the nation."""
    found: dict[str, County] = {}
    for n, code in enumerate(GOOD[:-1]):
        found[code] = _own(random_county(random.Random(n)), code)
    found["990024"] = nation.read_sample()
    return found


def _own(data: County, code: str) -> County:
    columns = {"id", "parent", "unit", "responsible_unit"}
    return {
        table: [{k: f"{code}-{v}" if k in columns and v else v for k, v in r.items()} for r in rows]
        for table, rows in data.items()
    }


@pytest.fixture(scope="module")
def alone(
    counties: dict[str, County], policy: Policy, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Assessment]:
    folder = tmp_path_factory.mktemp("alone")
    return {c: nation.judge(data, policy, folder, YEAR) for c, data in counties.items()}


@pytest.fixture(scope="module")
def spoilt(counties: dict[str, County]) -> dict[str | None, County]:
    """The good counties and some with bad rows, one row without a county, one under another."""
    bad: dict[str | None, County] = {}
    for n, code in enumerate(("430701", "430702", "430703", "430704"), 50):
        bad[code] = _own(random_county(random.Random(n)), code)
    incidents = bad["430701"]["incidents"]
    home = bad["430701"]["units"][1]["id"]
    incidents.append(_incident("坏1", home, type="gamblin"))
    incidents.append(_incident("坏2", home, date="2014-02-30"))
    bad["430701"]["ledgers"].append({"unit": f"{home}0", "item": "*", "year": "14"})
    bad["430702"]["units"].append(dict(bad["430702"]["units"][1]))
    bad[None] = {"incidents": [_incident("无县", bad["430703"]["units"][-1]["id"])]}
    strange = _incident("错县", bad["430704"]["units"][-1]["id"])
    bad["430799"] = {"incidents": [strange], "requirements": []}
    return {**counties, **bad}


def _incident(id_: str, unit: str, **changed: str) -> dict[str, str]:
    row = {"id": id_, "unit": unit, "type": "gambling", "grade": "", "date": "2014-05-05",
           "responsible_unit": "", "liability": ""}  # fmt: skip
    return {**row, **changed}


@pytest.fixture(scope="module", params=["by county", "in portions"])
def job(
    request: pytest.FixtureRequest, spark: Any, spoilt: dict[str | None, County]
) -> nation.Collected:
    largest = 1_000_000 if request.param == "by county" else 20
    tables = nation.frames(spark, spoilt)
    return nation.Collected.of(evaluate_frames(**tables, year=YEAR, largest=largest))


def test_every_verdict_and_finding_is_that_of_the_county_alone(
    job: nation.Collected, alone: dict[str, Assessment]
) -> None:
    expected = Counter(row for c, a in alone.items() for row in nation.verdicts(c, a))
    assert job.verdicts == expected
    expected = Counter(row for c, a in alone.items() for row in nation.findings(c, a))
    assert job.findings == expected
    assert len(expected) > 1000
    notices = Counter((c, *notice) for c, a in alone.items() for notice in a.notices)
    assert job.notices == notices


def test_a_bad_row_is_told_in_the_words_of_the_reader_and_withholds_its_county(
    job: nation.Collected, spoilt: dict[str | None, County], policy: Policy, tmp_path: Path
) -> None:
    told = job.rejects
    for county in ("430701", "430702"):
        with pytest.raises(InputError) as caught:
            nation.judge(spoilt[county], policy, tmp_path, YEAR)
        alone = Counter((p.en, p.found, p.nearest) for p in caught.value.problems)
        mine = [r for r in told if r["county"] == county]
        assert Counter((_first(r["en"]), r["found"], r["nearest"]) for r in mine) == Counter(
            {(_first(en), *rest): n for (en, *rest), n in alone.items()}
        )
        assert all(r["table"] in r["place"] and r["row"].startswith("{") for r in mine)
    assert {r["place"] for r in told if r["county"] == "430701"} == {
        "incidents(id=坏1) type",
        "incidents(id=坏2) date",
        "ledgers(unit=430701-township00, item=*, year=14) unit",
        "ledgers(unit=430701-township00, item=*, year=14) year",
    }


def _first(words: str) -> str:
    """Leave out the place of the first of two duplicates, which differs by source."""
    return words.partition("`")[0]


def test_a_row_under_no_county_or_the_wrong_one_withholds_the_county_it_names(
    job: nation.Collected,
) -> None:
    told = job.rejects
    for county, other in (("430703", "空白"), ("430704", "430799")):
        (row,) = [r for r in told if r["county"] == county]
        assert other in row["zh"]
        assert row["found"].startswith(county)
    assert Counter(r["county"] for r in told if r["county"] in (None, "430799")) == {
        None: 1,
        "430799": 1,
    }


def test_what_is_not_judged_is_counted_and_named(
    job: nation.Collected, spoilt: dict[str | None, County], alone: dict[str, Assessment]
) -> None:
    counts = {row["county"]: row for row in job.counts}
    assert set(counts) == set(spoilt)
    for county, row in counts.items():
        assert row["rows"] == sum(len(rows) for rows in spoilt[county].values())
        assert row["judged"] == (county in alone)
        statuses = ("met", "failed", "undetermined")
        if county in alone:
            found = Counter(v[-1] for v in nation.verdicts(county, alone[county]))
            assert [row[s] for s in statuses] == [found[s] for s in statuses]
            assert row["rejected"] == row["problems"] == 0
        else:
            assert [row[s] for s in statuses] == [None, None, None]
            assert row["problems"] > 0
    assert (counts["430701"]["rejected"], counts["430701"]["problems"]) == (3, 4)
    assert (counts["430703"]["rejected"], counts["430703"]["problems"]) == (0, 1)


EXTRA = """
defect(smoke) :- incident(_,_,pollution,_,_,_).
"""
SHARED = """
item_failed(household_disputes,U) :- standard(household,U), U == "H-0100".
"""


def test_typed_columns_an_early_cut_off_and_the_drivers_own_rules(
    spark: Any, counties: dict[str, County], tmp_path: Path
) -> None:
    folder = tmp_path / "stricter"
    copy_policy(folder)
    rules = folder / "village.lp"
    text = rules.read_text(encoding="utf-8")
    least = "threshold(village_households, 90,"
    assert least in text
    rules.write_text(text.replace(least, least.replace("90", "99")), encoding="utf-8")
    (folder / "extra.lp").write_text(EXTRA)
    with (folder / "common.lp").open("a", encoding="utf-8") as shared:
        shared.write(SHARED)
    policy = pingan_logic.load_policy(folder, [Setting("switch", "county_affiliated", ("both",))])
    few: dict[str | None, County] = {c: counties[c] for c in ("990001", "990024")}
    day = date(2014, 11, 30)
    alone = {c: nation.judge(d, policy, tmp_path, YEAR, as_of=day) for c, d in few.items()}
    smoky = few["990099"] = _own(random_county(random.Random(99)), "990099")
    smoky["incidents"].append(_incident("烟", smoky["units"][-1]["id"], type="pollution"))
    tables = nation.frames(spark, few, typed=True)
    asked: dict[str, Any] = {"year": YEAR, "policy": policy, "as_of": day, "reasons": "against"}
    result = nation.Collected.of(evaluate_frames(**tables, **asked, largest=20))
    expected = Counter(r for c, a in alone.items() for r in nation.findings(c, a, against=True))
    assert result.findings == expected
    assert any("≥99%" in row for row in expected)
    assert ("990024", "preliminary", "2014-11-30") in result.notices
    assert {r[3] for r in result.verdicts if r[1] == "S-09"} == {"school", "work_unit"}
    # one household is named by a rule, so those of its kind cannot be judged as one
    assert ("990024", "H-0100", "household", "household", "failed") in result.verdicts
    assert ("990024", "H-0101", "household", "household", "undetermined") in result.verdicts
    # rules that refuse a county stop that county, not the job
    assert [(r["county"], r["found"]) for r in result.rejects] == [("990099", "smoke")]


def test_bytes_that_are_no_text_withhold_their_county_and_never_stop_the_job(spark: Any) -> None:
    names = ("county", "id", "kind", "name", "parent")
    rows = [
        (county, unit, b"household", b"", b"")
        for county, unit in ((b"990001", b"A"), (b"990002", b"B\xff"), (b"43\xff", b"C"))
    ]
    raw = spark.createDataFrame(rows, ", ".join(f"{name} binary" for name in names))
    units = raw.select(*(raw[name].cast("string").alias(name) for name in names))
    result = nation.Collected.of(evaluate_frames(units, year=YEAR))
    assert {(row["county"], row["place"], row["found"]) for row in result.rejects} == {
        ("990002", "units(id=B\ufffd\\u0000) id", "B\ufffd\\u0000"),
        (None, "units(id=C) county", None),
    }
    assert {(row["county"], row["judged"]) for row in result.counts} == {
        ("990001", True), ("990002", False), (None, False),
    }  # fmt: skip


def test_columns_are_checked_before_anything_is_judged(spark: Any) -> None:
    units = spark.createDataFrame(
        [("990001", "A", "village")], "`县` string, id string, knd string"
    )
    scores = spark.createDataFrame(
        [("990001", "A", 2014, 85.0)], "county string, unit string, year int, score double"
    )
    with pytest.raises(InputError) as caught:
        evaluate_frames(units, scores=scores, year=YEAR)
    places = [p.place for p in caught.value.problems]
    assert places.count("units") >= 2
    assert {"units.knd", "units.县", "scores.score"} <= set(places)
    assert any(p.found == "double" and "decimal" in p.en for p in caught.value.problems)
    columns = ", ".join(f"{c} string" for c in ("county", "id", "kind", "name", "parent"))
    good = spark.createDataFrame([("990001", "A", "village", "", "")], columns)
    with pytest.raises(RequestError):
        evaluate_frames(good, year=1914)
