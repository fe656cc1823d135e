"""An assessment of which questions can be asked: what `evaluate` returns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from pingan_logic.evaluation import evaluate as judge
from pingan_logic.verdicts import Assessment as Judged

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from pingan_logic.catalogue import Policy
    from pingan_logic.certificate import Certificate
    from pingan_logic.explain import Explanation
    from pingan_logic.model import Facts
    from pingan_logic.programme import Programme
    from pingan_logic.questions.fix import Remedy
    from pingan_logic.questions.margin import Margin
    from pingan_logic.questions.missing import Missing
    from pingan_logic.questions.whatif import Switches, WhatIf

__all__ = ["Assessment", "evaluate"]


class Assessment(Judged):
    """All verdicts of one run over one year, or those of one unit and what it contains.

    `units` bear the names and containers of the day of judgement; those that do not exist on that
    day are in no `children` and in no count.

    `assessment["B-12"]` is the assessment of a unit; a county has no standard of its own, so it
    can be explained but not indexed. Its questions are the functions of `pingan_logic` of the same
    name, asked of an assessment that is there.
    """

    def explain(self, unit: str) -> Explanation:
        """Explain a unit, or a county as a summary by kind and township."""
        from pingan_logic.explain import Explanation

        return Explanation(self, self.standing(unit))

    def fix(
        self,
        unit: str,
        *,
        alternatives: int = 1,
        level: str | None = None,
        time_limit: int = 60,
    ) -> Remedy:
        """Find what would make a unit met, or reach a level, at the least cost."""
        from pingan_logic.library import fix

        return fix(self, unit, alternatives=alternatives, level=level, time_limit=time_limit)

    def margin(self, unit: str, *, time_limit: int = 60) -> Margin:
        """Tell how far a unit is from failing."""
        from pingan_logic.library import margin

        return margin(self, unit, time_limit=time_limit)

    def missing(self, unit: str, *, time_limit: int = 60) -> Missing:
        """Find the records that would settle an undetermined unit."""
        from pingan_logic.library import missing

        return missing(self, unit, time_limit=time_limit)

    def whatif(
        self,
        *,
        set: str | Sequence[str] = (),
        add: Mapping[str, Any] | None = None,
        remove: Mapping[str, Any] | None = None,
        policy_b: Policy | str | Path | None = None,
        facts_b: Facts | None = None,
        year_b: int | None = None,
    ) -> WhatIf:
        """Tell which verdicts would flip with other rules, rows or another year."""
        from pingan_logic.library import whatif

        return whatif(
            self, set=set, add=add, remove=remove, policy_b=policy_b, facts_b=facts_b,
            year_b=year_b,
        )  # fmt: skip

    def switches(self, *, set: str | Sequence[str] = ()) -> Switches:
        """Tell what each other value of each switch would change; `set` holds meanwhile."""
        from pingan_logic.library import switches

        return switches(self, set=set)

    def programme(self) -> Programme:
        """Judge the programme up to the year of the assessment."""
        from pingan_logic.library import programme

        return programme(self)

    def report(self, path: str | Path, lang: str = "zh", *, overwrite: bool = False) -> Path:
        """Write the report as a page, a workbook or a list to post."""
        from pingan_logic.library import report

        return report(self, path, lang=lang, overwrite=overwrite)

    def certificate(self, source: str | Path | None = None) -> Certificate:
        """Return every verdict with its derivation."""
        from pingan_logic.library import certificate

        return certificate(self, source)


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
    """Judge every unit of `facts` for `year` (default: the latest year in the data).

    With `unit`, only that unit and what it contains are judged, from the part of the data they
    rest on. Units that no rule can tell apart are judged once for all of them; `grouped=False`
    judges each by itself, with the same results. `attainment` counts what `programme` needs too.

    `shares=False` leaves the numbers of ratios until an explanation asks for them: verdicts alone
    take less time, and the first explanation takes as long as they did.

    `numbers` says for how many units alike, not in `facts`, some of them stand.

    `as_of` is the last day the data speaks of; before the end of the year the result is
    preliminary (预评) and can fail but not finally meet. A year that is not over is cut off today.
    `at_year_end` asks how it stands on 31 December if nothing new happens until then: see
    `Assessment.assumes`.
    Raises InputError, PolicyError or RequestError.
    """
    found = judge(
        facts, policy, year, as_of=as_of, unit=unit, grouped=grouped, attainment=attainment,
        numbers=numbers, at_year_end=at_year_end, shares=shares,
    )  # fmt: skip
    return cast("Assessment", found)  # the package binds what is judged to this class
