"""What page, workbook and list to post are made of, for one small county, whatever the words."""

from __future__ import annotations

import io
import json
import sys
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import docx
import openpyxl
import openpyxl.utils.escape
import pytest

from pingan_logic import RequestError
from pingan_logic.messages.explain import WORDS as COMMON
from pingan_logic.messages.pages import WORDS
from pingan_logic.messages.programme import WORDS as PROGRAMME
from pingan_logic.programme import Programme
from pingan_logic.reports import html_page, posting, sheets, workbook, write
from pingan_logic.reports.nearness import nearly_there
from pingan_logic.reports.tree import tree_data
from pingan_logic.reports.view import View, failures_by_clause
from pingan_logic.shell import install
from tests.core.marked import golden, mark
from tests.core.test_programme_text import of


@pytest.fixture
def over() -> Programme:
    return of(2016)


@pytest.fixture
def first() -> Programme:
    return of(2014, date(2014, 12, 30))


@pytest.fixture(autouse=True)
def _marked(monkeypatch: pytest.MonkeyPatch) -> None:
    mark(monkeypatch, COMMON, PROGRAMME, WORDS)


def told(view: View) -> str:
    values = view.page()
    assert values.pop("w") == view.w
    lines = []
    for key, value in {**tree_data(view), **values}.items():
        several = value if isinstance(value, list) else [value]
        lines += [key, *(json.dumps(v, ensure_ascii=False) for v in several)]
    return "\n".join(lines) + "\n"


def test_page_of_a_finished_year(over: Programme) -> None:
    golden("page.txt", told(View(over, "zh")))


def test_page_of_an_unfinished_year_in_english(first: Programme) -> None:
    golden("page-first.txt", told(View(first, "en")))


def cells(content: bytes) -> str:
    """Return every cell of a workbook with its format, and what else a sheet has."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    lines = [f"{book.properties.title} {book.properties.created}"]
    for sheet in book:
        wide = [f"{k}={d.width:.0f}" for k, d in sorted(sheet.column_dimensions.items())]
        page = sheet.page_setup
        lines.append(
            f"## {sheet.title} {sheet.dimensions} {sheet.freeze_panes} {sheet.auto_filter.ref} "
            f"{page.orientation} {page.fitToWidth} {page.fitToHeight} {sheet.print_title_rows}"
        )
        lines.append(" ".join(wide))
        before = ""
        for row in sheet.iter_rows():
            if (form := " | ".join(map(form_of, row))) != before:
                lines.append(f"  {form}")
            before = form
            lines.append(" | ".join(f"{c.data_type} {c.value}" for c in row))
    return "\n".join(lines) + "\n"


def form_of(cell: Any) -> str:
    """Return what the format of a cell says."""
    a, font, fill = cell.alignment, cell.font, cell.fill.fgColor
    form = [cell.number_format, cell.quotePrefix and "text", font.b and "bold", a.vertical,
            a.wrap_text and "wrap", fill.type == "rgb" and fill.rgb,
            font.color is not None and font.color.type == "rgb" and font.color.rgb]  # fmt: skip
    return ",".join(str(f) for f in form if f and f not in ("General", "00000000"))


def test_workbook(over: Programme) -> None:
    golden("workbook.txt", cells(workbook.render(over, "zh")))


def test_workbook_in_english(first: Programme) -> None:
    golden("workbook-first.txt", cells(workbook.render(first, "en")))


def test_a_roster_that_does_not_fit_is_refused() -> None:
    words = {"too_many": "too many", "colon": ":", "sheet_page": "p"}
    book = sheets.Book(words, "t", datetime(2014, 12, 31))
    book.sheet("a", [sheets.Column("x", 1), sheets.Column("y", 1)], 1_048_573, [])
    with pytest.raises(RequestError) as caught:
        book.sheet("b", [sheets.Column("x", 1), sheets.Column("y", 1)], 1_048_574, [])
    (problem,) = caught.value.problems
    assert (problem.place, problem.zh, problem.en, problem.found) == (
        *("out", "too many", "too many", "b"),
    )


def test_cells_hold_what_they_are_given() -> None:
    """Whatever stands in a text, it is text; numbers are numbers, and nothing stays nothing."""
    words = {"too_many": "", "colon": ":", "sheet_page": "p"}
    texts = ["甲", "=1+1", "<b>&\"'", " 空 格 ", "两\n行", "_x0041_", "a\x0bb", "-2", "x]]>", ""]
    columns = [sheets.Column("a", 9), sheets.Column("b", 9, "number"),
               sheets.Column("c", 9, "share")]  # fmt: skip
    for many in (1, 40):
        book = sheets.Book(words, "t", datetime(2014, 12, 31))
        rows = texts * many
        shares = [None, 0.5] * (len(rows) // 2)
        book.sheet("s", columns, len(rows), [[rows, [*range(len(rows))], shares]])
        sheet = openpyxl.load_workbook(io.BytesIO(book.content()))["s"]
        found = list(sheet.iter_rows(min_row=4))
        assert [openpyxl.utils.escape.unescape(r[0].value or "") for r in found] == rows
        assert {r[0].data_type for r in found} <= {"s", "inlineStr", "n"}
        assert [r[0].quotePrefix for r in found] == [t in ("=1+1", "-2") for t in rows]
        assert [r[1].value for r in found] == [*range(len(rows))]
        assert [r[2].value for r in found] == shares
        assert sheet.dimensions == f"A1:C{3 + len(rows)}"


def test_names_of_sheets_are_allowed_and_differ() -> None:
    book = sheets.Book({}, "", datetime(2014, 12, 31))
    assert book.name("a[b]:c*d?e/f\\g'h") == "a b  c d e f g h"
    assert [book.name("县" * 40), book.name("县" * 40), book.name("")] == [
        *("县" * 28, "县" * 28 + " 2", "-"),
    ]
    assert [book.name("Ab"), book.name("aB"), book.name("AB")] == ["Ab", "aB 2", "AB 3"]


def paragraphs(content: bytes) -> str:
    """Return a document's page, its paragraphs and tables with their format."""
    document = docx.Document(io.BytesIO(content))
    s, p = document.sections[0], document.core_properties
    style = document.styles["Normal"]
    lines = [
        f"{s.page_width.cm:.1f} {s.page_height.cm:.1f} {s.left_margin.cm:.1f} "
        f"{s.right_margin.cm:.1f} {s.top_margin.cm:.1f} {s.bottom_margin.cm:.1f}",
        f"{p.title}|{p.author}|{p.comments}|{p.created}|{p.modified}",
        f"{style.font.name} {style.font.size.pt} {style.element.rPr.rFonts.attrib}",
    ]
    for item in document.iter_inner_content():
        if hasattr(item, "text"):
            f = item.paragraph_format
            runs = [(r.font.size and r.font.size.pt, r.bold) for r in item.runs]
            spaces = [x and x.pt for x in (f.first_line_indent, f.space_before, f.space_after)]
            lines.append(f"{item.text} {item.alignment} {spaces} {f.keep_with_next} {runs}")
            continue
        lines.append(f"table {item.style.name} {item.autofit} {[c.width.cm for c in item.columns]}")
        for row in item.rows:
            head = row._tr.trPr is not None and row._tr.trPr.xml.count('w:tblHeader w:val="true"')
            lines.append(f"  {head} " + " | ".join(
                f"{c.text} {c.width.cm:.1f} {c.paragraphs[0].runs[0].font.size.pt}"
                f"{c.paragraphs[0].runs[0].bold or ''}" for c in row.cells))  # fmt: skip
    return "\n".join(lines) + "\n"


