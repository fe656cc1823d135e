"""Numbers in answers for machines: whole numbers and fractions, beside the text for people."""

from __future__ import annotations

from typing import Any

from attrs import frozen

__all__ = ["SCHEMA", "Figures", "fraction", "rate_of"]

SCHEMA = 2
"""The version of the JSON answers; docs/dev/json.md says what each one holds."""


def fraction(share: tuple[int, int] | None) -> dict[str, int] | None:
    """Return a fraction as JSON values."""
    return None if share is None else {"numerator": share[0], "denominator": share[1]}


def rate_of(low: int, high: int, of: int) -> dict[str, int] | None:
    """Return a rate as JSON values: of so many at least `low` and at most `high`; None of none."""
    return {"low": low, "high": high, "of": of} if of else None


@frozen
class Figures:
    """What is measured and what is required, in numbers.

    `measure` is members, hundredths (of a point), ranks, incidents, value or rate. Measured is at
    least `low` and at most `high` (None: nobody knows), of `of` members in all. Required is at
    `least` a fraction of the members or so many hundredths, or at `most` so many. A value is in the
    integers of the rules (`Input`), as is a rate, `low` per `of`, of which a fraction is required;
    one that has to be above or below a fraction has neither `least` nor `most`.
    """

    measure: str
    low: int | None
    high: int | None
    of: int | None = None
    least: tuple[int, int] | int | None = None
    most: tuple[int, int] | int | None = None

    @property
    def text(self) -> str:
        """What is measured, as text."""
        if self.high is None:
            return f"≥{self.low}"
        return str(self.low) if self.low == self.high else f"{self.low}..{self.high}"

    def to_dict(self) -> dict[str, Any]:
        """Return the figures as JSON values."""
        least, most = (
            fraction(bound) if isinstance(bound, tuple) else bound
            for bound in (self.least, self.most)
        )
        return {
            "measure": self.measure,
            "low": self.low,
            "high": self.high,
            "of": self.of,
            "least": least,
            "most": most,
        }
