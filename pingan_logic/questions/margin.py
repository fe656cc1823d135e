"""How much a met unit can still bear, and what falls with one unit that falls short.

The evaluating rules judge what is supposed (`remedies/margin.lp` of the policy). One module because
the search and the answer that it fills are read together.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from math import isqrt
from typing import Any

from attrs import asdict, field, frozen

from pingan_logic.bound import bound
from pingan_logic.errors import check_words
from pingan_logic.evaluation import evaluate
from pingan_logic.figures import Figures
from pingan_logic.measured import measured_of
from pingan_logic.memory import Once
from pingan_logic.order import natural
from pingan_logic.questions.part import part_of, programs
from pingan_logic.questions.year_end import at_year_end
from pingan_logic.shown import Answer
from pingan_logic.solving.asking import Asking, End, verdicts_read
from pingan_logic.solving.encode import quote
from pingan_logic.verdicts import Assessment, Finding, Status

__all__ = ["Cascade", "Distance", "Loss", "Margin", "Spare", "find_margin"]

_GOALS = ("sought", "verdict")
_SINGLE = 256
"""Up to so many members that count for the same are supposed to fall short one by one."""


@frozen
class Loss:
    """How many met members of a kind may fall short: with any `spare` of them the unit stays met,
    with the `topple` named ones (spare + 1) it does not. `spare` is None when all of them may.
    `proven` is false when time ended first: `spare` is then what is proven, and `topple` the fewest
    found, if any."""

    kind: str
    spare: int | None
    topple: tuple[str, ...]
    proven: bool = True


@frozen
class Cascade:
    """The single unit inside (or the unit itself) with which most met units above it fall; there
    is none when nothing falls with any. Not `proven`: with another more may fall; time ended."""

    unit: str
    falls: tuple[str, ...]
    proven: bool = True


@frozen
class Spare:
    """How many more incidents of a matter of a clause may happen; negative: how many are too many.

    `spare` is None when no number of them decides, or when records are missing; `measured` and
    `required` are those of the finding. Not `proven` when time ended first: `spare` is then what
    is proven.
    """

    matter: str
    measured: str | None
    required: str
    spare: int | None
    proven: bool = True


@frozen
class Distance:
    """A clause and how far it is from its threshold.

    `spare` counts members to lose (negative: members short), hundredths of a point, ranks,
    incidents that may still happen, or by how much a value may get worse, in the integers of the
    rules, as `measure` says: members, hundredths, ranks, incidents, value; of several values the
    one with least to spare. None when there is no figure, as for a prohibition with records
    missing, or a clause made of parts. `matters` says it for each matter that the clause prohibits.
    """

    clause: str
    status: Status
    measured: str | None
    required: str
    measure: str
    spare: int | None
    matters: tuple[Spare, ...] = ()
    figures: Figures | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the distance as JSON values."""
        return {
            "clause": self.clause,
            "status": self.status.value,
            "measured": self.measured,
            "required": self.required,
            "measure": self.measure,
            "spare": self.spare,
            "figures": self.figures.to_dict() if self.figures else None,
            "matters": [asdict(m) for m in self.matters],
        }


@frozen(repr=False)
class Margin(Answer[Distance]):
    """The margins of a unit; `assessment` is what was asked: of an unfinished year how things
    stand on its last day. Not `proven` when time ended before all was."""

    assessment: Assessment = field(repr=False)
    unit: str
    status: Status
    losses: tuple[Loss, ...]
    cascade: Cascade | None
    distances: tuple[Distance, ...]
    proven: bool = True

    @property
    def rows(self) -> tuple[Distance, ...]:
        """The clauses with their distances."""
        return self.distances

    def name_of(self, row: Distance) -> str:
        """Return the id of a clause."""
        return row.clause

    def about(self) -> str:
        """Return unit and verdict."""
        return f"of {self.unit}, {self.status}"

    def text(self, lang: str = "zh") -> str:
        """Return the answer in words."""
        check_words(lang)
        said: str = bound("margin_text")(self, lang)
        return said

    def to_dict(self) -> dict[str, Any]:
        """Return the margins as JSON values."""
        return {
            **self.assessment.header(self.unit),
            "losses": [{**asdict(x), "topple": list(x.topple)} for x in self.losses],
            "cascade": {**asdict(self.cascade), "falls": list(self.cascade.falls)}
            if self.cascade
            else None,
            "distances": [d.to_dict() for d in self.distances],
            "proven": self.proven,
        }


