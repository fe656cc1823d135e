"""What would make a unit met: the cheapest changes, proven, or the clauses that stand in the way.

What can be changed and at what cost are facts of the policy (`remedies.lp`); the search is
`remedies/plan.lp`. Every plan is applied to the data and evaluated again before it is returned.
"""

from __future__ import annotations

import io
from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from attrs import evolve, frozen

from pingan_logic.errors import PolicyError, Problem
from pingan_logic.evaluation import evaluate
from pingan_logic.model import Facts, Ledger, NotApplicable, Poll, Requirement, Score
from pingan_logic.order import natural
from pingan_logic.solving.encode import Word, write_atoms
from pingan_logic.solving.engine import Planning
from pingan_logic.solving.grouping import of_judged
from pingan_logic.solving.slices import slice_facts
from pingan_logic.verdicts import Assessment, Status, hundredths

__all__ = ["Change", "Obstacle", "Plan", "Remedy", "apply", "find_remedy", "question"]

_MOST_GROUPS = 300
_REASON = "补救:申报不适用"


@frozen
class Change:
    """One change: `action` is settle, grade, ledger, score, record_score, record_poll,
    record_requirement or declare; the fields that it does not need are None.

    `before` and `after` are values as in the data; `cost` is in the policy's own units.
    """

    action: str
    unit: str | None
    item: str | None
    incident: str | None
    clause: str | None
    before: str | None
    after: str | None
    cost: int

    def to_dict(self) -> dict[str, Any]:
        """Return the change as JSON values."""
        return {
            "action": self.action,
            "unit": self.unit,
            "item": self.item,
            "incident": self.incident,
            "clause": self.clause,
            "before": self.before,
            "after": self.after,
            "cost": self.cost,
        }


@frozen
class Plan:
    """A set of changes that makes the unit met, none of which can be left out."""

    changes: tuple[Change, ...]
    cost: int


@frozen
class Obstacle:
    """A clause that no change of this year can meet.

    `incidents` break it for good. For a ratio, `needed` more members must be met, at most
    `repairable` can be, and `members` counts those that cannot by the clause that bars them.
    """

    clause: str
    incidents: tuple[str, ...]
    needed: int | None
    repairable: int | None
    members: tuple[tuple[str, int], ...]


@frozen
class Remedy:
    """The answer for a unit.

    `plans` holds the cheapest plan first (empty when the unit is met already or cannot be met);
    `proven` says that it is the cheapest, else `lower` is the proven lower bound of its cost.
    `obstacles` is a minimal set of clauses that cannot be met together this year and `first_year`
    the first year in which the unit can qualify again.
    """

    unit: str
    year: int
    status: Status
    plans: tuple[Plan, ...]
    proven: bool
    lower: int
    obstacles: tuple[Obstacle, ...]
    first_year: int | None

    @property
    def feasible(self) -> bool:
        """Whether the unit is met or can be made so."""
        return self.status is Status.MET or bool(self.plans)

    def to_dict(self, assessment: Assessment, lang: str = "zh") -> dict[str, Any]:
        """Return the answer as JSON values; the cheapest plan stands apart from the others."""
        best = self.plans[0] if self.plans else None
        clauses = assessment.policy.clauses
        return {
            **assessment.header(self.unit),
            "feasible": self.feasible,
            "proven": self.proven,
            "cost": best.cost if best else 0 if self.feasible else None,
            "lower_bound": self.lower,
            "changes": [c.to_dict() for c in best.changes] if best else [],
            "alternatives": [
                {"cost": p.cost, "changes": [c.to_dict() for c in p.changes]}
                for p in self.plans[1:]
            ],
            "obstacles": [
                {
                    "clause": o.clause,
                    "source": clauses[o.clause].source,
                    "text": clauses[o.clause].text(lang),
                    "incidents": list(o.incidents),
                    "needed": o.needed,
                    "repairable": o.repairable,
                    "members": [{"clause": c, "units": n} for c, n in o.members],
                }
                for o in self.obstacles
            ],
            "first_year": self.first_year,
        }


