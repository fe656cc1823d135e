"""One table of predicates: what is put into it is found wherever the program asks for it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import clingo
import pytest

from pingan_logic import Facts, Policy
from pingan_logic.recheck.checker import CERTIFIED
from pingan_logic.rules.predicates import DERIVED, GIVEN, PREDICATES
from pingan_logic.solving.encode import fact_atoms
from pingan_logic.solving.outcome import Outcome
from tests.policies import copy_policy

ROOT = Path(__file__).parents[2]
MADE_LATER = {"alike", "counts"}
"""What is given of classes, not of the data alone."""


def test_a_predicate_stands_once() -> None:
    assert len({p.key for p in PREDICATES}) == len(PREDICATES)
    assert len(GIVEN) == sum(p.source == "given" for p in PREDICATES)


@pytest.mark.parametrize("seed", range(3))
def test_facts_are_written_as_the_table_says(policy: Policy, seed: int) -> None:
    from random import Random

    from tests.worlds import random_county, with_more

    facts = Facts.from_dict(with_more(random_county(Random(seed)), Random(seed)), policy)
    atoms = fact_atoms(facts, policy, 2014, date(2014, 12, 31), ["shares"])
    assert set(atoms) >= set(GIVEN) - MADE_LATER - {"parent", "affiliation", "opened", "closed"}
    assert set(atoms) <= set(GIVEN)
    forms = {p.name: p.form for p in PREDICATES if p.source == "given"}
    for name, some in atoms.items():
        for atom in some:
            symbol = clingo.parse_term(atom)
            assert symbol.name == name
            assert len(symbol.arguments) == len(forms[name])
            for argument, form in zip(symbol.arguments, forms[name], strict=True):
                kind = {"s": "String", "i": "Number", "n": "Function"}.get(form)
                assert kind in (None, argument.type.name), atom


def test_what_is_read_back_is_a_field_of_an_outcome() -> None:
    fields = {a.name for a in Outcome.__attrs_attrs__} - {"groups"}  # type: ignore[attr-defined]
    assert {p.field for p in DERIVED} - {None} == fields


def test_what_is_certified_is_read_back() -> None:
    """The checker has a table of its own: it may certify nothing that a run does not say."""
    assert CERTIFIED.items() <= {p.key for p in DERIVED}


ADDED = """
    _given("visited", "unit year"),
    _derived("calm", "clause unit item", field="no_value", by="clause unit"),
    _policy("calm_words", "item text"),
"""
ASK = """
import json
from pathlib import Path
import clingo
from pingan_logic import PolicyError, load_policy
from pingan_logic.audit.reference import reference
from pingan_logic.lint import lint
from pingan_logic.rules import may_merge, readings, shape, sorts
from pingan_logic.solving.control import GIVEN
from pingan_logic.rules.predicates import DERIVED, KNOWN, SUPPLIED

folder = Path("policy")
policy = load_policy(folder)
said = {
    "read": "calm/3" in KNOWN and "calm_words/2" in KNOWN,
    "written": GIVEN["visited"],
    "supplied": "visited/2" in SUPPLIED,
    "merging": ("visited", 2) in shape.INPUTS,
    "sorts": sorts._INPUTS["visited", 2],
    "joined": ("calm", 3) in may_merge._JUDGED,
    "lint": sorted({f.rule for f in lint(folder) if "calm" in f.zh or "visited" in f.zh}),
    "reference": [p for p in reference(policy).split("### ") if p.startswith("`visited(")],
}
file = folder / "village.lp"
text = file.read_text(encoding="utf-8")
file.write_text(text + "calm_words(gambling, 3).\\n", encoding="utf-8")
try:
    load_policy(folder)
except PolicyError as error:
    said["form"] = error.words("zh") if hasattr(error, "words") else str(error)
file.write_text(text.replace("visited(U,Y)", "visited(U)"), encoding="utf-8")
try:
    load_policy(folder)
except PolicyError as error:
    said["places"] = str(error)
print(json.dumps(said, ensure_ascii=False))
"""
RULES = """
%*! visited(U,Y)
在 Y 年度走访过 U。
U was visited in Y.
*%
#defined visited/2.
calm(C,U,T) :- clause(C,K,_,_), standard(K,U), visited(U,Y), year(Y), calm_words(T,_).
calm_words(gambling, "平静").
"""


def test_a_predicate_put_into_the_table_is_found_everywhere(tmp_path: Path) -> None:
    shutil.copytree(
        ROOT / "pingan_logic", tmp_path / "pingan_logic",
        ignore=shutil.ignore_patterns("__pycache__"),
    )  # fmt: skip
    shutil.copytree(ROOT / "policies", tmp_path / "policies")
    table = tmp_path / "pingan_logic" / "rules" / "predicates.py"
    text = table.read_text(encoding="utf-8")
    table.write_text(text.replace("\n    # the data\n", ADDED), encoding="utf-8")
    folder = copy_policy(tmp_path / "policy")
    with (folder / "village.lp").open("a", encoding="utf-8") as file:
        file.write(RULES)
    env = {**os.environ, "PYTHONPATH": str(tmp_path)}
    run = subprocess.run(
        [sys.executable, "-c", ASK], cwd=tmp_path, env=env, capture_output=True, text=True,
        encoding="utf-8", check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    said = json.loads(run.stdout)
    assert said["read"] is True
    assert said["written"] == 2
    assert said["supplied"] is True
    assert said["merging"] is True
    assert said["sorts"] == {"0": "unit"}
    assert said["joined"] is True
    assert said["lint"] == ["missing-docstring"]
    assert "由数据给出" in said["reference"][0]
    assert "calm_words(gambling,3)" in said["form"]
    assert "visited/2" in said["places"]


def test_without_the_table_it_is_not_known(tmp_path: Path) -> None:
    """The same rules are refused, or told of, where the table has none of them."""
    folder = copy_policy(tmp_path / "policy")
    with (folder / "village.lp").open("a", encoding="utf-8") as file:
        file.write(RULES)
    from pingan_logic.lint import lint

    told = {f.rule for f in lint(folder) if "calm" in f.zh}
    assert "unused-predicate" in told
