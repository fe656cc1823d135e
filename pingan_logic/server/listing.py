"""Lists that only the service has: units page by page, and the rules as they are in force."""

from __future__ import annotations

from itertools import islice
from typing import Any

from pingan_logic.catalogue import Clause, Policy
from pingan_logic.figures import SCHEMA, fraction
from pingan_logic.intake.vocabulary import asked_kind
from pingan_logic.search import find_unit
from pingan_logic.verdicts import Assessment

__all__ = ["rules_listed", "units_listed"]


def units_listed(found: Assessment, query: Any) -> dict[str, Any]:
    """Return a page of the judged units that a query asks for, in the order of reports."""
    kind = query.kind
    if kind is not None:
        kind = asked_kind(found.policy, kind, "--kind")
    lines = found.lines(kind, query.status)
    if query.within is not None:
        top = find_unit(found.facts, query.within).id
        inside = {top, *found.inside(top)}
        lines = (line for line in lines if line[0] in inside)
    chosen = list(lines)
    first = (query.page - 1) * query.size
    return {
        "schema": SCHEMA,
        "policy": found.policy.name,
        "year": found.year,
        "preliminary": found.preliminary,
        "total": len(chosen),
        "page": query.page,
        "size": query.size,
        "units": [
            {**line.to_dict(unit), "name": name, "parent": found.units[unit].parent}
            for unit, name, line in islice(chosen, first, first + query.size)
        ],
    }


def rules_listed(policy: Policy, lang: str) -> dict[str, Any]:
    """Return the kinds, clauses, targets, switches and readings of a policy, with their words,
    their numbers and where they stand in the notice."""
    english = lang == "en"
    return {
        "schema": SCHEMA,
        "policy": policy.name,
        "version": policy.version,
        "notice": policy.notice[english],
        "programme_years": list(policy.programme_years),
        "kinds": [
            {
                "id": k.id,
                "name": k.en if english else k.zh,
                "judged": k.id in policy.judged_kinds or k.id in policy.levels,
                **({"level_of": policy.level_of[k.id]} if k.id in policy.level_of else {}),
            }
            for k in policy.kinds.values()
        ],
        "clauses": [_clause(c, lang) for c in policy.clauses.values()],
        "targets": [{"kind": k, "share": fraction(share)} for k, share in policy.targets.items()],
        "switches": [
            {
                "switch": name,
                "value": value,
                "values": list(policy.switch_values.get(name, ())),
            }
            for name, value in policy.switches.items()
        ],
        "readings": [
            {"number": i.number, "name": i.name, "text": i.en if english else i.zh}
            for i in policy.interpretations.values()
        ],
    }


def _clause(clause: Clause, lang: str) -> dict[str, Any]:
    return {
        "clause": clause.id,
        "kind": clause.kind,
        "source": clause.source,
        "text": clause.text(lang),
        "members": list(clause.members),
        "threshold": fraction(clause.threshold),
        "mark": None if clause.pass_mark is None else fraction((clause.pass_mark, 100)),
        "prohibitions": [
            {"matter": p.matter, "test": p.test, "text": p.en if lang == "en" else p.zh}
            for p in clause.prohibitions
        ],
    }
