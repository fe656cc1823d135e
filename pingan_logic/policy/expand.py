"""A policy as one program in plain clingo: its rule files, and its templates written out."""

from __future__ import annotations

from typing import Any

from attrs import frozen

from pingan_logic.catalogue import Policy
from pingan_logic.errors import check_words
from pingan_logic.figures import SCHEMA
from pingan_logic.rules.templates import plain
from pingan_logic.shown import Answer
from pingan_logic.solving.program import expansion

__all__ = ["Expanded", "expand"]


@frozen(repr=False)
class Expanded(Answer[str]):
    """The pieces of the program: of each file what is no template, then what is written out of the
    templates, each under a line that says where it is from."""

    policy: Policy
    pieces: tuple[tuple[str, str], ...]

    @property
    def rows(self) -> tuple[str, ...]:
        """The pieces, each with the line above it."""
        return tuple(f"% {name}\n{text.strip()}\n" for name, text in self.pieces)

    def name_of(self, row: str) -> str:
        """Return where a piece is from."""
        return row.partition("\n")[0].removeprefix("% ")

    def about(self) -> str:
        """Return the policy."""
        return f"of {self.policy.name}"

    def text(self, lang: str = "zh") -> str:
        """Return the program."""
        check_words(lang)
        return "\n".join(self.rows)

    def to_dict(self, lang: str = "zh") -> dict[str, Any]:
        """Return the program as JSON values."""
        return {
            "schema": SCHEMA,
            "policy": self.policy.name,
            "version": self.policy.version,
            "program": self.text(lang),
        }


def expand(policy: Policy) -> Expanded:
    """Return the program of a policy, as `clingo` runs it with the facts of some data beside it."""
    pieces = [(p.name, plain(p.read_text(encoding="utf-8-sig"))) for p in policy.files]
    made = expansion(policy.files)
    for instance in made.instances:
        place = f"{instance.template.path.name}:{instance.template.line}"
        pieces.append((f"{place} {instance} {made.asked(instance)}".rstrip(), instance.text))
    return Expanded(policy, tuple(pieces))
