"""Judging one unit for all that share its evidence gives what judging each gives."""

from __future__ import annotations

import random
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import example, given, settings
from hypothesis import strategies as st

import pingan_logic
from pingan_logic import Assessment, Change, Facts, Incident, Ledger, Unit
from pingan_logic.intake import read_document
from pingan_logic.order import in_order, natural
from pingan_logic.policy.find import data_folder
from pingan_logic.policy.locality import looks_elsewhere
from pingan_logic.policy.symmetry import tells_units_apart
from pingan_logic.solving.engine import read_rules
from pingan_logic.solving.grouping import group, ungrouped
from pingan_logic.solving.parts import parts, solve_in_parts
from tests.worlds import random_county

POLICY = pingan_logic.load_policy()
SHIPPED = sorted(POLICY.files)
seeds = st.integers(0, 10**9)


def crowded(seed: int) -> Facts:
    """Return a random county in which many units are like others, some with their own records."""
    rng = random.Random(seed)
    data: dict[str, Any] = random_county(rng)
    inside = {u["parent"] for u in data["units"]}
    for unit in list(data["units"]):
        if unit["id"] in inside or unit["kind"] == "county":
            continue
        for n in range(rng.choice([0, 0, 1, 3])):
            twin = {**unit, "id": f"{unit['id']}x{n}"}
            data["units"].append(twin)
            for table in ("ledgers", "scores", "polls"):
                if rng.random() < 0.7:
                    rows = [r for r in data[table] if r["unit"] == unit["id"]]
                    data[table] += [{**r, "unit": twin["id"]} for r in rows]
    rng.shuffle(data["units"])
    facts = read_document(data, "data", POLICY)
    homes = [u.id for u in facts.units if u.kind == "household"]
    villages = [u.id for u in facts.units if u.kind == "village"]
    if not homes or len(villages) < 2 or rng.random() < 0.5:
        return facts
    day = date(2014, rng.randint(1, 12), 5)
    changes = [
        Change(rng.choice(homes), day, "moved", rng.choice(villages[1:])),
        Change(villages[0], day, "merged_into", villages[1]),
    ]
    return evolve(facts, changes=changes, checked_by=None)


def everything(result: Assessment) -> dict[str, Any]:
    """Return all that an assessment says."""
    return {
        "units": {u: (result[u], result.explain(u).text("zh", every=True)) for u in result},
        "counts": result.to_dict(),
        "absent": result.outcome.absent,
        "relocated": result.outcome.relocated,
        "attainment": result.outcome.attainment,
        "findings": {u: dict(f) for u, f in result.outcome.findings.items()},
        "unrecorded": {k: sorted(v) for k, v in result.outcome.unrecorded.items()},
    }


@pytest.mark.no_cover
@given(seeds)
@settings(max_examples=28, deadline=None)
def test_grouped_and_each_by_itself_say_the_same(seed: int) -> None:
    facts = crowded(seed)
    grouped = pingan_logic.evaluate(facts, POLICY, 2014, attainment=True)
    each = pingan_logic.evaluate(facts, POLICY, 2014, grouped=False, attainment=True)
    assert everything(grouped) == everything(each)


@pytest.mark.no_cover
@given(seeds, st.data())
@settings(max_examples=28, deadline=None)
def test_one_unit_asked_for_alone_is_judged_as_with_all_others(
    seed: int, draw: st.DataObject
) -> None:
    facts = crowded(seed)
    whole = pingan_logic.evaluate(facts, POLICY, 2014)
    standing = [u.id for u in facts.units if u.id not in whole.outcome.absent]
    unit = draw.draw(st.sampled_from(standing))
    alone = pingan_logic.evaluate(facts, POLICY, 2014, unit=unit)
    for lang in ("zh", "en"):
        assert alone.explain(unit).text(lang) == whole.explain(unit).text(lang)
        assert alone.explain(unit).to_dict(lang) == whole.explain(unit).to_dict(lang)
    assert set(alone) <= {unit, *whole.inside(unit)}
    assert set(alone.notices) <= set(whole.notices)


@pytest.mark.no_cover
@given(seeds, st.integers(1, 30))
@example(124, 1)  # an incident held by a village that had been merged into another
@settings(max_examples=28, deadline=None)
def test_part_by_part_and_at_once_say_the_same(seed: int, size: int) -> None:
    facts = crowded(seed)
    whole = pingan_logic.evaluate(facts, POLICY, 2014)
    outcome = solve_in_parts(facts, POLICY, 2014, whole.cut_off, size=size).of_all(ungrouped(facts))
    divided = evolve(whole, outcome=outcome)
    assert everything(divided) == everything(whole)
    assert divided.notices == whole.notices


def test_a_county_falls_into_its_subtrees() -> None:
    facts = pingan_logic.load_facts(data_folder("facts") / "xiangyin-sample")
    found = list(parts(facts, POLICY, 300))
    assert len(found) > 1
    final = [u for p in found for u in p.facts.units.column("id") if u not in p.foreign]
    assert sorted(final) == sorted(facts.units.column("id"))
    assert all(len(p.facts.units) < len(facts.units) for p in found)


