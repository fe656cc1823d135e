"""How much a met unit can still lose, and what one failure would bring down.

The search is `remedies/margin.lp`; ratios and thresholds come from the evaluating rules.
"""

from __future__ import annotations

import io
from collections import defaultdict
from typing import Any

from attrs import frozen

from pingan_logic.errors import PolicyError, Problem
from pingan_logic.order import natural
from pingan_logic.solving.encode import Word, write_atoms
from pingan_logic.solving.engine import Planning
from pingan_logic.verdicts import Assessment, Finding, Status, hundredths

__all__ = ["Cascade", "Distance", "Loss", "Margin", "find_margin"]


@frozen
class Loss:
    """How many met members of a kind can be lost: any `spare` of them leave the unit met, and the
    `topple` named ones (spare + 1) do not. `spare` is None when no loss of them can topple it."""

    kind: str
    spare: int | None
    topple: tuple[str, ...]


@frozen
class Cascade:
    """The single failure inside (or of) the unit that brings down the most met units above it."""

    unit: str
    falls: tuple[str, ...]


@frozen
class Distance:
    """A clause and how far it is from its threshold.

    `spare` counts members to lose (negative: members short), hundredths of a point, ranks, or
    incidents that may still happen, as `measure` says: members, hundredths, ranks, incidents.
    None when there is no figure, as for a prohibition with evidence missing.
    """

    clause: str
    status: Status
    measured: str | None
    required: str
    measure: str
    spare: int | None


@frozen
class Margin:
    """The margins of a unit in an assessment."""

    unit: str
    status: Status
    losses: tuple[Loss, ...]
    cascade: Cascade | None
    distances: tuple[Distance, ...]

    def to_dict(self, assessment: Assessment) -> dict[str, Any]:
        """Return the margins as JSON values."""
        return {
            **assessment.header(self.unit),
            "losses": [
                {"kind": x.kind, "spare": x.spare, "topple": list(x.topple)} for x in self.losses
            ],
            "cascade": {"unit": self.cascade.unit, "falls": list(self.cascade.falls)}
            if self.cascade
            else None,
            "distances": [
                {
                    "clause": d.clause,
                    "status": d.status.value,
                    "measured": d.measured,
                    "required": d.required,
                    "measure": d.measure,
                    "spare": d.spare,
                }
                for d in self.distances
            ],
        }


def find_margin(assessment: Assessment, unit: str) -> Margin:
    """Return how far `unit` is from failing. Raises RequestError for an unknown unit or one
    without a standard, PolicyError when the policy has no margin search."""
    here = assessment[unit]
    program = assessment.policy.folder / "remedies" / "margin.lp"
    if not program.is_file():
        raise PolicyError(
            [Problem(assessment.policy.name, "规则没有余量计算(remedies/margin.lp)",
                     "the policy has no margins (remedies/margin.lp)")]
        )  # fmt: skip
    return Margin(
        unit,
        here.status,
        _losses(assessment, unit, program),
        _cascade(assessment, unit, program),
        tuple(_distance(assessment, f) for f in here.findings),
    )


def _met(a: Assessment, unit: str, kind: str) -> bool:
    return a.outcome.verdicts.get(unit, {}).get(kind) == Status.MET.value


def _ratios(a: Assessment, unit: str) -> list[tuple[str, str, int, int]]:
    """Return the met ratios of a unit: clause, kind of members, met, total."""
    found = []
    for clause, (status, basis, numbers) in a.outcome.findings.get(unit, {}).items():
        members = a.policy.clauses[clause].members
        if members is not None and basis == "share" and status == Status.MET.value:
            found.append((clause, members, numbers[0], numbers[2]))
    return found


_Row = tuple[str, tuple[object, ...]]


def _structure(a: Assessment, units: list[str]) -> tuple[list[_Row], dict[str, list[str]]]:
    """Write the met ratios of `units` and of the met members below; return them with the met
    members of each kind."""
    rows: list[_Row] = []
    waiting, seen = list(units), set(units)
    below: dict[str, list[str]] = defaultdict(list)
    while waiting:
        x = waiting.pop()
        for clause, kind, met, total in _ratios(a, x):
            rows.append(("holds", (Word(clause), x, met, total)))
            for y in a.inside(x):
                if _met(a, y, kind):
                    rows.append(("counts", (Word(clause), x, y)))
                    if y not in seen:
                        seen.add(y)
                        below[kind].append(y)
                        waiting.append(y)
    return rows, below


