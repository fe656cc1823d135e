"""Rules and facts given to clingo, ground.

Grounding alone decides a stratified policy: every atom must then be a fact. What is not a fact is
refused, because a choice or a loop in a policy is a design error, not a slow case.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import clingo
from clingo.ast import AST, ProgramBuilder, parse_files

from pingan_logic.catalogue import Setting
from pingan_logic.errors import PolicyError, Problem
from pingan_logic.rules.predicates import GIVEN
from pingan_logic.solving.log import Log
from pingan_logic.solving.program import expansion, without

__all__ = ["Given", "contradiction", "ground", "not_unique", "rows"]

_NOTHING: Mapping[tuple[str, int], Sequence[clingo.Symbol]] = MappingProxyType({})


def _load(ctl: clingo.Control, files: Sequence[Path], settings: Sequence[Setting]) -> None:
    """Load rule files; a fact that a setting replaces is left out and the setting put in."""
    replaced, names = {s.replaces for s in settings}, {s.predicate for s in settings}
    stating = [path for path in files if names and _may_state(path, names)]
    for path in files:
        if path not in stating:
            ctl.load(str(path))
    if not settings:
        return
    with ProgramBuilder(ctl) as builder:

        def take(node: AST) -> None:
            kept = without(node, replaced)
            if kept is not None:
                builder.add(kept)

        if stating:  # of no files the solver would read the standard input
            parse_files([str(path) for path in stating], take)
    ctl.add("base", [], "\n".join(s.fact for s in settings))


def _may_state(path: Path, names: set[str]) -> bool:
    """Whether a file may state facts of these names: only then are its rules taken one by one,
    which takes several times as long as to load them."""
    begins = rf"(?:^|[.%])\s*(?:{'|'.join(sorted(names))})\s*\("
    return re.search(begins, path.read_text(encoding="utf-8-sig"), re.MULTILINE) is not None


class Given:
    """Facts as terms, which rules take by `@given(predicate, places)`: a term is parsed four times
    faster than a fact of a program, each word of which clingo notes with its place; `known` are
    terms already, by name and number of places."""

    terms: dict[tuple[str, int], Sequence[clingo.Symbol]]

    def __init__(
        self,
        atoms: Mapping[str, Sequence[str]],
        log: Log,
        known: Mapping[tuple[str, int], Sequence[clingo.Symbol]] = _NOTHING,
    ) -> None:
        self.terms = {
            (name, GIVEN[name]): clingo.parse_term(f"({','.join(some)},)", logger=log).arguments
            for name, some in atoms.items()
            if some
        }
        self.terms.update(known)

    def rules(self) -> str:
        """Return the rules that make the terms facts."""
        atoms = [(_atom(name, arity), name, arity) for name, arity in self.terms]
        return "".join(f"{a} :- {a} = @given({name},{arity}).\n" for a, name, arity in atoms)

    def given(self, name: clingo.Symbol, arity: clingo.Symbol) -> Sequence[clingo.Symbol]:
        """Return the facts of a predicate to clingo."""
        return self.terms[name.name, arity.number]


def _atom(name: str, arity: int) -> str:
    return f"{name}({','.join(f'X{n}' for n in range(arity))})" if arity else name


def ground(
    files: tuple[Path, ...],
    program: str,
    settings: Sequence[Setting] = (),
    facts: Mapping[str, Sequence[str]] | None = None,
    rules: Sequence[AST] = (),
    known: Mapping[tuple[str, int], Sequence[clingo.Symbol]] = _NOTHING,
) -> clingo.Control:
    """Ground rules and facts: rules in files, as text and as trees, which are not to be parsed
    again; `facts` as text by predicate, `known` as terms by name and number of places."""
    made = expansion(files)
    log = Log(expansion=made)
    ctl = clingo.Control(["--warn=all"], logger=log, message_limit=200)
    try:
        _load(ctl, files, settings)
        if rules:
            with ProgramBuilder(ctl) as builder:
                for rule in rules:
                    builder.add(rule)
        given = Given(facts or {}, log, known)
        ctl.add("base", [], made.text + program + given.rules())
        ctl.ground([("base", [])], context=given)
    except (RuntimeError, MemoryError) as error:
        raise log.refusal(error) from None
    if log.messages:
        raise PolicyError(log.problems())
    if ctl.is_conflicting:
        raise contradiction()
    return ctl


def contradiction() -> PolicyError:
    """Return the error of rules without an answer."""
    return PolicyError(
        [
            Problem(
                "clingo",
                "规则互相矛盾（约束 :- ... 不成立）；请改写为 defect(...)",
                "the rules contradict themselves; write constraints as defect(...)",
            )
        ]
    )


def rows(ctl: clingo.Control, name: str, arity: int) -> list[list[clingo.Symbol]]:
    """Return the arguments of the atoms of a predicate. Raises PolicyError when one is no fact."""
    rows = []
    for atom in ctl.symbolic_atoms.by_signature(name, arity):
        if not atom.is_fact:
            raise not_unique(str(atom.symbol))
        rows.append(atom.symbol.arguments)
    return rows


def not_unique(atom: str | None) -> PolicyError:
    """Return the error of rules that leave an atom open."""
    zh = "规则含有选择或循环，结果不唯一"
    en = "the policy has a choice or a loop: its result is not unique"
    return PolicyError([Problem("clingo", zh, en, atom)])
