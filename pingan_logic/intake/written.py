"""What the text or number in a cell says, by the kind of its column."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from functools import partial
from typing import Any

from pingan_logic.catalogue import Input
from pingan_logic.intake.items import number_of
from pingan_logic.intake.vocabulary import Vocabulary

__all__ = [
    "READERS",
    "BadCell",
    "text_of",
    "value_reader",
    "word_reader",
]


_EXACT = 10**15
"""A spreadsheet keeps 15 digits of a number; longer ones have already lost their end."""


_FIRST_DAY = date(1899, 12, 30).toordinal()


class BadCell(Exception):
    """A cell that cannot be read; nothing is said of it when `zh` is empty."""

    zh: str
    en: str
    nearest: str | None
    found: str | None
    sure: str | None

    def __init__(
        self,
        zh: str,
        en: str,
        nearest: str | None = None,
        *,
        found: str | None = None,
        sure: str | None = None,
    ) -> None:
        self.zh, self.en, self.nearest, self.found = zh, en, nearest, found
        self.sure = sure

    def shown(self, cell: object) -> str | None:
        """Return what to say was found."""
        return shown_cell(cell) if self.found is None else self.found or None


def narrow(text: str) -> str:
    """Return a text in the narrow letters and digits of Latin."""
    if text.isascii():
        return text.strip()
    text = unicodedata.normalize("NFKC", text)
    # zero-width spaces and direction marks come with text pasted from web pages and chats
    return "".join(c for c in text if unicodedata.category(c) != "Cf").strip()


def _year(text: str) -> int:
    match = re.fullmatch(r"(\d{4})(?:年度?)?", narrow(text))
    if not match:
        raise BadCell("应为四位年份，如 2014", "expected a year of four digits, such as 2014")
    return int(match[1])


def _count(text: str) -> int:
    match = re.fullmatch(r"第?(\d{1,30})名?", narrow(text))
    if not match:
        raise BadCell("应为正整数", "expected a positive whole number")
    return int(match[1])


def _score(text: str) -> Decimal:
    text = re.sub(r"(?<=\d)\s*分$", "", narrow(text))
    if not re.fullmatch(r"-?\d{1,30}(\.\d{1,30})?", text):
        # a share of the full mark, or points written with the wrong sign: both are thinkable
        digits = re.fullmatch(r"(\d{1,3}(?:\.\d{1,2})?)\s*%", text)
        raise BadCell(
            "应为数字，如 85 或 84.99",
            "expected a number such as 85 or 84.99",
            digits[1] if digits else None,
        )
    return Decimal(text)


_TIME = r"(?:(?:T|\s+)\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)?"


_DATES = (
    rf"(\d{{4}})-(\d{{1,2}})-(\d{{1,2}}){_TIME}",
    rf"(\d{{4}})/(\d{{1,2}})/(\d{{1,2}}){_TIME}",
    rf"(\d{{4}})\.(\d{{1,2}})\.(\d{{1,2}})\.?{_TIME}",
    rf"(\d{{4}})年\s?(\d{{1,2}})月\s?(\d{{1,2}})[日号]{_TIME}",
    r"(\d{4})(\d{2})(\d{2})",
)


_NEAR_DATES = (
    r"(\d{4})年(\d{1,2})月(\d{1,2})",
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})[T ].*",
)


def _date(text: str) -> date:
    text = narrow(text)
    try:
        if len(text) == 10 and text[4] == text[7] == "-" and text.isascii():
            return date.fromisoformat(text)
        if (found := _day(text, _DATES)) is not None:
            return found
        near = _day(text, _NEAR_DATES)
    except ValueError:
        near = None
    raise _not_a_date(near)


def _day(text: str, forms: tuple[str, ...]) -> date | None:
    match = next((m for f in forms if (m := re.fullmatch(f, text))), None)
    return date(int(match[1]), int(match[2]), int(match[3])) if match else None


def _not_a_date(near: date | None) -> BadCell:
    return BadCell(
        "应为日历上有的日期，如 2014-05-01",
        "expected a real date such as 2014-05-01",
        near.isoformat() if near else None,
        sure=near.isoformat() if near else None,
    )


def _plain(text: str) -> str:
    return text.strip(" \t\u3000\xa0")


def _id(text: str) -> str:
    text = narrow(text)
    if re.fullmatch(r"\d(\.\d+)?[eE]\+\d{2,3}", text):
        raise BadCell(
            "科学计数法的编号已丢失后面的数字，请把该列设为“文本”后重新录入",
            "an id in scientific notation has lost its last digits; format the column as text and "
            "enter it again",
        )
    return text


def _amount(text: str, about: Input) -> int | Decimal:
    """Read a number of an item, with or without what it counts: 12, 12人, 95.5%."""
    text = narrow(text)
    for mark in ("%",) if about.type == "percent" else about.unit:
        text = text.removesuffix(narrow(mark)).rstrip() if mark else text
    match = re.fullmatch(r"-?\d{1,30}(\.\d{1,30})?", text)
    if not match or Decimal(text) * 10**about.places % 1:
        raise BadCell(*number_of(about))
    number = Decimal(text)
    return number if about.places else int(number)


def value_reader(about: Input | None) -> Callable[[str], Any]:
    """Return what reads the values of an item; those of an unknown one stay as they are."""
    if about is None:
        return narrow
    if about.words is not None:
        return word_reader(Vocabulary(about.words), {})
    return {"date": _date, "rank": _count}.get(about.type) or partial(_amount, about=about)


READERS: dict[str, Callable[[str], Any]] = {
    "id": _id,
    "text": _plain,
    "word": narrow,
    "year": _year,
    "count": _count,
    "score": _score,
    "date": _date,
}


def damaged() -> BadCell:
    """Return that a text was damaged on its way."""
    return BadCell(
        "超过15位的数字已被表格软件改写，请把该列设为“文本”后重新录入",
        "a number of more than 15 digits was already changed by the spreadsheet; format the "
        "column as text and enter it again",
    )


def _number(value: float, kind: str) -> str:
    """Return a number of a workbook as a person sees it there."""
    if not math.isfinite(value):
        raise BadCell("应为文字或数字", "expected text or a number")
    if kind == "date":
        if value == int(value) and 10**7 < value < 10**8:
            return str(int(value))  # 20140503
        raise _not_a_date(_meant_day(value))
    if abs(value) >= _EXACT:
        raise damaged()
    if value == int(value):
        return str(int(value))
    if kind == "id":
        raise BadCell(
            "编号应为文本，不能是小数",
            "an id is text, not a number with decimals; format the column as text",
        )
    return format(Decimal(format(value, ".15g")), "f")


def _meant_day(value: float) -> date | None:
    """Return the day that a bare number probably means, only to suggest it."""
    if value != int(value):
        return None
    try:
        return date.fromordinal(_FIRST_DAY + int(value)) if 10**4 < value < 10**5 else None
    except ValueError:
        return None


def text_of(value: Any, kind: str) -> str:
    """Return the text of a raw value that is not text itself."""
    if isinstance(value, (bool, list, dict, time, bytes)):
        raise BadCell("应为文字或数字", "expected text or a number")
    if isinstance(value, float):
        return _number(value, kind)
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date) and kind != "date":
        raise BadCell(
            "表格软件把内容变成了日期，请把该列设为“文本”后重新录入",
            "the spreadsheet turned it into a date; format the column as text and enter it again",
        )
    if isinstance(value, (int, Decimal, date)):
        return str(value)
    raise BadCell("应为文字或数字", "expected text or a number")


def word_reader(known: Vocabulary, local: Mapping[str, str]) -> Callable[[str], str]:
    """Return what reads the words of a column."""

    def read(text: str) -> str:
        text = narrow(text)
        if local:
            text = local.get("".join(text.split()).casefold(), text)
        if several := known.meanings(text):
            zh = "、".join(known.described(c, "zh") for c in several)
            en = ", ".join(known.described(c, "en") for c in several)
            raise BadCell(
                f"这个说法不止一个意思，请写明是哪一个：{zh}",
                f"this can mean several things; write the one that is meant: {en}",
            )
        return known.code(text) or text

    return read


def shown_cell(cell: object) -> str:
    """Return a cell as a message shows it."""
    if isinstance(cell, float) and abs(cell) < 10**21:
        # the 15 digits that a spreadsheet shows
        return format(Decimal(format(cell, ".15g")), "f")
    return str(cell)
