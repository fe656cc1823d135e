"""The words of how things stand at the year's end."""

from __future__ import annotations

from pingan_logic.messages.languages import Texts, in_languages

__all__ = ["TEXTS", "WORDS"]

TEXTS: Texts = {
    "year_end": (
        "预评（数据截至{day}）：按{end}作答，假定此后没有新的案事件和变动",
        "Preliminary (data up to {day}): this is about {end}, if nothing new "
        "happens or changes until then",
    ),
    "ledgers_kept": (
        "；已登记的{year}台账视为记到{end}",
        "; the ledgers of {year} entered so far are taken as kept to that day",
    ),
}

WORDS = in_languages("year_end", TEXTS)
