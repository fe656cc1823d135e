"""The assessment of a county: verdicts, findings and counts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache, cached_property
from itertools import compress
from operator import eq
from typing import Any

from attrs import evolve, frozen

from pingan_logic.catalogue import check_kind
from pingan_logic.errors import Problem, RequestError
from pingan_logic.figures import SCHEMA, fraction, rate_of
from pingan_logic.framed import kinds
from pingan_logic.memory import Once, pieces
from pingan_logic.shown import html_table
from pingan_logic.solving.grouping import ForEveryUnit, Groups, of_judged
from pingan_logic.table import at_rows
from pingan_logic.verdicts.finding_of import finding_of
from pingan_logic.verdicts.judgement import Judgement
from pingan_logic.verdicts.values import (
    STATUSES,
    Finding,
    Levels,
    Line,
    Placed,
    Share,
    Status,
    UnitAssessment,
    rate,
)

__all__ = ["Assessment"]

_NONE: Mapping[str, Any] = {}
_Said = tuple[tuple[str, str], ...]
_At = tuple[str | None, str | None]


@frozen(slots=False, repr=False)
class Assessment(Judgement):
    """All verdicts of one run over one year, or those of one unit and what it contains.

    `units` bear the names and containers of the day of judgement; those that do not exist on that
    day are in no `children` and in no count.

    `assessment["B-12"]` is the assessment of a unit; a county has no standard of its own, so it
    can be explained but not indexed.
    """

    def __repr__(self) -> str:
        run = f"{self.policy.name}, {self.year} up to {self.cut_off}"
        return f"<Assessment by {run}: {len(self)} units judged>"

    def _repr_html_(self) -> str:
        columns = ("kind", "counted", "met", "failed", "undetermined", "rate_text", "target_text")
        rows = [[r[c] for c in columns] for r in self.summary()]
        return html_table(columns, rows, repr(self)[1:-1])

    @property
    def notices(self) -> tuple[tuple[str, str], ...]:
        """What the run says beside its answer: names of notices, each with what it is about."""
        return (*self.of_the_run, *self.outcome.notices)

    def only(self, unit: str) -> Assessment:
        """Return the assessment of `unit` and what it contains alone.

        Raises RequestError when it does not exist on the day of judgement.
        """
        here, outcome = self.standing(unit).id, self.outcome
        inside = self.inside(unit)
        units = [here, *inside]
        standing = map(outcome.groups.standing.__getitem__, inside)
        groups = Groups(units, [here, *standing])
        verdicts = {u: outcome.verdicts[u] for u in groups.sizes if u in outcome.verdicts}
        about, incidents = set(units), self.facts.incidents.rows
        notices = [(n, x) for n, x in outcome.notices if x in about or x in incidents]
        narrowed = evolve(
            outcome, groups=groups, verdicts=ForEveryUnit(verdicts, groups), notices=notices
        )
        return evolve(self, outcome=narrowed)

    @cached_property
    def _lines(self) -> dict[str, Line]:
        """The lines of the units that stand for groups, and of the others."""
        groups, ids = self.outcome.groups, self.facts.units.column("id")
        declared = zip(ids, self.facts.units.column("kind"), strict=True)
        whole = groups.units is ids
        own = map(eq, ids, groups.stands) if whole else map(groups.sizes.__contains__, ids)
        kinds = dict(compress(declared, own))
        verdicts, findings = of_judged(self.outcome.verdicts), of_judged(self.outcome.findings)
        line = self._line_maker()
        lines: dict[str, Line] = {}
        overall = of_judged(self.outcome.overall)
        reached, above = of_judged(self.outcome.at_level), of_judged(self.outcome.next_level)
        for unit, judged in verdicts.items():
            if unit in kinds:
                found = findings.get(unit)
                against = tuple([(c, f[0]) for c, f in found.items()]) if found else ()
                status = STATUSES[overall.get(unit) or next(iter(judged.values()))]
                at = (reached.get(unit), above.get(unit)) if reached or above else None
                lines[unit] = line(kinds[unit], status, tuple(judged.items()), against, at)
        return lines

    def _line_maker(self) -> Callable[..., Line]:
        """Return what makes the line of a unit of its kind, status, verdicts, findings and levels,
        one object for all of which it says the same."""
        policy = self.policy
        clauses = {k: [c.id for c in policy.clauses_of(k)] for k in policy.judged_kinds}
        for k in policy.level_of:
            clauses[k] = [c.id for c in policy.deciding(k)]
        one = cache(Line)

        @cache
        def line(kind: str, status: Status, judged: _Said, found: _Said, at: _At | None) -> Line:
            said, verdict = dict(found), dict(judged)
            standards = tuple(k for k in policy.kinds if k in verdict)
            levels = None
            if at is not None and at != (None, None):
                by = ((k, STATUSES[verdict[k]]) for k in standards if k in policy.level_of)
                levels = Levels(*at, tuple(by))
            asked = (
                k for k in standards if k not in policy.level_of or (levels and k == levels.above)
            )
            against = [(c, said[c]) for k in asked for c in clauses[k] if c in said]
            failed = tuple(c for c, status in against if status == "failed")
            undetermined = tuple(c for c, status in against if status == "undetermined")
            return one(kind, status, failed, undetermined, standards, levels)

        return line

    @property
    def last_day(self) -> date:
        """The last day of the period judged."""
        return self.policy.period.ends(self.year)

    @property
    def preliminary(self) -> bool:
        """Whether the data stops before the end of the year (预评)."""
        return self.cut_off < self.last_day

    @property
    def asked(self) -> tuple[str, ...]:
        """What the rules were asked beside verdicts: facts of every search that asks them again."""
        return ("year_end",) if self.at_year_end else ()

    @property
    def assumes(self) -> tuple[str, ...]:
        """What an answer about the end of an unfinished year takes for granted (decision 41).

        `year_end`: it speaks of 31 December; `nothing_new`: nothing happens or changes until then;
        `ledgers_kept`: ledgers of the year that are entered already are kept up to that day.
        """
        if not self.at_year_end:
            return ()
        kept = self.year in self.facts.ledgers.column("year")
        return ("year_end", "nothing_new", *(("ledgers_kept",) if kept else ()))

    def __iter__(self) -> Iterator[str]:
        return (unit for unit, _, _ in self.lines())

    def __contains__(self, unit: object) -> bool:
        return unit in self.outcome.verdicts

    def __len__(self) -> int:
        return len(self.outcome.verdicts)

    def lines(
        self, kind: str | None = None, status: str | None = None
    ) -> Iterator[tuple[str, str, Line]]:
        """Return the ids and names of the judged units, of one kind (as declared or as judged) or
        status if given, in the order of reports, each with what the county's list says of it."""
        for _, *columns in self.listed(kind, status):
            yield from zip(*columns, strict=True)

    def listed(
        self, kind: str | None = None, status: str | None = None
    ) -> Iterator[tuple[str, Sequence[str], Sequence[str], Sequence[Line]]]:
        """Yield the `lines` by columns, some thousand units of one kind at a time: the kind as
        declared, ids, names and lines."""
        wanted = Once[Line, bool](lambda line: line.is_of(kind, status))
        for p in self.placed:
            if kind is None and status is None:
                yield p.kind, p.ids, p.names, p.lines
            elif any(chosen := list(map(wanted.__getitem__, p.lines))):
                columns: Any = (list(compress(c, chosen)) for c in (p.ids, p.names, p.lines))
                yield (p.kind, *columns)

    @cached_property
    def placed(self) -> list[Placed]:
        """The judged units by columns, some thousand units of one kind at a time, in the order of
        reports."""
        units, outcome = self.facts.units, self.outcome
        ids, names, parents = map(units.column, ("id", "name", "parent"))
        groups, named, moved = outcome.groups, outcome.named, outcome.relocated
        stands: Sequence[str | None] = groups.stands
        if groups.units is not ids:
            stands = list(map(groups.standing.get, ids))
        line_of: Any = self._lines
        lines = list(map(line_of.get, stands))
        found: list[Placed] = []
        for kind in self.policy.kinds:
            for rows in pieces(self.facts.ordered.get(kind, ())):
                columns = [at_rows(c, rows) for c in (lines, ids, names, parents, stands)]
                if None in columns[0]:
                    columns = [list(compress(column, columns[0])) for column in columns]
                judged, here, said, places, alike = columns
                if named:
                    said = list(map(named.get, here, said))
                if moved:
                    places = list(map(moved.get, here, places))
                if judged:
                    found.append(Placed(kind, here, said, places, alike, judged))
        return found

    def line(self, unit: str) -> Line:
        """Return what the county's list says of a judged unit."""
        return self._lines[self.outcome.groups.standing[unit]]

    def __getitem__(self, unit: str) -> UnitAssessment:
        here = self.standing(unit)
        if unit not in self.outcome.verdicts:
            kind = self.policy.kinds[here.kind]
            raise RequestError(
                [
                    Problem(
                        "UNIT",
                        f"通知对该类单位（{kind.zh}）没有标准，不参评",
                        f"the notice has no standard for this kind ({kind.en}): it is not judged",
                        unit,
                    )
                ]
            )
        standards = [k for k in self.policy.kinds if k in self.outcome.verdicts[unit]]
        findings = [
            finding_of(self, unit, clause)
            for kind in standards
            for clause in self.policy.clauses_of(kind)
        ]
        return UnitAssessment(
            here, self.status(unit), tuple(standards), tuple(findings), self.line(unit)
        )

    def header(self, unit: str) -> dict[str, Any]:
        """Return the head of every JSON answer about one judged unit."""
        here = self[unit]
        u = here.unit
        return {
            "schema": SCHEMA,
            "policy": self.policy.name,
            "year": self.year,
            **self.policy.period.shown(self.year),
            "unit": {"id": u.id, "kind": u.kind, "name": u.name},
            "status": here.status.value,
            **here.levels_dict,
            "assumes": list(self.assumes),
        }

    def count(self, kind: str, within: str | None = None) -> dict[str, int]:
        """Count the units judged by the standard for `kind`: all, met, failed, undetermined."""
        found = self._counts(within)[kind]
        return {"counted": found.total(), **{s: found[s] for s in map(str, Status)}}

    def _counts(self, within: str | None) -> dict[str, Counter[str]]:
        """Count by standard and status, all units or those inside one."""
        found: dict[str, Counter[str]] = defaultdict(Counter)
        verdicts, groups = of_judged(self.outcome.verdicts), self.outcome.groups
        if within is None:
            units: Iterable[tuple[str | None, int]] = groups.sizes.items()
        else:
            units = Counter(map(groups.standing.get, self.inside(within))).items()
        for unit, number in units:
            for kind, status in verdicts.get(unit, _NONE).items():
                found[kind][status] += number
        return found

    def to_dict(
        self,
        kind: str | None = None,
        status: str | None = None,
        units: Iterable[tuple[str, str, Line]] | None = None,
    ) -> dict[str, Any]:
        """Return the run as JSON values, for one kind or status, or some `units`, if given.

        Raises RequestError when there is no such kind or status.
        """
        self._check(kind, status)
        listed = self.lines(kind, status) if units is None else units
        return {
            "schema": SCHEMA,
            "policy": self.policy.name,
            "year": self.year,
            **self.policy.period.shown(self.year),
            "preliminary": self.preliminary,
            "summary": self.summary(kind),
            "units": [line.to_dict(unit) for unit, _, line in listed],
            "notices": [{"notice": n, "id": x} for n, x in self.notices],
        }

    def summary(self, kind: str | None = None, within: str | None = None) -> list[dict[str, Any]]:
        """Return the counts by kind; the rate is a range while some are undetermined."""
        rows = []
        counts = self._counts(within)
        for k in self.policy.judged_kinds:
            if kind not in (None, k):
                continue
            met, failed, open_ = (counts[k][s] for s in ("met", "failed", "undetermined"))
            share = Share(met, open_, met + failed + open_, 0)
            target = self.policy.targets.get(k)
            rows.append(
                {
                    "kind": k,
                    "counted": share.total,
                    "met": met,
                    "failed": failed,
                    "undetermined": open_,
                    "rate": rate_of(met, met + open_, share.total),
                    "rate_text": str(share) if share.total else None,
                    "target": fraction(target),
                    "target_text": f"≥{rate(*target)}" if target else None,
                    **({"level_of": self.policy.level_of[k]} if k in self.policy.level_of else {}),
                }
            )
        return rows

    def select(self, kind: str | None = None, status: str | None = None) -> list[str]:
        """Return the judged ids of a kind (as declared or as judged) and status.

        Raises RequestError when there is no such kind or status.
        """
        self._check(kind, status)
        return [unit for unit, _, _ in self.lines(kind, status)]

    def _check(self, kind: str | None, status: str | None) -> None:
        if kind is not None:
            check_kind(self.policy, kind, "--kind")
        if status is not None and status not in STATUSES:
            known = ", ".join(STATUSES)
            problem = Problem("--status", f"应为 {known}", f"expected one of {known}", str(status))
            raise RequestError([problem])

    def finding(self, unit: str, clause: str, *, members: bool = True) -> Finding:
        """Return the finding of one clause of a standard by which a unit is judged; without
        `members`, those that prove a share are not looked for."""
        return finding_of(self, unit, self.policy.clauses[clause], members=members)


def _verdicts(a: Assessment) -> Iterator[Sequence[Any]]:
    for unit, name, line in a.lines():
        yield (
            unit, line.kind, name, a.units[unit].parent, line.status.value,
            list(line.standards), list(line.failed), list(line.undetermined),
        )  # fmt: skip


def _findings(a: Assessment) -> Iterator[Sequence[Any]]:
    for unit in a:
        for f in a[unit].findings:
            n = f.figures
            least = n.least if n else None
            share = least if isinstance(least, tuple) else (least, None)
            yield (
                unit, f.clause, f.source, f.text, f.status.value, f.measured, f.required,
                n and n.measure, n and n.low, n and n.high, n and n.of, *share, n and n.most,
                list(f.evidence), list(f.missing),
            )  # fmt: skip


Assessment.framed = {
    "verdicts": (
        kinds("id kind name parent status", lists="standards failed undetermined"),
        _verdicts,
    ),
    "findings": (
        {
            **kinds("unit clause source text status measured required measure"),
            **kinds("", "low high of least least_of most", "evidence missing"),
        },
        _findings,
    ),
}