def find_remedy(
    assessment: Assessment, unit: str, alternatives: int = 1, limit: float | None = None
) -> Remedy:
    """Find the cheapest changes that make `unit` met, and up to `alternatives` plans.

    `limit` is the time in seconds for the search; when it ends first, the best plan found is
    returned with the proven lower bound. Raises RequestError for an unknown unit or one without a
    standard, PolicyError when a plan does not hold in the evaluation or the policy has none.
    """
    here = assessment[unit]
    if here.status is Status.MET:
        return Remedy(unit, assessment.year, here.status, (), True, 0, (), None)
    planning, wanted = _planning(assessment, unit)
    costs = dict(planning.rows("possible", 2))
    end, chosen = planning.best("demanded", wanted, "change", limit)
    if not end.satisfiable:
        if not end.proven:
            return Remedy(unit, assessment.year, here.status, (), False, end.lower, (), None)
        core = _core(planning, wanted)
        obstacles = tuple(_obstacle(assessment, unit, c, set(costs)) for c in sorted(core, key=list(
            assessment.policy.clauses).index))  # fmt: skip
        first = _first_year(assessment, unit, obstacles)
        return Remedy(unit, assessment.year, here.status, (), True, 0, obstacles, first)
    proven, lower = end.proven, end.lower
    plans = []
    while True:
        plan = _plan(assessment, chosen, costs)
        _check(assessment, unit, plan)
        plans.append(plan)
        if len(plans) >= alternatives or not end.proven:
            break
        planning.exclude("change")
        end, chosen = planning.best("demanded", wanted, "change", limit)
        if not end.satisfiable:
            break
    return Remedy(unit, assessment.year, here.status, tuple(plans), proven, lower, (), None)


def _planning(assessment: Assessment, unit: str) -> tuple[Planning, set[str]]:
    """Ground the search for one unit; return it with the clauses that must become met."""
    program = assessment.policy.folder / "remedies" / "plan.lp"
    if not program.is_file():
        raise PolicyError(
            [Problem(assessment.policy.name, "规则没有补救措施(remedies/plan.lp)",
                     "the policy has no remedies (remedies/plan.lp)")]
        )  # fmt: skip
    text = io.StringIO()
    write_atoms(question(assessment, unit), text)
    planning = Planning(assessment.policy, [program], text.getvalue())
    return planning, set(planning.terms("demanded"))


def _standing(assessment: Assessment, unit: str) -> Iterator[tuple[str, str, tuple[int, ...]]]:
    """Yield what stands against a unit: clause, basis and numbers."""
    for clause, (status, basis, numbers) in assessment.outcome.findings[unit].items():
        if status != Status.MET.value:
            yield clause, basis, numbers


def _members(assessment: Assessment, unit: str, kind: str) -> list[str]:
    verdicts = assessment.outcome.verdicts
    return [
        u for u in assessment.inside(unit)
        if verdicts.get(u, {}).get(kind, Status.MET.value) != Status.MET.value
    ]  # fmt: skip


_Row = tuple[str, tuple[object, ...]]


