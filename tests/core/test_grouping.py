"""Which units are written once for others, and what is derived for them seen for each."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from pingan_logic import (
    Change,
    Facts,
    Incident,
    Ledger,
    NotApplicable,
    Poll,
    Requirement,
    Score,
    Unit,
)
from pingan_logic.solving.grouping import Groups, Spread, group, reduced, ungrouped
from pingan_logic.table import Table

DAY, LATER = date(2014, 2, 3), date(2014, 2, 4)


def home(unit: str, **more: Any) -> Unit:
    return Unit(unit, **{"kind": "household", "parent": "V", **more})


VILLAGES = [Unit("V", "village"), Unit("W", "village")]


def together(facts: Facts, *units: str) -> bool:
    """Whether one of these units is written for all, and none of them for any other unit."""
    groups = group(facts)
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
def test_units_that_differ_in_what_a_rule_may_read_stay_apart(other: dict[str, Any]) -> None:
    alike = [home("B", name="甲"), home("A", name="乙")]
    assert together(Facts(units=[*VILLAGES, *alike]), "B", "A")
    assert not together(Facts(units=[*VILLAGES, home("B"), home("A", **other)]), "B", "A")
    both = [home("B", **other), home("A", **other)]
    assert together(Facts(units=[*VILLAGES, *both]), "B", "A")


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
def test_units_with_other_records_stay_apart(table: str, record: Any, other: Any) -> None:
    types = {"ledgers": Ledger, "scores": Score, "polls": Poll, "not_applicable": NotApplicable}
    units = [*VILLAGES, home("B"), home("A")]

    def facts(*rows: tuple[str, Any]) -> Facts:
        records: Any = {table: [types[table](unit, *row) for unit, row in rows]}
        return Facts(units=units, **records)

    assert together(facts(("B", record), ("A", record)), "B", "A")
    assert not together(facts(("B", record), ("A", other)), "B", "A")
    assert not together(facts(("B", record)), "B", "A")
    both = [("B", record), ("A", other), ("B", other), ("A", record)]
    assert together(facts(*both), "B", "A"), "in whatever order they stand"


def test_a_record_of_one_table_is_not_one_of_another() -> None:
    units = [*VILLAGES, home("B"), home("A")]
    facts = Facts(
        units=units,
        scores=[Score("B", 2014, Decimal(3))],
        not_applicable=[NotApplicable("A", 2014, Decimal(3), "")],  # type: ignore[arg-type]
    )
    assert not together(facts, "B", "A")


def test_units_with_incidents_changes_or_units_inside_stay_alone() -> None:
    names = ("place", "blamed", "renamed", "moved", "merged", "into", "parent", "one", "two")
    facts = Facts(
        units=[*(home(n, parent=None) for n in names), home("inside", parent="parent")],
        incidents=[
            Incident("I", "place", "gambling", DAY),
            Incident("J", "W", "gambling", DAY, responsible_unit="blamed"),
        ],
        changes=[
            Change("renamed", DAY, "renamed", "one"),
            Change("moved", DAY, "moved", "W"),
            Change("merged", DAY, "merged_into", "into"),
        ],
    )
    standing = {n: n for n in (*names, "inside")}
    assert group(facts).standing == {**standing, "two": "one"}


def test_columns_that_are_not_given_make_no_difference() -> None:
    columns = {"id": ["V", "A", "B"], "kind": ["village", *["household"] * 2],
               "parent": [None, "V", "V"]}  # fmt: skip
    facts = Facts(units=Table.of_columns(Unit, columns))
    assert group(facts).standing == {"V": "V", "A": "A", "B": "A"}
    assert ungrouped(facts) == grouped({"V": "V", "A": "A", "B": "B"}, {})
    assert ungrouped(facts, {"A": 2}) == grouped({"V": "V", "A": "A", "B": "B"}, {"A": 2})


def test_the_facts_about_one_of_each_group_remain() -> None:
    told = ("V", "A", "B", "C")
    tables: dict[str, list[Any]] = {
        "ledgers": [Ledger(u, "*", 2014) for u in told],
        "scores": [Score(u, 2014, Decimal(1)) for u in told],
        "polls": [Poll(u, 2014, "met") for u in told],
        "not_applicable": [NotApplicable(u, "compound_buildings", 2014, "x") for u in told],
    }
    incidents = [Incident("I", "C", "gambling", DAY)]
    changes = [Change("C", DAY, "renamed", "x")]
    asked = [Requirement("village", 2014, 3)]
    facts = Facts(
        units=[*VILLAGES, *map(home, "ABC")], incidents=incidents, changes=changes,
        requirements=asked, **tables,
    )  # fmt: skip
    judged, groups = reduced(facts)
    assert groups == group(facts)
    assert groups.standing == {"V": "V", "W": "W", "A": "A", "B": "A", "C": "C"}
    assert list(judged.units.column("id")) == ["V", "W", "A", "C"]
    for name in tables:
        assert list(getattr(judged, name).column("unit")) == ["V", "A", "C"], name
    assert (judged.incidents, judged.changes) == (tuple(incidents), tuple(changes))
    assert judged.requirements == tuple(asked)
    again, same = reduced(facts)
    assert again is judged
    assert same is groups


def grouped(standing: dict[str, str], numbers: dict[str, int] | None = None) -> Groups:
    return Groups(list(standing), list(standing.values()), numbers or {})


GROUPS = grouped({"a": "a", "b": "a", "c": "c", "d": "d", "e": "a"}, {"b": 10, "d": 7, "z": 5})


def test_groups_count_and_name_their_members() -> None:
    assert GROUPS.sizes == {"a": 12, "c": 1, "d": 7}
    assert GROUPS.members == {"a": ["a", "b", "e"], "c": ["c"], "d": ["d"]}
    assert list(GROUPS.everyone("a")) == ["a", "b", "e"]
    assert list(GROUPS.everyone("c")) == ["c"]
    assert list(GROUPS.everyone("not in the data")) == ["not in the data"]
    told = GROUPS.everyone
    assert [list(told(u)) for u in ("c", "d", "z", "e")] == [["c"], ["d"], ["z"], ["e"]]
    assert grouped({"a": "a", "b": "a"}).everyone("a") == ["a", "b"]


def test_what_is_derived_for_one_is_seen_for_all() -> None:
    groups = grouped({"a": "a", "b": "a", "c": "c"})
    seen = Spread({"a": 1, "c": 2, "other": 3}, groups)
    assert dict(seen) == {"a": 1, "b": 1, "c": 2, "other": 3}
    assert len(seen) == 4
    assert ["b" in seen, "x" in seen, "other" in seen] == [True, False, True]
    assert seen["b"] == 1
    with pytest.raises(KeyError):
        seen["x"]


def test_what_is_derived_with_a_unit_in_it_is_seen_for_all() -> None:
    groups = grouped({"a": "a", "b": "a", "c": "c"})
    seen = Spread({("k", "m", "a"): 1, ("a", "m", "c"): 2, ("k", "m", "other"): 3}, groups, 2)
    assert dict(seen) == {
        ("k", "m", "a"): 1, ("k", "m", "b"): 1, ("a", "m", "c"): 2, ("k", "m", "other"): 3,
    }  # fmt: skip
    assert len(seen) == 4
    assert ("k", "m", "b") in seen
    assert ("b", "m", "c") not in seen
    first = Spread({("a", "x", "y"): 5}, groups, 0)
    assert dict(first) == {("a", "x", "y"): 5, ("b", "x", "y"): 5}
    assert first["b", "x", "y"] == 5
    assert len(first) == 2
