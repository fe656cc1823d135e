"""Mutants of rule files: one small change each, made on the tokens of one statement.

A mutant is the text of a file with one change, so everything that reads a policy reads a mutant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

from pingan_logic import Policy
from pingan_logic.rules.find import base_folder

_TOKEN = re.compile(
    r"(?P<comment>%\*.*?\*%|%[^\n]*)|(?P<space>\s+)|(?P<string>\"(?:\\.|[^\"\\\n])*\")"
    r"|(?P<number>\d+)|(?P<name>[a-z][A-Za-z0-9_]*)|(?P<variable>[A-Z_][A-Za-z0-9_]*)"
    r"|(?P<directive>#[a-z_]+)|(?P<sign>:-|<=|>=|!=|==|\.\.|[-<>=+*/\\@,;:.(){}|])",
    re.DOTALL,
)
COMPARISONS = {
    "<": ("<=", ">=", "!="),
    "<=": ("<", ">", "=="),
    ">": (">=", "<=", "!="),
    ">=": (">", "<", "=="),
    "==": ("!=", "<=", ">="),
    "!=": ("==", "<", ">"),
}
ARITHMETIC = {"+": "-", "-": "+", "*": "+", "/": "*", "\\": "/"}
CONTAINMENT = {"inside": ("placed",), "placed": ("inside", "parent"), "parent": ("placed",)}
AGGREGATES = {"#max": "#min", "#min": "#max", "#sum": "#count"}
TESTS = {"at_least": "liable_at_least", "liable_at_least": "at_least"}
STATUSES = ("met", "failed", "undetermined")
GROUPS = (
    STATUSES,
    ("yes", "no"),
    ("count", "ignore"),
    ("work_unit", "own", "both"),
    ("assesses", "forwards", "recognises", "awards"),
    ("county_leading_group", "township_government"),
    ("proven_met", "proven_missed", "open", "no_target", "no_units"),
    ("campus_safety_accident", "campus_accident"),
)
WORDS = {"interpretation", "notice_text", "notice_name", "role_name", "english", "body"}
"""Facts that only name things: what they say is compared with the notice, not decided by."""


@dataclass(frozen=True)
class Token:
    """A piece of a rule file: what it is, its text and where it starts."""

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass(frozen=True)
class Mutant:
    """One changed statement of one file: `before` and `after` are the whole statement."""

    file: str
    line: int
    operator: str
    before: str
    after: str
    text: str

    @property
    def id(self) -> str:
        """Stays the same while the statement does, wherever in the file it stands."""
        told = "\n".join((self.file, self.before, self.after))
        return f"{self.file}:{sha256(told.encode()).hexdigest()[:8]}"


class Statement:
    """The tokens of one statement, its head and the literals of its body."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        depth = 0
        self.depths = []
        for t in tokens:
            depth -= t.text in (")", "}")
            self.depths.append(depth)
            depth += t.text in ("(", "{")
        arrows = [n for n, t in enumerate(tokens) if t.text == ":-" and not self.depths[n]]
        self.arrow = arrows[0] if arrows else None

    @property
    def fact(self) -> bool:
        return self.arrow is None

    @property
    def predicate(self) -> str:
        return next((t.text for t in self.tokens if t.kind == "name"), "")

    def literals(self) -> Iterator[tuple[int, int]]:
        """Yield the body literals and the conditions of aggregates as ranges of tokens."""
        if self.arrow is not None:
            yield from self._parts(self.arrow + 1, len(self.tokens) - 1, 0)
        for n, t in enumerate(self.tokens):
            if t.text == ":":
                level = self.depths[n]
                end = n + 1
                while self.depths[end] > level or (
                    self.depths[end] == level and self.tokens[end].text not in (";", "}", ".", ":-")
                ):
                    end += 1
                yield from self._parts(n + 1, end, level)

    def _parts(self, first: int, last: int, level: int) -> Iterator[tuple[int, int]]:
        start = first
        for n in range(first, last):
            if self.tokens[n].text in (",", ";") and self.depths[n] == level:
                yield start, n
                start = n + 1
        if start < last:
            yield start, last

    def tuple_keys(self) -> Iterator[tuple[int, int]]:
        """Yield what keeps equal values apart in each aggregate, `,X` of `#sum { N,X : ... }`."""
        for n, t in enumerate(self.tokens):
            if t.text == ":" and self.tokens[n - 2].text == ",":
                yield n - 2, n

    def pools(self) -> Iterator[list[tuple[int, int]]]:
        """Yield the members of each pool (a;b;c) as ranges of tokens."""
        for n, t in enumerate(self.tokens):
            if t.text != "(":
                continue
            end = next(
                m for m in range(n + 1, len(self.tokens)) if self.depths[m] == self.depths[n]
            )
            cuts = [
                m
                for m in range(n + 1, end)
                if self.tokens[m].text == ";" and self.depths[m] == self.depths[n] + 1
            ]
            if cuts:
                edges = [n, *cuts, end]
                yield [(a + 1, b) for a, b in pairwise(edges)]


Edit = tuple[int, int, str]
"""Tokens first to last (not included) give way to a text."""


def statements(text: str) -> Iterator[Statement]:
    """Yield the statements of a rule file, without comments, `#defined` and `#program`."""
    tokens: list[Token] = []
    depth = 0
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise ValueError(f"not a token: {text[at : at + 20]!r}")
        at = match.end()
        if match.lastgroup in ("comment", "space"):
            continue
        tokens.append(Token(match.lastgroup, match.group(), match.start()))
        depth += tokens[-1].text in ("(", "{")
        depth -= tokens[-1].text in (")", "}")
        if tokens[-1].text == "." and not depth:
            if tokens[0].text not in ("#defined", "#program"):
                yield Statement(tokens)
            tokens = []
    if tokens:
        raise ValueError(f"a statement does not end: {tokens[0].text}")


