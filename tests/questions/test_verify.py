"""Properties of the rules: proven as recorded, refuted when rules are bent; witnesses replay."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from pingan_logic.errors import PolicyError, RequestError
from pingan_logic.evaluation import evaluate
from pingan_logic.intake import load_facts
from pingan_logic.questions.verify import (
    PropertyResult,
    property_names,
    verify,
    verify_all,
    write_worlds,
)
from pingan_logic.solving.load_policy import load_policy
from tests.command import run
from tests.one_standard import one_standard
from tests.policies import copy_policy

POLICY = load_policy()


def each_clause_can_be_the_only_failed_one(result: PropertyResult) -> None:
    alone = {a.aim: a for a in result.aims}
    alone["compound_buildings"] = verify(POLICY, "compound_building_ratio").aims[0]
    assert set(alone) == set(POLICY.clauses)
    for clause, aim in alone.items():
        (world,) = aim.worlds
        (subject,) = aim.subjects
        ((_, _, status, failed, open_),) = [s for s in world.statuses if s[0] == subject]
        assert (status, failed, open_) == ("failed", (clause,), ())


def five_kinds_of_household_failure_are_forgiven(result: PropertyResult) -> None:
    """By the slack of the ratios of villages and compounds."""
    forgiven: dict[str, set[str]] = {}
    for a in result.aims:
        kind, clause = a.aim.removeprefix("over(").removesuffix(")").split(",")
        forgiven.setdefault(kind, set())
        if a.result == "refuted":
            forgiven[kind].add(clause)
    five = {
        "household_violence",
        "household_disputes",
        "household_pornography",
        "household_pyramid_selling",
        "household_offences",
    }
    assert forgiven["village"] == forgiven["compound"] == five
    assert forgiven["building"] == set()
    assert forgiven["township"] == {c.id for c in POLICY.clauses_of("household")}


MORE: dict[str, Callable[[PropertyResult], None]] = {
    "independence": each_clause_can_be_the_only_failed_one,
    "ratio_forgives": five_kinds_of_household_failure_are_forgiven,
}
"""What else is to be seen in what these properties find; they take long to search for."""


@pytest.mark.parametrize("name", property_names(POLICY))
def test_every_property_ends_as_recorded(name: str, tmp_path: Path) -> None:
    result = verify(POLICY, name)
    assert result.aims
    assert {a.aim: a.result for a in result.aims} == {a.aim: a.expected for a in result.aims}
    folders = write_worlds(result, tmp_path)
    for aim in result.aims:
        assert aim.smallest == (aim.result == "refuted")
        for number, world in enumerate(aim.worlds):
            facts = load_facts(folders[aim.aim, number], POLICY)
            assert facts == world.facts, "the folder reads back as the world"
            judged = evaluate(facts, POLICY, world.year)
            for unit, _, status, failed, open_ in world.statuses:
                row = judged[unit].to_dict()
                found = (row["status"], tuple(row["failed"]), tuple(row["undetermined"]))
                assert found == (status, failed, open_)
    MORE.get(name, lambda _: None)(result)


def test_there_are_at_least_fifteen() -> None:
    assert len(property_names(POLICY)) >= 15


def bent(tmp_path: Path, file: str, old: str, new: str) -> Path:
    folder = tmp_path / "bent"
    copy_policy(folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert text.count(old) >= 1
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    return folder


BENT = [
    ("building_household", "building.lp",
     "threshold(building_households, 100, 100)", "threshold(building_households, 90, 100)"),
    ("one_status", "templates.lp",
     "verdict(k,U,undetermined) :- standard(k,U), some_open(k,U), not some_failed(k,U).",
     "verdict(k,U,undetermined) :- standard(k,U), some_open(k,U)."),
    ("failure_is_proven", "templates.lp",
     "some_failed(k,U) :- finding(C,k,U,failed,E), not part(C).",
     "some_failed(k,U) :- finding(C,k,U,(failed;undetermined),E), not part(C)."),
    ("met_needs_evidence", "common.lp",
     "gap(T,U) :- gap(T,P), placed(U,P), unit(K,U), needed(K,T), not holds(U,T), not holds(U,all).",
     "gap(T,U) :- gap(T,P), placed(U,P), unit(K,U), needed(K,T), not holds(U,_)."),
    ("one_more_incident", "common.lp",
     "has_parent(U) :- placed(U,P).",
     "verdict(enterprise,U,met) :- standard(enterprise,U), "
     "#count { I : counts_for(I,_,U,_) } > 1.\n"
     "has_parent(U) :- placed(U,P)."),
    ("other_years_do_not_count", "common.lp",
     "begins(F), F <= D, cut_off(C), D <= C.", "cut_off(C), D <= C."),
    ("preliminary_never_met", "common.lp",
     "year_over :- year(Y), cut_off(C), span(Y,F,L), C >= L.",
     "year_over :- year(Y), cut_off(C), span(Y,F,L), C >= F."),
    ("villages_township_ratio", "village.lp",
     "threshold(village_households, 90, 100)", "threshold(village_households, 80, 100)"),
    ("empty_ratio", "templates.lp",
     "size(c,U,T), T > 0, threshold(", "size(c,U,T), threshold("),
    ("bodies_named", "programme.lp",
     "role((assesses;awards), (compound;building;household), township_government).",
     "role((assesses;awards), (compound;building), township_government)."),
    ("one_chain", "interpretations.lp",
     "switch(moved_incidents, place_then).", "switch(moved_incidents, with_unit)."),
    ("move_leaves_others", "interpretations.lp",
     "switch(moved_incidents, place_then).", "switch(moved_incidents, with_unit)."),
    ("declaration_needs_no_member", "common.lp",
     "excused(C,U)  :- declared(C,U), size(C,U,0).",
     "excused(C,U)  :- declared(C,U), standard(K,U)."),
    ("one_more_ledger", "common.lp",
     "has_parent(U) :- placed(U,P).",
     "some_failed(school,U) :- standard(school,U), holds(U,gambling).\n"
     "has_parent(U) :- placed(U,P)."),
    ("ledger_bears_inside", "common.lp",
     "has_parent(U) :- placed(U,P).",
     "some_open(township,U) :- standard(township,U), inside(X,U), unit(household,X), "
     "not holds(X,all).\nhas_parent(U) :- placed(U,P)."),
    ("county_school", "common.lp",
     "standard(K,U) :- unit(K,U), judged(K), not county_affiliated(U), not absent(U).",
     "standard(K,U) :- unit(K,U), judged(K), not absent(U)."),
]  # fmt: skip


@pytest.mark.no_cover
@pytest.mark.parametrize(("name", "file", "old", "new"), BENT, ids=[b[0] for b in BENT])
def test_a_bent_rule_is_refuted(name: str, file: str, old: str, new: str, tmp_path: Path) -> None:
    result = verify(load_policy(bent(tmp_path, file, old, new)), name)
    assert not result.as_expected
    assert any(a.result == "refuted" and a.smallest for a in result.aims)


_MANY = """%*!
三（三）平安市场 / a market.
*%
clause(market_points, market, "三（三）1", "起评100分，赌博每起扣3分，得分85分以上").
english(market_points, "100 points, 3 off for each case of gambling: 85 or above").
measures(market_points, points).
asks_for(market_points, at_least, 85).
base_points(market_points, 100).
adds(market_points, calm, incidents(gambling), -3).
clause(market_rate, market, "三（三）1", "每千人刑事案件不超过2起").
english(market_rate, "at most 2 criminal cases per 1,000 people").
measures(market_rate, rate(criminal_case,people)).
asks_for(market_rate, at_most, 2, 1000).
clause(market_cases, market, "三（三）1", "治安案件不满5起").
english(market_cases, "fewer than 5 public-security cases").
prohibits(market_cases, public_security_case, repeated(5), "治安案件", "public-security case").
input(people, market, whole, "人口", "people").
input_range(people, 1, 200000).
supply_cost(people, 2).
"""


@pytest.mark.no_cover
@pytest.mark.parametrize("clause", ["market_points", "market_rate", "market_cases"])
def test_what_is_open_is_tried_with_as_many_incidents_as_it_takes(
    clause: str, tmp_path: Path
) -> None:
    words = "起评100分，赌博每起扣3分，得分85分以上，每千人刑事案件不超过2起，治安案件不满5起。"
    folder = one_standard(
        tmp_path, "market", "三（三）", "平安市场", standard=words, rules=_MANY, case=""
    )
    assert verify(load_policy(folder), "undetermined_is_open").as_expected
    with (folder / "market.lp").open("a", encoding="utf-8") as file:
        left = "incident(_,U,domestic_violence,none,_,_), unit(market,U)"
        file.write(f"finding({clause}, market, U, undetermined, amount) :- {left}.\n")
    worse = {a.aim: a.result for a in verify(load_policy(folder), "undetermined_is_open").aims}
    assert worse == {"better": "holds", "worse": "refuted"}


def test_the_counterexample_is_the_smallest_there_is(tmp_path: Path) -> None:
    folder = bent(tmp_path, *BENT[0][1:])
    (aim,) = verify(load_policy(folder), "building_household").aims
    (world,) = aim.worlds
    # nine of ten households met is the first world in which 90% lets one household fail
    assert len(world.facts.units) == 11
    assert len(world.facts.incidents) <= 1


def test_the_command_writes_a_world_that_explain_accepts(tmp_path: Path) -> None:
    done = run("verify", "--property", "township_villages", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    told = json.loads(done.stdout)
    (found,) = told["properties"]
    assert found["result"] == "refuted"
    assert found["as_expected"] is True
    (world,) = found["aims"][0]["worlds"]
    _, *command = world["replay"].split()
    shown = run(*command, cwd=tmp_path)
    assert shown.returncode == 0, shown.stderr
    head = shown.stdout.splitlines()[0]
    assert head.split() == ["village-1（村（社区））", "2014年度：未达标"]


def test_an_unexpected_result_exits_1(tmp_path: Path) -> None:
    folder = bent(tmp_path, *BENT[0][1:])
    done = run("verify", "--property", "building_household", "--policy", str(folder), cwd=tmp_path)
    assert done.returncode == 1
    assert "与预期不符" in done.stdout
    assert "最小的反例（已证明）：11个单位" in done.stdout
    english = run(
        "verify", "--property", "building_household", "--policy", str(folder), "--lang", "en",
        "--overwrite", cwd=tmp_path,
    )  # fmt: skip
    assert "smallest counterexample (proven): 11 units" in english.stdout
    assert not any("\u4e00" <= c <= "\u9fff" for c in english.stdout.replace(
        "三（八）2", "").replace("三（九）", ""))  # fmt: skip


def test_the_bound_can_be_raised_and_lowered() -> None:
    low = verify(POLICY, "households_from_buildings", 10)
    assert low.aims[0].result == "holds", "nineteen buildings are needed for the witness"
    assert low.sizes["building"] == 10


def test_a_time_limit_is_said() -> None:
    result = verify(POLICY, "households_from_buildings", 20, 0.2)
    (aim,) = result.aims
    assert aim.result == "unfinished" or (aim.result == "refuted" and not aim.smallest)


def test_an_unknown_property_names_the_nearest(tmp_path: Path) -> None:
    done = run("verify", "--property", "villages_townships", cwd=tmp_path)
    assert done.returncode == 2
    assert "最接近的有效值：`villages_township`" in done.stderr.replace("\n      ", "")
    with pytest.raises(RequestError):
        verify(POLICY, "nothing")


def test_a_property_file_must_state_one_property(tmp_path: Path) -> None:
    folder = bent(tmp_path, "properties/bodies_named.lp", "property(bodies_named,", "property(odd,")
    with pytest.raises(PolicyError, match="property"):
        verify(load_policy(folder), "bodies_named")


def test_two_at_a_time_gives_the_same() -> None:
    names = ["targets_given", "villages_township", "victim_household"]
    one = {r.name: r for r in verify_all(POLICY, names)}
    two = {r.name: r for r in verify_all(POLICY, names, jobs=2)}
    for name in names:
        assert [a.worlds for a in one[name].aims] == [a.worlds for a in two[name].aims]


def test_only_processes_that_are_needed_share_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr("pingan_logic.questions.verify.memory_of_each", asked.append)
    names = ["targets_given", "villages_township"]
    assert {r.name for r in verify_all(POLICY, names, jobs=16)} == set(names)
    assert asked == [2]
