"""The questions that can be asked of an assessment, as its methods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from pingan_logic.certificate import Certificate
    from pingan_logic.explain import Explanation
    from pingan_logic.model import Facts
    from pingan_logic.policy.catalogue import Policy
    from pingan_logic.programme import Programme
    from pingan_logic.questions.fix import Remedy
    from pingan_logic.questions.margin import Margin
    from pingan_logic.questions.missing import Missing
    from pingan_logic.questions.whatif import Switches, WhatIf

__all__ = ["Questions"]


class Questions:
    """Asks the functions of `pingan_logic` of the same name, of an assessment that is there."""

    def explain(self, unit: str) -> Explanation:
        """Explain a unit, or a county as a summary by kind and township."""
        from pingan_logic.explain import Explanation

        return Explanation(self._assessment, self._assessment.standing(unit))

    def fix(self, unit: str, *, alternatives: int = 1, time_limit: int = 60) -> Remedy:
        """Find what would make a unit met at the least cost."""
        from pingan_logic import library

        return library.fix(self._assessment, unit, alternatives=alternatives, time_limit=time_limit)

    def margin(self, unit: str, *, time_limit: int = 60) -> Margin:
        """Tell how far a unit is from failing."""
        from pingan_logic import library

        return library.margin(self._assessment, unit, time_limit=time_limit)

    def missing(self, unit: str, *, time_limit: int = 60) -> Missing:
        """Find the records that would settle an undetermined unit."""
        from pingan_logic import library

        return library.missing(self._assessment, unit, time_limit=time_limit)

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
        from pingan_logic import library

        return library.whatif(
            self._assessment, set=set, add=add, remove=remove, policy_b=policy_b, facts_b=facts_b,
            year_b=year_b,
        )  # fmt: skip

    def switches(self, *, set: str | Sequence[str] = ()) -> Switches:
        """Tell what each other value of each switch would change; `set` holds meanwhile."""
        from pingan_logic import library

        return library.switches(self._assessment, set=set)

    def programme(self) -> Programme:
        """Judge the programme up to the year of the assessment."""
        from pingan_logic import library

        return library.programme(self._assessment)

    def report(self, path: str | Path, lang: str = "zh", *, overwrite: bool = False) -> Path:
        """Write the report as a page, a workbook or a list to post."""
        from pingan_logic import library

        return library.report(self._assessment, path, lang=lang, overwrite=overwrite)

    def certificate(self, source: str | Path | None = None) -> Certificate:
        """Return every verdict with its derivation."""
        from pingan_logic import library

        return library.certificate(self._assessment, source)

    @property
    def _assessment(self) -> Any:
        return self
