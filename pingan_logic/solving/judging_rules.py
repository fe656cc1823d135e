"""The rules that verdicts follow from, as text, for a process that judges again and again.

A third of the rules of a policy speak of the policy alone: its words, its remedies, and whether its
facts go together, which was seen when it was loaded. Reading and grounding them takes most of the
time in which one unit is judged.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import count

from clingo.ast import ASTType

from pingan_logic.catalogue import Policy, Setting
from pingan_logic.rules.predicates import DERIVED, GIVEN
from pingan_logic.solving.asking import Dated, dated
from pingan_logic.solving.program import set_statements
from pingan_logic.solving.towards import Statement, sayings, towards

__all__ = ["judging_rules"]

_BEFORE = 3
"""Runs by the files themselves: to pick the rules takes as long as it saves in three runs."""


def judging_rules(policy: Policy) -> str | None:
    """Return the rules on the way to what is read after a run; None in the first runs by a policy,
    which take its files as they are."""
    of_policy = dated(policy.files), policy.settings
    return _picked(*of_policy) if next(_runs(*of_policy)) >= _BEFORE else None


@lru_cache(maxsize=32)
def _runs(paths: Sequence[Dated], settings: Sequence[Setting]) -> Iterator[int]:
    del paths, settings  # each policy has a number of its own
    return count()


@lru_cache(maxsize=8)
def _picked(paths: Sequence[Dated], settings: Sequence[Setting]) -> str:
    nodes = set_statements([path for path, _ in paths], settings)
    rules = list(_not_settled(sayings(nodes)))
    text = [rule.text for rule in towards(rules, [p.name for p in DERIVED])]
    text += [str(node) for node in nodes if node.ast_type == ASTType.Defined]
    return "\n".join([*text, ""])


def _not_settled(rules: Sequence[Statement]) -> Iterator[Statement]:
    """Yield the rules but those for defects that no data has a part in."""
    resting, known = set(GIVEN), 0
    while known < len(resting):
        known = len(resting)
        for rule in rules:
            if not resting.isdisjoint(rule.names):
                resting |= rule.heads
    for rule in rules:
        if rule.heads != {"defect"} or not resting.isdisjoint(rule.names - rule.heads):
            yield rule
