"""The search for remedies: what can be edited in the part of the data that a verdict rests on.

What follows from an edit the evaluating rules say; here they are only given what to choose from.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Any

from attrs import evolve, frozen

from pingan_logic.judging.classes import classes, numbered
from pingan_logic.judging.every_unit import for_every_unit
from pingan_logic.model import Facts
from pingan_logic.order import natural
from pingan_logic.policy.catalogue import Policy
from pingan_logic.policy.find import policy_file
from pingan_logic.policy.proven import known_proof
from pingan_logic.questions.part import programs
from pingan_logic.solving.asking import Asking, Dated, Term, dated
from pingan_logic.solving.encode import fact_atoms, quote
from pingan_logic.solving.engine import Outcome, plain, solve
from pingan_logic.solving.grouping import Groups, of_judged, ungrouped

__all__ = ["WHOLE", "Planned", "Scene", "hinted", "planning"]

_GOALS = ("change", "demanded", "possible", "unpriced", "finding", "against")
_STATED = frozenset({"incident", "score", "poll", "requirement"})
WHOLE = "whole"
"""The demand that the verdict itself be met, beside those of the clauses."""
_MOST_GROUPS = 300
_OPTIONS = ("--opt-strategy=usc,oll", "--opt-usc-shrink=min")


@frozen
class Scene:
    """What a question is put to: the part of the data that bears on a unit, and what the rules
    have `derived` from it. `open_year` says that the year is not over; `asked` as in
    `Assessment.asked`."""

    policy: Policy
    facts: Facts
    unit: str
    year: int
    cut_off: date
    asked: tuple[str, ...]
    open_year: bool
    derived: Outcome | None = None

    @cached_property
    def outcome(self) -> Outcome:
        """What the rules derive, also of a year that is still to come."""
        if self.derived is not None:
            return self.derived
        if self.policy.proof.distinctions:
            return solve(self.facts, self.policy, self.year, self.cut_off)
        made = classes(self.facts, self.policy, self.year, self.cut_off)
        found = solve(made.facts, self.policy, self.year, self.cut_off, beside=made.atoms)
        return for_every_unit(found, made)

    @cached_property
    def groups(self) -> Groups:
        """Units alike in one container, where nothing happened at them."""
        if self.policy.proof.distinctions:
            return ungrouped(self.facts)
        return classes(self.facts, self.policy, self.year, self.cut_off, nearby=True).groups

    def status(self, unit: str) -> str | None:
        """Return the worst status of a unit; None for one that is not judged."""
        found = self.outcome.verdicts.get(unit)
        if not found:
            return None
        return next(s for s in ("failed", "undetermined", "met") if s in found.values())

    def atoms(self, facts: Facts, sizes: Mapping[str, int]) -> Mapping[str, Sequence[str]]:
        """Return facts as ground atoms, by predicate."""
        atoms = fact_atoms(facts, self.year, self.cut_off, self.asked)
        return {**atoms, **numbered(facts, self.policy, self.year, self.cut_off, sizes)}


@lru_cache(maxsize=32)
def _proven(files: Sequence[Dated]) -> bool:
    return known_proof([path for path, _ in files]) is not None


def hinted(policy: Policy) -> bool:
    """Whether the rules are as they were when the properties that the hints rest on were proven."""
    if not _proven(dated(policy.files)):
        return False
    known = Asking(policy, [], ("hints_rest_on",), "")
    rests = [plain(p) for p in known.terms("hints_rest_on")]
    stated = [policy_file(policy.folder, f"properties/{p}.lp") for p in rests]
    return bool(rests) and all(p.is_file() for p in stated)


@frozen
class Planned:
    """A search that is grounded: change(P), demanded(C), possible(P,N). `sizes` are the units
    written, each with the number for which it stands; `hinted` says that edits only help, and
    `cheapest` that the cheapest can be asked for."""

    asking: Asking
    sizes: Mapping[str, int]
    hinted: bool
    cheapest: bool

    @property
    def all_made(self) -> bool:
        """Whether all changes are made, so that what follows is certain."""
        return self.hinted and not self.cheapest

    @cached_property
    def against(self) -> set[Term]:
        """The demands that are certainly not met."""
        return {x for (x,) in self.asking.rows("against", 1)}

    @cached_property
    def demands(self) -> list[Term]:
        """The clauses of the unit, and `WHOLE`."""
        return sorted(self.asking.terms("demanded"))

    def able(self, demands: Sequence[Term], until: float | None) -> bool:
        """Whether some demands can be met together. Raises TimeoutError when that is not known by
        `until`."""
        if self.all_made:
            return self.against.isdisjoint(demands)
        but = {"demanded": [d for d in self.demands if d not in demands]}
        end = self.asking.best({"demanded": demands}, but, until, optimal=False)
        if end.atoms is None and not end.proven:
            raise TimeoutError
        return end.atoms is not None

    def barred(self, until: float | None) -> tuple[list[Term], bool]:
        """Return the demands that cannot be met by themselves, or else fewest that cannot be met
        together, and whether that is settled: `until` ends the search with what is known."""
        core, alone = self.demands, list[Term]()
        try:
            for d in core:
                if str(d) != WHOLE and not self.able([d], until):
                    alone.append(d)
            if alone:
                return alone, True
            for d in sorted(core, key=lambda d: str(d) != WHOLE):
                rest = [x for x in core if x != d]
                if not self.able(rest, until):
                    core = rest
        except TimeoutError:
            return alone or core, False
        return core, True


def planning(scene: Scene, *, cheapest: bool = True) -> Planned:
    """Return the search for a scene.

    Without `cheapest` it only says whether there is a plan: where edits only help, what is done for
    one of units alike may as well be done for all.
    """
    files = programs(scene.policy, "matters.lp", "plan.lp")
    program = _Program(scene, cheapest)
    asking = Asking(scene.policy, files, _GOALS, program.text(), _OPTIONS)
    return Planned(asking, program.sizes, program.hinted, cheapest)


class _Program:
    """The facts of a search."""

    def __init__(self, scene: Scene, cheapest: bool) -> None:
        self.cheapest = cheapest
        self.scene, self.policy = scene, scene.policy
        self.hinted = hinted(self.policy)
        self.sizes = self._sizes()
        self.facts = _only(scene.facts, self.sizes)
        text = "".join(f"{a}.\n" for some in self._atoms().values() for a in some)
        matters = programs(self.policy, "matters.lp")
        text += f"wanted({quote(scene.unit)}).\n"
        known = Asking(self.policy, matters, ("holder", "matters"), text)
        held = [(plain(i), plain(u)) for i, u in known.rows("holder", 2)]
        self.held = sorted(held, key=lambda row: (natural(row[0]), natural(row[1])))
        self.matters = {plain(u) for u in known.terms("matters")}

    def _sizes(self) -> dict[str, int]:
        """Return the units to write, each with the number for which it stands: met units alike
        are one where the hints are sound, as no edit at them helps."""
        unit = self.scene.unit
        sizes = {unit: 1}
        for members in self.scene.groups.members.values():
            alike = sorted((u for u in members if u != unit), key=natural)
            if self.hinted and alike and self._folded(alike[0]):
                sizes[alike[0]] = len(alike)
            else:
                sizes.update(dict.fromkeys(alike, 1))
        return sizes

    def _folded(self, unit: str) -> bool:
        """Whether units alike can be written as one."""
        return not self.cheapest or self.scene.status(unit) in ("met", None)

    def _atoms(self) -> Mapping[str, Sequence[str]]:
        return self.scene.atoms(self.facts, {u: n for u, n in self.sizes.items() if n > 1})

    def text(self) -> str:
        """Return the facts as they are written."""
        lines = [
            f"stated_{atom}." if name in _STATED else f"{atom}."
            for name, some in self._atoms().items()
            for atom in some
        ]
        lines.append(f"wanted({quote(self.scene.unit)}).")
        lines += ["cheapest."] * self.cheapest
        lines += ["hinted."] * self.hinted + ["year_open."] * self.scene.open_year
        lines += (f"held({quote(i)},{quote(u)})." for i, u in self.held)
        if self.hinted and not self.cheapest:
            return "\n".join(lines) + "\n"
        self.gaps = self._gaps()
        for unit in sorted(self.gaps, key=natural):
            lines += (f"lacks({quote(unit)},{t})." for t in sorted(self.gaps[unit]))
        lines += (f"waits({quote(i)})." for i in sorted(self._waiting(), key=natural))
        lines += self._bare()
        if self.cheapest and not self.policy.proof.distinctions:
            lines += self._order()
        return "\n".join(lines) + "\n"

    def _gaps(self) -> dict[str, set[str]]:
        gaps: dict[str, set[str]] = defaultdict(set)
        if not self.hinted:
            for unit in self.facts.units.column("id"):
                if self.scene.outcome.verdicts.get(unit):
                    gaps[unit] = set(self.policy.types)
            return gaps
        standing = self.scene.outcome.groups.standing
        written: dict[str, list[str]] = defaultdict(list)
        for unit in self.facts.units.column("id"):
            written[standing.get(unit, unit)].append(unit)
        for (_, _, one), items in of_judged(self.scene.outcome.unrecorded).items():
            for unit in written.get(one, ()):
                gaps[unit].update(items)
        return gaps

    def _waiting(self) -> set[str]:
        happened = {i for i, _ in self.held}
        if self.hinted:
            return happened.intersection(
                i for some in self.scene.outcome.ungraded.values() for i in some
            )
        blank = (i.id for i in self.facts.incidents if not (i.grade and i.liability))
        return happened.intersection(blank)

    def _bare(self) -> Iterator[str]:
        for unit in self.facts.units.column("id"):
            for clause, found in self.scene.outcome.findings.get(unit, {}).items():
                if clause in self.policy.may_be_declared and not (
                    self.hinted and found[0] == "met"
                ):
                    yield f"bare({clause},{quote(unit)})."

    def _order(self) -> Iterator[str]:
        """Yield which of two units comes first: of units alike, and where the hints are sound also
        where all that stands against one stands against the other as well."""
        groups: dict[_Shape, list[str]] = defaultdict(list)
        for unit, shape in self._shapes():
            groups[shape].append(unit)
        ranked = sorted(
            ((shape, sorted(some, key=natural)) for shape, some in groups.items()),
            key=lambda g: natural(g[1][0]),
        )
        for _, some in ranked:
            for one, other in pairwise(some):
                yield f"before({quote(one)},{quote(other)})."
        if not self.hinted:
            return
        for shape, first in ranked[:_MOST_GROUPS]:
            for other_shape, then in ranked[:_MOST_GROUPS]:
                if shape is not other_shape and shape.less(other_shape):
                    yield f"before({quote(first[-1])},{quote(then[0])})."

    def _shapes(self) -> Iterator[tuple[str, _Shape]]:
        facts, outcome = self.facts, self.scene.outcome
        units = facts.units
        apart = self._apart()
        places = _Places(self)
        records, events = self._records(), self._events(apart)
        kinds = dict(zip(units.column("id"), _likeness(units), strict=True))
        for unit in units.column("id"):
            if unit in apart or self.scene.status(unit) in ("met", None):
                continue
            if self.hinted and unit not in self.matters:
                continue
            standards = tuple(sorted(outcome.verdicts[unit]))
            gaps = frozenset(self.gaps.get(unit, ()))
            chain = places.chain(unit)
            count = tuple(sorted(events[unit].items()))
            found = records.get(unit, ())
            if self.hinted:
                mattering = tuple(c for c in chain if c in self.matters)
                chain = chain if gaps else ()
                yield unit, _Shape(kinds[unit], standards, mattering, chain, gaps, found, count)
            else:
                yield unit, _Shape(kinds[unit], standards, chain, chain, gaps, found, count)

    def _apart(self) -> set[str]:
        """Units that are like no other: with others inside, with changes, standing for several."""
        facts = self.facts
        apart = {*facts.units.column("parent"), self.scene.unit, *facts.changes.column("unit")}
        apart.update(other for _, other in facts.joined())
        apart.update(u for u, n in self.sizes.items() if n > 1)
        apart.discard(None)
        return apart

    def _records(self) -> dict[str, tuple[Any, ...]]:
        found: dict[str, list[Any]] = defaultdict(list)
        for name, columns in _RECORDS.items():
            table = getattr(self.facts, name)
            rows = zip(*map(table.column, columns), strict=True)
            for unit, row in zip(table.column("unit"), rows, strict=True):
                # the ledgers of the year are seen in the gaps that they leave
                if not (self.hinted and name == "ledgers" and row[1] == self.scene.year):
                    found[unit].append((name, *map(str, row)))
        return {unit: tuple(sorted(rows)) for unit, rows in found.items()}

    def _events(self, apart: set[str]) -> dict[str, Counter[tuple[str, ...]]]:
        """Count the incidents of each unit by what the rules can see; a unit whose incidents speak
        of others is put apart."""
        events: dict[str, Counter[tuple[str, ...]]] = defaultdict(Counter)
        happened = {i for i, _ in self.held}
        for i in self.facts.incidents:
            if i.responsible_unit not in (None, "", i.unit):
                apart.update((i.unit, str(i.responsible_unit)))
            elif i.id in happened or not self.hinted:
                seen = (i.type, i.grade or "", i.liability or "", str(bool(i.responsible_unit)))
                # where units have moved, the day says for which containers an incident counts
                still = self.hinted and not len(self.facts.changes)
                day = "" if still else i.date.isoformat()
                events[i.unit][(*seen, day)] += 1
        return events


@frozen
class _Shape:
    """What the rules can see of a unit without others inside: `places` around it that matter."""

    kind: tuple[Any, ...]
    standards: tuple[str, ...]
    places: tuple[str, ...]
    chain: tuple[str, ...]
    gaps: frozenset[str]
    records: tuple[Any, ...]
    events: tuple[tuple[tuple[str, ...], int], ...]

    def less(self, other: _Shape) -> bool:
        """Whether all that stands against this unit stands against the other as well."""
        same = (self.kind, self.standards, self.places, self.records) == (
            other.kind, other.standards, other.places, other.records,
        )  # fmt: skip
        return (
            same
            and (not self.gaps or self.chain == other.chain)
            and self.gaps <= other.gaps
            and Counter(dict(self.events)) <= Counter(dict(other.events))
        )


class _Places:
    """The containers of units as they stand."""

    def __init__(self, program: _Program) -> None:
        facts, outcome = program.facts, program.scene.outcome
        self.parents = dict(
            zip(facts.units.column("id"), facts.units.column("parent"), strict=True)
        )
        self.parents.update((u, p) for u, p in outcome.relocated.items() if u in self.parents)
        self.chains: dict[str | None, tuple[str, ...]] = {None: ()}

    def chain(self, unit: str) -> tuple[str, ...]:
        """Return the containers of a unit, inside out."""
        place = self.parents.get(unit) or None
        if place not in self.chains:
            self.chains[place] = (str(place), *self.chain(str(place)))
        return self.chains[place]


def _likeness(units: Any) -> Iterator[tuple[Any, ...]]:
    given = [units.column(n) for n in ("kind", "affiliation", "opened", "closed") if units.given(n)]
    return zip(*given, strict=True)


def _only(facts: Facts, units: Mapping[str, int]) -> Facts:
    tables: dict[str, Any] = {}
    for name, column in {"units": "id", **dict.fromkeys(_RECORDS, "unit")}.items():
        table = getattr(facts, name)
        kept = [n for n, u in enumerate(table.column(column)) if u in units]
        tables[name] = table.take(kept)
    return evolve(facts, **tables)


_RECORDS = {
    "ledgers": ("item", "year"), "scores": ("year", "score"), "polls": ("year", "result", "rank"),
    "not_applicable": ("clause", "year"),
}  # fmt: skip
