"""The dates of units and the table of changes: every mistake, word for word."""

from __future__ import annotations

from typing import Any

import pytest

from pingan_logic import InputError, Policy
from pingan_logic.intake import read_document

UNITS = [
    ("T", "township", ""), ("V", "village", "T"), ("W", "village", "T"), ("X", "village", "T"),
    ("K", "compound", "V"), ("B", "building", "K"), ("H", "household", "B"),
]  # fmt: skip


def problems(
    policy: Policy,
    *changes: tuple[str, ...],
    incidents: list[dict[str, Any]] | None = None,
    **dates: tuple[str, str],
) -> list[tuple[str, str, str, str | None]]:
    """Read a county whose units open and close on `dates`; return place, texts and found."""
    units: list[dict[str, Any]] = []
    for name, kind, parent in UNITS:
        opened, closed = dates.get(name, ("", ""))
        row = {"id": name, "kind": kind, "parent": parent}
        units.append({**row, "opened": opened, "closed": closed})
    head = ("unit", "date", "change", "value")
    rows = [dict(zip(head, c, strict=True)) for c in changes]
    try:
        document = {"units": units, "changes": rows, "incidents": incidents or []}
        read_document(document, "data", policy)
    except InputError as error:
        return [(p.place, p.zh, p.en, p.found) for p in error.problems]
    return []


def places(policy: Policy, *changes: tuple[str, ...], **dates: tuple[str, str]) -> list[str]:
    return [p[0] for p in problems(policy, *changes, **dates)]


MERGER = ("V", "2015-07-01", "merged_into", "W")


@pytest.mark.parametrize(
    ("changes", "dates"),
    [
        ((), {"X": ("2014-01-01", "2014-01-02")}),
        ((), {"K": ("2014-01-01", ""), "B": ("2014-01-01", ""), "V": ("2013-01-01", "")}),
        ((), {"V": ("", "2016-01-01"), "K": ("2015-12-31", "")}),
        ((MERGER,), {"K": ("2015-06-30", "")}),
        ((MERGER, ("V", "2015-06-30", "renamed", "新名")), {}),
        ((MERGER, ("W", "2015-07-02", "merged_into", "X")), {}),
        ((MERGER, ("K", "2015-06-30", "moved", "V")), {}),
        ((("K", "2014-01-01", "moved", "W"), ("K", "2015-01-01", "moved", "X")), {}),
        ((("K", "2014-01-01", "moved", "X"),), {"K": ("2014-01-01", "")}),
        ((("V", "2014-01-02", "merged_into", "W"),), {"V": ("2014-01-01", "")}),
        ((MERGER,), {"W": ("2015-07-01", "2015-07-02")}),
    ],
)
def test_registers_that_fit(
    policy: Policy, changes: tuple[tuple[str, ...], ...], dates: dict[str, tuple[str, str]]
) -> None:
    assert problems(policy, *changes, **dates) == []


def absent(unit: str, day: str) -> tuple[str, str, str]:
    return (
        f"{unit}在{day}不存在（尚未设立、已撤销或已并入）",
        f"{unit} does not exist on {day} (not opened, closed or merged)",
        unit,
    )


def container(unit: str, day: str) -> tuple[str, str, str]:
    return (
        f"该日首次登记的所在单位 {unit} 不存在（尚未设立、已撤销或已并入）",
        f"its first container {unit} does not exist on that day",
        day,
    )


@pytest.mark.parametrize(
    ("dates", "place", "said"),
    [
        (
            {"X": ("2014-01-01", "2014-01-01")},
            "data units[3] closed",
            ("应晚于设立日期2014-01-01", "expected a date after the opening on 2014-01-01",
             "2014-01-01"),
        ),
        (
            {"X": ("2014-01-01", "2013-12-31")},
            "data units[3] closed",
            ("应晚于设立日期2014-01-01", "expected a date after the opening on 2014-01-01",
             "2013-12-31"),
        ),
        (
            {"V": ("2014-01-02", ""), "K": ("2014-01-01", "")},
            "data units[4] opened",
            container("V", "2014-01-01"),
        ),
        (
            {"V": ("", "2014-01-01"), "K": ("2014-01-01", "")},
            "data units[4] opened",
            container("V", "2014-01-01"),
        ),
    ],
)  # fmt: skip
def test_dates_of_units(
    policy: Policy, dates: dict[str, tuple[str, str]], place: str, said: tuple[str, str, str]
) -> None:
    assert problems(policy, **dates) == [(place, *said)]


