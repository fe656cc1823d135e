"""Remedies as text for people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence, Set
from decimal import Decimal

from attrs import define

from pingan_logic.explain.measures import (
    any_will_do,
    item_name,
    measure_reasons,
    ratio_words,
    wanted_words,
    written_words,
)
from pingan_logic.explain.text import (
    clause_count,
    incident_text,
    internal_line,
    kind_name,
    masking,
    place_of,
    unit_title,
    year_status,
)
from pingan_logic.layout import WIDTH, broken, edges, width
from pingan_logic.messages.remedy import WORDS
from pingan_logic.questions.edits import Edit
from pingan_logic.questions.fix import Plan, Remedy
from pingan_logic.questions.obstacles import Obstacle
from pingan_logic.questions.year_end import assumed_line
from pingan_logic.verdicts import Assessment, hundredths

__all__ = ["remedy_brief", "remedy_text"]

_FIRST = 10


def remedy_text(r: Remedy, lang: str, *, every: bool = False) -> str:
    """Return a remedy in words; `every` names every unit."""
    say = _Words(r.assessment, r.unit, lang, None if every else _FIRST)
    a, w = r.assessment, WORDS[lang]
    here = a.units[r.unit]
    head = edges(
        unit_title(here, lang, kind_name(a.policy, here.kind, lang)),
        year_status(a, a[r.unit], lang),
    )
    lines = [*(part for line in assumed_line(a, lang) for part in broken(line, WIDTH)), head]
    if r.met:
        lines.append(_already(r, lang))
    elif r.level is not None:
        lines.append(w["to_level"].format(level=kind_name(a.policy, r.level, lang)))
    for number, plan in enumerate(r.plans):
        steps = say.steps(plan)
        count = w["step" if len(steps) == 1 else "steps"].format(n=len(steps))
        sizes = {"steps": count, "cost": plan.cost, "lower": r.lower, "number": number + 1}
        lines += [""] * bool(number)
        so_far = "plan_so_far" if r.needed else "plan_cut_short"
        lines.append(w["alternative" if number else "plan" if r.proven else so_far].format(**sizes))
        lines.append("")
        lines += [line for n, step in enumerate(steps, 1) for line in step.lines(n, lang)]
    if r.plans:
        lines += ["", *_ending(r, here.name or r.unit, lang)]
    elif not r.met:
        lines += say.barred(r)
    named = [r.unit, *(c.unit for plan in r.plans for c in plan.changes), *_counted_against(r)]
    return "\n".join([*lines, *internal_line(a, named, lang)]) + "\n"


def _goal(r: Remedy, lang: str) -> dict[str, str]:
    """Say what the remedy is for: that the unit is met, or the level that it reaches."""
    w = WORDS[lang]
    if r.level is None:
        return {"met": w["met_as"], "be": w["be_met"]}
    level = kind_name(r.assessment.policy, r.level, lang)
    return {"met": w["reaches_as"].format(level=level), "be": w["reach"].format(level=level)}


def _already(r: Remedy, lang: str) -> str:
    """Say that there is nothing to remedy."""
    w = WORDS[lang]
    if r.level is None:
        return w["already_met"]
    return w["already_reached"].format(level=kind_name(r.assessment.policy, r.level, lang))


def _counted_against(r: Remedy) -> list[str]:
    """Return the members that are counted, by their own clauses, in what cannot be remedied."""
    barred = {o.clause for o in r.obstacles if o.members and not r.plans}
    return [x for f in r.assessment[r.unit].findings if f.clause in barred for x in f.evidence]


def remedy_brief(r: Remedy, lang: str) -> str:
    """Return the cheapest plan, or that there is none, in one line."""
    say = _Words(r.assessment, r.unit, lang, _FIRST)
    w = WORDS[lang]
    if r.plans:
        said = [f"{s.what}{w['comma']}{w['effort'].format(cost=s.cost).strip()}"
                for s in say.steps(r.plans[0])]  # fmt: skip
        return w["semicolon"].join(said)
    if r.met:
        return _already(r, lang)
    return " ".join(line.strip() for line in (say.verdict(r), *say.when(r)))


@define
class _Step:
    """One line of a plan: what to do, its effort, and what turns on it."""

    what: str
    cost: int
    late: str
    """When it can be completed at the end only, in words."""
    more: str = ""

    def lines(self, number: int, lang: str) -> Iterator[str]:
        w = WORDS[lang]
        effort = w["effort"].format(cost=self.cost).strip()
        room = WIDTH - width(effort) - 2
        first, *rest = broken(f"{number}. {self.what}{self.late}", room, hang="   ")
        yield edges(first, effort)
        yield from rest
        yield from broken(self.more, indent="   ")


@define
class _Words:
    a: Assessment
    unit: str
    lang: str
    limit: int | None

    @property
    def w(self) -> dict[str, str]:
        return WORDS[self.lang]

    def steps(self, plan: Plan) -> list[_Step]:
        """Group the changes: the same change to units in one container is one step."""
        steps = [*self._ledgers(plan), *self._incidents(plan)]
        done = ("ledger", "settle", "grade")
        rest = [c for c in plan.changes if c.action not in done]
        valued = ("value", "record_value")
        recorded = {(c.unit, c.item) for c in rest if c.action == "record_value"}
        return [
            *steps,
            *(self._valued(c, recorded) if c.action in valued else self._single(c) for c in rest),
        ]

    def _ledgers(self, plan: Plan) -> Iterator[_Step]:
        held: dict[tuple[str, int], list[Edit]] = defaultdict(list)
        for c in plan.changes:
            if c.action == "ledger":
                held[c.unit or "", c.year or self.a.year].append(c)
        order = list(self.a.policy.types)
        same: dict[tuple[tuple[str, ...], int, str | None], list[str]] = defaultdict(list)
        for (unit, year), changes in held.items():
            items = tuple(sorted((c.item or "" for c in changes), key=order.index))
            same[items, year, self.a.units[unit].parent].append(unit)
        for (items, year, parent), units in same.items():
            said = self.w["list"].join(self._type(i) for i in items)
            changes = [c for u in units for c in held[u, year]]
            key = "ledger" if year == self.a.year else "ledger_then"
            where = self._place(units, parent)
            yield self._step(
                self.w[key].format(items=said, where=where, year=self.period(year)), changes
            )

    def _incidents(self, plan: Plan) -> Iterator[_Step]:
        same: dict[tuple[str, str | None, str | None], list[Edit]] = defaultdict(list)
        for c in plan.changes:
            if c.action in ("settle", "grade"):
                kind = c.item if c.action == "settle" else self._limit(c)
                same[c.action, kind, self.a.units[c.unit or ""].parent].append(c)
        for (action, item, parent), changes in same.items():
            units = list(dict.fromkeys(c.unit or "" for c in changes))
            where = self._place(units, parent) + self._cases(changes)
            if action == "settle":
                known = self.a.policy.settle_words.get(item or "")
                how = known[self.lang == "en"] if known else ""
                said = {"item": self._type(item or ""), "how": how, "where": where}
                yield self._step(self.w["settle_as" if how else "settle"].format(**said), changes)
                continue
            about = "grade" if item else "liability"
            turns = self.w[f"{about}_turns"].format(grade=item)
            yield self._step(self.w[about].format(where=where), changes, turns)

    def _cases(self, changes: Sequence[Edit]) -> str:
        names = [x.incident or "" for x in changes]
        more = " …" if self.limit and len(names) > self.limit else ""
        said = self.w["list"].join(names[: self.limit]) + more
        return self.w["case" if len(names) == 1 else "cases"].format(cases=said)

    def _limit(self, change: Edit) -> str | None:
        """Return the lowest grade from which an ungraded incident counts; None: only liability."""
        if change.after not in self.a.policy.grades:
            return None
        order = list(self.a.policy.grades)
        asked = [key for key, found in self.a.outcome.ungraded.items() if change.incident in found]
        own = [key for key in asked if key[2] == self.unit] or asked
        tests = {
            p.test
            for clause, matter, _ in own
            for p in self.a.policy.clauses[clause].prohibitions
            if p.matter == matter
        }
        clauses = [self.a.policy.clauses[clause] for clause, _, _ in own]
        tests |= {t.test for c in clauses for t in self.a.policy.tallies_of(c)}
        grades = [g for g in order if any(f"({g})" in t for t in tests)]
        return self.a.policy.grades[grades[0]][self.lang == "en"] if grades else None

    def _single(self, c: Edit) -> _Step:
        clause = self._clause(c.clause) if c.clause else ""
        who = unit_title(self.a.units[c.unit], self.lang) if c.unit else ""
        short = ""
        if c.action == "score":
            short = str(Decimal(c.after or 0) - Decimal(c.before or 0))
        kind = kind_name(self.a.policy, c.item, self.lang) if c.item in self.a.policy.kinds else ""
        values = {"before": c.before, "after": c.after, "clause": clause, "who": who, "n": short,
                  "kind": kind}  # fmt: skip
        turns = self.w[f"{c.action}_turns"].format(**values)
        return self._step(self.w[c.action].format(**values), [c], turns)

    def _valued(self, c: Edit, recorded: Set[tuple[str | None, str | None]]) -> _Step:
        """Say of a value what it has to be, or what is met once it is recorded; of two that make a
        ratio and are to be `recorded`, what the ratio has to be."""
        policy = self.a.policy
        item, unit, after = policy.inputs[c.item or ""], c.unit or "", c.after or ""
        values = {"name": item_name(item, self.lang)}
        if item.given:
            key = turning = "record_given"
            values["kind"] = kind_name(policy, unit, self.lang)
            values["required"] = written_words(item, after, self.lang)
        else:
            key = turning = c.action
            clause = policy.clauses[c.clause or ""]
            values["who"] = unit_title(self.a.units[unit], self.lang)
            values["required"] = wanted_words(policy, clause, item, after, self.lang)
            values["before"] = written_words(item, c.before, self.lang) if c.before else ""
            values["clause"] = self._clause(clause.id)
            if c.action == "record_value":
                pairs = (names for names in clause.measures if item.id in names and len(names) > 1)
                pair = next((p for p in pairs if all((unit, i) in recorded for i in p)), None)
                if pair is not None and clause.asked is not None:
                    turning = "record_ratio"
                    values["required"] = ratio_words(policy, clause.asked, pair, self.lang)
                elif any_will_do(policy, clause, item, after):
                    turning = "record_any"
        turns = self.w[f"{turning}_turns"].format(**values)
        return self._step(self.w[key].format(**values), [c], turns)

    def _step(self, what: str, changes: Sequence[Edit], more: str = "") -> _Step:
        late = ""
        if any(c.at_year_end for c in changes):
            late = self.w["at_the_end"].format(end=self.a.policy.period.end_named(self.lang))
        return _Step(what, sum(c.cost for c in changes), late, more)

    def barred(self, r: Remedy) -> list[str]:
        """Say which clauses cannot be remedied, and when they can."""
        lines = [self.verdict(r)]
        if r.unanswered:
            named = [c for c in r.unanswered if c in self.a.policy.clauses]
            lines += [f"  {self._clause(c)}" for c in named]
            lines += [f"  {self.w['unanswered_whole']}"] * (len(named) < len(r.unanswered))
        rest = [o for o in r.obstacles if o.clause not in r.unanswered]
        if rest:
            lines += ["", self.w["barred"]] if not r.waiting or r.unanswered else []
            for o in rest:
                lines += self._obstacle(r, o)
        lines += [self.w["barred_so_far"]] * (not r.complete)
        return [*lines, *(part for line in self.when(r) for part in broken(line, WIDTH))]

    def period(self, year: int) -> str:
        """Return a period in words."""
        return self.a.policy.period.said(year, self.lang)

    def verdict(self, r: Remedy) -> str:
        """Say that the unit cannot be met for the year, or that there is no answer."""
        if not r.proven:
            return self.w["no_plan_yet"].format(lower=r.lower)
        key = "unanswered" if r.unanswered else "open" if r.waiting else "impossible"
        return self.w[key].format(year=self.period(r.year), **_goal(r, self.lang))

    def when(self, r: Remedy) -> list[str]:
        """Say from which year on the unit can be met."""
        if r.feasible is not False:
            return []
        goal = _goal(r, self.lang)
        if r.first_year is not None:
            return [
                self.w["first_year"].format(
                    year=self.period(r.first_year),
                    that=self.a.policy.period.that(self.lang),
                    **goal,
                )
            ]
        if r.searched is not None:
            return [self.w["first_year_open"].format(year=self.period(r.searched), **goal)]
        kind = self.a.units[r.unit].kind
        before = any(kind in i.kinds for i in self.a.policy.result_items)
        return [self.w["never_before" if before else "no_first_year"].format(**goal)]

    def _obstacle(self, r: Remedy, o: Obstacle) -> Iterator[str]:
        yield from broken(self._clause(o.clause), indent="  ")
        if o.incidents:
            mask = masking(self.a, self.unit, self.lang)
            texts = (incident_text(self.a, i, self.lang, mask=mask) for i in o.incidents)
            shown = self.w["list"].join(texts)
            yield from broken(self.w["irreparable"].format(incidents=shown), indent="    ")
        elif o.needed is not None:
            clause = self.a.policy.clauses[o.clause]
            measure = self.a.policy.measure_of(clause.members)
            said = self.w["short"].format(needed=o.needed, repairable=o.repairable, measure=measure)
            if o.barred:
                said += self.w["others"].format(n=o.barred, measure=measure)
                said += self.w["list"].join(
                    clause_count(self.a.policy, k, n, measure, self.lang) for k, n in o.members
                )
            yield from broken(said, indent="    ")
        else:
            yield from broken(self._final(r, o.clause), indent="    ")

    def _final(self, r: Remedy, clause: str) -> str:
        """Say of a clause that no member and no incident bars why nothing changes it."""
        found: tuple[str, tuple[int, ...]] = ("", ())
        found = self.a.outcome.findings[r.unit].get(clause, ("", *found))[1:]
        basis, numbers = found
        mark = self.a.policy.clauses[clause].pass_mark
        if basis == "no_members":
            return self.w["empty"]
        if basis == "score" and mark is not None:
            before, after, n = map(hundredths, (numbers[0], mark, mark - numbers[0]))
            return self.w["final_score"].format(before=before, after=after, n=n)
        if basis == "amount":
            finding = self.a.finding(r.unit, clause)
            reasons = measure_reasons(self.a, r.unit, finding, self.lang)
            joined = self.w["semicolon"].join(reasons)
            lacking = self.a.outcome.no_value.get((clause, r.unit))
            key = "no_value" if lacking else "final_value"
            key = "open_value" if clause in r.waiting else key
            return self.w[key].format(reasons=joined)
        known = clause in self.a.policy.poll_clauses and basis != "no_poll"
        return self.w["final_poll" if known else "cannot"]

    def _clause(self, clause: str) -> str:
        c = self.a.policy.clauses[clause]
        return f"{place_of(c.source, self.lang)} {c.text(self.lang)}"

    def _name(self, unit: str) -> str:
        """Return name and id of a unit; of a member that is only counted (a household) the id."""
        only = unit != self.unit and self.a.units[unit].kind in self.a.policy.counted_only
        return unit if only else unit_title(self.a.units[unit], self.lang)

    def _type(self, name: str) -> str:
        t = self.a.policy.types[name]
        return t.en if self.lang == "en" else t.zh

    def _place(self, units: Sequence[str], parent: str | None) -> str:
        """Name units, with their number and their container when there are several."""
        if len(units) == 1:
            return self._name(units[0])
        shown = [self._name(u) for u in units[: self.limit]]
        said = self.w["list"].join(shown)
        if self.limit is not None and len(units) > self.limit:
            said += ("" if self.lang == "zh" else " ") + self.w["and_more"].format(n=len(units))
        measure = self.a.policy.kinds[self.a.units[units[0]].kind].measure
        count = f"{len(units)}{measure}" if self.lang == "zh" else str(len(units))
        where = f"{unit_title(self.a.units[parent], self.lang)}{self.w['comma']}" if parent else ""
        return f"{where}{count}{self.w['colon']}{said}"


_ENDINGS = {
    (False, False): "done", (False, True): "as_said",
    (True, False): "condition", (True, True): "condition_said",
}  # fmt: skip
"""How a plan ends, by whether it has ledgers to check, and what has to turn out as said."""


def _ending(r: Remedy, unit: str, lang: str) -> list[str]:
    """Say when the unit is met by the plans, what must not be done, and what effort is."""
    w, done = WORDS[lang], {c.action for plan in r.plans for c in plan.changes}
    key = _ENDINGS["ledger" in done, not done <= {"settle", "ledger"}]
    truth = [w["truth"]] if "ledger" in done else []
    about = r.assessment.policy.effort
    effort = w["measure"].format(effort=about[lang == "en"]) if about else w["measure_only"]
    lines = [w[key].format(unit=unit, **_goal(r, lang)), *truth, effort]
    return [part for line in lines for part in broken(line, WIDTH)]
