"""Clauses that look back, beside one that does not, with answers worked out by hand.

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
"""
_PETITIONS = {"before": YEAR - 1, "first": YEAR - 2, "long ago": YEAR - 3, "now": YEAR}
_LEDGERS = {"open": (YEAR - 2, YEAR), "none": (YEAR - 2, YEAR - 1, YEAR)}
_EXPECTED = {
    "before": ("failed", "met"), "first": ("failed", "met"), "long ago": ("met", "met"),
    "now": ("failed", "failed"), "open": ("undetermined", "met"), "none": ("met", "met"),
}  # fmt: skip
"""What the clause that looks back and the other come to, by what was recorded when."""


def load_forms(folder: Path) -> Policy:
    """Load the policy of a folder with the clauses added to it."""
    return load_policy(linked(folder, "forms", _RULES))


def form_differences(policy: Policy) -> Iterator[str]:
    """Yield where a policy with these clauses judges other than as worked out."""
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
