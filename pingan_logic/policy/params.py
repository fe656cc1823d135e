"""Every number and switch of a policy: what it is of, its value, and where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

from attrs import frozen

from pingan_logic.catalogue import Asked, Policy
from pingan_logic.characters import is_han
from pingan_logic.errors import check_words
from pingan_logic.figures import SCHEMA, fraction
from pingan_logic.policy.asked import asked_text
from pingan_logic.rules.syntax import Atom, Syntax, Term
from pingan_logic.shown import Answer
from pingan_logic.solving.program import read_rules

__all__ = ["Param", "Params", "policy_params"]

_COST = "_cost"
_OF_CLAUSES = ("threshold", "pass_mark", "best_of", "looks_back")
_KINDS = {
    "threshold/3", "pass_mark/2", "target/3", "switch/2", "asks_for/3", "asks_for/4", "best_of/2",
    "best_of/3", "looks_back/3",
}  # fmt: skip


@frozen
class Param:
    """A number or a word that a policy sets.

    `kind` is threshold, pass_mark, target, switch, cost, asks_for, best_of or looks_back; `name` is
    the fact without its value, as settings name it; `value` a fraction, a whole number or a word.
    `clause` is the clause that it belongs to and `source` the place in the notice that gives it, if
    any; `file` and `line` are where it is changed, `words` (Chinese, English) say what it is.
    """

    kind: str
    name: str
    value: tuple[int, int] | int | str
    clause: str | None
    source: str | None
    file: str
    line: int
    words: tuple[str, str]

    @property
    def value_text(self) -> str:
        """The value as the rules write it."""
        return "/".join(map(str, self.value)) if isinstance(self.value, tuple) else str(self.value)

    def to_dict(self, lang: str = "zh") -> dict[str, Any]:
        """Return the parameter as JSON values."""
        fractional = isinstance(self.value, tuple)
        return {
            "kind": self.kind,
            "name": self.name,
            "value": fraction(self.value) if isinstance(self.value, tuple) else self.value,
            "value_text": self.value_text if fractional else str(self.value),
            "clause": self.clause,
            "source": self.source,
            "file": self.file,
            "line": self.line,
            "words": self.words[lang == "en"],
        }


@frozen(repr=False)
class Params(Answer[Param]):
    """The parameters of a policy, in the order of its files."""

    policy: Policy
    params: tuple[Param, ...]

    @property
    def rows(self) -> tuple[Param, ...]:
        """The parameters."""
        return self.params

    def name_of(self, row: Param) -> str:
        """Return the name of a parameter."""
        return row.name

    def about(self) -> str:
        """Return the policy."""
        return f"of {self.policy.name}"

    def text(self, lang: str = "zh") -> str:
        """Return the parameters, a line each."""
        check_words(lang)
        colon = ": " if lang == "en" else "："
        lines = [
            f"{p.file}:{p.line} {p.name} = {p.value_text}"
            f"{f'  {p.source}' if p.source else ''}{colon}{p.words[lang == 'en']}"
            for p in self.params
        ]
        return "".join(f"{line}\n" for line in lines)

    def to_dict(self, lang: str = "zh") -> dict[str, Any]:
        """Return the parameters as JSON values."""
        check_words(lang)
        return {
            "schema": SCHEMA,
            "policy": self.policy.name,
            "version": self.policy.version,
            "params": [p.to_dict(lang) for p in self.params],
        }


def policy_params(policy: Policy) -> Params:
    """Return every threshold, mark, target, switch and cost of a policy.

    Raises PolicyError when a file does not parse.
    """
    syntax = read_rules(policy.files)
    places = _places(syntax)
    about = {d.name: _said(d.text) for d in syntax.docs}
    found = [
        _param(policy, rule.file, atom.line, atom.name, values, places, about)
        for rule in syntax.rules
        if rule.fact
        for atom in rule.head
        if atom.signature in _KINDS or (atom.name.endswith(_COST) and atom.args)
        for values in _written(atom)
    ]
    return Params(policy, tuple(found))


def _written(atom: Atom) -> Iterator[tuple[str, ...]]:
    """Yield the arguments of a fact, for each choice of its pools."""
    yield from product(
        *([_term(t) for t in (a.args if a.kind == "pool" else (a,))] for a in atom.args)
    )


def _term(term: Term) -> str:
    inner = f"({','.join(map(_term, term.args))})" if term.args else ""
    return f"{term.name}{inner}"


def _places(syntax: Syntax) -> dict[str, str]:
    """Return the place in the notice that each target answers, by kind."""
    found: dict[str, str] = {}
    for rule in syntax.rules:
        for atom in rule.head:
            if atom.name == "answers_text" and atom.args[0].name == "target":
                for term in atom.args[0].walk():
                    if term.constant:
                        found.setdefault(term.name, atom.args[1].name)
    return found


def _said(text: str) -> tuple[str, str]:
    """Return the first line of a docstring that is Chinese, and the first that is English."""
    lines = [line.strip() for line in text.strip().split("\n") if line.strip()] or [""]
    chinese = [any(map(is_han, line)) for line in lines]
    return (
        next((line for line, han in zip(lines, chinese, strict=True) if han), lines[0]),
        next((line for line, han in zip(lines, chinese, strict=True) if not han), lines[0]),
    )


def _param(
    policy: Policy,
    file: str,
    line: int,
    predicate: str,
    values: tuple[str, ...],
    places: dict[str, str],
    about: dict[str, tuple[str, str]],
) -> Param:
    kind = "cost" if predicate.endswith(_COST) else predicate
    if kind == "asks_for":
        return _asked_for(policy, file, line, values)
    if kind == "looks_back":
        values = (values[0], values[2])  # a setting is of all matters of the clause
    size = 2 if kind in ("threshold", "target") or (kind == "best_of" and values[2:]) else 1
    if predicate == "change_cost":
        values = (values[0], values[1])  # what each step is stands beside its cost
    keys, given = values[:-size], values[-size:]
    name = f"{predicate}({','.join(keys)})" if keys else predicate
    value: tuple[int, int] | int | str
    if size == 2:
        value = (int(given[0]), int(given[1]))
    else:
        value = int(given[0]) if given[0].lstrip("-").isdecimal() else given[0]
    clause = policy.clauses.get(keys[0]) if keys and kind in _OF_CLAUSES else None
    source = clause.source if clause else None
    words = about.get(predicate, (predicate, predicate))
    if clause is not None:
        words = (clause.text("zh"), clause.text("en"))
    elif kind == "target":
        source = places.get(keys[0])
        unit = policy.kinds[keys[0]]
        words = (unit.zh, unit.en)
    elif kind == "switch" and keys[0] in policy.switch_words:
        number, zh, en = policy.switch_words[keys[0]]
        plain = policy.grades.get(str(given[0]), (given[0], given[0]))
        said = policy.value_words.get((keys[0], given[0]), plain)
        zh, en = zh.replace("{value}", said[0]), en.replace("{value}", said[1])
        words = (f"适用口径{number}：{zh}", f"reading {number}: {en}")
    return Param(kind, name, value, clause.id if clause else None, source, file, line, words)


def _asked_for(policy: Policy, file: str, line: int, values: tuple[str, ...]) -> Param:
    """Return what a clause asks of its values, as it can be set."""
    clause = policy.clauses[values[0]]
    asked = Asked(values[1], *map(int, values[2:]))
    text = asked_text(policy, clause, asked)
    value: tuple[int, int] | int | str = int(text) if text.lstrip("-").isdecimal() else text
    if asked.of is not None:
        value = (asked.number, asked.of)
    words = (clause.text("zh"), clause.text("en"))
    name = f"asks_for({clause.id})"
    return Param("asks_for", name, value, clause.id, clause.source, file, line, words)
