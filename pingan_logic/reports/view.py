"""What the page shows beside the tree of units, as plain values: charts' geometry and tables."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any

from attrs import evolve

from pingan_logic.errors import PolicyError
from pingan_logic.explain.text import (
    attained_words,
    finding_reasons,
    internal_words,
    masking,
    preliminary_line,
    rate_text,
    status_text,
    thousandths,
    unit_title,
    year_text,
)
from pingan_logic.messages.explain import WORDS as COMMON
from pingan_logic.messages.pages import WORDS
from pingan_logic.messages.programme import WORDS as PROGRAMME
from pingan_logic.programme import Attainment, Programme
from pingan_logic.programme.text import stage
from pingan_logic.questions.fix import find_remedy
from pingan_logic.questions.fix_text import remedy_brief
from pingan_logic.questions.lost import lost_for_the_year
from pingan_logic.questions.year_end import assumed_line
from pingan_logic.reports.nearness import FEW, Near, nearly_there
from pingan_logic.verdicts import Assessment, Finding, Status, rate

__all__ = ["View", "failures_by_clause"]

_ORDER = {Status.FAILED: 0, Status.UNDETERMINED: 1, Status.MET: 2}
_FIRST = 12
_NEAR = 100
_REMEDIES = 20
_SECONDS = 30
"""How long one remedy is looked for: longer than a busy machine takes, so that a repeat says the
same."""
_MOST_OPEN = 1000
"""Inside a unit, how many may not be met for a remedy to be looked for: a page of 20 would wait
minutes for those of townships without ledgers."""
_HEIGHT = 120
"""Where 0% lies in a trend's drawing; 1 unit is 1%."""


def failures_by_clause(a: Assessment) -> list[tuple[str, list[str], int]]:
    """Return clause, failed units and number of undetermined ones, most failed first."""
    failed: dict[str, list[str]] = defaultdict(list)
    open_: Counter[str] = Counter()
    for _, units, _, lines in a.listed():
        for line, number in Counter(lines).items():
            open_.update(dict.fromkeys(line.undetermined, number))
        for unit, line in zip(units, lines, strict=True):
            for clause in line.failed:
                failed[clause].append(unit)
    order = {c: n for n, c in enumerate(a.policy.clauses)}
    rows = [(c, units, open_[c]) for c, units in failed.items()]
    return sorted(rows, key=lambda row: (-len(row[1]), order[row[0]]))


