"""Rules that are refused or judged unit by unit: by place, word for word, and only these."""

from __future__ import annotations

from pathlib import Path

import pytest

from pingan_logic import PolicyError, Problem
from pingan_logic.policy.locality import looks_elsewhere
from pingan_logic.policy.strata import check_strata
from pingan_logic.policy.symmetry import tells_units_apart
from pingan_logic.policy.syntax import Rule
from pingan_logic.solving.engine import read_rules

CHOICE = ("规则有选择", "the rule has a choice")
WEIGHTS = ("规则改动或查看 weight", "the rule changes or looks into weights")
NAMED = ("规则写了单位编号", "the rule names a unit")
MATCHED = ("单位编号与别的编号或文字相比", "a unit id is matched with other ids or text")
COMPARED = ("规则比较单位编号", "the rule compares unit ids")
COUNTED = (
    "聚合按个数数单位,应写 #sum { N,X : ..., weight(X,N) }",
    "an aggregate counts units one by one; write #sum { N,X : ..., weight(X,N) }",
)
TOTAL = ("规则看全部单位的汇总", "the rule reads a total over all units")
PLACED = ("归属取决于发生的事", "containment depends on what happened")
ANY = ("规则看任意单位", "the rule reads any unit whatever")
ELSEWHERE = ("规则看没有上下级关系的单位", "the rule reads a unit elsewhere")
INSIDE = ("规则看上级内部发生的事", "the rule reads what happened inside a container")


def rules(text: str, folder: Path) -> tuple[Rule, ...]:
    path = folder / "own.lp"
    path.write_text(text, encoding="utf-8")
    return read_rules([path]).rules


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("{ odd(U) } :- unit(household,U).", CHOICE),
        ("odd(U) | even(U) :- unit(household,U).", CHOICE),
        ("weight(U,2) :- unit(household,U).", WEIGHTS),
        ("represents(U) :- unit(household,U).", WEIGHTS),
        ("big(U) :- stands_for(U,_).", WEIGHTS),
        ('bad :- unit(_,"V-01").', NAMED),
        ("odd(U) :- unit(_,U), incident(U,_,_,_,_,_).", MATCHED),
        ("bad(U) :- parent(U,P), parent(V,P), V < U.", COMPARED),
        ("next(U+1) :- unit(household,U).", COMPARED),
        ("many(P) :- unit(_,P), 2 < #count { U : parent(U,P) }.", COUNTED),
        ("many(P) :- unit(_,P), 2 < #sum { 1,U : parent(U,P) }.", COUNTED),
        ("many(P) :- unit(_,P), 2 < #count { N,U : parent(U,P), weight(U,N) }.", COUNTED),
        ("many(P) :- unit(_,P), 2 < #sum { U : parent(U,P), weight(U,N) }.", COUNTED),
        ("many(P) :- unit(_,P), 2 < #sum { 1,U : parent(U,P), weight(U,1) }.", COUNTED),
        ("many(P) :- unit(_,P), 2 < #sum { N,N,U : parent(U,P), weight(U,N) }.", COUNTED),
        ("many(P) :- unit(_,P), 2 < #sum { 1,U,N : parent(U,P), weight(U,N) }.", COUNTED),
        (
            "many(P) :- unit(_,P), 2 < #sum { N,U : parent(U,P), n(N), not weight(U,N) }.",
            COUNTED,
        ),
        (
            "many(P) :- unit(_,P), "
            "2 < #sum { N,U : parent(U,P), weight(U,N) ; 1,V : parent(V,P) }.",
            COUNTED,
        ),
        (
            "many(P) :- unit(_,P), "
            "2 < #sum { 0,x : unit(_,P) ; 1,V : parent(V,P) }.",
            COUNTED,
        ),
        ("big(U) :- weight(U,N), N > 1.", COUNTED),
    ],
)  # fmt: skip
def test_how_a_rule_tells_units_apart(rule: str, said: tuple[str, str], tmp_path: Path) -> None:
    (own,) = rules(rule, tmp_path)
    assert tells_units_apart([own]) == [Problem("own.lp:1:1", *said, own.text)]


@pytest.mark.parametrize(
    "rule",
    [
        "many(P) :- unit(_,P), 2 < #sum { N,U : parent(U,P), weight(U,N) }.",
        "many(P) :- unit(_,P), 2 < #sum { N,U,x : parent(U,P), weight(U,N) ; 0,y : unit(_,P) }.",
        "busy(U) :- unit(_,U), 1 < #count { I : incident(I,U,_,_,_,_) }.",
        'named(U,"x") :- unit(_,U).',
        "weight(U,N) :- stands_for(U,N).",
        "weight(U,1) :- unit(K,U), not represents(U).",
    ],
)
def test_a_rule_that_does_not(rule: str, tmp_path: Path) -> None:
    assert tells_units_apart(rules(rule, tmp_path)) == []


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("verdict(a,U,met) :- unit(_,U), total(N), N > 1.\n"
         "total(N) :- N = #count { X : unit(_,X) }.", TOTAL),
        ("placed(U,P) :- parent(U,P), incident(_,U,_,_,_,_).\n"
         "verdict(a,U,met) :- placed(U,_).", PLACED),
        ("verdict(a,U,met) :- unit(_,U), score(_,_,_).", ANY),
        ("verdict(a,U,met) :- unit(_,U), score(V,_,_).", ELSEWHERE),
        ("verdict(a,U,met) :- parent(U,P), parent(V,P), score(V,_,_).", ELSEWHERE),
        ("verdict(a,U,met) :- parent(U,P), incident(_,P,_,_,_,_).", INSIDE),
        ("verdict(a,U,met) :- parent(U,P), bad(P).\n"
         "bad(P) :- parent(X,P), incident(_,X,_,_,_,_).", INSIDE),
        ("verdict(a,U,met) :- parent(U,P), worse(P).\nworse(P) :- bad(P).\n"
         "bad(P) :- incident(_,P,_,_,_,_).", INSIDE),
    ],
)  # fmt: skip
def test_how_a_rule_looks_elsewhere(rule: str, said: tuple[str, str], tmp_path: Path) -> None:
    found = looks_elsewhere(rules(rule, tmp_path))[:1]
    assert found == [Problem("own.lp:1:1", *said, rules(rule, tmp_path)[0].text)]


