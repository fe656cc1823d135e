"""The tree of units of the page, from county to household, as plain values for its script."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import compress
from operator import not_, or_
from typing import Any

from pingan_logic.catalogue import Clause
from pingan_logic.explain.text import status_text
from pingan_logic.memory import Once
from pingan_logic.model import Unit
from pingan_logic.reports.view import View
from pingan_logic.solving.grouping import of_judged
from pingan_logic.verdicts import Assessment, Finding, Line, Placed, Status

__all__ = ["tree_data"]

_Node = tuple[int, str, str, "str | None", "Line | None"]
"""The number of its kind, id, name and container of a unit, and its line if it is judged."""
_ORDER = (Status.FAILED, Status.UNDETERMINED, Status.MET)
_NAMED = 10
"""Members that lack a level are named up to so many."""
_PLACE = {status: place for place, status in enumerate(_ORDER)}
_WORDS = (
    *("show_more", "met_more", "unjudged", "choose", "where", "inside", "others_met"),
    *("blockers", "close", "comma", "results", "results_first", "no_results", "colon", "list"),
    *("open_bracket", "close_bracket", "counted", "met", "failed", "undetermined"),
)


def tree_data(view: View) -> dict[str, Any]:
    """Return words, kinds, clauses, texts and nodes.

    Every unit is a node but those of a counted kind that are met: of these a container has only
    the number. Texts that recur are given once.
    """
    return _Tree(view).data()


class _Once:
    """Numbers values in the order in which they first come."""

    def __init__(self) -> None:
        self.number: dict[Any, int] = {}

    def __call__(self, value: Any) -> int:
        return self.number.setdefault(value, len(self.number))


class _Tree:
    v: View
    a: Assessment
    texts: _Once
    answers: _Once
    kinds: list[str]
    clauses: dict[str, int]
    told: Once[Line, tuple[int, list[Clause]]]
    direct: dict[str, Counter[str]]
    """How many units of each class stand directly in a container."""
    hidden: dict[str, Counter[int]]
    """How many of each kind in a container are no nodes."""
    alike: dict[str, int]
    """The answer of units that stand for others, where none of these differs in it."""

    def __init__(self, view: View) -> None:
        self.v, self.a = view, view.a
        self.texts, self.answers = _Once(), _Once()
        self.kinds = list(self.a.policy.kinds)
        self.clauses = {c: n for n, c in enumerate(self.a.policy.clauses)}
        self.standing = self.a.outcome.groups.standing
        self.alike = {}
        self.direct = defaultdict(Counter)
        self.hidden = defaultdict(Counter)
        self.told = Once(self._told)

    def data(self) -> dict[str, Any]:
        """Return everything that the script needs."""
        a, v = self.a, self.v
        shown = list(self._shown())
        row = {unit: n for n, (_, unit, *_) in enumerate(shown)}
        below = self._below()
        hidden = {u: [[k, n] for k, n in sorted(by.items())] for u, by in self.hidden.items()}
        nodes = []
        for kind, unit, name, parent, line in shown:
            if line is not None and line.levels is not None and line.levels.reached:
                level = status_text(a.policy, line.status, line.levels, v.lang)
                brackets = (v.w["open_bracket"], v.w["close_bracket"]) if name else ("", "")
                name = level.join((f"{name}{brackets[0]}", brackets[1]))
            node: list[Any] = [
                *(unit, name, kind, -1 if line is None else _PLACE[line.status]),
                row.get(parent or "", -1),
                -1 if line is None else self._answer(unit, line),
            ]
            if unit in below:
                node += [below[unit], hidden.get(unit, [])]
            nodes.append(node)
        return {
            "words": {k: v.w[k] for k in _WORDS},
            "statuses": [s.value for s in _ORDER],
            "kinds": [[k, v.kind(k), v.measure(k)] for k in self.kinds],
            "counted": [v.kind(k) for k in self.kinds if k in a.policy.counted_only],
            "clauses": [
                [
                    c.source,
                    v.clause(c.id),
                    # units are nodes by their kind and verdict: who lacks a level is in the text
                    [self.kinds.index(k) for k in c.members if k not in a.policy.level_of],
                ]
                for c in a.policy.clauses.values()
            ],
            "texts": list(self.texts.number),
            "answers": list(self.answers.number),
            "nodes": nodes,
        }

    def _shown(self) -> Iterator[_Node]:
        """Yield the standing units that are nodes: by kind, worst status first, then by id."""
        judged: dict[str, list[Placed]] = defaultdict(list)
        for some in self.a.placed:
            judged[some.kind].append(some)
        for number, kind in enumerate(self.kinds):
            found: dict[int, list[_Node]] = defaultdict(list)
            seen = 0
            for some in judged[kind]:
                seen += len(some.ids)
                alike = zip(some.containers, some.stands, strict=True)
                for (container, stand), units in Counter(alike).items():
                    if container:
                        self.direct[container][stand] += units
                for unit, name, container, line in self._nodes(number, some):
                    node = (number, unit, name, container, line)
                    found[_PLACE[line.status]].append(node)
            found[len(_ORDER)] += [
                (number, u.id, u.name, u.parent, None) for u in self._unjudged(kind, seen)
            ]
            for place in sorted(found):
                yield from found[place]

    def _nodes(self, kind: int, some: Placed) -> Iterator[tuple[str, str, str | None, Line]]:
        """Yield the units that are nodes, and count the others in their containers."""
        children, counted = self.a.children, self.a.policy.counted_only
        always = Once[Line, bool](
            lambda line: line.status is not Status.MET or line.kind not in counted
        )
        holding = map(children.containers.__contains__, some.ids)
        maybe = list(map(or_, map(always.__getitem__, some.lines), holding))
        others = Counter(compress(some.containers, map(not_, maybe)))
        columns = zip(some.ids, some.names, some.containers, some.lines, strict=True)
        for unit, name, container, line in compress(columns, maybe):
            if always[line] or children[unit]:
                yield unit, name, container, line
            else:
                others[container] += 1
        for where, number in others.items():
            if where:
                self.hidden[where][kind] += number

    def _unjudged(self, kind: str, judged: int) -> list[Unit]:
        """Return the standing units of a kind, `judged` of which are, that are not judged."""
        a, rows = self.a, self.a.facts.ordered.get(kind, ())
        if len(rows) == judged:
            return []
        ids = a.facts.units.column("id")
        units = (ids[n] for n in rows)
        return [a.units[u] for u in units if u not in a.outcome.absent and u not in a]

    def _below(self) -> dict[str, list[list[int]]]:
        """Count what each container has below it by kind and status."""
        units, verdicts = self.a.units, of_judged(self.a.outcome.verdicts)
        kinds = {k: n for n, k in enumerate(self.kinds)}
        below: dict[str, dict[int, list[int]]] = defaultdict(
            lambda: defaultdict(lambda: [0] * len(_ORDER))
        )
        for container, counts in self.direct.items():
            found: Counter[tuple[int, int]] = Counter()
            for stand, number in counts.items():
                for kind, status in verdicts[stand].items():
                    found[kinds[kind], _PLACE[Status(status)]] += number
            here: str | None = container
            while here:
                for (kind_, place), number in found.items():
                    below[here][kind_][place] += number
                here = units[here].parent
        return {u: [[k, *n] for k, n in sorted(by.items())] for u, by in below.items()}

    def _answer(self, unit: str, line: Line) -> int:
        """Return the number of what is said of a unit: how many clauses are met without more to
        say, and each other clause."""
        stand = self.standing[unit]
        if stand in self.alike:
            return self.alike[stand]
        told: list[Any] = []
        rest, clauses = self.told[line]
        # what still has to be recorded up to the year's end differs from place to place
        same = not self.a.preliminary
        for clause in clauses:
            of_level = not self.a.policy.level_of.keys().isdisjoint(clause.members)
            f = self.a.finding(unit, clause.id, members=of_level)
            same = same and bool(clause.prohibitions) and not f.evidence
            text = self.texts(self.v.reasons(unit, f) + (self._lacking(f) if of_level else ""))
            told.append((self.clauses[clause.id], _PLACE[f.status], text))
        found = self.answers((rest, *told))
        if same:
            self.alike[stand] = found
        return found

    def _lacking(self, f: Finding) -> str:
        """Name the first members that do not reach the level that a clause counts."""
        if f.status is Status.MET or not f.evidence:
            return ""
        only = self.a.policy.counted_only
        named = [u for u in f.evidence if self.a.units[u].kind not in only][:_NAMED]
        w = self.v.w
        said = w["list"].join(map(self.v.unit, named))
        more = w["more_units"].format(n=len(f.evidence)) if named and f.evidence[_NAMED:] else ""
        return f"{w['semicolon']}{said}{more}" if said else ""

    def _told(self, line: Line) -> tuple[int, list[Clause]]:
        """Return how many clauses are met without more to say, and the others."""
        against = {*line.failed, *line.undetermined}
        every = [c for k in line.standards for c in self.a.policy.clauses_of(k)]
        told = [c for c in every if not c.prohibitions or c.id in against]
        return len(every) - len(told), told
