"""The rule files beside the notice."""

from __future__ import annotations

import os
import re
from datetime import date
from itertools import chain
from pathlib import Path

import attrs
import clingo
import pytest

import pingan_logic
from pingan_logic import Policy, PolicyError
from pingan_logic.catalogue import Setting
from pingan_logic.rules.find import data_folder, policy_names, rule_files
from pingan_logic.rules.may_merge import prove_merging
from pingan_logic.rules.proven import known_proof
from pingan_logic.rules.scan import MOST_BYTES, scan
from pingan_logic.rules.strata import check_strata
from pingan_logic.solving.encode import fact_atoms
from pingan_logic.solving.parse import rules_of
from pingan_logic.solving.program import expansion, read_rules, used_templates
from pingan_logic.solving.shapes import misshapen
from tests.broken import BROKEN, defects
from tests.policies import copy_policy

FOLDER = data_folder("policies") / "xiangyin-2014"
KINDS = [
    "township",
    "work_unit",
    "enterprise",
    "village",
    "school",
    "hospital",
    "compound",
    "building",
    "household",
]
ITEMS = dict(zip(KINDS, (4, 7, 8, 8, 8, 8, 7, 7, 8), strict=True))
ATOMS = dict(zip(KINDS, (6, 9, 11, 10, 10, 10, 9, 9, 8), strict=True))


@pytest.mark.parametrize("kind", KINDS)
def test_announced_items_and_atomic_prohibitions_are_counted(policy: Policy, kind: str) -> None:
    items = [c for c in policy.clauses_of(kind) if c.prohibitions]
    assert len(items) == ITEMS[kind]
    assert sum(len(c.prohibitions) for c in items) == ATOMS[kind]


def test_every_clause_quotes_its_paragraph_word_for_word(policy: Policy) -> None:
    notice = (FOLDER / "notice.md").read_text(encoding="utf-8")
    paragraphs: dict[str, str] = {}
    for place, text in re.findall(r"\*\*\[(.+?)\]\*\* (.+)", notice):
        paragraphs[place] = paragraphs.get(place, "") + text
    for clause in policy.clauses.values():
        assert clause.zh in paragraphs[clause.source], clause.id
        assert clause.en
        for part in clause.prohibitions:
            assert part.zh in clause.zh, part.id
    assert len(policy.clauses) == sum(ITEMS.values()) + 9


def test_a_standard_only_quotes_names_and_sets() -> None:
    """What decides is not written in the files of the kinds: they state facts, some by a switch."""
    for kind in KINDS:
        for rule in rules_of(f"{kind}.lp", (FOLDER / f"{kind}.lp").read_text("utf-8")).rules:
            assert {atom.signature for atom in rule.body} <= {"switch/2"}
            assert not rule.aggregates


def test_the_sample_grounds_to_facts_without_a_message() -> None:
    facts = pingan_logic.load_facts(data_folder("facts") / "sample-county")
    found = fact_atoms(facts, pingan_logic.load_policy(), 2014, date(2014, 12, 31))
    atoms = chain.from_iterable(found.values())
    messages: list[str] = []
    control = clingo.Control(["--warn=all"], logger=lambda code, message: messages.append(message))
    for path in rule_files(FOLDER):
        control.load(str(path))
    control.add("base", [], expansion(rule_files(FOLDER)).text)
    control.add("base", [], "".join(f"{atom}.\n" for atom in atoms))
    control.ground([("base", [])])
    assert messages == []
    assert not control.is_conflicting
    assert [str(a.symbol) for a in control.symbolic_atoms if not a.is_fact] == []


def test_the_static_checks_of_the_shipped_rules_pass_as_recorded() -> None:
    for name in policy_names():
        files = rule_files(data_folder("policies") / name)
        proof = known_proof(files)
        assert proof, "python -m pingan_logic.rules.proven > policies/proven.txt"
        scan(files)
        syntax = read_rules(files)
        check_strata(syntax)
        assert proof == attrs.evolve(prove_merging(syntax.rules), templates=used_templates(files))
        control = clingo.Control(["--warn=none"])
        for path in files:
            control.load(str(path))
        control.ground([("base", [])])
        assert list(misshapen(control.symbolic_atoms)) == []


def test_what_is_no_file_or_too_large_is_not_proven(tmp_path: Path) -> None:
    folder = tmp_path / "policy"
    copy_policy(folder)
    (folder / "zz.lp").mkdir()
    assert not known_proof(rule_files(folder))
    (folder / "zz.lp").rmdir()
    os.mkfifo(folder / "zz.lp")
    assert not known_proof(rule_files(folder)), "and nobody waits for who might write"
    (folder / "zz.lp").unlink()
    with (folder / "zz.lp").open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    assert not known_proof(rule_files(folder))
    assert not known_proof([folder / "gone.lp"])


def test_a_setting_of_another_shape_is_refused_with_proven_rules() -> None:
    with pytest.raises(PolicyError) as caught:
        pingan_logic.load_policy(None, [Setting("members", "x", ('"y"',))])
    assert 'members(x,"y")' in caught.value.words()


def test_one_changed_character_is_checked_again(tmp_path: Path) -> None:
    folder = tmp_path / "policy"
    copy_policy(folder)
    assert known_proof(rule_files(folder))
    path = folder / "school.lp"
    path.write_text(path.read_text(encoding="utf-8") + " ", encoding="utf-8")
    assert not known_proof(rule_files(folder))


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_policy_says_what_is_wrong(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "broken"
    copy_policy(folder)
    assert defects(folder, BROKEN[name]) == BROKEN[name].defects
