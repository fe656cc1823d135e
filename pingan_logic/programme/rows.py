"""The programme as rows for spreadsheets: in words for people, or in codes for programs."""

from __future__ import annotations

from collections.abc import Iterator

from pingan_logic.explain.text import attained_words, kind_name, rate_text, unit_title
from pingan_logic.messages.explain import WORDS as COMMON
from pingan_logic.messages.programme import WORDS
from pingan_logic.programme.progress import Programme
from pingan_logic.verdicts import rate

__all__ = ["attainment_in_words", "attainment_rows", "roster_rows", "rosters_in_words"]


def attainment_rows(p: Programme) -> Iterator[list[object]]:
    """Yield a header and one row for each year, scope and kind."""
    yield [
        *("year", "scope", "name", "kind", "counted", "met", "failed", "undetermined"),
        *("target_n", "target_d", "short", "result"),
    ]
    for year in p.years:
        for row in year.rows.values():
            if not row.total and row.scope:
                continue
            name = p.current.units[row.scope].name if row.scope else ""
            counts = [row.total, row.met, row.failed, row.undetermined]
            yield [
                *(year.year, row.scope, name, row.kind, *counts),
                *(row.target or ("", "")),
                *(row.short, row.result),
            ]


def roster_rows(p: Programme) -> Iterator[list[object]]:
    """Yield a header and one row for each unit on each roster."""
    a = p.current
    yield ["year", "body", "office", "role", "kind", "unit", "name", "status"]
    for r in p.rosters:
        for unit in r.units:
            status = a.outcome.verdicts[unit][r.kind]
            name = a.units[unit].name
            yield [a.year, r.body, r.office, r.role, r.kind, unit, name, status]


def attainment_in_words(p: Programme, lang: str) -> Iterator[list[object]]:
    """Yield what `attainment_rows` does, in words."""
    a = p.current
    w = {**COMMON[lang], **WORDS[lang]}
    columns = {**w, **attained_words(a.policy, lang)}
    titles = ("year", "scope", "kind", "counted", "met", "failed", "undetermined", "rate", "target")
    result = w["preliminary_result" if a.preliminary else "result"]
    yield [*(columns[t] for t in titles), w["short"], result]
    period = a.policy.period
    for year in p.years:
        said = year.year if period.calendar else period.brief(year.year)
        for row in year.rows.values():
            if not row.total and row.scope:
                continue
            yield [
                w["preliminary_year"].format(year=said) if year.preliminary else said,
                unit_title(a.units[row.scope], lang) if row.scope else w["county"],
                kind_name(a.policy, row.kind, lang),
                *(row.total, row.met, row.failed, row.undetermined),
                rate_text(row.share, lang) if row.total else w["none"],
                rate(*row.target) if row.target else w["no_target"],
                *(row.short, w[row.result]),
            ]


def rosters_in_words(p: Programme, lang: str) -> Iterator[list[object]]:
    """Yield what `roster_rows` does, in words."""
    w = {**COMMON[lang], **WORDS[lang]}
    a = p.current
    titles = [w[t] for t in ("year", "body", "office", "role", "kind", "id", "name")]
    yield [*titles, w["preliminary_status" if a.preliminary else "status"]]
    for r in p.rosters:
        body, role = (
            names[key][lang == "en"]
            for names, key in ((a.policy.bodies, r.body), (a.policy.role_names, r.role))
        )
        office = unit_title(a.units[r.office], lang) if r.office else ""
        if r.office == "":
            office = w["unknown_office"]
        kind = kind_name(a.policy, r.kind, lang)
        for unit in r.units:
            status = w[a.outcome.verdicts[unit][r.kind]]
            yield [a.year, body, office, role, kind, unit, a.units[unit].name, status]
