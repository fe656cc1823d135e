"""The cases of the policy, run here too; and the command that runs them."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest

from pingan_logic.cases import Case, Coverage, load_cases, run_case
from pingan_logic.errors import InputError
from pingan_logic.solving.load_policy import load_policy
from tests.command import run

POLICY = load_policy()
CASES = load_cases(POLICY.folder / "cases", POLICY)


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_case(case: Case) -> None:
    assert run_case(case, POLICY).differences == ()


def test_every_atomic_prohibition_has_a_case_in_which_it_fails() -> None:
    failing = {e.clause for c in CASES for e in c.expect if e.clause and e.status == "failed"}
    wanted = {p.id for c in POLICY.clauses.values() for p in c.prohibitions}
    single = {p.id for c in POLICY.clauses.values() for p in c.prohibitions
              if len(c.prohibitions) == 1 and c.id in failing}  # fmt: skip
    assert wanted <= failing | single


def test_every_ratio_score_and_poll_has_three_cases() -> None:
    count = Counter(e.clause for c in CASES for e in c.expect)
    for clause in POLICY.clauses.values():
        if not clause.prohibitions:
            assert count[clause.id] >= 3, clause.id


def test_coverage_is_truncated_never_rounded_up() -> None:
    every = {(c, s) for c in POLICY.clauses for s in ("met", "failed", "undetermined")}
    coverage = Coverage(POLICY, every - {("school_drugs", "met")})
    assert coverage.missing() == [("school_drugs", "met")]
    assert coverage.tenths == (coverage.total - 1) * 1000 // coverage.total == 995


WRONG = """\
- name: 一户有纠纷的楼栋达标
  units:
    楼: building
    户1..10: household 楼
  incidents:
    - 户1 neighbour_dispute
  expect:
    楼: 达标
    楼.building_households: 未达标 8/10
    户1.household_disputes: 未达标 by 事2
"""


def test_a_wrong_expectation_shows_expected_and_actual(tmp_path: Path) -> None:
    (tmp_path / "wrong.yaml").write_text(WRONG, encoding="utf-8")
    report = tmp_path / "report.xml"
    done = run("test", str(tmp_path), "--junit", str(report))
    assert done.returncode == 1
    assert done.stdout.startswith(
        "未通过 wrong.yaml:1 一户有纠纷的楼栋达标\n"
        "    楼\n"
        "        应为  达标\n"
        "        实际  未达标 building_households\n"
        "    楼.building_households\n"
        "        应为  未达标 8/10\n"
        "        实际  未达标 9/10=90.0%\n"
        "    户1.household_disputes\n"
        "        应为  未达标 by 事2\n"
        "        实际  未达标 by 事1\n"
    )
    suite = ElementTree.parse(report).getroot()[0]
    assert (suite.get("tests"), suite.get("failures")) == ("1", "1")
    failure = suite[0].find("failure")
    assert failure is not None
    assert "9/10=90.0%" in (failure.text or "")
    told = json.loads(run("test", str(tmp_path), "--json", "--lang", "en").stdout)
    assert [d["what"] for d in told["failed"][0]["differences"]] == [
        "楼", "楼.building_households", "户1.household_disputes",
    ]  # fmt: skip
    assert told["coverage"]["covered"] == 0, "a case that fails covers nothing"


def test_the_threshold_fails_the_run(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text(
        "- name: 无事件的学校达标\n  units: {校: school}\n  expect: {校: 达标}\n", encoding="utf-8"
    )
    low = run("test", str(tmp_path), "--threshold", "3.6")
    assert low.returncode == 0
    assert "条款覆盖：8/222 = 3.6%" in low.stdout
    assert run("test", str(tmp_path), "--threshold", "3.7").returncode == 1
    assert run("test", "--threshold", "100").returncode == 0
    assert run("test", "--threshold", "many").returncode == 2


HEAD = "- name: 试\n  units:\n    校: school\n"
BAD = [
    ("- name: 试\n  units: {校: scool}\n  expect: {校: 达标}\n", "x.yaml:2", "school"),
    (HEAD + "  expect:\n    校: 好\n", "x.yaml:4", "应以达标"),
    (HEAD + "  expect:\n    校: 未达标\n", "x.yaml:4", "全部理由"),
    (HEAD + "  expect:\n    校: 未达标 school_drug\n", "x.yaml:4", "school_drugs"),
    (HEAD + "  expect:\n    校.school_drug: 未达标\n", "x.yaml:4", "school_drugs"),
    (HEAD + "  expect:\n    学校: 达标\n", "x.yaml:4", "校"),
    (HEAD + "  expekt:\n    校: 达标\n", "x.yaml:4", "expect"),
    (HEAD + "  incidents:\n    - 校 gamblin\n  expect: {校: 达标}\n", "x.yaml:4", "gambling"),
    (HEAD + "  incidents:\n    - 校 gambling big\n  expect: {校: 达标}\n", "x.yaml:4", "应为等级"),
    (HEAD + "  incidents:\n    - 校\n  expect: {校: 达标}\n", "x.yaml:4", "`校`"),
    (HEAD + "  ledgers: all but gambling\n  expect: {校: 达标}\n", "x.yaml:4", "all except"),
    (HEAD + "  scores: {校: 高}\n  expect: {校: 达标}\n", "x.yaml:4", "得分"),
    (HEAD + "  scores: {校: 101}\n  expect: {校: 达标}\n", "x.yaml:1", "101"),
    (HEAD + "  year: '14'\n  expect: {校: 达标}\n", "x.yaml:4", "年份"),
    (HEAD + "  expect: {校: 达标}\n  expect: {校: 达标}\n", "x.yaml:5", "写了两次"),
    (HEAD + "  expect: {校: 达标\n", "x.yaml:", "YAML"),
    ("name: 试\n", "x.yaml", "列表"),
    (HEAD + "  expect: {校: '{s}'}\n  rows:\n    - {t: 达标}\n", "x.yaml:6", "没有该列"),
    (HEAD + "  expect: {校: 达标}\n" + HEAD + "  expect: {校: 达标}\n", "x.yaml:5", "重名"),
    ("- name: 试\n  units: {户9..1: household}\n  expect: {户1: 达标}\n", "x.yaml:2", "由小到大"),
    ("- &a [1,1,1,1,1,1,1,1,1,1]\n- &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\n"
     "- &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\n- &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\n"
     "- &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\n- &f [*e,*e,*e,*e,*e,*e,*e,*e,*e,*e]\n"
     "- &g [*f,*f,*f,*f,*f,*f,*f,*f,*f,*f]\n- [*g,*g,*g,*g,*g,*g,*g,*g,*g,*g]\n",
     "x.yaml", "过多"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "place", "said"), BAD)
def test_mistakes_name_file_and_line(text: str, place: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_cases(tmp_path, POLICY)
    words = [p.words() for p in caught.value.problems]
    assert any(w.startswith(place) and said in w for w in words), words


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(BAD[0][0], encoding="utf-8")
    (tmp_path / "y.yaml").write_text(BAD[3][0] + BAD[6][0].replace("试", "二"), encoding="utf-8")
    done = run("test", str(tmp_path))
    assert done.returncode == 2
    assert done.stderr.count(".yaml:") == 5
    assert "Traceback" not in done.stderr


def test_tags_are_text(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(
        "- name: !!python/name:os.system 试\n"
        "  units: !!python/object/apply:os.system {校: !!int school}\n  expect: {校: 达标}\n",
        encoding="utf-8",
    )
    (case,) = load_cases(tmp_path, POLICY)
    assert case.name == "试"
    assert [u.kind for u in case.facts.units] == ["school"]
