"""Rules that are refused or judged unit by unit: by place, word for word, and only these."""

from __future__ import annotations

from pathlib import Path

import pytest

from pingan_logic import PolicyError, Problem
from pingan_logic.rules.may_merge import prove_merging
from pingan_logic.rules.strata import check_strata
from pingan_logic.rules.syntax import Rule
from pingan_logic.solving.program import read_rules

CHOICE = ("规则有选择", "the rule has a choice")
CONDITION = ("规则有条件文字", "the rule has a conditional literal")
BEHIND = ("规则改动或查看 counts 的来历", "the rule changes counts, or looks behind it")
NAMED = ("规则写了单位编号或名称", "the rule names a unit")
MATCHED = ("单位编号与别的编号或文字相比", "a unit id is matched with other ids or text")
COMPARED = ("规则比较单位编号", "the rule compares unit ids")
RENAMED = ("规则比较名称", "the rule compares names")
COUNTED = (
    "聚合按个数数单位或事件，应写 #sum { N,X : counts(X,U,N), ... }",
    "an aggregate counts units or incidents one by one; write #sum { N,X : counts(X,U,N), ... }",
)
LOST = ("规则丢失或改动户数", "the rule loses or changes a number of units alike")
DATED = (
    "日期只可相互比较、与截止日比较（<=、>）、与期间的首日比较（>=、<）、取年份与本年度比较",
    "a day may only be compared with days, with the cut-off day (<=, >), with the day on which the "
    "period begins (>=, <), or its year with the year",
)
LATE = ("规则看其他年度的事件", "the rule reads incidents of other years")
TOTAL = ("规则看全部单位的汇总", "the rule reads a total over all units")
PLACED = ("归属取决于发生的事", "containment depends on what happened")
FILLED = ("归属取决于内部的情况", "containment depends on what is inside")
ASKED = ("归属取决于所问的事", "containment depends on what is asked")
ALL = ("归属取决于全部单位", "containment depends on all units")
ANY = ("规则看任意单位", "the rule reads any unit whatever")
BESIDE = ("规则看没有上下级关系的单位", "the rule reads a unit that is not above")
INSIDE = ("规则看所在单位内部发生的事", "the rule reads what happened inside a container")
AROUND = ("规则看所在单位内部的情况", "the rule reads what is inside a container above")
TWICE = ("规则在两个所在单位内找同一单位", "the rule finds one unit inside of two containers")
STRAY = ("规则把没有联系的单位放在一起", "the rule relates units that nothing links")
DOWN = ("规则由所在单位内部推及单位", "the rule concludes from a container to what is inside")
OTHERWISE = ("规则另立所在单位与内部单位的关系", "the rule finds what is inside not by counts")


def rules(text: str, folder: Path) -> tuple[Rule, ...]:
    path = folder / "own.lp"
    path.write_text(text, encoding="utf-8")
    return read_rules([path]).rules


