"""Questions about a year that is not over: they ask about its last day (decision 41)."""

from __future__ import annotations

from pingan_logic.evaluation import evaluate
from pingan_logic.verdicts import Assessment

__all__ = ["assumed_line", "at_year_end"]

WORDS = {
    "zh": {
        "year_end": "预评（数据截至{day}）：按{year}年12月31日作答，假定此后没有新的案事件和变动",
        "ledgers_kept": "；已登记的{year}年度台账视为记到年末",
    },
    "en": {
        "year_end": "Preliminary (data up to {day}): this is about 31 December {year}, if nothing "
        "new happens or changes until then",
        "ledgers_kept": "; the ledgers of {year} entered so far are taken as kept to that day",
    },
}


def at_year_end(a: Assessment, unit: str | None = None) -> Assessment:
    """Return the assessment that a question about `unit` is put to.

    It is `a` itself where the year is over; else how things stand on 31 December if nothing new
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
    line = words["year_end"].format(day=a.cut_off.isoformat(), year=a.year)
    if "ledgers_kept" in a.assumes:
        line += words["ledgers_kept"].format(year=a.year)
    return [line]
