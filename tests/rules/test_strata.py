"""Rules that no order of evaluation fits are refused before any is run, with the loop by place."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from pingan_logic import PolicyError
from pingan_logic.rules.find import data_folder, rule_files
from pingan_logic.rules.strata import check_strata
from pingan_logic.rules.syntax import Syntax
from pingan_logic.solving.program import read_rules

ACCEPTED = {
    "recursion": "t(X,Y) :- e(X,Y). t(X,Z) :- t(X,Y), e(Y,Z).",
    "two predicates in turn": "even(X) :- odd(Y), next(Y,X). odd(X) :- even(Y), next(Y,X).",
    "kinds as constants": "v(village,U) :- t(U,N), N > 0. v(home,X) :- home(X). "
    "t(U,N) :- u(U), N = #count { X : v(home,X) }.",
    "numbers as constants": "p(2,X) :- p(1,X), not q(X). q(X) :- p(1,X). p(1,X) :- e(X).",
    "texts as constants": 'p("b",X) :- e(X), not p("a",X). p("a",X) :- e(X).',
    "counting up to a bound": "day(1). day(N+1) :- day(N), N < 31.",
    "counting up to a given bound": "day(1). day(N+1) :- day(N), last(M), N+1 <= M.",
    "counting down": "left(9). left(N-1) :- left(N), N > 0.",
    "a bound written first": "day(1). day(M) :- day(N), 31 > N, M = N+1.",
    "numbers of a table": "day(1). day(N+1) :- day(N), known(N).",
    "terms that are given": "s(f(X)) :- s(f(X)), e(X). s(f(1)).",
    "terms of a table": "s(f(X)) :- s(Y), e(X,Y). s(1).",
    "new terms without recursion": "share(f(A,B)) :- e(A,B). r(A+B) :- e(A,B).",
    "negation below": "p(X) :- e(X), not q(X). q(X) :- r(X), not s(X). r(1). s(1).",
    "an aggregate below": "p(N) :- N = #sum { V,X : w(X,V), not q(X) }. q(1). w(1,2).",
    "constraints": ":- p(X), not q(X). p(1). q(1).",
}
REFUSED = {
    "p(X) :- e(X), not p(X).": ["p/1 own.lp:1 -> p/1 own.lp:1"],
    "a(X) :- b(X).\nb(X) :- c(X), e(X).\nc(X) :- e(X), not a(X).": [
        "c/1 own.lp:3 -> a/1 own.lp:1 -> b/1 own.lp:2 -> c/1 own.lp:3"
    ],
    "p :- not not p.": ["p/0 own.lp:1"],
    "p(X) :- e(X), q(Y) : p(Y).": ["p/1 own.lp:1"],
    "p(X) :- e(X), 1 { p(Y) : e(Y) }.": ["p/1 own.lp:1"],
    "-p(X) :- e(X), not -p(X).": ["-p/1 own.lp:1"],
    "#const k = home.\nv(k,X) :- e(X), not v(home,X).": ["v/2 own.lp:2"],
    "v((home;house),X) :- e(X), not v(house,X).": ["v/2 own.lp:1"],
    "p(1). p(N+1) :- p(N), N > 0.": ["own.lp:1"],
    "p(1). p(N-1) :- p(N), N < 9.": ["own.lp:1"],
    "p(1). p(N*M) :- p(N), p(M), N < 9.": ["own.lp:1"],
    "p(1). p(9-N) :- p(N), N < 9.": ["own.lp:1"],
    "p(1). p(N+M) :- p(N), q(M), N < M.\nq(M+1) :- p(M).": ["own.lp:1", "own.lp:2"],
    "p(f(1)). p(f(X)) :- p(X).": ["own.lp:1"],
    "p(1..3). q(X) :- p(X), { r(X) }. { r(X) } :- p(X).": ["选择或析取"],
    "a(X) | b(X) :- e(X).": ["选择或析取"],
    "#count { X : q(X) } = 1 :- e(1).": ["选择或析取"],
}


def _check(program: str, folder: Path) -> None:
    path = folder / "own.lp"
    path.write_text(program, encoding="utf-8")
    check_strata(read_rules([path]))


@pytest.mark.parametrize("program", ACCEPTED.values(), ids=list(ACCEPTED))
def test_rules_in_some_order_are_accepted(program: str, tmp_path: Path) -> None:
    _check(program, tmp_path)


@pytest.mark.parametrize("program", list(REFUSED))
def test_rules_in_no_order_are_refused_by_place(program: str, tmp_path: Path) -> None:
    with pytest.raises(PolicyError) as stop:
        _check(program, tmp_path)
    for expected in REFUSED[program]:
        assert expected in str(stop.value)
    assert all(p.place.startswith("own.lp:") for p in stop.value.problems)


def test_all_loops_are_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(PolicyError) as stop:
        _check("a :- not a. { b }.\nc(N+1) :- c(N).\nd :- not e. e :- not d.", tmp_path)
    assert [p.place for p in stop.value.problems] == [
        "own.lp:1:13",
        "own.lp:1",
        "own.lp:2",
        "own.lp:3",
    ]


def test_the_check_costs_little(tmp_path: Path) -> None:
    syntax = read_rules(rule_files(data_folder("policies") / "xiangyin-2014"))
    assert min(_seconds(syntax) for _ in range(3)) < 0.1


def _seconds(syntax: Syntax) -> float:
    """Return the time of this thread: what a worker did before may be collected meanwhile."""
    start = time.thread_time()
    check_strata(syntax)
    return time.thread_time() - start


def test_a_long_chain_of_rules_is_no_problem(tmp_path: Path) -> None:
    chain = "\n".join(f"p{n + 1}(X) :- p{n}(X), not q{n}(X)." for n in range(3000))
    _check(chain, tmp_path)
    with pytest.raises(PolicyError, match=r"p0/1 own\.lp:3001"):
        _check(f"{chain}\np0(X) :- e(X), not p3000(X).", tmp_path)
