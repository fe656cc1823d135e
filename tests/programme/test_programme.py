"""Sections 二 and 四: targets, bodies and the accountability flag stand beside the verdict."""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path
from typing import Any

import attrs
import pytest

import pingan_logic
from pingan_logic import Policy
from pingan_logic.explain.text import rate_text
from pingan_logic.programme import Attainment, programme, rosters
from pingan_logic.programme.text import programme_text
from pingan_logic.rules.find import data_folder
from tests.cli.test_cli import call
from tests.policies import copy_policy

SAMPLE = data_folder("facts") / "sample-county"


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
    assert ("责任追究情形提示" in result.explain("E").text("zh")) is flagged
    assert result.status("E").value == "met"
    assert result.status("W").value == "failed"


def enterprises(met: int, failed: int, undetermined: int) -> dict[str, Any]:
    """Return a county whose township T has so many enterprises of each status."""
    units = [{"id": "C", "kind": "county"}, {"id": "T", "kind": "township", "parent": "C"}]
    ledgers, incidents = [], []
    for n in range(met + failed + undetermined):
        name = f"E{n}"
        units.append({"id": name, "kind": "enterprise", "parent": "T"})
        if n < met + failed:
            ledgers.append({"unit": name, "item": "*", "year": 2014})
        if met <= n < met + failed:
            row = {"id": f"I{n}", "unit": name, "type": "pollution", "grade": ""}
            incidents.append({**row, "date": "2014-05-05"})
    return {"units": units, "ledgers": ledgers, "incidents": incidents}


@pytest.mark.parametrize(
    ("met", "failed", "undetermined", "result", "short"),
    [
        (19, 1, 0, "proven_met", 0),
        (18, 2, 0, "proven_missed", 1),
        (18, 1, 1, "open", 1),
        (19, 0, 1, "proven_met", 0),
        (0, 0, 1, "open", 1),
        (0, 1, 0, "proven_missed", 1),
        (0, 2, 19, "proven_missed", 20),
        (0, 1, 19, "open", 19),
        (0, 0, 0, "no_units", 0),
    ],
)
def test_a_target_of_95_per_cent_at_its_boundary(
    judge: Any, met: int, failed: int, undetermined: int, result: str, short: int
) -> None:
    assessment = judge(enterprises(met, failed, undetermined))
    for scope in ("", "T"):
        total = met + failed + undetermined
        expected = (met, undetermined, total, short, result)
        assert assessment.outcome.attainment["enterprise", scope] == expected


def test_a_rate_is_never_rounded_up_to_its_target() -> None:
    row = Attainment("household", "", 18999, 0, 20000, (95, 100), 1, "proven_missed")
    assert [rate_text(row.share, lang) for lang in ("zh", "en")] == ["94.9%", "94.9%"]
    assert rate_text(attrs.evolve(row, met=19000).share, "zh") == "95.0%"
    assert rate_text(attrs.evolve(row, target=None).share, "zh") == "95.0%"


def test_every_unit_counts_for_a_target_of_100_per_cent(judge: Any) -> None:
    data = enterprises(3, 0, 0)
    data["units"].append({"id": "S", "kind": "school", "parent": "T"})
    data["units"].append({"id": "K", "kind": "compound", "parent": "T"})
    found = judge(data).outcome.attainment
    assert found["school", ""] == (0, 1, 1, 1, "open")
    assert found["compound", ""][4] == "no_target"
    assert found["hospital", ""][4] == "no_units"


def test_a_changed_target_is_a_change_of_the_policy_alone(tmp_path: Path) -> None:
    folder = tmp_path / "policy"
    copy_policy(folder)
    rules = folder / "programme.lp"
    text = rules.read_text(encoding="utf-8")
    changed = text.replace("building;household), 95, 100)", "building;household), 90, 100)")
    assert changed != text
    rules.write_text(changed, encoding="utf-8")
    facts = pingan_logic.load_facts(SAMPLE)
    shipped, own = (programme(facts, p) for p in (None, pingan_logic.load_policy(folder)))
    assert (shipped.now.of("building").result, shipped.now.of("building").short) == ("open", 3)
    assert (own.now.of("building").result, own.now.of("building").short) == ("open", 2)


def test_the_trend_ends_with_the_year_asked_for() -> None:
    facts = pingan_logic.load_facts(SAMPLE)
    assert [y.year for y in programme(facts).years] == [2014, 2015, 2016]
    early = programme(facts, year=2014)
    assert [y.year for y in early.years] == [2014]
    assert not early.now.final
    assert programme(facts).now.final
    # what was said in 2014 cannot change through later records
    records = ("incidents", "ledgers", "scores", "polls", "requirements")
    first = attrs.evolve(
        facts,
        checked_by=None,
        changes=(),
        units=[u for u in facts.units if u.id not in LATER and u.parent not in LATER],
        **{t: [r for r in getattr(facts, t) if _year(r) == 2014] for t in records},
    )
    assert programme(first).to_dict() == early.to_dict()
    assert programme_text(programme(first), every=True) == programme_text(early, every=True)


LATER = {"C-07", "B-19", "B-20"}


def _year(row: Any) -> int:
    return int(row.year if hasattr(row, "year") else row.date.year)


