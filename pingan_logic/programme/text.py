"""The programme as text for people and as rows for spreadsheets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from pingan_logic.explain.text import (
    attained_words,
    internal_line,
    kind_name,
    preliminary_line,
    rate_text,
    unit_title,
    year_text,
)
from pingan_logic.layout import WIDTH, broken, pad, width
from pingan_logic.messages.explain import WORDS as COMMON
from pingan_logic.messages.programme import WORDS
from pingan_logic.programme.progress import Attainment, Programme
from pingan_logic.programme.rosters import Roster
from pingan_logic.verdicts import Status, rate

__all__ = ["body_title", "programme_text", "stage"]

_FIRST = 10
_DECIDED = ("proven_met", "proven_missed", "open")


def stage(p: Programme, lang: str) -> str:
    """Say over which years the programme runs and where this year stands in it."""
    w, years = WORDS[lang], p.current.policy.programme_years
    said = w["final" if p.now.final else "progress" if p.within else "outside"]
    if not years:
        return w["outside"]
    period = p.current.policy.period
    if not period.calendar:
        span = period.range_said(years[0], years[-1], lang)
        return w["span_of_periods"].format(span=span, stage=said)
    several = w["years"].format(first=years[0], last=years[-1])
    return w["span"].format(years=several if len(years) > 1 else years[0], stage=said)


def programme_text(
    p: Programme, lang: str = "zh", *, every: bool = False, brief: bool = False
) -> str:
    """Return attainment, trend, areas and rosters; `every` names every unit on a roster,
    `brief` counts the rosters by body and leaves the areas out."""
    w, a = WORDS[lang], p.current
    lines = [*broken(w["head"].format(year=year_text(a, lang), stage=stage(p, lang)))]
    if a.preliminary:
        lines += broken(preliminary_line(a, lang))
    results = [row.result for row in p.attainments()]
    counted = {r: results.count(r) for r in _DECIDED}
    targets = sum(counted.values())
    said = w["counts"].format(n=targets, **counted) if targets else w["no_targets"]
    notice = a.policy.notice[lang == "en"]
    lines += broken(w["basis"].format(notice=notice, policy=a.policy.name) + said)
    narrow = len(p.years) > 1
    lines += ["", w["attainment"], *_table(p, "", lang, narrow=narrow)]
    if narrow:
        lines += ["", w["trend"], *_trend(p, lang)]
    listed = ["", *broken(w["lists"])] if p.rosters else []
    if brief:
        return "\n".join([*lines, *listed, *_bodies(p, lang)]) + "\n"
    for scope in p.scopes[1:]:
        title = unit_title(a.units[scope], lang)
        lines += ["", title, *_table(p, scope, lang, narrow=False)]
    lines += listed
    head: tuple[str, str | None] | None = None
    for roster in p.rosters:
        if head != (roster.body, roster.office):
            head = (roster.body, roster.office)
            lines += ["", *broken(body_title(p, roster, lang))]
        lines += _roster(p, roster, lang, None if every else _FIRST)
    named = (u for roster in p.rosters for u in roster.units)
    if internal := internal_line(a, named, lang):
        lines += ["", *internal]
    return "\n".join(lines) + "\n"


def body_title(p: Programme, roster: Roster, lang: str) -> str:
    """Name the body of a roster and, where there are several, whose it is."""
    w, c, a = WORDS[lang], COMMON[lang], p.current
    title = a.policy.bodies[roster.body][lang == "en"]
    if roster.office is None:
        return title
    name = unit_title(a.units[roster.office], lang) if roster.office else w["unknown_office"]
    return title + c["colon"] + name


def _columns(rows: Sequence[Sequence[str]], left: Iterable[int] = (0,)) -> list[str]:
    """Return rows of cells as lines: as wide as their cells, and two or one apart."""
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    gap = 2 if sum(widths) + 2 * (len(widths) - 1) <= WIDTH else 1
    at_left = set(left)
    return [
        (" " * gap)
        .join(
            pad(c, n, right=k not in at_left)
            for k, (c, n) in enumerate(zip(r, widths, strict=True))
        )
        .rstrip()
        for r in rows
    ]


def _table(p: Programme, scope: str, lang: str, *, narrow: bool) -> list[str]:
    """Return a scope's attainment by kind; where it is too wide, a `narrow` one has no
    rates, another no targets."""
    w, c = WORDS[lang], {**COMMON[lang], **attained_words(p.current.policy, lang)}
    titles = [c[t] for t in ("kind", "counted", "met", "failed", "undetermined", "rate", "target")]
    table = [[*titles, w["result"], w["short"]]]
    for row in p.attainments(scope):
        counts = [str(n) for n in (row.total, row.met, row.failed, row.undetermined)]
        target = rate(*row.target) if row.target else w["no_target"]
        result = w[row.result] if row.target or not row.total else w["none"]
        kind = kind_name(p.current.policy, row.kind, lang)
        table.append([kind, *counts, _rate(row, lang), target, result, _short(p, row, lang)])
    lines = _columns(table)
    if any(width(line) > WIDTH for line in lines):
        left_out = 5 if narrow else 6
        lines = _columns([[*r[:left_out], *r[left_out + 1 :]] for r in table])
    return lines


def _rate(row: Attainment | None, lang: str) -> str:
    if row is None or not row.total:
        return WORDS[lang]["none"]
    return rate_text(row.share, lang)


def _short(p: Programme, row: Attainment, lang: str) -> str:
    w = WORDS[lang]
    if not row.short:
        return w["none"]
    return w["short_of"].format(n=row.short, measure=p.current.policy.kinds[row.kind].measure)


def _trend(p: Programme, lang: str) -> list[str]:
    """Return the rates by kind and year, the latest years that have room."""
    w, c = WORDS[lang], COMMON[lang]
    kinds, period = p.current.policy.judged_kinds, p.current.policy.period
    years = list(p.years)
    while True:
        titles = (
            w["preliminary_year"].format(year=period.brief(y.year))
            if y.preliminary
            else period.column(y.year, lang)
            for y in years
        )
        table = [[c["kind"], *titles]]
        for kind in kinds:
            cells = [_rate(y.of(kind), lang) for y in years]
            table.append([kind_name(p.current.policy, kind, lang), *cells])
        lines = _columns(table)
        if len(years) == 1 or max(map(width, lines)) <= WIDTH:
            return lines
        years = years[1:]


def _bodies(p: Programme, lang: str) -> Iterator[str]:
    """Yield how many units of each kind each body has to deal with, by role."""
    w, c, a = WORDS[lang], COMMON[lang], p.current
    offices: dict[str, list[str | None]] = defaultdict(list)
    counts: dict[str, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    for r in p.rosters:
        if r.office not in offices[r.body]:
            offices[r.body].append(r.office)
        kinds = counts[r.body][r.role]
        kinds[r.kind] = kinds.get(r.kind, 0) + len(r.units)
    for body, roles in counts.items():
        title = a.policy.bodies[body][lang == "en"]
        named = [unit_title(a.units[o], lang) for o in offices[body] if o]
        if named:
            more = "" if len(named) <= _FIRST else w["more"].format(n=len(named))
            title += c["colon"] + c["list"].join(named[:_FIRST]) + more
        yield from broken(title, indent="  ")
        for role, kinds in roles.items():
            units = c["list"].join(
                w["of_kind"].format(
                    kind=kind_name(a.policy, k, lang), n=n, measure=a.policy.kinds[k].measure
                )
                for k, n in kinds.items()
            )
            name = pad(a.policy.role_names[role][lang == "en"], 10)
            yield from broken(f"{name} {units}", indent="    ", hang=" " * 15)


def _roster(p: Programme, roster: Roster, lang: str, limit: int | None) -> Iterator[str]:
    w, c, a = WORDS[lang], COMMON[lang], p.current
    role = a.policy.role_names[roster.role][lang == "en"]
    line = f"{role} " + w["of_kind"].format(
        kind=kind_name(a.policy, roster.kind, lang),
        n=len(roster.units),
        measure=a.policy.kinds[roster.kind].measure,
    )
    if len(a.policy.lists[roster.role]) > 1:
        counts = {s.value: roster.count(a, s) for s in Status}
        key = "statuses_level" if roster.kind in a.policy.level_of else "statuses"
        line += c["open_bracket"] + w[key].format(**counts) + c["close_bracket"]
    yield from broken(line, indent="  ")
    shown = roster.units if limit is None else roster.units[:limit]
    names = c["list"].join(unit_title(a.units[u], lang) for u in shown)
    more = "" if len(shown) == len(roster.units) else w["more"].format(n=len(roster.units))
    yield from broken(f"{names}{more}", indent="    ")