def question(assessment: Assessment, unit: str) -> list[_Row]:
    """Write what stands against `unit` and against the members that its verdict rests on."""
    a = assessment
    rows: list[_Row] = [("wanted", (unit,))]
    waiting, seen = [unit], {unit}
    parts: dict[str, list[tuple[str, str]]] = defaultdict(list)
    while waiting:
        x = waiting.pop()
        for clause, basis, numbers in _standing(a, x):
            term: object = Word(basis)
            if numbers:
                term = (Word(basis), *numbers)
            rows.append(("against", (Word(clause), x, term)))
            members = a.policy.clauses[clause].members
            if members is not None and basis == "share":
                for y in _members(a, x, members):
                    parts[x].append((clause, y))
                    if y not in seen:
                        seen.add(y)
                        waiting.append(y)
    for x, found in parts.items():
        rows += [("part", (Word(clause), x, y)) for clause, y in found]
    incidents: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    lacking: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for name, source in (
        ("broken_by", a.outcome.breaches), ("waits_for", a.outcome.ungraded),
    ):  # fmt: skip
        for (clause, matter, x), found_here in source.items():
            if x in seen:
                for i in found_here:
                    rows.append((name, (Word(clause), Word(matter), x, i)))
                    incidents[x].append((clause, matter, i))
    gaps: dict[str, list[tuple[str, str, list[str]]]] = defaultdict(list)
    for (clause, matter, one), items in of_judged(a.outcome.unrecorded).items():
        gaps[one].append((clause, matter, items))
    standing = a.outcome.groups.standing
    for x in sorted(seen):
        for clause, matter, items in gaps.get(standing.get(x, x), ()):
            for t in items:
                rows.append(("lacks", (Word(clause), Word(matter), x, Word(t))))
                lacking[x].append((clause, matter, t))
    for i in sorted({i for found_here in incidents.values() for _, _, i in found_here}):
        event = a.incidents[i]
        held = event.responsible_unit or event.unit
        rows.append(("happened", (i, Word(event.type), Word(a.units[held].kind))))
        if event.liability is None:
            rows.append(("blank", (i, Word("liability"))))
    rows += _containment(a, unit, seen, lacking)
    rows += _groups(a, unit, seen - set(parts) - {unit}, seen, incidents, lacking)
    return list(dict.fromkeys(rows))


def _chain(a: Assessment, x: str, unit: str) -> list[str]:
    """Return x and its containers up to `unit`."""
    chain = [x]
    while chain[-1] != unit:
        parent = a.units[chain[-1]].parent
        if parent is None:
            break
        chain.append(parent)
    return chain


def _containment(
    a: Assessment, unit: str, seen: set[str], lacking: dict[str, list[tuple[str, str, str]]]
) -> Iterator[_Row]:
    places: set[str] = set()
    for x in sorted(seen & set(lacking)):
        for at in _chain(a, x, unit):
            yield "under", (x, at)
            places.add(at)
    for at in sorted(places):
        yield "place_kind", (at, Word(a.units[at].kind))


def _groups(
    a: Assessment,
    unit: str,
    leaves: set[str],
    seen: set[str],
    incidents: dict[str, list[tuple[str, str, str]]],
    lacking: dict[str, list[tuple[str, str, str]]],
) -> Iterator[_Row]:
    """Number the units that differ in nothing that matters: same considered containers (all
    containers when a ledger is lacking), same incidents against them, same gaps."""
    groups: dict[_Shape, list[str]] = defaultdict(list)
    for x in leaves:
        chain = _chain(a, x, unit)[1:]
        gaps = tuple(sorted(lacking.get(x, ())))
        against: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for clause, matter, i in incidents.get(x, ()):
            against[i].append((clause, matter))
        events = Counter(
            (a.incidents[i].type, a.incidents[i].grade or "", a.incidents[i].liability or "",
             a.units[a.incidents[i].responsible_unit or a.incidents[i].unit].kind,
             *(f"{clause}.{matter}" for clause, matter in sorted(found)))
            for i, found in against.items()
        )  # fmt: skip
        shape = _Shape(
            a.units[x].kind,
            tuple(c for c in chain if c in seen),
            tuple(chain) if gaps else (),
            gaps,
            tuple(sorted(events.items())),
        )
        groups[shape].append(x)
    ranked = [
        (shape, sorted(found, key=natural))
        for shape, found in sorted(groups.items(), key=lambda g: min(map(natural, g[1])))
    ]
    for number, (_, found) in enumerate(ranked, 1):
        for rank, x in enumerate(found, 1):
            yield "alike", (x, number, rank)
    for one, first in ranked[:_MOST_GROUPS]:
        for other, then in ranked[:_MOST_GROUPS]:
            if one is not other and one.less(other):
                yield "sooner", (first[-1], then[0])


