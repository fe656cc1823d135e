"""The workbook: attainment, trend, the rosters of each body, failures by clause, nearly there."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

import xlsxwriter

from pingan_logic.errors import Problem, RequestError
from pingan_logic.intake.csv_tables import guard
from pingan_logic.programme import Programme
from pingan_logic.programme.text import body_title
from pingan_logic.reports.nearness import nearly_there
from pingan_logic.reports.view import View, failures_by_clause
from pingan_logic.verdicts import rate

__all__ = ["render"]

_ROWS = 1_048_575
"""Rows of a sheet below its header."""


def render(programme: Programme, lang: str, *, public: bool = False) -> bytes:
    """Return the workbook. Text is written as text: nothing a user wrote runs as a formula.

    A `public` workbook has the rates only: no household, no id, nothing of a single unit. Raises
    RequestError when a roster does not fit into a sheet.
    """
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    view = View(programme, lang, public=public)
    with xlsxwriter.Workbook(out, options) as file:
        # without a date of its own every run would stamp the time of writing
        day = datetime(programme.current.year, 12, 31)
        file.set_properties({"title": view.title, "created": day})
        book = _Book(file, view.w, "" if public else view.w["internal"])
        _attainment(book, view)
        _trend(book, view)
        if not public:
            _rosters(book, view)
            _failures(book, view)
            _near(book, view)
    return out.getvalue()


class _Book:
    """Adds sheets with a header that stays and filters."""

    def __init__(self, file: Any, words: dict[str, str], mark: str = "") -> None:
        self.file, self.w, self.mark = file, words, mark
        self.names: set[str] = set()
        self.head = file.add_format(
            {"bold": True, "bg_color": "#8F1D1D", "font_color": "#FFFFFF", "valign": "vcenter"}
        )
        self.wrapped = file.add_format({"text_wrap": True, "valign": "top"})
        self.top = file.add_format({"valign": "top"})
        # stays text also when someone edits the cell
        self.live = file.add_format({"valign": "top", "num_format": "@", "quote_prefix": True})

    def name(self, wanted: str) -> str:
        """Return a sheet name that is allowed and not taken yet."""
        base = re.sub(r"[\[\]:*?/\\']", " ", wanted).strip()[:28] or "-"
        name, n = base, 1
        while name.lower() in self.names:
            n += 1
            name = f"{base} {n}"
        self.names.add(name.lower())
        return name

    def sheet(
        self, name: str, header: list[tuple[str, int]], rows: Iterable[Sequence[object]]
    ) -> None:
        """Write a sheet: header titles with column widths, then the rows."""
        sheet = self.file.add_worksheet(self.name(name))
        sheet.freeze_panes(1, 0)
        for column, (_, width) in enumerate(header):
            sheet.set_column(column, column, width, self.wrapped if width >= 40 else self.top)
        sheet.write_row(0, 0, [title for title, _ in header], self.head)
        if self.mark:
            sheet.set_header(f"&C{self.mark}")
            size = {"width": 360, "height": 24}
            sheet.insert_textbox(0, len(header) + 1, self.mark, size)
        last = 0
        for last, row in enumerate(rows, 1):
            if last > _ROWS:
                problem = Problem("--out", self.w["too_many"], self.w["too_many"], name)
                raise RequestError([problem])
            for column, value in enumerate(row):
                if isinstance(value, int):
                    sheet.write_number(last, column, value)
                elif value is not None:
                    text = str(value)[:32767]
                    sheet.write_string(
                        last, column, text, self.live if guard(text) != text else None
                    )
        sheet.autofilter(0, 0, max(last, 1), len(header) - 1)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)


def _attainment(book: _Book, v: View) -> None:
    w = v.w
    header = [(w["township"], 22), (w["kind"], 16), (w["target"], 9)]
    header += [(w[t], 9) for t in ("counted", "met", "failed", "undetermined")]
    header += [(w["rate"], 26), (w["short_by"], 9), (w["result"], 12)]

    def rows() -> Iterator[list[object]]:
        for scope in v.p.scopes:
            for r in v.p.attainments(scope):
                yield [
                    *(v.unit(scope) if scope else v.place, v.kind(r.kind)),
                    f"≥{rate(*r.target)}" if r.target else w["no_target"],
                    *(r.total, r.met, r.failed, r.undetermined, r.rate, r.short),
                    w[r.result],
                ]

    book.sheet(w["sheet_attainment"], header, rows())


def _trend(book: _Book, v: View) -> None:
    w = v.w
    header = [(w["year"], 8), (w["kind"], 16)]
    header += [(w[t], 9) for t in ("counted", "met", "failed", "undetermined")]
    header += [(w["rate"], 26), (w["short_by"], 9), (w["result"], 12)]
    rows = (
        [y.year, v.kind(r.kind), r.total, r.met, r.failed, r.undetermined, r.rate, r.short,
         w[r.result]]
        for y in v.p.years
        for r in y.rows.values()
        if not r.scope
    )  # fmt: skip
    book.sheet(w["sheet_trend"], header, rows)


def _rosters(book: _Book, v: View) -> None:
    """Write one sheet for each body, all its offices below each other."""
    w, a = v.w, v.a
    header = [(w["body"], 36), (w["role"], 12), (w["kind"], 16), (w["id"], 14), (w["name"], 26),
              (w["status"], 10)]  # fmt: skip
    for body, names in a.policy.bodies.items():
        rows = (
            [
                *(body_title(v.p, r, v.lang), a.policy.role_names[r.role][v.lang == "en"]),
                *(v.kind(r.kind), unit, a.units[unit].name),
                w[a.outcome.verdicts[unit][r.kind]],
            ]
            for r in v.p.rosters
            if r.body == body
            for unit in r.units
        )
        book.sheet(names[v.lang == "en"], header, rows)


def _failures(book: _Book, v: View) -> None:
    w, a = v.w, v.a
    header = [(w["kind"], 16), (w["clause"], 12), (w["text"], 40), (w["id"], 14), (w["name"], 26),
              (w["reason"], 70)]  # fmt: skip

    def rows() -> Iterator[list[object]]:
        for clause, units, _ in failures_by_clause(a):
            c = a.policy.clauses[clause]
            for unit in units:
                finding = next(f for f in a[unit].findings if f.clause == clause)
                yield [
                    *(v.kind(c.kind), c.source, v.clause(clause), unit, a.units[unit].name),
                    v.reasons(unit, finding),
                ]

    book.sheet(w["sheet_failures"], header, rows())


def _near(book: _Book, v: View) -> None:
    w = v.w
    header = [(w["units"], 28), (w["kind"], 16), (w["distance"], 26), (w["lacking"], 80)]
    rows = (
        [
            *(n["unit"], n["kind"], n["said"]),
            w["semicolon"].join(f"{s} {t}{w['colon']}{r}" for s, t, r in n["lacking"]),
        ]
        for n in map(v.near, nearly_there(v.a))
    )
    book.sheet(w["sheet_near"], header, rows)
