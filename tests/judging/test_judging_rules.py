"""Judging by the rules picked for it gives what judging by all files gives."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

import pingan_logic
from pingan_logic import Facts, Policy, PolicyError
from pingan_logic.catalogue import Setting
from pingan_logic.solving import judge
from pingan_logic.solving.asking import dated
from pingan_logic.solving.judging_rules import (
    _BEFORE,
    JudgingRules,
    _picked,
    judging_rules,
)
from pingan_logic.solving.load_policy import load_policy
from tests.judging.test_classes import everything
from tests.policies import copy_policy
from tests.worlds import DAYS, EVENTS, random_county, with_register

POLICY = pingan_logic.load_policy()
RUNS = range(_BEFORE + 2)


def of_random_units(seed: int, policy: Policy) -> Facts:
    rng = Random(seed)
    while True:
        data = with_register(random_county(rng), rng, DAYS, EVENTS, policy)
        try:
            return Facts.from_dict(data, policy)
        except pingan_logic.InputError:  # a change that a unit cannot make
            continue


@pytest.mark.parametrize(
    "changed", [(), (Setting("threshold", "village_households", (1, 2)),)], ids=["as it is", "set"]
)
def test_the_picked_rules_say_what_all_say(
    changed: tuple[Setting, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = load_policy(settings=changed)
    picked = _picked(dated(policy.files), policy.settings)
    for seed in range(12):
        facts = of_random_units(seed, policy)
        found = []
        for rules in (None, picked):
            monkeypatch.setattr(judge, "judging_rules", lambda _, told=rules: told)
            a = pingan_logic.evaluate(facts, policy, 2014, attainment=True)
            found.append(everything(a))
        assert found[0] == found[1], seed


def test_they_are_picked_when_a_process_judges_again_and_again(tmp_path: Path) -> None:
    policy = pingan_logic.load_policy(copy_policy(tmp_path / "own"))
    told = [judging_rules(policy) for _ in RUNS]
    assert [rules is None for rules in told] == [n < _BEFORE for n in RUNS]
    assert told[-1]
    rules = written(told[-1])
    assert "defect(unjudged(" in rules, "data decides whether a unit is judged"
    assert "defect(unknown_kind(" not in rules, "that was seen when the rules were loaded"


def written(picked: JudgingRules) -> str:
    return "\n".join(map(str, picked.rules))


def test_what_follows_without_data_is_derived_once() -> None:
    policy = load_policy()
    picked = _picked(dated(policy.files), policy.settings)
    terms = {str(term) for some in picked.facts.values() for term in some}
    assert "clause(household_drugs,household" in "".join(terms)
    assert "needed(household,drug_involvement)" in terms
    rules = written(picked)
    assert "needed(K,T) :-" not in rules
    assert "verdict(household,U,met) :-" in rules


def test_rules_of_forms_that_a_notice_has_no_clause_of_are_left_out(tmp_path: Path) -> None:
    policy = load_policy()
    picked = _picked(dated(policy.files), policy.settings)
    assert ("adds", 4) not in picked.facts
    luzhou = load_policy("luzhou-2023")
    found = _picked(dated(luzhou.files), luzhou.settings)
    assert found.facts["adds", 4]
    own = copy_policy(tmp_path / "own")
    (own / "more.lp").write_text(
        "#defined never/1.\nnotice(odd,U) :- never(X), unit(_,U).\n"
        "notice(even,U) :- unit(_,U), not never(U).\n"
        'notice_text(odd,"单数","odd"). notice_text(even,"双数","even").\n',
        encoding="utf-8",
    )
    changed = load_policy(own)
    text = written(_picked(dated(changed.files), changed.settings))
    assert "notice(odd," not in text
    assert "notice(even," in text
    assert "#defined never/1." in text


def test_a_choice_without_data_is_left_to_be_refused(tmp_path: Path) -> None:
    own = copy_policy(tmp_path / "own")
    (own / "more.lp").write_text("{ odd }. notice(even,U) :- odd, unit(_,U).\n", encoding="utf-8")
    with pytest.raises(PolicyError):
        load_policy(own)
    paths = dated([own / "more.lp", *load_policy().files])
    picked = _picked(paths, ())
    assert not picked.facts
    assert "{ odd" in written(picked)


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ("defect(too_many(U)) :- score(U,_,S), S > 9000.", "too_many("),
        ("defect(odd(X)) :- score(U,_,S), X = S / (S-9500).", "more.lp:1:"),
    ],
)
def test_what_data_shows_to_be_wrong_is_said_in_each_run(
    rule: str, found: str, tmp_path: Path
) -> None:
    folder = copy_policy(tmp_path / "own")
    (folder / "more.lp").write_text(rule + "\n", encoding="utf-8")
    policy = pingan_logic.load_policy(folder)
    township = {"id": "T", "kind": "township", "name": "T", "parent": ""}
    score = {"unit": "T", "year": 2014, "score": "95"}
    facts = Facts.from_dict({"units": [township], "scores": [score]}, policy)
    said = []
    for _ in RUNS:
        with pytest.raises(PolicyError) as error:
            pingan_logic.evaluate(facts, policy, 2014)
        said.append(str(error.value))
    assert found in said[0]
    assert set(said) == {said[0]}
