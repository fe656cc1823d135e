"""What a run says: statuses, findings and the assessment of a county."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import Enum
from functools import cache, cached_property
from itertools import compress
from operator import eq
from typing import Any

from attrs import evolve, field, frozen

from pingan_logic.catalogue import Clause, Policy, Prohibition, check_kind
from pingan_logic.errors import Problem, RequestError, nearest
from pingan_logic.figures import SCHEMA, Figures, fraction, rate_of
from pingan_logic.framed import Framed, kinds
from pingan_logic.measured import Measured, measured_of
from pingan_logic.memory import Once, pieces
from pingan_logic.model import Facts, Incident, Unit
from pingan_logic.order import in_order, natural
from pingan_logic.shown import Answer, html_table
from pingan_logic.solving.engine import Outcome
from pingan_logic.solving.grouping import Groups, Spread, of_judged
from pingan_logic.table import ById, at_rows

__all__ = [
    "Assessment",
    "Finding",
    "Line",
    "Placed",
    "Share",
    "Status",
    "UnitAssessment",
    "percent",
    "rate",
]


_NONE: Mapping[str, Any] = {}
_Said = tuple[tuple[str, str], ...]


class Status(str, Enum):
    """达标 met，未达标 failed，待核 undetermined."""

    MET = "met"
    FAILED = "failed"
    UNDETERMINED = "undetermined"

    def __str__(self) -> str:
        return self.value


_STATUS = {s.value: s for s in Status}
_REPEATED = re.compile(r"repeated\((\d+)\)")


@frozen
class Share:
    """Members met, undetermined and in all, against the least number that must be met."""

    met: int
    undetermined: int
    total: int
    needed: int

    def __str__(self) -> str:
        if not self.total:
            return "0/0"
        if not self.undetermined:
            return f"{self.met}/{self.total}={percent(self.met, self.total)}"
        most = self.met + self.undetermined
        return (
            f"{self.met}..{most}/{self.total}="
            f"{percent(self.met, self.total)}..{percent(most, self.total)}"
        )

    @property
    def short(self) -> int:
        """How many more members must be met."""
        return max(0, self.needed - self.met)


def percent(part: int, whole: int) -> str:
    """Return a percentage with one decimal, half up; for print only, never for a decision."""
    tenths = (part * 2000 + whole) // (2 * whole)
    return f"{tenths // 10}.{tenths % 10}%"


@frozen
class Finding:
    """A clause (or one atomic prohibition of it) at a unit.

    `measured` and `required` are the same in every language, such as `35/40=87.5%` and `≥90%`;
    `evidence` names incidents or units by id: what proves the status. `missing` are the ledger
    items without a completed ledger, `missing_then` those of earlier years to which the clause
    looks back, each with its year. `parts` are the atomic prohibitions of a compound clause.
    `counted` are the incidents that a limit in number counts while it is not reached: they come
    first in `evidence`. `figures` are measured and required as numbers, where they are numbers.
    """

    clause: str
    source: str
    text: str
    english: str | None
    status: Status
    measured: str | None
    required: str
    evidence: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    basis: str = "prohibition"
    share: Share | None = None
    parts: tuple[Finding, ...] = ()
    counted: tuple[str, ...] = ()
    figures: Figures | None = None
    missing_then: tuple[tuple[int, str], ...] = ()

    def words(self, lang: str) -> str:
        """Return the words of the clause, English ones where there are any and they are wanted."""
        return self.english if lang == "en" and self.english else self.text

    def to_dict(self, lang: str = "zh") -> dict[str, Any]:
        """Return the finding as JSON values."""
        result: dict[str, Any] = {
            "clause": self.clause,
            "source": self.source,
            "text": self.words(lang),
            "status": self.status.value,
            "measured": self.measured,
            "required": self.required,
            "figures": self.figures.to_dict() if self.figures else None,
            "evidence": list(self.evidence),
            "missing": list(self.missing),
            "basis": self.basis,
            "parts": [p.to_dict(lang) for p in self.parts],
        }
        if self.share:
            result["short"] = self.share.short
        if self.missing_then:
            result["missing_then"] = [{"year": y, "item": t} for y, t in self.missing_then]
        return result


@frozen(eq=False)
class Line:
    """What the county's list says of a unit; one object for all units of which it says the same.

    `failed` and `undetermined` are the ids of clauses, in the order of the notice.
    """

    kind: str
    status: Status
    failed: tuple[str, ...]
    undetermined: tuple[str, ...]
    standards: tuple[str, ...]

    def to_dict(self, unit: str) -> dict[str, Any]:
        """Return the line of `unit` as JSON values."""
        return {
            "id": unit,
            "kind": self.kind,
            "status": self.status.value,
            "failed": list(self.failed),
            "undetermined": list(self.undetermined),
            "standards": list(self.standards),
        }


@frozen(eq=False)
class Placed:
    """Judged units of one `kind` as declared, by columns: `ids`, `names` and `containers` on the
    day of judgement, the units that stand for them, and lines."""

    kind: str
    ids: Sequence[str]
    names: Sequence[str]
    containers: Sequence[str | None]
    stands: Sequence[str]
    lines: Sequence[Line]


@frozen(repr=False)
class UnitAssessment(Answer[Finding]):
    """The verdict of one unit and the findings behind it."""

    unit: Unit
    status: Status
    standards: tuple[str, ...]
    findings: tuple[Finding, ...]

    def __repr__(self) -> str:
        return f"<UnitAssessment of {self.unit.id}: {self.status.value}>"

    @property
    def rows(self) -> tuple[Finding, ...]:
        """The findings."""
        return self.findings

    def name_of(self, row: Finding) -> str:
        """Return the id of a clause."""
        return row.clause

    def _repr_html_(self) -> str:
        rows = [(f.source, f.text, f.status, f.measured, f.required) for f in self.findings]
        title = f"{self.unit.name or self.unit.id}: {self.status}"
        return html_table(("source", "text", "status", "measured", "required"), rows, title)

    def clauses(self, status: Status) -> list[str]:
        """Return the ids of the clauses with `status`, in the order of the notice."""
        return [f.clause for f in self.findings if f.status is status]

    def to_dict(self) -> dict[str, Any]:
        """Return the line of the county's list."""
        failed, undetermined = map(self.clauses, (Status.FAILED, Status.UNDETERMINED))
        line = Line(self.unit.kind, self.status, tuple(failed), tuple(undetermined), self.standards)
        return line.to_dict(self.unit.id)


