"""Statuses and findings: what is said of a unit, as plain values."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Any

from attrs import field, frozen

from pingan_logic.figures import Figures
from pingan_logic.model import Unit
from pingan_logic.shown import Answer, html_table

__all__ = [
    "STATUSES",
    "Finding",
    "Levels",
    "Line",
    "Placed",
    "Share",
    "Status",
    "UnitAssessment",
    "exact_rate",
    "hundredths",
    "percent",
    "rate",
]


class Status(str, Enum):
    """达标 met，未达标 failed，待核 undetermined."""

    MET = "met"
    FAILED = "failed"
    UNDETERMINED = "undetermined"

    def __str__(self) -> str:
        return self.value


STATUSES = {s.value: s for s in Status}


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


@frozen
class Levels:
    """Where a unit stands that is judged by levels: the highest that it has `reached`, the lowest
    that it has not, `above`, and the status by each, the lowest first."""

    reached: str | None
    above: str | None
    statuses: tuple[tuple[str, Status], ...]

    @property
    def open(self) -> tuple[str, ...]:
        """The levels above what is reached that are undetermined."""
        return tuple(k for k, status in self.statuses if status is Status.UNDETERMINED)

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {
            "level": self.reached,
            "next_level": self.above,
            "levels": {k: status.value for k, status in self.statuses},
        }


@frozen(eq=False)
class Line:
    """What the county's list says of a unit; one object for all units of which it says the same.

    `failed` and `undetermined` are the ids of clauses, in the order of the notice; of a unit that
    is judged by `levels` those that stand against the next one.
    """

    kind: str
    status: Status
    failed: tuple[str, ...]
    undetermined: tuple[str, ...]
    standards: tuple[str, ...]
    levels: Levels | None = None

    def is_of(self, kind: str | None, status: str | None) -> bool:
        """Whether the unit is of a kind, as declared or as judged, and of a status, by that level
        if the kind is one."""
        if kind is not None and kind != self.kind and kind not in self.standards:
            return False
        by = dict(self.levels.statuses) if self.levels else {}
        return status is None or status == by.get(kind or "", self.status).value

    def to_dict(self, unit: str) -> dict[str, Any]:
        """Return the line of `unit` as JSON values."""
        return {
            "id": unit,
            "kind": self.kind,
            "status": self.status.value,
            **(self.levels.to_dict() if self.levels else {}),
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
    line: Line = field(eq=False)

    def __repr__(self) -> str:
        return f"<UnitAssessment of {self.unit.id}: {self.status.value}>"

    @property
    def levels(self) -> Levels | None:
        """Where it stands, if it is judged by levels."""
        return self.line.levels

    @property
    def levels_dict(self) -> dict[str, Any]:
        """Where it stands as JSON values: none where it is not judged by levels."""
        return self.levels.to_dict() if self.levels else {}

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
        return self.line.to_dict(self.unit.id)


def hundredths(value: int) -> str:
    """Return hundredths of a point as a decimal without trailing zeros."""
    text = f"{value // 100}.{value % 100:02d}"
    return text.rstrip("0").rstrip(".")


def rate(n: int, d: int) -> str:
    """Return the share `n`/`d` as a percentage without trailing zeros."""
    text = f"{n * 100 // d}.{n * 100 % d * 100 // d:02d}"
    return text.rstrip("0").rstrip(".") + "%"


def exact_rate(n: int, d: int) -> str:
    """Return a share as a percentage, or as a fraction where that would be rounded."""
    return f"{n}/{d}" if n * 10000 % d else rate(n, d)
