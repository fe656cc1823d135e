"""Questions about a year that is not over: they ask about its last day (decision 41)."""

from __future__ import annotations

from pingan_logic.evaluation import evaluate
from pingan_logic.messages.year_end import WORDS
from pingan_logic.verdicts import Assessment

__all__ = ["assumed_line", "at_year_end"]


def at_year_end(a: Assessment, unit: str | None = None) -> Assessment:
    """Return the assessment that a question about `unit` is put to.

    It is `a` itself where the year is over; else how things stand on its last day if nothing new
    happens until then. Raises RequestError for an unknown unit.
    """
    if not a.preliminary or a.at_year_end:
        return a
    return evaluate(a.facts, a.policy, a.year, as_of=a.cut_off, unit=unit, at_year_end=True)


def assumed_line(a: Assessment, lang: str) -> list[str]:
    """Return the first line of an answer: what it assumes; no line where the year is over."""
    if not a.assumes:
        return []
    words = WORDS[lang]
    line = words["year_end"].format(
        day=a.cut_off.isoformat(), end=a.policy.period.last_day(a.year, lang)
    )
    if "ledgers_kept" in a.assumes:
        line += words["ledgers_kept"].format(
            year=a.policy.period.said(a.year, lang), end=a.policy.period.end_named(lang)
        )
    return [line]
