"""Which rules let units alike be judged once, and a unit from its own part of the data."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest
from attrs import evolve

import pingan_logic
from pingan_logic.rules.may_merge import prove_merging
from pingan_logic.rules.proof import Proof
from pingan_logic.rules.syntax import Rule
from pingan_logic.solving.program import read_rules

POLICY = pingan_logic.load_policy()

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
    "all incidents": "some_failed(village,U) :- standard(village,U), 3 < #count { I : "
    "current(I,_,_,_) }.",
    "a total": "some_failed(village,U) :- standard(village,U), attainment(village,all,A,_,T), A "
    "< T.",
    "a flag of the county": "bad :- current(_,gambling,_,_). some_failed(village,U) :- "
    "standard(village,U), bad.",
}
LOOKS_HOME = {
    "its own score": "some_failed(village,U) :- standard(village,U), score(U,_,H), H < 5000.",
    "what the container wrote down": "some_failed(village,U) :- standard(village,U), "
    "inside(U,P), score(P,_,H), H < 5000.",
    "what is inside": "some_failed(village,U) :- standard(village,U), counts(X,U,_), "
    "verdict(school,X,failed).",
    "its incidents": "bad(I) :- current(I,gambling,_,_). some_failed(village,U) :- "
    "standard(village,U), counts_for(I,_,U,_), bad(I).",
    "nothing that is judged": "curious(U) :- unit(_,U), verdict(_,V,failed), unit(_,V).",
}
TELLS_APART = {
    "what is inside by inside": "some_failed(village,U) :- standard(village,U), inside(X,U), "
    "verdict(school,X,failed).",
    "names a unit": 'bad(U) :- standard(household,U), inside(U,"V-01").',
    "names a unit in a fact": 'watched("H-1"). bad(U) :- standard(household,U), watched(U).',
    "compares ids": 'bad(U) :- standard(household,U), U > "H-5".',
    "orders units": "bad(U) :- placed(U,P), placed(V,P), V < U.",
    "asks for another unit": "bad(U) :- placed(U,P), placed(V,P), V != U.",
    "asks for the same unit": "bad(U) :- placed(U,P), placed(V,P), V = U.",
    "counts units": "many(P) :- unit(_,P), 2 < #count { U : placed(U,P) }.",
    "counts counted": "many(P) :- unit(_,P), 2 < #count { U : counts(U,P,_) }.",
    "adds up units": "many(P) :- unit(_,P), 2 < #sum { 1,U : counts(U,P,_) }.",
    "takes the first": "first(M) :- M = #min { U : unit(household,U) }.",
    "looks into numbers": "big(U) :- counts(U,_,N), N > 1.",
    "joins numbers": "big(P) :- counts(U,P,N), counts(V,P,N).",
    "looks into numbers in a sum": "many(P) :- unit(_,P), 2 < #sum { N,U : counts(U,P,N), N > 1 }.",
    "sums the wrong number": "many(P) :- unit(_,P), 2 < #sum { N,U : counts(U,P,_), "
    "counts(V,P,N) }.",
    "sums without the unit": "many(P) :- unit(_,P), 2 < #sum { N : counts(U,P,N) }.",
    "loses the unit of a number": "many(P,N) :- counts(U,P,N), verdict(household,U,failed). "
    "lot(P) :- unit(_,P), 2 < #sum { N : many(P,N) }.",
    "a number made one": "bad(I,P,1) :- holder(I,U), counts(U,P,N). many(P) :- unit(_,P), 2 < "
    "#sum { N,I : bad(I,P,N) }.",
    "counts incidents": "busy(U) :- unit(_,U), 1 < #count { I : counts_for(I,_,U,_) }.",
    "looks at alike": "big(U) :- alike(U).",
    "changes counts": "counts(U,U,1) :- unit(household,U).",
    "computes with ids": "next(U+1) :- unit(household,U).",
    "matches units and incidents": "odd(U) :- unit(_,U), incident(U,_,_,_,_,_).",
    "matches units and names": "odd(U) :- unit(_,U), named(_,U).",
    "through a copy": "copy(X) :- X = U, unit(_,U).",
    "chooses": "{ odd(U) } :- unit(household,U).",
    "adds a unit": 'unit(household,"H-X").',
    "a name": 'odd(U) :- named(U,"新名").',
    "two of a name": "odd(U) :- named(U,N), named(V,N), placed(U,V).",
    "containers in two": "both(A,B) :- counts(U,A,_), counts(U,B,_).",
    "container and its own": "bad(A) :- counts(U,A,_), placed(U,B), placed(B,A), "
    "verdict(household,U,failed).",
    "head above the below": "bad(A,B) :- counts(U,A,_), inside(U,B), verdict(household,U,failed).",
    "incident by inside": "at(I,A) :- happened_at(I,U), inside(U,A). bad(A) :- at(I,A).",
    "incident by inside 2": "at(A,I) :- happened_at(I,U), inside(U,A). bad(A) :- at(A,I).",
    "units by inside": "at(A,U) :- inside(U,A), verdict(household,U,failed). bad(A) :- at(A,U).",
    "counts_for by inside": "counts_for(I,T,A,1) :- holder(I,U), happened(I,T), inside(U,A).",
    "from above to below": "bad(I) :- relevant(C,M,U,I).",
    "whatever above": "bad(I) :- relevant(C,M,_,I).",
    "sideways by a move": "bad(P) :- moved(U,P), score(U,_,_).",
    "same target of change": "bad(U) :- in_force(U,_,W), in_force(V,_,W), score(V,_,_).",
    "another year": "bad(U) :- incident(I,U,T,_,_,D).",
    "other years by hand": "old(I,U) :- incident(I,U,T,_,_,D), D < 20140101. bad(U) :- old(I,U).",
    "a day": "bad(U) :- opened(U,D), D > 20140601.",
    "month": "bad(U) :- opened(U,D), D/100 == 201406.",
    "same day in a container": "bad(A) :- incident(I,U,T,G,L,D), current(I,_,_,_), "
    "counts(U,A,_), incident(J,A,S,H,M,D), current(J,_,_,_).",
    "strictly before cut": "bad(U) :- opened(U,D), cut_off(C), D < C.",
    "days counted": "bad(U) :- unit(_,U), 1 < #count { D : in_force(U,D,moved(_)) }.",
    "below incident": "bad(U) :- inside(U,A), happened_at(I,A), happened(I,_).",
    "flag in containment": "some :- absent(U). placed(U,P) :- parent(U,P), some.",
    "containment by incident": "relocated(U) :- happened_at(I,U), happened(I,gambling).",
    "who was responsible ever": "bad(U) :- responsible(I,U).",
    "day of another": "bad :- opened(U,D), opened(V,D), unit(village,U), unit(household,V).",
    "conditional": "bad(U) :- unit(_,U), met(X) : counts(X,U,_). met(X) :- verdict(_,X,met).",
}
HARMLESS = {
    "negates": "quiet(U) :- standard(household,U), not item_failed(_,U).",
    "adds up": "many(P) :- unit(_,P), 2 < #sum { N,U : counts(U,P,N) }.",
    "products": "many(P) :- unit(_,P), threshold(_,_,D), 2 < #sum { N*D,U : counts(U,P,N) }.",
    "counts kinds": "mixed(P) :- unit(_,P), 1 < #count { K : unit(K,U), counts(U,P,_) }.",
    "adds incidents": "busy(U) :- unit(_,U), 1 < #sum { N,I : counts_for(I,_,U,N) }.",
    "names constants": "flat(U) :- unit(building,U), not inside(U,_).",
    "hands on": "many(A,U,N) :- counts(U,A,N), verdict(household,U,failed). lot(A) :- "
    "unit(_,A), 2 < #sum { N,U : many(A,U,N) }.",
    "grade of container's ledger": "covered(U) :- inside(U,A), ledger(A,gambling,Y), year(Y).",
    "poll above above": "polled_above(U) :- placed(U,P), placed(P,Q), poll(Q,Y,R), year(Y).",
    "stayed": "stayed(U) :- parent(U,P), placed(U,P), unit(township,P).",
    "chain": "deep(C) :- counts(B,C,_), counts(H,B,_), verdict(household,H,failed), "
    "unit(building,B).",
    "responsible": "blamed(R) :- happened(I,_), responsible(I,R).",
    "flag": "any_failed :- verdict(household,U,failed).",
    "same day": "bad(A) :- incident(I,A,T,G,L,D), current(I,_,_,_), incident(J,A,S,H,M,D), T < S.",
    "where a moved incident was": "counts_for(I,T,A,1) :- happened(I,T), happened_at(I,U), "
    "moves(U), inside(U,A).",
    "heir": "took(S) :- heir(U,S), score(U,_,_).",
    "moved after": "late(I) :- current(I,_,_,_), incident(I,U,_,_,_,D), in_force(U,E,moved(_)), "
    "D < E.",
    "first move": "firstmove(U,D) :- moves(U), D = #min { E : in_force(U,E,moved(_)) }.",
}


def proof_with(text: str, folder: Path) -> Proof:
    extra = folder / "extra.lp"
    extra.write_text(text, encoding="utf-8")
    return prove_merging([*shipped(), *read_rules([extra]).rules])


@cache
def shipped() -> Sequence[Rule]:
    return read_rules(POLICY.files).rules


def files(problems: object) -> set[str]:
    return {p.place.partition(":")[0] for p in problems}  # type: ignore[attr-defined]


@pytest.mark.parametrize("case", LOOKS_ELSEWHERE)
def test_a_rule_that_looks_elsewhere_is_named(case: str, tmp_path: Path) -> None:
    assert files(proof_with(LOOKS_ELSEWHERE[case], tmp_path).elsewhere) == {"extra.lp"}


@pytest.mark.parametrize("case", LOOKS_HOME)
def test_a_rule_that_looks_home_is_not(case: str, tmp_path: Path) -> None:
    assert not proof_with(LOOKS_HOME[case], tmp_path).elsewhere


SPREADING = ("adds a unit", "flag in containment", "containment by incident")
"""Then every rule that rests on it is named as well."""


@pytest.mark.parametrize("case", TELLS_APART)
def test_a_rule_that_tells_units_apart_is_named(case: str, tmp_path: Path) -> None:
    found = files(proof_with(TELLS_APART[case], tmp_path).distinctions)
    assert found
    if case not in SPREADING:
        assert found == {"extra.lp"}


@pytest.mark.parametrize("case", HARMLESS)
def test_a_rule_that_does_not_is_not(case: str, tmp_path: Path) -> None:
    found = proof_with(HARMLESS[case], tmp_path)
    assert found.distinctions == ()
    assert found.elsewhere == ()


def test_the_shipped_rules_tell_no_units_apart_and_look_nowhere_else() -> None:
    found = prove_merging(read_rules(POLICY.files).rules)
    # which templates are written out is kept beside the proof
    assert found == evolve(POLICY.proof, templates=())
    assert found.distinctions == ()
    assert found.elsewhere == ()
    assert found.tables == ("ledgers",)


def test_what_is_read_of_containers_is_part_of_their_likeness(tmp_path: Path) -> None:
    found = proof_with("low(U) :- inside(U,A), score(A,Y,H), year(Y), H < 5000.", tmp_path)
    assert found.tables == ("ledgers", "scores")


def test_surroundings_obey_the_rules_of_containment_alone() -> None:
    heads = {line.partition("(")[0] for line in POLICY.proof.upwards.splitlines()}
    assert {"inside", "placed", "relocated", "put", "named", "absent"} <= heads
    assert not heads & {"verdict", "finding", "gap", "counts", "holder"}
