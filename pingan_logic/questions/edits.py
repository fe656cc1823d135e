"""One change of the data: what it is, and the data as it stands after some."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from attrs import evolve, frozen

from pingan_logic.measured import as_recorded, plain_value
from pingan_logic.model import Facts, Ledger, NotApplicable, Poll, Requirement, Score, Value
from pingan_logic.questions.scene import Scene
from pingan_logic.solving.asking import Term
from pingan_logic.solving.derived_atoms import plain
from pingan_logic.verdicts import Assessment, hundredths

__all__ = ["Edit", "apply", "edit_of"]

_REASON = "整改：申报不适用"


@frozen
class Edit:
    """One change: `action` is settle, grade, ledger, score, record_score, record_poll,
    record_requirement, declare, value or record_value; the fields that it does not need are None.
    The `unit` of a value that is required from above is the kind, as in the table of values.

    `year` is that of a ledger of an earlier year, to which a clause looks back.
    `before` and `after` are values as in the data: what has to turn out, not what to write down;
    `cost` is in the policy's own units. `at_year_end` says that the year is not over and this can
    be completed only at its end.
    """

    action: str
    unit: str | None
    item: str | None
    incident: str | None
    clause: str | None
    before: str | None
    after: str | None
    cost: int
    at_year_end: bool = False
    year: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the change as JSON values."""
        made: dict[str, Any] = {
            "action": self.action,
            "unit": self.unit,
            "item": self.item,
            "incident": self.incident,
            "clause": self.clause,
            "before": self.before,
            "after": self.after,
            "cost": self.cost,
            "at_year_end": self.at_year_end,
        }
        return made if self.year is None else {**made, "year": self.year}


def edit_of(a: Assessment, scene: Scene, term: Term, cost: int) -> Edit:
    """Return what a change of the search is in the data."""
    made = _edit(a, scene, plain(term), cost)
    now = made.year is None
    late = scene.open_year and now and made.action in scene.policy.only_at_year_end
    return evolve(made, at_year_end=late)


def _edit(a: Assessment, scene: Scene, term: Any, cost: int) -> Edit:
    name, *args = term
    if name in ("settle", "grade"):
        event = a.incidents[args[0]]
        held = event.responsible_unit or event.unit
        if name == "settle":
            return Edit("settle", held, event.type, event.id, None, None, None, cost)
        before, after = event.grade, next(iter(a.policy.grades), None)
        if before:
            before, after = event.liability, "no"
        return Edit("grade", held, event.type, event.id, None, before, after, cost)
    if name == "ledger":
        of = args[2] if len(args) > 2 else None
        return Edit("ledger", args[0], args[1], None, None, None, "complete", cost, year=of)
    if name == "score":
        unit, mark = args
        recorded = [s.score for s in scene.facts.scores if (s.unit, s.year) == (unit, scene.year)]
        clause = _scored(a, unit, mark)
        if recorded:
            before = hundredths(int(recorded[0] * 100))
            return Edit("score", unit, None, None, clause, before, hundredths(mark), cost)
        return Edit("record_score", unit, None, None, clause, None, hundredths(mark), cost)
    if name in ("value", "given"):
        return _valued(a, *args, cost=cost)
    if name == "poll":
        return Edit("record_poll", args[0], None, None, None, None, "met", cost)
    if name == "requirement":
        return Edit("record_requirement", None, args[0], None, None, None, str(args[1]), cost)
    return Edit("declare", args[1], None, None, args[0], None, "not_applicable", cost)


def _scored(a: Assessment, unit: str, mark: int) -> str | None:
    """Return the clause that asks a unit for a mark."""
    standards = a.outcome.verdicts.get(unit, {})
    clauses = a.policy.clauses.values()
    return next((c.id for c in clauses if c.kind in standards and c.pass_mark == mark), None)


def _valued(a: Assessment, unit: str, item: str, number: int, *, cost: int) -> Edit:
    """Return the change of a value, or that it is recorded, and for which clause of the unit."""
    about, out = a.policy.inputs[item], a.outcome
    after = plain_value(about, number)
    if about.given:
        return Edit("record_value", unit, item, None, None, None, after, cost)
    looking = [
        c for kind in out.verdicts.get(unit, {}) for c in a.policy.with_parts(kind)
        if item in a.policy.items_of(c)
    ]  # fmt: skip
    against = [c for c in looking if c.id in out.findings.get(unit, {})] or looking
    known = next(
        (n[item] for c in looking if item in (n := out.amounts.get((c.id, unit), {}))), None
    )
    if known is None:
        return Edit("record_value", unit, item, None, against[0].id, None, after, cost)
    before = plain_value(about, known)
    return Edit("value", unit, item, None, against[0].id, before, after, cost)


def apply(facts: Facts, changes: tuple[Edit, ...], year: int) -> Facts:
    """Return the data as it would stand after the changes.

    A settled incident is taken out; a graded one gets the lightest grade and no liability where
    they were open; a ledger is complete; a score, a poll, a requirement or a value is recorded as
    in the change.
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
            Ledger(c.unit or "", c.item or "", c.year or year)
            for c in changes
            if c.action == "ledger"
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
    valued = {(c.unit, c.item): c.after for c in changes if c.action in ("value", "record_value")}
    kept = [v for v in facts.values if (v.unit, v.item) not in valued or v.year != year]
    new_values = [
        Value(unit or "", item or "", year, as_recorded(after or ""))
        for (unit, item), after in valued.items()
    ]
    tables: dict[str, Any] = {name: (*getattr(facts, name), *new) for name, new in more.items()}
    tables["values"] = (*kept, *new_values)
    tables["incidents"] = tuple(incidents)
    tables["scores"] = (*scores, *(Score(u, year, value) for u, value in scored.items() if u))
    return evolve(facts, checked_by=None, **tables)