def test_the_rosters_name_every_unit_of_each_body_once() -> None:
    result = programme(pingan_logic.load_facts(SAMPLE))
    a = result.current
    found = {(r.body, r.office, r.role, r.kind): set(r.units) for r in result.rosters}
    assert len(found) == len(result.rosters)
    assert found["county_leading_group", None, "assesses", "work_unit"] >= {"S-09", "Y-05", "W-01"}
    for kind in a.policy.judged_kinds:
        judged = {u for u in a if kind in a.outcome.verdicts[u]}
        met = {u for u in judged if a.outcome.verdicts[u][kind] == "met"}
        for role, statuses in (("assesses", judged), ("awards", met)):
            lists = [u for (_, _, r, k), units in found.items() if (r, k) == (role, kind)
                     for u in units]  # fmt: skip
            assert sorted(lists) == sorted(statuses), (role, kind)
    forwarded = {k: u for (_, o, r, k), u in found.items() if (o, r) == ("T-02", "forwards")}
    assert forwarded == {"village": {"V-06", "V-09", "V-10"}, "school": {"S-04"}}
    assert "V-04" in found["township_government", "T-01", "assesses", "village"]


def test_a_unit_outside_every_township_is_on_a_roster_without_an_office(judge: Any) -> None:
    units = [{"id": "C", "kind": "county"}, {"id": "S", "kind": "school", "parent": "C"}]
    (roster,) = rosters(judge({"units": units}))
    assert (roster.body, roster.office, roster.units) == ("township_government", "", ("S",))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_programme_reads_well_in_both_languages(
    capsys: pytest.CaptureFixture[str], lang: str
) -> None:
    code, out, _ = call(capsys, "programme", "--lang", lang, "--list")
    assert code == 0
    path = Path(__file__).parents[1] / "golden" / f"programme.{lang}.txt"
    if os.environ.get("REWRITE_GOLDEN"):
        path.write_text(out, encoding="utf-8")
    assert out == path.read_text(encoding="utf-8")


def test_the_programme_as_json_and_csv(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = call(capsys, "programme", "--facts", str(SAMPLE), "--json", "--year", "2015")
    document = json.loads(out)
    assert [t["year"] for t in document["trend"]] == [2014, 2015]
    household = next(r for r in document["attainment"] if (r["kind"], r["scope"]) ==
                     ("household", None))  # fmt: skip
    assert (household["met"], household["counted"], household["result"]) == (668, 797, "open")
    _, out, _ = call(capsys, "programme", "--facts", str(SAMPLE), "--csv=codes", "--year", "2015")
    rows = list(csv.DictReader(io.StringIO(out.lstrip("\ufeff"))))
    assert {r["year"] for r in rows} == {"2014", "2015"}
    (row,) = [r for r in rows if (r["year"], r["scope"], r["kind"]) == ("2015", "", "household")]
    assert (row["short"], row["result"]) == ("90", "open")
    _, out, _ = call(capsys, "programme", "--facts", str(SAMPLE), "--rosters", "--csv=codes")
    rows = list(csv.DictReader(io.StringIO(out.lstrip("\ufeff"))))
    assert sum(r["role"] == "awards" for r in rows) == 787
    _, out, _ = call(capsys, "programme", str(SAMPLE), "--rosters", "--csv", "--year", "2016")
    named = list(csv.DictReader(io.StringIO(out.lstrip("\ufeff"))))
    assert list(named[0]) == ["年度", "办理机关", "所在", "事项", "类别", "编号", "名称", "结论"]
    assert [r["编号"] for r in named] == [r["unit"] for r in rows]
    assert {r["事项"] for r in named} == {"考核评比", "上报认定", "认定", "授牌"}
    _, out, _ = call(capsys, "programme", str(SAMPLE), "--csv", "--as-of", "2016-06-30")
    shares = list(csv.DictReader(io.StringIO(out.lstrip("\ufeff"))))
    assert {r["年度"] for r in shares} == {"2014", "2015", "2016预评"}
    town = next(r for r in shares if r["范围"] == "白沙洲镇（T-02）" and r["类别"] == "楼栋"
                and r["年度"] == "2016预评")  # fmt: skip
    assert (town["达标率"], town["目标"], town["结论（含预评）"]) == (
        "0.0%～83.3%",
        "95%",
        "达不到",
    )
    code, out, err = call(capsys, "programme", "--csv", "--json")
    assert (code, out) == (2, "")
    assert "--csv" in err


def test_a_year_outside_of_the_programme_is_said_to_be(judge: Any) -> None:
    """Its own numbers stand beside the trend of the years before it, which are the programme's."""
    units = [{"id": "C", "kind": "county"}, {"id": "T", "kind": "township", "parent": "C"}]
    ledgers = [{"unit": "T", "item": "*", "year": y} for y in (2013, 2014, 2016, 2017)]
    facts = judge({"units": units, "ledgers": ledgers}).facts
    said = {
        2013: "本年度不在创建活动期内",
        2014: "本年度为进展",
        2016: "本年度为期末结果",
        2017: "本年度不在创建活动期内",
    }
    trends = {2013: [2013], 2014: [2014], 2016: [2014, 2016], 2017: [2014, 2016, 2017]}
    for year, words in said.items():
        result = programme(facts, None, year)
        assert result.within is (2014 <= year <= 2016)
        assert words in programme_text(result)
        assert [y.year for y in result.years] == trends[year]
        assert result.to_dict()["final"] is (year == 2016)
