"""What the words of a notice ask for and no fact states: lists that it counts, English words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pingan_logic.rules.notice import fold
from pingan_logic.rules.numbers import in_words
from pingan_logic.rules.quotations import quoted_by, strings
from pingan_logic.rules.syntax import Atom, Rule, Syntax, Term, matches

__all__ = ["Unstated", "unstated"]

Unstated = tuple[str, int, int, str, str]
"""File, line and column of the clause that lacks something, and what, in Chinese and English."""

_FEW = range(2, 100)
"""How many items a list of a notice may have: “万无一失” counts nothing."""


def unstated(syntax: Syntax, paragraphs: Mapping[str, str]) -> Iterator[Unstated]:
    """Yield what the clauses lack; `paragraphs` are the words at each place of the notice."""
    yield from _lists(syntax, paragraphs)
    yield from _english(syntax)


def _clauses(syntax: Syntax) -> Iterator[tuple[Rule, Atom]]:
    return (
        (rule, head) for rule in syntax.rules for head in rule.head if head.signature == "clause/4"
    )


def _lists(syntax: Syntax, paragraphs: Mapping[str, str]) -> Iterator[Unstated]:
    """Yield the lists that the notice counts where clauses stand, such as “八无”, and nothing
    quotes: without their fact nobody counts the clauses."""
    quoted = [(q.place, q.text) for q in quoted_by(syntax)]
    # words of a list that the place does not have are wrong ones, which the audit compares
    wrong = {
        q.place
        for q in quoted_by(syntax)
        if q.by.name == "list_of" and q.text not in paragraphs.get(q.place, "")
    }
    # what joins, such as “以上三无：”, answers for itself
    joining = [fold(w) for w in _texts(syntax, "connective/1")]
    told: set[tuple[str, str]] = set()
    for rule, clause in _clauses(syntax):
        for place in map(fold, strings(clause.args[2])):
            for figure in in_words(paragraphs.get(place, "")):
                words = figure.text
                if figure.kind != "list" or figure.value not in _FEW or place in wrong:
                    continue
                answered = any(at == place and words in text for at, text in quoted)
                if answered or (place, words) in told or any(words in t for t in joining):
                    continue
                told.add((place, words))
                fact = f'list_of({clause.args[1].name}, "{place}", "{words}", {figure.value})'
                yield (
                    rule.file, clause.line, clause.column,
                    f"通知 {place} 写有“{words}”，没有事实回答：被删去或写错了？应有 `{fact}`",
                    f'the notice says "{words}" at "{place}" and no fact answers it: was it '
                    f"deleted or misspelt? Expected `{fact}`",
                )  # fmt: skip


def _texts(syntax: Syntax, signature: str) -> Iterator[str]:
    for rule in syntax.rules:
        for head in rule.head:
            if head.signature == signature:
                yield from strings(head.args[0])


def _english(syntax: Syntax) -> Iterator[Unstated]:
    """Yield clauses without English words in a policy that has those of other clauses."""
    given = [h for rule in syntax.rules for h in rule.head if h.signature == "english/2"]
    for rule, clause in _clauses(syntax) if given else ():
        for name in clause.constants(0):
            wanted = Atom("english", (Term("fun", name), Term("var", "V")), 0, 0)
            if not any(matches(head, wanted) for head in given):
                yield (
                    rule.file, clause.line, clause.column,
                    f"条款 `{name}` 没有英文，别的条款有：被删去或写错了？"
                    f"应有 `english({name}, …)`",
                    f"clause `{name}` has no English words, others have: were they deleted or "
                    f"misspelt? Expected `english({name}, …)`",
                )  # fmt: skip
