"""The list to post (公示): the units that meet their standard, by body and kind."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from datetime import datetime, time
from itertools import groupby
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from pingan_logic.explain.text import kind_name, preliminary_line
from pingan_logic.order import natural
from pingan_logic.programme import Programme, Roster
from pingan_logic.programme.text import body_title
from pingan_logic.reports.view import View

__all__ = ["render"]

_BODY, _TITLE, _HEAD, _GROUP = "仿宋", "方正小标宋简体", "黑体", "楷体"
"""The fonts of official papers (GB/T 9704)."""
_INSTEAD = {_TITLE: "宋体", _BODY: "仿宋_GB2312", _GROUP: "楷体_GB2312", _HEAD: "SimHei"}
"""What stands for a font on a machine that lacks it."""
_SECOND, _THIRD, _FOURTH, _TABLE = 22, 16, 14, 12
"""Sizes in points: 二号、三号、四号 and that of tables."""
_LINE = 28
"""Points from line to line: 22 lines of a page."""


def render(programme: Programme, lang: str, *, public: bool = False) -> bytes:
    """Return the list as a document of A4 pages.

    Listed are the rosters that the policy names (`posted/1`). Of kinds that are only counted, such
    as households, the document gives numbers by area and no names. It holds no ids, `public` or
    not: it is a draft for the body that publishes it, which fills in the blanks.
    """
    view = View(programme, lang, public=True)
    w = view.w
    document = docx.Document()
    title = w["posting_title"].format(**view.named)
    _set_up(document, view, title)
    heading = document.add_paragraph()
    heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
    heading.paragraph_format.space_after = Pt(_LINE)
    _font(heading.add_run(title), _SECOND, _TITLE)
    notice = view.a.policy.notice[lang == "en"]
    kinds = _kinds(view)
    posted = [r for r in programme.rosters if r.role in view.a.policy.posted]
    lead = "posting_lead" if posted else "none_met" if kinds else "none_posted"
    names = w["list"].join(kind_name(view.a.policy, k, lang) for k in kinds)
    _paragraph(document, w[lead].format(notice=notice, year=view.period, kinds=names))
    if view.a.preliminary:
        _paragraph(document, preliminary_line(view.a, lang))
    offices = groupby(posted, lambda r: (r.body, r.office))
    for number, (_, some) in enumerate(offices, 1):
        rosters = list(some)
        _heading(document, _numbered("posting_first", number, _body(view, rosters[0]), view))
        for place, roster in enumerate(rosters, 1):
            _group(document, view, roster, place)
    _paragraph(document, w["posting_apart"])
    _signature(document, w["posting_signed"].split("|"))
    out = io.BytesIO()
    document.save(out)
    return _undated(out)


def _kinds(view: View) -> list[str]:
    """Return the kinds of which some list is posted."""
    policy = view.a.policy
    return [k for k in policy.kinds if policy.posted & policy.roles.get(k, {}).keys()]


def _undated(content: io.BytesIO) -> bytes:
    """Return an archive without the times of writing, so that equal lists are equal files."""
    out = io.BytesIO()
    with zipfile.ZipFile(content) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            kept = old.read(name)
            if name == "word/fontTable.xml":
                kept = kept.replace(b"</w:fonts>", _fonts() + b"</w:fonts>")
            new.writestr(zipfile.ZipInfo(name), kept, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _fonts() -> bytes:
    """Name what may stand for each font, as Word looks it up."""
    return "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/></w:font>'
        for name, other in _INSTEAD.items()
    ).encode()


def _set_up(document: Any, view: View, title: str) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.top_margin, section.bottom_margin = Cm(3.7), Cm(3.5)
    section.left_margin, section.right_margin = Cm(2.8), Cm(2.6)
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(_THIRD)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), _BODY)
    style.paragraph_format.line_spacing = Pt(_LINE)
    style.paragraph_format.space_after = Pt(0)
    _page_number(section.footer.paragraphs[0])
    properties = document.core_properties
    properties.title, properties.author, properties.comments = title, "", ""
    properties.created = properties.modified = datetime.combine(view.a.last_day, time())


def _font(run: Any, size: int, name: str = _BODY) -> None:
    run.font.size = Pt(size)
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)


def _page_number(paragraph: Any) -> None:
    """Put the number of the page into the footer, between dashes."""
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for kind, text in (("", "— "), ("begin", ""), ("code", " PAGE "), ("end", ""), ("", " —")):
        run = paragraph.add_run(text if not kind else "")
        _font(run, _FOURTH, "宋体")
        element = run._element
        if kind == "code":
            code = element.makeelement(qn("w:instrText"), {qn("xml:space"): "preserve"})
            code.text = text
            element.append(code)
        elif kind:
            mark = {qn("w:fldCharType"): kind}
            element.append(element.makeelement(qn("w:fldChar"), mark))


def _paragraph(document: Any, text: str) -> None:
    paragraph = document.add_paragraph(text)
    paragraph.paragraph_format.first_line_indent = Pt(2 * _THIRD)


def _heading(document: Any, text: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_before = Pt(14)
    paragraph.paragraph_format.keep_with_next = True
    _font(paragraph.add_run(text), _THIRD, _HEAD)


def _numbered(level: str, number: int, text: str, view: View) -> str:
    """Put the number of a heading before it, in Chinese as official papers have it."""
    said = str(number) if view.lang == "en" else _numeral(number)
    return view.w[level].format(number=said, text=text)


def _numeral(number: int) -> str:
    """Return a number below 100 in Chinese; a larger one in figures."""
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    if tens > 9:
        return str(number)
    if not tens:
        return digits[ones]
    return (digits[tens] if tens > 1 else "") + "十" + (digits[ones] if ones else "")


def _signature(document: Any, lines: list[str]) -> None:
    """Add the places for the publishing body and the date, at the right below the text."""
    for place, line in enumerate(lines):
        paragraph = document.add_paragraph(line)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        paragraph.paragraph_format.right_indent = Pt((2 + 2 * (place > 0)) * _THIRD)
        paragraph.paragraph_format.keep_with_next = place < len(lines) - 1
        if not place:
            paragraph.paragraph_format.space_before = Pt(2 * _LINE)


def _group(document: Any, view: View, roster: Roster, number: int) -> None:
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
    said = _numbered("posting_second", number, w["posting_group"].format(**words), view)
    _font(paragraph.add_run(said), _THIRD, _GROUP)
    if roster.kind in view.a.policy.counted_only:
        counts = Counter(_area(view, u, roster.office) for u in roster.units)
        areas = sorted(counts, key=natural)
        numbers = [[str(n), area, str(counts[area])] for n, area in enumerate(areas, 1)]
        _table(document, [w["number"], w["area"], w["count"]], [1.6, 9.6, 4.4], numbers)
        _paragraph(document, w["posting_counted"].format(kind=view.kind(roster.kind)))
        return
    rows = [
        [str(n), view.unit(unit), _area(view, unit, roster.office)]
        for n, unit in enumerate(roster.units, 1)
    ]
    header, widths = [w["number"], w["name"], w["area"]], [1.6, 8.0, 6.0]
    if all(row[2] == w["none"] for row in rows):  # no empty column
        header, widths, rows = header[:2], [1.6, 14.0], [row[:2] for row in rows]
    _table(document, header, widths, rows)


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
        _cell(cell, text, _HEAD)
    for row in rows:
        for cell, text, width in zip(table.add_row().cells, row, widths, strict=True):
            cell.width = Cm(width)
            _cell(cell, text, _BODY, number=text.isdigit())
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)


def _cell(cell: Any, text: str, font: str, *, number: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    if number:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.line_spacing = Pt(20)
    _font(paragraph.add_run(text), _TABLE, font)
