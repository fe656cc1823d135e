"""Questions to the evaluating rules: those rules that a question needs, with choices among inputs.

What is chosen is input of the rules; what follows from it they say themselves.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import clingo
from attrs import define
from clingo import ast
from clingo.ast import AST

from pingan_logic.catalogue import Policy, Setting
from pingan_logic.rules.scan import scan
from pingan_logic.solving.atoms import atoms_of, words_of
from pingan_logic.solving.log import Log
from pingan_logic.solving.program import own_statements, without, written_out
from pingan_logic.solving.towards import Statement, sayings, towards

__all__ = ["Asking", "Dated", "End", "Term", "dated", "ledgers_of_earlier_years", "verdicts_read"]

Dated = tuple[Path, int]
"""A rule file, and when it was changed."""
Term = Any
"""A ground term of the solver: it can be compared, hashed, written and taken apart by `plain`."""


@define
class End:
    """The end of one search: the shown atoms of the best answer, None if none; `proven` says
    that time did not cut it short, and `bounds` are the proven bounds of its costs, the most
    important first."""

    atoms: Sequence[Term] | None
    proven: bool
    bounds: Sequence[int]

    @property
    def lower(self) -> int:
        """The proven bound of the most important cost."""
        return self.bounds[0] if self.bounds else 0

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

    log: Log
    ctl: clingo.Control
    parts: int

    def __init__(
        self,
        policy: Policy,
        files: Sequence[Path],
        goals: Sequence[str],
        facts: str,
        options: Sequence[str] = (),
    ) -> None:
        self.log = Log()
        self.ctl = clingo.Control(["--warn=none", *options], logger=self.log)
        self.parts = 0
        self._ground("base", rules_towards(policy, files, goals) + facts)

    def _ground(self, part: str, text: str) -> None:
        try:
            self.ctl.add(part, [], text)
            self.ctl.ground([(part, [])])
        except (RuntimeError, MemoryError) as error:
            raise self.log.refusal(error) from None

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
        """Add statements about atoms that are there already. Raises PolicyError when they cannot be
        used."""
        self.parts += 1
        self._ground(f"more_{self.parts}", text)

    def best(
        self,
        assumed: Mapping[str, Iterable[Term]],
        but: Mapping[str, Iterable[Term]] | None = None,
        until: float | None = None,
        *,
        optimal: bool | None = True,
        whole: bool = False,
        untrue: bool = False,
    ) -> End:
        """Solve with the atoms name(X) of `assumed` true and those of `but` false.

        `until` is the `time.monotonic` at which the search ends with what it has; with `optimal`
        false the first answer will do, with None every one is gone through and the last returned.
        `whole` asks for all atoms, not only those shown; `untrue` for those that are not true.
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
                if left is not None and (left <= 0 or not handle.wait(left)):
                    proven = False
                    break
                if (model := handle.model()) is None:
                    break
                best = model.symbols(atoms=whole, shown=not whole, complement=untrue)
                if optimal is False:
                    break
            handle.cancel()
        return End(best, proven, self._bounds(proven and best is not None) if optimal else ())

    def by_cores(self) -> None:
        """From now on, look for the best answer by what cannot all be had: that raises the proven
        bound, where to improve on what is found does not end."""
        solver: Any = self.ctl.configuration.solver
        solver[0].opt_strategy = "usc,oll"
        solver[0].opt_usc_shrink = "min"

    def _bounds(self, known: bool) -> Sequence[int]:
        """Return the costs where they are known, else their lower bounds."""
        summary = self.ctl.statistics["summary"]
        return [int(n) for n in summary.get("costs" if known else "lower", ())]

    def consequences(
        self,
        mode: str,
        assumed: Mapping[str, Iterable[Term]],
        but: Mapping[str, Iterable[Term]] | None = None,
        until: float | None = None,
    ) -> End:
        """Return what is shown in some answer (mode brave) or in every one (cautious), as far as
        it is known by `until`; the rest as for `best`."""
        solving: Any = self.ctl.configuration.solve
        solving.enum_mode = mode
        try:
            return self.best(assumed, but, until, optimal=None)
        finally:
            solving.enum_mode = "auto"


@lru_cache(maxsize=256)
def _statements(path: Path, changed: int) -> list[Statement]:
    del changed  # when the file was: another text is another entry
    return sayings(own_statements([path]))