def find_margin(assessment: Assessment, unit: str, limit: float | None = None) -> Margin:
    """Return how far `unit` is from failing; of an unfinished year, on its last day.

    `limit` is the time in seconds for the search; when it ends first, what is proven until then is
    returned, and said to be no more.
    `assessment.facts` is the whole data, also where the assessment is of the unit alone: what
    falls above it is judged there. Raises RequestError for an unknown unit or one without a
    standard, PolicyError when the policy has no margins.
    """
    assessment.standing(unit)
    a = at_year_end(assessment, unit)
    here = a[unit]
    search = _Search(a, unit, None if limit is None else time.monotonic() + limit)
    met = here.status is Status.MET
    distances = tuple(search.distance(f) for f in here.findings)
    losses = tuple(search.losses()) if met else ()
    cascade = search.cascade()
    return Margin(a, unit, here.status, losses, cascade, distances, search.proven)


class _Search:
    """The search for one unit, in the part of the data of the outermost judged unit around it."""

    def __init__(self, a: Assessment, unit: str, until: float | None) -> None:
        self.unit, self.until = unit, until
        self.proven = True
        """Whether every search came to its end."""
        top = _top(a, unit)
        ahead = a.at_year_end
        if top != unit and a.outcome.groups.units is not a.facts.units.column("id"):
            a = evaluate(a.facts, a.policy, a.year, as_of=a.cut_off, unit=top, at_year_end=ahead)
        self.a = a
        part = part_of(a, top)
        chains = _Chains(a, unit)
        chains.divide(part.groups)
        self.blocks = chains.blocks
        facts = [f"wanted({quote(unit)}).\n", *chains.facts]
        for x in chains.sizes:
            if a.outcome.verdicts.get(x) and a.status(x) is Status.MET:
                held = (k for k, s in a.outcome.verdicts[x].items() if s == Status.MET.value)
                facts += (f"was_met({k},{quote(x)}).\n" for k in held)
        if unit in a.outcome.at_level:
            facts.append(f"to_level({a.outcome.at_level[unit]}).\n")
        for (c, m, u), found in a.outcome.breaches.items():
            if u == unit:
                facts += (f"counted({c},{m},{quote(i)}).\n" for i in found)
        facts += (f"rests_on({k}).\n" for k in verdicts_read(a.policy))
        facts += part.atoms(a, chains.sizes, ("incident",))
        files = programs(a.policy, "margin.lp", "matters.lp")
        options = ("--opt-strategy=usc,oll", "--opt-usc-shrink=min")
        self.asking = Asking(a.policy, files, _GOALS, "".join(facts), options)
        self.questions = self.asking.terms("question")

    def _ask(self, *question: str) -> End | None:
        name, *arguments = question
        term = self.asking.name(name, *arguments)
        if term not in self.questions:
            return None
        end = self.asking.best({"sought": [term]}, until=self.until)
        self.proven = self.proven and end.proven
        return end

    def losses(self) -> Iterator[Loss]:
        """Find, for each kind, the fewest members with which the unit is no longer met."""
        for kind in self.a.policy.kinds:
            if (end := self._ask("loss", kind)) is None:
                continue
            names = [u for b in end.terms("taken") for u in self.blocks[b.number]]
            spare = _spare(end, len(names))
            yield Loss(kind, spare, tuple(sorted(names, key=natural)), end.proven)

    def cascade(self) -> Cascade | None:
        """Find the single unit with which most others fall."""
        end = self._ask("fall")
        if end is None or end.atoms is None:
            return None
        (unit,) = (x.string for x in end.terms("alone"))
        falls = sorted((x.string for x in end.terms("fell")), key=natural)
        if not falls:
            return None
        return Cascade(unit, tuple(sorted(falls, key=self._depth, reverse=True)), end.proven)

    def _depth(self, x: str) -> int:
        depth = 0
        while (parent := self.a.units[x].parent) is not None:
            x, depth = parent, depth + 1
        return depth

    def distance(self, f: Finding) -> Distance:
        """Measure one clause."""
        clause = self.a.policy.clauses[f.clause]
        spare: int | None = None
        measure = "incidents"
        matters: tuple[Spare, ...] = ()
        if f.share is not None:
            measure, spare = "members", f.share.met - f.share.needed if f.share.total else None
        elif clause.pass_mark is not None:
            measure = "hundredths"
            held = {(s.unit, s.year): s.score for s in self.a.facts.scores}
            score = held.get((f.evidence[0], self.a.year)) if f.evidence else None
            spare = int(score * 100) - clause.pass_mark if score is not None else None
        elif clause.parts:
            measure = "parts"
        elif clause.measures:
            measure = "value"
            found = measured_of(self.a.outcome, self.a.policy, clause, self.unit)
            least = [m.spare for m in found if m.spare is not None]
            spare = min(least) if least and f.status is not Status.UNDETERMINED else None
        elif f.basis == "rank":
            measure, spare = "ranks", int(f.required.lstrip("≤")) - int(f.measured or 0)
        elif f.basis.startswith(("polled_", "no_")):
            measure = "ranks"
        elif clause.prohibitions:
            parts = f.parts or (f,)
            matters = tuple(
                Spare(
                    p.matter,
                    part.measured,
                    part.required,
                    *self._spare(f.clause, p.matter, part.status),
                )
                for p, part in zip(clause.prohibitions, parts, strict=True)
            )
            known = [m.spare for m in matters if m.spare is not None]
            if f.status is not Status.UNDETERMINED and known:
                spare = min(known)
        return Distance(
            f.clause, f.status, f.measured, f.required, measure, spare, matters, f.figures
        )

    def _spare(self, clause: str, matter: str, status: Status) -> tuple[int | None, bool]:
        """Return how many more incidents of a matter may happen, or how many are too many, and
        whether that is proven."""
        if status is Status.UNDETERMINED:
            return None, True
        if status is Status.MET:
            end = self._ask("more", clause, matter)
            return (
                (None, True) if end is None else (_spare(end, len(end.rows("more", 4))), end.proven)
            )
        end = self._ask("fewer", clause, matter)
        if end is None or end.atoms is None:
            return None, end is None or end.proven
        return -len(end.terms("undone")), end.proven


