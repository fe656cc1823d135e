"""Which rules rest on which: refuses rules that no order of evaluation fits, before any is run.

A rule may rest on itself only through positive atoms, and only while it makes no new terms without
end. Rules are told apart by the constants in their heads, as the grounder does: the verdict of a
village may rest on that of a household, since both are written with the kind as a constant.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence

from attrs import frozen

from pingan_logic.errors import PolicyError, Problem
from pingan_logic.rules.syntax import Atom, Rule, Syntax, Term
from pingan_logic.rules.templates import once

__all__ = ["NOT_ONE", "check_strata", "loops"]

NOT_ONE = (
    "规则头是选择或析取（{…} 或 a ; b），定不下结论，不得使用；应写成一条一条的事实",
    "the head is a choice ({...}) or a disjunction (a ; b), which decides nothing and is refused: "
    "state each fact by itself",
)
"""What is said of a rule whose head is not one atom, in Chinese and English."""

_Pattern = tuple[str, tuple[frozenset[tuple[str, str]] | None, ...]]
"""A predicate and its arguments: constants, None for what may be anything."""

_UP = {"<": 1, "<=": 1, ">": -1, ">=": -1}


@frozen
class _Node:
    """A rule with one of its heads, and the atoms it needs: all such atoms first if it says so."""

    rule: Rule
    head: _Pattern
    needs: tuple[tuple[_Pattern, bool], ...]

    def __str__(self) -> str:
        return f"{self.head[0]}/{len(self.head[1])} {self.rule.file}:{self.rule.line}"


def check_strata(syntax: Syntax) -> None:
    """Raise PolicyError with every head that is not one atom, every loop through negation or an
    aggregate, and every recursion that may not end."""
    problems = [_not_one(r) for r in syntax.rules if r.choice]
    nodes = [n for r in syntax.rules if not r.fact for n in _nodes(r, syntax.constants)]
    by_name: dict[str, list[int]] = defaultdict(list)
    for n, node in enumerate(nodes):
        by_name[node.head[0]].append(n)
    links: list[dict[int, bool]] = [{} for _ in nodes]
    for n, node in enumerate(nodes):
        for pattern, strict in node.needs:
            for m in by_name.get(pattern[0], ()):
                if _overlap(pattern, nodes[m].head):
                    links[n][m] = links[n].get(m, False) or strict
    for loop in loops(links):
        strict_links = [(n, m) for n in loop for m in loop if links[n].get(m)]
        if strict_links:
            way = _path(links, loop, *min(strict_links))
            problems.append(_unordered([nodes[n] for n in way]))
            continue
        heads = [nodes[m].head for m in loop]
        for rule in {id(nodes[n].rule): nodes[n].rule for n in loop}.values():
            problems += _endless(rule, heads, syntax.constants)
    if problems:
        raise PolicyError(once(problems))


def _nodes(rule: Rule, constants: frozenset[str]) -> Iterator[_Node]:
    needs = tuple((_pattern(a, constants), a.negated or a.inner) for a in rule.body)
    for atom in rule.head:
        yield _Node(rule, _pattern(atom, constants), needs)


def _pattern(atom: Atom, constants: frozenset[str]) -> _Pattern:
    def plain(term: Term) -> frozenset[tuple[str, str]] | None:
        if term.kind == "pool":
            choices = [plain(t) for t in term.args]
            return frozenset(p for c in choices if c for p in c) if all(choices) else None
        known = term.kind in ("num", "str") or (
            term.constant is not None and term.name not in constants
        )
        return frozenset({(term.kind, term.name)}) if known else None

    return atom.name, tuple(map(plain, atom.args))


def _overlap(one: _Pattern, other: _Pattern) -> bool:
    """Whether an atom could be an instance of both."""
    if one[0] != other[0] or len(one[1]) != len(other[1]):
        return False
    return all(a is None or b is None or a & b for a, b in zip(one[1], other[1], strict=True))


def loops(links: Sequence[Mapping[int, bool]]) -> list[list[int]]:
    """Return the sets of rules that rest on each other (Tarjan's algorithm, without recursion)."""
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    path: list[int] = []
    found: list[list[int]] = []
    for start in range(len(links)):
        work = [(start, iter(links[start]))] if start not in index else []
        while work:
            here, targets = work[-1]
            if here not in index:
                index[here] = low[here] = len(index)
                path.append(here)
            target = next((t for t in targets if t not in index), None)
            if target is not None:
                work.append((target, iter(links[target])))
                continue
            work.pop()
            # the rules of loops already found have left the path: they have no `low` any more
            low[here] = min([low[t] for t in (here, *links[here]) if t in low])
            if low[here] == index[here]:
                group = path[path.index(here) :]
                del path[-len(group) :]
                for n in group:
                    del low[n]
                if len(group) > 1 or here in links[here]:
                    found.append(sorted(group))
    return sorted(found)


def _path(links: Sequence[dict[int, bool]], loop: list[int], first: int, then: int) -> list[int]:
    """Return the shortest way from rule `first` over `then` back to `first` within a loop."""
    inside = set(loop)
    came: dict[int, int] = {}
    waiting = deque([then])
    while waiting and first not in came and then != first:
        here = waiting.popleft()
        for target in sorted(links[here].keys() & inside - came.keys()):
            came[target] = here
            waiting.append(target)
    way = [first]
    while way[-1] != then:
        way.append(came[way[-1]])
    return [first, *reversed(way)] if then != first else [first, first]


def _place(rule: Rule) -> str:
    return f"{rule.file}:{rule.line} {rule.asked}".rstrip()


def _not_one(rule: Rule) -> Problem:
    place = f"{rule.file}:{rule.line}:{rule.column} {rule.asked}".rstrip()
    return Problem(place, *NOT_ONE, rule.text)


def _unordered(way: list[_Node]) -> Problem:
    chain = " -> ".join(map(str, way))
    return Problem(
        _place(way[0].rule),
        f"规则经否定或聚合依赖自身，没有可行的求值顺序（类别等应写成常量）：{chain}",
        "rules rest on themselves through negation or an aggregate, so that no order of "
        f"evaluation fits (write kinds and the like as constants): {chain}",
    )


def _endless(rule: Rule, loop: list[_Pattern], constants: frozenset[str]) -> Iterator[Problem]:
    """Name the terms of a recursive rule that nothing keeps from growing."""
    positive = [a for a in rule.body if not a.negated and not a.inner]
    outside = {
        v
        for a in positive
        if not any(_overlap(_pattern(a, constants), head) for head in loop)
        for v in _variables(a.args)
    }
    given = {t for a in positive for t in a.args}
    bound = {v for a in positive for v in _variables(a.args)}
    made = [t for a in rule.head for t in a.args if t.kind != "var"]
    limited = set()
    for c in rule.comparisons:
        for left, sign, right in zip(c.terms, c.signs, c.terms[1:], strict=False):
            for one, other, way in ((left, right, 1), (right, left, -1)):
                if sign == "=" and one.kind == "var" and one.name not in bound:
                    made.append(other)
                if sign in _UP and _direction(one) == 1 and _variables([other]) <= outside:
                    limited |= {(v, way * _UP[sign]) for v in _variables([one])}
    for term in made:
        direction = _direction(term)
        free = {v for v in _variables([term]) if v not in outside}
        if term not in given and not all((v, direction) in limited for v in free):
            yield Problem(
                _place(rule),
                "递归规则不断产生新的项，不会终止；"
                "请加上界（如 N < 100）或用递归之外的谓词限定变量",
                "the recursive rule makes new terms without end; add a bound, as N < 100, or bind "
                "the variable by a predicate outside the recursion",
                rule.text,
            )


def _variables(terms: Sequence[Term]) -> set[str]:
    return {t.name for term in terms for t in term.walk() if t.kind == "var"}


def _direction(term: Term) -> int:
    """Return 1 when a term only gets larger with its variables, -1 when smaller, 0 unknown."""
    if term.kind != "op":
        return 1 if term.kind == "var" or (term.kind == "num" and int(term.name) > 0) else 0
    grows = all(_direction(t) == 1 for t in term.args) and len(term.args) == 2
    if grows and term.name == "-":
        return 0 if _variables(term.args[1:]) else -1
    return 1 if grows and term.name in ("+", "*") else 0
