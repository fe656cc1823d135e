"""What checking data found, as JSON: of the command `check` and of the service."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from attrs import frozen

from pingan_logic.catalogue import Policy
from pingan_logic.errors import InputError, Problem, check_words
from pingan_logic.evaluation import evaluate
from pingan_logic.explain import notices_text
from pingan_logic.figures import SCHEMA
from pingan_logic.intake.source import CellPlace, column_letters
from pingan_logic.model import Facts
from pingan_logic.questions.rollover import Gap
from pingan_logic.shown import Answer
from pingan_logic.verdicts import Assessment

__all__ = ["Checked", "checked"]


@frozen(repr=False)
class Checked(Answer[Problem]):
    """What checking data found: its `facts`, or what they were `refused` for.

    `judged` is their latest year, for what is to be said of how it is recorded; `since` are the
    gaps to other data, None when it was compared with none.
    """

    facts: Facts | None
    refused: InputError | None = None
    judged: Assessment | None = None
    since: tuple[Gap, ...] | None = None

    @property
    def ok(self) -> bool:
        """Whether the data can be used."""
        return self.facts is not None

    @property
    def rows(self) -> tuple[Problem, ...]:
        """The problems."""
        return self.refused.problems if self.refused else ()

    @property
    def notices(self) -> tuple[tuple[str, str], ...]:
        """What is said of how the data is recorded: names, each with what it is about."""
        known = self.judged.policy.said_by_check if self.judged else ()
        return tuple((n, x) for n, x in (self.judged.notices if self.judged else ()) if n in known)

    def name_of(self, row: Problem) -> str:
        """Return the place of a problem."""
        return row.place

    def about(self) -> str:
        """Return whether the data can be used."""
        return "ok" if self.ok else "refused"

    def text(self, lang: str = "zh") -> str:
        """Return the problems and notices, a line each."""
        check_words(lang)
        said = self.refused.lines(lang) if self.refused else []
        if self.judged is not None:
            said += notices_text(self.judged, lang, only=self.judged.policy.said_by_check)
        return "\n".join([*said, ""])

    def to_dict(self, lang: str = "zh") -> dict[str, Any]:
        """Return what was found as JSON values."""
        check_words(lang)
        facts, refused = self.facts, self.refused
        gaps = {} if self.since is None else {"since": [gap.to_dict() for gap in self.since]}
        return {
            "schema": SCHEMA,
            "ok": self.ok,
            "problems": [_problem(p, lang) for p in self.rows],
            "more_problems": refused.more if refused else 0,
            "rows": {} if facts is None else facts.sizes(),
            "notices": [{"notice": n, "id": x} for n, x in self.notices],
            **gaps,
        }


def checked(read: Callable[[], Facts], rules: Policy) -> Checked:
    """Return what comes of reading some data: InputError is caught, other errors are raised."""
    try:
        facts = read()
    except InputError as error:
        return Checked(None, error)
    known = facts.units and (facts.years() or rules.default_year is not None)
    return Checked(facts, judged=evaluate(facts, rules) if known else None)


def _problem(problem: Problem, lang: str) -> dict[str, Any]:
    place = problem.place
    out: dict[str, Any] = {"place": problem.where(lang)}
    if isinstance(place, CellPlace):
        out |= {"sheet": place.sheet, "row": place.row}
        if place.column:
            out["cell"] = f"{column_letters(place.column)}{place.row}"
    return out | {
        "problem": problem.wrong(lang),
        "found": problem.found,
        "nearest": problem.nearest,
    }
