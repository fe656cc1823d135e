"""The rules that each quotation of the notice stands for."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from attrs import evolve

from pingan_logic.audit.entries import RulePlace
from pingan_logic.catalogue import Policy
from pingan_logic.rules.quotations import Quotation
from pingan_logic.rules.syntax import Atom, Rule, Syntax, Term, unify

__all__ = [
    "clauses_in",
    "named",
    "rules_of",
    "show",
    "together",
]


def together(quotations: list[Quotation], policy: Policy) -> Iterator[Quotation]:
    """Yield quotations, one for clauses of several kinds with the same words at the same place: a
    sentence may be said of more than one standard."""
    found: dict[tuple[str, str], list[Quotation]] = defaultdict(list)
    for q in quotations:
        if q.by.name != "clause":
            yield q
            continue
        some = found[q.place, q.text]
        kinds = {policy.clauses[c].kind for other in some for c in clauses_in(other.by)}
        if kinds & {policy.clauses[c].kind for c in clauses_in(q.by)}:
            yield q
        else:
            some.append(q)
    for first, *others in found.values():
        if others:
            names = tuple(Term("fun", c) for q in (first, *others) for c in clauses_in(q.by))
            first = evolve(first, by=Term("fun", "clause", (Term("pool", "", names),)))
        yield first


def show(term: Term) -> str:
    """Return a term as it is written."""
    if term.kind == "pool":
        return ";".join(show(t) for t in term.args)
    if term.args:
        return f"{term.name}({', '.join(show(t) for t in term.args)})"
    return term.name


def named(term: Term, atom: Atom) -> bool:
    """Say whether an atom is one that `term` names by predicate and first arguments."""
    return (
        atom.name == term.name
        and len(term.args) <= len(atom.args)
        and all(unify(t, a) for t, a in zip(term.args, atom.args, strict=False))
    )


def clauses_in(term: Term) -> tuple[str, ...]:
    """Return the clauses that a term clause(...) names."""
    if term.name != "clause":
        return ()
    first = term.args[0]
    return tuple(t.name for t in (first.args if first.kind == "pool" else (first,)))


def rules_of(term: Term, syntax: Syntax, policy: Policy) -> tuple[RulePlace, ...]:
    """Return the rules that a quoting term stands for."""
    if term.name == "clause":
        some = {x.id for c in clauses_in(term) for x in policy.made_of(policy.clauses[c])}
        found = [
            r
            for r in syntax.rules
            if any(
                h.name in ("clause", "prohibits", "threshold", "pass_mark", "finding", "size",
                           "allowed", "missed", "unproven", "tally", "members", "poll_clause",
                           "measures", "adds", "group_limits", "base_points", "best_of", "asks_for",
                           "asks_for_given", "looks_back", "any_of",
                           "all_of")
                and some.intersection(h.constants(0))
                for h in r.head
            )
        ]  # fmt: skip
    else:
        found = [r for r in syntax.rules if any(named(term, h) for h in r.head)]
    return tuple(sorted(RulePlace(r.file, r.line, _tidy(r)) for r in found))


def _tidy(rule: Rule) -> str:
    """Put a space after each colon-dash and comma, as people write rules."""
    return re.sub(r"\s+", " ", rule.text)
