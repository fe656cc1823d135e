"""The checker's own reader and its SQL derive what the solver derives."""

from __future__ import annotations

from pathlib import Path

import clingo
import pytest

from pingan_logic.recheck import checker
from pingan_logic.rules.find import data_folder

PROGRAMS = {
    "pools and intervals": "p((a;b),1..3). q(X) :- p(X,(1;3)). r((c;d)) :- q(a).",
    "text with quotes": 'n("a\\"b","c\\\\d"). n("两 行\\n","x"). m(X) :- n(X,_).',
    "a chain of comparisons": "p(1..9). q(X) :- p(X), 2 < X <= 5. r(X) :- p(X), X != 4, X >= 3.",
    "arithmetic": "p(7,2). q(A+B*2,A-B,A/B,(A+B)/-2) :- p(A,B). r(X) :- p(A,B), X = A*A-B.",
    "constants are ordered": "p((a;b;ab)). q(X,Y) :- p(X), p(Y), X < Y.",
    "recursion": "e(1,2). e(2,3). e(3,1). e(3,4). t(X,Y) :- e(X,Y). t(X,Z) :- t(X,Y), e(Y,Z).",
    "mutual recursion": "s(0). n(0..8). even(X) :- s(X). odd(X) :- even(Y), n(X), X = Y+1. "
    "even(X) :- odd(Y), n(X), X = Y+1.",
    "negation, also of any": "p(1..3). q(1,a). r(X) :- p(X), not q(X,_). s :- not q(_,b). t :- s.",
    "kinds as constants": "v(h,a,ok). v(h,b,bad). u(c,x). "
    "t(U,N) :- u(c,U), N = #count { X : v(h,X,ok) }. v(c,U,ok) :- t(U,N), N > 0.",
    "count of tuples": "p(a,1). p(b,1). p(b,2). q(N) :- N = #count { X,Y : p(X,Y) }. "
    "r(N) :- N = #count { Y : p(_,Y) }. s(X,N) :- p(X,_), N = #count { Y : p(X,Y) }.",
    "sum with keys": "w(a,5). w(b,5). w(c,0-2). s(N) :- N = #sum { V,X : w(X,V) }. "
    "t(N) :- N = #sum { V : w(_,V) }. u(N) :- N = #sum { V : none(V) }. #defined none/1.",
    "several elements": "p(1..3). q(2..5). r(N) :- N = #count { X : p(X) ; X : q(X), X > 3 }.",
    "extremes": "p(3). p(9). q(N) :- N = #max { X : p(X) }. r(N) :- N = #min { X : p(X) }. "
    "s(N) :- N = #max { X : none(X) }. t(N) :- N = #min { X : none(X) }. #defined none/1.",
    "guards": "p(1..4). few :- #count { X : p(X) } < 5. some :- 2 <= #count { X : p(X) }. "
    "no :- #count { X : p(X) } != 4. both :- 1 < #count { X : p(X) } < 5.",
    "conditions with negation": "p(1..4). g(2). n(N) :- N = #count { X : p(X), not g(X), X > 1 }.",
    "a variable of its own in each aggregate": "p(1..2). q(5). r(X,N) :- q(X), M = #count { Y : "
    "p(Y) }, N = #count { Y : p(Y), Y < M }.",
    "functions": 'w(a,rank(3)). w(b,done). w(c,rank("x,(y)")). r(U,N) :- w(U,rank(N)). '
    "s(U,share(N,pair(U,N))) :- r(U,N). t(U,V) :- s(U,share(_,pair(V,_))). k(f(1)) :- r(a,3).",
    "a function of what is known": "p(1..2). w(rank(2)). q(X) :- p(X), w(rank(X)). "
    "r(X) :- p(X), not w(rank(X)).",
    "the same variable twice": "e(1,1). e(1,2). l(X) :- e(X,X). m(X) :- e(X,Y), e(Y,X).",
    "names that differ in case only": "p(1,2). q(Ab,AB) :- p(Ab,AB).",
    "a value that is set": "p(4). q(X,Y) :- p(Z), X = Z, Y = X+1.",
    "no arguments": "a. b :- a, not c. d :- b. #defined c/0.",
    "comments": "%* a\n block *% p(1). % q(2).\n%*! p(X)\n docs. *%\nr(X) :- p(X).",
}