class _Register(ById[Unit]):
    """The units under the names and in the containers of the day of judgement."""

    def __init__(self, facts: Facts, outcome: Outcome) -> None:
        super().__init__(facts.units)
        self.outcome = outcome

    def make(self, row: int) -> Unit:
        unit, outcome = self.table[row], self.outcome
        if unit.id in outcome.relocated:
            unit = evolve(unit, parent=outcome.relocated[unit.id])
        if unit.id in outcome.named:
            unit = evolve(unit, name=outcome.named[unit.id])
        return unit


class _Children(Mapping[str, list[str]]):
    """The units in each container on the day of judgement, in the order of the data."""

    def __init__(self, facts: Facts, outcome: Outcome) -> None:
        self.facts, self.outcome = facts, outcome
        self.found: dict[str, list[str]] = {}
        self.come: dict[str, list[int]] = defaultdict(list)
        for unit, container in outcome.relocated.items():
            if container:
                self.come[container].append(facts.rows[unit])
        # not from `contents`: a household asked for alone needs no list of all that is in others
        self.containers = facts.containers.union(self.come)

    def __getitem__(self, container: str) -> list[str]:
        if container not in self.found:
            if container not in self.containers:
                raise KeyError(container)
            ids, outcome = self.facts.units.column("id"), self.outcome
            rows = self.facts.contents.get(container, [])
            if outcome.relocated:
                stayed = [n for n in rows if ids[n] not in outcome.relocated]
                rows = sorted([*stayed, *self.come.get(container, ())])
            units = [ids[n] for n in rows]
            if outcome.absent:
                units = [u for u in units if u not in outcome.absent]
            self.found[container] = units
        return self.found[container]

    def inside(self, unit: str) -> list[str]:
        """Return the units that `unit` contains, each before those inside it."""
        containers = self.containers
        found = list(self[unit]) if unit in containers else []
        for here in found:  # while it grows
            if here in containers:
                found += self[here]
        return found

    def __contains__(self, container: object) -> bool:
        return container in self.containers

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self.containers, key=natural))

    def __len__(self) -> int:
        return len(self.containers)


