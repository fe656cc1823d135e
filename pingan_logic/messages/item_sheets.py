"""The words of sheets with a column for each item."""

from __future__ import annotations

from pingan_logic.messages.languages import Texts, in_languages

__all__ = ["TEXTS", "WORDS"]

TEXTS: Texts = {
    "sheet": ("数值-{kind}", "values-{kind}"),
    "given": ("数值-上级要求", "values-requirements"),
    "brackets": ("（{said}）", " ({said})"),
    "range": "common.to",
    "date": ("日期，如 {day}", "a date such as {day}"),
    "rank": ("名次，1最好", "rank, 1 is best"),
    "comma": "common.list",
}

WORDS = in_languages("item_sheets", TEXTS)
