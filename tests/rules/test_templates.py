"""Rules that are written once and put out for each clause and kind: what clingo itself makes of
them, where their errors are told, and what is refused."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from clingo.ast import ASTType

import pingan_logic
from pingan_logic import Assessment, Policy, PolicyError, evaluate, load_facts, load_policy
from pingan_logic.lint.run import lint
from pingan_logic.rules.find import policy_file, sample_county
from pingan_logic.rules.templates import Expansion, Instance, plain, templates_in
from pingan_logic.solving.encode import REPORTED, fact_atoms
from pingan_logic.solving.judge import solve
from pingan_logic.solving.program import expansion, own_statements, statements
from tests.command import run
from tests.policies import copy_policy

LF = "\n"
TEXT = """\
%*! header: #program none(c). *%
a("#program none(c).").
#program pair(c,k). % of c
% c and k stay in a comment
size(c,U,"c") :- standard(k,U), k(c), size(U,c).
  next(U) :- big(c), U < c, f(k), c_k(U), kc(U).
#program base.
b.
#program lone.
c :- d.
"""


def test_a_template_is_replaced_in_the_places_of_constants_only() -> None:
    pair, lone = templates_in(Path("t.lp"), TEXT)
    assert (pair.signature, pair.line, lone.signature, lone.line) == ("pair/2", 3, "lone/0", 9)
    made = Instance(pair, ("households", "town"))
    assert made.text.split("\n")[2:4] == [
        'size(households,U,"c") :- standard(town,U), k(households), size(U,households).',
        "  next(U) :- big(households), U < households, f(town), c_k(U), kc(U).",
    ]
    assert "% c and k stay in a comment" in made.text
    left = '%*! header: #program none(c). *% a("#program none(c)."). b.'
    assert plain(TEXT).split() == left.split()


def test_each_place_in_what_is_written_out_is_told_of_the_template() -> None:
    pair, _ = templates_in(Path("t.lp"), TEXT)
    made = Instance(pair, ("households", "town"))
    lines = TEXT.split("\n")
    for number, line in enumerate(made.text.split("\n"), 1):
        for word in ("standard", "size(U", "next", "U < ", "c_k", "kc(U", "comment"):
            if (at := line.find(word)) >= 0:
                file_line, column = made.at(number, at + 1)
                assert lines[file_line - 1][column - 1 :].startswith(word)
    begin = made.text.split("\n")[2].index("households), size") + 1
    message = f"<block>:3:{begin}-{begin + len('households')}: error: unsafe"
    told, instance = Expansion((made,)).located(message)
    column = lines[4].index("c), size") + 1
    assert (told, instance) == (f"t.lp:5:{column}-{column + 1}: error: unsafe", made)
    assert Expansion((made,)).located("<block>:99:1-2: error") == ("<block>:99:1-2: error", None)


def test_the_solvers_trees_of_a_template_stand_at_their_places() -> None:
    files = load_policy().files
    lines = {p.name: p.read_text(encoding="utf-8").split("\n") for p in files}
    inside = statements(files)[len(own_statements(files)) :]
    heads = set()
    for node in (n for n in inside if n.ast_type == ASTType.Rule):
        place = node.location.begin
        line = lines[Path(place.filename).name][place.line - 1]
        assert line.startswith(str(node).partition("(")[0])
        heads.add((Path(place.filename).name, place.line))
    text = lines["templates.lp"]
    # no clause of the notice measures a value: that block is written out for none
    used, wanted = False, set()
    for number, line in enumerate(text, 1):
        if line.startswith("#program"):
            used = not line.startswith("#program measure(")
        if used and re.match(r"[a-z_]+\(", line):
            wanted.add(number)
    assert heads == {("templates.lp", n) for n in wanted}


@pytest.fixture(scope="module")
def judged(policy: Policy) -> Assessment:
    return evaluate(load_facts(sample_county(), policy), policy)


def test_the_clingo_command_reaches_the_same_verdicts(
    policy: Policy, judged: Assessment, tmp_path: Path
) -> None:
    """The whole program as it is printed, with the facts beside it, by the solver's own command."""
    done = run("policy", "expand")
    assert done.returncode == 0, done.stderr
    assert not re.search("^#program", done.stdout, re.MULTILINE)
    rules, data = tmp_path / "rules.lp", tmp_path / "data.lp"
    rules.write_text(done.stdout, encoding="utf-8")
    atoms = fact_atoms(judged.facts, judged.policy, judged.year, judged.cut_off, asked=REPORTED)
    data.write_text("".join(f"{a}.\n" for name, some in _atoms(atoms) for a in some), "utf-8")
    shown = "#show. #show v(K,U,S) : verdict(K,U,S). #show f(C,U,S) : finding(C,K,U,S,E)."
    (tmp_path / "show.lp").write_text(shown, encoding="utf-8")
    command = [sys.executable, "-m", "clingo", str(rules), str(data), str(tmp_path / "show.lp"),
               "--outf=2"]  # fmt: skip
    said = subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")
    assert said.stderr == ""
    told = json.loads(said.stdout)
    assert told["Models"]["Number"] == 1
    found = told["Call"][0]["Witnesses"][0]["Value"]
    out = solve(judged.facts, policy, judged.year, judged.cut_off, asked=REPORTED)
    assert {a for a in found if a.startswith("v(")} == {
        f'v({kind},"{unit}",{status})'
        for unit, mine in out.verdicts.items()
        for kind, status in mine.items()
    }
    assert {a for a in found if a.startswith("f(")} == {
        f'f({clause},"{unit}",{status})'
        for unit, mine in out.findings.items()
        for clause, (status, _, _) in mine.items()
    }
    assert len(out.verdicts) == len(judged)


