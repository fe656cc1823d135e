"""Why one unit is met, failed or undetermined, down the chain of what it contains."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

from pingan_logic.errors import check_words
from pingan_logic.explain.county_text import render_county
from pingan_logic.explain.page import render_unit
from pingan_logic.explain.text import ledgers_to_come
from pingan_logic.figures import SCHEMA
from pingan_logic.model import Unit
from pingan_logic.shown import Answer

if TYPE_CHECKING:
    from pingan_logic.verdicts import Assessment, Finding, Status

__all__ = ["FIRST", "Explanation"]

FIRST = 10
"""How many blocking units are named unless all are asked for."""


@frozen(repr=False)
class Explanation(Answer["Finding"]):
    """The explanation of a unit (or the summary of a county) in one assessment."""

    assessment: Assessment
    unit: Unit

    @property
    def status(self) -> Status | None:
        """The verdict, or None for a unit without a standard, such as a county."""
        if self.unit.id in self.assessment:
            return self.assessment.status(self.unit.id)
        return None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings, clause by clause; empty for a unit without a standard."""
        return self.assessment[self.unit.id].findings if self.unit.id in self.assessment else ()

    @property
    def rows(self) -> tuple[Finding, ...]:
        """The findings."""
        return self.findings

    def name_of(self, row: Finding) -> str:
        """Return the id of a clause."""
        return row.clause

    def about(self) -> str:
        """Return unit and verdict."""
        return f"of {self.unit.id}, {self.status or 'no standard'}"

    def text(self, lang: str = "zh", *, every: bool = False, details: bool = False) -> str:
        """Return the explanation in words.

        `every` names every blocking unit, `details` gives the reasons of each: they may say an
        offence of a household and are not for publication.
        """
        check_words(lang)
        limit = None if every else FIRST
        if self.unit.id in self.assessment:
            return render_unit(self.assessment, self.unit, lang, limit, details=details)
        return render_county(self.assessment, self.unit, lang)

    def to_dict(self, lang: str = "zh", *, every: bool = False) -> dict[str, Any]:
        """Return the explanation as JSON values.

        Of a year that is not over, `to_come` are the items whose ledgers are entered already and
        have to reach its end.
        """
        check_words(lang)
        a, u = self.assessment, self.unit
        result: dict[str, Any] = {
            "schema": SCHEMA,
            "policy": a.policy.name,
            "year": a.year,
            **a.policy.period.shown(a.year),
            "preliminary": a.preliminary,
            "unit": {"id": u.id, "kind": u.kind, "name": u.name},
            "status": self.status.value if self.status else None,
            **(a[u.id].levels_dict if u.id in a else {}),
            "findings": [],
        }
        if u.id not in a:
            result["summary"] = {
                "by_kind": a.summary(within=u.id),
                "by_township": [
                    {
                        "id": t,
                        "name": a.units[t].name,
                        "status": a.status(t).value if t in a else None,
                        "by_kind": a.summary(within=t),
                    }
                    for t in a.areas(u.id)
                ],
            }
            return result
        result["standards"] = list(a[u.id].standards)
        if a.preliminary:
            result["to_come"] = ledgers_to_come(a, u.id, self.findings)
        result["accountability"] = sorted(a.outcome.accountable.get(u.id, ()))
        result["bodies"] = {
            kind: {role: names[lang == "en"] for role, names in a.policy.roles[kind].items()}
            for kind in result["standards"]
            if kind in a.policy.roles
        }
        for finding in self.findings:
            entry = finding.to_dict(lang)
            if finding.share and finding.status.value != "met":
                shown = finding.evidence if every else finding.evidence[:FIRST]
                entry["blockers"] = [self._blocker(b, lang) for b in shown]
            result["findings"].append(entry)
        return result

    def _blocker(self, unit: str, lang: str) -> dict[str, Any]:
        here = self.assessment[unit]
        return {
            "id": unit,
            "kind": here.unit.kind,
            "name": here.unit.name,
            "status": here.status.value,
            **here.levels_dict,
            "findings": [f.to_dict(lang) for f in here.findings if f.status.value != "met"],
        }