def _losses(a: Assessment, unit: str, program: Any) -> tuple[Loss, ...]:
    if a.status(unit) is not Status.MET:
        return ()
    rows, below = _structure(a, [unit])
    rows.append(("watched", (unit,)))
    found = []
    for kind in (k for k in a.policy.kinds if k in below):
        members = sorted(below[kind], key=natural)
        groups: dict[tuple[str, ...], list[str]] = defaultdict(list)
        counted: dict[str, list[str]] = defaultdict(list)
        for name, arguments in rows:
            if name == "counts":
                counted[str(arguments[2])].append(f"{arguments[0]} {arguments[1]}")
        for m in members:
            groups[tuple(sorted(counted[m]))].append(m)
        more: list[_Row] = [("may_be_lost", (m,)) for m in members]
        for number, (_, alike) in enumerate(sorted(groups.items()), 1):
            more += [("alike", (m, number, rank)) for rank, m in enumerate(alike, 1)]
        text = io.StringIO()
        write_atoms([*rows, *more], text)
        planning = Planning(a.policy, [program], text.getvalue())
        end, lost = planning.best("searching", {"losses"}, "lost")
        names = tuple(sorted(map(str, lost), key=natural))
        found.append(Loss(kind, len(names) - 1 if end.satisfiable else None, names))
    return tuple(found)


def _cascade(a: Assessment, unit: str, program: Any) -> Cascade | None:
    """Try the failure of each met unit inside, one for each container, and of the unit itself."""
    above = []
    parent = a.units[unit].parent
    while parent is not None:
        above.append(parent)
        parent = a.units[parent].parent
    shapes: dict[tuple[str | None, tuple[str, ...], bool], str] = {}
    for x in (unit, *sorted(a.inside(unit), key=natural)):
        kinds = a.outcome.verdicts.get(x, {})
        if kinds and a.status(x) is Status.MET:
            leaf = not a.children.get(x)
            key = (a.units[x].parent, tuple(kinds), leaf)
            if leaf:
                shapes.setdefault(key, x)
            else:
                shapes[x, tuple(kinds), leaf] = x
    tried = set(shapes.values())
    rows: list[_Row] = [("tried", (x,)) for x in sorted(tried)]
    containers: set[str] = set()
    for x in tried:
        up = a.units[x].parent
        while up is not None:
            rows.append(("above", (x, up)))
            containers.add(up)
            up = a.units[up].parent
    for x in sorted(containers):
        for kind in a.outcome.verdicts.get(x, {}):
            if _met(a, x, kind):
                rows.append(("standing", (x,)))
        for clause, kind, met, total in _ratios(a, x):
            rows.append(("holds", (Word(clause), x, met, total)))
            rows += [
                ("counts", (Word(clause), x, y))
                for y in sorted(tried | containers)
                if _met(a, y, kind) and x in _above(a, y)
            ]
    text = io.StringIO()
    write_atoms(list(dict.fromkeys(rows)), text)
    planning = Planning(a.policy, [program], text.getvalue())
    falls: dict[str, list[str]] = {x: [] for x in tried}
    for x, y in planning.rows("falls", 2):
        if x != y:
            falls[x].append(y)
    if not falls:
        return None
    worst = min(falls, key=lambda x: (-len(falls[x]), natural(x)))
    return Cascade(
        worst, tuple(sorted(falls[worst], key=lambda y: len(_above(a, y)), reverse=True))
    )


def _above(a: Assessment, unit: str) -> list[str]:
    found = []
    up = a.units[unit].parent
    while up is not None:
        found.append(up)
        up = a.units[up].parent
    return found


def _distance(a: Assessment, f: Finding) -> Distance:
    clause = a.policy.clauses[f.clause]
    spare: int | None = None
    measure = "incidents"
    if f.share is not None:
        measure, spare = "members", f.share.met - f.share.needed if f.share.total else None
    elif clause.pass_mark is not None:
        measure = "hundredths"
        held = {(s.unit, s.year): s.score for s in a.facts.scores}
        found = held.get((f.evidence[0], a.year)) if f.evidence else None
        spare = int(found * 100) - clause.pass_mark if found is not None else None
    elif f.basis == "rank":
        measure, spare = "ranks", int(f.required.lstrip("≤")) - int(f.measured or 0)
    elif f.basis.startswith(("polled_", "no_")):
        measure = "ranks"
    elif clause.prohibitions and f.status is not Status.UNDETERMINED:
        spare = min(_incidents_left(p) for p in (f.parts or (f,)))
    return Distance(f.clause, f.status, f.measured, f.required, measure, spare)


def _incidents_left(f: Finding) -> int:
    limit = int(f.required.lstrip("<")) - 1 if f.required.startswith("<") else 0
    counted = int(f.measured or 0) if f.status is not Status.UNDETERMINED else 0
    return limit - counted


def spare_words(d: Distance) -> str:
    """Return the spare as text: points with decimals, everything else whole."""
    if d.spare is None:
        return "-"
    sign = "-" if d.spare < 0 else ""
    return sign + (hundredths(abs(d.spare)) if d.measure == "hundredths" else str(abs(d.spare)))
