"""The smallest set of records that settles an undetermined unit, whatever they say.

The search is `remedies/records.lp` of the policy.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from attrs import frozen

from pingan_logic.errors import PolicyError, Problem
from pingan_logic.order import natural
from pingan_logic.reasoning.remedies import question
from pingan_logic.solving.encode import Word, write_atoms
from pingan_logic.solving.engine import Planning
from pingan_logic.verdicts import Assessment, Status

__all__ = ["Missing", "Record", "find_missing"]


@frozen
class Record:
    """A record that is missing.

    `kind` is ledger, grade, liability, score, poll or requirement; `unit` holds it (None for a
    requirement), `item` is the ledger's item or the requirement's kind. `effect` is what it could
    decide alone: fail (it can only make the unit fail), meet (only make it met), either, none.
    """

    kind: str
    unit: str | None
    item: str | None
    incident: str | None
    effect: str

    def to_dict(self) -> dict[str, Any]:
        """Return the record as JSON values."""
        return {
            "record": self.kind,
            "unit": self.unit,
            "item": self.item,
            "incident": self.incident,
            "effect": self.effect,
        }


@frozen
class Missing:
    """The answer for a unit: the records, and the (clause, unit) pairs that no record can settle
    because the ratio has no members. Both are empty when the unit is settled."""

    unit: str
    status: Status
    records: tuple[Record, ...]
    unsettled: tuple[tuple[str, str], ...]

    def to_dict(self, assessment: Assessment) -> dict[str, Any]:
        """Return the answer as JSON values."""
        return {
            **assessment.header(self.unit),
            "records": [r.to_dict() for r in self.records],
            "unsettled": [{"clause": c, "unit": u} for c, u in self.unsettled],
        }


def find_missing(assessment: Assessment, unit: str) -> Missing:
    """Return the smallest set of records that settles `unit`.

    A ledger that is completed names every incident of its item, graded and with liability
    established. Raises RequestError for an unknown unit or one without a standard, PolicyError
    when the policy has no such search.
    """
    here = assessment[unit]
    if here.status is not Status.UNDETERMINED:
        return Missing(unit, here.status, (), ())
    program = assessment.policy.folder / "remedies" / "records.lp"
    if not program.is_file():
        raise PolicyError(
            [Problem(assessment.policy.name, "规则没有缺项计算(remedies/records.lp)",
                     "the policy has no search for records (remedies/records.lp)")]
        )  # fmt: skip
    rows = [*question(assessment, unit), *_open_points(assessment)]
    planning = Planning(assessment.policy, [program], _text(rows))
    _, chosen = planning.best("searching", {"records"}, "record")
    unsettled = tuple(sorted(planning.rows("unsettled", 2)))
    asked: list[_Row] = [("asked", (_again(r),)) for r in chosen]
    effects = Planning(assessment.policy, [program], _text([*rows, *asked]))
    fails = set(effects.best("searching", set(), "can_fail")[1])
    meets = set(effects.best("searching", set(), "can_meet")[1])
    records = [_record(assessment, r, _effect(r in fails, r in meets)) for r in chosen]
    records.sort(key=lambda r: (r.kind, natural(r.unit or ""), r.item or "", r.incident or ""))
    return Missing(unit, here.status, tuple(records), unsettled)


_Row = tuple[str, tuple[object, ...]]


def _text(rows: list[_Row]) -> str:
    out = io.StringIO()
    write_atoms(rows, out)
    return out.getvalue()


def _open_points(a: Assessment) -> Iterator[_Row]:
    for unit, findings in a.outcome.findings.items():
        for clause, (status, _, _) in findings.items():
            if status == Status.UNDETERMINED.value:
                yield "undecided", (Word(clause), unit)
    for unit, verdicts in a.outcome.verdicts.items():
        if Status.UNDETERMINED.value in verdicts.values():
            yield "open", (unit,)
    for i in a.facts.incidents:
        if i.grade is None:
            yield "blank", (i.id, Word("grade"))
        if i.liability is None:
            yield "blank", (i.id, Word("liability"))
    size: dict[str, int] = {}
    for u in a.units:
        here: str | None = None if u in a.outcome.absent else u
        while here is not None:
            size[here] = size.get(here, 0) + 1
            here = a.units[here].parent
    for unit, number in size.items():
        yield "reach", (unit, number)


def _again(term: Any) -> tuple[object, ...]:
    """Put a record term back into the form in which facts are written."""
    name, *rest = term
    words = {"ledger": (1,), "field": (1,), "requirement": (0,)}.get(name, ())
    return (Word(name), *(Word(x) if n in words else x for n, x in enumerate(rest)))


def _effect(fails: bool, meets: bool) -> str:
    return {(True, True): "either", (True, False): "fail", (False, True): "meet"}.get(
        (fails, meets), "none"
    )


def _record(a: Assessment, term: Any, effect: str) -> Record:
    name, first, *rest = term
    if name == "ledger":
        return Record("ledger", first, rest[0], None, effect)
    if name == "field":
        event = a.incidents[first]
        return Record(rest[0], event.responsible_unit or event.unit, event.type, first, effect)
    if name == "requirement":
        return Record("requirement", None, first, None, effect)
    return Record(name, first, None, None, effect)
