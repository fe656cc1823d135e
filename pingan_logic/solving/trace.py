"""The steps that derive what is judged: each instance of a rule, with what it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import clingo
from clingo import ast
from clingo.ast import AST, ProgramBuilder, Transformer

from pingan_logic.catalogue import Policy
from pingan_logic.memory import Once
from pingan_logic.model import Facts
from pingan_logic.solving.control import Given, rows
from pingan_logic.solving.derived_atoms import as_written
from pingan_logic.solving.encode import REPORTED, fact_atoms
from pingan_logic.solving.log import Log
from pingan_logic.solving.program import statements
from pingan_logic.solving.towards import statement, towards

__all__ = ["Step", "derivations"]

Step = tuple[str, str, tuple[str, ...]]
"""An instance of a rule: file:line, the atom it derives, and what it rests on: atoms, `not` atoms
and the values of aggregates (`= 3`)."""


_PARTS = ',"\t",'
"""Between what a step rests on, as it is written in one: data and rules hold no tab in a text."""


_WANTED, _STEP, _ANY = "__wanted_", "__step", "__any"
"""Names that the rules below add to a program; two underscores keep them apart from a policy's."""


class _Traced(Transformer):
    """Turns a rule into one that says with which body it derives an atom that is wanted."""

    name: str
    at: Any
    names: int

    def __init__(self, number: int, rule: AST, asked: set[tuple[str, int]]) -> None:
        """Prepare a rule; of the predicates `asked` atoms are wanted where something rests on
        them, of others that are derived all are."""
        self.asked = asked
        self.name, self.at, self.names = f"{_STEP}{number}", rule.location, 0
        self.body: list[AST] = []
        self.terms: list[AST] = []
        self.forms: list[str] = []
        self.wants: list[AST] = []
        for literal in rule.body:
            self._take(literal)

    def visit_Variable(self, node: AST) -> AST:
        return self._variable() if node.name == "_" else node

    def _variable(self) -> AST:
        self.names += 1
        return ast.Variable(self.at, f"__Value{self.names}")

    def _take(self, literal: AST) -> None:
        kind, atom = literal.atom.ast_type.name, literal.atom
        if kind == "SymbolicAtom" and literal.sign == ast.Sign.Negation:
            self.terms.append(_Projected().visit(atom.symbol))
            self.forms.append("not ")
        elif kind == "SymbolicAtom":
            literal = self.visit(literal)
            term = literal.atom.symbol
            self.terms.append(term)
            self.forms.append("")
            if (term.name, len(term.arguments)) in self.asked:
                self.wants.append(term)
        elif kind == "BodyAggregate":
            guard = atom.left_guard
            if guard.comparison != ast.ComparisonOperator.Equal or atom.right_guard is not None:
                guard = ast.Guard(ast.ComparisonOperator.Equal, self._variable())
                value = atom.update(left_guard=guard, right_guard=None)
                self.body.append(literal.update(atom=value))
            self.terms.append(guard.term)
            self.forms.append("= ")
        self.body.append(literal)

    def rules(self, head: AST) -> list[AST]:
        """Return the rule that reports the instances, and those that want what they rest on."""
        body, arguments = list(self.body), list(head.arguments)
        for n, term in enumerate(arguments):
            if term.ast_type.name == "Interval":
                arguments[n] = self._variable()
                equal = ast.Comparison(
                    arguments[n], [ast.Guard(ast.ComparisonOperator.Equal, term)]
                )
                body.append(ast.Literal(self.at, ast.Sign.NoSign, equal))
        atom = head.update(arguments=arguments)
        tab = ast.SymbolicTerm(self.at, clingo.String("\t"))
        parts = [t for term in (atom, *self.terms) for t in (term, tab)]
        step = self._literal(self.name, ast.Function(self.at, "", [*parts, tab], False))
        if (head.name, len(arguments)) in self.asked:
            body.insert(0, self._wanted(atom))
        found = [ast.Rule(self.at, step, body)]
        return found + [ast.Rule(self.at, self._wanted(t), [step]) for t in self.wants]

    def _wanted(self, term: AST) -> AST:
        """Return that an atom is wanted. Each predicate, and each rule's step, has a name of its
        own: of one for all clingo would look through all again and again."""
        return self._literal(_WANTED + term.name, *term.arguments)

    def _literal(self, name: str, *terms: AST) -> AST:
        atom = ast.SymbolicAtom(ast.Function(self.at, name, terms, False))
        return ast.Literal(self.at, ast.Sign.NoSign, atom)


class _Projected(Transformer):
    """Puts a constant for each `_`, of which a negated atom has no value to report."""

    def visit_Variable(self, node: AST) -> AST:
        return ast.Function(node.location, _ANY, [], False) if node.name == "_" else node


def derivations(
    facts: Facts,
    policy: Policy,
    year: int,
    cut_off: date,
    wanted: Mapping[str, int],
    beside: Mapping[str, Sequence[str]] | None = None,
) -> tuple[list[Step], dict[str, str | int]]:
    """Return all instances of rules that derive the atoms of the predicates `wanted` (with their
    arities), down to the facts of the data and the atoms `beside`, in no order.

    Also returns the switches in force, as they are written. Raises PolicyError when the policy is
    unsound.
    """
    log = Log()
    atoms = {**fact_atoms(facts, policy, year, cut_off, REPORTED), **(beside or {})}
    given = Given(atoms, log)
    text = given.rules()
    text += "".join(f"#defined {name}/{arity}.\n" for name, arity in wanted.items())
    wishes = (*wanted, "switch")
    parsed = [s.node for s in towards(list(map(statement, statements(policy.files))), wishes)]
    rules = [r for n in parsed if n.ast_type == ast.ASTType.Rule for r in n.unpool()]
    rules = [r for r in rules if r.head.atom.ast_type == ast.ASTType.SymbolicAtom]
    heads = [r.head.atom.symbol for r in rules]
    asked = {(h.name, len(h.arguments)) for h in heads} - wanted.items()
    traced = [_Traced(n, r, asked) for n, r in enumerate(rules)]
    ctl = clingo.Control(["--warn=none"], logger=log)
    try:
        with ProgramBuilder(ctl) as builder:
            for node in parsed:
                builder.add(node)
            for trace, head in zip(traced, heads, strict=True):
                for rule in trace.rules(head):
                    builder.add(rule)
        ctl.add("base", [], text)
        ctl.ground([("base", [])], context=given)
    except (RuntimeError, MemoryError) as error:
        raise log.refusal(error) from None
    places = [f"{Path(r.location.begin.filename).name}:{r.location.begin.line}" for r in rules]
    steps = []
    once = Once(str)
    for place, trace in zip(places, traced, strict=True):
        found = ctl.symbolic_atoms.by_signature(trace.name, 1)
        for text in as_written([atom.symbol for atom in found]):
            head, *values = text[len(trace.name) + 2 :].split(_PARTS)[:-1]
            rests = [once[f + v if f else v] for f, v in zip(trace.forms, values, strict=True)]
            steps.append((place, once[head], tuple(rests)))
    switches = {
        n.name: v.number if v.type == clingo.SymbolType.Number else str(v)
        for n, v in rows(ctl, "switch", 2)
    }
    return steps, switches
