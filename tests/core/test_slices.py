"""Which part of the data goes to the rules for one unit."""

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
from pingan_logic.errors import Problem
from pingan_logic.rules.proof import Proof
from pingan_logic.solving.slices import slice_facts

DAY = date(2014, 5, 1)


def kinds_of(name: str) -> str:
    return {"K": "county", "T": "township", "V": "village", "B": "building"}.get(
        name[0], "household"
    )


def county(above: dict[str, str | None], **tables: Any) -> Facts:
    """Return the facts of units by name (K county, T township, V village, B building)."""
    return Facts(units=[Unit(u, kinds_of(u), "", p) for u, p in above.items()], **tables)


ABOVE = {
    "K": None,
    "T1": "K", "V1": "T1", "H1": "V1", "H2": "V1", "B1": "V1", "H3": "B1",
    "T2": "K", "V2": "T2", "H4": "V2",
    "T3": "K", "V3": "T3", "H5": "V3",
    "V9": None, "H9": "V9",
}  # fmt: skip


def happened(number: int, unit: str, holder: str | None = None) -> Incident:
    return Incident(f"I{number}", unit, "mass_petition", DAY, None, holder)


def units(facts: Facts) -> list[str]:
    return list(facts.units.column("id"))


def slice_of(facts: Facts, policy: Policy, unit: str) -> tuple[list[str], list[str]]:
    found = slice_facts(facts, policy, unit)
    return units(found), list(found.incidents.column("id"))


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("H3", ["K", "T1", "V1", "B1", "H3"]),
        ("V1", ["K", "T1", "V1", "H1", "H2", "B1", "H3"]),
        ("K", [u for u in ABOVE if u not in ("V9", "H9")]),
        ("H9", ["V9", "H9"]),
    ],
)
def test_a_unit_rests_on_what_it_contains_and_what_contains_it(
    policy: Policy, unit: str, expected: list[str]
) -> None:
    assert slice_of(county(ABOVE), policy, unit) == (expected, [])


def test_the_places_and_holders_of_its_incidents_come_along(policy: Policy) -> None:
    incidents = [
        happened(1, "H1"),
        happened(2, "H4", "H2"),
        happened(3, "H1", "H5"),
        happened(4, "H5", "H4"),
        happened(5, "V1", None),
    ]
    facts = county(ABOVE, incidents=incidents)
    own = ["K", "T1", "V1", "H1", "H2", "B1", "H3"]
    away = ["T2", "V2", "H4", "T3", "V3", "H5"]
    assert slice_of(facts, policy, "V1") == ([*own, *away], ["I1", "I2", "I3", "I5"])
    assert slice_of(facts, policy, "H2") == (
        ["K", "T1", "V1", "H2", "T2", "V2", "H4"], ["I2"],
    )  # fmt: skip
    # what happened in the containers, and at units that are only named, stays behind
    assert slice_of(facts, policy, "B1") == (["K", "T1", "V1", "B1", "H3"], [])


def test_changes_lead_to_what_was_or_will_be_inside(policy: Policy) -> None:
    moved = Change("H4", DAY, "moved", "V1")
    named = Change("V3", DAY, "renamed", "V1")
    facts = county(ABOVE, changes=[moved, named])
    assert slice_of(facts, policy, "V1")[0] == [
        "K", "T1", "V1", "H1", "H2", "B1", "H3", "T2", "V2", "H4",
    ]  # fmt: skip
    assert slice_of(facts, policy, "H4")[0] == ["K", "T1", "V1", "T2", "V2", "H4"]
    # units that left still counted there before
    assert slice_of(facts, policy, "V2")[0] == ["K", "T1", "V1", "T2", "V2", "H4"]
    chain = [Change("V2", DAY, "merged_into", "V3"), Change("V3", DAY, "merged_into", "V1")]
    facts = county(ABOVE, changes=chain)
    assert slice_of(facts, policy, "V1")[0] == [u for u in ABOVE if u not in ("V9", "H9")]
    assert slice_of(facts, policy, "H4")[0] == ["K", "T1", "V1", "T2", "V2", "H4", "T3", "V3"]
    # also what came into one that contains no other
    facts = county(ABOVE, changes=[Change("H4", DAY, "merged_into", "H3")])
    assert slice_of(facts, policy, "B1")[0] == ["K", "T1", "V1", "B1", "H3", "T2", "V2", "H4"]


def test_the_records_of_the_part_come_along_and_no_others(policy: Policy) -> None:
    told = ("H1", "V1", "T1", "K", "H5", "V3")
    tables: dict[str, list[Any]] = {
        "ledgers": [Ledger(u, "*", 2014) for u in told],
        "scores": [Score(u, 2014, Decimal(1)) for u in told],
        "polls": [Poll(u, 2014, "met") for u in told],
        "not_applicable": [NotApplicable(u, "compound_buildings", 2014, "x") for u in told],
        "changes": [Change(u, DAY, "renamed", "x") for u in told],
    }
    asked = [Requirement("township", 2014, 3)]
    found = slice_facts(county(ABOVE, requirements=asked, **tables), policy, "H1")
    for name in tables:
        assert list(getattr(found, name).column("unit")) == ["H1", "V1", "T1", "K"], name
    assert found.requirements == tuple(asked)


def test_all_facts_go_to_rules_that_look_elsewhere(policy: Policy) -> None:
    found = (Problem("x.lp:1", "看别处", "looks elsewhere"),)
    looking = evolve(policy, proof=Proof(found, found, "", ()))
    facts = county(ABOVE)
    assert slice_facts(facts, looking, "H1") is facts


def test_a_unit_that_is_not_in_the_data_rests_on_nothing(policy: Policy) -> None:
    assert slice_of(county(ABOVE), policy, "nobody") == ([], [])
