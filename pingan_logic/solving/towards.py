"""Which statements of rule files lead to some predicates, told from their text.

What only a report asks for, such as notices, need not be written out for each of many worlds.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from attrs import frozen
from clingo.ast import AST, ASTType

__all__ = ["Statement", "sayings", "statement", "towards"]

_SAYING: frozenset[Any] = frozenset(
    {ASTType.Rule, ASTType.Minimize, ASTType.ShowSignature, ASTType.Definition}
)
"""The kinds of statements that say something of predicates; others only speak to the solver."""
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_INNERMOST = re.compile(r"\([^()]*\)")
_NAME = re.compile(r"(?<![#\w'])[a-z_'][\w']*")


@frozen
class Statement:
    """A statement, the predicates that it derives and those that it names; one that `restricts`
    worlds is needed whatever is asked."""

    node: AST
    text: str
    heads: frozenset[str]
    names: frozenset[str]
    restricts: bool


def sayings(nodes: Iterable[AST]) -> list[Statement]:
    """Return those of some statements that say something of predicates."""
    kinds = ((node, node.ast_type) for node in nodes)
    return [_told(node, kind) for node, kind in kinds if kind in _SAYING]


def statement(node: AST) -> Statement:
    """Tell what a statement derives and names."""
    return _told(node, node.ast_type)


def _told(node: AST, kind: ASTType) -> Statement:
    text = str(node)
    if kind not in _SAYING:
        return Statement(node, text, frozenset(), frozenset(), True)
    bare = _QUOTED.sub("", text)
    if kind != ASTType.Rule:
        return Statement(node, text, frozenset(), _names(bare), True)
    head, _, body = bare.partition(" :- ")
    heads = _names(head)
    restricts = not heads or ("{" in head and _counts(node.head))
    return Statement(node, text, heads, heads | _names(body) if body else heads, restricts)


def _counts(head: AST) -> bool:
    """Whether a head is a choice that says how many there are."""
    guards = (getattr(head, "left_guard", None), getattr(head, "right_guard", None))
    return any(guard is not None for guard in guards)


def towards(statements: Sequence[Statement], goals: Iterable[str]) -> list[Statement]:
    """Return the statements on the way to the predicates `goals`, and all that restrict."""
    deriving: dict[str, list[int]] = defaultdict(list)
    wanted, seen = list(goals), set(goals)
    kept = set()
    for number, s in enumerate(statements):
        for name in s.heads:
            deriving[name].append(number)
        if s.restricts:
            kept.add(number)
            wanted += s.names - seen
            seen |= s.names
    while wanted:
        for number in deriving[wanted.pop()]:
            if number not in kept:
                kept.add(number)
                wanted += statements[number].names - seen
                seen |= statements[number].names
    return [statements[n] for n in sorted(kept)]


def _names(text: str) -> frozenset[str]:
    """Return the predicates of a part of a statement, and the constants compared there.

    Their names stand outside of all brackets. Looking for them in the text takes a tenth of the
    time of walking through the solver's tree.
    """
    number = 1
    while number:
        text, number = _INNERMOST.subn("", text)
    return frozenset(_NAME.findall(text))