def _atoms(atoms: dict[str, list[str]]) -> Iterator[tuple[str, list[str]]]:
    for name, some in atoms.items():
        yield name, [f"{name}{a}" if a.startswith("(") else a for a in some]


def test_the_program_is_that_of_the_library_with_the_place_of_each_piece(policy: Policy) -> None:
    found = pingan_logic.expand(policy)
    line = (
        policy_file(policy.folder, "templates.lp")
        .read_text("utf-8")
        .split("\n")
        .index("#program score(c,k).")
    )
    first = (policy.folder / "township.lp").read_text("utf-8").partition("clause(township_score")[0]
    at = f"township.lp:{first.count(chr(10)) + 1}"
    piece = found[f"templates.lp:{line + 1} score(township_score,township) {at}"]
    assert "finding(township_score, township, U, met,    score(H))" in piece
    told = json.loads(run("policy", "expand", "--json", "--lang", "en").stdout)
    assert told["program"] == found.text()
    assert len(found) == len(policy.files) + len(expansion(policy.files).instances)
    # every clause that has a share, a poll or a mark, and every standard, has one instance
    asked = [str(i) for i in expansion(policy.files).instances]
    assert len(set(asked)) == len(asked)
    clauses = policy.clauses.values()
    assert sum(a.startswith("verdict(") for a in asked) == len(policy.judged_kinds)
    assert sum(a.startswith("ratio(") for a in asked) == sum(bool(c.members) for c in clauses)
    assert sum(a.startswith("poll(") for a in asked) == len(policy.poll_clauses)


