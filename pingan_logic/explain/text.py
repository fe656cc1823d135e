"""Explanations and lists as text for people."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from pingan_logic.explain.words import WORDS, pad
from pingan_logic.memory import Once, batches

if TYPE_CHECKING:
    from pingan_logic.model import Unit
    from pingan_logic.policy.catalogue import Policy
    from pingan_logic.verdicts import Assessment, Finding, Line

__all__ = [
    "finding_reasons",
    "incident_text",
    "kind_name",
    "list_text",
    "notices_text",
    "render_county",
    "render_unit",
    "summary_table",
    "unit_title",
]


_ROLES = ("assesses", "forwards", "recognises", "awards")


def kind_name(policy: Policy, kind: str, lang: str) -> str:
    """Return the name of a kind."""
    k = policy.kinds[kind]
    return k.en if lang == "en" else k.zh


def unit_title(unit: Unit) -> str:
    """Return id and name of a unit."""
    return f"{unit.id} {unit.name}".strip()


def incident_text(a: Assessment, incident: str, lang: str, *, ask: bool = False) -> str:
    """Return an incident in words; `ask` says that its grade is not known."""
    w, i = WORDS[lang], a.incidents[incident]
    kind = a.policy.types[i.type]
    parts = [i.date.isoformat(), kind.en if lang == "en" else kind.zh]
    grade = a.policy.grades.get(i.grade or "")
    if grade or ask:
        parts.append(grade[lang == "en"] if grade else w["grade_none"])
    if i.liability:
        parts.append(w[f"liable_{i.liability}"])
    parts.append(unit_title(a.units[i.unit]))
    if i.responsible_unit and i.responsible_unit != i.unit:
        parts.append(f"→ {unit_title(a.units[i.responsible_unit])}")
    return incident + w["open_bracket"] + w["comma"].join(parts) + w["close_bracket"]


def _lacking(a: Assessment, unit: str, findings: Iterable[Finding], lang: str) -> Iterator[str]:
    """Say which ledgers are lacking, and which are entered but have to reach the year's end."""
    w = WORDS[lang]
    clauses = {f.clause for f in findings}
    missing = list(dict.fromkeys(m for f in findings for m in f.missing))
    lacking = set(missing)
    if a.preliminary:
        then = [x for f in a.at_end[unit].findings for x in (f, *f.parts)]
        lacking = {m for x in then if x.clause in clauses for m in x.missing}
    later = [m for m in missing if m not in lacking]
    for key, some in (("missing", [m for m in missing if m in lacking]), ("to_come", later)):
        if some:
            types = [a.policy.types[m] for m in some]
            items = w["list"].join(t.en if lang == "en" else t.zh for t in types)
            yield w[key].format(items=items)


def _reason(a: Assessment, unit: str, f: Finding, lang: str) -> list[str]:
    """Say why a finding has its status, without what the blocking members say."""
    w = WORDS[lang]
    if f.share and f.basis == "share":
        kind = a.policy.clauses[f.clause].members or ""
        measure = a.policy.kinds[kind].measure
        share = f.share
        from pingan_logic.verdicts import percent

        shown = f"{share.met}/{share.total}={percent(share.met, share.total)}"
        line = w["actual"].format(measured=shown, required=f.required)
        if share.short:
            line += w["short"].format(n=share.short, measure=measure)
        if share.undetermined:
            line += w["open"].format(n=share.undetermined, measure=measure)
        return [line]
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
        return [w[f.basis].format(measured=f.measured, required=f.required)]
    if f.basis != "prohibition":
        return [w["actual"].format(measured=f.measured, required=f.required)]
    status = f.status.value
    if status == "failed":
        shown = w["list"].join(incident_text(a, i, lang) for i in f.evidence)
        return [w["incidents"] + w["colon"] + shown]
    if status == "undetermined":
        lines = _counted(f, a, lang)
        if waiting := f.evidence[len(f.counted) :]:
            shown = w["list"].join(incident_text(a, i, lang, ask=True) for i in waiting)
            lines.append(w["ungraded"] + w["colon"] + shown)
        if f.missing:
            lines += _lacking(a, unit, [f], lang)
        return lines
    holders = w["list"].join(unit_title(a.units[u]) for u in f.evidence[len(f.counted) :])
    ledger = "ledger_counted" if f.counted else "ledger"
    return [*_counted(f, a, lang), w[ledger].format(units=holders)]