@frozen(slots=False, repr=False)
class Assessment(Framed):
    """All verdicts of one run over one year, or those of one unit and what it contains.

    `units` bear the names and containers of the day of judgement; those that do not exist on that
    day are in no `children` and in no count.

    `assessment["B-12"]` is the assessment of a unit; a county has no standard of its own, so it
    can be explained but not indexed.
    """

    facts: Facts
    policy: Policy
    year: int
    cut_off: date
    outcome: Outcome = field(repr=False)
    of_the_run: tuple[tuple[str, str], ...] = ()
    at_year_end: bool = False
    memo: dict[str, Any] = field(factory=dict, init=False, eq=False, repr=False)
    """What later steps have worked out from this assessment alone, for the next time."""

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
        standing = outcome.groups.standing
        units = [here, *self.inside(unit)]
        groups = Groups(units, [here, *(standing[u] for u in units[1:])])
        verdicts = {u: outcome.verdicts[u] for u in groups.sizes if u in outcome.verdicts}
        about = {*units, *self.facts.incidents.column("id")}
        notices = [(n, x) for n, x in outcome.notices if x in about]
        narrowed = evolve(
            outcome, groups=groups, verdicts=Spread(verdicts, groups), notices=notices
        )
        return evolve(self, outcome=narrowed)

    @cached_property
    def units(self) -> Mapping[str, Unit]:
        """The units by id, as they stand on the day of judgement."""
        return _Register(self.facts, self.outcome)

    @cached_property
    def parents(self) -> dict[str, str | None]:
        """The container of each unit on the day of judgement, for walks over all units."""
        units = self.facts.units
        found = dict(zip(units.column("id"), units.column("parent"), strict=True))
        found.update(self.outcome.relocated)
        return found

    @cached_property
    def children(self) -> _Children:
        """The units that stand directly in each container on the day of judgement."""
        return _Children(self.facts, self.outcome)

    @cached_property
    def incidents(self) -> Mapping[str, Incident]:
        """The incidents by id."""
        return ById(self.facts.incidents)

    @cached_property
    def _lines(self) -> dict[str, Line]:
        """The lines of the units that stand for groups, and of the others."""
        groups, ids = self.outcome.groups, self.facts.units.column("id")
        declared = zip(ids, self.facts.units.column("kind"), strict=True)
        whole = groups.units is ids
        own = map(eq, ids, groups.stands) if whole else map(groups.sizes.__contains__, ids)
        kinds = dict(compress(declared, own))
        clauses = {k: [c.id for c in self.policy.clauses_of(k)] for k in self.policy.judged_kinds}
        verdicts, findings = of_judged(self.outcome.verdicts), of_judged(self.outcome.findings)

        one = cache(Line)

        @cache
        def line(kind: str, status: Status, judged: _Said, found: _Said) -> Line:
            said, verdict = dict(found), dict(judged)
            standards = tuple(k for k in self.policy.kinds if k in verdict)
            against = [(c, said[c]) for k in standards for c in clauses[k] if c in said]
            failed = tuple(c for c, status in against if status == "failed")
            undetermined = tuple(c for c, status in against if status == "undetermined")
            return one(kind, status, failed, undetermined, standards)

        lines: dict[str, Line] = {}
        overall = of_judged(self.outcome.overall)
        for unit, judged in verdicts.items():
            if unit in kinds:
                found = findings.get(unit)
                against = tuple([(c, f[0]) for c, f in found.items()]) if found else ()
                status = _STATUS[overall.get(unit) or next(iter(judged.values()))]
                lines[unit] = line(kinds[unit], status, tuple(judged.items()), against)
        return lines

    @cached_property
    def _judged(self) -> dict[tuple[str, str], set[str]]:
        """The units of each standard and status, of a group the one that stands for it."""
        found: dict[tuple[str, str], set[str]] = defaultdict(set)
        verdicts = of_judged(self.outcome.verdicts)
        for unit in self.outcome.groups.sizes:
            for judged in verdicts.get(unit, _NONE).items():
                found[judged].add(unit)
        return found

    @property
    def preliminary(self) -> bool:
        """Whether the data stops before the end of the year (预评)."""
        return self.cut_off < date(self.year, 12, 31)

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
        wanted = Once[Line, bool](
            lambda line: (
                (kind is None or kind == line.kind or kind in line.standards)
                and (status is None or status == line.status.value)
            )
        )
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

    def unit(self, unit: str) -> Unit:
        """Return a unit of the data. Raises RequestError naming the nearest id."""
        if not isinstance(unit, str) or unit not in self.units:
            raise RequestError([no_such_unit(str(unit), self.units)])
        return self.units[unit]

    def status(self, unit: str) -> Status:
        """Return the status of a judged unit; under two standards the one that the policy says."""
        overall = self.outcome.overall.get(unit)
        return Status(overall or next(iter(self.outcome.verdicts[unit].values())))

    def standing(self, unit: str) -> Unit:
        """Return a unit that exists on the day of judgement.

        Raises RequestError naming the nearest id, or the unit into which this one has merged.
        """
        here = self.unit(unit)
        if unit in self.outcome.absent:
            raise RequestError(
                [
                    Problem(
                        "UNIT",
                        f"该单位在{self.cut_off}不存在（尚未设立、已撤销或已并入）",
                        f"the unit does not exist on {self.cut_off} (not opened, closed or merged)",
                        unit,
                        self.outcome.heirs.get(unit),
                    )
                ]
            )
        return here

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
            self._finding(unit, clause)
            for kind in standards
            for clause in self.policy.clauses_of(kind)
        ]
        return UnitAssessment(here, self.status(unit), tuple(standards), tuple(findings))

    def header(self, unit: str) -> dict[str, Any]:
        """Return the head of every JSON answer about one judged unit."""
        here = self[unit]
        u = here.unit
        return {
            "schema": SCHEMA,
            "policy": self.policy.name,
            "year": self.year,
            "unit": {"id": u.id, "kind": u.kind, "name": u.name},
            "status": here.status.value,
            "assumes": list(self.assumes),
        }

    def inside(self, unit: str) -> list[str]:
        """Return the ids of all units that `unit` contains, each before those inside it."""
        return self.children.inside(unit)

    def areas(self, unit: str) -> list[str]:
        """Return the ids of the units inside `unit` for which attainment is counted, such as
        townships."""
        found = [u for u in self.inside(unit) if self.units[u].kind in self.policy.areas]
        return sorted(found, key=natural)

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
        if status is not None and status not in _STATUS:
            known = ", ".join(_STATUS)
            problem = Problem("--status", f"应为 {known}", f"expected one of {known}", str(status))
            raise RequestError([problem])

    def finding(self, unit: str, clause: str, *, members: bool = True) -> Finding:
        """Return the finding of one clause of a standard by which a unit is judged; without
        `members`, those that prove a share are not looked for."""
        return self._finding(unit, self.policy.clauses[clause], members=members)

    def _finding(self, unit: str, clause: Clause, *, members: bool = True) -> Finding:
        if clause.prohibitions:
            return self._item(unit, clause)
        if clause.measures:
            return self._measured(unit, clause)
        status, basis, numbers = self.outcome.findings[unit][clause.id]
        if basis == "share" or basis == "no_members":
            return self._ratio(unit, clause, Status(status), basis, members=members)
        measured: str | None = None
        required = "met"
        figures: Figures | None = None
        if clause.pass_mark is not None:
            required = f"≥{hundredths(clause.pass_mark)}"
            measured = hundredths(numbers[0]) if basis == "score" else None
            scored = numbers[0] if basis == "score" else None
            figures = Figures("hundredths", scored, scored, least=clause.pass_mark)
        elif clause.threshold is not None:
            required = f"≥{rate(*clause.threshold)}"
            measured = "0/0"
            figures = Figures("members", 0, 0, 0, clause.threshold)
        elif basis == "rank":
            measured, required = str(numbers[0]), f"≤{numbers[1]}"
            figures = Figures("ranks", numbers[0], numbers[0], most=numbers[1])
        elif basis == "no_requirement":
            measured = str(numbers[0])
            figures = Figures("ranks", numbers[0], numbers[0])
        elif basis.startswith("polled_"):
            measured = basis.removeprefix("polled_")
        elif numbers:
            measured = " ".join(map(str, numbers))
        evidence = (unit,) if status != "undetermined" or measured is not None else ()
        return Finding(
            clause.id, clause.source, clause.zh, clause.en, Status(status), measured, required,
            evidence, basis=basis, figures=figures,
        )  # fmt: skip

    def _measured(self, unit: str, clause: Clause) -> Finding:
        def finding(
            name: str, status: Status, m: Measured, words: tuple[str, str | None]
        ) -> Finding:
            evidence = (unit,) if m.measured is not None else ()
            return Finding(
                name, clause.source, *words, status, m.measured, m.required, evidence,
                basis="amount", figures=m.figures,
            )  # fmt: skip

        found = measured_of(self.outcome, self.policy, clause, unit)
        against = self.outcome.findings.get(unit, {}).get(clause.id)
        status = Status(against[0]) if against else Status.MET
        first = next((m for m in found if m.status == status.value), found[0])
        whole = finding(clause.id, status, first, (clause.zh, clause.en))
        if len(found) == 1:
            return whole
        parts = []
        for m in found:
            item = m.items[0]
            name, words = f"{clause.id}.{item.id}", (item.zh, item.en)
            parts.append(finding(name, Status(m.status), m, words))
        return evolve(whole, parts=tuple(parts))

    def _ratio(
        self, unit: str, clause: Clause, status: Status, basis: str, *, members: bool
    ) -> Finding:
        n, d = clause.threshold or (1, 1)
        counted = self.outcome.shares[clause.id, unit] if basis == "share" else (0, 0, 0)
        met, open_, total = counted
        share = Share(met, open_, total, -(-total * n // d))
        return Finding(
            clause.id, clause.source, clause.zh, clause.en, status, str(share),
            f"≥{rate(n, d)}", self._members(unit, clause, status) if members else (),
            basis=basis, share=share,
            figures=Figures("members", met, met + open_, total, (n, d)),
        )  # fmt: skip

    def _members(self, unit: str, clause: Clause, status: Status) -> tuple[str, ...]:
        judged = set().union(*(self._judged[kind, status.value] for kind in clause.members))
        standing = self.outcome.groups.standing
        return tuple(in_order(u for u in self.inside(unit) if standing.get(u) in judged))

    def _item(self, unit: str, clause: Clause) -> Finding:
        parts = [self._part(unit, clause, p) for p in clause.prohibitions]
        against = self.outcome.findings.get(unit, {}).get(clause.id)
        recorded = Status(against[0]) if against else Status.MET
        deciding = [p for p in parts if p.status is recorded]
        counted = in_order({i for p in deciding for i in p.counted})
        others = {e for p in deciding for e in p.evidence[len(p.counted) :]}
        figures, required = parts[0].figures, parts[0].required
        if figures is None or len(parts) > 1:
            figures, required = _summed(recorded, parts), "0"
        measured = figures.text
        return Finding(
            clause.id, clause.source, clause.zh, clause.en, recorded, measured, required,
            (*counted, *in_order(others)),
            tuple(sorted({m for p in deciding for m in p.missing})),
            parts=tuple(parts) if len(parts) > 1 else (), counted=tuple(counted), figures=figures,
            missing_then=tuple(sorted({m for p in deciding for m in p.missing_then})),
        )  # fmt: skip

    def _part(self, unit: str, clause: Clause, p: Prohibition) -> Finding:
        key = (clause.id, p.matter, unit)
        broken = self.outcome.breaches.get(key, [])
        below = in_order(self.outcome.below.get(key, []))
        ungraded = [] if broken else self.outcome.ungraded.get(key, [])
        missing = self.outcome.unrecorded.get(key, [])
        then = self.outcome.unrecorded_then.get(key, [])
        low: int
        high: int | None
        limit = _REPEATED.fullmatch(p.test)
        if broken:
            status, evidence, low, high = Status.FAILED, broken, len(broken), len(broken)
        elif ungraded or missing or then:
            status, evidence = Status.UNDETERMINED, ungraded
            low, high = (len(below), None) if missing or then else (0, len(ungraded))
        else:
            status, evidence = Status.MET, self._ledgers(unit, p.matter)
            low, high = len(below), len(below)
        figures = Figures("incidents", low, high, most=int(limit[1]) - 1 if limit else 0)
        return Finding(
            p.id, clause.source, p.zh, p.en, status, figures.text,
            f"<{limit[1]}" if limit else "0", (*below, *in_order(evidence)),
            tuple(sorted(missing)), counted=tuple(below), figures=figures,
            missing_then=tuple(then),
        )  # fmt: skip

    def _ledgers(self, unit: str, matter: str) -> list[str]:
        """Name the holders of the ledgers that cover `unit` for a matter, nearest first."""
        holders: set[str] = set()
        for item in self.outcome.answers[matter]:
            here: str | None = unit
            while here is not None:
                if not {item, "all"}.isdisjoint(self.outcome.holds.get(here, ())):
                    holders.add(here)
                    break
                here = self.units[here].parent
        return list(holders)


def _summed(status: Status, parts: list[Finding]) -> Figures:
    """Return how many incidents break the parts of a clause, or may."""
    numbers = [(p.status, p.figures.low or 0, p.figures.high) for p in parts if p.figures]
    low, high = 0, 0
    if status is Status.FAILED:
        low = high = sum(n for s, n, _ in numbers if s is Status.FAILED)
    elif status is not Status.MET:
        unknown = any(most is None for _, _, most in numbers)
        open_ = {e for p in parts if p.status is Status.UNDETERMINED for e in p.evidence}
        return Figures("incidents", 0, None if unknown else len(open_), most=0)
    return Figures("incidents", low, high, most=0)


def no_such_unit(unit: str, units: Iterable[str]) -> Problem:
    """Return the problem of an id that is not in the data, with the nearest that is."""
    said = ("数据中没有这个单位", "there is no such unit in the data")
    return Problem("UNIT", *said, unit, nearest(unit, units))


def hundredths(value: int) -> str:
    """Return hundredths of a point as a decimal without trailing zeros."""
    text = f"{value // 100}.{value % 100:02d}"
    return text.rstrip("0").rstrip(".")


def rate(n: int, d: int) -> str:
    """Return the share `n`/`d` as a percentage without trailing zeros."""
    text = f"{n * 100 // d}.{n * 100 % d * 100 // d:02d}"
    return text.rstrip("0").rstrip(".") + "%"


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
