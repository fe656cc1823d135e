"""One run: checked facts through the solver to an assessment."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from pathlib import Path

import attrs

from pingan_logic.errors import Problem, RequestError
from pingan_logic.intake.validation import check_facts
from pingan_logic.model import Facts, Unit
from pingan_logic.policy.catalogue import Policy
from pingan_logic.solving.engine import Outcome, load_policy, solve
from pingan_logic.verdicts import Assessment

__all__ = ["evaluate"]


def evaluate(
    facts: Facts,
    policy: Policy | str | Path | None = None,
    year: int | None = None,
    *,
    as_of: date | None = None,
) -> Assessment:
    """Judge every unit of `facts` for `year` (default: the latest year in the data).

    `as_of` is the last day the data speaks of; before the end of the year the result is
    preliminary (预评) and can fail but not finally meet. A year that is not over is cut off today.
    Raises InputError, PolicyError or RequestError.
    """
    if not isinstance(policy, Policy):
        policy = load_policy(policy)
    facts = check_facts(facts, policy)
    years = facts.years()
    notices: list[tuple[str, str]] = []
    if year is None:
        if years:
            year = years[-1]
        elif policy.default_year is not None:
            year = policy.default_year
            notices.append(("no_year", str(year)))
        else:
            raise RequestError(
                [Problem("--year", "数据中没有年度,请指定", "the data names no year; give one")]
            )
    today = date.today()
    if not 1949 <= year <= today.year:
        raise RequestError(
            [
                Problem(
                    "--year",
                    f"年份应在 1949 至 {today.year} 之间",
                    f"expected a year from 1949 to {today.year}",
                    str(year),
                    str(years[-1]) if years else None,
                )
            ]
        )
    if years and year not in years:
        notices.append(("no_data", str(year)))
    cut_off = min(as_of or today, today, date(year, 12, 31))
    outcome = solve(facts, policy, year, cut_off)
    units = {u.id: _on_the_day(u, outcome) for u in facts.units}
    children: dict[str, list[str]] = defaultdict(list)
    for u in units.values():
        if u.parent and u.id not in outcome.absent:
            children[u.parent].append(u.id)
    if not any(ledger.year == year for ledger in facts.ledgers):
        notices.append(("no_ledgers", str(year)))
    if cut_off < date(year, 12, 31):
        notices.append(("preliminary", cut_off.isoformat()))
    return Assessment(
        facts,
        policy,
        year,
        cut_off,
        outcome,
        (*notices, *outcome.notices),
        units,
        dict(children),
        {i.id: i for i in facts.incidents},
    )


def _on_the_day(unit: Unit, outcome: Outcome) -> Unit:
    """Return the unit under the name and in the container of the day of judgement."""
    if unit.id in outcome.relocated:
        unit = attrs.evolve(unit, parent=outcome.relocated[unit.id])
    if unit.id in outcome.named:
        unit = attrs.evolve(unit, name=outcome.named[unit.id])
    return unit
