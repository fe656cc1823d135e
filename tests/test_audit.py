"""The clause ledger: complete as shipped; one changed character or one missing side is found."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from pingan_logic.audit import audit
from pingan_logic.audit.page import page
from pingan_logic.audit.reference import reference
from pingan_logic.cli import main
from pingan_logic.policy.find import find_policy
from pingan_logic.solving.engine import load_policy
from tests.command import run

POLICY = load_policy()
LEDGER = audit(POLICY)
ROOT = Path(__file__).parents[1]


def test_every_sentence_is_answered() -> None:
    assert LEDGER.orphans == ()
    for p in LEDGER.paragraphs:
        assert "".join(e.text for e in p.entries) == p.text, "nothing is skipped or told twice"
        for e in p.entries:
            if e.state == "rule":
                assert e.rules, e
                assert e.tests, e
            elif e.state in ("human", "scope"):
                assert all(e.reason), e


def test_every_clause_is_quoted_once() -> None:
    subjects = [e.subject for p in LEDGER.paragraphs for e in p.entries]
    for clause in POLICY.clauses:
        assert subjects.count(f"clause({clause})") == 1


SPOILT = [
    ("a character of the notice", "notice.md", "上访,无重大安全责任事故", "上访,无重大安全责任事件",
     "notice.md"),
    ("a character of the source", "notice.txt", "得分85分以上", "得分86分以上", "notice.md"),
    ("a character of a clause", "village.lp", '"无涉毒人员").\nenglish(village_drugs',
     '"无涉毒人貝").\nenglish(village_drugs', "village.lp:"),
    ("a sentence without a rule", "coverage.lp", 'answers_text(target(village),    "二", '
     '"“平安村(社区)”创建达标率95%以上").', "", "notice.md [二]"),
    ("a rule without a sentence", "programme.lp", "target((village;enterprise;building;household)",
     "target((village;enterprise;building;household;compound)",
     "programme.lp:10 target(compound, 95, 100)"),
    ("a sentence without a test", "coverage.lp",
     "tested_by(accountable, accountability_is_no_veto).", "", "四.追责 accountable"),
    ("a quotation of a rule that is gone", "programme.lp",
     "role(assesses, (village;school;hospital), township_government).",
     "role(assesses, (village;school), township_government).", "四.2 role(assesses, hospital)"),
    ("a place that is not there", "school.lp", '"三(五)", "无“三乱”收费"',
     '"三(十)", "无“三乱”收费"', "school.lp:"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "file", "old", "new", "said"), SPOILT, ids=[s[0] for s in SPOILT])
def test_what_is_missing_is_found(
    what: str, file: str, old: str, new: str, said: str, tmp_path: Path
) -> None:
    folder = tmp_path / "p"
    shutil.copytree(find_policy(None), folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert text.count(old) == 1, what
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    if what == "a place that is not there":
        # the policy's own list count would refuse this first
        counted = 'list_of(school, "三(五)", "“八无”", 8).'
        text = (folder / file).read_text(encoding="utf-8")
        (folder / file).write_text(text.replace(counted, counted.replace("8", "7")), "utf-8")
    orphans = [o.words() for o in audit(load_policy(folder)).orphans]
    assert any(o.startswith(said) for o in orphans), orphans


def test_the_command_exits_1_on_an_orphan(tmp_path: Path) -> None:
    folder = tmp_path / "p"
    shutil.copytree(find_policy(None), folder)
    path = folder / "coverage.lp"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace('connective("确保全县").', 'connective("确保").'), encoding="utf-8"
    )

    good = run("audit")
    assert (good.returncode, good.stderr) == (0, "")
    bad = run("audit", "--policy", str(folder), "--json")
    assert bad.returncode == 1
    assert "确保全县" in json.loads(bad.stdout)["orphans"][0]["problem"]


def test_the_page_is_self_contained_and_linked(tmp_path: Path) -> None:
    out = tmp_path / "ledger.html"
    done = CliRunner().invoke(main, ["audit", "--html", str(out)])
    assert done.exit_code == 0
    html = out.read_text(encoding="utf-8")
    assert not re.search(r"(src|href)=[\"']?(https?:|//|file:)", html)
    targets = set(re.findall(r'id="([^"]+)"', html))
    links = set(re.findall(r'href="#([^"]+)"', html))
    assert links - {""} <= targets
    for clause in POLICY.clauses.values():
        assert clause.zh in html
    english = page(LEDGER, POLICY, "en")
    assert "prohibited: criminal case (any at all)" in english
    assert "share of met units (household) ≥ 98% (inclusive)" in english


def test_the_page_escapes_what_it_shows(tmp_path: Path) -> None:
    folder = tmp_path / "p"
    shutil.copytree(find_policy(None), folder)
    path = folder / "coverage.lp"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("愿景,不是标准", "<script>alert(1)</script>"), encoding="utf-8")
    policy = load_policy(folder)
    html = page(audit(policy), policy, "zh")
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_the_predicate_reference_is_fresh() -> None:
    assert (ROOT / "docs" / "predicates.md").read_text(encoding="utf-8") == reference(POLICY)


def test_the_guide_for_readers_quotes_rules_that_exist() -> None:
    guide = (ROOT / "docs" / "how-to-read-a-rule.md").read_text(encoding="utf-8")
    rules = " ".join(" ".join(p.read_text(encoding="utf-8").split()) for p in sorted(POLICY.files))
    squeezed = re.sub(r"\s", "", rules)
    blocks = re.findall(r"```prolog\n(.*?)```", guide, re.DOTALL)
    assert len(blocks) >= 6
    for block in blocks:
        for statement in re.findall(r"[^\n].*?\.\n", block, re.DOTALL):
            assert re.sub(r"\s", "", statement) in squeezed, statement
