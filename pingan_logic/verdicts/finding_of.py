"""The finding of a clause at a unit, put together from what the rules derived."""

from __future__ import annotations

import re

from attrs import evolve

from pingan_logic.catalogue import Clause, Prohibition
from pingan_logic.figures import Figures
from pingan_logic.measured import Measured, measured_of
from pingan_logic.order import in_order
from pingan_logic.verdicts.judgement import Judgement
from pingan_logic.verdicts.values import Finding, Share, Status, hundredths, rate

__all__ = ["finding_of"]

_REPEATED = re.compile(r"repeated\((\d+)\)")


def finding_of(j: Judgement, unit: str, clause: Clause, *, members: bool = True) -> Finding:
    """Return the finding of a clause at a unit, by what the rules derived."""
    if clause.prohibitions:
        return _item(j, unit, clause)
    if clause.measures:
        return _measured(j, unit, clause)
    if clause.parts:
        return _combined(j, unit, clause)
    status, basis, numbers = j.outcome.findings[unit][clause.id]
    if basis == "share" or basis == "no_members":
        return _ratio(j, unit, clause, Status(status), basis, members=members)
    measured: str | None = None
    required = "met"
    figures: Figures | None = None
    if clause.pass_mark is not None:
        required = f"≥{hundredths(clause.pass_mark)}"
        measured = hundredths(numbers[0]) if basis == "score" else None
        scored = numbers[0] if basis == "score" else None
        figures = Figures("hundredths", scored, scored, least=clause.pass_mark)
    elif clause.threshold is not None:
        required = f"≥{rate(*clause.threshold)}"
        measured = "0/0"
        figures = Figures("members", 0, 0, 0, clause.threshold)
    elif basis == "rank":
        measured, required = str(numbers[0]), f"≤{numbers[1]}"
        figures = Figures("ranks", numbers[0], numbers[0], most=numbers[1])
    elif basis == "no_requirement":
        measured = str(numbers[0])
        figures = Figures("ranks", numbers[0], numbers[0])
    elif basis.startswith("polled_"):
        measured = basis.removeprefix("polled_")
    elif numbers:
        measured = " ".join(map(str, numbers))
    evidence = (unit,) if status != "undetermined" or measured is not None else ()
    return Finding(
        clause.id, clause.source, clause.zh, clause.en, Status(status), measured, required,
        evidence, basis=basis, figures=figures,
    )  # fmt: skip


def _combined(j: Judgement, unit: str, clause: Clause) -> Finding:
    """Return the finding of a clause that is made of parts: how many of them are met."""
    parts = [finding_of(j, unit, j.policy.clauses[p]) for p in clause.parts]
    against = j.outcome.findings.get(unit, {}).get(clause.id)
    status = Status(against[0]) if against else Status.MET
    met = sum(p.status is Status.MET for p in parts)
    deciding = [p for p in parts if p.status is status]
    evidence = dict.fromkeys(e for p in deciding for e in p.evidence)
    return Finding(
        clause.id, clause.source, clause.zh, clause.en, status, f"{met}/{len(parts)}",
        f"≥{len(parts) if clause.every else 1}", tuple(evidence),
        tuple(sorted({m for p in deciding for m in p.missing})), basis="parts",
        parts=tuple(parts),
        missing_then=tuple(sorted({m for p in deciding for m in p.missing_then})),
    )  # fmt: skip


def _measured(j: Judgement, unit: str, clause: Clause) -> Finding:
    def finding(name: str, status: Status, m: Measured, words: tuple[str, str | None]) -> Finding:
        evidence = (unit,) if m.measured is not None else ()
        return Finding(
            name, clause.source, *words, status, m.measured, m.required, evidence,
            basis="amount", figures=m.figures,
        )  # fmt: skip

    found = measured_of(j.outcome, j.policy, clause, unit)
    against = j.outcome.findings.get(unit, {}).get(clause.id)
    status = Status(against[0]) if against else Status.MET
    first = next((m for m in found if m.status == status.value), found[0])
    whole = finding(clause.id, status, first, (clause.zh, clause.en))
    if keys := [(clause.id, m, unit) for m in j.policy.matters_of(clause)]:
        counted = tuple(in_order({i for k in keys for i in j.outcome.in_rate.get(k, ())}))
        open_ = tuple(in_order({i for k in keys for i in j.outcome.ungraded.get(k, ())}))
        missing = tuple(sorted({t for k in keys for t in j.outcome.unrecorded.get(k, ())}))
        evidence = (*counted, *open_) or whole.evidence
        return evolve(whole, evidence=evidence, counted=counted, missing=missing)
    if len(found) == 1:
        return whole
    parts = []
    for m in found:
        item = m.items[0]
        name, words = f"{clause.id}.{item.id}", (item.zh, item.en)
        parts.append(finding(name, Status(m.status), m, words))
    return evolve(whole, parts=tuple(parts))


