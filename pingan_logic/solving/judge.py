"""Judges one set of facts with clingo."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date

import clingo
from clingo.ast import AST, ProgramBuilder, parse_string

from pingan_logic.catalogue import Policy
from pingan_logic.errors import PolicyError
from pingan_logic.model import Facts
from pingan_logic.rules.predicates import DERIVED, INHERITED
from pingan_logic.solving.control import Given, ground
from pingan_logic.solving.defects import placed
from pingan_logic.solving.derived_atoms import DerivedAtoms
from pingan_logic.solving.encode import fact_atoms
from pingan_logic.solving.grouping import ungrouped
from pingan_logic.solving.judging_rules import judging_rules
from pingan_logic.solving.log import Log
from pingan_logic.solving.outcome import Outcome, outcome_of
from pingan_logic.solving.outcome_check import unsound
from pingan_logic.solving.program import without
from pingan_logic.solving.shapes import misshapen

__all__ = ["derive", "solve"]


def solve(
    facts: Facts,
    policy: Policy,
    year: int,
    cut_off: date,
    *,
    asked: Iterable[str] = ("shares",),
    beside: Mapping[str, Sequence[str]] | None = None,
) -> Outcome:
    """Derive verdicts and findings for `year`, and shares or attainment if `asked`.

    `beside` are atoms that are given beside the facts, by predicate (`judging.classes`).
    Raises PolicyError when the policy is unsound.
    """
    shown = "".join(f"#show {p.signature}.\n" for p in DERIVED)
    atoms = {**fact_atoms(facts, policy, year, cut_off, asked), **(beside or {})}
    ctl = _ground(policy, shown, atoms)
    try:
        out = outcome_of(DerivedAtoms(ctl), ungrouped(facts), policy.files)
    except ValueError:  # no number where one is read
        raise placed(misshapen(ctl.symbolic_atoms), policy.files) from None
    if problems := unsound(out, facts, policy, shares="shares" in asked):
        raise PolicyError(problems)
    return out


def _ground(policy: Policy, shown: str, atoms: Mapping[str, Sequence[str]]) -> clingo.Control:
    if (picked := judging_rules(policy)) is not None:
        with suppress(PolicyError):
            return ground((), shown, (), atoms, picked.rules, picked.facts)
    # what is wrong is said at its place in the files
    return ground(policy.files, shown, policy.settings, atoms)


def derive(policy: Policy, atoms: Mapping[str, Sequence[str]]) -> DerivedAtoms:
    """Return what units inherit from their surroundings, by the rules of the policy that say so."""
    log = Log()
    ctl = clingo.Control(["--warn=none"], logger=log)
    given = Given(atoms, log)
    heads: set[str] = set()

    def take(node: AST) -> None:
        kept = without(node, replaced)
        heads.add(_head_of(node))
        if kept is not None:
            builder.add(kept)

    replaced = {s.replaces for s in policy.settings}
    try:
        if replaced:
            with ProgramBuilder(ctl) as builder:
                parse_string(policy.proof.upwards, take, logger=log)
            facts = (s.fact for s in policy.settings if s.predicate in heads)
            ctl.add("base", [], "\n".join(facts))
        else:
            ctl.add("base", [], policy.proof.upwards)
        shown = "".join(f"#show {name}/{arity}.\n" for name, arity in INHERITED)
        ctl.add("base", [], shown + given.rules())
        ctl.ground([("base", [])], context=given)
    except (RuntimeError, MemoryError) as error:
        raise log.refusal(error) from None
    return DerivedAtoms(ctl)


def _head_of(node: AST) -> str:
    symbol = getattr(getattr(getattr(node, "head", None), "atom", None), "symbol", None)
    return str(getattr(symbol, "name", ""))