def rules_towards(policy: Policy, files: Sequence[Path], goals: Sequence[str]) -> str:
    """Return, as text, the rules of a policy and of `files` on the way to the predicates `goals`.

    What only a report asks for, such as notices, is not among them; constraints, what is
    minimised and what is shown always are.
    """
    _scanned(dated(files))
    return _rules_towards(dated(policy.files), dated(files), policy.settings, tuple(goals))


@lru_cache(maxsize=32)
def _scanned(paths: Sequence[Dated]) -> None:
    scan([path for path, _ in paths], choices=True)


def verdicts_read(policy: Policy) -> list[str]:
    """Return the kinds whose verdicts some rule reads other than as the members of a clause."""
    members = tuple((c.id, k) for c in policy.clauses.values() for k in c.members)
    return list(_verdicts_read(dated(policy.files), members, tuple(policy.kinds)))


@lru_cache(maxsize=32)
def _verdicts_read(
    paths: Sequence[Dated], members: Sequence[tuple[str, str]], all_kinds: Sequence[str]
) -> Sequence[str]:
    found = set()
    for rule in _rules_that_read(paths, "verdict"):
        read = [a for a in atoms_of(rule.body) if (a.name, len(a.arguments)) == ("verdict", 3)]
        if not read:
            continue
        words = set(words_of([rule.head, *rule.body]))
        for atom in read:
            kinds = set(words_of([atom.arguments[0]])) or set(all_kinds)
            found |= {k for k in kinds if not any(c in words and m == k for c, m in members)}
    return sorted(found)


def ledgers_of_earlier_years(policy: Policy) -> str:
    """Return rules that say of which units, items and earlier years some rule reads the ledger:
    earlier(A,T,Z)."""
    return _ledgers_of_earlier_years(dated(policy.files))


@lru_cache(maxsize=32)
def _ledgers_of_earlier_years(paths: Sequence[Dated]) -> str:
    text = []
    for rule in _rules_that_read(paths, "ledger"):
        body = list(rule.body)
        whole = [literal for literal in body if _positive(literal)]
        now = {str(a.arguments[0]) for a in atoms_of(whole) if a.name == "year"}
        for literal in body:
            for atom in atoms_of([literal]):
                if (atom.name, len(atom.arguments)) != ("ledger", 3):
                    continue
                a, t, z = map(str, atom.arguments)
                if z in now:
                    continue
                rest = [str(x) for x in whole if x is not literal]
                rest += [f"unit(_,{a})", f"incident_type({t},_,_)", f"earlier_year({z})"]
                text.append(f"earlier({a},{t},{z}) :- {', '.join(rest)}.\n")
    return "".join(text)


def dated(files: Iterable[Path]) -> Sequence[Dated]:
    """Return files as a key under which what was found in them can be kept."""
    return tuple((p, p.stat().st_mtime_ns) for p in files)


def _rules_that_read(paths: Sequence[Dated], predicate: str) -> list[AST]:
    """Return the rules of a policy on the way to verdicts that speak of a predicate."""
    kept = _towards(paths, ("verdict",))
    return [s.node for s in kept if s.heads and predicate in s.names]


def _positive(literal: AST) -> bool:
    """Whether a literal binds or restricts variables without being about what does not hold."""
    atom = literal.atom if literal.ast_type == ast.ASTType.Literal else literal
    plain = atom.ast_type in (ast.ASTType.SymbolicAtom, ast.ASTType.Comparison)
    return plain and literal.sign == ast.Sign.NoSign


@lru_cache(maxsize=32)
def _rules_towards(
    paths: Sequence[Dated],
    beside: Sequence[Dated],
    settings: Sequence[Setting],
    goals: Sequence[str],
) -> str:
    kept = _towards(paths, goals, beside)
    rules = [s.text for s in kept]
    if replaced := {s.replaces for s in settings}:
        nodes = (without(s.node, replaced) for s in kept)
        rules = [str(node) for node in nodes if node is not None]
    return "\n".join([*rules, *(s.fact for s in settings), ""])


@lru_cache(maxsize=32)
def _towards(
    paths: Sequence[Dated], goals: Sequence[str], beside: Sequence[Dated] = ()
) -> list[Statement]:
    found = [s for path, changed in (*paths, *beside) for s in _statements(path, changed)]
    return towards([*found, *_templates(paths)], goals)


@lru_cache(maxsize=32)
def _templates(paths: Sequence[Dated]) -> list[Statement]:
    return sayings(written_out([path for path, _ in paths], placed=False))
