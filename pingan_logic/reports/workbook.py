"""The workbook: attainment, trend, the rosters of each body, failures by clause, nearly there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time
from typing import Any

from pingan_logic.explain.text import attained_words, thousandths
from pingan_logic.memory import Once, batches, pieces
from pingan_logic.programme import Attainment, Programme
from pingan_logic.programme.text import body_title
from pingan_logic.reports.nearness import nearly_there
from pingan_logic.reports.sheets import Book, Column, Piece
from pingan_logic.reports.view import View, failures_by_clause
from pingan_logic.solving.grouping import of_judged

__all__ = ["render"]


def render(programme: Programme, lang: str, *, public: bool = False) -> bytes:
    """Return the workbook.

    A `public` workbook has the rates only: no household, no id, nothing of a single unit. Raises
    RequestError when a roster does not fit into a sheet.
    """
    view = View(programme, lang, public=public)
    day = datetime.combine(programme.current.last_day, time())
    book = Book(view.w, view.title, day, "" if public else view.internal)
    _attainment(book, view)
    _trend(book, view)
    if not public:
        _rosters(book, view)
        _failures(book, view)
        _near(book, view)
    return book.content()


def _columns(rows: Iterable[Sequence[Any]]) -> Iterator[Piece]:
    for some in batches(rows):
        yield list(zip(*some, strict=True))


def _rates(v: View) -> list[Column]:
    w = v.w
    said = {**w, **attained_words(v.a.policy, v.lang)}
    return [
        *(Column(said[t], 9, "number") for t in ("counted", "met", "failed", "undetermined")),
        *(Column(w[t], 11, "share") for t in ("rate_low", "rate_high")),
        Column(w["short_by"], 9, "number"),
        Column(w["preliminary_result" if v.a.preliminary else "result"], 14),
    ]


def _shares(v: View, r: Attainment) -> list[object]:
    """Return what `_rates` names."""
    met = (r.met, r.met + r.undetermined)
    bounds = [thousandths(n, r.share) / 1000 for n in met] if r.total else [None, None]
    return [r.total, r.met, r.failed, r.undetermined, *bounds, r.short, v.w[r.result]]


def _target(v: View, r: Attainment) -> object:
    return r.target[0] / r.target[1] if r.target else v.w["no_target"]


def _attainment(book: Book, v: View) -> None:
    w = v.w
    columns = [Column(w["scope"], 24), Column(w["kind"], 16), Column(w["target"], 9, "share")]
    rows = [
        [v.unit(scope) if scope else v.place, v.kind(r.kind), _target(v, r), *_shares(v, r)]
        for scope in v.p.scopes
        for r in v.p.attainments(scope)
    ]
    book.sheet(w["sheet_attainment"], [*columns, *_rates(v)], len(rows), _columns(rows))


def _trend(book: Book, v: View) -> None:
    w, brief = v.w, v.a.policy.period.brief
    columns = [Column(w["year"], 12), Column(w["kind"], 16)]
    rows = [
        [
            w["preliminary_year"].format(year=brief(y.year)) if y.preliminary else brief(y.year),
            *(v.kind(r.kind), *_shares(v, r)),
        ]
        for y in v.p.years
        for r in y.rows.values()
        if not r.scope
    ]
    book.sheet(w["sheet_trend"], [*columns, *_rates(v)], len(rows), _columns(rows))


def _status(v: View) -> str:
    return v.w["preliminary_status" if v.a.preliminary else "status"]


def _rosters(book: Book, v: View) -> None:
    """Add one sheet for each body, all its offices below each other."""
    w, a = v.w, v.a
    columns = [Column(w["body"], 36, "wrapped"), Column(w["role"], 12), Column(w["kind"], 16),
               Column(w["id"], 16), Column(w["name"], 26), Column(_status(v), 10)]  # fmt: skip
    names, verdicts = v.names, of_judged(a.outcome.verdicts)
    standing = a.outcome.groups.standing

    def rows(body: str) -> Iterator[Piece]:
        for r in v.p.rosters:
            if r.body != body:
                continue
            title = body_title(v.p, r, v.lang)
            role = a.policy.role_names[r.role][v.lang == "en"]
            status = Once[str, str](lambda one, kind=r.kind: w[verdicts[one][kind]])  # type: ignore[misc]
            if r.kind in a.policy.level_of:
                status = Once[str, str](v.status)
            listed = a.policy.lists[r.role]
            for units in pieces(r.units):
                yield [
                    *([said] * len(units) for said in (title, role, v.kind(r.kind))),
                    *(units, list(map(names.__getitem__, units))),
                    [w[next(iter(listed))]] * len(units)
                    if len(listed) == 1 and r.kind not in a.policy.level_of
                    else list(map(status.__getitem__, map(standing.__getitem__, units))),
                ]

    for body, titles in a.policy.bodies.items():
        size = sum(len(r.units) for r in v.p.rosters if r.body == body)
        book.sheet(titles[v.lang == "en"], columns, size, rows(body))


def _failures(book: Book, v: View) -> None:
    w, a = v.w, v.a
    columns = [Column(w["kind"], 16), Column(w["clause"], 12), Column(w["text"], 40, "wrapped"),
               Column(w["id"], 16), Column(w["name"], 26),
               Column(w["reason"], 70, "wrapped")]  # fmt: skip
    found, names = failures_by_clause(a), v.names

    def rows() -> Iterator[list[object]]:
        for clause, units, _ in found:
            c = a.policy.clauses[clause]
            said = [v.kind(c.kind), c.source, v.clause(clause)]
            for unit in units:
                reasons = v.reasons(unit, a.finding(unit, clause, members=False))
                yield [*said, unit, names[unit], reasons]

    size = sum(len(units) for _, units, _ in found)
    book.sheet(w["sheet_failures"], columns, size, _columns(rows()))


def _near(book: Book, v: View) -> None:
    w = v.w
    columns = [Column(w["units"], 28), Column(w["kind"], 16),
               Column(w["distance"], 26, "wrapped"),
               Column(w["lacking"], 80, "wrapped")]  # fmt: skip
    rows = [
        [
            *(n["unit"], n["kind"], n["said"]),
            w["semicolon"].join(f"{s} {t}{w['colon']}{r}" for s, t, r in n["lacking"]),
        ]
        for n in map(v.near, nearly_there(v.a))
    ]
    book.sheet(w["sheet_near"], columns, len(rows), _columns(rows))
