"""Sums of what a search leaves open, given to a variable: each possible sum is written out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from pingan_logic.rules.syntax import Rule

__all__ = ["assigned_sums"]

_OPEN = ("verdict/3", "finding/5")
"""What a search (fix, margin, missing) leaves open, and looks for."""


def assigned_sums(
    rules: Sequence[Rule], searched: Iterable[str]
) -> Iterator[tuple[str, int, int, str, str]]:
    """Yield file, line, column and the message in Chinese and English of each aggregate over
    verdicts or findings that gives its value to a variable, in rules which lead to verdicts or to
    predicates that are `searched`.

    Rules that wait for what a run is `asked` for are written out for a report only.
    """
    rests: dict[str, set[str]] = defaultdict(set)
    leads: dict[str, set[str]] = defaultdict(set)
    for rule in rules:
        if _for_reports(rule):
            continue
        for head in rule.head:
            for atom in rule.body:
                rests[atom.signature].add(head.signature)
                leads[head.signature].add(atom.signature)
    unsettled = _reached(_OPEN, rests)
    sought = _reached((*_OPEN, *searched), leads)
    for rule in rules:
        if _for_reports(rule) or not any(h.signature in sought for h in rule.head):
            continue
        known = {
            t.name for a in rule.body if not a.negated and not a.inner for t in a.args
            if t.kind == "var"
        }  # fmt: skip
        for aggregate in rule.aggregates:
            over = {a.signature for e in aggregate.elements for a in e.atoms}
            for sign, term in aggregate.guards:
                assigned = sign == "=" and term.kind == "var" and term.name not in known
                if assigned and over & unsettled:
                    function = f"#{aggregate.function}"
                    yield (
                        rule.file, aggregate.line, aggregate.column,
                        f"结论的 {function} 赋给变量 `{term.name}`，结论又取决于它：整改等搜索要"
                        f"写出每一个可能的值；改用界限，如 `M < {function} {{...}}`",
                        f"{function} over verdicts gives its value to `{term.name}`, on which "
                        "verdicts rest: searches for remedies, margins and missing records write "
                        f"out each possible value; use a bound, as in `M < {function} {{...}}`",
                    )  # fmt: skip


def _for_reports(rule: Rule) -> bool:
    return any(a.signature == "asked/1" and not a.negated for a in rule.body)


def _reached(start: Iterable[str], edges: dict[str, set[str]]) -> set[str]:
    found = set(start)
    waiting = list(found)
    while waiting:
        new = edges[waiting.pop()] - found
        found |= new
        waiting += new
    return found
