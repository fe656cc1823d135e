"""What clingo says while it reads and grounds rules, as problems of the rule files."""

from __future__ import annotations

from collections.abc import Mapping

import clingo
from attrs import evolve

from pingan_logic.errors import LimitError, PinganError, PolicyError, Problem
from pingan_logic.rules.templates import Expansion, once
from pingan_logic.solving.complaints import complaint

__all__ = ["Log"]


class Log:
    """What clingo says; `texts` are those of files that it was not given by their path, `expansion`
    what it was given first of all that is no file."""

    texts: Mapping[str, str]
    expansion: Expansion

    def __init__(
        self, texts: Mapping[str, str] | None = None, expansion: Expansion | None = None
    ) -> None:
        self.messages: list[str] = []
        self.texts = texts or {}
        self.expansion = expansion or Expansion()

    def __call__(self, code: clingo.MessageCode, message: str) -> None:
        # a policy need not derive all that is read; its own files are not named <block>
        if not (message.startswith("<block>") and "no atoms over signature" in message):
            self.messages.append(message)

    def problems(self) -> list[Problem]:
        """Return what was said, by file and line; of a template also for which clause."""
        found: list[Problem] = []
        several: list[Problem] = []
        for message in self.messages:
            told, instance = self.expansion.located(message)
            problem = complaint(told, self.texts)
            if problem is not None and instance is not None:
                of = f"{problem.place} {instance} {self.expansion.asked(instance)}"
                several.append(evolve(problem, place=of.rstrip()))
            elif problem is not None:
                found.append(problem)
        # the solver looks at a template itself as well, where no clause is known
        there = {p.place.partition(" ")[0] for p in several}
        return [*(p for p in found if p.place not in there), *once(several)]

    def refusal(self, error: Exception) -> PinganError:
        """Return the error to raise when the solver gave up."""
        if isinstance(error, MemoryError):
            return LimitError.memory()
        failed = Problem("clingo", "求解失败", f"solving failed: {error}")
        return PolicyError(self.problems() or [failed])
