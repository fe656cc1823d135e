"""The two invented notices that are shipped: everything is asked of their sample data, in both
languages, and compared with what it should say; no word of another notice is in it."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from docx import Document

import pingan_logic
from pingan_logic import Assessment
from pingan_logic.audit import audit
from pingan_logic.cases import load_cases, run_cases
from pingan_logic.cli import main
from pingan_logic.explain.county_text import list_text
from pingan_logic.export.xlsx import to_xlsx
from pingan_logic.lint import lint
from pingan_logic.policy.sentences import sentences
from pingan_logic.reports import write_report
from pingan_logic.rules.find import sample_county

GOLDEN = Path(__file__).parent / "golden"
ASKED = {
    "songping-2022": "SP T2 T3 V1 V4 V9 P13 P15",
    "luzhou-2023": "LZ S1 S2 M01 M06 M07 M09 M10",
}
"""The units of each sample that questions are asked about; the first has no standard."""
TRIED = {
    "songping-2022": "threshold(village_venues)=50/100",
    "luzhou-2023": "asks_for(market_points)=70",
}
FOREIGN = re.compile("湘阴|平安|乡镇|小区|楼栋|学校|医院|综治|家庭(?!的?烟感)|household(?!s)")
"""Words of the notice of 2014."""
CODES = re.compile("[a-z]+_[a-z]+|None")
"""Names that only rules and programs have."""


@pytest.fixture(scope="module", params=ASKED)
def result(request: pytest.FixtureRequest) -> Assessment:
    policy = pingan_logic.load_policy(request.param)
    return pingan_logic.evaluate(
        pingan_logic.load_facts(sample_county(policy.folder), policy), policy
    )


def answers(result: Assessment) -> dict[str, str]:
    """Return what the questions answer in each language, one after the other."""
    name = result.policy.name
    top, *units = ASKED[name].split()
    said: dict[str, Any] = {
        "programme": result.programme(),
        "policy show": sentences(result.policy),
        "whatif --each-switch": result.switches(),
        f"whatif --set {TRIED[name]}": result.whatif(set=TRIED[name]),
        f"explain {top}": result.explain(top),
    }
    for unit in units:
        for question in ("explain", "fix", "margin", "missing"):
            said[f"{question} {unit}"] = getattr(result, question)(unit)
    return {
        lang: "\n".join(
            [
                f"$ evaluate\n{''.join(list_text(result, result.lines(), None, lang))}",
                *(f"$ {asked}\n{answer.text(lang)}" for asked, answer in said.items()),
            ]
        )
        for lang in ("zh", "en")
    }


def test_everything_is_answered_as_it_should_be(result: Assessment) -> None:
    name = result.policy.name
    for lang, text in answers(result).items():
        path = GOLDEN / f"{name}.{lang}.txt"
        if os.environ.get("REWRITE_GOLDEN"):
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8")
        said = text.replace(name, "").replace(TRIED[name], "")
        assert not FOREIGN.findall(said)
        assert not CODES.findall(said)


def test_its_rules_pass_every_check(result: Assessment) -> None:
    policy = result.policy
    assert lint(policy.folder) == []
    assert audit(policy).orphans == ()
    run = run_cases(load_cases(policy.folder / "cases", policy), policy)
    assert [r.differences for r in run if not r.passed] == []
    assert "虚构" in policy.notice[0]
    assert "虚构" in (sample_county(policy.folder) / "README.md").read_text(encoding="utf-8")


def document(path: Path) -> str:
    """Return the texts of a page, a workbook or a document."""
    if path.suffix == ".html":
        return re.sub("<style.*?</style>|<script.*?</script>|<[^>]+>", " ",
                      path.read_text(encoding="utf-8"), flags=re.DOTALL)  # fmt: skip
    if path.suffix == ".docx":
        found = Document(str(path))
        cells = [c.text for t in found.tables for r in t.rows for c in r.cells]
        return "\n".join([*(p.text for p in found.paragraphs), *cells])
    book = openpyxl.load_workbook(path)
    cells = [c for sheet in book for row in sheet.iter_rows(max_row=80) for c in row]
    notes = [c.comment.text for c in cells if c.comment]
    prompts = [
        f"{rule.formula1}{rule.prompt}{rule.error}"
        for sheet in book
        for rule in sheet.data_validations.dataValidation
        if "COUNTIF" not in str(rule.formula1)
    ]
    return "\n".join([*(str(c.value) for c in cells if c.value), *notes, *prompts])


def test_its_reports_and_workbooks_are_its_own(result: Assessment, tmp_path: Path) -> None:
    policy, programme = result.policy, result.programme()
    for lang in ("zh", "en"):
        (tmp_path / f"{lang}.xlsx").write_bytes(to_xlsx(policy, None, lang))
    for name in ("r.html", "r.xlsx", "r.docx"):
        write_report(programme, tmp_path / name)
    for path in sorted(tmp_path.iterdir()):
        assert not FOREIGN.findall(document(path)), path
    posted = document(tmp_path / "r.docx")
    for unit in result.units.values():
        named = result.status(unit.id) if unit.kind in policy.titles else None
        assert (unit.name in posted) >= (named is not None and named.value == "met"), unit


def test_commands_take_it_by_its_name(
    result: Assessment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    name, sample = result.policy.name, str(sample_county(result.policy.folder))

    def ask(*words: str) -> str:
        done = CliRunner().invoke(main, list(words))
        assert done.exit_code == 0, (words, done.output)
        return done.output

    common = ["--policy", name]
    assert name in ask("evaluate", *common, "--certificate", "c.jsonl")
    assert "核验无误" in ask("recheck", "c.jsonl")
    assert "读回核对一致" in ask("convert", sample, "a.xlsx", *common)
    assert "没有问题" in ask("check", "a.xlsx", *common)