def test_like_units_are_written_once_and_the_others_stay_alone() -> None:
    homes = [Unit(f"H{n}", "household", "", "V") for n in range(6)]
    facts = Facts(
        units=[Unit("V", "village"), *homes, Unit("H9", "household", "", None)],
        incidents=[Incident("I", "H1", "gambling", date(2014, 1, 1))],
        ledgers=[Ledger("H2", "*", 2014), Ledger("H3", "*", 2014), Ledger("H4", "*", 2013)],
    )
    groups = group(facts)
    assert groups.standing == {
        "V": "V", "H0": "H0", "H1": "H1", "H2": "H2", "H3": "H2", "H4": "H4", "H5": "H0",
        "H9": "H9",
    }  # fmt: skip
    assert groups.sizes["H0"] == 2
    result = pingan_logic.evaluate(facts, POLICY, 2014)
    assert [n for n, _ in result.notices].count("no_parent") == 2  # V and H9
    assert {result.status(h).value for h in ("H2", "H3")} == {"met"}


def test_what_is_said_of_an_incident_is_said_of_no_unit_with_its_id() -> None:
    facts = Facts(
        units=[Unit("B", "building"), *(Unit(f"H{n}", "household", "", "B") for n in range(3))],
        incidents=[Incident("H0", "B", "mass_petition", date(2014, 5, 1))],
    )
    for grouped in (True, False):
        result = pingan_logic.evaluate(facts, POLICY, 2014, grouped=grouped)
        assert [x for n, x in result.notices if n == "petition_by_place"] == ["H0"]


LOOKS_ELSEWHERE = {
    "what became of the container": "some_failed(household,U) :- standard(household,U), "
    "inside(U,V), verdict(village,V,failed).",
    "what happened in the container": "some_failed(village,U) :- standard(village,U), "
    "placed(U,P), breach(_,_,P,_).",
    "what happened at the container": "some_failed(village,U) :- standard(village,U), "
    "inside(U,P), recorded(I,P).",
    "a neighbour": "some_failed(village,U) :- standard(village,U), placed(U,P), placed(V,P), "
    "score(V,_,_).",
    "any unit": "some_failed(village,U) :- standard(village,U), verdict(township,_,failed).",
    "all incidents": "some_failed(village,U) :- standard(village,U), "
    "3 < #count { I : current(I,_,_,_) }.",
    "a total": "some_failed(village,U) :- standard(village,U), attainment(village,all,A,_,T), "
    "A < T.",
    "a flag of the county": "bad :- current(_,gambling,_,_). "
    "some_failed(village,U) :- standard(village,U), bad.",
}
LOOKS_HOME = {
    "its own score": "some_failed(village,U) :- standard(village,U), score(U,_,H), H < 5000.",
    "what the container wrote down": "some_failed(village,U) :- standard(village,U), "
    "inside(U,P), score(P,_,H), H < 5000.",
    "what is inside": "some_failed(village,U) :- standard(village,U), inside(X,U), "
    "verdict(school,X,failed).",
    "its incidents": "bad(I) :- current(I,gambling,_,_). "
    "some_failed(village,U) :- standard(village,U), counts_for(I,_,U), bad(I).",
    "nothing that is judged": "curious(U) :- unit(_,U), verdict(_,V,failed), unit(_,V).",
}


@pytest.mark.parametrize("case", LOOKS_ELSEWHERE)
def test_a_rule_that_looks_elsewhere_is_named(case: str, tmp_path: Path) -> None:
    found = looks_elsewhere(rules_with(LOOKS_ELSEWHERE[case], tmp_path))
    assert "extra.lp" in {p.place.partition(":")[0] for p in found}


@pytest.mark.parametrize("case", LOOKS_HOME)
def test_a_rule_that_looks_home_is_not(case: str, tmp_path: Path) -> None:
    assert not looks_elsewhere(rules_with(LOOKS_HOME[case], tmp_path))


def test_a_unit_is_explained_from_all_data_where_a_rule_looks_elsewhere(tmp_path: Path) -> None:
    folder = tmp_path / "policy"
    shutil.copytree(POLICY.folder, folder)
    path = folder / "household.lp"
    rule = LOOKS_ELSEWHERE["what happened in the container"].replace("village", "household")
    path.write_text(path.read_text("utf-8") + rule + "\n", encoding="utf-8")
    policy = pingan_logic.load_policy(folder)
    facts = Facts(
        units=[Unit("V", "village"), *(Unit(f"H-{n}", "household", "", "V") for n in (1, 2))],
        incidents=[Incident("I", "H-1", "gambling", date(2014, 1, 1))],
        ledgers=[Ledger("V", "*", 2014)],
    )
    alone = pingan_logic.evaluate(facts, policy, 2014, unit="H-2")
    assert alone.status("H-2").value == "failed"
    assert list(alone) == ["H-2"]