class Words:
    """The constants of a policy that can stand in for each other."""

    def __init__(self, policy: Policy) -> None:
        self.grades = list(policy.grades)
        self.types = list(policy.types)
        self.kinds = list(policy.kinds)
        self.clauses = {k: [c.id for c in policy.clauses_of(k)] for k in policy.judged_kinds}

    def instead(self, word: str) -> Iterator[tuple[str, str]]:
        """Yield operator and word for each constant that may stand in the place of `word`."""
        if word in self.grades:
            n = self.grades.index(word)
            for m in (n - 1, n + 1):
                if 0 <= m < len(self.grades):
                    yield "grade", self.grades[m]
        if word in self.types:
            yield "incident type", self.types[(self.types.index(word) + 1) % len(self.types)]
        if word in self.kinds:
            yield "kind", self.kinds[(self.kinds.index(word) + 1) % len(self.kinds)]
        for group in GROUPS:
            if word in group:
                name = "status" if group is STATUSES else "constant"
                yield from ((name, other) for other in group if other != word)
        for clauses in self.clauses.values():
            if word in clauses and len(clauses) > 1:
                yield "clause", clauses[(clauses.index(word) + 1) % len(clauses)]


def _edits(here: Statement, words: Words, own: str) -> Iterator[tuple[str, Edit]]:  # noqa: C901
    """Yield every change of a statement; `own` is the kind whose file this is, if any."""
    tokens = here.tokens
    yield ("drop rule" if not here.fact else "drop fact"), (0, len(tokens), "")
    for members in here.pools():
        for first, last in members:
            if first > 1 and tokens[first - 1].text == ";":
                yield "drop member", (first - 1, last, "")
            else:
                yield "drop member", (first, last + 1, "")
    for first, last in here.literals():
        start, stop = (first - 1, last) if tokens[first - 1].text == "," else (first, last + 1)
        alone = tokens[first - 1].text in (":-", ":") and tokens[last].text in (".", "}", ";")
        if alone:
            start, stop = first - 1, last
        yield "drop literal", (start, stop, "")
        if tokens[first].text == "not":
            yield "negate literal", (first, first + 1, "")
        elif tokens[first].kind == "name":
            yield "negate literal", (first, first, "not ")
    for first, last in here.tuple_keys():
        yield "aggregate", (first, last, "")
    for n, t in enumerate(tokens[:-1]):
        after = tokens[n + 1].text
        if t.kind == "number":
            for value in (int(t.text) - 1, int(t.text) + 1):
                yield "number", (n, n + 1, str(value))
        elif t.kind == "sign" and t.text in COMPARISONS and here.depths[n] == 0:
            for sign in COMPARISONS[t.text]:
                yield "comparison", (n, n + 1, sign)
        elif t.kind == "sign" and t.text in ARITHMETIC and tokens[n - 1].text not in ("(", ","):
            yield "arithmetic", (n, n + 1, ARITHMETIC[t.text])
        elif t.text in AGGREGATES:
            yield "aggregate", (n, n + 1, AGGREGATES[t.text])
        elif t.kind == "name" and after == "(":
            inner = here.arrow is not None and n > here.arrow
            if t.text in CONTAINMENT and inner:
                for other in CONTAINMENT[t.text]:
                    yield "containment", (n, n + 1, other)
            elif t.text in TESTS:
                yield "severity", (n, n + 1, TESTS[t.text])
                yield "severity", (n, n + 4, "any")
            elif t.text == "repeated" and tokens[n + 2].kind == "variable" and not inner:
                for more in ("+1", "-1"):
                    yield "number", (n + 2, n + 3, tokens[n + 2].text + more)
        elif t.kind == "name" and t.text == "any":
            yield "severity", (n, n + 1, "at_least(minor)")
        elif t.kind == "name" and n and t.text != "not":
            for operator, other in words.instead(t.text):
                if operator == "kind" and not here.fact and t.text == own:
                    continue
                if operator == "clause" and not (here.fact and here.predicate != "clause"):
                    continue
                yield operator, (n, n + 1, other)


def mutants(path: Path, policy: Policy) -> list[Mutant]:
    """Return the mutants of a rule file, each different from the file and from the others."""
    root = policy.folder if path.is_relative_to(policy.folder) else base_folder()
    name = path.relative_to(root).as_posix()
    text = path.read_text(encoding="utf-8")
    words = Words(policy)
    own = path.stem if path.stem in policy.kinds else ""
    found: dict[str, Mutant] = {}
    for here in statements(text):
        if here.predicate in WORDS or (here.fact and here.predicate == "clause"):
            continue
        before = _said(text, here.tokens)
        for operator, (first, last, new) in _edits(here, words, own):
            at = here.tokens[first].start
            end = here.tokens[last - 1].end if last > first else at
            changed = text[:at] + new + text[end:]
            start, stop = here.tokens[0].start, here.tokens[-1].end
            after = _plain(changed[start : stop + len(changed) - len(text)])
            if changed not in found and after != before:
                line = text.count("\n", 0, at) + 1
                found[changed] = Mutant(name, line, operator, before, after, changed)
    return list(found.values())


def _said(text: str, tokens: Sequence[Token]) -> str:
    return _plain(text[tokens[0].start : tokens[-1].end])


def _plain(text: str) -> str:
    said = " ".join(text.split())
    return f"{said[:-2].rstrip()}." if said.endswith(" .") else said