THIS_YEAR = """now(I,U) :- incident(I,U,T,G,L,D), year(Y), D/10000 == Y, cut_off(C), D <= C.
"""


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("{ odd(U) } :- unit(household,U).", CHOICE),
        ("odd(U) | even(U) :- unit(household,U).", CHOICE),
        ("odd(U) :- unit(K,U), score(U,Y,H) : year(Y).", CONDITION),
        ("counts(U,U,2) :- unit(household,U).", BEHIND),
        ("big(U) :- alike(U).", BEHIND),
        ('bad :- unit(_,"V-01").', NAMED),
        ('bad(U) :- changed(U,_,renamed("x")).', NAMED),
        ("odd(U) :- unit(_,U), incident(U,_,_,_,_,_).", MATCHED),
        ("odd(U) :- changed(U,_,renamed(N)), changed(U,_,moved(P)), N != P.", COMPARED),
        ("odd(U) :- changed(U,_,renamed(N)), changed(U,_,renamed(N)), year(Y).", RENAMED),
        ("next(U+1) :- unit(household,U).", COMPARED),
        ("many(P) :- unit(_,P), 2 < #sum { N,U : counts(U,P,N), N > 1 }.", COUNTED),
        ("many(P) :- unit(_,P), 2 < #count { N,U : counts(U,P,N) }.", COUNTED),
        ("many(P) :- unit(_,P), 2 < #sum { U : counts(U,P,N) }.", COUNTED),
        ("many(P) :- unit(_,P), 2 < #sum { 1,U : counts(U,P,1) }.", COUNTED),
        ("many(P) :- unit(_,P), 2 < #sum { N,N,U : counts(U,P,N) }.", COUNTED),
        ("many(P) :- unit(_,P), 2 < #sum { 1,U,N : counts(U,P,N) }.", COUNTED),
        ("many(P) :- unit(_,P), 2 < #sum { N : counts(U,P,N) }.", COUNTED),
        ("many(P) :- unit(_,P), 2 < #sum { N,U : counts(U,P,N) ; 1,V : counts(V,P,_) }.", COUNTED),
        ("first(X) :- X = #min { U : unit(household,U) }.", COMPARED),
        ("big(P) :- counts(U,P,N), N > 1.", LOST),
        ("some(P,N) :- counts(U,P,N).", LOST),
        ("some(P,U,N+1) :- counts(U,P,N).", LOST),
        ("bad(U) :- opened(U,D), D > 20140601.", DATED),
        ("bad(U) :- opened(U,D), D/100 == 201406.", DATED),
        ("bad(U) :- opened(U,D), year(Y), D/10000 == Y-1.", DATED),
        ("bad(U) :- opened(U,D), cut_off(C), D < C.", DATED),
        ("next(U,D+1) :- opened(U,D).", DATED),
        ("bad :- opened(U,D), opened(V,D), unit(a,U), unit(b,V).", DATED),
        ("bad(U) :- unit(_,U), 1 < #count { D : changed(U,D,moved(_)) }.", COUNTED),
        ("bad(U) :- incident(I,U,T,_,_,_).", LATE),
        ("bad(U) :- incident(I,U,T,G,L,D), year(Y), D/10000 == Y.", LATE),
        ("bad(U) :- incident(I,U,T,G,L,D), cut_off(C), D <= C.", LATE),
        ("notice(n,I) :- responsible(I,U).", LATE),
    ],
)  # fmt: skip
def test_how_a_rule_tells_units_apart(rule: str, said: tuple[str, str], tmp_path: Path) -> None:
    (own,) = rules(rule, tmp_path)
    assert prove_merging([own]).distinctions == (Problem("own.lp:1:1", *said, own.text),)