def test_a_merger_ends_a_container(policy: Policy) -> None:
    assert problems(policy, MERGER, K=("2015-07-01", "")) == [
        ("data units[4] opened", *container("V", "2015-07-01"))
    ]


ROW = "data changes[0]"
SECOND = "data changes[1]"


@pytest.mark.parametrize(
    ("changes", "dates", "place", "said"),
    [
        ([("V", "2014-01-01", "renamed", "新")], {"V": ("2014-01-02", "")},
         f"{ROW} date", absent("V", "2014-01-01")),
        ([("V", "2014-01-01", "renamed", "新")], {"V": ("", "2014-01-01")},
         f"{ROW} date", absent("V", "2014-01-01")),
        ([MERGER, ("V", "2015-07-01", "renamed", "新")], {},
         f"{SECOND} date", absent("V", "2015-07-01")),
        ([MERGER], {"V": ("2015-07-01", "")}, f"{ROW} date", absent("V", "2015-07-01")),
        ([MERGER], {"W": ("2015-07-02", "")}, f"{ROW} value", absent("W", "2015-07-01")),
        ([MERGER], {"W": ("", "2015-07-01")}, f"{ROW} value", absent("W", "2015-07-01")),
        ([MERGER, ("X", "2015-07-01", "merged_into", "V")], {},
         f"{SECOND} value", absent("V", "2015-07-01")),
        ([MERGER, ("B", "2015-08-01", "moved", "V")], {},
         f"{SECOND} value", absent("V", "2015-08-01")),
        ([MERGER], {"V": ("", "2016-01-01")}, f"{ROW} date",
         ("并入的单位在“单位”表（units）中不填撤销日期（closed）",
          "a merged unit has no closing date in units", "2016-01-01")),
        ([MERGER, ("V", "2015-08-01", "merged_into", "X")], {}, f"{SECOND} date",
         ("一个单位只能并入一次", "a unit merges only once", "2015-08-01")),
        ([("V", "2015-01-01", "merged_into", "K")], {}, f"{ROW} value",
         ("应并入同类单位（村（社区）），填的是小区",
          "expected a unit of the same kind (village), and this is a compound", "K")),
    ],
)  # fmt: skip
def test_rows_of_changes(
    policy: Policy,
    changes: list[tuple[str, ...]],
    dates: dict[str, tuple[str, str]],
    place: str,
    said: tuple[str, str, str],
) -> None:
    assert problems(policy, *changes, **dates) == [(place, *said)]


def test_a_unit_moves_only_into_what_may_contain_it(policy: Policy) -> None:
    assert problems(policy, ("X", "2014-01-01", "moved", "H")) == [
        (f"{ROW} value", "村（社区）的所在单位应为县、乡镇，填的是家庭",
         "the unit that a village is in must be county, township, and this is a household", "H"),
    ]  # fmt: skip


CYCLE = ("所在单位的关系成环", "the containers form a cycle", "K")


def test_containers_must_not_form_a_cycle(policy: Policy) -> None:
    # a compound cannot sit in what it ever contained, not even through a move of long ago
    found = problems(policy, ("K", "2014-01-01", "moved", "K"))
    assert (f"{ROW} value", *CYCLE) in found
    found = problems(policy, ("B", "2014-01-01", "moved", "W"), ("W", "2015-01-01", "moved", "B"))
    assert (f"{SECOND} value", *CYCLE[:2], "B") in found
    assert (f"{SECOND} value", *CYCLE[:2], "B") in problems(
        policy, ("B", "2014-01-01", "moved", "X"), ("X", "2015-01-01", "moved", "B")
    )


def test_every_row_is_checked_to_the_end(policy: Policy) -> None:
    found = places(
        policy,
        ("Z", "2014-01-01", "renamed", "新"),
        ("V", "2014-01-01", "rename", "新"),
        ("V", "2014-01-01", "moved", "Q"),
        ("V", "2014-01-01", "moved", "H"),
        ("V", "2014-01-01", "merged_into", "H"),
        ("W", "2014-01-01", "renamed", "新"),
        ("W", "2014-01-01", "renamed", "又"),
    )
    assert list(dict.fromkeys(found)) == [
        "data changes[0] unit", "data changes[1] change", "data changes[2] date",
        "data changes[2] value", "data changes[3] date", "data changes[3] unit",
        "data changes[3] value", "data changes[4] value", "data changes[6] unit",
    ]  # fmt: skip


