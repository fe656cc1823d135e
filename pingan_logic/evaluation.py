"""One run: checked facts through the solver to an assessment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from pathlib import Path

from pingan_logic.errors import Problem, RequestError
from pingan_logic.intake.validation import check_facts
from pingan_logic.memory import steady
from pingan_logic.model import Facts
from pingan_logic.policy.catalogue import Policy
from pingan_logic.solving.engine import load_policy, solve
from pingan_logic.solving.grouping import Groups, reduced, ungrouped
from pingan_logic.solving.parts import FEW, solve_in_parts
from pingan_logic.solving.slices import slice_facts
from pingan_logic.verdicts import Assessment, no_such_unit

__all__ = ["evaluate"]


@steady()
def evaluate(
    facts: Facts,
    policy: Policy | str | Path | None = None,
    year: int | None = None,
    *,
    as_of: date | None = None,
    unit: str | None = None,
    grouped: bool = True,
    attainment: bool = False,
    numbers: Mapping[str, int] | None = None,
    at_year_end: bool = False,
    workers: int | None = None,
) -> Assessment:
    """Judge every unit of `facts` for `year` (default: the latest year in the data).

    With `unit`, only that unit and what it contains are judged, from the part of the data they
    rest on. Units that no rule can tell apart are judged once for all of them; `grouped=False`
    judges each by itself, with the same results. `attainment` counts what `programme` needs too.

    `numbers` says for how many units alike, not in `facts`, some of them stand; `workers` is in
    how many processes a large county is judged at most (default: one a processor).

    `as_of` is the last day the data speaks of; before the end of the year the result is
    preliminary (预评) and can fail but not finally meet. A year that is not over is cut off today.
    `at_year_end` asks how it stands on 31 December if nothing new happens until then: see
    `Assessment.assumes`.
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
    if year not in facts.ledgers.column("year"):
        notices.append(("no_ledgers", str(year)))
    ahead = at_year_end and cut_off < date(year, 12, 31)
    if cut_off < date(year, 12, 31):
        notices.append(("preliminary", cut_off.isoformat()))
    notices += (("tells_apart", p.place) for p in policy.distinctions if grouped)
    judged, groups = (
        reduced(facts) if grouped and not policy.distinctions else (facts, ungrouped(facts))
    )
    if numbers:
        groups = Groups(groups.units, groups.stands, numbers)
    if unit is not None:
        if unit not in facts.rows:
            raise RequestError([no_such_unit(unit, facts.rows)])
        judged = slice_facts(judged, policy, groups.standing[unit])
    ids = judged.units.column("id")
    sizes = {u: groups.sizes[u] for u in ids if groups.sizes[u] > 1}
    asked = [name for name, wish in (("attainment", attainment), ("year_end", ahead)) if wish]
    divided = grouped and not asked and not policy.distinctions and not policy.elsewhere
    meanwhile = None if unit else lambda: facts.ordered
    run = (
        partial(solve_in_parts, workers=workers)
        if divided and len(judged.units) > FEW
        else partial(solve, asked=asked)
    )
    outcome = run(judged, policy, year, cut_off, numbers=sizes, meanwhile=meanwhile)
    outcome = outcome.of_all(groups, once=unit is None)
    found = Assessment(facts, policy, year, cut_off, outcome, tuple(notices), ahead)
    return found if unit is None else found.only(unit)
