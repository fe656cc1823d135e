"""The guide `docs/rules/another-notice.md` is followed as written; it works without Python."""

from __future__ import annotations

import re
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner

from pingan_logic import Policy, RequestError
from pingan_logic.answers import ANSWERS, DEFINITIONS
from pingan_logic.audit import audit
from pingan_logic.cases import load_cases, run_cases
from pingan_logic.cli import main
from pingan_logic.library import verify
from pingan_logic.lint import lint
from pingan_logic.policy.new import new_policy
from pingan_logic.policy.params import policy_params
from pingan_logic.solving.engine import load_policy

ROOT = Path(__file__).parents[1]
GUIDE = (ROOT / "docs" / "rules" / "another-notice.md").read_text(encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "linjiang-2020"
    new_policy(made)
    return made


def test_the_guide_shows_the_files_that_are_made(folder: Path) -> None:
    assert "policy new linjiang-2020" in GUIDE
    blocks = re.findall(r"文件 `([^`]+)`：\n\n```\w+\n(.*?)```\n", GUIDE, re.DOTALL)
    shown = dict(blocks)
    made = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert made == {*shown, "version.txt"}
    for name, text in shown.items():
        assert (folder / name).read_text(encoding="utf-8") == text
    with pytest.raises(RequestError):
        new_policy(folder)
    with pytest.raises(RequestError):
        new_policy(folder.parent / "xiangyin-2014")


def test_the_parameters_are_all_listed_with_their_places(policy: Policy) -> None:
    found = policy_params(policy)
    settings = {p.name: p.value for p in found}
    assert {c for c in policy.clauses if f"threshold({c})" in settings} == {
        c.id for c in policy.clauses.values() if c.threshold
    }
    for clause in policy.clauses.values():
        if clause.threshold:
            assert settings[f"threshold({clause.id})"] == clause.threshold
        if clause.pass_mark is not None:
            assert settings[f"pass_mark({clause.id})"] == clause.pass_mark
    assert {k: settings[f"target({k})"] for k in policy.targets} == policy.targets
    assert {k: settings[f"switch({k})"] for k in policy.switches} == policy.switches
    row = found["threshold(village_households)"]
    assert (row.clause, row.source) == ("village_households", "三（四）2")
    line = (policy.folder / row.file).read_text(encoding="utf-8").splitlines()[row.line - 1]
    assert line.startswith("threshold(village_households, 90, 100)")
    assert found["target(village)"].source == "二"
    assert found["ledger_cost(village)"].value == 15
    assert found["switch(repeated)"].words[0].startswith("适用口径")
    schema = {"$defs": {**DEFINITIONS, **ANSWERS}, "$ref": "#/$defs/params"}
    for lang in ("zh", "en"):
        jsonschema.validate(found.to_dict(lang), schema)
        assert found.text(lang).count("\n") == len(found)


def test_the_guide_gives_a_policy_that_passes_every_check(folder: Path) -> None:
    assert lint(folder) == []
    policy = load_policy(folder)
    assert audit(policy).orphans == ()
    assert verify(policy).as_expected
    results = list(run_cases(load_cases(folder / "cases", policy), policy))
    assert len(results) == 8
    assert [r.differences for r in results if not r.passed] == []


def test_its_verdicts_follow_its_own_thresholds(folder: Path, tmp_path: Path) -> None:
    rows = ["id,kind,name,parent", "V,village,,", "M,market,,V"]
    rows += [f"H{n},household,,V" for n in range(1, 21)]
    data = tmp_path / "data"
    data.mkdir()
    (data / "units.csv").write_text("\n".join(rows), encoding="utf-8")
    (data / "incidents.csv").write_text(
        "id,unit,type,grade,date\n"
        + "".join(f"I{n},H{n},gambling,,2020-05-0{n}\n" for n in range(1, 4)),
        encoding="utf-8",
    )
    (data / "ledgers.csv").write_text("unit,item,year\nV,*,2020\n", encoding="utf-8")
    (data / "scores.csv").write_text("unit,year,score\nM,2020,80\n", encoding="utf-8")
    common = ["--policy", str(folder), "--facts", str(data), "--year", "2020"]
    village = CliRunner().invoke(main, ["explain", "V", *common])
    assert village.exit_code == 0, village.output
    assert "[达标]   三（一）2 平安家庭户数达85%以上" in village.output
    assert "实际17/20户，85.0%" in village.output
    assert village.output.splitlines()[1].endswith("2020年度：达标")
    market = CliRunner().invoke(main, ["explain", "M", *common, "--lang", "en"])
    assert "80" in market.output.partition("annual score of 80 or above")[2]
    assert market.output.splitlines()[0].endswith("2020: met")
