"""The words of the next year's data."""

from __future__ import annotations

from pingan_logic.messages.languages import Texts, in_languages

__all__ = ["TEXTS", "WORDS"]

TEXTS: Texts = {
    "none": (
        "与上年数据相比，{day}的名册没有未登记的变化。",
        "No unrecorded change in the register of {day} since the other data.",
    ),
    "head": (
        "与上年数据相比，{day}的名册有{n}处变化没有登记：",
        "Unrecorded changes in the register of {day} since the other data: {n}",
    ),
    "came": ("新增：请在“单位”表填写设立日期", "new: give the day on which it opened in units"),
    "went": (
        "减少：请在“单位”表保留这一行并填写撤销日期；并入其他单位的，在“变更”表登记",
        "gone: keep its row in units with the day on which it closed, or record its merger in "
        "changes",
    ),
    "moved": (
        "所在单位由“{before}”改为“{after}”：请在“单位”表保留原来的，在“变更”表登记划转",
        'container changed from "{before}" to "{after}": keep the first in units and record '
        "the move in changes",
    ),
    "renamed": (
        "名称由“{before}”改为“{after}”：请在“单位”表保留原来的，在“变更”表登记更名",
        'name changed from "{before}" to "{after}": keep the first in units and record the new '
        "one in changes",
    ),
    "rows": (
        "可补登的行（{table}），日期请如实填写：",
        "rows to add ({table}), with the date that is true:",
    ),
    "unit": ("{id}（{kind}）{said}", "{id} ({kind}): {said}"),
}

WORDS = in_languages("rollover", TEXTS)
