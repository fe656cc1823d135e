"""Every clause, list and target against the numbers of its rules, whatever a switch is set to."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from functools import cache

from attrs import evolve, frozen

from pingan_logic.catalogue import Asked, Policy, Setting
from pingan_logic.policy.asked import asked_text, compared_item
from pingan_logic.questions.comparison import switch_settings
from pingan_logic.rules.notice import fold
from pingan_logic.rules.numbers import Figure, differing, followed, in_atom, in_words
from pingan_logic.rules.syntax import Atom, Rule, Syntax, Term, matches, unify
from pingan_logic.solving.stated import stated

__all__ = ["Said", "wrong_figures"]

_WORDED = {"clause", "english", "list_of", "answers_text"}
"""Predicates that hold words, not what decides."""
_DERIVED = {
    "factor", "compared", "most_per", "takes", "point_of", "beyond", "worth_each", "scored_items",
    "share_of", "looked_at_place",
}  # fmt: skip
"""Predicates in which the shared rules write out what a clause asks for."""


_POINTS = {"adds", "group_limits", "base_points"}
"""Predicates whose numbers are points."""
_LISTED = ("无", "项", "个", "不", "条", "有")
"""What the number of a list stands before: “七无”, “三项否决”."""
_ALL = re.compile("全部|所有|一律|每个|每户|均|都")
"""Words for a share of 100%."""
_NUMBERS = ("whole", "decimal", "percent", "rank")
"""Types of items whose values are numbers."""


_Stated = tuple[Atom, list[Figure]]
"""A fact, and its figures."""


@frozen
class Said:
    """Words of the notice, the term of the rules that answers them, and where that is stated."""

    by: Term
    text: str
    at: str


def wrong_figures(
    policy: Policy, syntax: Syntax, quotations: Iterable[Said]
) -> Iterator[tuple[str, str, str]]:
    """Yield the place, and in Chinese and English what differs there.

    Numbers that an interpretation brings in are passed over: those of rules that wait for a switch
    which belongs to an interpretation, and those that `differs_by/2` names.
    """
    told: set[tuple[str, str]] = set()
    settings = (None, *switch_settings(policy))
    makers = _Makers(syntax, policy)
    found = [
        (setting, _Stating(stated(policy.files, (setting,) if setting else ()), makers, policy))
        for setting in settings
    ]
    (_, plain), *_ = found
    said_of = [(said, [f for _, s in found for f in s.settling(said)]) for said in quotations]
    for setting, stating in found:
        for said, settled in said_of:
            if stating is not plain and stating.answers(said) == plain.answers(said):
                continue
            for zh, en in stating.compared(said, settled):
                if (said.at, zh) not in told:
                    told.add((said.at, zh))
                    yield said.at, *_under(setting, zh, en)


def _under(setting: Setting | None, zh: str, en: str) -> tuple[str, str]:
    if setting is None:
        return zh, en
    return f"开关 {setting} 时，{zh}", f"with {setting}: {en}"


class _Makers:
    """The rules that make numbers, and what each of their arguments is."""

    def __init__(self, syntax: Syntax, policy: Policy) -> None:
        self.docs = {d.signature: d for d in syntax.docs}
        self.words = policy.switch_words.keys()
        self.by_name: dict[str, list[tuple[Atom, Rule]]] = defaultdict(list)
        for rule in syntax.rules:
            for head in rule.head:
                self.by_name[head.name].append((head, rule))
        self.is_settled = cache(self._is_settled)

    def _is_settled(self, atom: Atom) -> bool:
        """Whether a number comes by switches that interpretations settle."""
        waiting = [
            {c for b in rule.body if b.signature == "switch/2" for c in b.constants(0)}
            for head, rule in self.by_name[atom.name]
            if matches(head, atom)
        ]
        return bool(waiting) and all(w and w <= self.words for w in waiting)


class _Stating:
    """What the rules state without data, as far as it has figures."""

    def __init__(self, atoms: Iterable[Atom], makers: _Makers, policy: Policy) -> None:
        self.makers, self.policy = makers, policy
        self.of_clause: dict[Term, list[_Stated]] = defaultdict(list)
        self.by_name: dict[str, list[_Stated]] = defaultdict(list)
        self.lists: list[Atom] = []
        self.excuses: list[Term] = []
        stated_atoms = list(atoms)
        # their points are those of another clause, whose words have the numbers
        alike = {a.args[0].name for a in stated_atoms if a.name == "points_like"}
        for atom in stated_atoms:
            if atom.name in _POINTS and atom.args[0].name in alike:
                continue
            if atom.name == "list_of":
                self.lists.append(atom)
            elif atom.name == "differs_by":
                self.excuses.append(atom.args[0])
            elif atom.name == "asks_for":
                self.note(atom, [self.asked(atom)])
            elif atom.name in _POINTS:
                self.note(atom, list(_in_points(atom)))
            elif atom.name not in _WORDED | _DERIVED and any(t.kind == "num" for a in atom.args
                                                  for t in a.walk()):  # fmt: skip
                self.note(atom, in_atom(atom, makers.docs.get(atom.signature)))

    def note(self, atom: Atom, figures: list[Figure]) -> None:
        self.of_clause[atom.args[0]].append((atom, figures))
        self.by_name[atom.name].append((atom, figures))

    def asked(self, atom: Atom) -> Figure:
        """Return the figure of what a clause asks of the values that it measures."""
        names = [t.name for t in atom.args]
        asked = Asked(names[1], *map(int, names[2:]))
        way = None if asked.comparison == "within_years" else asked.comparison
        clause = self.policy.clauses[names[0]]
        text = asked_text(self.policy, clause, asked)
        item = compared_item(self.policy, clause)
        if asked.of is not None:
            return Figure("share", Fraction(asked.number, asked.of), way, text)
        if item is not None and item.type == "choice":
            label = {n: zh for n, zh, _ in item.choices.values()}.get(asked.number, text)
            return Figure("choice", Fraction(asked.number), way, label)
        if item is None or item.type not in _NUMBERS:
            return Figure("number", Fraction(asked.number), way, text)
        value = Fraction(asked.number, 10**item.places)
        if item.type == "percent":
            return Figure("share", value / 100, way, text)
        return Figure("number", value, way, text)

    def in_words(self, said: Said) -> list[Figure]:
        """Return the figures in words, with those before what a clause's values are counted in."""
        clause = None
        if said.by.name == "clause":
            clause = self.policy.clauses.get(said.by.args[0].name)
        made = [] if clause is None else self.policy.made_of(clause)
        back = any(p.years > 1 for c in made for p in c.prohibitions)
        measures = [names for c in made for names in c.measures]
        if back and not measures:
            return in_words(said.text, ("年",))
        if not measures:
            return in_words(said.text)
        items = [self.policy.item(n) for names in measures for n in names]
        items += [self.policy.inputs[n] for c in made for n in self.policy.items_of(c)]
        items += [t.item for c in made for t in self.policy.tallies_of(c)]
        units = {u for i in items if (u := i.unit[0])} | {"名"} | {"年"}
        # how many are the best: 前3名, 2个村, 5家
        units |= {
            w
            for c in made
            if c.id in self.policy.best
            for w in ("个", self.policy.measure_of([c.kind]))
        }
        rate = any(len(names) > 1 for names in measures)
        return in_words(said.text, tuple(sorted(units)), rate=rate)

    def compared(self, said: Said, settled: Sequence[Figure]) -> Iterator[tuple[str, str]]:
        """Yield what differs between words and the facts that answer them.

        The words may hold a number that a switch gives by an interpretation: `settled` are those
        of all its values.
        """
        if said.by.name == "list_of":
            counted = [evolve(w, kind="list", way=None) for w in in_words(said.text, _LISTED)]
            for atom in self.lists:
                if _names(said.by, atom) and said.text == fold(atom.args[2].name):
                    yield from differing(counted, [(_counted(atom), _shown(atom))])
            return
        facts = [
            (figure, _shown(atom))
            for atom, figures in self.answering(said)
            if not self.excused(atom) and not self.makers.is_settled(atom)
            for figure in figures
        ]
        words = self.in_words(said)
        words += _otherwise(said.text, words, list(dict.fromkeys(f for f, _ in facts)))
        if any(figure.kind == "count" for figure, _ in facts):
            words = list(map(_broken_from, words))
        if said.by.name == "clause" or facts:
            left = [w for w in words if w.kind != "list"]
            yield from differing(left, list(dict.fromkeys(facts)), settled)

    def settling(self, said: Said) -> list[Figure]:
        """Return the figures that answer words by a switch which an interpretation settles."""
        settled = self.makers.is_settled
        return [f for a, figures in self.answering(said) if settled(a) for f in figures]

    def answers(self, said: Said) -> object:
        """Return all that the words are compared with."""
        facts = self.lists if said.by.name == "list_of" else self.answering(said)
        return facts, self.excuses

    def answering(self, said: Said) -> list[_Stated]:
        by = said.by
        if by.name != "clause":
            return [(a, f) for a, f in self.by_name[by.name] if self.meant(by, a)]
        clause = self.policy.clauses.get(by.args[0].name)
        names = [c.id for c in self.policy.made_of(clause)] if clause else []
        terms = [by.args[0], *(Term("fun", name) for name in names[1:])]
        if by.args[0].constant is None:  # several clauses, stated at once
            every = (s for some in self.of_clause.values() for s in some)
            return [s for s in every if any(unify(s[0].args[0], t) for t in terms)]
        return [s for t in terms for s in self.of_clause[t]]

    def meant(self, by: Term, atom: Atom) -> bool:
        return by.name == atom.name and _names(by, atom)

    def excused(self, atom: Atom) -> bool:
        """Whether an interpretation says that this number is not one of the words."""
        return any(self.meant(t, atom) for t in self.excuses)


