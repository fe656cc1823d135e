"""How a period is called: the calendar year, or from one month to another."""

from __future__ import annotations

from calendar import month_name

from pingan_logic.messages.languages import Texts, in_languages

__all__ = ["TEXTS", "WORDS"]

TEXTS: Texts = {
    "year_only": "common.year_only",
    "that": ("该年度", "that year"),
    "that_period": ("这一期间", "that period"),
    "year_end": ("{year}年末", "the end of {year}"),
    "end": ("年末", "the year's end"),
    "end_of_period": ("期末", "the end of the period"),
    "span": "common.from_to",
    "month": ("{year}年{month}", "{month} {year}"),
    "day": ("{year}年{month}{day}日", "{day} {month} {year}"),
    "one_year": ("每年从{month}{day}日起", "a year from {day} {month} on"),
    "cycle": ("每{n}年一个周期，从{month}{day}日起", "cycles of {n} years, from {day} {month} on"),
    **{f"month{n}": (f"{n}月", month_name[n]) for n in range(1, 13)},
}

WORDS = in_languages("period", TEXTS)
