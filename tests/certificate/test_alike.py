"""Units that a certificate puts in one class: the checker refuses rules that could tell them apart
or count them wrongly, and what it derives of one is what it derives of each by itself."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

import pingan_logic
from pingan_logic.certificate import certificate
from pingan_logic.recheck import checker
from pingan_logic.rules.find import data_folder
from tests.likeness import Likeness, follows
from tests.worlds import random_county, write_csv

RULES = checker.needed(checker.read_rules(data_folder("policies") / "xiangyin-2014"))

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
    "own(I,A) :- incident(I,U,_,_,_,_), inside(U,A), parent(U,B), standard(K,B).",
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


TOGETHER = (
    "own(U,A) :- counts(U,A,N).",
    "own(C,A) :- relevant(C,M,A,I), standard(village,A).",
    "own(I,A,N) :- counts_for(I,T,A,N).",
    "own(A,S) :- S = #sum { N,I : counts_for(I,T,A,N) }, standard(village,A).",
    "own(U,S) :- repeats(C,M,U), S = #sum { N,I : relevant(C,M,U,I), counts_for(I,T,U,N) }.",
    "own(U,I) :- holder(I,U), standard(K,U), relevant(C,M,U,I).",
    "own(A) :- standard(village,A), not counts(_,A,_).",
    "own(A,K) :- counts(X,A,N), standard(K,X).",
    "own(U) :- verdict(household,U,met), not open(C,M,U), prohibits(C,M,_,_,_).",
)
APART = {
    "own(U) :- counts(U,A,N), standard(village,A), verdict(village,A,met).": "contains",
    "own(U) :- counts(U,all,N).": "contains",
    "own(I) :- relevant(C,M,U,I).": "contains",
    "own(U) :- standard(household,U), not counts(U,all,_).": "contains",
    "own(U) :- standard(household,U), scope(A), not counts(U,A,_).": "two units",
    "own(U,A,B) :- counts(U,A,N), counts(U,B,M).": "two units",
    "own(A) :- counts(U,A,N), counts(X,A,M), standard(school,U), standard(household,X).":
        "two units",
    "own(A) :- counts_for(I,T,A,N), counts_for(J,S,A,M), borne(I,gambling), borne(J,pollution).":
        "two units",
    "own(U,M) :- standard(household,U), M = #count { A : counts(U,A,_) }.": "contains",
    "own(M) :- M = #sum { N,X : counts(X,A,N), standard(household,X) }.": "contains",
    "own(A,M) :- standard(village,A), M = #count { I : counts_for(I,T,A,N) }.": "counts units",
    "own(U,N) :- counts_for(I,T,U,N).": "without them",
    "own(A,N) :- counts(X,A,N), incident(I,X,_,_,_,_).": "without them",
    "own(I,A,N) :- counts_for(I,T,A,N). own(I,A,1) :- counts_for(I,T,A,_).": "another number",
    "own(A) :- counts_for(I,T,A,N), counts_for(J,T,A,_), I < J.": "two units",
    "own(I,A) :- counts_for(I,T,A,N), I > 3.": "compares ids",
}  # fmt: skip
"""What rules may and may not do with units that are alike in other places."""


@pytest.mark.parametrize("text", APART)
def test_rules_that_read_where_units_alike_are_counted_are_named(text: str) -> None:
    said = list(checker.apart([*RULES, *read(text)]))
    assert {rule.place for rule, _ in said} == {"own.lp:1"}
    assert APART[text] in said[0][1][1]


def numbered(texts: Iterable[str], name: str) -> list[checker.Rule]:
    """Return rules, each with a predicate of its own."""
    lines = [text.replace("own(", f"{name}_{n}(") for n, text in enumerate(texts)]
    return [rule for line in lines for rule in read(line)]


def test_rules_that_put_units_together_are_accepted() -> None:
    assert list(checker.apart([*RULES, *numbered(TOGETHER, "own")])) == []


def county(folder: Path, seed: int) -> dict[str, Any]:
    """Write a random county with many units alike, some with incidents that are alike, too."""
    rng = random.Random(seed)
    document = random_county(rng)
    kinds = ("township", "village", "compound", "building")
    parents = [u["id"] for u in document["units"] if u["kind"] in kinds]
    document["units"] += [
        {"id": f"Z-{n}", "kind": "household", "name": "", "parent": rng.choice(parents)}
        for n in range(30)
    ]
    types = ["gambling", "public_security_case", "criminal_case", "mass_petition"]
    document["incidents"] += [
        {"id": f"J-{n}", "unit": f"Z-{rng.randrange(30)}", "type": rng.choice(types),
         "date": f"2014-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}"}
        for n in range(24)
    ]  # fmt: skip
    folder.mkdir()
    write_csv(document, folder)
    return document


def classes_of(folder: Path) -> list[tuple[str, ...]]:
    """Return the classes of the certificate of a county."""
    result = pingan_logic.evaluate(pingan_logic.load_facts(folder), year=2014)
    lines = [json.loads(line) for line in certificate(result, folder)]
    return [(x["unit"], *x["alike"]) for x in lines if "alike" in x]


@pytest.mark.no_cover
def test_what_follows_for_one_follows_for_each_in_one_place(tmp_path: Path) -> None:
    """All atoms of all predicates, but for the numbers that say how many a unit is."""
    county(tmp_path / "county", 210)
    rules = [*RULES, *numbered(ACCEPTED, "own")]
    facts = checker.stated(tmp_path / "county", rules, 2014, 20141231)
    alike = checker.Alike(classes_of(tmp_path / "county"), facts, rules)
    assert alike.problems == []
    more = [checker.counting(rule) for rule in rules if checker.is_counting(rule)]
    single = checker.derive(rules, facts)
    merged = checker.derive([*rules, *more], [*alike.stated, *alike.facts()])
    flow = checker.flow([checker.counting(r) if checker.is_counting(r) else r for r in rules])
    members: dict[str, list[str]] = defaultdict(list)
    for unit, one in alike.one_of.items():
        members[one].append(unit)
    assert sum(map(len, members.values())) > len(members) + 5
    tables = {checker.table_of(rule.head) for rule in rules} - {"alike_1"}
    compared: dict[str, int] = defaultdict(int)
    for table in sorted(tables):
        places = [n - 1 for t, n in flow.may_hold if t == table]
        number = [n - 1 for t, n in flow.numbers if t == table]
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
    assert all(compared[f"own_{n}_{len(read(t)[0].head) - 1}"] for n, t in enumerate(ACCEPTED))


ARITIES = {f"own_{n}": len(read(text)[0].head) - 1 for n, text in enumerate(TOGETHER)}
HANDED_ON = {"own_0", "own_2"}
"""Units with their containers are handed on for the one that speaks for them."""


@pytest.mark.no_cover
@pytest.mark.parametrize("seed", [204, 210, 215])
def test_what_follows_for_one_follows_for_each_anywhere(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For the classes of the certificate, and for units put together by chance, in so far as the
    checker takes them: all that is certified of each is that of the one that speaks for it, and
    nothing else changes."""
    rules = [*RULES, *numbered(TOGETHER, "own")]
    monkeypatch.setattr(checker, "needed", list)  # not what is certified alone
    folder = tmp_path / "county"
    document = county(folder, seed)
    facts = checker.stated(folder, rules, 2014, 20141231)

    classes = classes_of(folder)
    with_incidents = {i["unit"] for i in document["incidents"]}
    places = {u["id"]: u.get("parent") for u in document["units"]}
    assert any(len({places[u] for u in found}) > 1 for found in classes)
    assert any(with_incidents & set(found) for found in classes)
    rng = random.Random(seed)
    trials = [classes]
    for kind in ("household",) * 9 + ("school", "building", "village"):
        units = [u["id"] for u in document["units"] if u["kind"] == kind]
        if len(units) > 1:
            trials.append([tuple(sorted(rng.sample(units, min(len(units), rng.choice((2, 3))))))])
    own = {name: arity for name, arity in ARITIES.items() if name not in HANDED_ON}
    likeness = Likeness(document, facts, rules, own)
    taken = []
    for trial in trials:
        world = follows(trial, facts, rules)
        assert trial is not classes or world.problems == []
        if not world.problems:
            taken.append(trial)
            assert likeness.otherwise(trial, world) == []
    assert 1 < len(taken) < len(trials)
