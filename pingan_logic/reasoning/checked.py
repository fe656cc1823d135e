"""What checking data found, as JSON: of the command `check` and of the service."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pingan_logic.errors import InputError, Problem
from pingan_logic.evaluation import evaluate
from pingan_logic.intake.source import CellPlace, column_letters
from pingan_logic.model import TABLES, Facts
from pingan_logic.policy.catalogue import Policy
from pingan_logic.reasoning.rollover import Gap
from pingan_logic.verdicts import Assessment

__all__ = ["checked_document", "judged_for_check"]


def judged_for_check(facts: Facts | None, rules: Policy) -> Assessment | None:
    """Judge the latest year of the data, for what is to be said of how it is recorded."""
    if facts is None or not facts.units:
        return None
    return evaluate(facts, rules) if facts.years() or rules.default_year is not None else None


def checked_document(
    refused: InputError | None,
    judged: Assessment | None,
    facts: Facts | None,
    lang: str,
    since: Sequence[Gap] | None = None,
) -> dict[str, Any]:
    """Return the problems that data was `refused` for, or how many rows its `facts` have and what
    is said of how it is recorded once it is `judged`; `since` are the gaps to other data."""
    said = judged.notices if judged else ()
    known = judged.policy.said_by_check if judged else ()
    return {
        "schema": 1,
        "ok": facts is not None,
        "problems": [_problem(p, lang) for p in refused.problems] if refused else [],
        "more_problems": refused.more if refused else 0,
        "rows": {} if facts is None else {t: len(getattr(facts, t)) for t in TABLES},
        "notices": [{"notice": n, "id": x} for n, x in said if n in known],
        **({} if since is None else {"since": [gap.to_dict() for gap in since]}),
    }


def _problem(problem: Problem, lang: str) -> dict[str, Any]:
    place = problem.place
    out: dict[str, Any] = {"place": problem.where(lang)}
    if isinstance(place, CellPlace):
        out |= {"sheet": place.sheet, "row": place.row}
        if place.column:
            out["cell"] = f"{column_letters(place.column)}{place.row}"
    text = problem.en if lang == "en" else problem.zh
    return out | {"problem": text, "found": problem.found, "nearest": problem.nearest}
