"""The texts about a whole county: its summary, its list of units and its notices."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from pingan_logic.explain.measures import item_name
from pingan_logic.explain.text import (
    attained_words,
    internal_words,
    kind_name,
    next_level_lines,
    place_of,
    preliminary_line,
    rate_text,
    status_text,
    unit_title,
    year_text,
)
from pingan_logic.layout import broken, edges, pad, width
from pingan_logic.memory import Once, batches
from pingan_logic.messages.explain import WORDS
from pingan_logic.verdicts import Share

if TYPE_CHECKING:
    from pingan_logic.model import Unit
    from pingan_logic.verdicts import Assessment, Line

__all__ = [
    "list_text",
    "notices_text",
    "render_county",
    "summary_table",
    "table",
]


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
    said = {**w, **attained_words(a.policy, lang)}
    cells = [[said[t] for t in titles]]
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
        lines += broken(preliminary_line(a, lang))
    if not a.children.get(unit.id):
        lines.append(w["no_standard"])
        return "\n".join(lines) + "\n"
    lines += ["", w["summary"], summary_table(a, a.summary(within=unit.id), lang)]
    areas = a.areas(unit.id)
    if areas:
        kinds = dict.fromkeys(kind_name(a.policy, a.units[u].kind, lang) for u in areas)
        lines += ["", w["by_area"].format(kinds=w["list"].join(kinds))]
    for t in areas:
        status = w["no_standard"]
        if t in a:
            status = status_text(a.policy, a.status(t), a[t].levels, lang)
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
    ends, only, comma = _ends(a, lang), a.policy.counted_only, w["comma"]
    yield "\n".join([*_list_head(a, lang), summary_table(a, a.summary(kind), lang), "", ""])
    listed = internal = False
    for some in batches(units):
        listed = True
        internal = internal or any(line.kind in only for _, _, line in some)
        yield "".join(
            f"{before}{f'{name}{mark}{unit}{comma}' if name else unit + mark}{after}"
            for unit, name, line in some
            for before, mark, after in (ends[line],)
        )
    if not listed:
        yield w["no_units"] + "\n"
    if internal:
        yield f"\n{internal_words(a.policy, w, lang)}\n"


def _brief(a: Assessment, lang: str) -> Iterator[str]:
    """Yield the counts by kind, the units that are not met (households counted)."""
    w, only = WORDS[lang], a.policy.counted_only
    yield "\n".join([*_list_head(a, lang), summary_table(a, a.summary(), lang), ""])
    ends = _ends(a, lang)
    failed = [(u, n, line) for u, n, line in a.lines(None, "failed") if line.kind not in only]
    named = w["list"].join(kind_name(a.policy, k, lang) for k in a.policy.kinds if k in only)
    without = w["failed_without"].format(kind=named) if named else ""
    yield "\n" + w["failed_units"].format(n=len(failed), without=without) + "\n"
    for unit, name, line in failed:
        _, mark, after = ends[line]
        titled = f"{name}{mark}{unit}{w['comma']}" if name else f"{unit}{mark}"
        yield f"  {titled}{after}"
    rows = [r for r in a.summary() if a.policy.is_counted_once(r["kind"])]
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
        lines += broken(preliminary_line(a, lang))
    rows = a.summary()
    rows = [r for r in rows if a.policy.is_counted_once(r["kind"])]
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
    """Return what stands before a unit, what opens the bracket after its name, and its kind and
    what comes after, by its line."""
    w = WORDS[lang]
    room = max(width(w[s]) for s in ("met", "failed", "undetermined")) + 3

    def ends(line: Line) -> tuple[str, str, str]:
        deciding = line.failed if line.status.value == "failed" else line.undetermined
        clauses = [a.policy.clauses[c] for c in deciding if line.status.value != "met"]
        reasons = [w["list"].join(f"{place_of(c.source, lang)} {c.text(lang)}" for c in clauses)]
        if line.levels is not None:
            reasons = next_level_lines(a.policy, line, lang)
        kind = kind_name(a.policy, line.kind, lang) + w["close_bracket"]
        lines = [kind, *(x for r in reasons for x in broken(r, indent="    "))]
        said = status_text(a.policy, line.status, line.levels, lang)
        return pad(f"[{said}] ", room), w["open_bracket"], "\n".join([*lines, ""])

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
        named = w["open_bracket"] + named + w["close_bracket"] if named else ""
        lines.append(f"{w['notice']}{w['colon']}{text}{named}")
    return lines


def _subject(a: Assessment, subject: str, lang: str) -> str:
    """Return what a notice is about: the id of a unit or an incident, or the name of a kind or of
    an item."""
    if subject in a.units or subject in a.incidents:
        return subject
    if subject in a.policy.kinds:
        return kind_name(a.policy, subject, lang)
    if subject in a.policy.inputs:
        return item_name(a.policy.inputs[subject], lang)
    return subject
