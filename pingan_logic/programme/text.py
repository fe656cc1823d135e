"""The programme as text for people and as rows for spreadsheets."""

from __future__ import annotations

from collections.abc import Iterator

from pingan_logic.explain.layout import pad
from pingan_logic.explain.text import year_text
from pingan_logic.explain.words import WORDS as COMMON
from pingan_logic.programme.progress import Attainment, Programme
from pingan_logic.programme.rosters import Roster
from pingan_logic.programme.words import WORDS
from pingan_logic.verdicts import Status, rate

__all__ = ["body_title", "programme_text", "stage"]

_FIRST = 10
_WIDTHS = (18, 8, 8, 8, 14, 12, 8)


def stage(p: Programme, lang: str) -> str:
    """Say over which years the programme runs and where this year stands in it."""
    w, years = WORDS[lang], p.current.policy.programme_years
    said = w["final" if p.now.final else "progress" if p.within else "outside"]
    return w["span"].format(first=years[0], last=years[-1], stage=said) if years else w["outside"]


def programme_text(
    p: Programme, lang: str = "zh", *, every: bool = False, brief: bool = False
) -> str:
    """Return attainment, trend, townships and rosters; `every` names every unit on a roster,
    `brief` leaves out townships and rosters and says how to get them."""
    w, a = WORDS[lang], p.current
    lines = [w["head"].format(policy=a.policy.name, year=year_text(a, lang)), stage(p, lang)]
    if a.preliminary:
        lines.append(COMMON[lang]["preliminary"].format(day=a.cut_off.isoformat()))
    lines += ["", w["attainment"], *_table(p, "", lang)]
    if len(p.years) > 1:
        lines += ["", w["trend"], *_trend(p, lang)]
    if brief:
        return "\n".join([*lines, "", w["ask_list"]]) + "\n"
    for scope in p.scopes[1:]:
        title = w["township"].format(id=scope, name=a.units[scope].name).strip()
        lines += ["", title, *_table(p, scope, lang)]
    lines += ["", w["rosters"], w["award_apart"]]
    head: tuple[str, str | None] | None = None
    for roster in p.rosters:
        if head != (roster.body, roster.office):
            head = (roster.body, roster.office)
            lines += ["", body_title(p, roster, lang)]
        lines += _roster(p, roster, lang, None if every else _FIRST)
    return "\n".join(lines) + "\n"


def body_title(p: Programme, roster: Roster, lang: str) -> str:
    """Name the body of a roster and, where there are several, whose it is."""
    w, c, a = WORDS[lang], COMMON[lang], p.current
    title = a.policy.bodies[roster.body][lang == "en"]
    if roster.office is None:
        return title
    name = f"{roster.office} {a.units[roster.office].name}" if roster.office else ""
    return title + c["colon"] + (name.strip() or w["unknown_office"])


def _kind(p: Programme, kind: str, lang: str) -> str:
    names = p.current.policy.kinds[kind]
    return names.en if lang == "en" else names.zh


def _columns(cells: list[str], widths: tuple[int, ...]) -> str:
    first, *rest = cells
    tail = rest[len(widths) - 1 :]
    line = pad(first, widths[0])
    line += "".join(pad(c, n, right=True) for c, n in zip(rest, widths[1:], strict=False))
    return (line + "".join(f"  {t}" for t in tail)).rstrip()


def _table(p: Programme, scope: str, lang: str) -> list[str]:
    w, c = WORDS[lang], COMMON[lang]
    titles = [c[t] for t in ("kind", "counted", "met", "failed", "undetermined", "target")]
    lines = [_columns([*titles, w["short"], w["result"], c["rate"]], _WIDTHS)]
    for row in p.attainments(scope):
        counts = [str(n) for n in (row.total, row.met, row.failed, row.undetermined)]
        target = f"≥{rate(*row.target)}" if row.target else w["no_target"]
        result = pad(w[row.result], 10)
        cells = [_kind(p, row.kind, lang), *counts, target, _short(p, row, lang)]
        lines.append(_columns([*cells, result, row.rate or w["none"]], _WIDTHS))
    return lines


def _short(p: Programme, row: Attainment, lang: str) -> str:
    w = WORDS[lang]
    if not row.short:
        return w["none"]
    return w["short_of"].format(n=row.short, measure=p.current.policy.kinds[row.kind].measure)


def _trend(p: Programme, lang: str) -> list[str]:
    w, c = WORDS[lang], COMMON[lang]
    years = (
        w["preliminary_year"].format(year=y.year) if y.preliminary else str(y.year) for y in p.years
    )
    table = [[c["kind"], *years]]
    for kind in p.current.policy.judged_kinds:
        cells = [
            f"{row.rate or w['none']} {w[row.result]}" if row else w["none"]
            for _, row in p.trend(kind)
        ]
        table.append([_kind(p, kind, lang), *cells])
    return ["".join(pad(c, _WIDTHS[0] * (n > 0) + 18) for n, c in enumerate(r)).rstrip()
            for r in table]  # fmt: skip


def _roster(p: Programme, roster: Roster, lang: str, limit: int | None) -> Iterator[str]:
    w, c, a = WORDS[lang], COMMON[lang], p.current
    role = a.policy.role_names[roster.role][lang == "en"]
    measure = "" if lang == "en" else a.policy.kinds[roster.kind].measure
    line = f"  {role} {_kind(p, roster.kind, lang)} {len(roster.units)}{measure}"
    if len(a.policy.lists[roster.role]) > 1:
        counts = {s.value: roster.count(a, s) for s in Status}
        line += c["open_bracket"] + w["statuses"].format(**counts) + c["close_bracket"]
    yield line
    shown = roster.units if limit is None else roster.units[:limit]
    names = c["list"].join(f"{u} {a.units[u].name}".strip() for u in shown)
    more = "" if len(shown) == len(roster.units) else w["more"].format(n=len(roster.units))
    yield f"    {names}{more}"
