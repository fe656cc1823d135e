"""What a spreadsheet shows of a value under a number format, such as 85 of 84.96 under `0`."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache

from attrs import frozen

__all__ = ["BUILT_IN", "is_day", "looked_at", "moment", "number_in", "plain", "shown"]

BUILT_IN = {
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    14: "yyyy/m/d",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "yyyy/m/d h:mm",
    37: "#,##0;-#,##0",
    38: "#,##0;[Red]-#,##0",
    39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;[Red]-#,##0.00",
    41: "#,##0;-#,##0;-",
    42: "#,##0;-#,##0;-",
    43: "#,##0.00;-#,##0.00;-",
    44: "#,##0.00;-#,##0.00;-",
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
    48: "##0.0E+0",
    49: "@",
    # those of East Asian Excel and WPS, such as 2014年5月3日
    **dict.fromkeys((27, 36, 50, 52, 57), 'yyyy"年"m"月"'),
    **dict.fromkeys((28, 29, 51, 53, 54, 58), 'm"月"d"日"'),
    30: "m-d-yy",
    31: 'yyyy"年"m"月"d"日"',
    **dict.fromkeys((32, 55), 'h"时"mm"分"'),
    **dict.fromkeys((33, 56), 'h"时"mm"分"ss"秒"'),
    **dict.fromkeys((34, 35), 'AM/PM h"时"mm"分"'),
}
"""Formats that are written as a number only."""

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|_.|\*(?P<fill>.)|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<general>General|G/通用格式)|(?P<half>AM/PM|A/P|上午/下午)|(?P<power>E[+-])"
    r"|(?P<moment>yyyy|yyy|yy|y|e|m+|d+|h+|s+|aaaa?)|(?P<mark>[0#?.,%@/;])|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[0-9.]+)")
_HOLDS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b,
    ">=": lambda a, b: a >= b,
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
}
_PLAIN_DAY = re.compile(
    r'(\[\$-[0-9A-Fa-f]+\]|"[年月日]"|[年月日]|[/\-.\s\\,]|y+|m+|d+)+(;@)?', re.IGNORECASE
)
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_MOST = 255
"""Characters of a format, as spreadsheets have them."""


@frozen
class _Token:
    """A piece of a format: what it is, and its text."""

    kind: str
    text: str


@frozen
class _Section:
    """What a format says of some values: of those for which `condition` holds, if it has one."""

    tokens: tuple[_Token, ...]
    condition: tuple[str, Decimal] | None

    def has(self, kind: str, text: str = "") -> bool:
        return any(t.kind == kind and (not text or t.text == text) for t in self.tokens)

    def is_day(self) -> bool:
        return self.has("moment")


def plain(value: float) -> str:
    """Return a number as a spreadsheet shows it without a format, all its 15 digits."""
    return format(Decimal(format(value, ".15g")), "f")


@cache
def looked_at(code: str) -> bool:
    """Whether a format can show something else than the value, so that each cell must be seen."""
    return not (
        code in ("", "@")
        or code.casefold() in ("general", "general;@")
        or (_PLAIN_DAY.fullmatch(code) and "y" in code.casefold())
    )


@cache
def is_day(code: str) -> bool:
    """Whether a number in this format is a day or a time."""
    return _sections(code[:_MOST])[0].is_day()


def shown(value: float | str, code: str, *, leap: bool = False) -> str | None:
    """Return what a spreadsheet shows of a value under a format.

    None when it shows the value itself, or a day with its year. `leap` says that days are counted
    from 1904.
    """
    sections = _sections(code[:_MOST])
    if isinstance(value, str):
        return _text(value, sections)
    number = Decimal(format(value, ".15g"))
    section, signed = _chosen(number, sections)
    if section is None:
        return "########"
    if section.is_day():
        return _day(value, section, leap)
    if section.has("general") or section.has("mark", "@"):
        literals = _literals(section.tokens, plain(abs(value)))
        text = ("-" if signed and number < 0 else "") + literals
    else:
        text = ("-" if signed and number < 0 else "") + _number(abs(number), section.tokens)
    return None if number_in(text) == number else text


def moment(value: float, code: str, *, leap: bool) -> str:
    """Return the day and time that a number is shown as under a format of days."""
    return _moment(value, _sections(code[:_MOST])[0], leap)


def number_in(text: str) -> Decimal | None:
    """Return the number that a text shows, None when it shows anything else."""
    bare = text.replace(",", "").replace(" ", "")
    return (
        Decimal(bare)
        if re.fullmatch(r"-?((0|[1-9][0-9]*)(\.[0-9]*)?|\.[0-9]+)(E[+-]?[0-9]{1,3})?", bare)
        else None
    )


@cache
def _sections(code: str) -> list[_Section]:
    found: list[_Section] = []
    tokens: list[_Token] = []
    condition: tuple[str, Decimal] | None = None
    for match in [*_TOKEN.finditer(code), None]:
        if match is None or match["mark"] == ";":
            found.append(_Section(tuple(tokens), condition))
            tokens, condition = [], None
            continue
        kind = match.lastgroup
        text = match[kind] if kind else " "
        if kind == "bracket":
            if test := _CONDITION.fullmatch(text):
                condition = test[1], Decimal(test[2])
            elif text.startswith("$"):
                tokens.append(_Token("literal", text[1:].partition("-")[0]))
            elif re.fullmatch("h+|m+|s+", text, re.IGNORECASE):
                tokens.append(_Token("moment", text.casefold()))
        elif kind in ("quoted", "escaped", "fill", "other", None):
            tokens.append(_Token("literal", text))
        else:
            tokens.append(_Token(kind, text.casefold() if kind == "moment" else text))
    return found


def _chosen(number: Decimal, sections: Sequence[_Section]) -> tuple[_Section | None, bool]:
    """Return the section that a number is shown by, and whether its sign is shown as well."""
    numeric = sections[: min(len(sections), 3)]
    if len(numeric) > 1 and numeric[-1].has("mark", "@"):
        numeric = numeric[:-1]  # the one of texts
    if not any(s.condition for s in numeric):
        if number < 0 and len(numeric) > 1:
            return numeric[1], False
        return numeric[2 if number == 0 and len(numeric) > 2 else 0], True
    for n, section in enumerate(numeric):
        if section.condition is not None:
            compare, limit = section.condition
            if _HOLDS[compare](number, limit):
                return section, True
        elif n == len(numeric) - 1 or number < 0:
            return section, n == 0
    return None, True


def _text(value: str, sections: Sequence[_Section]) -> str | None:
    last = sections[3] if len(sections) > 3 else sections[-1]
    if len(sections) < 4 and not last.has("mark", "@"):
        return None
    text = _literals(last.tokens, value)
    return None if text == value else text


def _literals(tokens: Sequence[_Token], value: str) -> str:
    """Return the literal text of a section, `value` in the place that is left for it."""
    return "".join(
        t.text if t.kind == "literal" else value if t.kind == "general" or t.text == "@" else ""
        for t in tokens
    )


def _number(number: Decimal, tokens: Sequence[_Token]) -> str:
    marks = [t.text for t in tokens if t.kind == "mark"]
    digits = [n for n, t in enumerate(tokens) if t.kind == "mark" and t.text in "0#?"]
    if not digits:
        return "".join(t.text for t in tokens if t.kind == "literal")
    number *= 100 ** marks.count("%")
    for token in tokens[digits[-1] + 1 :]:
        if token.kind != "mark" or token.text != ",":
            break
        number /= 1000
    if any(t.kind == "power" for t in tokens):
        return _with_power(number, tokens)
    if "/" in marks:
        return _fraction(number, tokens)
    point = next((n for n, t in enumerate(tokens) if t.text == "." and t.kind == "mark"), None)
    whole = [n for n in digits if point is None or n < point]
    after = [n for n in digits if point is not None and n > point]
    rounded = number.quantize(Decimal(1).scaleb(-len(after)), ROUND_HALF_UP)
    left, _, right = format(rounded, "f").partition(".")
    filled = dict(zip(after, _spare(right, [tokens[n].text for n in after]), strict=True))
    left = "" if left == "0" else left
    for n in reversed(whole):
        if n == whole[0] and len(left) > 1:
            filled[n] = left
        else:
            filled[n] = left[-1:] or {"0": "0", "?": " "}.get(tokens[n].text, "")
        left = left[:-1]
    if not whole:
        filled[point or 0] = left + "."
    return "".join(
        filled.get(n, t.text if t.kind == "literal" or t.text in ".%" else "")
        for n, t in enumerate(tokens)
    )


def _spare(digits: str, places: list[str]) -> list[str]:
    """Return the decimals as their places show them: zeros at the end only where asked for."""
    out = list(digits)
    for n in range(len(out) - 1, -1, -1):
        if out[n] != "0" or places[n] == "0":
            break
        out[n] = " " if places[n] == "?" else ""
    return out


def _with_power(number: Decimal, tokens: Sequence[_Token]) -> str:
    """Return a number in scientific notation, written out; its literals are left out."""
    at = next(n for n, t in enumerate(tokens) if t.kind == "power")
    text = "".join(t.text for t in tokens[:at] if t.kind == "mark")
    decimals = len(text.partition(".")[2])
    places = max(1, len(text.partition(".")[0].replace(",", "")))
    if not number:
        return "0"
    power = number.adjusted() // places * places
    return format(number.quantize(Decimal(1).scaleb(power - decimals), ROUND_HALF_UP), "f")


def _fraction(number: Decimal, tokens: Sequence[_Token]) -> str:
    """Return a number with a fraction, as a decimal number when that is exact."""
    at = next(n for n, t in enumerate(tokens) if t.kind == "mark" and t.text == "/")
    below = "".join(t.text for t in tokens[at + 1 :]).strip()
    exact = Fraction(number)
    if below.isdigit() and int(below):
        near = Fraction(round(exact * int(below)), int(below))
    else:
        near = exact.limit_denominator(10 ** max(1, min(9, len(below))) - 1)
    if near == exact:
        return format(number, "f")
    whole, rest = divmod(near, 1)
    return f"{whole} {rest}" if rest else str(whole)


def _day(value: float, section: _Section, leap: bool) -> str | None:
    """Return the day that is shown, unless it is the whole of what is stored."""
    text = _moment(value, section, leap)
    literals = "".join(t.text for t in section.tokens if t.kind == "literal")
    whole = any(t.kind == "moment" and t.text[0] in "ye" for t in section.tokens)
    return None if whole and not re.search(r"\d", literals) else text


def _moment(value: float, section: _Section, leap: bool) -> str:
    try:
        day = date(1904, 1, 1) if leap else date(1899, 12, 30)
        day += timedelta(int(value))
    except OverflowError:
        return "########"
    seconds = round(value % 1 * 86400)
    parts = {"h": seconds // 3600, "s": seconds % 60}
    out: list[str] = []
    before = ""
    tokens = section.tokens
    for n, token in enumerate(tokens):
        if token.kind != "moment":
            out.append(token.text if token.kind == "literal" or token.text in "/." else "")
            continue
        letter, long = token.text[0], len(token.text)
        after = next((t.text[0] for t in tokens[n + 1 :] if t.kind == "moment"), "")
        if letter in "ye":
            out.append(f"{day.year % 100:02}" if token.text in ("y", "yy") else str(day.year))
        elif letter == "m" and (before == "h" or after == "s"):
            out.append(f"{seconds // 60 % 60:02}")
        elif letter == "a":
            out.append("星期"[: 2 * (long > 3)] + "一二三四五六日"[day.weekday()])
        elif letter == "d" and long > 2:
            name = _DAYS[day.weekday()]
            out.append(name if long > 3 else name[:3])
        elif letter in "md":
            number = day.month if letter == "m" else day.day
            out.append(str(number).zfill(long) if long < 3 else _MONTHS[number - 1])
        elif letter in parts:
            out.append(str(parts[letter]).zfill(min(long, 2)))
        before = letter
    return "".join(out)
