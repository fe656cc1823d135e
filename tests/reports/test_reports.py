"""The page, the workbook and the list to post: what they say, and that they are safe to open."""

from __future__ import annotations

import base64
import hashlib
import importlib
import io
import json
import re
import sys
import zipfile
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

import pingan_logic
from pingan_logic import Facts, Incident, Ledger, RequestError, Unit
from pingan_logic.messages.pages import WORDS
from pingan_logic.programme import Programme, programme
from pingan_logic.reports import pdf, sheets, view, write, write_report
from pingan_logic.reports import posting as listed
from pingan_logic.reports.nearness import nearly_there
from pingan_logic.reports.pdf import find_program
from pingan_logic.reports.write import check_target
from pingan_logic.rules.find import data_folder
from pingan_logic.verdicts import Status
from tests.cli.test_cli import call

SAMPLE = data_folder("facts") / "sample-county"
Written = Callable[..., Path]
HOSTILE = '</script><img src=x onerror="document.title=1">'


@pytest.fixture(scope="module")
def sample() -> Programme:
    return programme(pingan_logic.load_facts(SAMPLE))


@pytest.fixture(scope="module")
def written(sample: Programme, tmp_path_factory: pytest.TempPathFactory) -> Written:
    """Return what writes the report of the sample in a form and a language, each of them once."""
    folder = tmp_path_factory.mktemp("reports")

    @cache
    def write(suffix: str, lang: str = "zh") -> Path:
        return write_report(sample, folder / f"{lang}{suffix}", lang)

    return write


@pytest.fixture(scope="module")
def hostile() -> Programme:
    """A county whose names try to be markup, formulas and sheet names."""
    units = [
        Unit("C", "county", HOSTILE),
        Unit("T", "township", "=1+1", "C"),
        Unit("V", "village", "@SUM(A1)", "T"),
        Unit("E", "enterprise", f"{HOSTILE}{{{{ 7*7 }}}}", "V"),
        Unit("F", "enterprise", "=HYPERLINK(1)", "V"),
    ]
    incidents = [Incident("I", "E", "pollution", date(2016, 5, 5))]
    return programme(Facts(units=units, incidents=incidents, ledgers=[Ledger("T", "*", 2016)]))


def page(result: Programme, folder: Path, lang: str = "zh") -> str:
    return write_report(result, folder / "r.html", lang).read_text(encoding="utf-8")


def embedded(text: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.S)
    assert found
    return dict(json.loads(found[1]))


def test_words_are_the_same_in_both_languages() -> None:
    assert WORDS["zh"].keys() == WORDS["en"].keys()
    for key, zh in WORDS["zh"].items():
        names = set(re.findall(r"\{(\w+)\}", zh))
        # where Chinese has a measure word, English names the kind
        assert names | {"kind"} >= set(re.findall(r"\{(\w+)\}", WORDS["en"][key])), key


