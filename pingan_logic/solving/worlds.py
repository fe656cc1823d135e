"""Searches all worlds that a property's files generate, for the smallest counterexample.

A policy judges more than a property asks about. Only rules that lead to what is searched for take
part: the others would be written out for every world, in each of two copies, and decide nothing.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import clingo
from attrs import define, evolve
from clingo.ast import AST, ProgramBuilder, Transformer, parse_files

from pingan_logic.catalogue import Policy, Setting
from pingan_logic.errors import PolicyError, Problem
from pingan_logic.rules.predicates import GIVEN
from pingan_logic.rules.scan import scan
from pingan_logic.solving.asking import Dated, dated
from pingan_logic.solving.derived_atoms import plain
from pingan_logic.solving.log import Log
from pingan_logic.solving.program import set_statements, statements
from pingan_logic.solving.towards import Statement, statement, towards

__all__ = ["Found", "Optimum", "Search", "optimum"]

Assumption = tuple[clingo.Symbol, bool]
"""An atom, and whether it is taken to be true."""
_COUNTER = ("counterexample", 2)


@define
class Found:
    """The end of one search: whether a counterexample exists, and the smallest one."""

    refuted: bool
    proven: bool
    world: dict[str, list[tuple[Any, ...]]]
    twin: dict[str, list[tuple[Any, ...]]]
    subjects: list[Any]
    choices: int
    conflicts: int
    seconds: float


class _Prefix(Transformer):
    """Puts a prefix before every predicate: a second copy of the rules in one program."""

    prefix: str

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix

    def visit_SymbolicAtom(self, atom: AST) -> AST:
        symbol = atom.symbol
        if symbol.ast_type.name == "Pool":
            arguments = [a.update(name=self.prefix + a.name) for a in symbol.arguments]
            return atom.update(symbol=symbol.update(arguments=arguments))
        return atom.update(symbol=symbol.update(name=self.prefix + symbol.name))

    def visit_Defined(self, node: AST) -> AST:
        return node.update(name=self.prefix + node.name)


@lru_cache(maxsize=4)
def _rules(
    paths: Sequence[Dated], settings: Sequence[Setting], prefix: str = ""
) -> list[Statement]:
    """Return the rules of a policy by its settings, with a prefix before every predicate."""
    if prefix:
        rename = _Prefix(prefix)
        return [statement(rename.visit(rule.node)) for rule in _rules(paths, settings)]
    return [statement(node) for node in set_statements([path for path, _ in paths], settings)]


_STATED = (
    "aim_about", "aim_text", "expected", "incidents", "property", "property_clause",
    "refuted_by", "size",
)  # fmt: skip
"""What a property says of itself and its search."""


class Search:
    """A search for counterexamples over all worlds that a property's files generate.

    `files` ends with the property itself; if that speaks of predicates that start with `prefix`,
    the rules of the policy are there a second time under it. Each aim is pursued by itself.
    Raises PolicyError when the files cannot be used.
    """

    prefix: str
    ctl: clingo.Control

    def __init__(self, policy: Policy, files: Sequence[Path], program: str, prefix: str) -> None:
        self.prefix = prefix
        of_world = [*GIVEN.items(), ("verdict", 3)]
        twin = [(prefix + name, arity) for name, arity in of_world]
        self.read: set[tuple[str, int]] = {*of_world, *twin, ("refuted_by", 1)}
        """What is read of a counterexample: its worlds with their verdicts, and what it refutes."""
        scan(list(files), choices=True)
        log = Log()
        self.ctl = clingo.Control(["--warn=all"], logger=log, message_limit=200)
        try:
            rules = _rules(dated(policy.files), policy.settings)
            told = [statement(node) for node in statements(files[-1:], log)]
            asked = [statement(node) for node in statements(files[:-1], log)]
            if any(name.startswith(prefix) for s in told for name in s.names):
                program += "twin_world."
                rules = [*rules, *_rules(dated(policy.files), policy.settings, prefix)]
            seen = (*GIVEN, "verdict")
            roots = (*_STATED, *seen, *(prefix + name for name in seen))
            with ProgramBuilder(self.ctl) as builder:
                for needed in towards([*rules, *asked, *told], roots):
                    builder.add(needed.node)
            program += "".join(f"#show {n}/{a}.#defined {n}/{a}." for n, a in sorted(self.read))
            self.ctl.add("base", [], program)
            self.ctl.ground([("base", [])])
        except (RuntimeError, MemoryError) as error:
            raise log.refusal(error) from None
        if log.messages:
            raise PolicyError(log.problems())

    @staticmethod
    def fact(path: Path, name: str) -> int:
        """Return the number N of the fact name(N) that a property file states."""
        scan([path], choices=True)
        values: list[int] = []

        def look(node: AST) -> None:
            head = getattr(node, "head", None)
            atom = getattr(getattr(head, "atom", None), "symbol", None)
            if atom is not None and getattr(atom, "name", "") == name and not node.body:
                values.append(atom.arguments[0].symbol.number)

        log = Log()
        try:
            parse_files([str(path)], look, logger=log)
        except RuntimeError:
            raise PolicyError(log.problems()) from None
        if len(values) != 1:
            raise PolicyError(
                [
                    Problem(
                        path.name,
                        f"应有且只有一条 {name}（整数）",
                        f"expected exactly one {name}(number)",
                        str(len(values)),
                    )
                ]
            )
        return values[0]

    def rows(self, name: str, arity: int) -> list[tuple[Any, ...]]:
        """Return the atoms of a predicate that hold in every world."""
        return [
            tuple(plain(a) for a in atom.symbol.arguments)
            for atom in self.ctl.symbolic_atoms.by_signature(name, arity)
            if atom.is_fact
        ]

    def aims(self) -> list[Any]:
        """Return what is asked, one search each, in order."""
        return [plain(a.symbol.arguments[0]) for a in sorted(self._aims(), key=lambda a: a.symbol)]

    def _aims(self) -> list[clingo.SymbolicAtom]:
        return list(self.ctl.symbolic_atoms.by_signature("pursued", 1))

    @property
    def size(self) -> tuple[int, int]:
        """Return the number of ground atoms and the number of solver constraints."""
        problem = self.ctl.statistics["problem"]
        return len(self.ctl.symbolic_atoms), int(problem["generator"]["constraints"])

    def smallest(self, aim: Any, limit: float | None = None, *, likely: bool = True) -> Found:
        """Pursue one aim: the smallest counterexample, proven so unless `limit` seconds pass.

        Where one is not `likely`, it is looked for of each subject by itself: to see that there is
        none takes a third of the time so.
        """
        wanted = [(a.symbol, plain(a.symbol.arguments[0]) == aim) for a in self._aims()]
        end = optimum(self.ctl, wanted, limit) if likely else self._each(aim, wanted, limit)
        world: dict[str, list[tuple[Any, ...]]] = {}
        twin: dict[str, list[tuple[Any, ...]]] = {}
        subjects: list[Any] = []
        for symbol in sorted(end.symbols):
            name, row = symbol.name, tuple(map(plain, symbol.arguments))
            if (name, len(row)) not in self.read:
                continue  # what a rule file shows
            if name == "refuted_by":
                subjects += row
            else:
                base = name.removeprefix(self.prefix)
                (world if base == name else twin).setdefault(base, []).append(row)
        return Found(
            end.satisfiable, end.proven, world, twin, subjects, end.choices, end.conflicts,
            end.seconds,
        )  # fmt: skip

    def _each(self, aim: Any, wanted: Sequence[Assumption], limit: float | None) -> Optimum:
        """Pursue an aim by one subject after the other, and by all when one has a counterexample:
        it may not be the smallest."""
        pairs = [a.symbol.arguments for a in self.ctl.symbolic_atoms.by_signature(*_COUNTER)]
        subjects = sorted({x for of, x in pairs if plain(of) == aim})
        until = None if limit is None else time.perf_counter() + limit

        def pursued(*more: Assumption) -> Optimum:
            left = None if until is None else until - time.perf_counter()
            return optimum(self.ctl, [*wanted, *more], left)

        ends: list[Optimum] = []
        for x in subjects if len(subjects) > 1 else ():
            ends.append(pursued((clingo.Function("refuted_by", [x]), True)))
            if ends[-1].satisfiable or not ends[-1].proven:
                break
        if not ends or ends[-1].satisfiable:
            ends.append(pursued())
        # time may have ended before that of all was found again
        found = next((e for e in reversed(ends) if e.satisfiable), ends[-1])
        return evolve(
            found,
            proven=found.proven and found is ends[-1],
            choices=sum(e.choices for e in ends),
            conflicts=sum(e.conflicts for e in ends),
            seconds=sum(e.seconds for e in ends),
        )


@define
class Optimum:
    """The end of an optimising search: the best model, its cost and the proven lower bound.

    Without a model `satisfiable` is false; `proven` says that this is final (the model is the
    best there is, or there is none), not cut short by the time limit.
    """

    satisfiable: bool
    proven: bool
    symbols: list[clingo.Symbol]
    cost: int
    lower: int
    choices: int
    conflicts: int
    seconds: float


def optimum(
    ctl: clingo.Control,
    assumptions: Sequence[Assumption],
    limit: float | None = None,
) -> Optimum:
    """Solve under assumptions to the proven optimum, or for at most `limit` seconds."""
    start = time.perf_counter()
    last: list[clingo.Symbol] = []
    satisfiable, proven = False, True
    with ctl.solve(assumptions=assumptions, yield_=True, async_=True) as handle:
        while True:
            handle.resume()
            left = None if limit is None else limit - (time.perf_counter() - start)
            if left is not None and (left <= 0 or not handle.wait(left)):
                handle.cancel()
                proven = False
                break
            model = handle.model()
            if model is None:
                break
            satisfiable = True
            last = model.symbols(shown=True)
    statistics = ctl.statistics
    solving = statistics["solving"]["solvers"]
    bounds = list(statistics["summary"]["lower"]) if "lower" in statistics["summary"] else []
    # the cost that a model itself gives wraps at 32 bits
    costs = list(statistics["summary"]["costs"])
    cost = int(costs[-1]) if satisfiable and costs else 0
    lower = cost if proven else int(bounds[-1]) if bounds else 0
    return Optimum(
        satisfiable, proven, last, cost, lower, int(solving["choices"]),
        int(solving["conflicts"]), time.perf_counter() - start,
    )  # fmt: skip
