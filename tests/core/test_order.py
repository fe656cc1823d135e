"""Ids in the order people expect, whichever way they are sorted."""

from __future__ import annotations

import pytest

from pingan_logic import order
from pingan_logic.order import in_order, natural, ranked


@pytest.mark.parametrize(
    "expected",
    [
        ["H-2", "H-10"],
        ["H-9", "H-10", "H-99", "H-100"],
        ["A", "A0", "A1", "A10", "AB", "B"],
        ["2", "10", "x"],
        ["V-2-9", "V-2-10", "V-10-1"],
        ["H-1x", "H-2", "H-10x"],
        ["H-0", "H-3", "H-012", "H-13"],
        ["H-099", "H-100"],
        ["X1", "X2", "XX"],
        ["村2号", "村10号"],
        ["9" * 20, "1" + "0" * 20],
        ["one"],
        [],
    ],
)
def test_numbers_count_as_numbers(expected: list[str]) -> None:
    backwards = expected[::-1]
    assert in_order(backwards) == expected
    assert sorted(backwards, key=natural) == expected


def test_numbers_written_alike_are_told_apart_by_their_text() -> None:
    assert in_order(["H-7", "H-007", "H-07", "H-6"]) == ["H-6", "H-007", "H-07", "H-7"]
    assert in_order(["H-0", "H-00", "H-1"]) == ["H-0", "H-00", "H-1"]
    assert natural("H-007")[0] == natural("H-7")[0] != natural("H-70")[0]
    assert natural("H-000")[0] == natural("H-0")[0] != natural("H-")[0]


def test_a_line_break_in_an_id_does_not_mix_up_two() -> None:
    assert in_order(["b\n2", "a\n10", "a\n9"]) == ["a\n9", "a\n10", "b\n2"]
    assert in_order(["c", "b\na"]) == ["b\na", "c"]
    assert in_order(["4294967296", "b10", "b2"]) == ["4294967296", "b2", "b10"]


@pytest.mark.parametrize(
    "ids",
    [
        ["H-2", "H-10"], ["H-1", "H-10", "H-11"], ["AB1", "AB2"], ["X1", "X2", "X30"], ["9", "10"],
        ["V-10-9", "V-10-10"], ["A-0", "A-" + "9" * 19],
    ],
)  # fmt: skip
def test_ids_that_stand_in_order_keep_their_places(ids: list[str]) -> None:
    places = ranked(ids)
    assert isinstance(places, range), "told from their numbers alone"
    assert places == range(len(ids))


def test_long_numbers_keep_their_places_too() -> None:
    ids = ["A-0", "A-" + "9" * 20]
    assert ranked(ids) == range(2)
    assert in_order(ids[::-1]) == ids


def test_one_number_is_compared_as_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(order, "_numbered", None)
    assert ranked(["H-10", "H-9", "H-100"]) == [1, 0, 2]


def test_other_ids_are_taken_apart_all_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(order, "natural", None)
    assert ranked(["a 10x", "b2", "a 9x"]) == [2, 0, 1]
    assert ranked([]) == []
    assert ranked(["one"]) == [0]
