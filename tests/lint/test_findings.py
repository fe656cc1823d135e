"""What `lint` and `test` find, in the forms that other tools read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest
from click.testing import CliRunner, Result

from pingan_logic import RequestError
from pingan_logic.cli import main
from pingan_logic.rules.find import data_folder
from tests.policies import copy_policy

RULES = data_folder("policies") / "xiangyin-2014"
BAD = "docs/rules/lint/examples/magic-number/bad.lp"
SARIF = json.loads((Path(__file__).parents[1] / "schemas" / "sarif-2.1.0.json").read_text("utf-8"))
"""The schema that OASIS publishes with the standard."""
WRONG = """
- name: 家庭有赌博，家庭达标，100% 不对
  units:
    户: household
  incidents:
    - 户 gambling
  expect:
    户: 达标
"""


def run(*arguments: str, text: str | None = None) -> Result:
    return CliRunner().invoke(main, list(arguments), input=text)


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    path = tmp_path / "cases" / "wrong.yaml"
    path.parent.mkdir()
    path.write_text(WRONG, encoding="utf-8")
    return path


def sarif(done: Result) -> list[dict[str, Any]]:
    document = json.loads(done.stdout)
    jsonschema.Draft4Validator(SARIF).validate(document)
    (run,) = document["runs"]
    rules = [r["id"] for r in run["tool"]["driver"]["rules"]]
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
    return list(run["results"])


def test_findings_of_lint_in_every_form() -> None:
    as_json = json.loads(run("lint", BAD, "--json").stdout)["findings"]
    assert as_json == json.loads(run("lint", BAD, "--format", "json").stdout)["findings"]
    assert {f["rule"] for f in as_json} == {"magic-number"}
    places = [(f["line"], f["column"]) for f in as_json]

    done = run("lint", BAD, "--format", "sarif", "--lang", "en")
    found = sarif(done)
    where = [r["locations"][0]["physicalLocation"] for r in found]
    assert [w["artifactLocation"]["uri"] for w in where] == [BAD] * len(places)
    assert [(w["region"]["startLine"], w["region"]["startColumn"]) for w in where] == places
    assert (
        sarif(run("lint", "docs/rules/lint/examples/magic-number/good.lp", "--format", "sarif"))
        == []
    )

    line, column = places[0]
    first = run("lint", BAD, "--format", "github").stdout.splitlines()[0]
    assert first.startswith(f"::error file={BAD},line={line},col={column},title=magic-number::")

    suite = ElementTree.fromstring(run("lint", BAD, "--format", "junit").stdout)[0]
    assert suite.get("failures") == str(len(places))
    failed = [case for case in suite if case.find("failure") is not None]
    assert [c.get("name") for c in failed] == [f"magic-number {BAD}:{a}:{b}" for a, b in places]
    assert "misspelt-name" in [case.get("name") for case in suite]


def test_findings_of_cases_in_every_form(cases: Path) -> None:
    options = ("test", str(cases), "--format")
    (found,) = sarif(run(*options, "sarif"))
    place = found["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == cases.as_uri()
    assert place["region"]["startLine"] == 2
    assert "应为" in found["message"]["text"]
    marked = run(*options, "github").stdout
    assert marked.count("\n") == 1
    assert "100%25" in marked
    (case,) = ElementTree.fromstring(run(*options, "junit").stdout).iter("testcase")
    assert case.find("failure") is not None
    assert json.loads(run(*options, "json").stdout)["failed"][0]["line"] == 2
    done = run(*options, "text", "--json")
    assert done.exit_code == 2


def test_a_file_that_is_not_saved_is_judged_in_its_place(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    copy_policy(folder)
    text = (folder / "village.lp").read_text(encoding="utf-8")
    options = ("lint", str(folder), "--stdin", "--stdin-filename", "village.lp", "--json")
    assert json.loads(run(*options, text=text).stdout)["findings"] == []
    spoilt = text.replace(
        "members(village_households, household", "members(village_households, houshold", 1
    )
    assert spoilt != text
    found = json.loads(run(*options, text=spoilt).stdout)["findings"]
    line = spoilt[: spoilt.index("houshold")].count("\n") + 1
    assert (found[0]["file"], found[0]["line"]) == ("village.lp", line)
    assert (folder / "village.lp").read_text(encoding="utf-8") == text
    alone = run("lint", "--stdin", text="a(B) :- b.\n")
    assert "stdin.lp:1" in alone.output
    away = run("lint", str(folder), "--stdin", "--stdin-filename", "../x.lp", text=text)
    assert isinstance(away.exception, RequestError)
    assert not (tmp_path / "x.lp").exists()
