"""What is derived for the units judged, seen for each."""

from __future__ import annotations

import pytest

from pingan_logic.solving.grouping import ForEveryUnit, Groups


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
    seen = ForEveryUnit({"a": 1, "c": 2, "other": 3}, groups)
    assert dict(seen) == {"a": 1, "b": 1, "c": 2, "other": 3}
    assert len(seen) == 4
    assert ["b" in seen, "x" in seen, "other" in seen] == [True, False, True]
    assert seen["b"] == 1
    with pytest.raises(KeyError):
        seen["x"]


def test_what_is_derived_with_a_unit_in_it_is_seen_for_all() -> None:
    groups = grouped({"a": "a", "b": "a", "c": "c"})
    seen = ForEveryUnit({("k", "m", "a"): 1, ("a", "m", "c"): 2, ("k", "m", "other"): 3}, groups, 2)
    assert dict(seen) == {
        ("k", "m", "a"): 1, ("k", "m", "b"): 1, ("a", "m", "c"): 2, ("k", "m", "other"): 3,
    }  # fmt: skip
    assert len(seen) == 4
    assert ("k", "m", "b") in seen
    assert ("b", "m", "c") not in seen
    first = ForEveryUnit({("a", "x", "y"): 5}, groups, 0)
    assert dict(first) == {("a", "x", "y"): 5, ("b", "x", "y"): 5}
    assert first["b", "x", "y"] == 5
    assert len(first) == 2