def _spare(end: End, number: int) -> int | None:
    """Return how many may be lost, or happen, without deciding: one less than the fewest by which
    it is decided, None when no number of them does. When time ended first, what is proven."""
    if not end.proven:
        # the first bound is that of what falls
        return max(*end.bounds[1:2], 1) - 1 if end.bounds[1:] else 0
    return None if end.atoms is None else number - 1


class _Chains:
    """The members of a unit in chains of blocks: those of a chain count for the same.

    A chain of n is about the root of n units one by one, then blocks of as many: so many of both
    make any number up to n, and there are few of them.
    """

    def __init__(self, a: Assessment, unit: str) -> None:
        self.a, self.unit = a, unit
        self.mattering = _mattering(a, unit)
        self.inside = {unit, *a.inside(unit)}
        self.counted = {k for c in a.policy.clauses.values() for k in c.members}
        self.sizes: dict[str, int] = {}
        """For how many each unit that is written stands."""
        self.blocks: list[list[str]] = []
        self.facts: list[str] = []

    def divide(self, groups: Sequence[list[str]]) -> None:
        """Cut groups of units alike into those that have to be told apart."""
        chains: dict[tuple[str, tuple[str, ...]], list[list[str]]] = defaultdict(list)
        cuts = {group[0]: {0, len(group)} for group in groups}
        tried = []
        for group in groups:
            for kind in self.met_by(group[0]):
                chains[kind, self.counted_in(group[0])].append(group)
                cuts[group[0]].add(1)
                tried.append(group[0])
        for (kind, _), some in chains.items():
            self.chain(kind, sorted(some, key=lambda g: natural(g[0])), cuts)
        for group in groups:
            ends = sorted(cuts[group[0]])
            self.sizes.update((group[m], n - m) for m, n in pairwise(ends))
        for n, x in enumerate(sorted(set(tried), key=natural), 1):
            self.facts.append(f"tried({quote(x)},{n}).\n")
        self.facts += (
            f"may_be_lost({kind},{quote(x)}).\n" for x in self.sizes for kind in self.met_by(x)
        )
        self.facts += (
            f"in_block({quote(u)},{n}).\n"
            for n, block in enumerate(self.blocks)
            for u in block
            if u in self.sizes
        )

    def chain(self, kind: str, groups: Sequence[list[str]], cuts: Mapping[str, set[int]]) -> None:
        """Add the blocks of a chain, and cut the groups where a block begins."""
        number = sum(map(len, groups))
        single = number if number <= _SINGLE else isqrt(number)
        starts = [*range(single), *range(single, number, single)]
        first = len(self.blocks)
        at = [(group, n) for group in groups for n in range(len(group))]
        for start, end in zip(starts, [*starts[1:], number], strict=True):
            group, n = at[start]
            cuts[group[0]].add(n)
            self.blocks.append([group[n] for group, n in at[start:end]])
            block = len(self.blocks) - 1
            self.facts.append(f"block({kind},{block},{end - start}).\n")
            if block not in (first, first + single):
                self.facts.append(f"next({block - 1},{block}).\n")

    def met_by(self, x: str) -> list[str]:
        """Return the standards, of those whose units others count, by which a unit is met."""
        if x not in self.inside:
            return []
        verdicts = self.a.outcome.verdicts.get(x, {})
        return [k for k, s in verdicts.items() if s == Status.MET.value and k in self.counted]

    def counted_in(self, x: str) -> tuple[str, ...]:
        """Return the units, of those on which the verdict rests, that contain `x`."""
        found = []
        while x != self.unit and (parent := self.a.units[x].parent) is not None:
            x = parent
            if x in self.mattering:
                found.append(x)
        return tuple(found)


