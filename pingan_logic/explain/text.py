"""Explanations and lists as text for people."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from pingan_logic.explain.measures import measure_reasons
from pingan_logic.explain.words import WORDS
from pingan_logic.layout import broken, edges, pad, width
from pingan_logic.memory import Once, batches
from pingan_logic.verdicts import Share

if TYPE_CHECKING:
    from pingan_logic.catalogue import Policy
    from pingan_logic.model import Unit
    from pingan_logic.verdicts import Assessment, Finding, Line, Status

__all__ = [
    "clause_count",
    "finding_reasons",
    "incident_text",
    "internal_line",
    "kind_name",
    "lacking_then",
    "ledger_years",
    "ledgers_to_come",
    "list_text",
    "masking",
    "notices_text",
    "place_of",
    "rate_text",
    "render_county",
    "summary_table",
    "table",
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
    return WORDS[lang]["year_preliminary" if a.preliminary else "year_only"].format(year=a.year)


def year_status(a: Assessment, status: Status, lang: str) -> str:
    """Return the year and a verdict."""
    w = WORDS[lang]
    return w["year"].format(year=year_text(a, lang), status=w[status.value])


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


def internal_line(a: Assessment, units: Iterable[str | None], lang: str) -> list[str]:
    """Return the line that a text is not for publication, if one of the units that it says
    something of is of a kind that is only counted elsewhere, such as a household."""
    only = a.policy.counted_only
    named = any(a.units[u].kind in only for u in units if u and u in a.units)
    return [WORDS[lang]["internal"]] if named else []


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
            yield w[key].format(items=items)
    for year, items in lacking_then(a, findings, lang).items():
        yield w["missing_then"].format(year=year, items=items)


def lacking_then(a: Assessment, findings: Iterable[Finding], lang: str) -> dict[int, str]:
    """Return the items whose ledgers of earlier years findings miss, in words, by year."""
    found: dict[int, list[str]] = {}
    for year, item in sorted({m for f in findings for m in f.missing_then}):
        kind = a.policy.types[item]
        found.setdefault(year, []).append(kind.en if lang == "en" else kind.zh)
    return {year: WORDS[lang]["list"].join(some) for year, some in found.items()}


def ledger_years(a: Assessment, f: Finding) -> str:
    """Return the year whose ledgers a finding rests on, or the first and last of several."""
    clause = a.policy.clauses[f.clause.partition(".")[0]]
    some = [p.years for p in clause.prohibitions if f.clause in (p.clause, p.id)]
    back = max(some, default=1)
    return str(a.year) if back == 1 else f"{a.year - back + 1}-{a.year}"


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
        measure = a.policy.measure_of(a.policy.clauses[f.clause].members)
        share = f.share
        words = {
            "met": share.met, "open": share.undetermined, "total": share.total,
            "failed": share.total - share.met - share.undetermined, "measure": measure,
            "rate": rate_text(share, lang), "required": _required(f.required, lang),
            "needed": share.needed,
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
    return [*_counted(f, a, lang, mask), w[ledger].format(units=holders, year=ledger_years(a, f))]


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
        return measure_reasons(a, unit, f, lang)
    if not f.parts or f.status.value == "met":
        return _reason(a, unit, f, lang, mask)
    against = [p for p in f.parts if p.status is f.status]
    lines = list(_lacking(a, unit, against, lang))
    for part in against:
        said = [r for r in _reason(a, unit, part, lang, mask, lacking=False) if r]
        named = len(against) > 1 and f.status.value == "failed"
        lines += [f"{part.words(lang)}{w['colon']}{r}" if named else r for r in said]
    return lines


_COLUMNS = (-7, -6, -9, -14, -16, -11)


def table(rows: Iterable[list[str]], first: int, columns: Iterable[int] = _COLUMNS) -> list[str]:
    """Return rows of cells as lines, the first column `first` wide; negative widths align right."""
    widths = (first, *columns)
    return [
        "".join(pad(c, abs(n), right=n < 0) for c, n in zip(r, widths, strict=True)).rstrip()
        for r in rows
    ]


def summary_table(a: Assessment, rows: list[dict[str, Any]], lang: str) -> str:
    """Return counts by kind as an aligned table."""
    w = WORDS[lang]
    titles = ["kind", "counted", "met", "failed", "undetermined", "rate", "target"]
    cells = [[w[t] for t in titles]]
    for row in rows:
        counts = [str(row[t]) for t in titles[1:5]]
        target = (row["target_text"] or w["no_target"]).replace("≥", "")
        n, d = a.policy.targets.get(row["kind"], (0, 1))
        needed = -(-row["counted"] * n // d)
        share = Share(row["met"], row["undetermined"], row["counted"], needed)
        shown = rate_text(share, lang) if row["counted"] else w["none"]
        cells.append([kind_name(a.policy, row["kind"], lang), *counts, shown, target])
    return "\n".join(table(cells, 15))


def render_county(a: Assessment, unit: Unit, lang: str) -> str:
    """Return the summary of a unit without a standard of its own, such as a county."""
    w = WORDS[lang]
    title = unit_title(unit, lang, kind_name(a.policy, unit.kind, lang))
    lines = [edges(title, year_text(a, lang))]
    if a.preliminary:
        lines += broken(w["preliminary"].format(day=a.cut_off.isoformat()))
    if not a.children.get(unit.id):
        lines.append(w["no_standard"])
        return "\n".join(lines) + "\n"
    lines += ["", w["summary"], summary_table(a, a.summary(within=unit.id), lang)]
    areas = a.areas(unit.id)
    if areas:
        kinds = dict.fromkeys(kind_name(a.policy, a.units[u].kind, lang) for u in areas)
        lines += ["", w["by_area"].format(kinds=w["list"].join(kinds))]
    for t in areas:
        status = w[a.status(t).value] if t in a else w["no_standard"]
        rows = [r for r in a.summary(within=t) if r["counted"]]
        title = f"{unit_title(a.units[t], lang)}{w['colon']}{status}"
        lines += ["", title, summary_table(a, rows, lang)]
    return "\n".join(lines) + "\n"


def list_text(
    a: Assessment, units: Iterable[tuple[str, str, Line]] | None, kind: str | None, lang: str
) -> Iterator[str]:
    """Yield the counts by kind and the list of units with their failed and open clauses, or only
    what is not met when `units` is None; each piece ends with a line."""
    if units is None:
        yield from _brief(a, lang)
        return
    w = WORDS[lang]
    ends, only = _ends(a, lang), a.policy.counted_only
    yield "\n".join([*_list_head(a, lang), summary_table(a, a.summary(kind), lang), "", ""])
    listed = internal = False
    for some in batches(units):
        listed = True
        internal = internal or any(line.kind in only for _, _, line in some)
        yield "".join(
            f"{before}{f'{name}{mark}{unit}' if name else unit}{after}"
            for unit, name, line in some
            for before, mark, after in (ends[line],)
        )
    if not listed:
        yield w["no_units"] + "\n"
    if internal:
        yield f"\n{w['internal']}\n"


def _brief(a: Assessment, lang: str) -> Iterator[str]:
    """Yield the counts by kind, the units that are not met (households counted)."""
    w, only = WORDS[lang], a.policy.counted_only
    yield "\n".join([*_list_head(a, lang), summary_table(a, a.summary(), lang), ""])
    ends = _ends(a, lang)
    failed = [(u, n, line) for u, n, line in a.lines(None, "failed") if line.kind not in only]
    named = w["list"].join(kind_name(a.policy, k, lang) for k in a.policy.kinds if k in only)
    yield "\n" + w["failed_units"].format(n=len(failed), kind=named) + "\n"
    for unit, name, line in failed:
        _, mark, after = ends[line]
        yield f"  {f'{name}{mark}{unit}' if name else unit}{after}"
    rows = a.summary()
    for row in rows:
        if row["kind"] in only and row["failed"]:
            words = {
                "kind": kind_name(a.policy, row["kind"], lang),
                "measure": a.policy.kinds[row["kind"]].measure,
                "n": row["failed"],
            }
            yield w["failed_counted"].format(**words) + "\n"
    if waiting := sum(row["undetermined"] for row in rows):
        yield w["open_units"].format(n=waiting) + "\n"


def _list_head(a: Assessment, lang: str) -> list[str]:
    w, only = WORDS[lang], a.policy.counted_only
    head = w["head_preliminary" if a.preliminary else "head"]
    lines = [head.format(policy=a.policy.name, year=year_text(a, lang))]
    if a.preliminary:
        lines += broken(w["preliminary"].format(day=a.cut_off.isoformat()))
    rows = a.summary()
    words = {s: sum(r[s] for r in rows) for s in ("met", "failed", "undetermined")}
    counted = "".join(
        w["total_counted"].format(
            kind=kind_name(a.policy, r["kind"], lang),
            n=r["counted"],
            measure=a.policy.kinds[r["kind"]].measure,
        )
        for r in rows
        if r["kind"] in only and r["counted"]
    )
    total = sum(r["counted"] for r in rows)
    return [*lines, w["total"].format(n=total, counted=counted, **words), ""]


def _ends(a: Assessment, lang: str) -> Once[Line, tuple[str, str, str]]:
    """Return what stands before, within and after the name and id of a unit, by its line."""
    w = WORDS[lang]
    room = max(width(w[s]) for s in ("met", "failed", "undetermined")) + 3

    def ends(line: Line) -> tuple[str, str, str]:
        deciding = line.failed if line.status.value == "failed" else line.undetermined
        clauses = [a.policy.clauses[c] for c in deciding if line.status.value != "met"]
        reasons = w["list"].join(f"{place_of(c.source, lang)} {c.text(lang)}" for c in clauses)
        kind = w["comma"] + kind_name(a.policy, line.kind, lang) + w["close_bracket"]
        lines = [kind, *broken(reasons, indent="    ")]
        return pad(f"[{w[line.status.value]}]", room), w["open_bracket"], "\n".join([*lines, ""])

    return Once(ends)


def notices_text(
    a: Assessment, lang: str, limit: int = 10, only: Container[str] | None = None
) -> list[str]:
    """Return one line per kind of notice (those of `only`, if given), naming the first units or
    incidents."""
    w = WORDS[lang]
    grouped: dict[str, list[str]] = {}
    for notice, subject in a.notices:
        if only is not None and notice not in only:
            continue
        grouped.setdefault(notice, []).append(subject)
    lines = []
    for notice, about in grouped.items():
        if notice in a.policy.notice_texts:
            text = a.policy.notice_texts[notice][lang == "en"]
        else:
            text = w["preliminary_notice" if notice == "preliminary" else notice]
        named = w["list"].join(_subject(a, x, lang) for x in about[:limit])
        if len(about) > limit:
            named += w["more_units"].format(n=len(about))
        named = w["open_bracket"] + named + w["close_bracket"]
        lines.append(f"{w['notice']}{w['colon']}{text}{named}")
    return lines


def _subject(a: Assessment, subject: str, lang: str) -> str:
    """Return what a notice is about: the id of a unit or an incident, or the name of a kind."""
    if subject in a.policy.kinds and subject not in a.units and subject not in a.incidents:
        return kind_name(a.policy, subject, lang)
    return subject
