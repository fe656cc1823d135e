"""What an assessment says, as rows of the answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

import pyarrow as pa

from pingan_logic.memory import Once
from pingan_logic.order import in_order
from pingan_logic.solving.grouping import of_judged
from pingan_logic.spark.answers import Row
from pingan_logic.verdicts import Assessment, Finding, Status

__all__ = ["OutputRows", "Reasons"]

Reasons = Literal["all", "against"]
"""Which findings are wanted: all, or those that keep a unit from being met."""


class OutputRows:
    """What an assessment says of every unit, also of those for which another was judged."""

    result: Assessment
    stand_ins: Mapping[str, Any]

    def __init__(self, result: Assessment, stand_ins: Mapping[str, pa.Array]) -> None:
        self.result, self.stand_ins = result, stand_ins

    def everyone(self, unit: str) -> Sequence[str]:
        """Return the units for which a unit of the facts stands."""
        return self.stand_ins[unit].to_pylist() if unit in self.stand_ins else (unit,)

    def verdicts(self) -> Iterator[Row]:
        """Yield every unit by each standard; one not judged has no standard and no status."""
        units, found = self.result.facts.units, of_judged(self.result.outcome.verdicts)
        said = Once[Any, Any](lambda one: sorted(found[one].items()) if one in found else _NOTHING)
        judged = map(said.__getitem__, self._stands())
        rows = zip(units.column("id"), units.column("kind"), judged, strict=True)
        for unit, kind, standards in rows:
            for one in self.everyone(unit):
                for standard, status in standards:
                    yield one, kind, standard, status

    def findings(self, reasons: Reasons) -> Iterator[Row]:
        """Yield the findings of every unit: worked out once for units alike in one container, as
        each would have them in the place of another."""
        result, facts = self.result, self.result.facts
        alone = {*facts.units.column("parent"), *result.outcome.relocated}
        alone.update(facts.incidents.column("unit"), facts.incidents.column("responsible_unit"))
        verdicts = of_judged(result.outcome.verdicts)
        passed = Once[Any, bool](
            lambda one: (
                one not in verdicts or (reasons == "against" and result.status(one) is Status.MET)
            )
        )
        first: dict[tuple[str, str | None], tuple[str, list[Row], bool]] = {}
        columns = map(facts.units.column, ("id", "parent"))
        for unit, container, one_judged in zip(*columns, self._stands(), strict=True):
            if passed[one_judged]:
                continue
            like = (one_judged, container)
            if unit in alone or like not in first:
                found = list(self._findings(unit, reasons))
                named = any(unit in _evidence(row) for row in found)
                if unit not in alone:
                    first[like] = unit, found, named
            else:
                other, found, named = first[like]
                if named:
                    found = list(_swap(found, other, unit))
            for one in self.everyone(unit):
                for row in _swap(found, unit, one) if named and one != unit else found:
                    yield one, *row

    def _stands(self) -> Sequence[Any]:
        """Return, for each unit of the facts, the one that was judged for it."""
        groups, ids = self.result.outcome.groups, self.result.facts.units.column("id")
        return groups.stands if groups.units is ids else list(map(groups.standing.get, ids))

    def _findings(self, unit: str, reasons: Reasons) -> Iterator[Row]:
        for finding in self.result[unit].findings:
            if reasons == "against" and finding.status is Status.MET:
                continue
            standard = self.result.policy.clauses[finding.clause].kind
            for part in (None, *finding.parts):
                yield self._finding(standard, finding, part)

    def _finding(self, standard: str, clause: Finding, part: Finding | None) -> Row:
        said = part or clause
        evidence = list(said.evidence)
        if any(e in self.stand_ins for e in evidence):
            evidence = in_order(one for e in evidence for one in self.everyone(e))
        return (
            standard, clause.clause, part and part.clause, clause.source, said.status.value,
            said.measured, said.required, said.basis, evidence, list(said.missing),
        )  # fmt: skip

    def notices(self) -> Iterator[Row]:
        """Yield the notices, those about a unit that stands for others for each of them."""
        yield from self.result.of_the_run
        for notice, subject in self.result.outcome.notices:
            yield from ((notice, one) for one in self.everyone(subject))

    def counts(self) -> list[int]:
        """Return how many verdicts there are of each status."""
        found: Counter[str] = Counter()
        for unit, number in self.result.outcome.groups.sizes.items():
            for status in self.result.outcome.verdicts.get(unit, {}).values():
                found[status] += number
        return [found[s.value] for s in Status]


_EVIDENCE = -2
_NOTHING = ((None, None),)


def _evidence(row: Row) -> Sequence[str]:
    found: Any = row[_EVIDENCE]
    evidence: Sequence[str] = found
    return evidence


def _swap(findings: list[Row], unit: str, one: str) -> Iterator[Row]:
    """Yield the findings of `unit` as those of `one`, which no rule can tell from it."""
    for row in findings:
        evidence = _evidence(row)
        if unit in evidence:
            evidence = in_order(one if e == unit else e for e in evidence)
            yield (*row[:_EVIDENCE], evidence, row[-1])
        else:
            yield row
