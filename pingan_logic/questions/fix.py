"""What would make a unit met: the cheapest changes, proven, or the clauses that stand in the way.

What can be changed and at what cost are facts of the policy (`remedies.lp`), the search is its
`remedies/plan.lp`, and what follows from a change its evaluating rules say. Every plan is applied
to the data and evaluated again before it is returned.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from attrs import evolve, frozen

from pingan_logic.bound import bound
from pingan_logic.errors import PolicyError, Problem, check_words
from pingan_logic.evaluation import evaluate
from pingan_logic.order import natural
from pingan_logic.questions.edits import Edit, apply, edit_of
from pingan_logic.questions.least import least_values
from pingan_logic.questions.level_asked import level_asked, reaches
from pingan_logic.questions.obstacles import Obstacle, obstacle, reached
from pingan_logic.questions.planning import WHOLE, Planned, hinted, planning
from pingan_logic.questions.scene import Scene
from pingan_logic.questions.year_end import at_year_end
from pingan_logic.shown import Answer
from pingan_logic.solving.asking import End, Term
from pingan_logic.solving.derived_atoms import plain
from pingan_logic.solving.slices import slice_facts
from pingan_logic.verdicts import Assessment, Status

__all__ = ["Plan", "Remedy", "find_remedy"]

_FAR = 60
"""Years after the last in the data at which no rule looks back to it: if a unit cannot be met then,
time does not help."""


@frozen
class Plan:
    """A set of changes that makes the unit met, none of which can be left out."""

    changes: tuple[Edit, ...]
    cost: int


@frozen(repr=False)
class Remedy(Answer[Plan]):
    """The answer for a unit, as it stands in `assessment`: at the end of an unfinished year.

    `plans` holds the cheapest plan first (empty when the unit is met already or cannot be met);
    `proven` says that it is the cheapest, else `lower` is the proven lower bound of its cost.
    `obstacles` is a minimal set of clauses that cannot be met together for this year and
    `first_year` the first later year in which the unit can be met, None where time does not help.
    A plan that is not proven cheapest is freed of what it does not need; `needed` is false if time
    ended before it was known that no change can be left out.
    When time ends first, `complete` is false if it is not settled which clauses are obstacles, and
    `searched` is the year up to which the unit is proven not to be met (None: the search came to
    its end).
    Of a unit that is judged by levels `level` is the one asked about: met is who reaches it.
    `unanswered` are clauses with rules of their own that no change listed in the policy reaches:
    whether they can be met is not for the program to say; `waiting` those that rest on what is not
    recorded of other units, which no change is for.
    """

    unit: str
    year: int
    status: Status
    assessment: Assessment
    plans: tuple[Plan, ...] = ()
    proven: bool = True
    lower: int = 0
    obstacles: tuple[Obstacle, ...] = ()
    unanswered: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    first_year: int | None = None
    complete: bool = True
    searched: int | None = None
    needed: bool = True
    level: str | None = None

    @property
    def met(self) -> bool:
        """Whether the unit is met as it stands."""
        return reaches(self.assessment, self.unit, self.level)

    @property
    def feasible(self) -> bool | None:
        """Whether the unit is met or can be made so; None when that is not known."""
        if self.met or self.plans:
            return True
        return None if self.unanswered or self.waiting or not self.proven else False

    @property
    def rows(self) -> tuple[Plan, ...]:
        """The plans."""
        return self.plans

    def name_of(self, row: Plan) -> str:
        """Return the number of a plan, from 1."""
        return str(self.plans.index(row) + 1)

    def about(self) -> str:
        """Return unit and verdict."""
        return f"for {self.unit}, {self.status}"

    def text(self, lang: str = "zh", *, every: bool = False) -> str:
        """Return the answer in words; `every` names every unit."""
        check_words(lang)
        said: str = bound("remedy_text")(self, lang, every=every)
        return said

    def to_dict(self, lang: str = "zh") -> dict[str, Any]:
        """Return the answer as JSON values; the cheapest plan stands apart from the others."""
        best = self.plans[0] if self.plans else None
        clauses = self.assessment.policy.clauses
        return {
            **self.assessment.header(self.unit),
            **({"to_level": self.level} if self.level else {}),
            "feasible": self.feasible,
            "proven": self.proven,
            "cost": best.cost if best else 0 if self.feasible else None,
            "lower_bound": self.lower,
            "changes": [c.to_dict() for c in best.changes] if best else [],
            "alternatives": [
                {"cost": p.cost, "changes": [c.to_dict() for c in p.changes]}
                for p in self.plans[1:]
            ],
            "obstacles": [o.to_dict(clauses[o.clause], lang) for o in self.obstacles],
            "obstacles_complete": self.complete,
            "unanswered": list(self.unanswered),
            **({"waiting": list(self.waiting)} if self.waiting else {}),
            "first_year": self.first_year,
            "first_year_after": self.searched,
        }


def find_remedy(
    assessment: Assessment,
    unit: str,
    alternatives: int = 1,
    limit: float | None = None,
    level: str | int | None = None,
) -> Remedy:
    """Find the cheapest changes that make `unit` met, and up to `alternatives` plans.

    A unit that is judged by levels is to reach a `level` (its rank, id or name), by default the
    lowest that it does not reach.

    Of a year that is not over it asks about 31 December. `limit` is the time in seconds for the
    search; when it ends first, the best plan found is returned with the proven lower bound, and of
    obstacles and of later years what is proven until then. Raises
    RequestError for an unknown unit or one without a standard, PolicyError when a plan does not
    hold in the evaluation, a cost is missing or the policy has no remedies.
    """
    a = at_year_end(assessment, unit)
    here = a[unit]
    asked = level_asked(a, unit, level)
    answer = Remedy(unit, a.year, here.status, a, level=asked)
    if answer.met:
        return answer
    until = None if limit is None else time.monotonic() + limit
    facts = slice_facts(a.facts, a.policy, unit)
    scene = Scene(
        a.policy, facts, unit, a.year, a.cut_off, a.asked, a.at_year_end, a.outcome, level=asked
    )  # fmt: skip
    return _Search(answer, scene, until, alternatives).remedy()


class _Search:
    def __init__(
        self, answer: Remedy, scene: Scene, until: float | None, alternatives: int
    ) -> None:
        self.alternatives = alternatives
        self.answer, self.scene, self.until = answer, scene, until
        # where a clause has failed, there is often no plan: that is seen without the costs of all
        failed = answer.status is Status.FAILED and hinted(scene.policy)
        self.use(planning(scene, cheapest=not failed, any_plan=alternatives == 1))

    def use(self, planned: Planned) -> None:
        """Search in a program that is grounded."""
        self.planned, self.asking = planned, planned.asking

    def remedy(self) -> Remedy:
        """Return the plans, or what stands in the way."""
        if not self.planned.cheapest:
            try:
                if not self.planned.able(self.planned.goal, self.until):
                    self.priced()
                    return self.barred()
            except TimeoutError:
                return evolve(self.answer, proven=False)
            self.use(planning(self.scene, any_plan=self.alternatives == 1))
        costs = {term: cost.number for term, cost in self.asking.rows("possible", 2)}
        demands: Mapping[str, Any] = {"demanded": self.planned.goal}
        plans: list[Plan] = []
        answer = self.answer
        while len(plans) < self.alternatives:
            end = self.cheapest(demands, costs)
            if end.atoms is None:
                if not plans and not end.proven:
                    answer = evolve(answer, proven=False, lower=end.lower)
                break
            chosen, needed = sorted(end.terms("change")), True
            if not end.proven:
                chosen, costs = self.apart(chosen, costs)
                chosen, needed = self.freed(chosen, demands, costs)
            plan = self.plan(chosen, costs)
            if not plans:
                proven = end.proven or plan.cost <= end.lower
                lower = plan.cost if proven else end.lower
                answer = evolve(answer, proven=proven, lower=lower, needed=needed)
            plans.append(plan)
            if not end.proven:
                break
            self.asking.add(f":- {','.join(f'change({c})' for c in chosen)}.")
        self.priced()
        if plans or not answer.proven:
            return evolve(answer, plans=tuple(plans))
        if self.planned.hinted:
            self.use(planning(self.scene, cheapest=False))
        return self.barred()

    def cheapest(self, demands: Mapping[str, Any], costs: Mapping[Term, int]) -> End:
        """Search by improving on what is found, which ends soon where few changes are apart from
        others; when it does not, by what cannot be done without, which gives a bound."""
        now = time.monotonic()
        half = _IMPROVING if self.until is None else min(_IMPROVING, (self.until - now) / 2)
        first = self.asking.best(demands, {}, now + half)
        if first.proven:
            return first
        self.asking.by_cores()
        end = self.asking.best(demands, {}, self.until)
        if end.proven:
            return end
        found = [e for e in (first, end) if e.atoms is not None]
        cost = {id(e): sum(costs[c] for c in e.terms("change")) for e in found}
        return evolve(end, atoms=min(found, key=lambda e: cost[id(e)]).atoms if found else None)

    def freed(
        self, chosen: list[Term], demands: Mapping[str, Any], costs: Mapping[Term, int]
    ) -> tuple[list[Term], bool]:
        """Return a plan without what it does not need, and whether nothing in it can be spared: it
        is tried without each change, the dearest first, for a little longer than the limit."""
        until = time.monotonic() + _SPARE
        kept, tried = chosen, set[Term]()
        while left := [c for c in kept if c not in tried]:
            change = max(left, key=lambda c: (costs[c], c))
            tried.add(change)
            others = {"change": [c for c in costs if c == change or c not in kept]}
            end = self.asking.best(demands, others, until, optimal=False)
            if end.atoms is not None:
                # what seemed to be needed beside it may not be without it
                kept, tried = sorted(end.terms("change")), set()
            elif not end.proven:
                return kept, False
        return kept, True

    def apart(
        self, chosen: list[Term], costs: dict[Term, int]
    ) -> tuple[list[Term], dict[Term, int]]:
        """Return changes in terms of a search in which none is one at several units."""
        if not self.planned.blocks:
            return chosen, costs
        single = [made for term in chosen for made in self.single(term)]
        instead = self.planned.first_of(made[_UNIT[made[0]]] for made in single if made[0] in _UNIT)
        self.use(planning(self.scene, ordered=False))
        terms = {plain(term): (term, n.number) for term, n in self.asking.rows("possible", 2)}
        kept = [terms[tuple(instead.get(x, x) for x in made)][0] for made in single]
        return sorted(kept), dict(terms.values())

    def single(self, term: Term) -> list[tuple[Any, ...]]:
        """Return a change of the search as one at each of its units."""
        made = plain(term)
        if made[0] not in _UNIT:
            return [made]
        place = _UNIT[made[0]]
        units = self.planned.blocks.get(made[place], (made[place],))
        return [(*made[:place], u, *made[place + 1 :]) for u in units]

    def plan(self, chosen: Sequence[Term], costs: Mapping[Term, int]) -> Plan:
        """Return a plan that the evaluation itself bears out."""
        scene, a = self.scene, self.answer.assessment
        changes = [c for term in chosen for c in self.changes(term, costs[term])]
        instead = self.planned.first_of(c.unit for c in changes if c.unit)
        changes = [evolve(c, unit=instead[c.unit] if c.unit else None) for c in changes]
        changes.sort(
            key=lambda c: (c.action, natural(c.unit or ""), c.item or "", c.incident or "")
        )
        changes = least_values(changes, scene, a)
        plan = Plan(tuple(changes), sum(c.cost for c in changes))
        after = apply(scene.facts, plan.changes, scene.year)
        found = evaluate(
            after, a.policy, a.year, as_of=a.cut_off, unit=scene.unit, at_year_end=a.at_year_end,
            shares=False,
        )  # fmt: skip
        if not reaches(found, scene.unit, scene.level):
            raise PolicyError(
                [Problem("remedies/plan.lp", "按方案改变之后，判定仍未达标",
                         "after the plan the evaluation still does not say met", scene.unit)]
            )  # fmt: skip
        return plan

    def changes(self, term: Term, cost: int) -> list[Edit]:
        """Return what a change of the search is in the data."""
        made = edit_of(self.answer.assessment, self.scene, term, cost)
        units = self.planned.blocks.get(made.unit or "")
        return [evolve(made, unit=u, cost=cost // len(units)) for u in units] if units else [made]

    def priced(self) -> None:
        """Raise PolicyError naming costs without which no answer is the cheapest or final."""
        if missing := sorted(map(str, self.asking.terms("unpriced"))):
            raise PolicyError(
                Problem(
                    "remedies.lp",
                    "没有给出这项措施的工作量，不能回答怎样才能达标",
                    "the policy names no cost for this remedy, so that there is no answer",
                    name,
                )
                for name in missing
            )

    def barred(self) -> Remedy:
        """Return a minimal set of demands that cannot be met together, and since when they can."""
        answer = self.answer
        core, complete = self.planned.barred(self.until)
        order = list(answer.assessment.policy.clauses)
        names = sorted((str(d) for d in core if str(d) != WHOLE), key=order.index)
        open_ended = [c for c in names if not reached(self.asking, self.scene, c)]
        if len(names) < len(core):
            open_ended.append(WHOLE)
        waiting: tuple[str, ...] = ()
        try:
            found = obstacle(self.planned, answer.assessment, self.scene, names, self.until)
            waiting = tuple(o.clause for o in found if o.others)
            rest = [d for d in core if str(d) not in waiting]
            if not all(self.planned.able([d], self.until) for d in rest if waiting):
                waiting = ()  # another clause is met by none
        except TimeoutError:
            found, complete = tuple(map(Obstacle, names)), False
        answer = evolve(
            answer,
            obstacles=found,
            unanswered=tuple(open_ended),
            waiting=waiting,
            complete=complete,
        )
        if open_ended or waiting:
            return answer
        first, searched = self.first_year()
        return evolve(answer, first_year=first, searched=searched)

    def first_year(self) -> tuple[int | None, int | None]:
        """Return the first later year in which the evaluating rules let the unit be met; when time
        ends first, the last year in which they are known not to."""
        facts, year = self.scene.facts, self.scene.year
        period = self.scene.policy.period
        step = period.years
        last = max([year, *facts.years(period), *map(period.of, self.scene.days)])
        known = year
        try:
            if self.possible_in(year + step):
                return year + step, None
            known = year + step
            helps = self.possible_in(last + _FAR * step)
            for later in range(year + 2 * step, last + (_FAR if helps else 2) * step, step):
                if self.possible_in(later):
                    return later, None
                known = later
        except TimeoutError:
            return None, known
        return None, None

    def possible_in(self, year: int) -> bool:
        """Whether the unit can be met in a later year, for all that is known today. Raises
        TimeoutError when time ends first."""
        later = self.scene.in_year(year)
        planned = planning(later, cheapest=False)
        return planned.able(planned.goal, self.until)


_UNIT = {"ledger": 1, "score": 1, "poll": 1, "declare": 2}
"""Where a change of the search names the unit at which it is made."""
_IMPROVING = 20.0
"""Seconds for which a search improves on what it finds, before it goes the other way."""
_SPARE = 3.0
"""Seconds for which a plan that the limit cut short is freed of what it does not need."""
