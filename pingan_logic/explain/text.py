"""Explanations and lists as text for people."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from pingan_logic.explain.measures import measure_reasons
from pingan_logic.messages.explain import WORDS
from pingan_logic.verdicts import Share

if TYPE_CHECKING:
    from pingan_logic.catalogue import Policy
    from pingan_logic.model import Unit
    from pingan_logic.verdicts import (
        Assessment,
        Finding,
        Levels,
        Line,
        Status,
        UnitAssessment,
    )

__all__ = [
    "attained_words",
    "clause_count",
    "counts_levels",
    "finding_reasons",
    "incident_text",
    "internal_line",
    "internal_words",
    "kind_name",
    "lacking_then",
    "ledger_years",
    "ledgers_to_come",
    "masking",
    "next_level_lines",
    "place_of",
    "preliminary_line",
    "rate_text",
    "status_text",
    "thousandths",
    "unit_title",
    "year_status",
    "year_text",
]


def kind_name(policy: Policy, kind: str, lang: str) -> str:
    """Return the name of a kind."""
    k = policy.kinds[kind]
    return k.en if lang == "en" else k.zh


def unit_title(unit: Unit, lang: str, kind: str = "") -> str:
    """Return name and id of a unit, and its `kind`; the id alone where it has no name."""
    mark = WORDS[lang]
    said = mark["comma"].join(filter(None, (unit.id if unit.name else "", kind)))
    name = unit.name or unit.id
    return f"{name}{mark['open_bracket']}{said}{mark['close_bracket']}" if said else name


def year_text(a: Assessment, lang: str) -> str:
    """Name the year of a run, and that it is preliminary where its data stops before the end."""
    said = a.policy.period.said(a.year, lang)
    return WORDS[lang]["year_preliminary"].format(year=said) if a.preliminary else said


def attained_words(policy: Policy, lang: str) -> dict[str, str]:
    """Return what columns of counts by standard are called: who is below one level may be at
    another, so that it is not called not met."""
    w, end = WORDS[lang], "_level" if policy.level_of else ""
    return {status: w[status + end] for status in ("met", "failed")}


def counts_levels(policy: Policy, members: Iterable[str]) -> bool:
    """Whether a share counts who reaches some level: who does not may reach a lower one."""
    return all(k in policy.level_of for k in members)


def preliminary_line(a: Assessment, lang: str) -> str:
    """Say that the period is not over, and what is final all the same."""
    end = a.policy.period.end_named(lang)
    return WORDS[lang]["preliminary"].format(day=a.cut_off.isoformat(), end=end)


def status_text(policy: Policy, status: Status, levels: Levels | None, lang: str) -> str:
    """Return a verdict in words: of a unit that reaches a level the level, and which of those above
    are undetermined."""
    w = WORDS[lang]
    if levels is None or levels.reached is None:
        return w[status.value]
    said = w["reaches"].format(level=kind_name(policy, levels.reached, lang))
    if not levels.open:
        return said
    some = w["list"].join(kind_name(policy, k, lang) for k in levels.open)
    return w["level_open"].format(reached=said, levels=some)


def year_status(a: Assessment, here: UnitAssessment, lang: str) -> str:
    """Return the year and the verdict of a unit."""
    said = status_text(a.policy, here.status, here.levels, lang)
    return WORDS[lang]["year"].format(year=year_text(a, lang), status=said)


def next_level_lines(policy: Policy, line: Line, lang: str) -> list[str]:
    """Return what a unit that is judged by levels lacks of the next, and what is undetermined."""
    if line.levels is None or line.levels.above is None:
        return []
    w, level = WORDS[lang], kind_name(policy, line.levels.above, lang)
    found = []
    for key, some in (("next_lacks", line.failed), ("next_open", line.undetermined)):
        clauses = [policy.clauses[c] for c in some]
        said = w["list"].join(f"{place_of(c.source, lang)} {c.text(lang)}" for c in clauses)
        if said:
            found.append(w[key].format(level=level, clauses=said))
    return found


Mask = Callable[[str], "str | None"]
"""What is said instead of a unit that is not to be named; None for others."""


def thousandths(n: int, share: Share) -> int:
    """Return what part of the members `n` are, for print: rounded half up, but never up to the
    part that is required, nor to all."""
    rounded = (n * 2000 + share.total) // (2 * share.total)
    reaches = n < share.needed and share.needed * 1000 <= rounded * share.total
    if reaches or (rounded == 1000 and n < share.total):
        return n * 1000 // share.total
    return rounded


def rate_text(share: Share, lang: str) -> str:
    """Return what part of the members is met, with one decimal; a range while some are
    undetermined."""
    if not share.total:
        return WORDS[lang]["no_rate"]

    def percent(n: int) -> str:
        tenths = thousandths(n, share)
        return "100%" if tenths == 1000 else f"{tenths // 10}.{tenths % 10}%"

    bounds = (share.met, share.met + share.undetermined)
    return WORDS[lang]["to"].join(dict.fromkeys(map(percent, bounds)))


def _required(required: str, lang: str) -> str:
    """Say a requirement such as `≥90%` or `≤3` in words."""
    w, figure = WORDS[lang], required.lstrip("≥≤<")
    if required == "≥100%":
        return figure
    key = {"≥": "at_least", "≤": "at_most", "<": "fewer_than"}.get(required[:1])
    return w[key].format(n=figure) if key else required


def place_of(source: str, lang: str) -> str:
    """Return the place of a clause, in English with half-width brackets."""
    return source.translate({0xFF08: "(", 0xFF09: ")"}) if lang == "en" else source


def internal_words(policy: Policy, words: Mapping[str, str], lang: str) -> str:
    """Say that a text is not for publication, with the kinds of units that are only counted
    elsewhere, such as households, as `words` has it."""
    only = [kind_name(policy, k, lang) for k in policy.kinds if k in policy.counted_only]
    said = words["internal" if only else "internal_plain"]
    return said.format(kinds=WORDS[lang]["and"].join(only))


def internal_line(a: Assessment, units: Iterable[str | None], lang: str) -> list[str]:
    """Return the line that a text is not for publication, if one of the units that it says
    something of is of a kind that is only counted elsewhere, such as a household."""
    only = a.policy.counted_only
    named = any(a.units[u].kind in only for u in units if u and u in a.units)
    return [internal_words(a.policy, WORDS[lang], lang)] if named else []


def incident_text(
    a: Assessment, incident: str, lang: str, *, ask: bool = False, mask: Mask | None = None
) -> str:
    """Return an incident in words; `ask` says that its grade is not known, `mask` what to say
    instead of a unit."""
    w, i = WORDS[lang], a.incidents[incident]
    kind = a.policy.types[i.type]
    parts = [i.date.isoformat(), kind.en if lang == "en" else kind.zh]
    grade = a.policy.grades.get(i.grade or "")
    if grade or ask:
        parts.append(grade[lang == "en"] if grade else w["grade_none"])
    if i.liability:
        parts.append(w[f"liable_{i.liability}"])
    parts.append((mask and mask(i.unit)) or unit_title(a.units[i.unit], lang))
    if i.responsible_unit and i.responsible_unit != i.unit:
        parts.append(f"→ {unit_title(a.units[i.responsible_unit], lang)}")
    return incident + w["open_bracket"] + w["comma"].join(parts) + w["close_bracket"]


def masking(a: Assessment, unit: str, lang: str) -> Mask:
    """Return what to say in a text about `unit` instead of a household and its like: one of its
    kind, so that nobody reads there who did what."""
    only = a.policy.counted_only

    def mask(other: str) -> str | None:
        kind = a.units[other].kind
        if other == unit or kind not in only:
            return None
        measure = a.policy.kinds[kind].measure
        return WORDS[lang]["one_of"].format(kind=kind_name(a.policy, kind, lang), measure=measure)

    return mask


def clause_count(policy: Policy, clause: str, n: int, measure: str, lang: str) -> str:
    """Say of how many members a clause is not met; no figure stands against another."""
    c = policy.clauses[clause]
    text, place = c.text(lang), place_of(c.source, lang)
    said = f"{place} {text}" if lang == "en" or place[-1].isdigit() else place + text
    key = "clause_count_apart" if text[-1].isascii() else "clause_count"
    return WORDS[lang][key].format(clause=said, n=n, measure=measure)


def ledgers_to_come(a: Assessment, unit: str, findings: Iterable[Finding]) -> list[str]:
    """Return the items that findings miss whose ledger is entered already, but has to reach the
    end of the year, which is not over."""
    some = list(findings)
    if not a.preliminary:
        return []
    from pingan_logic.evaluation import at_end  # the words of an explanation need no solver

    clauses = {f.clause for f in some}
    then = [x for f in at_end(a)[unit].findings for x in (f, *f.parts)]
    lacking = {m for x in then if x.clause in clauses for m in x.missing}
    return [m for m in dict.fromkeys(m for f in some for m in f.missing) if m not in lacking]


def _lacking(a: Assessment, unit: str, findings: Iterable[Finding], lang: str) -> Iterator[str]:
    """Say which ledgers are lacking, and which are entered but have to reach the year's end."""
    w = WORDS[lang]
    findings = list(findings)
    later = ledgers_to_come(a, unit, findings)
    missing = dict.fromkeys(m for f in findings for m in f.missing)
    for key, some in (("missing", [m for m in missing if m not in later]), ("to_come", later)):
        if some:
            types = [a.policy.types[m] for m in some]
            items = w["list"].join(t.en if lang == "en" else t.zh for t in types)
            yield w[key].format(items=items, end=a.policy.period.end_named(lang))
    for year, items in lacking_then(a, findings, lang).items():
        yield w["missing_then"].format(year=year, items=items)


