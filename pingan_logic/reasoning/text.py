"""Remedies and comparisons as text for people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from pingan_logic.explain.text import incident_text, kind_name, unit_title
from pingan_logic.explain.words import WORDS as COMMON
from pingan_logic.policy.catalogue import Policy
from pingan_logic.reasoning.remedies import Change, Obstacle, Plan, Remedy
from pingan_logic.reasoning.words import WORDS
from pingan_logic.verdicts import Assessment, Status

__all__ = [
    "remedy_brief",
    "remedy_text",
]

_FIRST = 10


def _named(a: Assessment, units: Sequence[str], lang: str, limit: int | None = _FIRST) -> str:
    w, c = WORDS[lang], COMMON[lang]
    shown = [unit_title(a.units[u]) for u in units[:limit]]
    text = c["list"].join(shown)
    if limit is not None and len(units) > limit:
        text += w["more_units"].format(n=len(units)) if lang == "zh" else (
            " " + w["more_units"].format(n=len(units))
        )  # fmt: skip
    return text


def _head(a: Assessment, unit: str, status: Status, lang: str) -> list[str]:
    c = COMMON[lang]
    here = a.units[unit]
    head = f"{unit_title(here)}{c['open_bracket']}{kind_name(a.policy, here.kind, lang)}"
    head += c["close_bracket"] + c["colon"] + c[status.value]
    return [head, c["head"].format(policy=a.policy.name, year=a.year)]


def _clause(policy: Policy, clause: str, lang: str) -> str:
    c = policy.clauses[clause]
    return f"{c.source} " + COMMON[lang]["quote"].format(text=c.text(lang))


def _type(policy: Policy, name: str, lang: str) -> str:
    t = policy.types[name]
    return t.en if lang == "en" else t.zh


def remedy_text(a: Assessment, r: Remedy, lang: str, *, every: bool = False) -> str:
    """Return a remedy in words; `every` names every unit."""
    w = WORDS[lang]
    lines = [*_head(a, r.unit, r.status, lang), ""]
    limit = None if every else _FIRST
    if r.status is Status.MET:
        lines.append(w["already_met"])
    for number, plan in enumerate(r.plans):
        if number:
            lines += ["", w["alternative"].format(n=number, cost=plan.cost)]
        elif r.proven:
            lines.append(w["cheapest"].format(cost=plan.cost))
        else:
            lines.append(w["best_so_far"].format(cost=plan.cost, lower=r.lower))
        lines += _plan_lines(a, plan, lang, limit)
    if not r.feasible:
        if not r.proven:
            lines.append(w["no_plan_yet"].format(lower=r.lower))
        else:
            lines.append(w["impossible"])
            for o in r.obstacles:
                lines += _obstacle_lines(a, r.unit, o, lang)
            lines.append(_when(a, r, lang))
    return "\n".join(lines) + "\n"


def _when(a: Assessment, r: Remedy, lang: str) -> str:
    """Say when a unit that cannot be met this year can qualify again, or why never."""
    w = WORDS[lang]
    if r.first_year is not None:
        return w["first_year"].format(year=r.first_year)
    findings = a.outcome.findings[r.unit]
    empty = any(findings[o.clause][1] == "no_members" for o in r.obstacles)
    return w["no_first_year" if empty else "ends"]


def remedy_brief(a: Assessment, r: Remedy, lang: str) -> str:
    """Return the cheapest plan, or that there is none this year, in one line."""
    w = WORDS[lang]
    if r.plans:
        lines = _plan_lines(a, r.plans[0], lang, _FIRST)
    else:
        lines = [w["impossible_brief"], _when(a, r, lang)]
    return COMMON[lang]["semicolon"].join(line.strip() for line in lines)


def _plan_lines(a: Assessment, plan: Plan, lang: str, limit: int | None) -> list[str]:
    """Group the changes: the same change to units in one container goes on one line."""
    w, c = WORDS[lang], COMMON[lang]
    ledgers: dict[str, list[Change]] = defaultdict(list)
    settled: dict[tuple[str, str | None], list[Change]] = defaultdict(list)
    lines = []
    for change in plan.changes:
        if change.action == "ledger":
            ledgers[change.unit or ""].append(change)
        elif change.action in ("settle", "grade"):
            parent = a.units[change.unit or ""].parent
            item = change.item if change.action == "settle" else None
            settled[f"{change.action} {item}", parent].append(change)
    same: dict[tuple[tuple[str, ...], str | None], list[str]] = defaultdict(list)
    for unit, held in ledgers.items():
        items = tuple(sorted(x.item or "" for x in held))
        same[items, a.units[unit].parent].append(unit)
    for (items, parent), units in same.items():
        said = c["list"].join(_type(a.policy, i, lang) for i in items)
        where = _place(a, units, parent, lang, limit)
        total = sum(x.cost for u in units for x in ledgers[u])
        lines.append(
            "  " + w["ledger"].format(items=said, where=where) + w["cost"].format(cost=total)
        )
    for (key, parent), changes in settled.items():
        action, item = key.split(" ")
        units = list(dict.fromkeys(x.unit or "" for x in changes))
        where = _place(a, units, parent, lang, limit)
        names = [x.incident or "" for x in changes]
        where += c["open_bracket"] + c["list"].join(names[:limit])
        where += (" …" if limit and len(names) > limit else "") + c["close_bracket"]
        said = w[action].format(
            item=_type(a.policy, item, lang) if action == "settle" else "", where=where
        )
        lines.append("  " + said + w["cost"].format(cost=sum(x.cost for x in changes)))
    for change in plan.changes:
        if change.action in ("ledger", "settle", "grade"):
            continue
        clause = _clause(a.policy, change.clause, lang) if change.clause else ""
        said = w[change.action].format(before=change.before, after=change.after, clause=clause)
        who = unit_title(a.units[change.unit]) + c["colon"] if change.unit else ""
        lines.append("  " + who + said + w["cost"].format(cost=change.cost))
    return lines


def _place(
    a: Assessment, units: list[str], parent: str | None, lang: str, limit: int | None
) -> str:
    """Name units, with their number and their container when there are several."""
    if len(units) == 1:
        return unit_title(a.units[units[0]])
    w, c = WORDS[lang], COMMON[lang]
    measure = a.policy.kinds[a.units[units[0]].kind].measure
    count = f"{len(units)} {measure}" if lang == "zh" else str(len(units))
    where = f"{unit_title(a.units[parent])}{c['comma']}" if parent else ""
    del w
    return f"{where}{count}{c['colon']}{_named(a, units, lang, limit)}"


def _obstacle_lines(a: Assessment, unit: str, o: Obstacle, lang: str) -> list[str]:
    w, c = WORDS[lang], COMMON[lang]
    lines = ["  " + _clause(a.policy, o.clause, lang)]
    if o.incidents:
        shown = c["list"].join(incident_text(a, i, lang) for i in o.incidents)
        lines.append("    " + w["irreparable"].format(incidents=shown))
    elif o.needed is not None:
        measure = a.policy.kinds[a.policy.clauses[o.clause].members or unit].measure
        barred = c["list"].join(
            w["barred_by"].format(clause=_clause(a.policy, k, lang), n=n, measure=measure)
            for k, n in o.members
        )
        short = w["short_members"].format(needed=o.needed, repairable=o.repairable, measure=measure)
        lines.append("    " + short + ("" if lang == "zh" else " ") + barred)
    else:
        lines.append("    " + w["cannot"])
    return lines
