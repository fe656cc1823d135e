"""The linter: the shipped policy is clean; a bad example breaks just its rule, a good one none."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from pingan_logic.lint import RULES, lint
from pingan_logic.lint.run import RUN_RULES, TEXT_RULES
from pingan_logic.policy.new import new_policy
from pingan_logic.rules.find import find_policy
from pingan_logic.rules.predicates import KNOWN
from tests.command import run
from tests.policies import copy_policy

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "docs" / "rules" / "lint"
BESIDE_SHARED = {"redefined-predicate"}
"""Rules that a file breaks only beside the shared rules."""
NAMES = sorted([*RULES, *TEXT_RULES, *RUN_RULES])


def test_the_shipped_policy_is_clean() -> None:
    assert lint(find_policy(None)) == []


@pytest.mark.parametrize("name", NAMES)
def test_examples(name: str, tmp_path: Path) -> None:
    examples = PAGES / "examples" / name
    good, bad = examples / "good.lp", examples / "bad.lp"
    if name in BESIDE_SHARED:
        for path in (good, bad):
            new_policy(tmp_path / path.stem)
            shutil.copy(path, tmp_path / path.stem)
        good, bad = tmp_path / "good", tmp_path / "bad"
    found = lint(bad)
    assert {f.rule for f in found} == {name}
    assert all(f.line > 0 and f.column > 0 for f in found)
    assert lint(good) == []


@pytest.mark.parametrize("name", NAMES)
def test_each_rule_has_a_page_with_its_examples(name: str) -> None:
    page = (PAGES / f"{name}.md").read_text(encoding="utf-8")
    avoid, prefer = re.findall(r"```prolog\n(.*?)\n```", page, re.DOTALL)
    for block, file in ((avoid, "bad"), (prefer, "good")):
        assert block in (PAGES / "examples" / name / f"{file}.lp").read_text(encoding="utf-8")
    assert f"({name}.md)" in (PAGES / "README.md").read_text(encoding="utf-8")


def test_no_page_without_a_rule() -> None:
    assert {p.stem for p in PAGES.glob("*.md")} - {"README"} == set(NAMES)
    assert {p.name for p in (PAGES / "examples").iterdir()} == set(NAMES)


def test_what_is_read_from_outside_is_what_solving_reads() -> None:
    modules = (ROOT / "pingan_logic" / "solving").glob("*.py")
    source = "".join(path.read_text(encoding="utf-8") for path in modules)
    asked = set(re.findall(r'\brows\(ctl, "(\w+)", (\d)\)', source))
    assert len(asked) > 40
    asked |= {("breach", "4"), ("ungraded", "4")}
    assert {f"{n}/{a}" for n, a in asked} <= KNOWN


SPOILT = [
    ("village.lp", "forbids nothing", "\nforbidden_thing(U) :- standard(village,U).\n",
     "unused-predicate"),
    ("village.lp", "typo", "\nsome_failed(village,U) :- standard(vilage,U).\n",
     "misspelt-name"),
    ("common.lp", "unknown", "\nsome_failed(village,U) :- standard(hamlet,U).\n",
     "impossible-condition"),
    ("common.lp", "number", "\nanswered(I) :- size(_,_,A), current(I,_,_,_), A > 7.\n",
     "magic-number"),
    ("common.lp", "bounds",
     "\nanswered(I) :- size(_,_,A), current(I,_,_,_), A > 1, A < 1.\n",
     "impossible-condition"),
    ("common.lp", "text and number",
     '\nanswered(I) :- current(I,_,_,_), "5" > 1.\n', "impossible-condition"),
    ("common.lp", "both", "\nanswered(I) :- current(I,T,G,L), petition(T), not petition(T).\n",
     "impossible-condition"),
    ("school.lp", "clause", '\nclause(school_new, school, "三（五）", "无").\n',
     "clause-without-rule"),
    ("school.lp", "constraint", "\n:- some_failed(school,U), some_open(school,U).\n",
     "constraint"),
    ("common.lp", "variable kind",
     "\nverdict(K,U,failed) :- standard(K,U), 1 < #count { X : inside(X,U), verdict(J,X,failed), "
     "may_sit_in(J,K) }.\n", "kind-variable"),
    ("common.lp", "a sum of verdicts",
     "\nmissed(village_households,U) :- allowed(village_households,U,M), "
     "F = #sum { N,X : counts(X,U,N), verdict(household,X,failed) }, F > M.\n", "assigned-sum"),
    ("common.lp", "a number of findings through another rule",
     "\nbadly(U,N) :- standard(village,U), N = #count { C : finding(C,village,U,failed,_) }.\n"
     "some_failed(village,U) :- badly(U,N), share_of(U,N).\n"
     "share_of(U,N) :- size(village_households,U,N).\n", "assigned-sum"),
    ("properties/one_status.lp", "a constant of a template as a predicate",
     "\ncounterexample(all,U) :- met(U).\n", "undefined-predicate"),
    ("properties/one_status.lp", "a predicate of a template with too few places",
     "\ncounterexample(all,U) :- finding(_,_,U).\n", "undefined-predicate"),
    ("properties/one_status.lp", "property typo", "\ncounterexample(all,U) :- verdit(_,U,_).\n",
     "undefined-predicate"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "what", "added", "rule"), SPOILT, ids=[s[1] for s in SPOILT])
def test_a_mistake_in_the_policy_is_found_at_its_line(
    file: str, what: str, added: str, rule: str, tmp_path: Path
) -> None:
    folder = tmp_path / "p"
    copy_policy(folder)
    path = folder / file
    text = path.read_text(encoding="utf-8")
    path.write_text(text + added, encoding="utf-8")
    line = text.count("\n") + 2
    found = lint(folder)
    assert (file, line, rule) in {(f.file, f.line, f.rule) for f in found}


def test_the_command(tmp_path: Path) -> None:

    clean = run("lint")
    assert (clean.returncode, clean.stdout) == (0, "没有问题\n")
    bad = run("lint", str(PAGES / "examples" / "constraint" / "bad.lp"), "--lang", "en")
    assert bad.returncode == 1
    assert re.match(r"bad\.lp:\d+:\d+: \[constraint\] ", bad.stdout)
    missing = run("lint", str(tmp_path / "none"))
    assert missing.returncode == 2
    assert "应为 .lp 文件" in missing.stderr
    (tmp_path / "x.lp").write_text("a :- b c.\n", encoding="utf-8")
    broken = run("lint", str(tmp_path / "x.lp"))
    assert broken.returncode == 2
    assert "x.lp:1:" in broken.stderr