def lacking_then(a: Assessment, findings: Iterable[Finding], lang: str) -> dict[str, str]:
    """Return the items whose ledgers of earlier years findings miss, in words, by year."""
    found: dict[int, list[str]] = {}
    for year, item in sorted({m for f in findings for m in f.missing_then}):
        kind = a.policy.types[item]
        found.setdefault(year, []).append(kind.en if lang == "en" else kind.zh)
    said = a.policy.period.said
    return {said(y, lang): WORDS[lang]["list"].join(some) for y, some in found.items()}


def ledger_years(a: Assessment, f: Finding, lang: str) -> str:
    """Return the year whose ledgers a finding rests on, or the first and last of several."""
    clause = a.policy.clauses[f.clause.partition(".")[0]]
    some = [p.years for p in clause.prohibitions if f.clause in (p.clause, p.id)]
    back = max(some, default=1)
    period = a.policy.period
    if back == 1:
        return period.said(a.year, lang)
    return period.range_said(a.year - back + period.years, a.year, lang)


def _reason(
    a: Assessment,
    unit: str,
    f: Finding,
    lang: str,
    mask: Mask | None = None,
    *,
    lacking: bool = True,
) -> list[str]:
    """Say why a finding has its status, without what the blocking members say."""
    w = WORDS[lang]
    if f.share and f.basis == "share":
        members = a.policy.clauses[f.clause].members
        measure = a.policy.measure_of(members)
        share, end = f.share, "_level" if counts_levels(a.policy, members) else ""
        words = {
            "met": share.met, "open": share.undetermined, "total": share.total,
            "failed": share.total - share.met - share.undetermined, "measure": measure,
            "rate": rate_text(share, lang), "required": _required(f.required, lang),
            "needed": share.needed, "has": w[f"has{end}"], "lacks": w[f"lacks{end}"],
        }  # fmt: skip
        short = w["short"].format(n=share.short, measure=measure) if share.short else ""
        if not share.undetermined:
            return [w["share"].format(**words) + short]
        return [w["share_counts"].format(**words), w["share_open"].format(**words) + short]
    if f.basis == "not_applicable":
        reason = next(
            (
                d.reason
                for d in a.facts.not_applicable
                if (d.unit, d.clause, d.year) == (unit, f.clause, a.year)
            ),
            "",
        )
        return [w["not_applicable"].format(reason=reason)]
    if f.basis in w and f.basis != "prohibition":
        return [w[f.basis].format(measured=f.measured, required=_required(f.required, lang))]
    if f.basis != "prohibition":
        return [w["actual"].format(measured=f.measured, required=_required(f.required, lang))]
    status = f.status.value
    if status == "failed":
        shown = w["list"].join(incident_text(a, i, lang, mask=mask) for i in f.evidence)
        return [w["incidents"] + w["colon"] + shown]
    if status == "undetermined":
        lines = _counted(f, a, lang, mask)
        if waiting := f.evidence[len(f.counted) :]:
            shown = w["list"].join(incident_text(a, i, lang, ask=True, mask=mask) for i in waiting)
            lines.append(w["ungraded"] + w["colon"] + shown)
        if lacking:
            lines += _lacking(a, unit, [f], lang)
        return lines
    holders = w["list"].join(unit_title(a.units[u], lang) for u in f.evidence[len(f.counted) :])
    ledger = "ledger_counted" if f.counted else "ledger"
    return [
        *_counted(f, a, lang, mask),
        w[ledger].format(units=holders, year=ledger_years(a, f, lang)),
    ]


