"""Ids that a spreadsheet turned into dates before it saved them as text: `3-1` became `3月1日`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from pingan_logic.intake.cells import Trap

__all__ = ["without_dates"]

_MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_DATE = re.compile(
    rf"(?:\d{{4}}年)?\d{{1,2}}月(?:\d{{1,2}}日)?|\d{{4}}年\d{{1,2}}月|{_MONTH}-\d{{2}}"
    rf"|\d{{1,2}}-{_MONTH}(?:-\d{{2}})?|\d{{4}}/\d{{1,2}}/\d{{1,2}}",
    re.IGNORECASE,
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_BEFORE = re.compile(r"\d{1,4}[-/]\d{1,2}(?:[-/]\d{1,2})?")
"""What a spreadsheet turns into a date, when it can be one."""


def without_dates(cells: Sequence[Any], whole: str | None = None) -> Sequence[Any]:
    """Return a column of ids with a trap in place of each one that looks like a date among others
    that do not. `whole` are all of them in one text, where that is at hand."""
    if whole is None:
        whole = "\n".join(c for c in cells if isinstance(c, str))
    if not _may_hold_dates(whole):
        return cells
    texts = {c for c in cells if isinstance(c, str)} - {""}
    dates = {t for t in texts if _DATE.fullmatch(t.strip())}
    others = sorted(texts - dates)
    known = [t for t in others if _BEFORE.fullmatch(t.strip())]
    # incidents may well be numbered by their days
    if not dates or not others or (len(dates) > len(others) and not known):
        return cells
    other = (known or others)[0]
    return [
        Trap(
            f"编号像是被表格软件改成了日期（同列的编号如“{other}”）；请把该列设为“文本”后重新录入",
            f"a spreadsheet seems to have turned this id into a date (others are like `{other}`); "
            "format the column as text and enter it again",
            c,
        )
        if isinstance(c, str) and c in dates
        else c
        for c in cells
    ]


def _may_hold_dates(whole: str) -> bool:
    """Whether something stands in a text that stands in every date: looked for one by one, and the
    letters of a month before its name, which is many times faster than any of them at once."""
    if "月" in whole or "/" in whole:
        return True
    if "-" not in whole:
        return False
    letters = {c for c in "abcdefgjlmnoprstuvy" if c in whole or c.upper() in whole}
    months = [m for m in _MONTHS if letters.issuperset(m)]
    lower = whole.lower() if months else ""
    return any(f"{m}-" in lower or f"-{m}" in lower for m in months)
