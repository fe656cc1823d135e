"""The guide `docs/encode-another-notice.md` is followed as written; it works without Python."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from pingan_logic.audit import audit
from pingan_logic.cases import load_cases, run_cases
from pingan_logic.cli import main
from pingan_logic.lint import lint
from pingan_logic.policy.find import data_folder
from pingan_logic.solving.engine import load_policy

ROOT = Path(__file__).parents[1]
GUIDE = (ROOT / "docs" / "encode-another-notice.md").read_text(encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "linjiang-2020"
    (made / "cases").mkdir(parents=True)
    copied = re.search(r"^cp (.+) linjiang-2020/$", GUIDE, re.MULTILINE)
    assert copied is not None
    for name in copied[1].split():
        shutil.copy(data_folder("policies").parent / name, made)
    blocks = re.findall(r"文件 `([^`]+)`:\n\n```\w+\n(.*?)```\n", GUIDE, re.DOTALL)
    assert len(blocks) == 8
    for name, text in blocks:
        (made / name).write_text(text, encoding="utf-8")
    return made


def test_the_guide_gives_a_policy_that_passes_every_check(folder: Path) -> None:
    assert lint(folder) == []
    policy = load_policy(folder)
    assert audit(policy).orphans == ()
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
    assert "三（一）2 “平安家庭户数达85%以上”" in village.output
    assert "实际 17/20=85.0%，要求≥85%" in village.output
    assert "V（平安村（社区））：达标" in village.output
    market = CliRunner().invoke(main, ["explain", "M", *common, "--lang", "en"])
    assert "actual 80, required ≥80" in market.output
