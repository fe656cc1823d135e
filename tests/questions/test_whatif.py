"""What if: the same as changing the policy or the data by hand."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from pingan_logic.catalogue import Setting
from pingan_logic.errors import RequestError
from pingan_logic.evaluation import evaluate
from pingan_logic.intake import load_facts, read_document
from pingan_logic.policy.settings import parse_setting
from pingan_logic.questions.comparison import compare, each_switch, policy_with, switch_settings
from pingan_logic.rules.find import data_folder
from pingan_logic.solving.load_policy import load_policy
from pingan_logic.verdicts import Assessment
from tests.command import run
from tests.policies import copy_policy

POLICY = load_policy()
SAMPLE = load_facts(data_folder("facts") / "sample-county", POLICY)
BASE = evaluate(SAMPLE, POLICY, 2014)


def statuses(policy: object) -> dict[str, str]:
    result = evaluate(SAMPLE, policy, 2014)  # type: ignore[arg-type]
    return {u: result.status(u).value for u in result}


BY_HAND = [
    ("threshold(building_households)=90/100", "building.lp",
     "threshold(building_households, 100, 100)", "threshold(building_households, 90, 100)"),
    ("threshold(village_households)=97%", "village.lp",
     "threshold(village_households, 90, 100)", "threshold(village_households, 97, 100)"),
    ("pass_mark(township_score)=84.99", "township.lp",
     "pass_mark(township_score, 8500)", "pass_mark(township_score, 8499)"),
    ("switch(large_case)=minor", "interpretations.lp",
     "switch(large_case, large)", "switch(large_case, minor)"),
    ("switch(repeated)=1", "interpretations.lp", "switch(repeated, 2)", "switch(repeated, 1)"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "file", "old", "new"), BY_HAND, ids=[b[0] for b in BY_HAND])
def test_a_setting_is_the_same_as_editing_the_file(
    text: str, file: str, old: str, new: str, tmp_path: Path
) -> None:
    folder = tmp_path / "p"
    copy_policy(folder)
    path = folder / file
    rules = path.read_text(encoding="utf-8")
    assert rules.count(old) == 1
    path.write_text(rules.replace(old, new), encoding="utf-8")
    assert statuses(policy_with(POLICY, [parse_setting(text, POLICY)])) == statuses(
        load_policy(folder)
    )


def test_a_setting_inside_a_pool_leaves_the_others() -> None:
    policy = policy_with(POLICY, [parse_setting("target(village)=90%", POLICY)])
    assert policy.targets["village"] == (90, 100)
    assert policy.targets["household"] == (95, 100)
    assert policy.targets["building"] == (95, 100)


def test_flips_name_the_clause_that_decides() -> None:
    policy = policy_with(POLICY, [parse_setting("threshold(building_households)=90/100", POLICY)])
    found = compare(BASE, evaluate(SAMPLE, policy, 2014))
    assert [(f.unit, f.before, f.after, f.clauses) for f in found.flips] == [
        ("B-05", "failed", "met", ("building_households",)),
        ("C-02", "failed", "met", ("compound_buildings",)),
    ]
    back = compare(evaluate(SAMPLE, policy, 2014), BASE)
    assert [(f.unit, f.before, f.after, f.clauses) for f in back.flips] == [
        ("B-05", "met", "failed", ("building_households",)),
        ("C-02", "met", "failed", ("compound_buildings",)),
    ]


def test_nothing_flips_against_itself() -> None:
    found = compare(BASE, BASE)
    assert (found.flips, found.only_before, found.only_after) == ((), (), ())


@pytest.mark.no_cover
def test_each_switch_is_tried_with_each_other_value() -> None:
    tried = {(e.switch, e.other): e for e in each_switch(SAMPLE, POLICY, 2014)}
    assert len(tried) == len(switch_settings(POLICY)) == 16
    assert {s for s, _ in tried} == set(POLICY.switches)
    for (switch, other), effect in tried.items():
        changed = statuses(
            policy_with(POLICY, [parse_setting(f"switch({switch})={other}", POLICY)])
        )
        differing = {u for u, s in changed.items() if s != BASE.status(u).value}
        assert {f.unit for f in effect.comparison.flips} == differing
    assert any(e.comparison.flips for e in tried.values())


def county_school(affiliated: str) -> Assessment:
    """Judge a school of the county that gambles and has no score, under a reading."""
    data = {
        "units": [
            {"id": "C", "kind": "county"},
            {"id": "S", "kind": "school", "parent": "C", "affiliation": "county"},
        ],
        "ledgers": [{"unit": "C", "item": "*", "year": 2014}],
        "incidents": [{"id": "I", "unit": "S", "type": "gambling", "date": "2014-02-02"}],
    }
    policy = policy_with(POLICY, [Setting("switch", "county_affiliated", (affiliated,))])
    return evaluate(read_document(data, "data", policy), policy, 2014)


def test_what_differs_by_a_standard_is_told_though_the_worst_verdict_is_the_same() -> None:
    found = compare(county_school("work_unit"), county_school("both"))
    assert found.flips == ()
    (one,) = found.differences
    assert (one.unit, one.standards) == ("S", (("school", None, "failed"),))
    assert one.clauses == (), "the clauses of the standard that both judge by are the same"
    assert compare(county_school("both"), county_school("work_unit")).differences[0].standards == (
        ("school", "failed", None),
    )


def test_what_differs_of_a_clause_is_told_though_the_verdict_is_the_same() -> None:
    policy = policy_with(POLICY, [parse_setting("threshold(village_households)=100%", POLICY)])
    found = compare(BASE, evaluate(SAMPLE, policy, 2014))
    flipped = {f.unit for f in found.flips}
    for one in found.differences:
        assert [(b, a) for _, b, a in one.clauses] == [("met", "failed")] or one.unit in flipped
    assert {d.unit for d in found.beneath} == {d.unit for d in found.differences} - flipped
    assert all(BASE.units[d.unit].kind == "village" for d in found.beneath)


def test_switches_are_tried_both_ways() -> None:
    def tried(*settings: str) -> list[dict[str, Any]]:
        given = [x for s in settings for x in ("--set", s)]
        done = run("whatif", "--each-switch", "--year", "2014", *given, "--json")
        assert done.returncode == 0, done.stderr
        found: list[dict[str, Any]] = json.loads(done.stdout)["switches"]
        return found

    there = {(e["switch"], e["other"]): e for e in tried()}
    back = {(e["switch"], e["other"]): e for e in tried("switch(contained_incidents)=ignore")}
    gone = there["contained_incidents", "ignore"]
    came = back["contained_incidents", "count"]
    assert gone["flips"]
    assert [(f["unit"], f["before"], f["after"]) for f in gone["flips"]] == [
        (f["unit"], f["after"], f["before"]) for f in came["flips"]
    ]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_switches_are_said_in_words(lang: str) -> None:
    shown = run("whatif", "--each-switch", "--year", "2014", "--lang", lang).stdout
    assert not re.search(r"[a-z]+_[a-z]+", shown), "no identifiers"
    assert ("“屡发性”指全年2起及以上，改为“屡发性”指全年3起及以上" in shown) is (lang == "zh")
    other = run("whatif", "--each-switch", "--year-b", "2015")
    assert other.returncode == 2
    assert "--each-switch" in other.stderr


def test_a_changed_value_is_said_in_words() -> None:
    settings = ["pass_mark(township_score)=84.99", "target(village)=90%", "switch(repeated)=1",
                "threshold(building_households)=90/100"]  # fmt: skip
    given = [x for s in settings for x in ("--set", s)]
    shown = run("whatif", "--year", "2014", *given).stdout.splitlines()
    assert shown[1] == (
        "改变：三（一）4 “全年社会管理综合治理工作年度考评得分85分以上”，分数线由85分改为84.99分；"
        "村（社区）的目标由95%改为90%；"
        "适用口径（第18条）“屡发性”指全年2起及以上，改为“屡发性”指全年1起及以上；"
        "三（八）2 “平安家庭户数达100%”，要求由100%改为90%"
    )


BAD = [
    ("threshold(building_household)=90/100", "building_households"),
    ("treshold(building_households)=90/100", "threshold"),
    ("threshold(building_households)=120/100", "比例"),
    ("threshold(building_households)=many", "比例"),
    ("pass_mark(township_score)=101", "0至100"),
    ("switch(major_governs)=maybe", "yes"),
    ("switch(large_case)=larg", "large"),
    ("switch(repeated)=0", "应为"),
    ('switch(repeated)=1).evil("', "应为"),
    ("nonsense", "应为"),
    ("repeated=3", "最接近的有效值：`switch(repeated)=3`"),
    ("village = 90%", "最接近的有效值：`target(village)=90%`"),
]


@pytest.mark.parametrize(("text", "said"), BAD)
def test_a_wrong_setting_names_what_is_valid(text: str, said: str) -> None:
    with pytest.raises(RequestError) as caught:
        parse_setting(text, POLICY)
    assert said in caught.value.words()


def test_data_can_be_changed_by_a_file(tmp_path: Path) -> None:
    change = tmp_path / "change.json"
    change.write_text(
        json.dumps(
            {
                "add": {
                    "incidents": [
                        {"id": "N-1", "unit": "S-01", "type": "gambling", "date": "2014-05-01"}
                    ]
                },
                "remove": {"incidents": [{"id": "I-016"}]},
                "set": ["threshold(village_households)=1%"],
            }
        ),
        encoding="utf-8",
    )
    told = json.loads(run("whatif", "--change", str(change), "--year", "2014", "--json").stdout)
    flips = {f["unit"]: (f["before"], f["after"], f["clauses"]) for f in told["flips"]}
    assert flips["S-01"] == ("met", "failed", ["school_gambling"])
    assert flips["C-02"][:2] == ("failed", "met")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[]", "应为对象"),
        ("{", "JSON"),
        ('{"adds": {}}', "add"),
        ('{"add": {"unit": []}}', "units"),
        ('{"add": {"units": [1]}}', "列表"),
        ('{"set": "x"}', "列表"),
        ('{"remove": {"units": [{"id": "Z"}]}}', "没有这样的行"),
        ('{"add": {"units": [{"id": "Z", "kind": "vilage"}]}}', "village"),
        ('{"set": ["switch(repeated)=x"]}', "应为"),
    ],
)
def test_a_wrong_change_file_is_refused(text: str, said: str, tmp_path: Path) -> None:
    change = tmp_path / "change.json"
    change.write_text(text, encoding="utf-8")
    done = run("whatif", "--change", str(change))
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_two_years_and_two_data_sets_are_compared(tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(data_folder("facts") / "sample-county", data)
    units = (data / "units.csv").read_text(encoding="utf-8-sig")
    kept = [line for line in units.splitlines() if not line.startswith("S-01,")]
    (data / "units.csv").write_text("\n".join(kept), encoding="utf-8")
    for table in ("ledgers", "incidents", "scores", "polls"):
        path = data / f"{table}.csv"
        if path.is_file():
            lines = [
                x for x in path.read_text(encoding="utf-8-sig").splitlines() if "S-01" not in x
            ]
            path.write_text("\n".join(lines), encoding="utf-8")
    other = json.loads(run("whatif", "--facts-b", str(data), "--year", "2014", "--json").stdout)
    assert other["only_before"] == ["S-01"]
    later = run("whatif", "--year", "2014", "--year-b", "2013", "--json")
    assert later.returncode == 0, later.stderr
    assert len(json.loads(later.stdout)["flips"]) > 100, "without ledgers 2013 is undetermined"


def test_two_policies_are_compared(tmp_path: Path) -> None:
    folder = tmp_path / "strict"
    copy_policy(folder)
    path = folder / "village.lp"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("threshold(village_households, 90, 100)",
                     "threshold(village_households, 100, 100)"), encoding="utf-8"
    )  # fmt: skip
    done = run("whatif", "--policy-b", str(folder))
    assert done.returncode == 0, done.stderr
    assert "达标→未达标" in done.stdout
    assert "，依据三（四）2" in done.stdout


def test_a_question_without_an_if_is_refused() -> None:
    done = run("whatif")
    assert done.returncode == 2
    assert "--each-switch" in done.stderr
