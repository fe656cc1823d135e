"""Questions to the evaluating rules: those rules that a question needs, with choices among inputs.

What is chosen is input of the rules; what follows from it they say themselves.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import clingo
from attrs import define
from clingo import ast
from clingo.ast import AST, Transformer, parse_files

from pingan_logic.policy.catalogue import Policy, Setting
from pingan_logic.policy.scan import scan
from pingan_logic.solving.engine import Log, without

__all__ = ["Asking", "End", "Smallest", "Term", "ledgers_of_earlier_years", "verdicts_read"]

Signature = tuple[str, int]
Term = Any
"""A ground term of the solver: it can be compared, hashed, written and taken apart by `plain`."""


@define
class End:
    """The end of one search: the shown atoms of the best answer, None if none; `proven` says
    that time did not cut it short, and `lower` is the proven bound of its cost."""

    atoms: Sequence[Term] | None
    proven: bool
    lower: int

    def terms(self, name: str) -> set[Term]:
        """Return the X of the atoms name(X)."""
        return {a.arguments[0] for a in self.atoms or () if a.match(name, 1)}

    def rows(self, name: str, arity: int) -> list[Sequence[Term]]:
        """Return the arguments of the atoms of a predicate."""
        return [a.arguments for a in self.atoms or () if a.match(name, arity)]


class Asking:
    """The rules of a policy on the way to some `goals`, a program of choices and its facts.

    Raises PolicyError when the files cannot be used.
    """

    def __init__(
        self,
        policy: Policy,
        files: Sequence[Path],
        goals: Sequence[Signature],
        facts: str,
        options: Sequence[str] = (),
    ) -> None:
        log = Log()
        self.ctl = clingo.Control(["--warn=none", *options], logger=log)
        self.parts = 0
        try:
            self.ctl.add("base", [], rules_towards(policy, files, goals) + facts)
            self.ctl.ground([("base", [])])
        except (RuntimeError, MemoryError) as error:
            raise log.refusal(error) from None

    @staticmethod
    def name(word: str, *arguments: str) -> Term:
        """Return a constant, or a term of constants."""
        return clingo.Function(word, [clingo.Function(a) for a in arguments])

    def terms(self, name: str) -> set[Term]:
        """Return the X of the atoms name(X) that are possible or certain."""
        found = self.ctl.symbolic_atoms.by_signature(name, 1)
        return {a.symbol.arguments[0] for a in found}

    def rows(self, name: str, arity: int) -> list[Sequence[Term]]:
        """Return the arguments of the atoms of a predicate that are certain."""
        found = self.ctl.symbolic_atoms.by_signature(name, arity)
        return [a.symbol.arguments for a in found if a.is_fact]

    def add(self, text: str) -> None:
        """Add statements about atoms that are there already."""
        self.parts += 1
        name = f"more_{self.parts}"
        self.ctl.add(name, [], text)
        self.ctl.ground([(name, [])])

    def best(
        self,
        assumed: Mapping[str, Iterable[Term]],
        but: Mapping[str, Iterable[Term]] | None = None,
        until: float | None = None,
        *,
        optimal: bool | None = True,
        whole: bool = False,
    ) -> End:
        """Solve with the atoms name(X) of `assumed` true and those of `but` false.

        `until` is the `time.monotonic` at which the search ends with what it has; with `optimal`
        false the first answer will do, with None every one is gone through and the last returned.
        `whole` asks for all atoms, not only those shown.
        """
        literals = [
            (clingo.Function(name, [x]), truth)
            for some, truth in ((assumed, True), (but or {}, False))
            for name, terms in some.items()
            for x in terms
        ]
        solving: Any = self.ctl.configuration.solve
        solving.opt_mode = "opt" if optimal else "ignore"
        best: list[clingo.Symbol] | None = None
        proven = True
        with self.ctl.solve(assumptions=literals, yield_=True, async_=True) as handle:
            while True:
                handle.resume()
                left = None if until is None else until - time.monotonic()
                if left is not None and not handle.wait(max(left, 0)):
                    proven = False
                    break
                if (model := handle.model()) is None:
                    break
                best = model.symbols(atoms=whole, shown=not whole)
                if optimal is False:
                    break
            handle.cancel()
        summary = self.ctl.statistics["summary"]
        found = "costs" if proven and best is not None else "lower"
        bounds = list(summary[found]) if found in summary else []
        return End(best, proven, int(bounds[0]) if bounds and optimal else 0)

    def possible(self, assumed: Mapping[str, Iterable[Term]], name: str) -> set[Term]:
        """Return the X for which name(X) can be true together with the atoms of `assumed`."""
        solving: Any = self.ctl.configuration.solve
        solving.enum_mode = "brave"
        try:
            return self.best(assumed, optimal=None).terms(name)
        finally:
            solving.enum_mode = "auto"


class _Names(Transformer):
    """Collects the predicates of a part of a rule."""

    def __init__(self) -> None:
        self.found: set[Signature] = set()

    def visit_SymbolicAtom(self, node: AST) -> AST:
        pooled = node.symbol.ast_type.name == "Pool"
        for symbol in node.symbol.arguments if pooled else (node.symbol,):
            negative = symbol.ast_type.name == "UnaryOperation"
            function = symbol.argument if negative else symbol
            sign = "-" if negative else ""
            self.found.add((sign + function.name, len(function.arguments)))
        return node


def _names(parts: Iterable[AST]) -> frozenset[Signature]:
    names = _Names()
    for part in parts:
        names.visit(part)
    return frozenset(names.found)


@define
class _Statement:
    """A statement of a rule file, the predicates that it derives and those that it reads."""

    node: AST
    heads: frozenset[Signature]
    reads: frozenset[Signature]


@lru_cache(maxsize=256)
def _statements(path: Path, changed: int) -> list[_Statement]:
    del changed  # when the file was: another text is another entry
    nodes: list[AST] = []
    parse_files([str(path)], nodes.append)
    found = []
    for node in nodes:
        kind = node.ast_type
        if kind == ast.ASTType.Rule:
            heads = _names([node.head])
            found.append(_Statement(node, heads, heads | _names(node.body)))
        elif kind == ast.ASTType.Minimize:
            found.append(_Statement(node, frozenset(), _names(node.body)))
        elif kind == ast.ASTType.ShowSignature:
            found.append(_Statement(node, frozenset(), frozenset({(node.name, node.arity)})))
        elif kind == ast.ASTType.Definition:
            found.append(_Statement(node, frozenset(), frozenset()))
    return found


def rules_towards(policy: Policy, files: Sequence[Path], goals: Sequence[Signature]) -> str:
    """Return, as text, the rules of a policy and of `files` on the way to the predicates `goals`.

    What only a report asks for, such as notices, is not among them; constraints, what is
    minimised and what is shown always are.
    """
    scan(list(files), choices=True)
    paths = (*policy.files, *files)
    return _rules_towards(
        tuple((p, p.stat().st_mtime_ns) for p in paths), policy.settings, tuple(goals)
    )


def verdicts_read(policy: Policy) -> list[str]:
    """Return the kinds whose verdicts some rule reads other than as the members of a clause."""
    found = set()
    for rule in _rules_that_read(policy, ("verdict", 3)):
        read = [a for a in _atoms(rule.body) if (a.name, len(a.arguments)) == ("verdict", 3)]
        if not read:
            continue
        words = set(_words([rule.head, *rule.body]))
        for atom in read:
            kinds = set(_words([atom.arguments[0]])) or set(policy.kinds)
            found |= {
                k
                for k in kinds
                if not any((c in words) and policy.clauses[c].members == k for c in policy.clauses)
            }
    return sorted(found)


def ledgers_of_earlier_years(policy: Policy) -> str:
    """Return rules that say of which units, items and earlier years some rule reads the ledger:
    earlier(A,T,Z)."""
    text = []
    for rule in _rules_that_read(policy, ("ledger", 3)):
        body = list(rule.body)
        whole = [literal for literal in body if _positive(literal)]
        now = {str(a.arguments[0]) for a in _atoms(whole) if a.name == "year"}
        for literal in body:
            for atom in _atoms([literal]):
                if (atom.name, len(atom.arguments)) != ("ledger", 3):
                    continue
                a, t, z = map(str, atom.arguments)
                if z in now:
                    continue
                rest = [str(x) for x in whole if x is not literal]
                rest += [f"unit(_,{a})", f"incident_type({t},_,_)", f"earlier_year({z})"]
                text.append(f"earlier({a},{t},{z}) :- {', '.join(rest)}.\n")
    return "".join(text)


def _rules_that_read(policy: Policy, signature: Signature) -> list[AST]:
    """Return the rules of a policy on the way to verdicts that speak of a predicate."""
    paths = tuple((p, p.stat().st_mtime_ns) for p in policy.files)
    kept = _towards(paths, (("verdict", 3),))
    return [s.node for s in kept if s.heads and signature in s.reads]


def _positive(literal: AST) -> bool:
    """Whether a literal binds or restricts variables without being about what does not hold."""
    atom = literal.atom if literal.ast_type == ast.ASTType.Literal else literal
    plain = atom.ast_type in (ast.ASTType.SymbolicAtom, ast.ASTType.Comparison)
    return plain and literal.sign == ast.Sign.NoSign


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


def _atoms(parts: Iterable[AST]) -> list[AST]:
    found = _Functions()
    for part in parts:
        found.visit(part)
    return found.atoms


def _words(parts: Iterable[AST]) -> list[str]:
    found = _Functions()
    for part in parts:
        found.visit(part)
    return found.words


@lru_cache(maxsize=32)
def _rules_towards(
    paths: Sequence[tuple[Path, int]], settings: Sequence[Setting], goals: Sequence[Signature]
) -> str:
    replaced = {(s.predicate, len(s.values) + 1, s.key) for s in settings}
    nodes = (without(s.node, replaced) for s in _towards(paths, goals))
    rules = [str(node) for node in nodes if node is not None]
    return "\n".join([*rules, *(s.fact for s in settings), ""])


@lru_cache(maxsize=32)
def _towards(paths: Sequence[tuple[Path, int]], goals: Sequence[Signature]) -> list[_Statement]:
    statements = [s for path, changed in paths for s in _statements(path, changed)]
    deriving: dict[Signature, list[int]] = defaultdict(list)
    wanted, seen = list(goals), set(goals)
    for number, s in enumerate(statements):
        for signature in s.heads:
            deriving[signature].append(number)
        if not s.heads:
            wanted += s.reads - seen
            seen |= s.reads
    kept = {n for n, s in enumerate(statements) if not s.heads}
    while wanted:
        for number in deriving[wanted.pop()]:
            if number not in kept:
                kept.add(number)
                wanted += statements[number].reads - seen
                seen |= statements[number].reads
    return [statements[n] for n in sorted(kept)]


class Smallest:
    """The sets of numbers that hit every core, fewest first, and of those the lightest.

    `loads` are the weights of the numbers 0, 1, ..., and `items` what they are about; of those
    about the same of `single` items one at most is needed. Each of `alike` says of some numbers to
    which of several interchangeable members they belong.
    """

    def __init__(
        self,
        loads: Sequence[int],
        items: Sequence[str],
        single: Iterable[str],
        alike: Iterable[Mapping[int, int]],
    ) -> None:
        self.ctl = clingo.Control(["--warn=none", "--opt-strategy=usc,oll", "--opt-usc-shrink=min"])
        names = {item: n for n, item in enumerate(dict.fromkeys(items))}
        self.items = [names[item] for item in items]
        self.single = {names[item] for item in single}
        self.group_of: dict[int, tuple[int, int]] = {}
        self.sizes: list[int] = []
        self.cores = 0
        self.loads = loads
        self.found: list[set[int]] = []
        text = [f"{{ s({n}) }}. load({n},{load}).\n" for n, load in enumerate(loads)]
        text += [f"about({n},{item}).\n" for n, item in enumerate(self.items)]
        text += [f":- #count {{ N : s(N), about(N,{i}) }} > 1.\n" for i in self.single]
        text.append("#minimize { 1@2,N : s(N) ; L@1,N : s(N), load(N,L) }.\n")
        for number, members in enumerate(alike):
            self.sizes.append(len(set(members.values())))
            for n, member in members.items():
                self.group_of[n] = (number, member)
                text.append(f"touched({number},{member},{self.items[n]}) :- s({n}).\n")
        self.ctl.add("base", [], "".join(text))
        self.ctl.ground([("base", [])])

    def hit(self, core: Iterable[int]) -> None:
        """Ask that one of a core be hit, and of each that differs from it in which of the
        interchangeable members it names."""
        core = set(core)
        self.found.append(core)
        here = [n for n in core if n not in self.group_of]
        members: dict[int, set[int]] = defaultdict(set)
        about: dict[int, set[int]] = defaultdict(set)
        for n in core - set(here):
            group, member = self.group_of[n]
            members[group].add(member)
            about[group].add(self.items[n])
        missed = [f"not s({n})" for n in here]
        text = f":- {','.join(f'not s({n})' for n in core)}.\n"
        if members:
            spared = [
                f"#count {{ {' ; '.join(f'M : touched({g},M,{i})' for i in sorted(about[g]))} }}"
                f" <= {self.sizes[g] - len(some)}"
                for g, some in members.items()
                # no more than one for each item can be touched
                if about[g] - self.single or self.sizes[g] - len(some) < len(about[g])
            ]
            text += f":- {','.join([*missed, *spared])}.\n"
        self.cores += 1
        name = f"core_{self.cores}"
        self.ctl.add(name, [], text)
        self.ctl.ground([(name, [])])

    def best(self, until: float | None = None) -> set[int]:
        """Return the best set. Raises TimeoutError when it is not found by `until`."""
        apart = [{self.items[n] for n in core} for core in self.found]
        if all(len(items) == 1 and items <= self.single for items in apart):
            return self._one_each(list(zip((min(i) for i in apart), self.found, strict=True)))
        found: set[int] = set()
        with self.ctl.solve(yield_=True, async_=True) as handle:
            while True:
                handle.resume()
                if until is not None and not handle.wait(max(until - time.monotonic(), 0)):
                    handle.cancel()
                    raise TimeoutError
                if (model := handle.model()) is None:
                    return found
                atoms = model.symbols(atoms=True)
                found = {a.arguments[0].number for a in atoms if a.match("s", 1)}

    def _one_each(self, cores: Sequence[tuple[int, set[int]]]) -> set[int]:
        """Return the lightest number for each item when each core is about one of which one is
        enough."""
        left: dict[int, set[int]] = {}
        for item, core in cores:
            sure = {n for n in core if n not in self.group_of or self._whole(n, core)}
            left[item] = left.get(item, sure) & sure
        return {min(some, key=lambda n: (self.loads[n], n)) for some in left.values()}

    def _whole(self, number: int, core: set[int]) -> bool:
        """Whether a core names every member that is interchangeable with that of a number."""
        group, _ = self.group_of[number]
        members = {self.group_of[n][1] for n in core if self.group_of.get(n, (-1, 0))[0] == group}
        return len(members) == self.sizes[group]
