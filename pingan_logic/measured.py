"""What a clause measures of a unit, and what it asks for, in numbers and as text without words."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from attrs import frozen

from pingan_logic.catalogue import Asked, Best, Clause, Input, Points, Policy, Tally
from pingan_logic.errors import PolicyError, Problem
from pingan_logic.figures import Figures

if TYPE_CHECKING:
    from pingan_logic.solving.outcome import Outcome

__all__ = ["ANY", "Measured", "as_recorded", "measured_of", "plain_value", "ratio_asked"]

_SIGNS = {"at_least": "≥", "at_most": "≤", "above": ">", "below": "<", "within_years": "≥"}
ANY = Asked("any")
"""What a clause asks for that says no more: a yes, or any date."""


def ratio_asked(asked: Asked) -> str:
    """Return the number that a ratio is compared with, as text."""
    return str(asked.number) if asked.of == 1 else f"{asked.number}/{asked.of}"


@frozen
class Measured:
    """One measure of a clause at a unit, by what the rules derived.

    `items` are the one that is measured or the two of a rate, `values` their integers in the rules,
    None where not recorded. `limit` is the integer that a single value is compared with: that of
    the policy, or of what is required from above; None while that is not recorded. `status` is met,
    failed or undetermined. The first of a rate may be a number of incidents: `may_count` more may
    turn out to count, and with `no_ledger` nobody knows how many. Or it may be points: at least its
    value, and `may_count` more at most, less what ledgers that are lacking hold; `parts` are the
    items that add them, with their integers. Of the `best`, `limit` is the value that is among
    them for sure.
    """

    items: tuple[Input, ...]
    values: tuple[int | None, ...]
    asked: Asked
    limit: int | None
    given: Input | None
    status: str
    may_count: int = 0
    no_ledger: bool = False
    parts: tuple[tuple[Input, int | None], ...] = ()
    best: Best | None = None

    @property
    def sign(self) -> str:
        """The comparison: at_least, at_most, above or below."""
        found = self.asked.comparison
        return "at_least" if found in ("within_years", "any") else found

    @property
    def lacking(self) -> tuple[Input, ...]:
        """The items that are not recorded and leave the clause open."""
        found = [i for i, v in zip(self.items, self.values, strict=True)
                 if v is None and not i.on_claim]  # fmt: skip
        found += [i for i, v in self.parts if v is None and not i.on_claim]
        if self.given is not None and self.limit is None:
            found.append(self.given)
        return tuple(found)

    @property
    def measured(self) -> str | None:
        """What is measured, as text; None while it is not recorded."""
        known = [v for v in self.values if v is not None]
        if len(known) < len(self.values):
            return None
        if len(self.items) == 1 and self.no_ledger:
            return f"≤{self.figures.high}"
        if len(self.items) == 1 and self.may_count:
            return self.figures.text
        if self.may_count or self.no_ledger:
            return f"{self.figures.text}/{plain_value(self.items[1], known[1])}"
        return "/".join(map(plain_value, self.items, known))

    @property
    def required(self) -> str:
        """What is asked for, as text."""
        asked, (item, *_) = self.asked, self.items
        if asked.of is not None:
            return f"{_SIGNS[asked.comparison]}{ratio_asked(asked)}"
        if self.limit is None:
            return f"{_SIGNS[asked.comparison]}{asked.given}"
        if item.type == "yes_no" and (wanted := self.yes_or_no) is not None:
            return wanted
        if asked is ANY and self.best is None:
            return item.type
        return f"{_SIGNS[asked.comparison]}{plain_value(item, self.limit)}"

    @property
    def yes_or_no(self) -> str | None:
        """What is asked of a yes or no; None for anything else."""
        wanted = {("at_least", 1): "yes", ("above", 0): "yes", ("at_most", 0): "no",
                  ("below", 1): "no"}  # fmt: skip
        if self.items[0].type != "yes_no" or self.limit is None:
            return None
        return wanted.get((self.sign, self.limit))

    @property
    def figures(self) -> Figures:
        """What is measured and asked for, in the integers of the rules."""
        low, *others = self._counted
        if self.asked.of is not None:
            share = (self.asked.number, self.asked.of)
            least = share if self.sign == "at_least" else None
            most = share if self.sign == "at_most" else None
            high = None if self.no_ledger else (low or 0) + self.may_count
            return Figures("rate", low, low if low is None else high, others[0], least, most)
        bound = self._bound
        if self._rising:
            high = None if low is None else low + self.may_count
            return Figures("value", None if self.no_ledger else low, high, None, bound, None)
        return Figures("value", low, low, None, None, bound)

    @property
    def spare(self) -> int | None:
        """By how much the (first) value may get worse, in its integers; negative: what it is short
        of. None when there is no such figure: of dates, of yes or no, of what is not recorded."""
        if self.items[0].type in ("date", "yes_no") or None in self._counted:
            return None
        value, bound = self._counted[0] or 0, self._bound
        if (self.status == "met") != self._rising:
            value += self.may_count
        if bound is None:
            return None
        return value - bound if self._rising else bound - value

    @property
    def _rising(self) -> bool:
        return self.sign in ("at_least", "above")

    @property
    def _counted(self) -> list[int | None]:
        """The values, with 0 for one that counts only if claimed and is not recorded."""
        return [0 if v is None and i.on_claim else v
                for i, v in zip(self.items, self.values, strict=True)]  # fmt: skip

    @property
    def _bound(self) -> int | None:
        """The worst (first) value that will do."""
        if self.asked.of is None:
            over = {"above": 1, "below": -1}.get(self.sign, 0)
            return None if self.limit is None else self.limit + over
        item, by = self.items
        above: int = self.asked.number * (self._counted[1] or 0) * 10**item.places
        below: int = self.asked.of * 10**by.places
        if self.sign == "at_most":
            return above // below
        if self.sign == "below":
            return -(-above // below) - 1
        return -(-above // below) if self.sign == "at_least" else above // below + 1


def _limit(outcome: Outcome, clause: Clause, about: str, asked: Asked) -> int:
    found = outcome.compared.get((clause.id, about), ())
    limits = [n for sign, n in sorted(found) if sign in (asked.comparison, "at_least")]
    if not limits:
        zh = "规则没有得出这一度量与什么数比较（compared/4）"
        en = "the rules do not say what number this measure is compared with (compared/4)"
        raise PolicyError([Problem(f"clause({clause.id})", zh, en, about)])
    return limits[0]


def measured_of(outcome: Outcome, policy: Policy, clause: Clause, unit: str) -> list[Measured]:
    """Return what is measured of a unit by each measure of a clause.

    Raises PolicyError when the rules do not say what a measure is compared with.
    """
    key = (clause.id, unit)
    known = outcome.amounts.get(key, {})
    lacking, refuted = outcome.no_value.get(key, ()), outcome.refuted.get(key, ())
    asked = clause.asked or ANY
    if (tally := policy.tally_of(clause)) is not None:
        return [_rate_of(outcome, policy, clause, unit, tally)]
    if (points := policy.points_of(clause)) is not None:
        return [_points_of(outcome, policy, clause, unit, points)]
    if (best := policy.best.get(clause.id)) is not None:
        return [_best_of(outcome, policy, clause, unit, best)]
    found = []
    for names in clause.measures:
        about = f"item({names[0]})" if len(names) == 1 else f"per({','.join(names)})"
        given = None if asked.given is None else policy.inputs[asked.given]
        limit = known.get(given.id) if given else _limit(outcome, clause, about, asked)
        open_ = any(n in lacking for n in (*names, asked.given))
        status = "failed" if about in refuted else "undetermined" if open_ else "met"
        items = tuple(policy.inputs[n] for n in names)
        values = tuple(known.get(n) for n in names)
        found.append(Measured(items, values, asked, limit, given, status))
    return found


def _rate_of(outcome: Outcome, policy: Policy, clause: Clause, unit: str, tally: Tally) -> Measured:
    """Return what is measured of a unit by a clause that asks for a rate of incidents."""
    ((_, by),) = clause.measures
    key, at = (clause.id, unit), (clause.id, tally.matter, unit)
    counted, may = len(outcome.in_rate.get(at, ())), len(outcome.ungraded.get(at, ()))
    lacking = bool(outcome.unrecorded.get(at))
    value = outcome.amounts.get(key, {}).get(by)
    open_ = lacking or value is None or counted + may > outcome.allows.get(key, 0)
    failed = bool(outcome.refuted.get(key))
    status = "failed" if failed else "undetermined" if open_ else "met"
    items, asked = (tally.item, policy.inputs[by]), clause.asked or ANY
    return Measured(items, (counted, value), asked, 0, None, status, may, lacking)


def _best_of(outcome: Outcome, policy: Policy, clause: Clause, unit: str, best: Best) -> Measured:
    """Return the value of a unit by a clause that only the best meet."""
    key = (clause.id, unit)
    item = policy.inputs[clause.measures[0][0]]
    against = outcome.findings.get(unit, {}).get(clause.id)
    asked, end = (
        Asked("at_most" if best.lowest else "at_least"),
        (item.least, item.most)[best.lowest],
    )
    return Measured(
        (item,), (outcome.amounts.get(key, {}).get(item.id),), asked, outcome.due.get(key, end),
        None, against[0] if against else "met", best=best,
    )  # fmt: skip


def _points_of(
    outcome: Outcome, policy: Policy, clause: Clause, unit: str, points: Points
) -> Measured:
    """Return what a clause that counts points comes to at a unit."""
    key, asked = (clause.id, unit), clause.asked or ANY
    low, high = outcome.points.get(key, (0, 0))
    matters = policy.matters_of(clause)
    lacking = any(outcome.unrecorded.get((clause.id, m, unit)) for m in matters)
    against = outcome.findings.get(unit, {}).get(clause.id)
    known = outcome.amounts.get(key, {})
    parts = tuple((policy.inputs[i], known.get(i)) for i in points.adds)
    limit = _limit(outcome, clause, "points", asked)
    return Measured(
        (points.total,), (low,), asked, limit, None, against[0] if against else "met", high - low,
        lacking, parts,
    )  # fmt: skip


def plain_value(item: Input, number: int) -> str:
    """Return a value as it is written in data, whatever the language; percentages with %."""
    value = item.value(number)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        text = f"{value:f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
        return f"{text}%" if item.type == "percent" else text
    return str(value)


def as_recorded(text: str) -> int | Decimal | date | str:
    """Return a value that is written as `plain_value` writes it, as it is recorded."""
    if re.fullmatch(r"-?\d+", text):
        return int(text)
    if re.fullmatch(r"-?\d+(\.\d+)?%?", text):
        return Decimal(text.removesuffix("%"))
    return date.fromisoformat(text) if text[0].isdigit() else text