def test_the_page_loads_nothing_and_allows_only_its_own_script(written: Written) -> None:
    text = written(".html").read_text(encoding="utf-8")
    assert not re.search(r"https?:|//[a-z]|@import|url\(", re.sub(r"<style>.*?</style>", "", text))
    assert not re.search(r"\s(style|on\w+)=", text)
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]+)"', text)
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    for tag in ("style", "script"):
        (inner,) = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.S)
        digest = base64.b64encode(hashlib.sha256(inner.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


def test_the_tree_holds_every_unit_but_the_met_households(
    sample: Programme, written: Written
) -> None:
    a = sample.current
    data = embedded(written(".html").read_text(encoding="utf-8"))
    shown = {n[0]: n for n in data["nodes"]}
    hidden = {u for u in a.units if u not in a.outcome.absent} - set(shown)
    assert hidden == set(a.select("household", "met"))
    kinds = [k[0] for k in data["kinds"]]
    for unit, node in shown.items():
        if unit in a:
            assert data["statuses"][node[3]] == a.status(unit).value
        if len(node) > 6:
            below = {kinds[k]: counts for k, *counts in node[6]}
            for kind, (failed, open_, met) in below.items():
                expected = a.count(kind, unit)
                assert (failed, open_, met) == (
                    expected["failed"],
                    expected["undetermined"],
                    expected["met"],
                )
    direct = Counter(a.units[u].parent for u in hidden)
    assert direct == {u: sum(n for _, n in node[7]) for u, node in shown.items()
                      if len(node) > 7 and node[7]}  # fmt: skip


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_reasons_on_the_page_are_those_of_the_explanation(
    sample: Programme, lang: str, written: Written
) -> None:
    data = embedded(written(".html", lang).read_text(encoding="utf-8"))
    node = next(n for n in data["nodes"] if n[0] == "B-12")
    rest, (clause, status, text) = data["answers"][node[5]]
    assert rest == 7
    assert data["clauses"][clause][0] == "三（八）2"
    assert data["statuses"][status] == "failed"
    assert "87.5%" in data["texts"][text]
    said = sample.current.explain("B-12").text(lang)
    assert data["texts"][text] in said


def test_names_cannot_become_markup_formulas_or_templates(
    hostile: Programme, tmp_path: Path
) -> None:
    text = page(hostile, tmp_path)
    assert "<img" not in text
    assert text.count("</script>") == 2
    assert "{{ 7*7 }}" in text
    assert {n[1] for n in embedded(text)["nodes"]} >= {HOSTILE, "=1+1"}
    book = openpyxl.load_workbook(write_report(hostile, tmp_path / "r.xlsx"))
    cells = [c for sheet in book for row in sheet.iter_rows() for c in row if c.value is not None]
    assert any(c.value == "=HYPERLINK(1)" for c in cells)
    assert {c.data_type for c in cells} <= {"s", "n"}
    write_report(hostile, tmp_path / "r.docx")
    assert any(HOSTILE in p.text for p in docx.Document(str(tmp_path / "r.docx")).paragraphs)


def test_a_text_longer_than_a_cell_is_cut_to_what_a_cell_holds() -> None:
    form = sheets.Column("t", 9)
    words = {**WORDS["zh"], "colon": "："}
    book = sheets.Book(words, "t", datetime(2014, 12, 31))
    texts = [f"{n}{'长' * 40_000}" for n in range(3)]
    book.sheet("a", [form, form], 3, [[texts, ["短"] * 3]])
    book.sheet("b", [form, form], 2, [[["同" * 40_000] * 2, [1, 2]]])
    found = openpyxl.load_workbook(io.BytesIO(book.content()))
    assert [c.value for c in found["a"]["A"][3:]] == [t[:32_767] for t in texts]
    assert [c.value for c in found["a"]["B"][3:]] == ["短"] * 3
    assert [c.value for c in found["b"]["A"][3:]] == ["同" * 32_767] * 2


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("suffix", [".html", ".xlsx", ".docx"])
def test_the_same_data_gives_the_same_file(
    sample: Programme, written: Written, tmp_path: Path, suffix: str, lang: str
) -> None:
    first = written(suffix, lang).read_bytes()
    assert write_report(sample, tmp_path / f"b{suffix}", lang).read_bytes() == first
    assert [p.name for p in tmp_path.iterdir()] == [f"b{suffix}"]


def test_the_workbook_has_a_sheet_for_each_body_and_every_failure(
    sample: Programme, written: Written
) -> None:
    book = openpyxl.load_workbook(written(".xlsx"))
    assert len(book.sheetnames) == 4 + len(sample.current.policy.bodies)
    for body, (name, _) in sample.current.policy.bodies.items():
        rows = list(book[name[:28]].iter_rows(min_row=4, values_only=True))
        assert len(rows) == sum(len(r.units) for r in sample.rosters if r.body == body)
    a = sample.current
    failures = list(book["未达标条款"].iter_rows(min_row=4, values_only=True))
    expected = {(u, f.source, f.text) for u in a for f in a[u].findings if f.status == "failed"}
    assert {(unit, source, text) for _, source, text, unit, _, _ in failures} == expected
    assert all(row[5] for row in failures)


def test_the_workbook_is_laid_out_to_be_printed(written: Written) -> None:
    book = openpyxl.load_workbook(written(".xlsx"))
    for sheet in book:
        assert sheet["A1"].value == f"样例县（虚构）2016年度平安创建报告：{sheet.title}"
        page = sheet.page_setup
        assert (page.paperSize, page.orientation, page.fitToHeight) == (9, "landscape", 0)
        assert (sheet.freeze_panes, sheet.print_title_rows) == ("A4", "$1:$3")
        assert sheet.auto_filter.ref == f"A3:{sheet.dimensions.partition(':')[2]}"
    rates = book["达标率与目标"]
    assert [c.value for c in rates[3]][:3] == ["范围", "类别", "目标"]
    assert rates["A4"].value == "样例县（虚构）"
    assert (rates["H4"].value, rates["H4"].number_format) == (0.333, "0.0%")
    assert (rates["C4"].value, rates["C4"].number_format) == (1, "0.0%")
    assert {rates[f"{c}4"].alignment.horizontal for c in "CDEFGHIJ"} == {"right"}


def inside(a: pingan_logic.Assessment, unit: str, scope: str) -> bool:
    """Whether a unit is below a container, or anywhere when none is named."""
    here: str | None = unit
    while scope and here and here != scope:
        here = a.units[here].parent
    return not scope or here == scope


def test_the_numbers_of_the_workbook_are_those_of_the_verdicts(
    sample: Programme, written: Written
) -> None:
    book = openpyxl.load_workbook(written(".xlsx"))
    a = sample.current
    kinds = {view.View(sample, "zh").kind(k): k for k in a.policy.judged_kinds}
    counts: Counter[tuple[str, str, str]] = Counter()
    for unit, judged in a.outcome.verdicts.items():
        for kind, status in judged.items():
            for scope in sample.scopes:
                counts[scope, kind, status] += inside(a, unit, scope)
    rows = list(book["达标率与目标"].iter_rows(min_row=4, values_only=True))
    assert len(rows) == sum(len(sample.attainments(s)) for s in sample.scopes)
    scopes = {s: s for s in sample.scopes if s}
    for place, kind, target, total, *three in (row[:7] for row in rows):
        scope = scopes.get(place.rpartition("（")[2].rstrip("）"), "")
        assert three == [counts[scope, kinds[kind], s] for s in ("met", "failed", "undetermined")]
        assert total == sum(three)
        attained = sample.now.of(kinds[kind], scope)
        assert attained is not None
        goal = attained.target
        assert target == (goal[0] / goal[1] if goal else "无目标")
    for met, failed, undetermined, low, high in (row[4:9] for row in rows):
        total = met + failed + undetermined
        assert abs(low - met / total) <= 0.001
        assert abs(high - (met + undetermined) / total) <= 0.001
    assert any(row[5] != row[6] for row in rows)
    trend = list(book["逐年变化"].iter_rows(min_row=4, values_only=True))
    county = [(y.year, r.kind, r.total, r.met, r.failed, r.undetermined)
              for y in sample.years for r in y.rows.values() if not r.scope]  # fmt: skip
    assert [(int(y), kinds[k], *four) for y, k, *four in (row[:6] for row in trend)] == county
    assert len(trend) == len(sample.years) * len(sample.attainments())


def test_the_workbook_gives_each_unit_of_a_roster_its_verdict(
    sample: Programme, written: Written
) -> None:
    book = openpyxl.load_workbook(written(".xlsx"))
    a = sample.current
    words = {view.View(sample, "zh").w[s.value]: s for s in Status}
    seen = set()
    for name, _ in a.policy.bodies.values():
        for _, _, _, unit, title, status in book[name[:28]].iter_rows(min_row=4, values_only=True):
            assert words[status] == a.status(unit), unit
            assert (title or "") == a.units[unit].name
            seen.add(words[status])
    assert seen == set(Status)


def test_the_list_to_post_names_the_area_below_the_office(
    sample: Programme, written: Written
) -> None:
    """A county's office sees townships, a township's what is below it."""
    document = docx.Document(str(written(".docx")))
    a = sample.current
    posted = [r for r in sample.rosters if r.role in a.policy.posted]
    assert len(posted) == len(document.tables)
    areas = set()
    for roster, table in zip(posted, document.tables, strict=True):
        for row in table.rows[1:]:
            cells = [c.text for c in row.cells]
            known = [u for u in roster.units if a.units[u].name == cells[1]]
            if not known or len(cells) < 3 or cells[2] == "—":
                continue
            area = next(u.id for u in a.units.values() if u.name == cells[2])
            assert inside(a, known[0], area)
            above = a.units[area].parent
            assert above == (roster.office or "000000")
            areas.add((roster.office is None, a.units[area].kind))
    assert (True, "township") in areas
    assert (False, "village") in areas


def test_the_list_to_post_names_the_met_units_and_counts_households(
    sample: Programme, written: Written
) -> None:
    document = docx.Document(str(written(".docx")))
    cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
    tables = [t for t in document.tables if t.rows[0].cells[1].text == "名称"]
    names = {row.cells[1].text for t in tables for row in t.rows}
    a = sample.current
    for unit in a:
        if a.units[unit].kind != "household":
            assert (a.units[unit].name in names) is (a.status(unit).value == "met"), unit
    text = "\n".join(p.text for p in document.paragraphs)
    assert not [u for u in a.units if u in cells or u in text], "no code is published"
    assert "拟授牌“平安家庭”（282户）" in text
    assert text.startswith("关于样例县（虚构）2016年度平安创建拟授牌单位的公示（稿）")
    assert "拟报有权机关审定后授牌" in text
    assert "公示期：____年__月__日" in text
    assert text.endswith("（发布机关，盖章）\n____年__月__日")
    assert "一、县“平安湘阴”创建工作领导小组及办公室\n（一）拟授牌“平安乡镇”（1个）" in text
    assert [listed._numeral(n) for n in (1, 10, 11, 20, 37, 100)] == [
        *("一", "十", "十一", "二十", "三十七", "100"),
    ]


def test_what_is_published_holds_neither_households_nor_codes(
    sample: Programme, tmp_path: Path
) -> None:
    a = sample.current
    text = write_report(sample, tmp_path / "p.html", public=True).read_text(encoding="utf-8")
    book = openpyxl.load_workbook(write_report(sample, tmp_path / "p.xlsx", public=True))
    cells = [str(v) for s in book for row in s.iter_rows(values_only=True) for v in row if v]
    assert "青竹镇" in text
    assert "青竹镇" in cells
    for unit in a.units.values():
        assert not re.search(rf"(?<![\d.]){re.escape(unit.id)}(?![\d.])", text), unit
        assert not any(unit.id in cell for cell in cells), unit
        assert unit.kind != "household" or unit.name not in text
    assert "内部资料" not in text


def test_what_is_published_has_no_code_for_want_of_a_name(tmp_path: Path) -> None:
    kinds = {"TTT": "township", "VVV": "village", "SSS": "school", "HHH": "household"}
    units = [Unit(u, k, "", None if u == "TTT" else "TTT") for u, k in kinds.items()]
    facts = Facts(units=units, ledgers=[Ledger("TTT", "*", 2014)])
    found = programme(facts, year=2014)
    page = write_report(found, tmp_path / "p.html", public=True).read_text(encoding="utf-8")
    book = openpyxl.load_workbook(write_report(found, tmp_path / "p.xlsx", public=True))
    draft = docx.Document(str(write_report(found, tmp_path / "p.docx", posting=True)))
    cells = [str(v) for s in book for row in s.iter_rows(values_only=True) for v in row if v]
    posted = [c.text for table in draft.tables for row in table.rows for c in row.cells]
    said = " ".join([page, *cells, *posted, *(p.text for p in draft.paragraphs)])
    assert not re.search("|".join(kinds), said)
    assert "（没有登记名称）" in page
    assert "（没有登记名称）" in posted


def test_what_names_households_is_marked_as_internal(written: Written) -> None:
    page = written(".html").read_text(encoding="utf-8")
    assert '<p class="internal">内部资料' in page
    assert "@page :first { @top-left { content: none; } }" in page, "it says so already"
    assert '<p class="internal">Internal' in written(".html", "en").read_text(encoding="utf-8")
    book = openpyxl.load_workbook(written(".xlsx"))
    assert all("内部资料" in (sheet.oddHeader.center.text or "") for sheet in book)


def test_the_list_to_post_is_laid_out_as_official_papers_are(written: Written) -> None:
    path = written(".docx")
    document = docx.Document(str(path))
    assert document.core_properties.title == document.paragraphs[0].text
    section = document.sections[0]
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(m.cm, 1) for m in margins] == [3.7, 3.5, 2.8, 2.6]
    assert document.styles["Normal"].font.size.pt == 16
    assert document.paragraphs[0].runs[0].font.size.pt == 22
    assert "PAGE" in section.footer._element.xml
    columns = [{c.text for c in k.cells[1:]} for t in document.tables for k in t.columns]
    assert {"—"} not in columns
    with zipfile.ZipFile(path) as archive:
        fonts = archive.read("word/fontTable.xml").decode()
    assert '<w:font w:name="仿宋"><w:altName w:val="仿宋_GB2312"/></w:font>' in fonts


def test_the_nearest_units_carry_their_cheapest_remedy(sample: Programme, written: Written) -> None:
    text = written(".html").read_text(encoding="utf-8")
    assert "清退违规收费：东堤学校（S-05），案事件I-071，工作量15" in text
    assert text.count('class="remedy"') == len(nearly_there(sample.current))
    assert "2016年度已不能达标。 从2017年度起可以重新参评" in text
    assert "差1栋、差4户" in text
    assert 'class="remedy"' in written(".html", "en").read_text(encoding="utf-8")


def test_no_remedy_is_looked_for_where_too_much_inside_is_open(
    sample: Programme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    current = sample.current
    near = [n.unit for n in nearly_there(current)]
    left = {
        u: sum(x in current and current.status(x) is not Status.MET for x in current.inside(u))
        for u in near
    }
    most = sorted(left.values())[len(near) // 2]
    few = sum(n <= most for n in left.values())
    assert 0 < few < len(near)
    monkeypatch.setattr(view, "_MOST_OPEN", most)
    text = page(sample, tmp_path)
    assert text.count('class="remedy"') == few
    assert f"合计超过{most}个的" in text


def test_the_nearest_come_first() -> None:
    facts = pingan_logic.load_facts(SAMPLE)
    near = nearly_there(pingan_logic.evaluate(facts))
    found = {n.unit: n.short for n in near}
    assert found["B-12"] == 5
    assert found["V-08"] == 1
    assert found["T-02"] is None
    assert [n.unit for n in near][:4] == ["T-02", "V-08", "C-04", "B-12"]
    assert near[-1].failed[0].basis == "prohibition"
    assert not any(u.startswith("H-") for u in found)


@pytest.mark.parametrize(
    ("out", "expected"),
    [("r.odt", ".html"), ("r.docs", ".docx"), ("r", ".html"), ("missing/r.html", "missing")],
)
def test_a_report_that_cannot_be_written_is_refused_before_any_work(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    out: str,
    expected: str,
) -> None:
    monkeypatch.chdir(tmp_path)  # a long path is shown cut short
    code, said, err = call(capsys, "report", "--out", out, "--facts", "nowhere")
    assert (code, said) == (2, "")
    assert expected in err
    assert "nowhere" not in err


def test_a_missing_library_is_named_with_the_extra(
    sample: Programme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(RequestError) as caught:
        write_report(sample, tmp_path / "r.xlsx")
    for lang in ("zh", "en"):
        assert re.search(r'pip install ".+\[report\]"', caught.value.words(lang))


def test_a_failed_run_leaves_what_was_there(
    sample: Programme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "r.html"
    path.write_text("before", encoding="utf-8")

    def fail(programme: Programme, lang: str, *, public: bool) -> bytes:
        raise RuntimeError

    monkeypatch.setattr(importlib.import_module("pingan_logic.reports.html_page"), "render", fail)
    with pytest.raises(RuntimeError):
        write_report(sample, path)
    monkeypatch.undo()
    monkeypatch.setattr("os.replace", lambda *_: (_ for _ in ()).throw(OSError(28, "full")))
    with pytest.raises(RequestError):
        write_report(sample, path)
    assert path.read_text(encoding="utf-8") == "before"
    assert [p.name for p in tmp_path.iterdir()] == ["r.html"]


def test_the_command_writes_the_report(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "r.html"
    code, out, err = call(capsys, "report", "--out", str(path), "--year", "2014", "--lang", "en")
    assert (code, out.strip()) == (0, str(path))
    text = path.read_text(encoding="utf-8")
    assert '<html lang="en">' in text
    assert "year by year" not in text  # one year is no trend
    assert "枫树村" in text
    assert "C-07" not in text
    assert io.StringIO(err).readline()


def test_a_report_of_a_past_year_stands_when_later_records_come(tmp_path: Path) -> None:
    facts = pingan_logic.load_facts(SAMPLE)
    for suffix in (".html", ".xlsx", ".docx"):
        now, then = (
            write_report(programme(f, year=2014), tmp_path / f"{n}{suffix}").read_bytes()
            for n, f in enumerate((facts, facts.until(2014)))
        )
        assert now == then


@pytest.mark.parametrize("posting", [False, True])
def test_a_pdf_that_no_program_prints_is_refused_in_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, posting: bool
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    for root in ("ProgramFiles", "ProgramFiles(x86)", "LocalAppData"):
        monkeypatch.delenv(root, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    with pytest.raises(RequestError, match="LibreOffice" if posting else "Edge"):
        check_target("a.pdf", posting=posting)
    programs = {True: "LibreOffice/program/soffice.exe",
                False: "Microsoft/Edge/Application/msedge.exe"}  # fmt: skip
    for place in programs.values():
        (tmp_path / place).parent.mkdir(parents=True)
        (tmp_path / place).touch()
    monkeypatch.setenv("ProgramFiles", str(tmp_path))
    assert Path(find_program(posting=posting)) == tmp_path / programs[posting]
    with pytest.raises(RequestError, match="公示稿只能写成"):
        check_target("a.html", posting=True)


@pytest.mark.parametrize("posting", [False, True])
def test_a_program_that_prints_nothing_is_said(
    sample: Programme, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, posting: bool
) -> None:
    for module in (pdf, write):
        monkeypatch.setattr(module, "find_program", lambda *, posting: sys.executable)
    with pytest.raises(RequestError, match="没有打印出 PDF"):
        write_report(sample, tmp_path / "a.pdf", posting=posting)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("posting", [False, True])
def test_page_and_list_are_printed_on_a4(sample: Programme, tmp_path: Path, posting: bool) -> None:
    try:
        find_program(posting=posting)
    except RequestError:
        pytest.skip("no program prints here")
    try:
        written = write_report(sample, tmp_path / "a.pdf", posting=posting).read_bytes()
    except RequestError:
        assert posting, "LibreOffice without its writer"
        pytest.skip("no program prints here")
    assert written.startswith(b"%PDF-")
    boxes = {tuple(map(round, map(float, b.split()))) for b in
             re.findall(rb"/MediaBox ?\[([^\]]*)\]", written)}  # fmt: skip
    assert boxes <= {(0, 0, 595, 842), (0, 0, 596, 842)}
    assert boxes or b"/ObjStm" in written
