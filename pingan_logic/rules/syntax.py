"""Rule files as plain values: what the linter, the audit and the reference read.

The solver's own parser makes them (`solving.program.read_rules`); nothing here imports it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from attrs import field, frozen

__all__ = [
    "Aggregate",
    "Atom",
    "Comparison",
    "Docstring",
    "Element",
    "Rule",
    "Syntax",
    "Term",
    "docstrings",
    "matches",
    "unify",
]


@frozen
class Term:
    """A term. `kind` is var, num, str, fun, pool, op or other; a constant is a fun without args.

    The `name` of an op is its sign if that is one of + - * and `..`.
    """

    kind: str
    name: str
    args: tuple[Term, ...] = ()
    line: int = field(default=0, eq=False)
    column: int = field(default=0, eq=False)

    def walk(self) -> Iterator[Term]:
        """Yield the term and every term inside it."""
        yield self
        for a in self.args:
            yield from a.walk()

    @property
    def constant(self) -> str | None:
        """The name of a constant, or None."""
        return self.name if self.kind == "fun" and not self.args else None


@frozen
class Atom:
    """An atom in a rule; `negated` is true under `not`, `inner` inside an aggregate."""

    name: str
    args: tuple[Term, ...]
    line: int
    column: int
    negated: bool = False
    inner: bool = False

    @property
    def signature(self) -> str:
        """Name and arity, as in `verdict/3`."""
        return f"{self.name}/{len(self.args)}"

    def constants(self, position: int) -> tuple[str, ...]:
        """Return the constants that may stand at a position: one, those of a pool, or none."""
        term = self.args[position]
        choices = term.args if term.kind == "pool" else (term,)
        return tuple(t.name for t in choices if t.constant is not None)


@frozen
class Comparison:
    """`left sign right`; `signs` and `terms` alternate in a chain."""

    terms: tuple[Term, ...]
    signs: tuple[str, ...]
    line: int
    column: int


@frozen
class Element:
    """An element of an aggregate: its tuple, and the atoms of its condition."""

    terms: tuple[Term, ...]
    atoms: tuple[Atom, ...]


@frozen
class Aggregate:
    """An aggregate: count, sum, sum+, min or max, with its elements, and what its value is compared
    with (a sign and a term)."""

    function: str
    elements: tuple[Element, ...]
    line: int
    column: int
    guards: tuple[tuple[str, Term], ...] = ()


@frozen
class Rule:
    """A rule, fact, constraint or minimize statement at file:line:column.

    `choice` says that the head is more than one atom: a choice or a disjunction. What is written
    out of a template is at its place there; `asked` is file and line of the clause it is for, and
    `given` are the names that the template got.
    """

    file: str
    line: int
    column: int
    text: str
    head: tuple[Atom, ...]
    body: tuple[Atom, ...]
    comparisons: tuple[Comparison, ...] = ()
    aggregates: tuple[Aggregate, ...] = ()
    choice: bool = False
    constraint: bool = False
    statement: str = "rule"
    asked: str = ""
    given: frozenset[str] = frozenset()

    @property
    def place(self) -> str:
        """Where the rule stands; of a template, also for which clause."""
        place = f"{self.file}:{self.line}:{self.column}"
        return f"{place} {self.asked}" if self.asked else place

    @property
    def fact(self) -> bool:
        """Whether the rule has no condition."""
        return not (self.body or self.comparisons or self.aggregates or self.choice)


@frozen
class Docstring:
    """A `%*! predicate(A,B)` comment: what it documents and what it says."""

    file: str
    line: int
    name: str
    arguments: tuple[str, ...]
    text: str

    @property
    def signature(self) -> str:
        """Name and arity."""
        return f"{self.name}/{len(self.arguments)}"


@frozen
class Syntax:
    """The rule files of a policy: rules, declared inputs, docstrings, the text of each file, and
    the names that `#const` replaces."""

    rules: tuple[Rule, ...]
    inputs: dict[str, tuple[str, int]]
    docs: tuple[Docstring, ...]
    headers: dict[str, str]
    files: tuple[Path, ...]
    constants: frozenset[str] = frozenset()


_DOC = re.compile(r"%\*!(.*?)\*%", re.DOTALL)
_SIGNATURE = re.compile(r"\s*([a-z][a-z0-9_]*)(?:\(([A-Za-z0-9_,\s]*)\))?:?[ \t]*\n")


def docstrings(name: str, text: str) -> tuple[str, list[Docstring]]:
    """Return the header of a rule file (its first docstring, if that names no predicate) and
    the docstrings of its predicates."""
    header, docs = "", []
    for number, match in enumerate(_DOC.finditer(text)):
        line = text.count("\n", 0, match.start()) + 1
        named = _SIGNATURE.match(match[1])
        if number == 0 and (named is None or named[2] is None):
            header = match[1].strip()
        elif named is not None:
            arguments = tuple(a.strip() for a in (named[2] or "").split(",") if a.strip())
            said = match[1][named.end() :].strip()
            docs.append(Docstring(name, line, named[1], arguments, said))
    return header, docs


def unify(a: Term, b: Term) -> bool:
    """Say whether two terms can be the same; variables and arithmetic can be anything."""
    for one, other in ((a, b), (b, a)):
        if one.kind in ("var", "op", "other"):
            return True
        if one.kind == "pool":
            return any(unify(x, other) for x in one.args)
    return (
        a.kind == b.kind
        and a.name == b.name
        and len(a.args) == len(b.args)
        and all(unify(x, y) for x, y in zip(a.args, b.args, strict=True))
    )


def matches(a: Atom, b: Atom) -> bool:
    """Say whether two atoms can be the same."""
    return a.signature == b.signature and all(
        unify(x, y) for x, y in zip(a.args, b.args, strict=True)
    )
