"""The tree of units of the page, from county to household, as plain values for its script."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import compress
from operator import not_, or_
from typing import TYPE_CHECKING, Any

from pingan_logic.catalogue import Clause
from pingan_logic.memory import Once
from pingan_logic.solving.grouping import of_judged
from pingan_logic.verdicts import Assessment, Line, Status

if TYPE_CHECKING:
    from pingan_logic.reports.view import View

__all__ = ["tree_data"]

_ORDER = (Status.FAILED, Status.UNDETERMINED, Status.MET)
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
        row = {unit: n for n, (unit, _) in enumerate(shown)}
        below = self._below()
        hidden = {u: [[k, n] for k, n in sorted(by.items())] for u, by in self.hidden.items()}
        nodes = []
        for unit, line in shown:
            here = a.units[unit]
            status = -1 if line is None else _PLACE[line.status]
            node: list[Any] = [
                *(unit, here.name, self.kinds.index(here.kind), status),
                row.get(here.parent or "", -1),
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
                [c.source, v.clause(c.id), [self.kinds.index(k) for k in c.members]]
                for c in a.policy.clauses.values()
            ],
            "texts": list(self.texts.number),
            "answers": list(self.answers.number),
            "nodes": nodes,
        }

    def _shown(self) -> Iterator[tuple[str, Line | None]]:
        """Yield the standing units that are nodes: by kind, worst status first, then by id."""
        judged: dict[str, list[Any]] = defaultdict(list)
        for kind, *columns in self.a.placed():
            judged[kind].append(columns)
        for kind in self.kinds:
            found: dict[int, list[tuple[str, Line | None]]] = defaultdict(list)
            seen = 0
            for units, places, stands, lines in judged[kind]:
                seen += len(units)
                for (place, stand), number in Counter(zip(places, stands, strict=True)).items():
                    if place:
                        self.direct[place][stand] += number
                for unit, line in self._nodes(kind, units, places, lines):
                    found[_PLACE[line.status]].append((unit, line))
            found[len(_ORDER)] += [(unit, None) for unit in self._unjudged(kind, seen)]
            for place in sorted(found):
                yield from found[place]

    def _nodes(
        self,
        kind: str,
        units: Sequence[str],
        places: Sequence[str | None],
        lines: Sequence[Line],
    ) -> Iterator[tuple[str, Line]]:
        """Yield the units that are nodes, and count the others in their containers."""
        children, counted = self.a.children, self.a.policy.counted_only
        always = Once[Line, bool](
            lambda line: line.status is not Status.MET or line.kind not in counted
        )
        holding = map(children.containers.__contains__, units)
        maybe = list(map(or_, map(always.__getitem__, lines), holding))
        others = Counter(compress(places, map(not_, maybe)))
        for unit, place, line in compress(zip(units, places, lines, strict=True), maybe):
            if always[line] or children[unit]:
                yield unit, line
            else:
                others[place] += 1
        for where, number in others.items():
            if where:
                self.hidden[where][self.kinds.index(kind)] += number

    def _unjudged(self, kind: str, judged: int) -> list[str]:
        """Return the standing units of a kind, `judged` of which are, that are not judged."""
        a, rows = self.a, self.a.facts.ordered.get(kind, ())
        if len(rows) == judged:
            return []
        ids = a.facts.units.column("id")
        units = (ids[n] for n in rows)
        return [u for u in units if u not in a.outcome.absent and u not in a]

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
            f = self.a.finding(unit, clause.id, members=False)
            same = same and bool(clause.prohibitions) and not f.evidence
            text = self.texts(self.v.reasons(unit, f))
            told.append((self.clauses[clause.id], _PLACE[f.status], text))
        found = self.answers((rest, *told))
        if same:
            self.alike[stand] = found
        return found

    def _told(self, line: Line) -> tuple[int, list[Clause]]:
        """Return how many clauses are met without more to say, and the others."""
        against = {*line.failed, *line.undetermined}
        every = [c for k in line.standards for c in self.a.policy.clauses_of(k)]
        told = [c for c in every if not c.prohibitions or c.id in against]
        return len(every) - len(told), told