def test_list_to_post(over: Programme) -> None:
    golden("posting.txt", paragraphs(posting.render(over, "zh")))


def test_list_to_post_of_an_unfinished_year(first: Programme) -> None:
    golden("posting-first.txt", paragraphs(posting.render(first, "en")))


def test_the_list_to_post_has_no_time_of_its_own(over: Programme) -> None:
    archive = zipfile.ZipFile(io.BytesIO(posting.render(over, "en")))
    assert {i.date_time for i in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert {i.compress_type for i in archive.infolist()} == {zipfile.ZIP_DEFLATED}
    properties = docx.Document(io.BytesIO(posting.render(over, "en"))).core_properties
    assert properties.created.replace(tzinfo=None) == datetime(2016, 12, 31)


def test_the_page_holds_its_values(over: Programme) -> None:
    text = html_page.render(over, "zh").decode("utf-8")
    assert '<html lang="&lt;lang&gt;">' in text
    assert "<title>&lt;title 县 平安创建 &lt;year_only 2016&gt;&gt;</title>" in text
    (data,) = [part for part in text.split("<script ") if part.startswith('type="application/json')]
    inner = data.partition(">")[2].partition("</script>")[0]
    assert json.loads(inner) == json.loads(json.dumps(tree_data(View(over, "zh"))))
    assert ": " not in inner
    assert "镇" in inner


def test_failures_come_by_number_and_then_in_the_order_of_the_notice(first: Programme) -> None:
    rows = failures_by_clause(first.current)
    assert [(c, len(units), open_) for c, units, open_ in rows][:2] == [
        ("household_disputes", 12, 21),
        ("building_drugs", 1, 1),
    ]
    clauses = list(first.current.policy.clauses)
    ones = [clauses.index(c) for c, units, _ in rows if len(units) == 1]
    assert ones == sorted(ones)


def test_what_is_nearly_there(first: Programme, over: Programme) -> None:
    for programme in (first, over):
        for near in nearly_there(programme.current):
            assert near.failed
            assert programme.current.status(near.unit) == "failed"
    found = [(n.unit, n.short, n.open) for n in nearly_there(over.current)]
    assert found == [("V4", 1, 0), ("B2", 1, 0), ("S3", None, 0)]


def test_a_report_of_an_unknown_format(over: Programme, tmp_path: Path) -> None:
    assert [write.check_target(f"a{s}") for s in (".html", ".XLSX", ".docx")] == [
        *("html_page", "workbook", "posting"),
    ]
    with pytest.raises(RequestError) as caught:
        write.write_report(over, tmp_path / "报告.htm")
    (p,) = caught.value.problems
    assert (p.place, p.found, p.nearest) == ("out", "报告.htm", ".html")
    assert p.zh == "扩展名应为 .html、.xlsx、.docx、.pdf"
    assert p.en == "expected a file name ending in .html, .xlsx, .docx, .pdf"
    path = tmp_path / "a.html"
    assert write.write_report(over, str(path), "en") == path
    assert path.read_bytes() == html_page.render(over, "en")
    assert write.write_report(over, path) == path
    assert path.read_bytes() == html_page.render(over, "zh")
    with pytest.raises(RequestError, match="已存在"):
        write.write_report(over, path, overwrite=False)


def test_a_report_whose_library_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "docx", None)
    with pytest.raises(RequestError) as caught:
        write.check_target("x/公示.docx")
    (p,) = caught.value.problems
    command = install("report")
    assert command.endswith('[report]"')
    assert (p.place, p.found, p.nearest) == ("out", "公示.docx", None)
    assert p.zh == f"缺少 docx，请安装：{command}"
    assert p.en == f"docx is missing; install it: {command}"
