"""A case: a small county, and what must come out of it."""

from __future__ import annotations

from datetime import date

from attrs import frozen

from pingan_logic.model import (
    Facts,
)

__all__ = [
    "Case",
    "Expectation",
]


@frozen
class Expectation:
    """What a case expects: of a unit (its status and exactly the clauses that decide it), of a
    clause or an atomic prohibition at a unit (status, measured value, evidence)."""

    unit: str
    clause: str | None
    status: str
    reasons: tuple[str, ...] | None = None
    measured: str | None = None
    evidence: tuple[str, ...] | None = None


@frozen
class Case:
    """A case: its name states the law; `file` and `line` say where it stands.

    `programme` are expectations of section 二 and 四: (kind, what, value), such as
    (village, target, 95/100) or (village, assesses, township_government).
    """

    name: str
    file: str
    line: int
    year: int
    as_of: date | None
    facts: Facts
    expect: tuple[Expectation, ...]
    programme: tuple[tuple[str, str, str], ...] = ()
