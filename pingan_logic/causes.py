"""Problems of one cause, told once: the same mistake in thousands of rows is one line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from attrs import define, evolve, field

if TYPE_CHECKING:
    from pingan_logic.problem import Problem

__all__ = ["Cause", "cause_of", "grouped"]

_PLACES = (
    re.compile(r"(?P<before>.*!)(?P<column>[A-Z]+)(?P<row>\d+)(?P<after>(?: .*)?)", re.DOTALL),
    re.compile(r"(?P<before>.* row )(?P<column>)(?P<row>\d+)(?P<after>(?: .*)?)", re.DOTALL),
    re.compile(r"(?P<before>.*\[)(?P<column>)(?P<row>\d+)(?P<after>\].*)", re.DOTALL),
)
_EXAMPLES = 3
_RUNS = 8
"""Runs of rows that a line names."""


@define
class Cause:
    """What is wrong in one column, or with a table as a whole, wherever it stands."""

    problems: list[Problem] = field(factory=list)
    rows: list[int] = field(factory=list)

    @property
    def first(self) -> Problem:
        """The first problem, which stands for all."""
        return self.problems[0]

    def where(self, lang: str) -> str:
        """Return the place: that of the only problem, or the column with its rows."""
        if len(self.problems) == 1:
            return self.first.where(lang)
        match = _split(str(self.first.place))
        assert match is not None  # only places with rows are put together
        runs = _runs(sorted(set(self.rows)))
        more = "…" if len(runs) > _RUNS else ""
        before, column, after = match["before"], match["column"], match["after"]
        if before.endswith("["):
            spans = [f"{a}–{b}" if b > a else str(a) for a, b in runs[:_RUNS]]
            place = f"{before}{', '.join(spans)}{more}{after}"
            return _at(self.first, place).where(lang)
        before = before.removesuffix(" row ").removesuffix("!")
        sheet = _at(self.first, before).where(lang)
        label = _at(self.first, f"{column}{after}".strip()).where("en")
        if lang == "en":
            spans = [f"{a} to {b}" if b > a else str(a) for a, b in runs[:_RUNS]]
            return f"{sheet} rows {', '.join(spans)}{more} {label}".rstrip()
        spans = [f"{a}至{b}" if b > a else str(a) for a, b in runs[:_RUNS]]
        return f"{sheet} 第{'、'.join(spans)}{more}行 {label}".rstrip()

    def what(self, lang: str, *, options: bool = False) -> str:
        """Return what is wrong, and some of what was found."""
        if len(self.problems) == 1:
            return self.first.what(lang, options=options)
        rows = len(self.problems)
        same = f"the same in {rows} rows: " if lang == "en" else f"同一问题{rows}行，"
        found = list(dict.fromkeys(p.found for p in self.problems if p.found is not None))
        if len(found) < 2:
            return same + self.first.what(lang, options=options)
        by_found = {p.found: p for p in reversed(self.problems)}
        wrong = self.first.wrong(lang, options=options)
        some = [by_found[f].example(lang) for f in found[:_EXAMPLES]]
        if lang == "en":
            rest = f" and {len(found) - _EXAMPLES} others" if len(found) > _EXAMPLES else ""
            return f"{same}{wrong}; found {', '.join(some)}{rest}"
        rest = f"等{len(found)}种" if len(found) > _EXAMPLES else ""
        return f"{same}{wrong}；发现{'、'.join(some)}{rest}"

    def words(self, lang: str, *, options: bool = False) -> str:
        """Return the cause as a line."""
        if len(self.problems) == 1:
            return self.first.words(lang, options=options)
        colon = ": " if lang == "en" else "："
        return f"{self.where(lang)}{colon}{self.what(lang, options=options)}"


def _at(problem: Problem, place: str) -> Problem:
    return evolve(problem, place=place)


def _split(place: str) -> re.Match[str] | None:
    return next((m for p in _PLACES if (m := p.fullmatch(place))), None)


def _key(problem: Problem) -> tuple[str, ...]:
    """Return what the problems of one cause have in common."""
    match = None if problem.choices else _split(str(problem.place))
    if match is None:
        return (str(problem.place), problem.zh, problem.found or "", *problem.choices)
    return (match["before"], match["column"], match["after"], problem.zh)


def cause_of(problem: Problem) -> tuple[str, str]:
    """Return what is alike in problems of which thousands need not all be named."""
    return re.sub(r"\d+", "0", str(problem.place)), problem.zh


def grouped(problems: Iterable[Problem]) -> list[Cause]:
    """Return the causes: those of whole files and tables first, then in the order found."""
    causes: dict[tuple[str, ...], Cause] = {}
    whole: set[tuple[str, ...]] = set()
    for problem in problems:
        key = _key(problem)
        cause = causes.setdefault(key, Cause())
        match = _split(str(problem.place))
        if cause.problems and (match is None or problem.choices):
            continue  # the very same once more
        cause.problems.append(problem)
        if match is None:
            whole.add(key)
        else:
            cause.rows.append(int(match["row"]))
    ordered = sorted(causes, key=lambda k: k not in whole)
    return [causes[k] for k in ordered]


def _runs(rows: Sequence[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for row in rows:
        if runs and row == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], row)
        else:
            runs.append((row, row))
    return runs