def _otherwise(text: str, words: Sequence[Figure], facts: Sequence[Figure]) -> list[Figure]:
    """Return the figures of facts that words say without a number: a choice by its name, a whole
    share, where they have no other, by a word for all."""
    plain = fold(text)
    found = [followed(plain, f) for f in facts if f.kind == "choice" and fold(f.text) in plain]
    whole = [f for f in facts if f.kind == "share" and f.value == 1]
    if whole and not any(w.kind == "share" for w in words) and (all_ := _ALL.search(plain)):
        found.append(evolve(whole[0], text=all_[0]))
    return found


def _broken_from(word: Figure) -> Figure:
    """Return how many break a prohibition, where words say how many are borne: fewer than 5, at
    most 4."""
    if word.kind != "count" or word.way not in ("below", "at_most"):
        return word
    return evolve(word, value=word.value + (word.way == "at_most"), way="at_least")


def _in_points(atom: Atom) -> Iterator[Figure]:
    """Yield the points of a fact as the words have them: so many added, or taken."""
    for term in atom.args:
        if term.kind == "num" and term.name != "0":
            number = term.name.removeprefix("-")
            yield Figure("number", Fraction(number), None, number)


def _counted(atom: Atom) -> Figure:
    return evolve(in_atom(atom, None)[0], kind="list", way=None)


def _names(term: Term, atom: Atom) -> bool:
    pairs = zip(term.args, atom.args, strict=False)
    return len(term.args) <= len(atom.args) and all(unify(t, a) for t, a in pairs)


def _shown(atom: Atom) -> str:
    return f"{atom.name}({','.join(map(_term, (a for a in atom.args if a.kind != 'str')))})"


def _term(term: Term) -> str:
    return f"{term.name}({','.join(map(_term, term.args))})" if term.args else term.name
