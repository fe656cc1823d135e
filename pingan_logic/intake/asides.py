"""Rows of a ledger that are for its readers: titles, totals, signatures. They are passed over, and
said."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from pingan_logic.characters import narrow

__all__ = ["is_aside", "is_title", "may_be_aside", "none_may_be_aside", "said_of"]

# few ledgers need these: they are compiled for those
_TOTAL = r"(本页|本表|全县|全镇|全村)?(合计|总计|小计|共计|累计|total|subtotal)[:：]?"
_FIGURE = r"[\d.,%]*(个|户|起|份|条|项|行|家|所|栋|人)?"
_SIGNED = (
    r"(填表|填报|制表|审核|复核|统计|经办|报送|负责|联系|签发|分管)(人|单位|机关|部门|领导|时间|日期|电话)*"
    r"(\(?(签字|签名|签章|盖章|公章)\)?)?[:：].*"
    r"|(单位|部门)?(主要)?(负责人|日期|时间|电话|联系电话|公章|盖章|签字|签名|主管领导|单位|单位名称|年度)"
    r"(\(?(签字|签名|签章|盖章|公章)\)?)?[:：].*"
    r"|\(?(盖章|公章|签字)\)?|(注|说明|备注|填表说明|填报说明)[:：].*"
    r"|(preparedby|checkedby|approvedby|signature|date|note|notes):.*"
)
_ENGLISH = ("total", "subtotal", "prepared", "checked", "approved", "signature", "date", "note")
_BEGINS = re.compile(
    r"^\s*(?:[本全合总小共累填制审复统经报负联签分单部主日时电公盖年注说备（(]"
    rf"|{'|'.join(_ENGLISH)})",
    re.IGNORECASE | re.MULTILINE,
)
_FEW = 2
"""Cells of a row of titles at most."""


def is_aside(cells: Iterable[Any]) -> bool:
    """Whether a row below the header is a total or a signature: its first cell with anything in it
    says so, and in a total nothing but figures follows."""
    filled = [narrow(str(c)) for c in cells if _written(c)]
    if not filled:
        return False
    if re.fullmatch(_TOTAL, filled[0]):
        return all(re.fullmatch(_FIGURE, c) for c in filled[1:])
    return re.fullmatch(_SIGNED, filled[0]) is not None


def may_be_aside(cells: Sequence[Any]) -> bool:
    """Whether it is worth asking: a quick look that rows of data mostly fail."""
    first = next((c for c in cells if c is not None and c != ""), None)
    return isinstance(first, str) and _BEGINS.match(first) is not None


def none_may_be_aside(whole: str) -> bool:
    """Whether no line of a text, the first cells of all rows, can begin such a row."""
    if whole.isascii() and "(" not in whole:
        letters = {c for c in "".join(_ENGLISH) if c in whole or c.upper() in whole}
        if not any(map(letters.issuperset, _ENGLISH)):
            return True
    return _BEGINS.search(whole) is None


def is_title(cells: Sequence[Any]) -> bool:
    """Whether a row above the header is a title or says who filled in the sheet."""
    filled = [c for c in cells if _written(c)]
    return len(filled) <= _FEW or is_aside(filled)


def said_of(name: str, rows: Sequence[int], what: str) -> tuple[str, str]:
    """Return the notice of rows that are no data, or may be meant as none; `what` is `title`,
    `aside` or `struck`."""
    zh, en = {
        "title": ("表头以上的标题行不作为数据", "titles above the header are not data"),
        "aside": ("合计、签字等行不作为数据", "totals and signatures are not data"),
        "struck": (
            "整行有删除线，仍作为数据读取，不算数的请删除整行",
            "struck through as a whole, and read all the same; delete what does not count",
        ),
    }[what]
    shown, more = rows[:_SHOWN], len(rows) > _SHOWN
    numbers, some = "、".join(map(str, shown)), ", ".join(map(str, shown))
    return (
        f"{name}：{zh}（第{numbers}{'……' if more else ''}行，共{len(rows)}行）",
        f"{name}: {en} (row{'s' * (len(rows) > 1)} {some}{', …' if more else ''})",
    )


_SHOWN = 10


def _written(cell: Any) -> bool:
    return cell is not None and (not isinstance(cell, str) or bool(cell.strip()))
