"""Units that a certificate puts in one class: the checker refuses rules that could tell them apart
or count them wrongly, and what it derives of one is what it derives of each by itself."""

from __future__ import annotations

import random
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

import pingan_logic
from pingan_logic.certificate.alike import alike_units
from pingan_logic.recheck import checker
from pingan_logic.rules.find import data_folder
from tests.worlds import random_county, write_csv

RULES = checker.read_rules(data_folder("policies") / "xiangyin-2014")

ACCEPTED = (
    "own(U) :- standard(K,U), inside(U,A), standard(village,A).",
    "own(A) :- inside(U,A), verdict(household,U,failed).",
    "own(A,S) :- S = #sum { N,X : counts(X,A,N), verdict(household,X,met) }, standard(village,A).",
    "own(A) :- standard(village,A), 3 < #sum { N,X,K : counts(X,A,N), standard(K,X) }.",
    "own(A,K) :- inside(U,A), unit(K,U), not holds(U,all).",
    "own(A,M) :- standard(village,A), M = #max { K : inside(U,A), unit(K,U) }.",
    "own(A,M) :- standard(village,A), M = #count { K : inside(U,A), unit(K,U) }.",
    "own(X,A,N) :- counts(X,A,N), standard(household,X). "
    "more(A,S) :- S = #sum { N,X : own(X,A,N) }, standard(village,A).",
    "own(A,N) :- counts(X,A,N), incident(I,X,_,_,_,_).",
    "own(I,A) :- incident(I,U,_,_,_,_), inside(U,A), parent(U,B), standard(K,B).",
    "own(U) :- unit(K,U), not counts(U,all,_).",
)
REFUSED = {
    "own(U) :- inside(U,A), inside(X,A), U != X.": "two units",
    "own(U,X) :- unit(K,U), unit(K,X).": "two units",
    "own(U) :- unit(K,U), unit(K,X), U < X.": "two units",
    'own(U) :- unit(K,U), U > "H".': "compares ids",
    "own(U) :- unit(K,U), V = U, V > 3.": "compares ids",
    "own(A,M) :- standard(village,A), M = #max { U : inside(U,A) }.": "counts units",
    "own(A,M) :- standard(village,A), M = #count { U : inside(U,A) }.": "counts units",
    "own(A,M) :- standard(village,A), M = #sum { 1,U : inside(U,A) }.": "counts units",
    "own(A,M) :- standard(village,A), M = #sum { N : counts(X,A,N) }.": "without them",
    "own(A,M) :- standard(village,A), M = #sum { N,K : counts(X,A,N), unit(K,X) }.": "without them",
    "own(A,M) :- standard(village,A), M = #sum { N*2,X : counts(X,A,N) }.": "counts units",
    "own(A,M) :- standard(village,A), M = #sum { N,X : counts(X,A,N), N < 3 }.": "something else",
    "own(A,M) :- standard(village,A), M = #count { N,X : counts(X,A,N) }.": "counts units",
    "own(A,N) :- counts(X,A,N), standard(household,X).": "without them",
    "own(A) :- counts(X,A,N), standard(household,X), N > 2.": "something else",
    "own(A) :- counts(X,A,1), standard(household,X).": "something else",
    "own(A) :- inside(X,A), standard(household,X), not counts(X,A,1).": "something else",
    "own(X,N+1) :- counts(X,A,N), standard(household,X).": "another number",
    "counts(U,A,2) :- inside(U,A).": "another number",
    "counts(U,A,1) :- inside(U,A).": "another number",
    "own(U) :- alike(U).": "reads alike",
    "own(U) :- unit(K,U), not alike(U).": "reads alike",
    "alike(U) :- unit(K,U).": "reads alike",
    "twin(U,A) :- inside(U,A). own(A) :- twin(U,A), twin(X,A), unit(household,U), unit(school,X).":
        "two units",
    "own(U) :- standard(K,U), 1 < #count { X : unit(K,X) }.": "two units",
    "own(M) :- M = #min { U : unit(household,U) }.": "counts units",
}  # fmt: skip


def read(text: str) -> list[checker.Rule]:
    return list(checker.Reader(text, "own.lp").rules())


def test_the_shipped_rules_tell_no_units_alike_apart() -> None:
    assert list(checker.apart(RULES)) == []


@pytest.mark.parametrize("text", REFUSED)
def test_rules_that_could_tell_units_alike_apart_are_named(text: str) -> None:
    said = list(checker.apart([*RULES, *read(text)]))
    assert [rule.place for rule, _ in said] == ["own.lp:1"]
    assert REFUSED[text] in said[0][1][1]


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Any], list[list[str]]]:
    """Return the facts of a random county with many units alike, and its classes."""
    rng = random.Random(210)
    document = random_county(rng)
    kinds = ("township", "village", "compound", "building")
    parents = [u["id"] for u in document["units"] if u["kind"] in kinds]
    document["units"] += [
        {"id": f"Z-{n}", "kind": "household", "name": "", "parent": rng.choice(parents)}
        for n in range(40)
    ]
    folder = tmp_path_factory.mktemp("county")
    write_csv(document, folder)
    classes = alike_units(pingan_logic.load_facts(folder), [])
    assert sum(map(len, classes)) > 30
    return checker.stated(Path(folder), RULES, 2014, 20141231), classes


@pytest.mark.no_cover
def test_what_follows_for_one_follows_for_each(
    county: tuple[list[Any], list[list[str]]],
) -> None:
    """All atoms of all predicates, but for the numbers that say how many a unit is."""
    facts, classes = county
    own = [
        rule for n, text in enumerate(ACCEPTED) for rule in read(text.replace("own(", f"own_{n}("))
    ]  # fmt: skip
    rules = [*RULES, *own]
    assert list(checker.apart(rules)) == []
    alike = checker.Alike(classes, facts, rules)
    assert alike.problems == []
    more = [checker.counting(rule) for rule in rules if checker.is_counting(rule)]
    single = checker.derive(rules, facts)
    merged = checker.derive([*rules, *more], [*alike.stated, *alike.facts()])
    read_of = [checker.counting(rule) if checker.is_counting(rule) else rule for rule in rules]
    may_hold, numbers = checker.flow(read_of)
    members = {checker.quoted(found[0]): list(map(checker.quoted, found)) for found in classes}
    tables = {checker.table_of(rule.head) for rule in rules} - {"alike_1"}
    compared: dict[str, int] = defaultdict(int)
    for table in sorted(tables):
        places = [n - 1 for t, n in may_hold if t == table]
        number = [n - 1 for t, n in numbers if t == table]
        expected = set()
        for row in merged.execute(f"SELECT * FROM {table}"):
            ones = [cell for n, cell in enumerate(row) if n in places and cell in members]
            for unit in members[ones[0]] if ones else [None]:
                found = [unit if ones and cell == ones[0] else cell for cell in row]
                for n in number if ones else ():
                    assert found[n] == len(members[ones[0]])
                    found[n] = 1
                expected.add(tuple(found))
        assert set(single.execute(f"SELECT * FROM {table}")) == expected, table
        compared[table] += len(expected)
    assert all(compared[f"own_{n}_{len(read(t)[0].head) - 1}"] for n, t in enumerate(ACCEPTED)
               if "not counts" not in t)  # fmt: skip
