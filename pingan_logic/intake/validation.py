"""Checks of records against the policy's vocabulary and against each other."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from datetime import date
from functools import lru_cache

import attrs

from pingan_logic.catalogue import Policy
from pingan_logic.errors import InputError, Problem, Problems
from pingan_logic.intake.checking import Place, Torn
from pingan_logic.intake.facts_check import FactsCheck
from pingan_logic.model import Facts

__all__ = [
    "check_facts",
    "default_policy",
]


@lru_cache(maxsize=1)
def default_policy() -> Policy:
    """Return the shipped policy, loaded once."""
    from pingan_logic.solving.load_policy import load_policy

    return load_policy()


def check_facts(
    facts: Facts,
    policy: Policy | None = None,
    *,
    place: Place | None = None,
    problems: list[Problem] | None = None,
    torn: Sequence[Torn] = (),
    partial: frozenset[str] = frozenset(),
    told: Set[str] = frozenset(),
    today: date | None = None,
) -> Facts:
    """Return `facts` marked as checked against `policy`.

    `place` names the place of a record's column for messages; `problems` are earlier ones to report
    together; `torn` are rows that gave no record, `partial` the tables of which rows are missing
    altogether; of the units named in `told` earlier problems say enough. Raises InputError with all
    problems.
    """
    policy = policy or default_policy()
    if facts.checked_by == policy and not problems:
        return facts
    found = Problems(problems or (), getattr(problems, "more", 0))
    check = FactsCheck(facts, policy, place, found, torn, partial, today or date.today())
    check.told = told
    check.run()
    if check.problems:
        raise InputError(sorted(check.problems, key=_position), check.problems.more)
    return attrs.evolve(facts, checked_by=policy)


def _position(problem: Problem) -> list[tuple[int, str]]:
    """Order problems by file and row, as a person would go through them."""
    parts = re.findall(r"([0-9]{0,18})([^0-9]+|$)", problem.place)
    return [(int(number or 0), text) for number, text in parts]