def _counted(f: Finding, a: Assessment, lang: str, mask: Mask | None) -> list[str]:
    """Return the line of the incidents that are counted towards a limit which is not reached."""
    if not f.counted:
        return []
    w = WORDS[lang]
    shown = w["list"].join(incident_text(a, i, lang, mask=mask) for i in f.counted)
    return [
        w["below"].format(n=len(f.counted), required=_required(f.required, lang))
        + w["colon"]
        + shown
    ]


def finding_reasons(
    a: Assessment, unit: str, f: Finding, lang: str, mask: Mask | None = None
) -> list[str]:
    """Say why a finding of `unit` has its status: one line, or one for each prohibition of it.

    `mask` gives what is said instead of a unit that is not to be named, None for others.
    """
    w = WORDS[lang]
    if f.basis == "amount":
        return [*measure_reasons(a, unit, f, lang), *_of_rate(a, unit, f, lang, mask)]
    if f.basis == "parts":
        return _of_parts(a, unit, f, lang, mask)
    if not f.parts or f.status.value == "met":
        return _reason(a, unit, f, lang, mask)
    against = [p for p in f.parts if p.status is f.status]
    lines = list(_lacking(a, unit, against, lang))
    for part in against:
        said = [r for r in _reason(a, unit, part, lang, mask, lacking=False) if r]
        named = len(against) > 1 and f.status.value == "failed"
        lines += [f"{part.words(lang)}{w['colon']}{r}" if named else r for r in said]
    return lines