def _mattering(a: Assessment, unit: str) -> set[str]:
    """Return the units not failed yet on which the verdict of `unit` rests by its ratios; all
    inside when some rule reads verdicts in another way."""
    inside = a.inside(unit)
    if verdicts_read(a.policy):
        return {unit, *inside}
    members = {k: {m for c in a.policy.with_parts(k) for m in c.members} for k in a.policy.kinds}
    judged = {x: a.outcome.verdicts.get(x, {}).keys() for x in (unit, *inside)}
    found, waiting = {unit}, [unit]
    while waiting:
        x = waiting.pop()
        kinds = {m for k in judged[x] for m in members[k]}
        if not kinds:
            continue
        for y in a.inside(x):
            if y not in found and not kinds.isdisjoint(judged[y]):
                found.add(y)
                waiting.append(y)
    status, standing = Once(a.status), a.outcome.groups.standing
    return {x for x in found if x == unit or status[standing[x]] is not Status.FAILED}


def _top(a: Assessment, unit: str) -> str:
    """Return the outermost unit around `unit` (or itself) that is judged."""
    chain = [unit]
    while (parent := a.units[chain[-1]].parent) is not None:
        chain.append(parent)
    judged = {*a.policy.judged_units, *a.policy.assigned}
    return next(u for u in reversed(chain) if a.units[u].kind in judged or u == unit)