class View:
    """The values of one page in one language."""

    p: Programme
    a: Assessment
    lang: str
    public: bool
    w: dict[str, str]
    known: Assessment

    def __init__(self, programme: Programme, lang: str, *, public: bool = False) -> None:
        self.p, self.a, self.lang = programme, programme.current, lang
        self.public = public
        self.w = {**COMMON[lang], **PROGRAMME[lang], **WORDS[lang]}
        # later records must not change what is said of a past year
        self.known = evolve(self.a, facts=self.a.facts.until(self.a.year, self.a.policy.period))

    @property
    def internal(self) -> str:
        """Say that what is not public is internal."""
        return internal_words(self.a.policy, self.w, self.lang)

    def included(self) -> str:
        """Name the kinds of units that are only counted, as far as there are any."""
        only = [self.kind(k) for k in self.a.policy.kinds if k in self.a.policy.counted_only]
        return self.w["included"].format(kinds=self.w["and"].join(only)) if only else ""

    def kind(self, kind: str) -> str:
        """Name a kind."""
        names = self.a.policy.kinds[kind]
        return names.en if self.lang == "en" else names.zh

    def measure(self, kind: str) -> str:
        """Return the measure word of a kind; English has none."""
        return "" if self.lang == "en" else self.a.policy.kinds[kind].measure

    def unit(self, unit: str) -> str:
        """Return name and id; in what is published the name alone, never a code."""
        here = self.a.units[unit]
        if self.public:
            return here.name or self.w["nameless"]
        return unit_title(here, self.lang)

    def status(self, unit: str) -> str:
        """Return the verdict of a unit in words: the level that it reaches, if it has levels."""
        line = self.a.line(unit)
        return status_text(self.a.policy, line.status, line.levels, self.lang)

    def clause(self, clause: str) -> str:
        """Return the words of a clause."""
        return self.a.policy.clauses[clause].text(self.lang)

    @cached_property
    def names(self) -> dict[str, str]:
        """The names of all units on the day of judgement, for lists of all of them."""
        units, named = self.a.facts.units, self.a.outcome.named
        return {**dict(zip(units.column("id"), units.column("name"), strict=True)), **named}

    @cached_property
    def place(self) -> str:
        """Name the county, or say that it is the whole data."""
        containers = map(self.a.units.__getitem__, self.a.children.containers)
        tops = [u for u in containers if not u.parent and self.a.children.get(u.id)]
        names = [u.name for u in tops if u.id not in self.a and u.name]
        return names[0] if len(names) == 1 else self.w["county"]

    @property
    def period(self) -> str:
        """Name the period judged."""
        return self.a.policy.period.said(self.a.year, self.lang)

    @property
    def title(self) -> str:
        """Name place and year."""
        return self.w["title"].format(**self.named)

    @property
    def named(self) -> dict[str, str]:
        """What titles say: place, year and programme."""
        programme = self.a.policy.programme[self.lang == "en"] or self.w["programme"]
        return {
            "place": self.place, "year": year_text(self.a, self.lang), "programme": programme,
        }  # fmt: skip

    def reasons(self, unit: str, finding: Finding) -> str:
        """Say why a finding has its status, in one line, as the explanation of `unit` does."""
        mask = masking(self.a, unit, self.lang)
        return self.w["semicolon"].join(finding_reasons(self.a, unit, finding, self.lang, mask))

    def page(self) -> dict[str, Any]:
        """Return everything the template needs but the tree of units."""
        a, w = self.a, self.w
        rows = [r for r in self.p.attainments() if r.total]
        statuses: Counter[str] = Counter()
        for _, _, _, lines in a.listed():
            for line, number in Counter(lines).items():
                statuses[line.status.value] += number
        results = Counter(r.result for r in rows)
        near = nearly_there(a)
        remedies = self.remedies([n.unit for n in near[:_REMEDIES]])
        results_line = {k: results[k] for k in ("proven_met", "proven_missed", "open")}
        targets = sum(results_line.values())
        return {
            "w": w,
            "columns": attained_words(a.policy, self.lang),
            "title": self.title,
            "internal": self.internal,
            "basis": w["basis"].format(
                notice=a.policy.notice[self.lang == "en"], policy=a.policy.name
            ),
            "stage": stage(self.p, self.lang),
            "preliminary": self.preliminary(),
            "summary": w["summary_line"].format(
                counted=len(a),
                included=self.included(),
                targets=w["targets_line"].format(n=targets, **results_line)
                if targets
                else w["no_targets"],
                **{s.value: statuses[s.value] for s in Status},
            ),
            "cards": [(s.value, w[s.value], statuses[s.value]) for s in _ORDER],
            "bars": [self.bar(r) for r in rows],
            "trends": [self.trend(r.kind) for r in rows] if len(self.p.years) > 1 else [],
            "years": [self.a.policy.period.brief(y.year) for y in self.p.years],
            "matrix": self.matrix(),
            "near": [{**self.near(n), "remedy": remedies.get(n.unit, "")} for n in near[:_NEAR]],
            "near_more": w["near_more"].format(n=len(near), m=_NEAR) if near[_NEAR:] else "",
            "near_note": w["near_note"].format(few=FEW, most=_MOST_OPEN),
            "failures": [self.failure(*row) for row in failures_by_clause(a)],
            "rosters": self.rosters(),
            "kinds": [(k, self.kind(k)) for k in a.policy.judged_kinds],
            "statuses": [(s.value, w[s.value]) for s in _ORDER],
        }

    def bar(self, row: Attainment) -> dict[str, Any]:
        """Return one bar of the chart in thousandths of the width."""
        target = row.target
        shown = rate(*target) if target else self.w["no_target"]
        result = self.w[row.result]
        return {
            "kind": self.kind(row.kind),
            "total": row.total,
            "counts": [row.total, row.met, row.failed, row.undetermined],
            "met": row.met * 1000 // row.total,
            "most": (row.met + row.undetermined) * 1000 // row.total,
            "target": target[0] * 1000 // target[1] if target else None,
            "target_text": shown,
            "rate": self.rate(row),
            "result": row.result,
            "result_text": result,
            "short": self.w["short"].format(n=row.short, measure=self.measure(row.kind))
            if row.short
            else "",
            "alt": self.w["chart_alt"].format(
                kind=self.kind(row.kind), rate=self.rate(row), target=shown, result=result
            ),
        }

    def rate(self, row: Attainment) -> str:
        """Return the share that is met, a range while some are undetermined."""
        return rate_text(row.share, self.lang)

    def trend(self, kind: str) -> dict[str, Any]:
        """Return the bounds of a kind's rate over the years, in units of the drawing."""
        points = []
        step = 204 / (len(self.p.years) - 1)
        for n, (year, row) in enumerate(self.p.trend(kind)):
            point: dict[str, Any] = {"year": year, "x": 72 + n * step, "text": ""}
            if row is not None and row.total:
                point["low"], point["high"] = (
                    _HEIGHT - thousandths(n, row.share) / 10
                    for n in (row.met, row.met + row.undetermined)
                )
                point["text"] = self.rate(row)
            points.append(point)
        target = self.a.policy.targets.get(kind)
        said = (f"{p['year']} {p['text'] or self.w['none']}" for p in points)
        return {
            "kind": self.kind(kind),
            "target": _HEIGHT - target[0] * 100 / target[1] if target else None,
            "points": points,
            "steps": [(p, q) for p, q in pairwise(points) if p["text"] and q["text"]],
            "alt": self.kind(kind) + self.w["colon"] + self.w["list"].join(said),
        }

    def matrix(self) -> dict[str, Any]:
        """Return the table of areas, such as townships, by kind."""
        kinds = [
            k
            for k in self.a.policy.judged_kinds
            if any((row := self.p.now.of(k, s)) and row.total for s in self.p.scopes[1:])
        ]
        rows = []
        for scope in self.p.scopes[1:]:
            cells = []
            for kind in kinds:
                row = self.p.now.of(kind, scope)
                if row is None or not row.total:
                    cells.append({"text": self.w["none"], "result": "no_units", "alt": ""})
                    continue
                bounds = dict.fromkeys((row.met, row.met + row.undetermined))
                text = f"{COMMON[self.lang]['to'].join(map(str, bounds))}/{row.total}"
                alt = f"{self.rate(row)} {self.w[row.result]}"
                cells.append({"text": text, "result": row.result, "alt": alt})
            status = self.a.status(scope).value if scope in self.a else ""
            rows.append({"name": self.unit(scope), "status": status, "cells": cells})
        areas = dict.fromkeys(self.kind(self.a.units[s].kind) for s in self.p.scopes[1:])
        named = {"areas": self.w["list"].join(areas), "kinds": [self.kind(k) for k in kinds]}
        return {**named, "rows": rows}

    def near(self, near: Near) -> dict[str, Any]:
        """Return one line of the list of units that are nearly there."""
        w = self.w
        if near.short is None:
            said = w["near_clause"]
        else:
            said = w["list"].join(
                w["near_members"].format(
                    n=f.share.short,
                    measure="" if self.lang == "en" else self.a.policy.measure_of(members),
                    kind=w["list"].join(map(self.kind, members)),
                )
                for f in near.failed
                if f.share and (members := self.a.policy.clauses[f.clause].members)
            )
        if near.open:
            said += w["near_open"].format(n=near.open)
        return {
            "unit": self.unit(near.unit),
            "id": near.unit,
            "kind": self.kind(self.a.units[near.unit].kind),
            "said": said,
            "lacking": [
                (f.source, self.clause(f.clause), self.reasons(near.unit, f)) for f in near.failed
            ],
        }

    def preliminary(self) -> str:
        """Say that the year is not over, and what the remedies take for granted."""
        if not self.a.preliminary:
            return ""
        assumed = assumed_line(evolve(self.a, at_year_end=True), self.lang)
        said = preliminary_line(self.a, self.lang)
        return " ".join([said, f"{self.w['remedy']}{self.w['colon']}{assumed[0]}"])

    def remedies(self, units: Sequence[str]) -> dict[str, str]:
        """Say of some failed units the cheapest way to be met this year, where it is proven in
        time."""
        asked = [u for u in units if self._open_inside(u) <= _MOST_OPEN]
        said = {}
        try:
            lost = lost_for_the_year(self.known, asked)
        except PolicyError:
            lost = {}
        for unit in asked:
            try:
                found = lost.get(unit) or find_remedy(self.known, unit, limit=_SECONDS)
            except PolicyError:
                # the policy states no effort for what would help: `fix` says so, and which
                continue
            if found.proven:
                said[unit] = remedy_brief(found, self.lang)
        return said

    def _open_inside(self, unit: str) -> int:
        """Count the units inside one that are not met."""
        a = self.a
        alike = Counter(map(a.outcome.groups.standing.get, a.inside(unit)))
        found = ((u, n) for u, n in alike.items() if u is not None and u in a)
        return sum(n for u, n in found if a.status(u) is not Status.MET)

    def failure(self, clause: str, units: list[str], open_: int) -> dict[str, Any]:
        """Return one line of the table of failed clauses."""
        c = self.a.policy.clauses[clause]
        named = self.w["list"].join(self.unit(u) for u in units[:_FIRST])
        if len(units) > _FIRST:
            named += " …"
        return {
            "source": c.source,
            "kind": self.kind(c.kind),
            "text": self.clause(clause),
            "failed": len(units),
            "open": open_,
            "units": named,
        }

    def rosters(self) -> list[dict[str, Any]]:
        """Return the number of units by body, role and kind, all offices of a body together."""
        counts: Counter[tuple[str, str, str]] = Counter()
        offices: dict[str, set[str]] = defaultdict(set)
        for r in self.p.rosters:
            counts[r.body, r.role, r.kind] += len(r.units)
            if r.office is not None:
                offices[r.body].add(r.office)
        names = self.a.policy
        lines: dict[tuple[str, str], list[str]] = defaultdict(list)
        for (body, role, kind), n in counts.items():
            lines[body, role].append(f"{self.kind(kind)} {n}{self.measure(kind)}")
        return [
            {
                "body": names.bodies[body][self.lang == "en"]
                + (
                    self.w["open_bracket"]
                    + self.w["offices"].format(n=len(offices[body]))
                    + self.w["close_bracket"]
                    if offices[body]
                    else ""
                ),
                "role": names.role_names[role][self.lang == "en"],
                "said": self.w["list"].join(said),
            }
            for (body, role), said in lines.items()
        ]
