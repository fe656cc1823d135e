"""The rules that verdicts follow from, for a process that judges again and again.

Most of the rules of a policy speak of the policy alone: its words, its remedies, what each clause
asks, and whether its facts go together, which was seen when it was loaded. Reading and grounding
them takes most of the time in which one unit is judged. What follows from the policy alone is
therefore derived once, and rules of forms of clauses that it has none of are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import count

import clingo
from attrs import frozen
from clingo.ast import AST, ASTType, Defined, Location, Position, Sign

from pingan_logic.catalogue import Policy, Setting
from pingan_logic.rules.predicates import DERIVED, GIVEN
from pingan_logic.solving.asking import Dated, dated
from pingan_logic.solving.atoms import atoms_of
from pingan_logic.solving.log import Log
from pingan_logic.solving.program import set_statements
from pingan_logic.solving.towards import Statement, sayings, towards

__all__ = ["JudgingRules", "judging_rules"]

_BEFORE = 6
"""Runs by the files themselves: to pick the rules takes as long as it saves in so many runs."""

Signature = tuple[str, int]
_NOWHERE = Location(Position("<judging>", 1, 1), Position("<judging>", 1, 1))


@frozen
class JudgingRules:
    """The `rules` that data has a part in, as the solver's trees, and the `facts` that follow
    without data."""

    rules: Sequence[AST]
    facts: Mapping[Signature, Sequence[clingo.Symbol]]


def judging_rules(policy: Policy) -> JudgingRules | None:
    """Return the rules on the way to what is read after a run; None in the first runs by a policy,
    which take its files as they are."""
    of_policy = dated(policy.files), policy.settings
    return _picked(*of_policy) if next(_runs(*of_policy)) >= _BEFORE else None


@lru_cache(maxsize=32)
def _runs(paths: Sequence[Dated], settings: Sequence[Setting]) -> Iterator[int]:
    del paths, settings  # each policy has a number of its own
    return count()


@lru_cache(maxsize=8)
def _picked(paths: Sequence[Dated], settings: Sequence[Setting]) -> JudgingRules:
    nodes = set_statements([path for path, _ in paths], settings)
    leading = towards(list(_with_data(sayings(nodes))), [p.name for p in DERIVED])
    rules, settled = _evaluated(_possible(leading))
    nodes = [rule.node for rule in rules]
    named = _signatures(nodes)
    read = named.union(p.key for p in DERIVED)
    known = {key: terms for key, terms in settled.items() if key in read}
    derived = {a for rule in rules for a in _heads(rule)}.union(known)
    nodes += [Defined(_NOWHERE, name, arity, 1) for name, arity in sorted(named - derived)]
    return JudgingRules(nodes, known)


def _rests_on_data(rules: Sequence[Statement]) -> set[str]:
    """Return the names of what data has a part in."""
    resting, known = set(GIVEN), 0
    while known < len(resting):
        known = len(resting)
        for rule in rules:
            if not resting.isdisjoint(rule.names):
                resting |= rule.heads
    return resting


def _with_data(rules: Sequence[Statement]) -> Iterator[Statement]:
    """Yield the rules but those for defects that no data has a part in."""
    resting = _rests_on_data(rules)
    for rule in rules:
        if rule.heads != {"defect"} or not resting.isdisjoint(rule.names - rule.heads):
            yield rule


def _possible(rules: Sequence[Statement]) -> list[Statement]:
    """Return the rules but those that ask for what nothing derives, whatever the data."""
    known = set(GIVEN.items())
    asked, derived = list(map(_asked, rules)), list(map(_heads, rules))
    left = set(range(len(rules)))
    while found := {n for n in left if asked[n] <= known}:
        left -= found
        known.update(a for n in found for a in derived[n])
    return [rule for n, rule in enumerate(rules) if n not in left]


def _evaluated(
    rules: Sequence[Statement],
) -> tuple[Sequence[Statement], Mapping[Signature, Sequence[clingo.Symbol]]]:
    """Return the rules that data has a part in, and what follows from the others; all rules and
    nothing where the others leave a choice."""
    resting = _rests_on_data(rules)
    apart = [r for r in rules if not r.restricts and resting.isdisjoint(r.heads)]
    rest = [r for r in rules if r.restricts or not resting.isdisjoint(r.heads)]
    constants = [r for r in rest if r.node.ast_type == ASTType.Definition]
    ctl = clingo.Control(["--warn=none"], logger=Log())
    try:
        ctl.add("base", [], "\n".join(rule.text for rule in (*constants, *apart)))
        ctl.ground([("base", [])])
    except RuntimeError:
        return rules, {}
    found = {}
    for name, arity, positive in ctl.symbolic_atoms.signatures:
        atoms = list(ctl.symbolic_atoms.by_signature(name, arity, positive))
        if not positive or not all(atom.is_fact for atom in atoms):
            return rules, {}
        found[name, arity] = [atom.symbol for atom in atoms]
    return rest, found


def _asked(rule: Statement) -> set[Signature]:
    """Return the predicates without which a rule derives nothing."""
    whole = rule.node.ast_type == ASTType.Rule
    return {_signature(x.atom.symbol) for x in rule.node.body if _plain(x)} if whole else set()


def _plain(literal: AST) -> bool:
    if literal.ast_type != ASTType.Literal or literal.sign != Sign.NoSign:
        return False
    symbol = getattr(literal.atom, "symbol", None)
    return symbol is not None and symbol.ast_type == ASTType.Function


def _heads(rule: Statement) -> set[Signature]:
    if rule.node.ast_type != ASTType.Rule:
        return set()
    head = rule.node.head
    return {_signature(head.atom.symbol)} if _plain(head) else _signatures([head])


def _signatures(parts: Iterable[AST]) -> set[Signature]:
    return set(map(_signature, atoms_of(parts)))


def _signature(atom: AST) -> Signature:
    return atom.name, len(atom.arguments)