def _ratio(
    j: Judgement, unit: str, clause: Clause, status: Status, basis: str, *, members: bool
) -> Finding:
    n, d = clause.threshold or (1, 1)
    counted = j.outcome.shares[clause.id, unit] if basis == "share" else (0, 0, 0)
    met, open_, total = counted
    share = Share(met, open_, total, -(-total * n // d))
    return Finding(
        clause.id, clause.source, clause.zh, clause.en, status, str(share),
        f"≥{rate(n, d)}", _members(j, unit, clause, status) if members else (),
        basis=basis, share=share,
        figures=Figures("members", met, met + open_, total, (n, d)),
    )  # fmt: skip


def _members(j: Judgement, unit: str, clause: Clause, status: Status) -> tuple[str, ...]:
    judged = set().union(*(j.judged[kind, status.value] for kind in clause.members))
    standing = j.outcome.groups.standing
    return tuple(in_order(u for u in j.inside(unit) if standing.get(u) in judged))


def _item(j: Judgement, unit: str, clause: Clause) -> Finding:
    parts = [_part(j, unit, clause, p) for p in clause.prohibitions]
    against = j.outcome.findings.get(unit, {}).get(clause.id)
    recorded = Status(against[0]) if against else Status.MET
    deciding = [p for p in parts if p.status is recorded]
    counted = in_order({i for p in deciding for i in p.counted})
    others = {e for p in deciding for e in p.evidence[len(p.counted) :]}
    figures, required = parts[0].figures, parts[0].required
    if figures is None or len(parts) > 1:
        figures, required = _summed(recorded, parts), "0"
    measured = figures.text
    return Finding(
        clause.id, clause.source, clause.zh, clause.en, recorded, measured, required,
        (*counted, *in_order(others)),
        tuple(sorted({m for p in deciding for m in p.missing})),
        parts=tuple(parts) if len(parts) > 1 else (), counted=tuple(counted), figures=figures,
        missing_then=tuple(sorted({m for p in deciding for m in p.missing_then})),
    )  # fmt: skip


def _part(j: Judgement, unit: str, clause: Clause, p: Prohibition) -> Finding:
    key = (clause.id, p.matter, unit)
    broken = j.outcome.breaches.get(key, [])
    below = in_order(j.outcome.below.get(key, []))
    ungraded = [] if broken else j.outcome.ungraded.get(key, [])
    missing = j.outcome.unrecorded.get(key, [])
    then = j.outcome.unrecorded_then.get(key, [])
    low: int
    high: int | None
    limit = _REPEATED.fullmatch(p.test)
    if broken:
        status, evidence, low, high = Status.FAILED, broken, len(broken), len(broken)
    elif ungraded or missing or then:
        status, evidence = Status.UNDETERMINED, ungraded
        low, high = (len(below), None) if missing or then else (0, len(ungraded))
    else:
        status, evidence = Status.MET, _ledgers(j, unit, p.matter)
        low, high = len(below), len(below)
    figures = Figures("incidents", low, high, most=int(limit[1]) - 1 if limit else 0)
    return Finding(
        p.id, clause.source, p.zh, p.en, status, figures.text,
        f"<{limit[1]}" if limit else "0", (*below, *in_order(evidence)),
        tuple(sorted(missing)), counted=tuple(below), figures=figures,
        missing_then=tuple(then),
    )  # fmt: skip


def _ledgers(j: Judgement, unit: str, matter: str) -> list[str]:
    """Name the holders of the ledgers that cover `unit` for a matter, nearest first."""
    holders: set[str] = set()
    for item in j.outcome.answers[matter]:
        here: str | None = unit
        while here is not None:
            if not {item, "all"}.isdisjoint(j.outcome.holds.get(here, ())):
                holders.add(here)
                break
            here = j.units[here].parent
    return list(holders)


def _summed(status: Status, parts: list[Finding]) -> Figures:
    """Return how many incidents break the parts of a clause, or may."""
    numbers = [(p.status, p.figures.low or 0, p.figures.high) for p in parts if p.figures]
    low, high = 0, 0
    if status is Status.FAILED:
        low = high = sum(n for s, n, _ in numbers if s is Status.FAILED)
    elif status is not Status.MET:
        unknown = any(most is None for _, _, most in numbers)
        open_ = {e for p in parts if p.status is Status.UNDETERMINED for e in p.evidence}
        return Figures("incidents", 0, None if unknown else len(open_), most=0)
    return Figures("incidents", low, high, most=0)
