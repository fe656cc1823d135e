"""The numbers in the words of a clause beside those of the facts that decide it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from functools import cache

from attrs import evolve, frozen

from pingan_logic.rules.notice import fold
from pingan_logic.rules.syntax import Atom, Docstring, Term

__all__ = ["Figure", "differing", "followed", "in_atom", "in_words"]

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000, "万": 10000}
_N = r"(?:\d+(?:\.\d+)?|[零〇一二两三四五六七八九十百千万]+)"
_PER = re.compile(r"每(\d+|[十百千万]+)(?!分)")
_FIGURE = re.compile(
    rf"(?P<percent>\d+(?:\.\d+)?)%|百分之(?P<of100>{_N})|(?P<under>{_N})分之(?P<over>{_N})"
    rf"|(?P<tenth>[一二三四五六七八九])成|(?P<points>{_N})分(?![之管部别类工支散布析配校院立])"
    rf"|(?P<count>{_N})(?:起|次|例|件|名|人|户)|(?P<list>{_N})无"
)
_AFTER = (
    (re.compile(r"[及或]?以上"), "at_least"),
    (re.compile(r"[及或]?以下|以内|之内"), "at_most"),
)
_BEFORE = (
    (re.compile(r"(?:不低于|不少于|不小于|至少|达到?|不得低于|不得少于)$"), "at_least"),
    (re.compile(r"(?:不超过|不高于|不多于|不大于|至多|最多|不得超过)$"), "at_most"),
    (re.compile(r"(?:低于|少于|小于|不足|不满)$"), "below"),
    (re.compile(r"(?:超过|高于|多于|大于)$"), "above"),
)
_WAYS = {
    "at_least": ("以上（含）", "at least"),
    "at_most": ("不超过", "at most"),
    "below": ("低于", "below"),
    "above": ("超过", "above"),
}


@frozen
class Figure:
    """A number and how it is meant: `kind` is share, points, count, list or number (any of them).

    `way` is at_least, at_most, below, above or None where nothing says it.
    """

    kind: str
    value: Fraction
    way: str | None
    text: str


def _number(text: str) -> Fraction:
    if text[0].isdigit():
        return Fraction(text)
    total = part = 0
    for c in text:
        if c in _DIGITS:
            part = _DIGITS[c]
        elif c == "万":
            total, part = (total + part) * 10000, 0
        else:
            total, part = total + (part or 1) * _TENS[c], 0
    return Fraction(total + part)


def in_words(text: str, units: Sequence[str] = (), *, rate: bool = False) -> list[Figure]:
    """Return the figures in the words of a clause, in their order.

    Numbers before one of `units` count too. In the words of a `rate` a number after 每千 (per
    thousand) is a fraction of it.
    """
    found = []
    plain = fold(text)
    per = _PER.search(plain) if rate else None
    for match in (_with(units) if units else _FIGURE).finditer(plain):
        if per is not None and match.start() < per.end():
            continue  # per so many: part of what comes after
        if match.groupdict().get("amount"):
            value, way = _amount(match["amount"]), _way(plain, match)
            kind = "number"
            if way is None and match["amount"] == "一":
                continue  # 每设一处: each, no number
            if per is not None and match.start() >= per.end():
                kind, value = "share", value / _amount(per[1])
            found.append(Figure(kind, value, way, match[0]))
            continue
        way = _way(plain, match)
        kind, raw = next((k, v) for k, v in match.groupdict().items() if v)
        value = _number(match["over"]) / _number(raw) if kind == "under" else _number(raw)
        if kind == "count" and way is None and not raw[0].isdigit():
            continue  # 一起, 一次: no number is meant
        scale = {"percent": 100, "of100": 100, "tenth": 10}.get(kind, 1)
        kinds = {"points": "points", "count": "count", "list": "list"}
        found.append(Figure(kinds.get(kind, "share"), value / scale, way, match[0]))
    return found


def followed(text: str, figure: Figure) -> Figure:
    """Return a figure as words say it by its text: with what stands around that."""
    match = re.search(re.escape(fold(figure.text)), text)
    return figure if match is None else evolve(figure, way=_way(text, match))


def _way(text: str, match: re.Match[str]) -> str | None:
    after = next((w for p, w in _AFTER if p.match(text, match.end())), None)
    return after or next((w for p, w in _BEFORE if p.search(text[: match.start()])), None)


@cache
def _with(units: Sequence[str]) -> re.Pattern[str]:
    """Return the pattern of figures, those before one of the units first."""
    said = "|".join(re.escape(u) for u in sorted(units, key=lambda u: (-len(u), u)))
    return re.compile(rf"(?P<amount>{_N}[十百千万亿]*)(?:{said})|{_FIGURE.pattern}")


def _amount(text: str) -> Fraction:
    """Return a number such as 20万, 3.5, 二十 or 千."""
    digits = re.match(r"\d+(?:\.\d+)?", text)
    if digits is None:
        return _number(text)
    value = Fraction(digits[0])
    for c in text[digits.end() :]:
        value *= _TENS.get(c, 100_000_000)
    return value


def in_atom(atom: Atom, doc: Docstring | None) -> list[Figure]:
    """Return the figures of a fact: what they are is what its docstring and its names say."""
    said = doc.text if doc is not None else ""
    names = [t.name for a in atom.args for t in a.walk() if t.constant is not None]
    way = next((n for n in names if n in _WAYS), None)
    for words, meant in (("at least", "at_least"), ("at most", "at_most")):
        way = way or (meant if words in said else None)
    numbers = [a for a in atom.args[1:] if a.kind == "num"]
    inner = [t for a in atom.args[1:] if a.kind == "fun" for t in _inside(a)]
    if inner:
        # a prohibition is broken by so many, or more
        return [Figure("count", Fraction(t.name), "at_least", t.name) for t in inner]
    if len(numbers) == 2 and int(numbers[1].name) > 0:
        n, d = (int(t.name) for t in numbers)
        return [Figure("share", Fraction(n, d), way, f"{n}/{d}")]
    hundredths = "hundredth" in said or "百分之一" in said
    kind = "points" if hundredths else "number"
    scale = 100 if hundredths else 1
    return [Figure(kind, Fraction(int(t.name), scale), way, t.name) for t in numbers]


def _inside(term: Term) -> Iterator[Term]:
    return (t for a in term.args for t in a.walk() if t.kind == "num")


def differing(
    words: Sequence[Figure],
    facts: Iterable[tuple[Figure, str]],
    settled: Sequence[Figure] = (),
) -> Iterator[tuple[str, str]]:
    """Yield what differs between a clause and the facts that decide it, in Chinese and English.

    Each fact comes with how it is shown. A number of the words that is one of `settled` is used.
    """
    left = list(words)
    odd = []
    for figure, shown in facts:
        same = next((w for w in left if _alike(w, figure) and w.value == figure.value), None)
        if same is None:
            odd.append((figure, shown))
            continue
        left.remove(same)
        if same.way and figure.way and same.way != figure.way:
            ours, theirs = _WAYS[figure.way], _WAYS[same.way]
            yield (
                f"条文“{same.text}”是{theirs[0]}，规则是{ours[0]}：`{shown}`",
                f'"{same.text}" is {theirs[1]} in the words, {ours[1]} in the rules: `{shown}`',
            )
    left = [w for w in left if not any(_alike(w, s) and w.value == s.value for s in settled)]
    for figure, shown in odd:
        other = next((w for w in left if _alike(w, figure)), None)
        if other is None:
            yield (
                f"规则里的数{figure.text}条文没有写：`{shown}`",
                f"the number {figure.text} of the rules is not in the words: `{shown}`",
            )
            continue
        left.remove(other)
        yield (
            f"条文写的是“{other.text}”，规则是{figure.text}：`{shown}`",
            f'the words say "{other.text}", the rules {figure.text}: `{shown}`',
        )
    for figure in left:
        yield (
            f"条文里的“{figure.text}”没有规则用到",
            f'no rule uses "{figure.text}" of the words',
        )


def _alike(one: Figure, other: Figure) -> bool:
    return one.kind == other.kind or "number" in (one.kind, other.kind)
