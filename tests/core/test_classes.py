"""Which units are judged once for others, and what the rules are told of them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve

from pingan_logic import (
    Change,
    Facts,
    Incident,
    Ledger,
    NotApplicable,
    Policy,
    Poll,
    Requirement,
    Score,
    Unit,
)
from pingan_logic.judging.classes import Classes, classes
from pingan_logic.table import Table

DAY, LATER = date(2014, 2, 3), date(2014, 2, 4)


def home(unit: str, **more: Any) -> Unit:
    return Unit(unit, **{"kind": "household", "parent": "V", **more})


VILLAGES = [Unit("V", "village"), Unit("W", "village", "", "T"), Unit("T", "township")]


def made(facts: Facts, policy: Policy, **more: Any) -> Classes:
    return classes(facts, policy, 2014, date(2014, 12, 31), **more)


def together(facts: Facts, policy: Policy, *units: str) -> bool:
    """Whether one of these units is judged for all, and none of them for any other unit."""
    groups = made(facts, policy).groups
    found = {groups.standing[u] for u in units}
    assert set(groups.standing) == set(facts.units.column("id"))
    others = {groups.standing[u] for u in groups.standing if u not in units}
    assert not found & others
    if len(found) == 1:
        assert found == {units[0]}, "the first of the data is written"
    return len(found) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"kind": "building"},
        {"parent": "W"},
        {"parent": None},
        {"affiliation": "county"},
        {"opened": DAY},
        {"closed": DAY},
    ],
)
def test_units_that_differ_in_what_a_rule_may_read_stay_apart(
    other: dict[str, Any], policy: Policy
) -> None:
    alike = [home("B", name="甲"), home("A", name="乙")]
    assert together(Facts(units=[*VILLAGES, *alike]), policy, "B", "A")
    assert not together(Facts(units=[*VILLAGES, home("B"), home("A", **other)]), policy, "B", "A")
    both = [home("B", **other), home("A", **other)]
    assert together(Facts(units=[*VILLAGES, *both]), policy, "B", "A")


@pytest.mark.parametrize(
    ("table", "record", "other"),
    [
        ("ledgers", ("*", 2014), ("gambling", 2014)),
        ("ledgers", ("*", 2014), ("*", 2013)),
        ("scores", (2014, Decimal(90)), (2014, Decimal(91))),
        ("scores", (2014, Decimal(90)), (2013, Decimal(90))),
        ("polls", (2014, "met", None), (2014, "failed", None)),
        ("polls", (2014, None, 3), (2014, None, 4)),
        ("polls", (2014, None, 3), (2013, None, 3)),
        ("not_applicable", ("compound_buildings", 2014, "x"), ("compound_households", 2014, "x")),
        ("not_applicable", ("compound_buildings", 2014, "x"), ("compound_buildings", 2013, "x")),
    ],
)
def test_units_with_other_records_stay_apart(
    table: str, record: Any, other: Any, policy: Policy
) -> None:
    types = {"ledgers": Ledger, "scores": Score, "polls": Poll, "not_applicable": NotApplicable}
    units = [*VILLAGES, home("B"), home("A")]

    def facts(*rows: tuple[str, Any]) -> Facts:
        records: Any = {table: [types[table](unit, *row) for unit, row in rows]}
        return Facts(units=units, **records)

    assert together(facts(("B", record), ("A", record)), policy, "B", "A")
    assert not together(facts(("B", record), ("A", other)), policy, "B", "A")
    assert not together(facts(("B", record)), policy, "B", "A")
    both = [("B", record), ("A", other), ("B", other), ("A", record)]
    assert together(facts(*both), policy, "B", "A"), "in whatever order they stand"


def test_a_record_of_one_table_is_not_one_of_another(policy: Policy) -> None:
    units = [*VILLAGES, home("B"), home("A")]
    facts = Facts(
        units=units,
        scores=[Score("B", 2014, Decimal(3))],
        not_applicable=[NotApplicable("A", 2014, Decimal(3), "")],  # type: ignore[arg-type]
    )
    assert not together(facts, policy, "B", "A")


def test_units_are_alike_wherever_they_stand(policy: Policy) -> None:
    villages = [Unit("V", "village", "", "T"), Unit("W", "village", "", "T")]
    units = [Unit("T", "township"), *villages, home("A"), home("B", parent="W")]
    assert together(Facts(units=units), policy, "A", "B")
    kept = [Ledger("W", "*", 2014)]
    assert not together(Facts(units=units, ledgers=kept), policy, "A", "B"), "what W inherits"
    scored = [Score("W", 2014, Decimal(3))]
    assert together(Facts(units=units, scores=scored), policy, "A", "B"), "no rule looks up there"


def test_what_happened_makes_classes_by_its_sort(policy: Policy) -> None:
    units = [*VILLAGES, *map(home, "ABCDEFG"), home("H")]
    told = [("A", "gambling", None, DAY), ("B", "gambling", None, LATER),
            ("C", "gambling", "major", DAY), ("D", "pornography", None, DAY),
            ("F", "gambling", None, date(2013, 1, 1)), ("G", "gambling", None, DAY),
            ("G", "gambling", None, DAY)]  # fmt: skip
    incidents = [Incident(f"I{n}", u, t, d, g) for n, (u, t, g, d) in enumerate(told)]
    found = made(Facts(units=units, incidents=incidents), policy)
    standing = {u: found.groups.standing[u] for u in "ABCDEFGH"}
    assert standing == {**{u: u for u in "ACDEG"}, "B": "A", "F": "E", "H": "E"}
    assert list(found.facts.incidents.column("id")) == ["I0", "I2", "I3", "I5", "I6"]


def test_who_never_stands_for_another(policy: Policy) -> None:
    names = ("place", "blamed", "merged", "into", "I9", "one", "two")
    facts = Facts(
        units=[*VILLAGES, *(home(n, parent="V") for n in names)],
        incidents=[
            Incident("I8", "place", "gambling", DAY, responsible_unit="blamed"),
            Incident("I9", "W", "gambling", DAY),
        ],
        changes=[Change("merged", DAY, "merged_into", "into")],
    )
    standing = made(facts, policy).groups.standing
    assert {n: standing[n] for n in names} == {**{n: n for n in names}, "two": "one"}


def test_units_that_the_register_changed_alike_are_alike(policy: Policy) -> None:
    names = ("A", "B", "C", "D", "E")
    moves = [
        Change("A", DAY, "moved", "W"), Change("B", LATER, "moved", "W"),
        Change("C", date(2015, 1, 1), "moved", "W"), Change("D", DAY, "renamed", "x"),
        Change("E", DAY, "renamed", "y"),
    ]  # fmt: skip
    facts = Facts(units=[*VILLAGES, *map(home, names)], changes=moves)
    found = made(facts, policy)
    standing = {n: found.groups.standing[n] for n in names}
    assert standing == {"A": "A", "B": "A", "C": "C", "D": "D", "E": "D"}
    assert set(found.atoms["counts"]) == {
        'counts("A","W",2)', 'counts("A","T",2)', 'counts("D","V",2)',
    }  # fmt: skip
    happened = [Incident("I", "B", "gambling", DAY)]
    standing = made(evolve(facts, incidents=happened), policy).groups.standing
    assert standing["B"] == "B", "where something happened and something changed"


def test_containers_are_alike_when_what_they_contain_is(policy: Policy) -> None:
    buildings = [Unit(f"B{n}", "building", "", "V") for n in range(4)]
    homes = [home(f"H{n}{m}", parent=f"B{n}") for n in range(4) for m in range(3 if n == 3 else 2)]
    facts = Facts(units=[*VILLAGES, *buildings, *homes])
    found = made(facts, policy, totals=True)
    standing = {u: found.groups.standing[u] for u in ("B0", "B1", "B2", "B3", "H31")}
    assert standing == {"B0": "B0", "B1": "B1", "B2": "B1", "B3": "B3", "H31": "H00"}
    assert set(found.atoms["counts"]) == {
        'counts("H00","V",9)', 'counts("H00",all,9)', 'counts("H00","B0",2)',
        'counts("H00","B1",2)', 'counts("H00","B3",3)', 'counts("B1","V",2)',
        'counts("B1",all,2)',
    }  # fmt: skip
    assert set(found.atoms["alike"]) == {f'alike("{u}")' for u in ("H00", "B1")}
    assert list(found.facts.units.column("id")) == ["V", "W", "T", "B0", "B1", "B3", "H00"]


def test_a_unit_may_stand_for_more_than_the_data_holds(policy: Policy) -> None:
    facts = Facts(units=[*VILLAGES, home("A"), home("B"), home("C", parent="W")])
    found = made(facts, policy, numbers={"B": 10, "W": 3})
    assert set(found.atoms["counts"]) == {
        'counts("A","V",11)', 'counts("W","T",3)',
    }  # fmt: skip
    assert found.groups.sizes["A"] == 11


def test_nearby_no_class_is_larger_than_one_container(policy: Policy) -> None:
    villages = [Unit("V", "village", "", "T"), Unit("W", "village", "", "T")]
    units = [
        Unit("T", "township"),
        *villages,
        home("A"),
        home("B", parent="W"),
        home("C"),
        home("D"),
    ]
    facts = Facts(units=units, incidents=[Incident("I", "D", "gambling", DAY)])
    standing = made(facts, policy, nearby=True).groups.standing
    assert {u: standing[u] for u in "ABCD"} == {"A": "A", "B": "B", "C": "A", "D": "D"}


def test_columns_that_are_not_given_make_no_difference(policy: Policy) -> None:
    columns = {"id": ["V", "A", "B"], "kind": ["village", *["household"] * 2],
               "parent": [None, "V", "V"]}  # fmt: skip
    facts = Facts(units=Table.of_columns(Unit, columns))
    assert made(facts, policy).groups.standing == {"V": "V", "A": "A", "B": "A"}


def test_the_facts_about_one_of_each_class_remain(policy: Policy) -> None:
    told = ("V", "A", "B", "C")
    tables: dict[str, list[Any]] = {
        "ledgers": [Ledger(u, "*", 2014) for u in told],
        "scores": [Score(u, 2014, Decimal(1)) for u in told],
        "polls": [Poll(u, 2014, "met") for u in told],
        "not_applicable": [NotApplicable(u, "compound_buildings", 2014, "x") for u in told],
    }
    incidents = [Incident("I", "C", "gambling", DAY)]
    asked = [Requirement("village", 2014, 3)]
    facts = Facts(
        units=[*VILLAGES, *map(home, "ABC")], incidents=incidents, requirements=asked, **tables
    )
    found = made(facts, policy)
    assert {u: found.groups.standing[u] for u in "ABC"} == {"A": "A", "B": "A", "C": "C"}
    assert list(found.facts.units.column("id")) == ["V", "W", "T", "A", "C"]
    for name in tables:
        assert list(getattr(found.facts, name).column("unit")) == ["V", "A", "C"], name
    assert found.facts.incidents == tuple(incidents)
    assert found.facts.requirements == tuple(asked)
