"""What clauses ask of values, how many of the best and over how many years, as it is written where
it can be set."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from pingan_logic.catalogue import Asked, Best, Clause, Input, Policy
from pingan_logic.measured import plain_value

__all__ = [
    "asked_text",
    "best_text",
    "compared_item",
    "parse_asked",
    "parse_best",
    "settable",
    "years_back",
    "years_looked_back",
]

_RATE = re.compile(r"([0-9]{1,6})/([0-9]{1,6})")
_MOST = 1_000_000
_SHARE = re.compile(r"([0-9]{1,4})/([0-9]{1,4})")
_PERCENT = re.compile(r"([0-9]{1,3})%")
_MOST_BEST = 9999
_MOST_BACK = 10


def compared_item(policy: Policy, clause: Clause) -> Input | None:
    """Return the item whose values a clause compares with a number of their own; None for others:
    rates, ages of dates, and what is required from above."""
    asked = clause.asked
    if asked is None or asked.given or asked.of is not None or asked.comparison == "within_years":
        return None
    return policy.item(clause.measures[0][0])


def settable(policy: Policy) -> list[str]:
    """Return the clauses that ask for a number of the policy's own."""
    return [c.id for c in policy.measuring if c.asked and not c.asked.given]


def asked_text(policy: Policy, clause: Clause, asked: Asked) -> str:
    """Return the number that a clause asks for as it is written: 200000, 12.5%, 3/1000."""
    if asked.of is not None:
        return f"{asked.number}/{asked.of}"
    item = compared_item(policy, clause)
    return str(asked.number) if item is None else plain_value(item, asked.number)


def parse_asked(policy: Policy, clause: Clause, text: str) -> tuple[int | str, ...] | None:
    """Read a number that a clause may ask for instead, as the values of its fact; None when it is
    not one, or not within the limits of the item."""
    asked = clause.asked
    assert asked is not None  # only clauses that ask for a number are read
    if asked.of is not None:
        rate = _RATE.fullmatch(text)
        found = (int(rate[1]), int(rate[2])) if rate else (1, 0)
        if found[1] == 0 or max(found) > _MOST:
            return None
        return (asked.comparison, *found)
    item = compared_item(policy, clause)
    if item is None:
        return (asked.comparison, int(text)) if re.fullmatch(r"[0-9]{1,2}|100", text) else None
    number = _number(item, text)
    if number is None or not item.least <= number <= item.most:
        return None
    return asked.comparison, number


def _number(item: Input, text: str) -> int | None:
    """Return the integer of the rules for a value of an item that is written as in the data."""
    if item.type == "choice":
        return item.number(text) if text in item.choices else None
    if item.type == "yes_no":
        return item.number(text) if text in ("yes", "no") else None
    if item.type == "date":
        try:
            return item.number(date.fromisoformat(text))
        except ValueError:
            return None
    decimal = re.fullmatch(r"-?[0-9]{1,9}(?:\.([0-9]+))?(%)?", text)
    if decimal is None or len(decimal[1] or "") > item.places:
        return None
    if decimal[2] and item.type != "percent":
        return None
    return item.number(Decimal(text.removesuffix("%")))


def best_text(best: Best) -> str:
    """Return how many of the best meet a clause, as it is written: 10, 30/100."""
    return str(best.number) if best.of is None else f"{best.number}/{best.of}"


def parse_best(best: Best, text: str) -> tuple[int, ...] | None:
    """Read another number, or another share where the clause takes a share, as the values of its
    fact; None when it is not one."""
    if best.of is None:
        number = int(text) if re.fullmatch(r"[0-9]{1,4}", text) else 0
        return (number,) if 1 <= number <= _MOST_BEST else None
    share, percent = _SHARE.fullmatch(text), _PERCENT.fullmatch(text)
    found = (int(share[1]), int(share[2])) if share else (int(percent[1]), 100) if percent else None
    return found if found and 1 <= found[0] <= found[1] else None


def years_looked_back(clause: Clause) -> list[int]:
    """Return over how many years the prohibitions of a clause look that look back, each once."""
    return sorted({p.years for p in clause.prohibitions if p.years > 1})


def years_back(policy: Policy) -> list[int]:
    """Return over how many years a clause may look: two or more, and whole cycles."""
    length = policy.period.years
    return [n for n in range(2, _MOST_BACK + 1) if n % length == 0 and n > length]