def at_incidents(
    policy: Policy, rows: list[dict[str, Any]], *changes: tuple[str, ...], **dates: tuple[str, str]
) -> list[tuple[str, str, str, str | None]]:
    """Return the problems of a county in which incidents happen."""
    table = [{"id": f"I{n}", "type": "gambling", **row} for n, row in enumerate(rows)]
    return problems(policy, *changes, incidents=table, **dates)


@pytest.mark.parametrize(
    ("row", "changes", "dates"),
    [
        ({"unit": "H", "date": "2014-06-01"}, (), {"H": ("2014-06-01", "")}),
        ({"unit": "H", "date": "2014-05-31"}, (), {"H": ("", "2014-06-01")}),
        ({"unit": "H", "date": "2014-06-01"}, (), {"V": ("2014-06-01", "")}),
        # what a closed or merged container held goes on in another one
        ({"unit": "H", "date": "2014-06-01"}, (), {"B": ("", "2014-01-01")}),
        ({"unit": "H", "date": "2015-07-01"}, (MERGER,), {}),
        ({"unit": "W", "date": "2015-07-01"}, (MERGER,), {}),
        ({"unit": "V", "date": "2015-06-30"}, (MERGER,), {}),
        # moving into a container that opened later
        ({"unit": "K", "date": "2014-01-01"}, (("K", "2015-01-01", "moved", "X"),),
         {"X": ("2014-06-01", "")}),
    ],
)  # fmt: skip
def test_incidents_while_their_unit_exists(
    policy: Policy,
    row: dict[str, Any],
    changes: tuple[tuple[str, ...], ...],
    dates: dict[str, tuple[str, str]],
) -> None:
    assert at_incidents(policy, [row], *changes, **dates) == []


@pytest.mark.parametrize(
    ("row", "changes", "dates", "column", "zh"),
    [
        ({"unit": "H", "date": "2014-05-31"}, (), {"H": ("2014-06-01", "")}, "date",
         "单位“H”于2014-06-01设立，此前没有它的案事件；请核对日期和单位"),
        ({"unit": "H", "date": "2013-01-01"}, (), {"V": ("2014-06-01", "")}, "date",
         "单位“H”随所在单位“V”于2014-06-01设立，此前没有它的案事件；请核对日期和单位"),
        ({"unit": "H", "date": "2014-06-01"}, (), {"H": ("", "2014-06-01")}, "date",
         "单位“H”已于2014-06-01撤销，其后没有它的案事件；请核对日期和单位"),
        ({"unit": "V", "date": "2015-07-01"}, (MERGER,), {}, "date",
         "单位“V”已于2015-07-01并入“W”，其后的案事件应填“W”"),
        ({"unit": "W", "date": "2014-06-01", "responsible_unit": "X"}, (),
         {"X": ("", "2014-03-01")}, "responsible_unit",
         "单位“X”已于2014-03-01撤销，其后没有它的案事件；请核对日期和单位"),
    ],
)  # fmt: skip
def test_incidents_outside_of_the_existence_of_their_unit(
    policy: Policy,
    row: dict[str, Any],
    changes: tuple[tuple[str, ...], ...],
    dates: dict[str, tuple[str, str]],
    column: str,
    zh: str,
) -> None:
    good = {"unit": "T", "date": "2014-01-01"}
    ((place, said, en, found),) = at_incidents(policy, [good, row], *changes, **dates)
    assert (place, said, found) == (f"data incidents[1] {column}", zh, row["date"])
    assert en.startswith(f"{row.get('responsible_unit', row['unit'])} ")


def test_a_row_that_cannot_be_read_is_looked_at_too(policy: Policy) -> None:
    row = {"unit": "H", "date": "2014-05-31", "grade": []}
    found = at_incidents(policy, [row], H=("2014-06-01", ""))
    assert [p[0] for p in found] == ["data incidents[0] date", "data incidents[0] grade"]