@pytest.mark.parametrize(
    "rule",
    [
        "many(P) :- unit(_,P), 2 < #sum { N,U : counts(U,P,N) }.",
        "many(P) :- unit(_,P), 2 < #sum { N,U,x : counts(U,P,N) ; 0,y : unit(_,P) }.",
        "many(P) :- unit(_,P), 2 < #sum { N*3,U : counts(U,P,N) }.",
        "mixed(P) :- unit(_,P), 1 < #count { K : unit(K,U), counts(U,P,_) }.",
        "some(P,U,N) :- counts(U,P,N).",
        'named(U,"x") :- unit(_,U).',
        "counts(U,A,1) :- inside(U,A), not alike(U).\ninside(U,A) :- parent(U,A).",
        "bad(U) :- opened(U,D), closed(U,E), D < E.",
        "bad(U) :- opened(U,D), cut_off(C), D > C.",
        "new(U) :- opened(U,D), year(Y), D/10000 == Y.",
        "new(U) :- opened(U,D), year(Y), form(P), D/P == Y.\nform(10000).",
        "last(U,D) :- unit(_,U), D = #max { E : changed(U,E,moved(_)) }, changed(U,D,moved(P)).",
        THIS_YEAR,
        THIS_YEAR + "bad(U) :- now(I,U), incident(I,U,T,G,L,D).",
        "blamed(I,U) :- responsible(I,U).\n" + THIS_YEAR + "bad(U) :- blamed(I,U), now(I,V).",
    ],
)
def test_a_rule_that_does_not(rule: str, tmp_path: Path) -> None:
    assert prove_merging(rules(rule, tmp_path)).distinctions == ()


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("verdict(a,U,met) :- unit(_,U), total(N), N > 1.\n"
         "total(N) :- N = #sum { M,X : counts(X,all,M) }.", TOTAL),
        ("placed(U,P) :- parent(U,P), now(I,U).\n"
         "inside(U,P) :- placed(U,P).\n" + THIS_YEAR, PLACED),
        ("inside(U,P) :- parent(U,P), counts(X,U,_).", FILLED),
        ("inside(U,P) :- parent(U,P), asked(shares).", ASKED),
        ("inside(U,P) :- parent(U,P), some.\nsome :- closed(U,_).", ALL),
        ("verdict(a,U,met) :- unit(_,U), score(_,_,_).", ANY),
        ("verdict(a,U,met) :- unit(_,U), score(V,_,_).", ANY),
        ("verdict(a,U,met) :- parent(U,P), parent(V,P), score(V,_,_).", BESIDE),
        ("verdict(a,U,met) :- parent(X,U), score(X,_,_).", BESIDE),
        ("verdict(a,U,met) :- parent(U,P), now(I,P).\n" + THIS_YEAR, INSIDE),
        ("verdict(a,U,met) :- parent(U,P), bad(P).\n"
         "bad(P) :- counts(X,P,_), now(I,X).\n" + THIS_YEAR, INSIDE),
        ("verdict(a,U,met) :- parent(U,P), counts(X,P,_), unit(b,X).", AROUND),
        ("pair(A,B) :- counts(U,A,_), counts(U,B,_).", TWICE),
        ("pair(A,B) :- counts(U,A,_), parent(U,B).", STRAY),
        ("pair(U,V) :- unit(a,U), unit(b,V).", STRAY),
        ("bad(I) :- now(I,U), counts(U,A,_), unit(a,A).\n" + THIS_YEAR, DOWN),
        ("holds_in(A,U) :- parent(U,A), unit(a,U).", STRAY),
        ("some(U,A) :- parent(U,A).\nsome(U,A) :- counts(U,A,_).", OTHERWISE),
    ],
)  # fmt: skip
def test_how_a_rule_looks_elsewhere(rule: str, said: tuple[str, str], tmp_path: Path) -> None:
    found = prove_merging(rules(rule, tmp_path)).elsewhere[:1]
    assert found == (Problem("own.lp:1:1", *said, rules(rule, tmp_path)[0].text),)


@pytest.mark.parametrize(
    "rule",
    [
        "verdict(a,U,met) :- unit(_,U), score(U,_,_).",
        "verdict(a,U,met) :- parent(U,P), score(P,_,_).",
        "verdict(a,U,met) :- counts(X,U,_), now(I,X).\n" + THIS_YEAR,
        "verdict(a,U,met) :- now(I,U), responsible(I,V), unit(a,V).\n" + THIS_YEAR,
        "heir(U,V) :- changed(U,_,merged_into(V)).\nverdict(a,V,met) :- heir(U,V), score(U,_,_).",
        "deep(C) :- counts(B,C,_), counts(H,B,_), score(H,_,_).",
        "curious(U) :- unit(_,U), unit(_,V), score(V,_,_).",
    ],
)
def test_a_rule_that_stays_at_home(rule: str, tmp_path: Path) -> None:
    assert prove_merging(rules(rule, tmp_path)).elsewhere == ()


ENDLESS = (
    "递归规则不断产生新的项，不会终止；请加上界（如 N < 100）或用递归之外的谓词限定变量",
    "the recursive rule makes new terms without end; add a bound, as N < 100, or bind "
    "the variable by a predicate outside the recursion",
)
NOT_ONE = (
    "规则头是选择或析取（{…} 或 a ; b），定不下结论，不得使用；应写成一条一条的事实",
    "the head is a choice ({...}) or a disjunction (a ; b), which decides nothing and is refused: "
    "state each fact by itself",
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
    assert problem == Problem("own.lp:1:1", *NOT_ONE, rules("{ b(X) } :- e(X).", tmp_path)[0].text)
    (problem,) = refused("c(N+1) :- c(N).", tmp_path)
    assert problem == Problem("own.lp:1", *ENDLESS, rules("c(N+1) :- c(N).", tmp_path)[0].text)
    (problem,) = refused("p(X) :- e(X), not p(X).", tmp_path)
    assert problem == Problem(
        "own.lp:1",
        "规则经否定或聚合依赖自身，没有可行的求值顺序（类别等应写成常量）："
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
