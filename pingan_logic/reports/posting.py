"""The list to post (公示): the units that meet their standard, by body and kind."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from datetime import datetime
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from pingan_logic.order import natural
from pingan_logic.programme import Programme, Roster
from pingan_logic.programme.text import body_title
from pingan_logic.reports.view import View

__all__ = ["render"]

_FONT = "宋体"


def render(programme: Programme, lang: str, *, public: bool = False) -> bytes:
    """Return the list as a document of A4 pages.

    Listed are the rosters that the policy names (`posted/1`). Of kinds that are only counted, such
    as households, the document gives numbers by area and no names. It holds no ids, `public` or
    not: it is a draft for the body that publishes it, which fills in the blanks.
    """
    view = View(programme, lang, public=True)
    w = view.w
    document = docx.Document()
    _set_up(document, view)
    title = w["posting_title"].format(place=view.place, year=view.a.year)
    heading = document.add_paragraph()
    heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _font(heading.add_run(title), 18, bold=True)
    notice = view.a.policy.notice[lang == "en"]
    _paragraph(document, w["posting_lead"].format(notice=notice, year=view.a.year))
    if view.a.preliminary:
        _paragraph(document, w["preliminary"].format(day=view.a.cut_off))
    posted = [r for r in programme.rosters if r.role in view.a.policy.posted]
    if not posted:
        _paragraph(document, w["none_met"])
    head: tuple[str, str | None] | None = None
    for roster in posted:
        if head != (roster.body, roster.office):
            head = (roster.body, roster.office)
            _heading(document, _body(view, roster))
        _group(document, view, roster)
    _paragraph(document, w["posting_apart"])
    _paragraph(document, w["posting_signed"])
    out = io.BytesIO()
    document.save(out)
    return _undated(out)


def _undated(content: io.BytesIO) -> bytes:
    """Return an archive without the times of writing, so that equal lists are equal files."""
    out = io.BytesIO()
    with zipfile.ZipFile(content) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name), old.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _set_up(document: Any, view: View) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.6)
    section.top_margin = section.bottom_margin = Cm(2.5)
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(12)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), _FONT)
    properties = document.core_properties
    properties.title, properties.author, properties.comments = view.title, "", ""
    properties.created = properties.modified = datetime(view.a.year, 12, 31)


def _font(run: Any, size: int, *, bold: bool = False) -> None:
    run.font.size, run.bold = Pt(size), bold


def _paragraph(document: Any, text: str) -> None:
    paragraph = document.add_paragraph(text)
    paragraph.paragraph_format.first_line_indent = Pt(24)
    paragraph.paragraph_format.space_after = Pt(4)


def _heading(document: Any, text: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_before = Pt(14)
    paragraph.paragraph_format.keep_with_next = True
    _font(paragraph.add_run(text), 14, bold=True)


def _group(document: Any, view: View, roster: Roster) -> None:
    """Add what one body deals with of one kind: a table, or numbers by area."""
    w, a = view.w, view.a
    words = {
        "title": view.kind(roster.kind)
        if view.lang == "en"
        else a.policy.titles.get(roster.kind, view.kind(roster.kind)),
        "n": len(roster.units),
        "measure": view.measure(roster.kind),
    }
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_before = Pt(8)
    paragraph.paragraph_format.keep_with_next = True
    _font(paragraph.add_run(w["posting_group"].format(**words)), 12, bold=True)
    if roster.kind in view.counted_only:
        counts = Counter(_area(view, u, roster.office) for u in roster.units)
        areas = sorted(counts, key=natural)
        numbers = [[str(n), area, str(counts[area])] for n, area in enumerate(areas, 1)]
        _table(document, [w["number"], w["area"], w["count"]], [1.6, 9.6, 4.6], numbers)
        _paragraph(document, w["posting_counted"].format(kind=view.kind(roster.kind)))
        return
    rows = [
        [str(n), a.units[unit].name, _area(view, unit, roster.office)]
        for n, unit in enumerate(roster.units, 1)
    ]
    _table(document, [w["number"], w["name"], w["area"]], [1.6, 8.0, 6.2], rows)


def _body(view: View, roster: Roster) -> str:
    """Name the body of a roster and, where there are several, whose it is."""
    if roster.office is None or not roster.office:
        return body_title(view.p, roster, view.lang)
    return (
        view.a.policy.bodies[roster.body][view.lang == "en"]
        + view.w["colon"]
        + view.unit(roster.office)
    )


def _area(view: View, unit: str, office: str | None) -> str:
    """Name the container of `unit` just below the office, or below the county."""
    area = view.w["none"]
    here = view.a.units[unit].parent
    while here and here != office and view.a.units[here].parent:
        area, here = view.unit(here), view.a.units[here].parent
    return area


def _table(document: Any, header: list[str], widths: list[float], rows: list[list[str]]) -> None:
    table = document.add_table(rows=1, cols=len(header), style="Table Grid")
    table.autofit = False
    repeat = table.rows[0]._tr.get_or_add_trPr()
    repeat.append(repeat.makeelement(qn("w:tblHeader"), {qn("w:val"): "true"}))
    for cell, text, width in zip(table.rows[0].cells, header, widths, strict=True):
        cell.width = Cm(width)
        _font(cell.paragraphs[0].add_run(text), 11, bold=True)
    for row in rows:
        for cell, text, width in zip(table.add_row().cells, row, widths, strict=True):
            cell.width = Cm(width)
            _font(cell.paragraphs[0].add_run(text), 11)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
