"""Rule files as plain values, made by the solver's own parser."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import clingo
from attrs import evolve
from clingo import ast
from clingo.ast import AST, Transformer, parse_string

from pingan_logic.errors import PolicyError
from pingan_logic.rules.syntax import (
    Aggregate,
    Atom,
    Comparison,
    Element,
    Rule,
    Syntax,
    Term,
    docstrings,
)
from pingan_logic.rules.templates import Instance
from pingan_logic.solving.complaints import character
from pingan_logic.solving.log import Log

__all__ = ["instance_rules", "rules_of"]

_SIGNS = {0: ">", 1: "<", 2: "<=", 3: ">=", 4: "!=", 5: "="}
_FUNCTIONS = ("count", "sum", "sum+", "min", "max")
_OPERATORS = {
    ("BinaryOperation", ast.BinaryOperator.Plus): "+",
    ("BinaryOperation", ast.BinaryOperator.Minus): "-",
    ("BinaryOperation", ast.BinaryOperator.Multiplication): "*",
    ("BinaryOperation", ast.BinaryOperator.Division): "/",
    ("UnaryOperation", ast.UnaryOperator.Minus): "-",
}
"""The operations that have their sign as name; the others have that of their kind."""


_Where = Callable[[Any], tuple[int, int]]
"""Tells line and column of a node, both from 1, the column in characters."""


def _where(text: str) -> _Where:
    lines = text.split("\n")

    def where(node: AST) -> tuple[int, int]:
        at = node.location.begin
        line = lines[at.line - 1]
        return at.line, at.column if line.isascii() else character(line, at.column)

    return where


def _term(node: AST, where: _Where) -> Term:
    kind, place = node.ast_type.name, where(node)
    if kind == "Variable":
        return Term("var", node.name, (), *place)
    if kind == "SymbolicTerm":
        symbol = node.symbol
        if symbol.type == clingo.SymbolType.Number:
            return Term("num", str(symbol.number), (), *place)
        if symbol.type == clingo.SymbolType.String:
            return Term("str", symbol.string, (), *place)
        return Term("fun", str(symbol), (), *place)
    if kind in ("Function", "Pool"):
        inner = tuple(_term(x, where) for x in node.arguments)
        return Term(
            "fun" if kind == "Function" else "pool", getattr(node, "name", ""), inner, *place
        )
    if kind in ("UnaryOperation", "BinaryOperation", "Interval"):
        parts = [node.argument] if kind == "UnaryOperation" else [node.left, node.right]
        sign = ".." if kind == "Interval" else _OPERATORS.get((kind, node.operator_type), kind)
        return Term("op", sign, tuple(_term(x, where) for x in parts), *place)
    return Term("other", str(node), (), *place)


class _Parts(Transformer):
    """Collects atoms, comparisons and aggregates of a part of a rule."""

    where: _Where
    negated: bool
    depth: int

    def __init__(self, where: _Where) -> None:
        self.where = where
        self.atoms: list[Atom] = []
        self.comparisons: list[Comparison] = []
        self.aggregates: list[Aggregate] = []
        self.negated = False
        self.depth = 0

    def visit_Literal(self, node: AST) -> AST:
        outer, self.negated = self.negated, self.negated or node.sign != ast.Sign.NoSign
        self.visit_children(node)
        self.negated = outer
        return node

    def visit_SymbolicAtom(self, node: AST) -> AST:
        choices = node.symbol.arguments if node.symbol.ast_type.name == "Pool" else [node.symbol]
        for symbol in choices:
            # what is classically negated is a predicate of its own
            sign = "-" if symbol.ast_type.name == "UnaryOperation" else ""
            function = symbol.argument if sign else symbol
            arguments = tuple(_term(x, self.where) for x in function.arguments)
            name, place = sign + function.name, self.where(symbol)
            self.atoms.append(Atom(name, arguments, *place, self.negated, self.depth > 0))
        return node

    def visit_ConditionalLiteral(self, node: AST) -> AST:
        self.depth += 1
        self.visit_children(node)
        self.depth -= 1
        return node

    def visit_Comparison(self, node: AST) -> AST:
        terms = tuple(_term(x, self.where) for x in (node.term, *(g.term for g in node.guards)))
        signs = tuple(_SIGNS[g.comparison] for g in node.guards)
        at = terms[0]
        self.comparisons.append(Comparison(terms, signs, at.line, at.column))
        return node

    def visit_BodyAggregate(self, node: AST) -> AST:
        elements = tuple(
            Element(tuple(_term(x, self.where) for x in e.terms), self.within(e.condition))
            for e in node.elements
        )
        function = _FUNCTIONS[node.function]
        guards = tuple(
            (_SIGNS[guard.comparison], _term(guard.term, self.where))
            for guard in (node.left_guard, node.right_guard)
            if guard is not None
        )
        self.aggregates.append(Aggregate(function, elements, *self.where(node), guards))
        for sign, term in guards:
            self.comparisons.append(
                Comparison((Term("other", "aggregate"), term), (sign,), term.line, term.column)
            )
        self.depth += 1
        self.visit_children(node)
        self.depth -= 1
        return node

    def within(self, condition: Any) -> tuple[Atom, ...]:
        """Return the atoms of the condition of an element."""
        parts = _Parts(self.where)
        parts.visit_sequence(condition)
        return tuple(parts.atoms)


@lru_cache(maxsize=128)
def rules_of(name: str, text: str) -> Syntax:
    """Parse one file once: walking its tree takes longer than grounding it.

    The rules of templates are not among its rules. Raises PolicyError when it cannot be parsed.
    """
    return _parsed(name, text, _where(text))


@lru_cache(maxsize=256)
def instance_rules(instance: Instance, asked: str) -> tuple[Rule, ...]:
    """Return the rules that are written out of a template for the clause at `asked`, each at its
    place in the template."""
    inner = _where(instance.text)
    name = instance.template.path.name
    found = _parsed(name, instance.text, lambda node: instance.at(*inner(node)))
    given = frozenset(n for a in instance.arguments for n in re.findall(r"\w+", a))
    return tuple(evolve(rule, asked=asked, given=given) for rule in found.rules)


def _parsed(name: str, text: str, where: _Where) -> Syntax:
    rules: list[Rule] = []
    inputs: dict[str, tuple[str, int]] = {}
    constants: set[str] = set()
    inside = False

    def take(node: AST) -> None:
        nonlocal inside
        kind = node.ast_type.name
        if kind == "Program":
            inside = node.name != "base"
        elif inside:
            return
        elif kind == "Defined":
            inputs[f"{node.name}/{node.arity}"] = (name, where(node)[0])
        elif kind == "Definition":
            constants.add(node.name)
        elif kind in ("Rule", "Minimize"):
            head, body = _Parts(where), _Parts(where)
            if kind == "Rule":
                head.visit(node.head)
            body.visit_sequence(node.body)
            choice = kind == "Rule" and node.head.ast_type.name != "Literal"
            rules.append(
                Rule(
                    name, *where(node), str(node), tuple(head.atoms),
                    tuple(body.atoms), (*head.comparisons, *body.comparisons),
                    (*head.aggregates, *body.aggregates), choice,
                    kind == "Rule" and not head.atoms, kind.lower(),
                )
            )  # fmt: skip

    log = Log({name: text})
    try:
        parse_string(text, take, logger=log)
    except RuntimeError:
        log.messages = [m.replace("<string>", name) for m in log.messages]
        raise PolicyError(log.problems()) from None
    header, docs = docstrings(name, text)
    return Syntax(tuple(rules), inputs, tuple(docs), {name: header}, (), frozenset(constants))
