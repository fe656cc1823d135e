"""What units came to in a period that is over, as values that the next one looks back on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from attrs import evolve, frozen

from pingan_logic.catalogue import Policy
from pingan_logic.errors import Problem, RequestError
from pingan_logic.evaluation import evaluate
from pingan_logic.inputs import Input
from pingan_logic.model import Facts, Value
from pingan_logic.verdicts import Assessment, Line

__all__ = ["ItemResults", "ResultsBefore", "results_before"]


@frozen
class ItemResults:
    """The values of one item that records the result of the period before.

    Those that the data `stated` already stand; the others are `computed`, and units that are
    undetermined stay `open`. Of the `differing` each is stated with another value than the judged.
    """

    item: Input
    stated: tuple[Value, ...]
    computed: tuple[Value, ...]
    open: tuple[str, ...]
    differing: tuple[tuple[Value, Value], ...]


@frozen
class ResultsBefore:
    """What was judged, and what the items record of it in the period that follows: the year
    `recorded_in`. Nothing while the period judged is not over."""

    assessment: Assessment
    recorded_in: int
    of_items: tuple[ItemResults, ...]

    @property
    def values(self) -> list[Value]:
        """The rows of the table of values, what was stated first."""
        return [v for r in self.of_items for v in (*r.stated, *r.computed)]


def results_before(facts: Facts, policy: Policy, year: int | None = None) -> ResultsBefore:
    """Judge `facts` for `year`, by default the latest of which they record more than results of the
    period before it, and return what units came to.

    Raises RequestError when no item of the policy records that, and as `evaluate` does.
    """
    items = policy.result_items
    if not items:
        zh = "规则没有看上期结果的条款，不写年度"
        en = "no clause of these rules looks at the period before: give no year"
        raise RequestError([Problem("--year", zh, en, policy.name)])
    a = evaluate(facts, policy, _year_of(facts, policy) if year is None else year, shares=False)
    then = a.year + policy.period.years
    stated = [v for v in facts.values if v.year == then]
    found = tuple(_of_item(a, i, then, [v for v in stated if v.item == i.id]) for i in items)
    return ResultsBefore(a, then, found)


def _year_of(facts: Facts, policy: Policy) -> int | None:
    """Return the latest year of the data. A result is recorded in the period after its own, and
    says nothing of which one the data is about."""
    own = [n for n, i in enumerate(facts.values.column("item")) if not policy.inputs[i].result]
    years = evolve(facts, values=facts.values.take(own)).years(policy.period)
    return years[-1] if years else None


def _of_item(a: Assessment, item: Input, then: int, stated: list[Value]) -> ItemResults:
    said = {v.unit: v for v in stated}
    judged = dict(_judged(a, item)) if not a.preliminary else {}
    values = {u: Value(u, item.id, then, v) for u, v in judged.items() if v is not None}
    return ItemResults(
        item,
        tuple(stated),
        tuple(v for u, v in values.items() if u not in said),
        tuple(u for u, v in judged.items() if v is None and u not in said),
        tuple((s, v) for u, s in said.items() if (v := values.get(u)) is not None and v != s),
    )


def _judged(a: Assessment, item: Input) -> Iterator[tuple[str, Any]]:
    """Yield the units of which an item is recorded, each with the value of what it came to; None
    while that is open."""
    for unit, _, line in a.lines():
        if line.kind in item.kinds:
            number = _number(a.policy, item, line)
            yield unit, None if number is None else item.value(number)


def _number(policy: Policy, item: Input, line: Line) -> int | None:
    """Return what a unit came to: 1 for met, or the rank of its level, 0 for neither; None while it
    is undetermined, or a higher level is."""
    at = line.levels
    if item.type == "yes_no" or at is None:
        return {"met": 1, "failed": 0}.get(line.status.value)
    if at.open:
        return None
    if at.reached is None:
        return 0
    return policy.levels[policy.level_of[at.reached]].index(at.reached) + 1
