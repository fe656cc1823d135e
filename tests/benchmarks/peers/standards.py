"""The nine standards as plain data, for the hand-written programs; they import no project code.

Verdicts only, with the default interpretations, for a register in which nothing changes.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import NamedTuple

YEAR = "2014"

PETITIONS = ("mass_petition", "bypass_petition")
BY_RESPONSIBLE_UNIT = PETITIONS
ALSO_BY_RESPONSIBLE_UNIT = ("drug_involvement",)
CAMPUS = ("campus_accident", "school_bus_accident")
ACCIDENTS = ("safety_accident", "work_safety_accident", *CAMPUS)
ITEMS = (
    *("criminal_case", "public_security_case", "mass_incident", *PETITIONS, *ACCIDENTS),
    *("gambling", "drug_involvement", "illegal_religion", "illegal_fundraising", "wage_arrears"),
    *("pollution", "property_crime", "medical_accident", "arbitrary_charges", "domestic_violence"),
    *("neighbour_dispute", "pornography", "pyramid_selling", "other_offence"),
)
GRADES = ("", "minor", "large", "major", "extreme")
LARGE, MAJOR = 2, 3


class Rule(NamedTuple):
    """No incident of `type` at units of `kind`.

    At least `grade` (0: any, graded or not), with established liability if `liable`, and `times`
    in the year.
    """

    kind: str
    type: str
    grade: int = 0
    liable: bool = False
    times: int = 1


def _no(kind: str, *types: str, grade: int = 0, liable: bool = False) -> list[Rule]:
    return [Rule(kind, type_, grade, liable) for type_ in types]


def _rules() -> Iterable[Rule]:
    everywhere = ("mass_incident", *PETITIONS)
    yield from _no("township", *everywhere)
    yield from _no("township", "criminal_case", "public_security_case", grade=MAJOR)
    yield from _no("township", *ACCIDENTS, grade=MAJOR, liable=True)
    vices = ("gambling", "drug_involvement", "illegal_religion")
    for kind in ("work_unit", "village", "hospital"):
        yield from _no(kind, *everywhere, "criminal_case", *ACCIDENTS, *vices)
        yield from _no(kind, "public_security_case", grade=LARGE)
    yield Rule("village", "property_crime", times=2)
    yield Rule("hospital", "medical_accident", LARGE)
    yield from _no("enterprise", *everywhere, "criminal_case", "work_safety_accident")
    yield from _no("enterprise", "public_security_case", grade=LARGE)
    yield from _no("enterprise", "illegal_fundraising", "wage_arrears", "pollution", *vices[1:])
    for kind in ("compound", "building"):
        yield from _no(kind, *everywhere, "criminal_case", "public_security_case")
        yield from _no(kind, *ACCIDENTS, *vices)
    yield from _no("school", *everywhere, "criminal_case", "public_security_case", *CAMPUS)
    yield from _no("school", *vices, "arbitrary_charges")
    yield from _no("household", "domestic_violence", "illegal_religion", "neighbour_dispute")
    yield from _no("household", "pornography", "gambling", "drug_involvement")
    yield from _no("household", "pyramid_selling", "other_offence")


RULES = tuple(_rules())
KINDS = tuple(dict.fromkeys(rule.kind for rule in RULES))
PASS_MARKS = {"township": 8500, "work_unit": 9000}
"""Hundredths of a point."""
HOUSEHOLD_SHARES = {"township": 90, "village": 90, "compound": 98, "building": 100}
BUILDING_SHARE = 95
"""Per cent of the buildings of a compound."""


def bit(item: str) -> int:
    """Return the bit of an item in a set of items kept as an integer."""
    return (1 << len(ITEMS)) - 1 if item == "*" else 1 << ITEMS.index(item)


def needed(kind: str) -> int:
    """Return the set of items that the standard for `kind` asks a ledger for."""
    return sum(bit(rule.type) for rule in RULES if rule.kind == kind)


def report(counts: Iterable[tuple[str, str, int]]) -> None:
    """Print the number of verdicts by standard and status: the answer of a measured run."""
    for standard, status, count in sorted(counts):
        sys.stdout.write(f"{standard},{status},{count}\n")
