"""Clauses that look back, and one made of parts, with answers worked out by hand.

A clinic is judged by nothing in the shipped policy: here by what these clauses prohibit.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from pingan_logic import Facts, Policy, evaluate, load_policy
from pingan_logic.model import Incident, Ledger, Unit
from tests.policies import linked

__all__ = ["form_differences", "load_forms"]

YEAR = 2014
_RULES = """
clause((f_back;f_now), clinic, "三（九）", "无集体上访").
prohibits((f_back;f_now), mass_petition, any, "集体上访", "mass petition").
looks_back(f_back, mass_petition, 3).
clause(f_any, clinic, "三（九）", "无赌博，或者无涉毒").
any_of(f_any, (f_a;f_b)).
clause(f_a, clinic, "三（九）", "无赌博").
prohibits(f_a, gambling, any, "赌博", "gambling").
clause(f_b, clinic, "三（九）", "无涉毒").
prohibits(f_b, drug_involvement, any, "涉毒", "drugs").
list_of(clinic, "三（九）", "“二无”", 2).
english((f_back;f_now;f_any;f_a;f_b), "none").
"""
_PETITIONS = {"before": YEAR - 1, "first": YEAR - 2, "long ago": YEAR - 3, "now": YEAR}
_LEDGERS = {"open": (YEAR - 2, YEAR), "none": (YEAR - 2, YEAR - 1, YEAR)}
_EXPECTED = {
    "before": ("failed", "met"), "first": ("failed", "met"), "long ago": ("met", "met"),
    "now": ("failed", "failed"), "open": ("undetermined", "met"), "none": ("met", "met"),
}  # fmt: skip
"""What the clause that looks back and the other come to, by what was recorded when."""


_PARTS = {
    "one": (("gambling",), (), "met"), "both": (("gambling", "drug_involvement"), (), "failed"),
    "half open": ((), ("gambling",), "met"), "open": (("gambling",), ("drug_involvement",),
    "undetermined"), "unknown": ((), ("gambling", "drug_involvement"), "undetermined"),
}  # fmt: skip
"""What happened at a clinic, the ledgers that it lacks, and what it comes to."""


def load_forms(folder: Path) -> Policy:
    """Load the policy of a folder with the clauses added to it."""
    return load_policy(linked(folder, "forms", _RULES))


def form_differences(policy: Policy) -> Iterator[str]:
    """Yield where a policy with these clauses judges other than as worked out."""
    yield from _of_years(policy)
    units = [Unit(u, "clinic") for u in _PARTS]
    happened = [
        Incident(f"{u} {t}", u, t, date(YEAR, 5, 5)) for u, (some, _, _) in _PARTS.items()
        for t in some
    ]  # fmt: skip
    ledgers = [
        Ledger(u, t, y) for u, (_, lacking, _) in _PARTS.items() for y in range(YEAR - 2, YEAR + 1)
        for t in ("gambling", "drug_involvement", "mass_petition") if t not in lacking
    ]  # fmt: skip
    result = evaluate(Facts(units=units, incidents=happened, ledgers=ledgers), policy, YEAR)
    for unit, (_, _, expected) in _PARTS.items():
        found = result.status(unit).value, result.finding(unit, "f_any").status.value
        if found != (expected, expected):
            yield f"{unit}: {found}, expected {expected}"


def _of_years(policy: Policy) -> Iterator[str]:
    every = range(YEAR - 3, YEAR + 1)
    facts = Facts(
        units=[Unit(u, "clinic") for u in _EXPECTED],
        incidents=[
            Incident(f"i {u}", u, "mass_petition", date(year, 5, 5))
            for u, year in _PETITIONS.items()
        ],
        ledgers=[Ledger(u, "*", y) for u in _EXPECTED for y in _LEDGERS.get(u, every)],
    )
    result = evaluate(facts, policy, YEAR)
    for unit, expected in _EXPECTED.items():
        found = tuple(result.finding(unit, c).status.value for c in ("f_back", "f_now"))
        if found != expected:
            yield f"{unit}: {found}, expected {expected}"
    said = sorted(x for n, x in result.notices if n == "petition_by_place")
    if said != ["i now"]:
        yield f"petitions of the year: {said}"
