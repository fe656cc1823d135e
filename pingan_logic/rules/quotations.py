"""Where rules quote the notice."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from pingan_logic.rules.notice import fold
from pingan_logic.rules.syntax import Syntax, Term

__all__ = ["Quotation", "quoted_by", "strings"]


@frozen
class Quotation:
    """Words quoted at a place, by what, and where that stands in the rule files."""

    by: Term
    place: str
    text: str
    state: str
    at: str
    reason: tuple[str, str] = ("", "")


def strings(term: Term) -> tuple[str, ...]:
    """Return the texts in a term."""
    choices = term.args if term.kind == "pool" else (term,)
    return tuple(t.name for t in choices if t.kind == "str")


def quoted_by(syntax: Syntax) -> Iterator[Quotation]:
    """Yield what the facts of the rules quote."""
    for rule in syntax.rules:
        at = f"{rule.file}:{rule.line}"
        for atom in rule.head:
            a = atom.args
            if atom.signature == "clause/4":
                by = Term("fun", "clause", (a[0],))
                for place in strings(a[2]):
                    yield Quotation(by, fold(place), fold(a[3].name), "rule", at)
            elif atom.signature == "list_of/4":
                by = Term("fun", "list_of", (a[0],))
                for place in strings(a[1]):
                    yield Quotation(by, fold(place), fold(a[2].name), "rule", at)
            elif atom.signature == "answers_text/3":
                for place in strings(a[1]):
                    yield Quotation(a[0], fold(place), fold(a[2].name), "rule", at)
            elif atom.signature in ("human_judgement/4", "out_of_scope/4"):
                state = "human" if atom.name == "human_judgement" else "scope"
                for place in strings(a[0]):
                    why = (a[2].name, a[3].name)
                    by = Term("fun", atom.name)
                    yield Quotation(by, fold(place), fold(a[1].name), state, at, why)
