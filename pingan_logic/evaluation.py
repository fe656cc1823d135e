"""One run: checked facts through the solver to an assessment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache, partial
from pathlib import Path

from attrs import evolve

from pingan_logic.arguments import a_day, a_year, facts_of
from pingan_logic.bound import bound
from pingan_logic.catalogue import Policy
from pingan_logic.errors import Problem, RequestError
from pingan_logic.intake.periods import no_period
from pingan_logic.intake.validation import check_facts
from pingan_logic.judging.classes import classes
from pingan_logic.judging.every_unit import Later, for_every_unit
from pingan_logic.memory import without_collector
from pingan_logic.model import Facts
from pingan_logic.rules.find import base_folder
from pingan_logic.solving.judge import solve
from pingan_logic.solving.load_policy import as_policy
from pingan_logic.solving.slices import knows_contents, slice_facts
from pingan_logic.verdicts import Assessment, no_such_unit

__all__ = ["at_end", "evaluate"]


@without_collector()
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
    shares: bool = True,
) -> Assessment:
    """Judge every unit of `facts` for `year`, as `pingan_logic.evaluate` says, which is this.

    Raises InputError, PolicyError or RequestError.
    """
    facts, policy = check_facts(facts_of(facts), rules := as_policy(policy)), rules
    year, as_of = a_year(year), a_day(as_of)
    period = policy.period
    years = facts.years(period)
    notices: list[tuple[str, str]] = []
    if year is None:
        if years:
            year = years[-1]
        elif policy.default_year is not None:
            year = policy.default_year
            notices.append(("no_year", str(year)))
        else:
            raise RequestError(
                [Problem("--year", "数据中没有年度，请指定", "the data names no year; give one")]
            )
    today = date.today()
    latest = period.of(today)
    if not 1949 <= year <= latest:
        raise RequestError(
            [
                Problem(
                    "--year",
                    f"年份应在1949至{latest}之间",
                    f"expected a year from 1949 to {latest}",
                    str(year),
                    str(years[-1]) if years else None,
                )
            ]
        )
    if not period.is_called(year):
        raise RequestError([no_period("--year", period, year)])
    if years and year not in years:
        notices.append(("no_data", str(year)))
    ends = period.ends(year)
    cut_off = min(as_of or today, today, ends)
    if year not in facts.ledgers.column("year"):
        notices.append(("no_ledgers", str(year)))
    notices += (("no_results", item) for item in _without_results(facts, policy, year, years))
    ahead = at_year_end and cut_off < ends
    if cut_off < ends:
        notices.append(("preliminary", cut_off.isoformat()))
    merging = grouped and not policy.proof.distinctions
    if grouped:
        notices += (("tells_apart", place) for place in _apart(policy))
    if unit is not None and (not isinstance(unit, str) or unit not in facts.rows):
        raise RequestError([no_such_unit(str(unit), facts.rows)])
    # what the unit contains is looked for in its part where the whole was not gone through yet
    known = knows_contents(facts)
    part = facts if unit is None else slice_facts(facts, policy, unit)
    wishes = {"shares": shares, "attainment": attainment, "year_end": ahead}
    asked = [name for name, wish in wishes.items() if wish]
    made = None
    if merging:
        made = classes(part, policy, year, cut_off, numbers=numbers, totals=attainment)
    run = partial(
        solve, part if made is None else made.facts, policy, year, cut_off,
        beside=None if made is None else made.atoms,
    )  # fmt: skip
    outcome = run(asked=asked)
    if not shares:
        told = cache(partial(run, asked=["shares", *asked]))
        outcome = evolve(
            outcome, shares=Later(lambda: told().shares), amounts=Later(lambda: told().amounts)
        )
    if made is not None:
        outcome = for_every_unit(outcome, made)
    answered: type[Assessment] = bound("assessment")
    found = answered(
        facts if known else part, policy, year, cut_off, outcome, tuple(notices), ahead
    )
    return found if unit is None else evolve(found.only(unit), facts=facts)


def _without_results(
    facts: Facts, policy: Policy, year: int, years: Sequence[int]
) -> Iterator[str]:
    """Yield the items that hold results of the period before and are not recorded, though the data
    holds that period."""
    if not policy.result_items or year - policy.period.years not in years:
        return
    items, of = facts.values.column("item"), facts.values.column("year")
    recorded = {i for i, y in zip(items, of, strict=True) if y == year}
    yield from (i.id for i in policy.result_items if i.id not in recorded)


def _apart(policy: Policy) -> list[str]:
    """Return where rules of a policy itself tell units apart; of shared ones only that they do."""
    places = [p.place for p in policy.proof.distinctions]
    if not places:
        return []
    shared = {p.name for p in base_folder().glob("*.lp")}
    shared -= {p.name for p in policy.folder.glob("*.lp")}
    return [p for p in places if p.partition(":")[0] not in shared] or [""]


def at_end(assessment: Assessment) -> Assessment:
    """Return how things stand on the last day if nothing new happens: the assessment itself where
    the year is over."""
    a = assessment
    if not a.preliminary or a.at_year_end:
        return a
    if "at_end" not in a.memo:
        units = a.outcome.groups.units
        alone = None if len(units) == len(a.facts.units) else units[0]
        a.memo["at_end"] = evaluate(
            a.facts, a.policy, a.year, as_of=a.cut_off, unit=alone, at_year_end=True
        )
    found: Assessment = a.memo["at_end"]
    return found