def _of_rate(a: Assessment, unit: str, f: Finding, lang: str, mask: Mask | None) -> Iterator[str]:
    """Say which incidents a rate, or points, count, which may, and which ledgers are lacking."""
    w = WORDS[lang]
    if f.counted:
        shown = w["list"].join(incident_text(a, i, lang, mask=mask) for i in f.counted)
        yield w["incidents"] + w["colon"] + shown
    if waiting := [i for i in f.evidence[len(f.counted) :] if i in a.incidents]:
        shown = w["list"].join(incident_text(a, i, lang, ask=True, mask=mask) for i in waiting)
        yield w["ungraded"] + w["colon"] + shown
    if f.status.value == "undetermined" and f.missing:
        yield from _lacking(a, unit, [f], lang)


def _of_parts(a: Assessment, unit: str, f: Finding, lang: str, mask: Mask | None) -> list[str]:
    """Say of how many parts a clause is made, and what each comes to: those that decide it."""
    w, every = WORDS[lang], a.policy.clauses[f.clause].every
    met = f.status.value == "met"
    shown = [p for p in f.parts if (p.status.value == "met") == met] if met != every else f.parts
    lines = [w["every_part" if every else "one_part"].format(n=len(f.parts))]
    for p in shown:
        said = w["semicolon"].join(filter(None, finding_reasons(a, unit, p, lang, mask)))
        part = w["part"].format(clause=p.words(lang), status=w[p.status.value])
        lines.append(f"{part}{w['colon']}{said}" if said else part)
    return lines