def _counted(f: Finding, a: Assessment, lang: str) -> list[str]:
    """Return the line of the incidents that are counted towards a limit which is not reached."""
    if not f.counted:
        return []
    w = WORDS[lang]
    shown = w["list"].join(incident_text(a, i, lang) for i in f.counted)
    return [w["below"].format(n=len(f.counted), required=f.required) + w["colon"] + shown]


def _words_of(f: Finding, lang: str) -> str:
    return f.english if lang == "en" and f.english else f.text


def finding_reasons(a: Assessment, unit: str, f: Finding, lang: str) -> list[str]:
    """Say why a finding of `unit` has its status: one line, or one for each prohibition of it."""
    w = WORDS[lang]
    if not f.parts or f.status.value == "met":
        return _reason(a, unit, f, lang)
    return [
        f"[{w[part.status.value]}] {_words_of(part, lang)}{w['colon']}"
        + w["comma"].join(_reason(a, unit, part, lang))
        for part in f.parts
    ]


def _finding_lines(a: Assessment, unit: str, f: Finding, lang: str) -> list[str]:
    w = WORDS[lang]
    lines = [f"[{w[f.status.value]}] {f.source} " + w["quote"].format(text=_words_of(f, lang))]
    mark = "- " if f.parts and f.status.value != "met" else ""
    return lines + [f"    {mark}{reason}" for reason in finding_reasons(a, unit, f, lang)]


def render_unit(a: Assessment, unit: Unit, lang: str, limit: int | None) -> str:
    """Return the explanation of a judged unit."""
    w = WORDS[lang]
    here = a[unit.id]
    head = f"{unit_title(unit)}{w['open_bracket']}{kind_name(a.policy, unit.kind, lang)}"
    head += w["close_bracket"] + w["colon"] + w[here.status.value]
    lines = [head, w["head"].format(policy=a.policy.name, year=a.year)]
    if here.standards != (unit.kind,):
        names = w["list"].join(kind_name(a.policy, k, lang) for k in here.standards)
        lines.append(w["as_standard"].format(kind=names))
    if a.preliminary:
        lines.append(w["preliminary"].format(day=a.cut_off.isoformat()))
    for kind in here.standards:
        roles = a.policy.roles.get(kind, {})
        said = (w[r].format(body=roles[r][lang == "en"]) for r in _ROLES if r in roles)
        if roles:
            lines.append(w["semicolon"].join(said))
    flagged = sorted(a.outcome.accountable.get(unit.id, ()))
    if flagged:
        shown = w["list"].join(incident_text(a, i, lang) for i in flagged)
        lines.append(w["accountable"].format(incidents=shown))
    lines.append("")
    for f in here.findings:
        lines += _finding_lines(a, unit.id, f, lang)
        lines += _blockers(a, f, lang, limit, "    ", set())
    return "\n".join(lines) + "\n"


def _blockers(
    a: Assessment, f: Finding, lang: str, limit: int | None, indent: str, told: set[str]
) -> list[str]:
    """Name the members that stand in the way, each with its own failed or open clauses."""
    w = WORDS[lang]
    if f.share is None or f.status.value == "met" or not f.evidence:
        return []
    members = a.policy.clauses[f.clause].members or ""
    shown = f.evidence if limit is None else f.evidence[:limit]
    lines = [
        indent
        + w[f"members_{f.status.value}"].format(kind=kind_name(a.policy, members, lang))
        + w["colon"].rstrip()
    ]
    for blocker in shown:
        lines.append(f"{indent}  {unit_title(a.units[blocker])}")
        if blocker in told:
            continue
        told.add(blocker)
        against = [own for own in a[blocker].findings if own.status is f.status]
        silent = [own for own in against if own.missing and not own.evidence]
        if len(silent) > 1:  # one line says it: these clauses only lack their ledgers
            places = w["list"].join(dict.fromkeys(own.source for own in silent))
            for said in _lacking(a, blocker, silent, lang):
                lines.append(f"{indent}    {places} {said}")
            against = [own for own in against if own not in silent]
        for own in against:
            reasons = w["comma"].join(_reason(a, blocker, own, lang))
            lines.append(
                f"{indent}    {own.source} {w['quote'].format(text=_words_of(own, lang))}"
                f"{w['colon']}{reasons}"
            )
            lines += _blockers(a, own, lang, limit, indent + "    ", told)
    if len(shown) < len(f.evidence):
        lines.append(f"{indent}  " + w["more"].format(n=len(f.evidence) - len(shown)))
    return lines