@pytest.mark.parametrize(
    "rule",
    [
        "verdict(a,U,met) :- unit(_,U), score(U,_,_).",
        "verdict(a,U,met) :- parent(U,P), score(P,_,_).",
        "verdict(a,U,met) :- parent(X,U), incident(_,X,_,_,_,_).",
        "verdict(a,U,met) :- incident(I,U,_,_,_,_), responsible(I,V), unit(a,V).",
        "curious(U) :- unit(_,U), unit(_,V), incident(_,V,_,_,_,_).",
    ],
)
def test_a_rule_that_stays_at_home(rule: str, tmp_path: Path) -> None:
    assert looks_elsewhere(rules(rule, tmp_path)) == []


ENDLESS = (
    "递归规则不断产生新的项,不会终止;请加上界(如 N < 100)或用递归之外的谓词限定变量",
    "the recursive rule makes new terms without end; add a bound, as N < 100, or bind "
    "the variable by a predicate outside the recursion",
)
NOT_ONE = (
    "规则含有选择或循环:规则头是选择或析取,结果不唯一",
    "the head is a choice or a disjunction: the result is not unique",
)


def refused(text: str, folder: Path) -> list[Problem]:
    path = folder / "own.lp"
    path.write_text(text, encoding="utf-8")
    try:
        check_strata(read_rules([path]))
    except PolicyError as error:
        return list(error.problems)
    return []


def test_what_is_refused_is_told_in_both_languages(tmp_path: Path) -> None:
    (problem,) = refused("{ b(X) } :- e(X).", tmp_path)
    assert problem == Problem("own.lp:1", *NOT_ONE, rules("{ b(X) } :- e(X).", tmp_path)[0].text)
    (problem,) = refused("c(N+1) :- c(N).", tmp_path)
    assert problem == Problem("own.lp:1", *ENDLESS, rules("c(N+1) :- c(N).", tmp_path)[0].text)
    (problem,) = refused("p(X) :- e(X), not p(X).", tmp_path)
    assert problem == Problem(
        "own.lp:1",
        "规则经否定或聚合依赖自身,没有可行的求值顺序(类别等应写成常量):"
        "p/1 own.lp:1 -> p/1 own.lp:1",
        "rules rest on themselves through negation or an aggregate, so that no order of "
        "evaluation fits (write kinds and the like as constants): p/1 own.lp:1 -> p/1 own.lp:1",
    )


@pytest.mark.parametrize(
    ("rule", "ends"),
    [
        ("p(N+1) :- p(N), N < 9.", True),
        ("p(N+1) :- p(N), N <= 9.", True),
        ("p(N+1) :- p(N), 9 > N.", True),
        ("p(N+1) :- p(N), 9 >= N.", True),
        ("p(N+1) :- p(N), N > 9.", False),
        ("p(N+1) :- p(N), N != 9.", False),
        ("p(N+1) :- p(N), N = 9.", False),
        ("p(N-1) :- p(N), N > 0.", True),
        ("p(N-1) :- p(N), N >= 0.", True),
        ("p(N-1) :- p(N), N < 0.", False),
        ("p(N*2) :- p(N), N < 9.", True),
        ("p(N*0) :- p(N), N < 9.", False),
        ("p(N+0) :- p(N), N < 9.", False),
        ("p(N-M) :- p(N), e(M), N > 0.", False),
        ("p(N/2) :- p(N), N > 0.", False),
        ("p(-N) :- p(N), N < 9.", False),
        ("p(M) :- p(N), M = N+1, N < 9.", True),
        ("p(M) :- p(N), M = N+1.", False),
        ("p(M) :- p(N), N+1 = M.", False),
        ("p(N+1) :- p(N), N+1 < 9.", True),
        ("p(N+1) :- p(N), N-1 < 9.", False),
        ("p(N+1) :- p(N), N < M, last(M).", True),
        ("p(N+1) :- p(N), N < M, p(M).", False),
        ("p(N+1) :- p(N), 0 < N < 9.", True),
        ("p(N+M,M) :- p(N,M), N < 9, M < 9.", True),
        ("p(N+M,M) :- p(N,M), N < 9.", False),
        ("p(N+1) :- p(N), not e(N).", False),
        ("p(N+1) :- p(N), 3 < #count { X : e(X,N) }.", False),
        ("p(N+1) :- p(N), e(N).", True),
        ("p(f(N)) :- p(N), N < 9.", False),
        ("p(f(N),N+1) :- p(f(N),N), N < 9.", True),
    ],
)
def test_which_recursion_ends(rule: str, ends: bool, tmp_path: Path) -> None:
    found = refused(rule, tmp_path)
    assert [(p.zh, p.en) for p in found] == ([] if ends else [ENDLESS])