def derived(program: str) -> dict[str, set[str]]:
    """Return the atoms of a program by predicate, as the solver derives them."""
    control = clingo.Control(["--warn=none"])
    control.add("base", [], program)
    control.ground([("base", [])])
    found: dict[str, set[str]] = {}
    for atom in control.symbolic_atoms:
        assert atom.is_fact, atom.symbol
        symbol = atom.symbol
        found.setdefault(f"{symbol.name}_{len(symbol.arguments)}", set()).add(str(symbol))
    return found


def rechecked(program: str) -> dict[str, set[str]]:
    """Return the atoms of a program by predicate, as the checker derives them."""
    db = checker.derive(list(checker.Reader(program, "test.lp").rules()), [])
    found = {}
    for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall():
        if name.startswith("sqlite_"):
            continue
        predicate, _, arity = name.rpartition("_")
        rows = {(predicate, *row) if arity != "0" else (predicate,)
                for row in db.execute(f"SELECT * FROM {name}")}  # fmt: skip
        if rows:
            found[name] = {checker.written(r) if r[1:] else r[0] for r in rows}
    return found


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=list(PROGRAMS))
def test_the_checker_derives_what_the_solver_derives(program: str) -> None:
    expected = derived(program)
    assert expected
    assert rechecked(program) == expected


@pytest.mark.parametrize(
    "program",
    [
        "{ a }.",
        "a ; b.",
        "a :- not not b.",
        "a :- b(X) : c(X).",
        "p((1,2)).",
        "p(X) :- q(X), X = 1..Y, r(Y).",
        "p(2**3).",
        "p(7\\2).",
        "p(|X|) :- q(X).",
        "-p(1).",
        "p(@f(1)).",
        "#show p/1.",
        "#const n = 3. p(n).",
        "campusCase(1).",
        "p(1) :- q(1)",
        "p(1.",
    ],
)
def test_what_it_does_not_read_is_refused_by_place(program: str) -> None:
    with pytest.raises(checker.Unreadable) as stop:
        checker.derive(list(checker.Reader(f"a(1).\n{program}", "own.lp").rules()), [])
    assert stop.value.problems[0].place in ("own.lp:2", "own.lp")


@pytest.mark.parametrize(
    "program",
    [
        "p(1..3). a :- not b. b :- not a.",
        "v(K,U) :- u(K,U), t(U,N), N > 0. t(U,N) :- u(_,U), N = #count { X : v(_,X) }. u(a,b).",
    ],
)
def test_rules_without_an_order_are_refused(program: str) -> None:
    with pytest.raises(checker.Unreadable, match="循环"):
        checker.derive(list(checker.Reader(program, "own.lp").rules()), [])


def test_a_variable_set_after_its_use_is_refused() -> None:
    """Inside the aggregate it would silently mean another variable."""
    program = "p(1..3). r(N) :- N = #count { Y : p(Y), Y > X }, X = 1."
    with pytest.raises(checker.Unreadable, match="先赋值"):
        checker.derive(list(checker.Reader(program, "own.lp").rules()), [])


def test_it_is_one_file_that_needs_nothing_but_python() -> None:
    text = Path(checker.__file__).read_text(encoding="utf-8")
    assert "pingan_logic" not in "".join(x for x in text.splitlines() if "import" in x)


def test_it_reads_every_rule_of_the_shipped_policy() -> None:
    for path in data_folder("policies").glob("*/*.lp"):
        rules = list(checker.Reader(path.read_text(encoding="utf-8"), path.name).rules())
        assert rules or path.name == "stated.lp", path  # which only declares what a notice states
