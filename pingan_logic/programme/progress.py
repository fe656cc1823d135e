"""Attainment of the targets of section 二, year by year. The policy decides; this reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from attrs import frozen

from pingan_logic.bound import bound
from pingan_logic.catalogue import Policy
from pingan_logic.errors import check_words
from pingan_logic.evaluation import evaluate
from pingan_logic.figures import SCHEMA, fraction, rate_of
from pingan_logic.framed import Framed, kinds
from pingan_logic.model import Facts
from pingan_logic.order import natural
from pingan_logic.programme.rosters import Roster, rosters
from pingan_logic.shown import Answer
from pingan_logic.verdicts import Assessment, Share

__all__ = ["Attainment", "Programme", "Year", "programme"]


@frozen
class Attainment:
    """How far one kind has come in one scope and year.

    `scope` is the id of a township, or "" for all units of the data (全县). Of `total` units,
    `met` are met and `undetermined` undetermined; `short` more must be met to reach the target
    (a share N/D, None when section 二 has none). `result` is proven_met, proven_missed, open,
    no_target or no_units.
    """

    kind: str
    scope: str
    met: int
    undetermined: int
    total: int
    target: tuple[int, int] | None
    short: int
    result: str

    @property
    def failed(self) -> int:
        """Units that failed."""
        return self.total - self.met - self.undetermined

    @property
    def share(self) -> Share:
        """The share met, against the number of units that the target asks for."""
        n, d = self.target or (0, 1)
        return Share(self.met, self.undetermined, self.total, -(-self.total * n // d))

    @property
    def rate(self) -> str | None:
        """The share met, as a range while some units are undetermined; for print only."""
        return str(self.share) if self.total else None

    def to_dict(self) -> dict[str, Any]:
        """Return the attainment as JSON values."""
        return {
            "kind": self.kind,
            "scope": self.scope or None,
            "counted": self.total,
            "met": self.met,
            "failed": self.failed,
            "undetermined": self.undetermined,
            "rate": rate_of(self.met, self.met + self.undetermined, self.total),
            "rate_text": self.rate,
            "target": fraction(self.target),
            "short": self.short,
            "result": self.result,
        }


@frozen
class Year:
    """The attainment of one year: `all` its rows, and whether it is the programme's final one."""

    year: int
    final: bool
    preliminary: bool
    rows: dict[tuple[str, str], Attainment]

    def of(self, kind: str, scope: str = "") -> Attainment | None:
        """Return the attainment of a kind in a scope that existed in the year."""
        return self.rows.get((kind, scope))


@frozen(slots=False, repr=False)
class Programme(Answer[Attainment], Framed):
    """The programme as it stands in one year.

    `current` is the assessment of the year asked for; `years` are the programme's years up to it
    that have data, ascending, the year asked for last. Later years are not looked at, so that
    what is said of a year does not change afterwards.
    """

    current: Assessment
    years: tuple[Year, ...]

    @property
    def rows(self) -> list[Attainment]:
        """The attainment of the whole data, by kind."""
        return self.attainments()

    def name_of(self, row: Attainment) -> str:
        """Return a kind."""
        return row.kind

    def about(self) -> str:
        """Return policy and year."""
        return f"by {self.current.policy.name}, {self.now.year}"

    def text(self, lang: str = "zh", *, every: bool = False) -> str:
        """Return the programme in words; `every` names every unit of the rosters."""
        check_words(lang)
        said: str = bound("programme_text")(self, lang, every=every)
        return said

    @property
    def now(self) -> Year:
        """The year asked for."""
        return self.years[-1]

    @property
    def within(self) -> bool:
        """Whether the year asked for belongs to the programme."""
        return self.now.year in self.current.policy.programme_years

    @property
    def scopes(self) -> list[str]:
        """The whole county (""), then its areas, such as townships, in order."""
        found = dict.fromkeys(scope for _, scope in self.now.rows)
        return ["", *sorted((s for s in found if s), key=natural)]

    @cached_property
    def rosters(self) -> list[Roster]:
        """The rosters of the year asked for."""
        return rosters(self.current)

    def attainments(self, scope: str = "") -> list[Attainment]:
        """Return the rows of the year asked for in one scope, by kind in policy order."""
        rows = (self.now.of(k, scope) for k in self.current.policy.judged_kinds)
        return [r for r in rows if r is not None and (r.total or not scope)]

    def trend(self, kind: str, scope: str = "") -> list[tuple[int, Attainment | None]]:
        """Return each year with the attainment of a kind in a scope."""
        return [(y.year, y.of(kind, scope)) for y in self.years]

    def to_dict(self, lang: str = "zh") -> dict[str, Any]:
        """Return the programme as JSON values."""
        a = self.current
        return {
            "schema": SCHEMA,
            "policy": a.policy.name,
            "year": a.year,
            **a.policy.period.shown(a.year),
            "preliminary": a.preliminary,
            "programme_years": list(a.policy.programme_years),
            "final": self.now.final,
            "attainment": [r.to_dict() for s in self.scopes for r in self.attainments(s)],
            "trend": [
                {
                    "year": y.year,
                    "preliminary": y.preliminary,
                    "attainment": [r.to_dict() for r in y.rows.values() if not r.scope],
                }
                for y in self.years
            ],
            "rosters": [r.to_dict(a, lang) for r in self.rosters],
        }


def programme(
    facts: Facts,
    policy: Policy | str | Path | None = None,
    year: int | None = None,
    *,
    as_of: date | None = None,
) -> Programme:
    """Judge the programme's years up to `year` (default: the latest year in the data).

    `as_of` is the last day the data speaks of, as in `evaluate`. Raises InputError, PolicyError or
    RequestError.
    """
    current = evaluate(facts, policy, year, as_of=as_of, attainment=True)
    known = current.facts.years(current.policy.period)
    earlier = [y for y in current.policy.programme_years if y < current.year and y in known]
    years = [
        _year(evaluate(current.facts, current.policy, y, as_of=as_of, attainment=True))
        for y in earlier
    ]
    return Programme(current, (*years, _year(current)))


def _year(a: Assessment) -> Year:
    rows = {}
    order = {k: n for n, k in enumerate(a.policy.kinds)}
    found = sorted(a.outcome.attainment.items(), key=lambda row: (order[row[0][0]], row[0][1]))
    for (kind, scope), (met, open_, total, short, result) in found:
        target = a.policy.targets.get(kind)
        rows[kind, scope] = Attainment(kind, scope, met, open_, total, target, short, result)
    return Year(a.year, a.outcome.final, a.preliminary, rows)


def _attainment(p: Programme) -> Iterator[Sequence[Any]]:
    for year in p.years:
        for r in year.rows.values():
            yield (
                year.year, r.kind, r.scope or None, r.total, r.met, r.failed, r.undetermined,
                *(r.target or (None, None)), r.short, r.result,
            )  # fmt: skip


def _rosters(p: Programme) -> Iterator[Sequence[Any]]:
    for roster in p.rosters:
        row = roster.to_dict(p.current)
        for unit in row["units"]:
            yield (*(row[c] for c in ("body", "body_name", "office", "role", "kind")), unit)


Programme.framed = {
    "attainment": (
        {
            **kinds("", "year"),
            **kinds("kind scope", "counted met failed undetermined target target_of short"),
            **kinds("result"),
        },
        _attainment,
    ),
    "rosters": (kinds("body body_name office role kind unit"), _rosters),
}
