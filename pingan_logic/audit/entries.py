"""The ledger of a notice: its paragraphs, what answers them, and what is left over."""

from __future__ import annotations

from typing import Any

from attrs import frozen

from pingan_logic.errors import check_words
from pingan_logic.figures import SCHEMA
from pingan_logic.messages.audit import WORDS
from pingan_logic.shown import Answer

__all__ = [
    "AuditLedger",
    "Entry",
    "Orphan",
    "Paragraph",
    "RulePlace",
]


@frozen(order=True)
class RulePlace:
    """A rule at file:line with its text."""

    file: str
    line: int
    text: str


@frozen
class Entry:
    """A run of words of a paragraph and what answers it.

    `state` is rule, human, scope (out of scope), joining or orphan. `subject` names the clause or
    fact; `reason` (Chinese, English) says why no rule answers.
    """

    start: int
    text: str
    state: str
    subject: str = ""
    rules: tuple[RulePlace, ...] = ()
    tests: tuple[str, ...] = ()
    reason: tuple[str, str] = ("", "")


@frozen
class Paragraph:
    """A paragraph of the notice, its place and its entries in the order of the text."""

    place: str
    text: str
    entries: tuple[Entry, ...]


@frozen
class Orphan:
    """Something on one side without its counterpart on the other."""

    what: str
    zh: str
    en: str

    def words(self, lang: str = "zh") -> str:
        """Return the orphan as one line."""
        return f"{self.what}: {self.en}" if lang == "en" else f"{self.what}：{self.zh}"


@frozen(repr=False)
class AuditLedger(Answer[Paragraph]):
    """The whole ledger; `headings` are the titles of sections, by place."""

    policy: str
    title: str
    headings: dict[str, str]
    paragraphs: tuple[Paragraph, ...]
    orphans: tuple[Orphan, ...]

    @property
    def rows(self) -> tuple[Paragraph, ...]:
        """The paragraphs."""
        return self.paragraphs

    def name_of(self, row: Paragraph) -> str:
        """Return the place of a paragraph in the notice."""
        return row.place

    def about(self) -> str:
        """Return the policy, and how much stands alone."""
        return f"of {self.policy}, {len(self.orphans)} orphans"

    def text(self, lang: str = "zh") -> str:
        """Return what stands alone, and how much of the notice is answered in which way."""
        check_words(lang)
        states = {s: self.count(s) for s in ("rule", "human", "scope")}
        sizes = {"n": len(self.paragraphs), "orphans": len(self.orphans), **states}
        said = [o.words(lang) for o in self.orphans]
        return "\n".join([*said, WORDS[lang]["summary"].format(**sizes)]) + "\n"

    def to_dict(self, lang: str = "zh") -> dict[str, Any]:
        """Return the ledger as JSON values."""
        check_words(lang)
        return {
            "schema": SCHEMA,
            "policy": self.policy,
            "orphans": [
                {"what": o.what, "problem": o.en if lang == "en" else o.zh} for o in self.orphans
            ],
            "paragraphs": [
                {
                    "place": p.place,
                    "text": p.text,
                    "entries": [
                        {
                            "text": e.text,
                            "state": e.state,
                            "subject": e.subject,
                            "rules": [{"file": r.file, "line": r.line} for r in e.rules],
                            "tests": list(e.tests),
                            "reason": e.reason[lang == "en"],
                        }
                        for e in p.entries
                    ],
                }
                for p in self.paragraphs
            ],
        }

    def count(self, state: str) -> int:
        """Count the entries in a state."""
        return sum(e.state == state for p in self.paragraphs for e in p.entries)
