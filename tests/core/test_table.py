"""A table gives the same whether it was made of records or of columns."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import attrs
import pytest

from pingan_logic.model import Facts, Unit
from pingan_logic.table import ById, Table

UNITS = [Unit("A", "village", "甲", None), Unit("B", "household", "", "A"), Unit("C", "county")]
RECORDS = Table(UNITS)
COLUMNS = Table.of_columns(
    Unit,
    {
        "id": ["A", "B", "C"],
        "kind": ["village", "household", "county"],
        "name": ["甲", "", ""],
        "parent": [None, "A", None],
    },
)
both = pytest.mark.parametrize("table", [RECORDS, COLUMNS], ids=["records", "columns"])


@both
def test_rows_and_columns(table: Table[Unit]) -> None:
    assert len(table) == 3
    assert list(table) == UNITS
    assert [table[n] for n in (0, 1, 2, -1)] == [*UNITS, UNITS[2]]
    assert list(table.column("id")) == ["A", "B", "C"]
    assert list(table.column("parent")) == [None, "A", None]
    assert list(table.column("affiliation")) == [None, None, None]
    assert repr(table) == "<Table of 3>"
    assert repr(table.take([0])) == f"Table({[UNITS[0]]!r})"
    with pytest.raises(IndexError):
        table[3]


@both
def test_parts_of_a_table(table: Table[Unit]) -> None:
    for part, expected in (
        (table[1:], UNITS[1:]),
        (table[::-1], UNITS[::-1]),
        (table[5:], []),
        (table.take([2, 0]), [UNITS[2], UNITS[0]]),
        (table.take([]), []),
        (table.take([1]).take([0]), [UNITS[1]]),
    ):
        assert isinstance(part, Table)
        assert list(part) == expected
        assert len(part) == len(expected)
    assert list(table.take([1, 2]).column("opened")) == [None, None]
    assert table.take([2])[0] == UNITS[2]


def test_only_columns_know_what_was_left_out() -> None:
    assert all(RECORDS.given(n) for n in ("id", "name", "affiliation"))
    table = Table.of_columns(Unit, {"id": ["A"], "kind": ["village"]})
    assert table.given("id")
    assert not table.given("name")
    assert list(table.column("name")) == [""]
    assert list(table) == [Unit("A", "village")]


def test_a_table_is_equal_to_what_holds_the_same_records() -> None:
    assert RECORDS == COLUMNS == tuple(UNITS)
    assert hash(RECORDS) == hash(COLUMNS) == hash(tuple(UNITS))
    assert Table(UNITS[:2]) != RECORDS
    assert RECORDS[:2] != COLUMNS
    assert Table([*UNITS[:2], UNITS[0]]) != RECORDS
    assert RECORDS != UNITS
    assert Table() == () == Table(iter(()))


def test_strangers_are_named_by_row() -> None:
    strange: Table[object] = Table([UNITS[0], "B", UNITS[2], None])
    assert strange.strangers(Unit) == [1, 3]
    assert RECORDS.strangers(Unit) == COLUMNS.strangers(Unit) == []


def test_records_stay_what_they_are() -> None:
    assert RECORDS[0] is UNITS[0]
    assert next(iter(RECORDS)) is UNITS[0]
    with pytest.raises((attrs.exceptions.FrozenInstanceError, FrozenInstanceError)):
        COLUMNS[0].id = "X"  # type: ignore[misc]


@both
def test_records_by_id(table: Table[Unit]) -> None:
    found = ById(table)
    assert found["B"] == UNITS[1]
    assert found["B"] is found["B"]
    assert (found.row("A"), found.row("C")) == (0, 2)
    assert list(found) == ["A", "B", "C"]
    assert len(found) == 3
    assert "C" in found
    assert "D" not in found
    assert found.table is table
    for missing in (found.row, found.__getitem__):
        with pytest.raises(KeyError):
            missing("D")


def test_the_first_of_two_with_one_id() -> None:
    again = ById(Table([*UNITS, Unit("A", "township"), Unit("C", "school")]))
    assert {u: again.row(u) for u in again} == {"A": 0, "B": 1, "C": 2}
    assert again["A"] is UNITS[0]
    assert len(again) == 3


def test_facts_make_tables_of_what_they_are_given() -> None:
    facts = Facts(units=UNITS)
    assert isinstance(facts.units, Table)
    assert Facts(units=COLUMNS).units is COLUMNS
    assert facts == Facts(units=COLUMNS)
    assert facts.rows == {"A": 0, "B": 1, "C": 2}
    assert facts.contents == {"A": [1]}
