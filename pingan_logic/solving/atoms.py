"""The atoms and constants of rules, found in the solver's trees."""

from __future__ import annotations

from collections.abc import Iterable

from clingo.ast import AST, Transformer

__all__ = ["atoms_of", "words_of"]


class _Functions(Transformer):
    """Collects the atoms, and the constants, of a part of a rule."""

    def __init__(self) -> None:
        self.atoms: list[AST] = []
        self.words: list[str] = []

    def visit_SymbolicAtom(self, node: AST) -> AST:
        pooled = node.symbol.ast_type.name == "Pool"
        for symbol in node.symbol.arguments if pooled else (node.symbol,):
            if symbol.ast_type.name == "Function":
                self.atoms.append(symbol)
                self.visit_sequence(symbol.arguments)
        return node

    def visit_Function(self, node: AST) -> AST:
        if not node.arguments:
            self.words.append(node.name)
        self.visit_children(node)
        return node

    def visit_SymbolicTerm(self, node: AST) -> AST:
        self.words.append(str(node))
        return node


def atoms_of(parts: Iterable[AST]) -> list[AST]:
    """Return the atoms in parts of rules, as terms."""
    return _found(parts).atoms


def words_of(parts: Iterable[AST]) -> list[str]:
    """Return the constants in parts of rules."""
    return _found(parts).words


def _found(parts: Iterable[AST]) -> _Functions:
    found = _Functions()
    for part in parts:
        found.visit(part)
    return found