def changed(tmp_path: Path, file: str, old: str, new: str) -> Path:
    folder = tmp_path / "changed"
    copy_policy(folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert text.count(old) == 1
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    return folder


REFUSED = {
    "unsafe": (
        "M = T*(D-N)/D.", "M = T*(D-N)/E.",
        [r"templates\.lp:\d+:1-\d+ ratio\(building_households,building,household\) "
         r"building\.lp:\d+：变量不安全.*"],
    ),
    "a misspelt predicate": (
        "failed,       share) :- missed(c,U).", "failed,       share) :- mised(c,U).",
        [r"templates\.lp:\d+:42：没有规则用到这个名称；发现 `mised/2`；.*`missed\(C,U\)`"],
    ),
    "no such template": (
        "#program poll(c,k).", "#program pol(c,k).",
        [r"templates\.lp:\d+:1：没有这个样板；发现 `poll/2`；最接近的有效值：`pol/2`",
         r"templates\.lp:\d+:1：没有 template\(\.\.\.\) 要用这个样板；发现 `pol/2`；.*`poll/2`"],
    ),
    "by what the data says": (
        "clause(C,K,_,_), poll_clause(C).", "clause(C,K,_,_), poll(_,_,_).",
        [r"templates\.lp:\d+:1：用哪些样板不得取决于数据和可改的数、开关；发现 `poll/3`"],
    ),
    "by a switch": (
        "clause(C,K,_,_), poll_clause(C).", "clause(C,K,_,_), switch(repeated,2).",
        [r"templates\.lp:\d+:1：用哪些样板不得取决于数据和可改的数、开关；发现 `switch/2`"],
    ),
    "not written so": (
        "#program poll(c,k).", "#program poll(c,K).",
        [r"templates\.lp:\d+:1：样板应写成 #program 名称\(c,k\)\. 括号内是要替换的名称.*"],
    ),
    "a loop": (
        "some_failed(k,U) :- finding(C,k,U,failed,E), not part(C).",
        "some_failed(k,U) :- finding(C,k,U,failed,E), not part(C), not verdict(k,U,met).",
        [r"templates\.lp:\d+ building\.lp:\d+：规则经否定或聚合依赖自身.*"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_wrong_in_a_template_is_told_once_by_place_and_clause(
    name: str, tmp_path: Path
) -> None:
    old, new, wanted = REFUSED[name]
    folder = changed(tmp_path, "templates.lp", old, new)
    with pytest.raises(PolicyError) as caught:
        load_policy(folder)
    told = [p.words("zh") for p in caught.value.problems]
    assert len(told) == len(wanted)
    for words, pattern in zip(told, wanted, strict=True):
        assert re.fullmatch(pattern, words), words
    assert any(f.file == "templates.lp" for f in lint(folder))


def test_a_template_twice_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "p"
    copy_policy(folder)
    (folder / "own.lp").write_text("#program score(c,k).\n", encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        load_policy(folder)
    (problem,) = caught.value.problems
    assert re.fullmatch(r"the template is there already, at own\.lp:1", problem.en)
    assert re.fullmatch(r"templates\.lp:\d+:1", problem.place)


def test_three_kinds_together_are_refused_and_two_are_one_share(tmp_path: Path) -> None:
    old = "members(village_households, household)."
    three = "members(village_households, (household;school;building))."
    with pytest.raises(PolicyError) as caught:
        load_policy(changed(tmp_path, "village.lp", old, three))
    assert {p.zh for p in caught.value.problems} == {"一个比例至多合计两类单位"}
    shutil.rmtree(tmp_path / "changed")
    two = "members(village_households, (household;school))."
    policy = load_policy(changed(tmp_path, "village.lp", old, two))
    facts = pingan_logic.Facts(
        units=[pingan_logic.Unit("V", "village"), pingan_logic.Unit("S", "school", parent="V"),
               *(pingan_logic.Unit(f"H{n}", "household", parent="V") for n in range(9))],
        incidents=[pingan_logic.Incident("I", "S", "arbitrary_charges", date(2014, 5, 1))],
        ledgers=[pingan_logic.Ledger("V", "*", 2014)],
    )  # fmt: skip
    (share,) = (
        f.share for f in evaluate(facts, policy, 2014)["V"].findings
        if f.clause == "village_households"
    )  # fmt: skip
    assert (share.met, share.total) == (9, 10)