def summary_table(a: Assessment, rows: list[dict[str, Any]], lang: str) -> str:
    """Return counts by kind as an aligned table."""
    w = WORDS[lang]
    titles = ["kind", "counted", "met", "failed", "undetermined", "target", "rate"]
    table = [[w[t] for t in titles]]
    for row in rows:
        cells = [str(row[t]) for t in titles[1:5]]
        target, rate = row["target_text"] or w["no_target"], row["rate_text"] or "-"
        table.append([kind_name(a.policy, row["kind"], lang), *cells, target, rate])
    widths = (18, 8, 8, 8, 14, 12)
    return "\n".join(
        (pad(r[0], widths[0]) + "".join(pad(c, n, right=True) for c, n in
         zip(r[1:6], widths[1:6], strict=True)) + "  " + r[6]).rstrip()
        for r in table
    )  # fmt: skip


def render_county(a: Assessment, unit: Unit, lang: str) -> str:
    """Return the summary of a unit without a standard of its own, such as a county."""
    w = WORDS[lang]
    lines = [f"{unit_title(unit)}", w["head"].format(policy=a.policy.name, year=a.year)]
    if a.preliminary:
        lines.append(w["preliminary"].format(day=a.cut_off.isoformat()))
    if not a.children.get(unit.id):
        lines.append(w["no_standard"])
        return "\n".join(lines) + "\n"
    lines += ["", w["summary"], summary_table(a, a.summary(within=unit.id), lang)]
    townships = a.townships(unit.id)
    if townships:
        lines += ["", w["by_township"]]
    for t in townships:
        status = w[a.status(t).value] if t in a else w["no_standard"]
        rows = [r for r in a.summary(within=t) if r["counted"]]
        lines += ["", f"{unit_title(a.units[t])}{w['colon']}{status}", summary_table(a, rows, lang)]
    return "\n".join(lines) + "\n"


def list_text(
    a: Assessment, units: Iterable[tuple[str, str, Line]] | None, kind: str | None, lang: str
) -> Iterator[str]:
    """Yield the summary, then the list of units with their failed and open clauses, or how to get
    it when `units` is None; each piece ends with a line."""
    w = WORDS[lang]

    def ends(line: Line) -> tuple[str, str]:
        deciding = line.failed if line.status.value == "failed" else line.undetermined
        clauses = [a.policy.clauses[c] for c in deciding if line.status.value != "met"]
        reasons = w["list"].join(f"{c.source} {c.text(lang)}" for c in clauses)
        named = w["open_bracket"] + kind_name(a.policy, line.kind, lang) + w["close_bracket"]
        return f"[{w[line.status.value]}] ", f"{named}{w['colon'] + reasons if reasons else ''}\n"

    around = Once(ends)
    head = w["head"].format(policy=a.policy.name, year=a.year)
    if a.preliminary:
        head += "\n" + w["preliminary"].format(day=a.cut_off.isoformat())
    yield f"{head}\n\n{w['summary']}\n{summary_table(a, a.summary(kind), lang)}\n\n"
    if units is None:
        yield w["ask_list"] + "\n"
        return
    listed = False
    for some in batches(units):
        listed = True
        yield "".join(
            f"{before}{unit} {name}".rstrip() + after
            for unit, name, line in some
            for before, after in (around[line],)
        )
    if not listed:
        yield w["no_units"] + "\n"


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
