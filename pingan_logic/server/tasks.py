"""What worker processes do: one question in, one answer as plain values out.

Runs in processes that are recycled, because the solver never frees its symbols.
"""

from __future__ import annotations

from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

from attrs import frozen

from pingan_logic.errors import InputError, PinganError, PolicyError, Problem, RequestError
from pingan_logic.evaluation import evaluate
from pingan_logic.intake import load_facts, read_document
from pingan_logic.model import Facts
from pingan_logic.policy.catalogue import Policy
from pingan_logic.policy.settings import parse_setting
from pingan_logic.programme import programme
from pingan_logic.reasoning.comparison import change_facts, compare, each_switch, policy_with
from pingan_logic.reasoning.margins import find_margin
from pingan_logic.reasoning.missing import find_missing
from pingan_logic.reasoning.remedies import find_remedy
from pingan_logic.reports.write import check_target
from pingan_logic.search import find_unit
from pingan_logic.solving.engine import load_policy
from pingan_logic.solving.slices import slice_facts
from pingan_logic.verdicts import Assessment

__all__ = ["Failure", "Question", "answer", "assess_county", "failure_of", "report_page"]


@frozen
class Question:
    """A question to a worker.

    `kind` is evaluate, explain, fix, margin, missing, whatif or switches; `facts` is the document
    sent along, or None for the county that is served from `county`.
    """

    kind: str
    policy: str | None
    county: str | None
    facts: dict[str, Any] | None
    unit: str | None
    year: int | None
    lang: str
    options: dict[str, Any]


@frozen
class Failure:
    """An error as plain values: `kind` is input, policy, missing or request."""

    kind: str
    title: tuple[str, str]
    problems: tuple[Problem, ...]


_loaded: dict[tuple[str | None, str | None], tuple[Policy, Facts | None]] = {}


def _load(policy: str | None, county: str | None) -> tuple[Policy, Facts | None]:
    """Read policy and county once for each worker."""
    key = (policy, county)
    if key not in _loaded:
        rules = load_policy(policy)
        _loaded[key] = rules, load_facts(county, rules) if county is not None else None
    return _loaded[key]


def failure_of(error: PinganError) -> Failure:
    """Return an error as plain values; a unit that is not there is `missing`."""
    kind = "request"
    if isinstance(error, InputError):
        kind = "input"
    elif isinstance(error, PolicyError):
        kind = "policy"
    elif isinstance(error, RequestError) and any(p.place == "UNIT" for p in error.problems):
        kind = "missing"
    return Failure(kind, (error.title_zh, error.title_en), error.problems)


def assess_county(policy: str | None, county: str, year: int | None) -> Assessment | Failure:
    """Judge the served county."""
    try:
        rules, facts = _load(policy, county)
        assert facts is not None
        return evaluate(facts, rules, year)
    except PinganError as error:
        return failure_of(error)


def report_page(policy: str | None, county: str, year: int | None, lang: str) -> bytes | Failure:
    """Make the report of the served county as a page."""
    try:
        module = check_target("report.html")
        rules, facts = _load(policy, county)
        assert facts is not None
        page: bytes = import_module(f"pingan_logic.reports.{module}").render(
            programme(facts, rules, year), lang
        )
        return page
    except PinganError as error:
        return failure_of(error)


def answer(question: Question) -> dict[str, Any] | Failure:
    """Answer one question; an error that the question causes comes back as a Failure."""
    try:
        return _answer(question)
    except PinganError as error:
        return failure_of(error)


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise RequestError(
            [Problem("as_of", "应为日期,如 2014-06-30", "expected a date", text)]
        ) from None


def _answer(q: Question) -> dict[str, Any]:
    policy, served = _load(q.policy, q.county if q.facts is None else None)
    if q.facts is not None:
        facts = read_document(q.facts, "facts", policy)
    elif served is not None:
        facts = served
    else:
        raise RequestError([Problem("facts", "请随请求发送数据", "send the data along")])
    day = _day(q.options.get("as_of"))
    if q.kind in ("whatif", "switches"):
        return _compare(q, facts, policy, day)
    year = q.year
    unit = ""
    if q.unit is not None:
        unit = find_unit(facts, q.unit).id
        if year is None and facts.years():
            year = facts.years()[-1]
        facts = slice_facts(facts, policy, unit)
    result = evaluate(facts, policy, year, as_of=day)
    if q.kind == "evaluate":
        return result.to_dict(q.options.get("kind"), q.options.get("status"))
    if q.kind == "explain":
        return result.explain(unit).to_dict(q.lang, every=bool(q.options.get("all")))
    if q.kind == "fix":
        limit = float(q.options.get("time_limit") or 20)
        count = int(q.options.get("alternatives") or 1)
        return find_remedy(result, unit, count, limit).to_dict(result, q.lang)
    if q.kind == "margin":
        return find_margin(result, unit).to_dict(result)
    return find_missing(result, unit).to_dict(result)


def _compare(q: Question, facts: Facts, policy: Policy, day: date | None) -> dict[str, Any]:
    settings = [parse_setting(s, policy) for s in q.options.get("set", ())]
    if q.kind == "switches":
        base = policy_with(policy, settings) if settings else policy
        effects = each_switch(facts, base, q.year, day)
        return {"schema": 1, "switches": [e.to_dict() for e in effects]}
    other = policy_with(policy, settings) if settings else policy
    change = {k: q.options[k] for k in ("add", "remove") if q.options.get(k)}
    changed = change_facts(facts, change, other, "change") if change else facts
    before = evaluate(facts, policy, q.year, as_of=day)
    year_b = q.options.get("year_b") or before.year
    after = evaluate(changed, other, year_b, as_of=day)
    name = Path(q.county).name if q.county and q.facts is None else "facts"
    said = " ".join(map(str, settings))
    return {
        "schema": 1,
        "before": f"{policy.name} {name} {before.year}",
        "after": f"{other.name} {name} {after.year} {said}".strip(),
        **compare(before, after).to_dict(),
    }
