"""A seeded sample of the mutants, and what the whole run rests on."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import attrs
import pytest

from pingan_logic import Policy
from pingan_logic.rules.find import rule_files
from tests.mutation import policy as runner
from tests.mutation.bank import World, changed_policy, killed
from tests.mutation.operators import Mutant, mutants

pytestmark = pytest.mark.no_cover

SAMPLE = 8


@pytest.fixture(scope="module")
def every(policy: Policy) -> list[Mutant]:
    return runner.all_mutants(policy)


def test_the_worlds_find_nothing_wrong_with_the_shipped_policy(policy: Policy) -> None:
    with changed_policy(policy, {}) as folder:
        assert killed(folder, runner.worlds(), "") is None


def test_there_are_mutants_of_every_deciding_file(policy: Policy, every: list[Mutant]) -> None:
    files = {p.name for p in policy.files} - runner.UNDECIDING
    searched = {f"remedies/{p.name}" for p in rule_files(policy.folder, "remedies")}
    assert {"remedies/margin.lp", "remedies/plan.lp"} < searched
    assert {m.file for m in every} == files | searched
    assert len(every) > 2000
    assert len({m.id for m in every}) == len(every)


def test_each_documented_mutant_exists(every: list[Mutant]) -> None:
    keys = {(m.file, m.before, m.after) for m in every}
    documented = runner.equivalents()
    assert [k for k in documented if k not in keys] == []
    assert all(documented.values())


def test_a_sample_of_the_mutants_is_killed(every: list[Mutant]) -> None:
    documented = runner.equivalents()
    # docs/evidence/mutation.md says of which files the mutants have not been gone through
    gone_through = [
        m
        for m in every
        if not m.file.startswith(
            (
                "remedies/",
                "selfcheck.",
                "everyday.",
                "measures.",
                "lookback.",
                "alternatives.",
                "rates.",
                "points.",
                "levels.",
                "periods.",
                "best.",
            )
        )
    ]
    left = [m for m in gone_through if (m.file, m.before, m.after) not in documented]
    # by their names: another rule elsewhere draws no others
    left.sort(key=lambda m: sha256(f"2014 {m.id}".encode()).digest())
    results = [runner.judge(m) for m in left[:SAMPLE]]
    assert [r.mutant for r in results if r.state == "survived"] == []
    assert sum(r.state == "killed" for r in results) > SAMPLE // 2


def test_a_documented_mutant_that_is_killed_fails_the_run(every: list[Mutant]) -> None:
    killable = next(m for m in every if m.operator == "status")
    documented = {(killable.file, killable.before, killable.after): "said to change nothing"}
    killed_one = runner.Result(killable, "killed", "cases", "seen")
    assert runner.settle(killed_one, documented).state == "survived"
    assert runner.settle(killed_one, {}) == killed_one
    survivor = runner.Result(killable, "survived")
    assert runner.settle(survivor, documented).state == "equivalent"
    assert runner.settle(survivor, {}).state == "survived"


RULES = """\
% a comment with T > 0
item(a, any, "T > 0"). % three
seen(K,U) :- unit(K,U), inside(U,A), not gone(A), N = #count { X : inside(X,U), kind(X) }, N >= 10.
places((a;b), c).
"""
EXPECTED = {
    ("severity", 'item(a, at_least(minor), "T > 0").'),
    ("drop fact", ""),
    ("drop member", "places((b), c)."),
    ("comparison", "N > 10"),
    ("comparison", "N == 10"),
    ("number", "N >= 9."),
    ("number", "N >= 11."),
    ("containment", "placed(U,A)"),
    ("containment", "placed(X,U)"),
    ("drop literal", "seen(K,U) :- unit(K,U), inside(U,A), N ="),
    ("drop literal", "{ X : inside(X,U) }"),
    ("negate literal", "inside(U,A), gone(A)"),
    ("negate literal", "not unit(K,U)"),
}


@pytest.mark.parametrize(("operator", "text"), sorted(EXPECTED))
def test_each_operator_changes_one_thing(
    tmp_path: Path, policy: Policy, operator: str, text: str
) -> None:
    path = tmp_path / "small.lp"
    path.write_text(RULES, encoding="utf-8")
    found = mutants(path, attrs.evolve(policy, folder=tmp_path))
    assert any(m.operator == operator and text in m.after for m in found)
    assert all('"T > 0"' in m.after or not m.before.startswith("item") or not m.after
               for m in found)  # fmt: skip
    assert all(m.text.startswith("% a comment with T > 0\n") for m in found)


def test_the_first_world_that_differs_names_the_killer(policy: Policy) -> None:
    silent = World("silent", lambda folder: policy, lambda p: iter(()))
    loud = World("loud", lambda folder: policy, lambda p: iter(("one", "two")))
    assert killed(policy.folder, [silent], "") is None
    assert killed(policy.folder, [silent, loud], "") == ("loud", "one")


def test_what_the_worlds_let_through_is_put_to_the_properties(every: list[Mutant]) -> None:
    mutant = next(m for m in every if m.file == "programme.lp" and m.operator == "drop fact"
                  and "(compound;building;household)" in m.before)  # fmt: skip
    result = runner.judge(mutant, proofs=True)
    assert (result.state, result.by, result.said) == ("killed", "properties", "bodies_named")