TELLS_APART = {
    "names a unit": 'bad(U) :- standard(household,U), inside(U,"V-01").',
    "names a unit in a fact": 'watched("H-1"). bad(U) :- standard(household,U), watched(U).',
    "compares ids": 'bad(U) :- standard(household,U), U > "H-5".',
    "orders units": "bad(U) :- placed(U,P), placed(V,P), V < U.",
    "asks for another unit": "bad(U) :- placed(U,P), placed(V,P), V != U.",
    "asks for the same unit": "bad(U) :- placed(U,P), placed(V,P), V = U.",
    "counts units": "many(P) :- unit(_,P), 2 < #count { U : placed(U,P) }.",
    "adds up units": "many(P) :- unit(_,P), 2 < #sum { 1,U : placed(U,P) }.",
    "takes the first": "first(M) :- M = #min { U : unit(household,U) }.",
    "looks into weights": "big(U) :- weight(U,N), N > 1.",
    "looks into weights in a sum": "many(P) :- unit(_,P), "
    "2 < #sum { N,U : placed(U,P), weight(U,N), N > 1 }.",
    "sums the wrong weight": "many(P) :- unit(_,P), "
    "2 < #sum { N,U : placed(U,P), placed(V,P), weight(V,N) }.",
    "looks at what is stood for": "big(U) :- stands_for(U,_).",
    "changes weights": "weight(U,2) :- unit(household,U).",
    "computes with ids": "next(U+1) :- unit(household,U).",
    "matches units and incidents": "odd(U) :- unit(_,U), incident(U,_,_,_,_,_).",
    "matches units and names": "odd(U) :- unit(_,U), named(_,U).",
    "through a copy": "copy(X) :- X = U, unit(_,U).",
    "chooses": "{ odd(U) } :- unit(household,U).",
    "adds a unit": 'unit(household,"H-X").',
}  # fmt: skip
HARMLESS = {
    "joins": "neighbours(U,V) :- placed(U,P), placed(V,P).",
    "negates": "quiet(U) :- standard(household,U), not item_failed(_,U).",
    "adds up weights": "many(P) :- unit(_,P), 2 < #sum { N,U : placed(U,P), weight(U,N) }.",
    "counts kinds": "mixed(P) :- unit(_,P), 1 < #count { K : unit(K,U), placed(U,P) }.",
    "counts incidents": "busy(U) :- unit(_,U), 1 < #count { I : counts_for(I,_,U) }.",
    "names constants": "flat(U) :- unit(building,U), not inside(U,_).",
}


def rules_with(text: str, folder: Path) -> Any:
    extra = folder / "extra.lp"
    extra.write_text(text, encoding="utf-8")
    return read_rules([*SHIPPED, extra]).rules


@pytest.mark.parametrize("case", TELLS_APART)
def test_a_rule_that_tells_units_apart_is_named(case: str, tmp_path: Path) -> None:
    found = tells_units_apart(rules_with(TELLS_APART[case], tmp_path))
    assert found
    if case != "adds a unit":  # then every rule about units sees it
        assert {p.place.partition(":")[0] for p in found} == {"extra.lp"}


@pytest.mark.parametrize("case", HARMLESS)
def test_a_rule_that_only_joins_is_not(case: str, tmp_path: Path) -> None:
    assert not tells_units_apart(rules_with(HARMLESS[case], tmp_path))


def test_the_shipped_rules_tell_no_units_apart_and_look_nowhere_else() -> None:
    assert POLICY.distinctions == ()
    assert POLICY.elsewhere == ()


def test_a_policy_that_tells_units_apart_judges_each(tmp_path: Path) -> None:
    """One household of two alike is failed by name: the other must not fail with it."""
    folder = tmp_path / "policy"
    shutil.copytree(POLICY.folder, folder)
    path = folder / "household.lp"
    rule = 'some_failed(household,U) :- standard(household,U), U == "H-2".\n'
    path.write_text(path.read_text("utf-8") + rule, encoding="utf-8")
    policy = pingan_logic.load_policy(folder)
    facts = Facts(
        units=[Unit("V", "village"), *(Unit(f"H-{n}", "household", "", "V") for n in (1, 2))],
        ledgers=[Ledger("V", "*", 2014)],
    )
    result = pingan_logic.evaluate(facts, policy, 2014)
    assert [result.status(u).value for u in ("H-1", "H-2")] == ["met", "failed"]
    (notice,) = [x for n, x in result.notices if n == "tells_apart"]
    assert notice.startswith("household.lp:")


@given(
    st.lists(st.integers(0, 10**6)),
    st.sampled_from(["", "H-", "H-0", "第", "H1-"]),
    st.sampled_from(["", "0", "x"]),
)
def test_ids_that_differ_in_one_number_come_in_natural_order(
    numbers: list[int], before: str, odd: str
) -> None:
    ids = [f"{before}{n}" for n in numbers]
    ids += [f"{before}{odd}{n}" for n in numbers[:1]]
    assert in_order(ids) == sorted(ids, key=natural)