@frozen
class _Shape:
    """What matters of a unit without members of its own: units of one shape are alike."""

    kind: str
    considered: tuple[str, ...]
    chain: tuple[str, ...]
    gaps: tuple[tuple[str, str, str], ...]
    events: tuple[tuple[tuple[str, ...], int], ...]

    def less(self, other: _Shape) -> bool:
        """Whether all that stands against this unit stands against the other as well."""
        return (
            (self.kind, self.considered) == (other.kind, other.considered)
            and (not self.gaps or self.chain == other.chain)
            and set(self.gaps) <= set(other.gaps)
            and Counter(dict(self.events)) <= Counter(dict(other.events))
        )


def _core(planning: Planning, wanted: set[str]) -> list[str]:
    """Return the clauses that cannot be met by themselves, or else a minimal set that cannot be
    met together."""
    alone = [
        c for c in sorted(wanted) if not planning.best("demanded", {c}, "change")[0].satisfiable
    ]
    if alone:
        return alone
    core = sorted(wanted)
    for c in list(core):
        rest = set(core) - {c}
        if not planning.best("demanded", rest, "change")[0].satisfiable:
            core.remove(c)
    return core


def _obstacle(a: Assessment, unit: str, clause: str, possible: set[Any]) -> Obstacle:
    def barred(x: str) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for source in (a.outcome.breaches, a.outcome.ungraded):
            for c in a.policy.clauses.values():
                for p in c.prohibitions:
                    for i in source.get((c.id, p.matter, x), ()):
                        if ("settle", i) not in possible and ("grade", i) not in possible:
                            found[c.id].append(i)
        return found

    _, basis, numbers = a.outcome.findings[unit][clause]
    if basis != "share":
        incidents = sorted(barred(unit).get(clause, ()), key=natural)
        return Obstacle(clause, tuple(incidents), None, None, ())
    c = a.policy.clauses[clause]
    n, d = c.threshold or (1, 1)
    met, _, total = numbers
    members = _members(a, unit, c.members or "")
    count: dict[str, int] = defaultdict(int)
    hopeless = 0
    for y in members:
        bars = barred(y) or _deeper(a, y, barred)
        hopeless += bool(bars)
        for k in bars:
            count[k] += 1
    order = list(a.policy.clauses)
    return Obstacle(
        clause, (), -(-total * n // d) - met, len(members) - hopeless,
        tuple(sorted(count.items(), key=lambda row: order.index(row[0]))),
    )  # fmt: skip


def _deeper(a: Assessment, unit: str, barred: Any) -> dict[str, list[str]]:
    """Say which own clauses of a member are barred by members of its own."""
    found: dict[str, list[str]] = {}
    for clause, basis, numbers in _standing(a, unit):
        c = a.policy.clauses[clause]
        if basis == "share" and c.threshold and c.members:
            n, d = c.threshold
            members = _members(a, unit, c.members)
            able = sum(not (barred(y) or _deeper(a, y, barred)) for y in members)
            if able < -(-numbers[2] * n // d) - numbers[0]:
                found[clause] = []
    return found


def _first_year(a: Assessment, unit: str, obstacles: tuple[Obstacle, ...]) -> int | None:
    """Return the first later year in which nothing bars the unit for good, if time can help: not
    when it has no members, nor when it ends before."""
    if any(a.outcome.findings[unit][o.clause][1] == "no_members" for o in obstacles):
        return None
    last = max((*a.facts.years(), a.year))
    for year in range(a.year + 1, last + 1):
        later = evaluate(a.facts, a.policy, year)
        if unit not in later:
            return None
        if later.status(unit) is Status.MET:
            return year
        planning, wanted = _planning(later, unit)
        if planning.best("demanded", wanted, "change")[0].satisfiable:
            return year
    return last + 1


def _plan(a: Assessment, chosen: list[Any], costs: dict[Any, int]) -> Plan:
    changes = [_change(a, term, costs[term]) for term in chosen]
    changes.sort(key=lambda c: (c.action, natural(c.unit or ""), c.item or "", c.incident or ""))
    return Plan(tuple(changes), sum(c.cost for c in changes))


def _change(a: Assessment, term: Any, cost: int) -> Change:
    name, *args = term
    if name in ("settle", "grade"):
        event = a.incidents[args[0]]
        held = event.responsible_unit or event.unit
        if name == "settle":
            return Change("settle", held, event.type, event.id, None, None, None, cost)
        before = event.grade
        after = None if before else _lightest(a)
        if before:
            after = "no"
            before = event.liability
        return Change("grade", held, event.type, event.id, None, before, after, cost)
    if name == "ledger":
        return Change("ledger", args[0], args[1], None, None, None, "complete", cost)
    if name == "score":
        found = a.outcome.findings[args[0]][args[1]]
        before, after = hundredths(found[2][0]), hundredths(args[2])
        return Change("score", args[0], None, None, args[1], before, after, cost)
    if name == "no_score":
        mark = a.policy.clauses[args[1]].pass_mark or 0
        return Change("record_score", args[0], None, None, args[1], None, hundredths(mark), cost)
    if name == "poll":
        return Change("record_poll", args[0], None, None, None, None, "met", cost)
    if name == "requirement":
        return Change("record_requirement", None, args[0], None, None, None, str(args[1]), cost)
    return Change("declare", args[1], None, None, args[0], None, "not_applicable", cost)


def _lightest(a: Assessment) -> str:
    return next(iter(a.policy.grades))


def apply(facts: Facts, changes: tuple[Change, ...], year: int) -> Facts:
    """Return the data as it would stand after the changes.

    A settled incident is taken out; a graded one gets the lightest grade and no liability where
    they were open; a ledger is complete; a score, a poll or a requirement is recorded as in the
    change.
    """
    settled = {c.incident for c in changes if c.action == "settle"}
    graded = {c.incident: c for c in changes if c.action == "grade"}
    incidents = []
    for i in facts.incidents:
        if i.id in settled:
            continue
        c = graded.get(i.id)
        if c is not None:
            i = evolve(i, grade=i.grade or c.after, liability=i.liability or "no")
        incidents.append(i)
    scored = {c.unit: Decimal(c.after or 0) for c in changes if "score" in c.action}
    scores = [s for s in facts.scores if s.unit not in scored or s.year != year]
    more: dict[str, list[Any]] = {
        "ledgers": [
            Ledger(c.unit or "", c.item or "", year) for c in changes if c.action == "ledger"
        ],
        "polls": [Poll(c.unit or "", year, "met") for c in changes if c.action == "record_poll"],
        "requirements": [
            Requirement(c.item or "", year, int(c.after or 0))
            for c in changes
            if c.action == "record_requirement"
        ],
        "not_applicable": [
            NotApplicable(c.unit or "", c.clause or "", year, _REASON)
            for c in changes
            if c.action == "declare"
        ],
    }
    tables: dict[str, Any] = {name: (*getattr(facts, name), *new) for name, new in more.items()}
    tables["incidents"] = tuple(incidents)
    tables["scores"] = (*scores, *(Score(u, year, value) for u, value in scored.items() if u))
    return evolve(facts, checked_by=None, **tables)


def _check(a: Assessment, unit: str, plan: Plan) -> None:
    """Evaluate the data after the plan: the rules themselves must say met."""
    after = apply(slice_facts(a.facts, a.policy, unit), plan.changes, a.year)
    if evaluate(after, a.policy, a.year, as_of=a.cut_off).status(unit) is not Status.MET:
        raise PolicyError(
            [Problem("remedies/plan.lp", "按方案改变之后,评定仍不达标",
                     "after the plan the evaluation still does not say met", unit)]
        )  # fmt: skip
