"""The items that the table of values may hold, and the incidents that rates count."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from attrs import frozen

__all__ = ["YES_NO", "Best", "Input", "Points", "Tally", "Words"]

Words = dict[str, tuple[str, str]]
"""Words that a column may hold: code, then its Chinese and its English name."""

YES_NO: Words = {"yes": ("是", "yes"), "no": ("否", "no")}
"""What is written for yes and no."""


@frozen
class Input:
    """An item that the table of values may hold: its `type` (whole, decimal, percent, yes_no, date,
    rank, choice) with so many decimal `places`, the names and the words for what it counts.

    It is recorded of units of `kinds`, or of the kinds themselves where it is `given` from above.
    As integers that the rules compare its values are `least` to `most`; `choices` are the words of
    a choice by code, with their integers. One that is `lasting` holds until it is recorded again,
    one `on_claim` counts as 0 unless it is recorded, and a `result` is what the unit came to in
    the period before.
    """

    id: str
    type: str
    places: int
    zh: str
    en: str
    kinds: frozenset[str]
    unit: tuple[str, str]
    least: int
    most: int
    choices: dict[str, tuple[int, str, str]]
    given: bool
    lasting: bool
    on_claim: bool
    result: bool = False

    @property
    def until_today(self) -> bool:
        """Whether it is a date without a range of its own: none after today."""
        return self.type == "date" and self.most == _LAST_DAY

    def number(self, value: Any) -> int:
        """Return the integer that stands for a value in the rules."""
        if self.type == "date":
            return int(f"{value:%Y%m%d}")
        if self.type == "yes_no":
            return int(value == "yes")
        if self.type == "choice":
            return self.choices[value][0]
        return int(value * 10**self.places)

    def value(self, number: int) -> int | Decimal | date | str:
        """Return the value for which an integer stands in the rules. Raises ValueError for none."""
        if self.type == "date":
            return date(number // 10000, number // 100 % 100, number % 100)
        if self.type in ("yes_no", "choice"):
            codes = {n: code for code, (n, _, _) in self.choices.items()}
            known = codes if self.type == "choice" else {0: "no", 1: "yes"}
            if number not in known:
                raise ValueError(number)
            return known[number]
        return Decimal(number).scaleb(-self.places) if self.places else number

    def said(self, value: Any, lang: str) -> str:
        """Return a value in words: 12人, 95.5%, 2014-05-01, 是."""
        if self.type == "yes_no":
            return YES_NO[value][lang == "en"]
        if self.type == "choice":
            _, zh, en = self.choices[value]
            return en if lang == "en" else zh
        text = f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
        if self.type == "percent":
            return f"{text}%"
        if self.type == "rank":
            return f"rank {text}" if lang == "en" else f"第{text}名"
        zh, en = self.unit
        return (f"{text} {en}" if en else text) if lang == "en" else f"{text}{zh}"

    def label(self, value: Any) -> Any:
        """Return what to write in a cell for a value: the Chinese name of a word, others as they
        are."""
        return value if self.words is None else self.words[value][0]

    @property
    def words(self) -> Words | None:
        """The words that its cells may hold; None when they hold none."""
        if self.type == "yes_no":
            return YES_NO
        if self.type != "choice":
            return None
        return {code: (zh, en) for code, (_, zh, en) in self.choices.items()}


@frozen
class Tally:
    """The incidents of the year that answer to `matter` and pass `test` (any, at_least(G),
    liable_at_least(G)), counted in a rate; `item` says their number in words."""

    matter: str
    test: str
    item: Input


@frozen
class Points:
    """How a clause counts points: from `base` on, for each of the items in `adds` so many for each
    1 of its integer, and for each incident of a `Tally` in `takes` so many, which is below 0; the
    groups in which they stand, which `limits` hold. `total` says the points in words."""

    total: Input
    base: int
    adds: dict[str, tuple[str, int]]
    takes: tuple[tuple[str, Tally, int], ...]
    limits: dict[str, tuple[int, int]]


@frozen
class Best:
    """Which units meet a clause by the value of an item: the `number` highest, or `lowest`, or that
    many of so many (`of`); inside each unit of the kind `within`, or in the whole data. Those that
    tie beyond the number are in, or all out (`tied_out`)."""

    number: int
    of: int | None
    within: str | None
    tied_out: bool
    lowest: bool


_LAST_DAY = 99991231
"""The upper limit of a date for which the policy has no range (`default_limits` in limits.lp)."""
