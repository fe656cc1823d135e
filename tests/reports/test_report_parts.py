"""The parts of the reports, each by itself: how a PDF is asked for, what the page counts, names and
draws, how the tree hides what is met, what is published. One small county over three years."""

from __future__ import annotations

import io
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import attrs
import docx
import openpyxl
import pytest
from attrs import evolve
from docx.oxml.ns import qn

from pingan_logic import Policy, PolicyError, Problem, RequestError
from pingan_logic.intake import read_document
from pingan_logic.messages.pages import WORDS
from pingan_logic.programme import Programme, programme
from pingan_logic.reports import (
    html_page,
    nearness,
    pdf,
    posting,
    sheets,
    tree,
    view,
    workbook,
    write,
)
from pingan_logic.reports.tree import tree_data
from pingan_logic.reports.view import View, failures_by_clause
from tests.core.test_programme_text import of


@pytest.fixture
def over() -> Programme:
    return of(2016)


@pytest.fixture
def first() -> Programme:
    return of(2014, date(2014, 12, 30))


# PDF


def test_the_programs_are_called_to_print(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    source = tmp_path / "report.docx"
    profile = (tmp_path / "profile").as_uri()
    assert pdf._by_office("soffice", source, tmp_path) == [
        "soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", "pdf",
        "--outdir", str(tmp_path), str(source),
    ]  # fmt: skip
    for user in (0, 1000):
        monkeypatch.setattr("os.geteuid", lambda user=user: user, raising=False)
        line = pdf._by_browser("chrome", source, tmp_path)
        assert (line[0], line[-1]) == ("chrome", source.as_uri())
        assert ("--no-sandbox" in line) is (user == 0)
        assert {"--headless", "--no-pdf-header-footer", "--disable-gpu", "--no-first-run"} < {*line}
        assert f"--print-to-pdf={tmp_path / 'report.pdf'}" in line
        assert f"--user-data-dir={tmp_path / 'profile'}" in line


@pytest.mark.parametrize("posted", [False, True])
@pytest.mark.parametrize("fails", [False, True])
def test_what_is_printed_is_the_page_or_the_list(
    over: Programme, monkeypatch: pytest.MonkeyPatch, posted: bool, fails: bool
) -> None:
    seen: list[tuple[str, bytes]] = []
    made = posting if posted else html_page
    monkeypatch.setattr(
        made, "render", lambda p, lang, *, public: f"{lang} {public} {p is over}".encode()
    )
    monkeypatch.setattr(pdf, "find_program", lambda *, posting: f"/usr/bin/program-{posting}")

    def run(line: list[str], *, capture_output: bool, timeout: int, check: bool) -> None:
        source = Path(line[-1].removeprefix("file://"))
        seen.append((source.name, source.read_bytes()))
        assert line[0] == f"/usr/bin/program-{posted}"
        assert (capture_output, timeout > 60, check) == (True, True, True)
        if fails:
            raise subprocess.TimeoutExpired(line, timeout)
        (source.parent / "report.pdf").write_bytes(b"%PDF-1")

    monkeypatch.setattr(subprocess, "run", run)
    if fails:
        with pytest.raises(RequestError) as raised:
            pdf.render(over, "en", public=True, posting=posted)
        (problem,) = raised.value.problems
        assert problem.found == f"program-{posted}"
    else:
        assert pdf.render(over, "en", public=True, posting=posted) == b"%PDF-1"
    name = "report.docx" if posted else "report.html"
    assert seen == [(name, b"en True True")]


def test_a_program_is_found_by_name_or_where_it_is_installed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(pdf.shutil, "which", lambda n: f"/bin/{n}" if n == "chromium" else None)
    monkeypatch.setattr(pdf, "_installed", lambda names: f"installed {names[0]}")
    assert pdf.find_program(posting=False) == "/bin/chromium"
    assert pdf.find_program(posting=True) == "installed soffice"
    monkeypatch.setattr(pdf.shutil, "which", lambda n: None)
    monkeypatch.setattr(pdf, "_installed", lambda names: None)
    for posted, named in ((True, "LibreOffice"), (False, "Chromium")):
        with pytest.raises(RequestError) as raised:
            pdf.find_program(posting=posted)
        (problem,) = raised.value.problems
        assert named in problem.zh
        assert (problem.where("zh", options=True), problem.found) == ("--out", ".pdf")
    monkeypatch.undo()
    for root in ("ProgramFiles", "ProgramFiles(x86)", "LocalAppData"):
        monkeypatch.delenv(root, raising=False)
    monkeypatch.setattr(pdf.sys, "platform", "linux")
    assert pdf._installed(pdf._OFFICE) is None
    for root, place, names in (
        ("ProgramFiles", "LibreOffice/program/soffice.exe", pdf._OFFICE),
        ("ProgramFiles(x86)", "Microsoft/Edge/Application/msedge.exe", pdf._BROWSERS),
        ("LocalAppData", "Google/Chrome/Application/chrome.exe", pdf._BROWSERS),
    ):
        path = tmp_path / root / place
        path.parent.mkdir(parents=True)
        monkeypatch.setenv(root, str(tmp_path / root))
        assert pdf._installed(names) in (None, *(str(p) for p in tmp_path.rglob("*.exe")))
        path.touch()
        assert pdf._installed(names) is not None
    assert pdf._installed(pdf._OFFICE) == str(
        tmp_path / "ProgramFiles/LibreOffice/program/soffice.exe"
    )


# which module writes


def test_the_module_is_told_what_to_write(
    over: Programme, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    told: list[tuple[str, dict[str, Any]]] = []
    for module, name in ((html_page, "html"), (pdf, "pdf"), (posting, "docx"), (workbook, "xlsx")):
        monkeypatch.setattr(
            module, "render",
            lambda p, lang, name=name, **more: told.append((f"{name} {lang}", more)) or b"made",
        )  # fmt: skip
    monkeypatch.setattr(write, "find_program", lambda *, posting: "found")
    for name, options in (
        ("a.html", {}), ("a.xlsx", {"public": True}), ("a.docx", {"posting": True}),
        ("a.PDF", {"posting": True, "public": True}),
    ):  # fmt: skip
        path = write.write_report(over, tmp_path / name, "en", **options)
        assert (path, path.read_bytes()) == (tmp_path / name, b"made")
    assert told == [
        ("html en", {"public": False}), ("xlsx en", {"public": True}),
        ("docx en", {"public": False}), ("pdf en", {"public": True, "posting": True}),
    ]  # fmt: skip
    for name in ("a.html", "a.xlsx"):
        with pytest.raises(RequestError) as raised:
            write.check_target(name, posting=True)
        (problem,) = raised.value.problems
        assert problem.found == name
        assert ".docx 或 .pdf" in problem.zh
    monkeypatch.setitem(sys.modules, "docx", None)
    with pytest.raises(RequestError, match="缺少 docx"):
        write.check_target("a.pdf", posting=True)
    assert write.check_target("a.pdf") == "pdf"


# the page


def test_what_the_page_counts(over: Programme) -> None:
    v = View(over, "zh")
    page, a = v.page(), over.current
    cards = {name: n for name, _, n in page["cards"]}
    assert [name for name, _, _ in page["cards"]] == ["failed", "undetermined", "met"]
    statuses = [a.status(u).value for u in a]
    assert cards == {s: statuses.count(s) for s in cards}
    assert f"{len(a)}" in page["summary"]
    assert page["years"] == ["2014", "2015", "2016"]
    assert page["preliminary"] == ""
    assert [k for k, _ in page["kinds"]] == list(a.policy.judged_kinds)
    assert [b["kind"] for b in page["bars"]] == [t["kind"] for t in page["trends"]]
    assert page["near_more"] == ""
    assert View(of(2014, date(2014, 12, 30)), "zh").page()["trends"] == [], "one year is none"


def test_a_bar_and_a_line(over: Programme) -> None:
    v = View(over, "en")
    row = over.now.of("village")
    assert row is not None
    bar = v.bar(row)
    assert bar["counts"] == [4, 1, 2, 1]
    assert (bar["met"], bar["most"], bar["target"]) == (250, 500, 950)
    assert (bar["rate"], bar["target_text"], bar["result"]) == (
        "25.0% to 50.0%",
        "95%",
        "proven_missed",
    )
    assert "3" in bar["short"]
    none = over.now.of("hospital")
    assert none is not None
    assert v.bar(none)["short"] == ""
    compound = over.now.of("compound")
    assert compound is not None
    assert (v.bar(compound)["target"], v.bar(compound)["target_text"]) == (
        *(None, v.w["no_target"]),
    )
    line = v.trend("village")
    assert [(p["year"], p["x"]) for p in line["points"]] == [(2014, 72), (2015, 174), (2016, 276)]
    assert [(p["low"], p["high"]) for p in line["points"]] == [(120, 45), (70, 45), (95, 70)]
    assert line["target"] == 25
    assert v.trend("compound")["target"] is None
    assert [(p["year"], q["year"]) for p, q in line["steps"]] == [(2014, 2015), (2015, 2016)]
    assert line["alt"].endswith("2016 25.0% to 50.0%")


def test_a_year_without_units_of_a_kind_breaks_the_line(policy: Policy) -> None:
    units = [{"id": "C", "kind": "county"}, {"id": "S", "kind": "school", "parent": "C",
             "opened": "2015-03-01"}]  # fmt: skip
    ledgers = [{"unit": "C", "item": "*", "year": y} for y in (2014, 2015, 2016)]
    found = programme(
        read_document({"units": units, "ledgers": ledgers}, "d", policy), policy, 2016
    )
    line = View(found, "zh").trend("school")
    assert [bool(p["text"]) for p in line["points"]] == [False, True, True]
    assert [(p["year"], q["year"]) for p, q in line["steps"]] == [(2015, 2016)]
    assert "2014 —" in line["alt"]


def test_areas_by_kind(over: Programme) -> None:
    table = View(over, "zh").matrix()
    assert table["areas"] == "乡镇"
    assert [r["name"] for r in table["rows"]] == ["镇（T）", "T2"]
    assert "乡镇" not in table["kinds"], "an area counts what is inside it"
    for row in table["rows"]:
        assert len(row["cells"]) == len(table["kinds"])
    cells = dict(zip(table["kinds"], table["rows"][0]["cells"], strict=True))
    assert (cells["小区"]["text"], cells["小区"]["result"]) == ("1～2/2", "no_target")
    assert cells["家庭"]["text"] == "17/18"
    assert cells["家庭"]["alt"] == "94.4% 达不到"
    assert cells["学校"] == {"text": "—", "result": "no_units", "alt": ""}
    a = over.current
    assert [r["status"] for r in table["rows"]] == [a.status(u).value for u in ("T", "T2")]


def test_who_is_nearly_there(over: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    found = {n.unit: n for n in nearness.nearly_there(over.current)}
    zh, en = View(over, "zh"), View(over, "en")
    building = zh.near(found["B2"])
    assert (building["unit"], building["id"], building["kind"]) == ("=1+1（B2）", "B2", "楼栋")
    assert "1户" in building["said"]
    ((source, text, reason),) = building["lacking"]
    assert (source, text) == ("三（八）2", "平安家庭户数达100%")
    assert reason
    assert "1" in en.near(found["B2"])["said"]
    assert "户" not in en.near(found["B2"])["said"]
    school = found["S3"]
    assert zh.near(school)["said"] == zh.w["near_clause"]
    open_ = zh.near(attrs.evolve(school, open=3))["said"]
    assert open_ == zh.w["near_clause"] + zh.w["near_open"].format(n=3)
    settled = [n.distance for n in found.values()]
    assert settled == sorted(settled)
    assert found["S3"].distance == (True, 1, 0)
    assert found["V4"].distance == (False, 1, 0)
    monkeypatch.setattr(nearness, "FEW", 0)
    less = [n.unit for n in nearness.nearly_there(over.current)]
    assert set(less) <= set(found), "a single clause is near whatever it lacks"
    monkeypatch.setattr(view, "_NEAR", 1)
    page = zh.page()
    assert [n["id"] for n in page["near"]] == ["V4"]
    assert page["near_more"] == zh.w["near_more"].format(n=3, m=1)
    assert page["near"][0]["remedy"]
    monkeypatch.setattr(view, "_REMEDIES", 0)
    assert zh.page()["near"][0]["remedy"] == ""


def test_a_remedy_stands_only_where_it_is_proven(
    over: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    v = View(over, "zh")

    def remedy(_: Any, unit: str, *, limit: int) -> Any:
        if unit == "B2":
            raise PolicyError([Problem("x", "没有", "none")])
        assert 0 < limit < 60
        return SimpleNamespace(proven=unit == "V4")

    monkeypatch.setattr(view, "lost_for_the_year", lambda known, asked: {})
    monkeypatch.setattr(view, "find_remedy", remedy)
    monkeypatch.setattr(view, "remedy_brief", lambda found, lang: f"做 {lang}")
    assert v.remedies(["B2", "S3", "V4"]) == {"V4": "做 zh"}
    lost = SimpleNamespace(proven=True)
    monkeypatch.setattr(view, "lost_for_the_year", lambda known, asked: {"S3": lost, "B2": lost})
    assert v.remedies(["S3", "B2"]) == {"S3": "做 zh", "B2": "做 zh"}

    def fails(known: Any, asked: Any) -> Any:
        raise PolicyError([Problem("x", "没有", "none")])

    monkeypatch.setattr(view, "lost_for_the_year", fails)
    assert v.remedies(["V4"]) == {"V4": "做 zh"}
    monkeypatch.setattr(view, "_MOST_OPEN", v._open_inside("V4") - 1)
    assert v.remedies(["V4"]) == {}
    a = over.current
    assert v._open_inside("T") == sum(a.status(u).value != "met" for u in a.inside("T") if u in a)


def test_failures_name_the_first_of_many(first: Programme) -> None:
    v = View(first, "zh")
    (clause, units, open_), *_ = failures_by_clause(first.current)
    row = v.failure(clause, units, open_)
    assert (row["failed"], row["open"], row["kind"]) == (12, 21, "家庭")
    assert row["units"].count("、") == 11
    more = v.failure(clause, [*units, "G1"], 0)["units"]
    assert more == row["units"] + " …"
    assert row["text"] == v.clause(clause)


def test_the_lists_by_body(over: Programme) -> None:
    zh = View(over, "zh").rosters()
    towns = [r for r in zh if r["body"].startswith("所在乡镇")]
    assert {r["body"] for r in towns} == {"所在乡镇（3个）"} or all(
        "（" in r["body"] for r in towns
    )
    county = [r for r in zh if r not in towns]
    assert not any("（" in r["body"] for r in county)
    (assessed,) = (r for r in towns if r["role"] == "考核评比")
    assert "家庭33户" in assessed["said"].replace(" ", "")
    english = View(over, "en").rosters()
    (assessed,) = (r for r in english if r["role"] == "assesses" and "township (" in r["body"])
    assert "household 33" in assessed["said"]


@pytest.mark.parametrize(
    ("units", "place"),
    [
        ([("C", "county", "某县")], "某县"),
        ([("C", "county", "")], "全县"),
        ([("C", "county", "甲县"), ("D", "county", "乙县")], "全县"),
        ([], "全县"),
    ],
)
def test_the_place_of_a_report(policy: Policy, units: list[tuple[str, ...]], place: str) -> None:
    data = [dict(zip(("id", "kind", "name"), u, strict=True)) for u in units]
    tops = [u["id"] for u in data] or [None]
    data += [{"id": f"T{n}", "kind": "township", "name": "镇", **({"parent": t} if t else {})}
             for n, t in enumerate(tops)]  # fmt: skip
    data.append({"id": "S", "kind": "school", "name": "校", "parent": "T0"})
    found = programme(read_document({"units": data}, "d", policy), policy, 2014)
    v = View(found, "zh")
    assert v.place == place
    assert v.title == v.w["title"].format(**v.named)
    assert place in v.title
    assert "2014年度" in v.title


def test_a_name_that_is_published_has_no_code(over: Programme) -> None:
    inside, published = (View(over, "en", public=p) for p in (False, True))
    assert (inside.unit("T"), published.unit("T")) == ("镇 (T)", "镇")
    assert published.unit("T2") == published.w["nameless"]
    assert inside.measure("household") == ""
    assert View(over, "zh").measure("household") == "户"
    assert inside.names["T"] == "镇"
    assert inside.kind("household") == "household"


def test_the_page_is_marked_unless_it_is_published(over: Programme) -> None:
    inside, published = (html_page.render(over, "zh", public=p).decode() for p in (False, True))
    assert View(over, "zh").internal in inside
    assert View(over, "zh").internal not in published
    for text in (inside, published):
        assert "/*INTERNAL*/" not in text
        assert '<html lang="zh-CN">' in text


# the tree


def test_the_tree_hides_what_is_met_and_counted(over: Programme) -> None:
    data = tree_data(View(over, "zh"))
    a = over.current
    kinds = [k for k, _, _ in data["kinds"]]
    assert kinds == list(a.policy.kinds)
    assert data["counted"] == [View(over, "zh").kind(k) for k in a.policy.counted_only]
    assert data["statuses"] == ["failed", "undetermined", "met"]
    nodes = {n[0]: n for n in data["nodes"]}
    met = set(a.select("household", "met"))
    assert not met & set(nodes)
    rows = list(nodes)
    for unit, node in nodes.items():
        parent = a.units[unit].parent
        assert node[4] == (rows.index(parent) if parent else -1)
        assert kinds[node[2]] == a.units[unit].kind
        assert (node[5] >= 0) is (node[3] >= 0) is (unit in a)
    household = kinds.index("household")
    assert nodes["B2"][7] == [[household, 2]]
    assert nodes["B2"][6] == [[household, 1, 0, 2]]
    below = {kinds[k]: n for k, *n in nodes["T2"][6]}
    assert below["household"] == [1, 0, 14]
    assert below["building"] == [1, 0, 0]
    places = [(n[2], n[3] if n[3] >= 0 else 3) for n in data["nodes"]]
    assert places == sorted(places), "by kind, the worst first, those that are not judged last"
    rest, *told = data["answers"][nodes["B2"][5]]
    ((clause, status, text),) = told
    assert data["clauses"][clause][0] == "三（八）2"
    assert data["clauses"][clause][2] == [household]
    assert data["statuses"][status] == "failed"
    assert data["texts"][text]
    assert rest == sum(1 for c in a.policy.clauses_of("building")) - 1


def test_values_are_numbered_as_they_come() -> None:
    once = tree._Once()
    assert [once(x) for x in "abacb"] == [0, 1, 0, 2, 1]
    assert list(once.number) == ["a", "b", "c"]


# workbook and list


def test_a_workbook_that_is_published_has_the_rates_alone(over: Programme) -> None:
    books = [
        openpyxl.load_workbook(io.BytesIO(workbook.render(over, "zh", public=p)))
        for p in (False, True)
    ]
    inside, published = books
    assert published.sheetnames == inside.sheetnames[:2]
    mark = View(over, "zh").internal
    assert all(s["A2"].value == mark and mark in s.oddHeader.center.text for s in inside)
    assert not any(s["A2"].value or s.oddHeader.center.text for s in published)
    assert {s.oddFooter.center.text for s in inside} == {"第&P页，共&N页"}


def test_a_sheet_of_nothing_is_whole() -> None:
    book = sheets.Book({"colon": "：", "sheet_page": "p"}, "t", datetime(2014, 12, 31))
    columns = [sheets.Column("a", 9), sheets.Column("b", 9, "number")]
    book.sheet("s", columns, 0, [])
    book.sheet("u", columns, 1, [[["x"], [0.5]], [[], []]])
    found = openpyxl.load_workbook(io.BytesIO(book.content()))
    assert (found["s"].auto_filter.ref, found["s"].dimensions) == ("A3:B4", "A1:B3")
    assert found["s"]["A1"].value == "t：s"
    assert [c.value for c in found["u"][4]] == ["x", 0.5]
    assert {str(m) for m in found["u"].merged_cells.ranges} == {"A1:B1", "A2:B2"}


def test_texts_that_can_be_written_as_they_are() -> None:
    assert sheets._plain(["a", "乙", "x-1.2"])
    for bad in ("=1", "a\nb", "<", "&", " a", "a ", "x" * 32_768, "_x0041_", "\x01"):
        assert not sheets._plain(["a", bad]), bad
    assert not sheets._plain(["a", 1])
    assert sheets._plain(["x" * 32_767])
    assert sheets._cell(None, "1", "2") == sheets._cell("", "1", "2") == '<c s="1"/>'
    assert sheets._cell(0, "1", "2") == '<c s="1"><v>0</v></c>'
    assert 's="2"' in sheets._cell("=1", "1", "2")
    assert 's="1"' in sheets._cell(" a", "1", "2")
    assert "_x0001_" in sheets._cell("\x01", "1", "2")
    assert "_x005F_x0041_" in sheets._cell("_x0041_", "1", "2")


def listed(found: Programme, lang: str = "zh") -> Any:
    return docx.Document(io.BytesIO(posting.render(found, lang)))


def test_the_list_numbers_bodies_and_groups(over: Programme) -> None:
    texts = [p.text for p in listed(over).paragraphs]
    assert any(t.startswith("一、县") for t in texts)
    assert any(t.startswith("二、所在乡镇：镇") for t in texts)
    assert any(t.startswith("（一）") for t in texts)
    assert not any("（T）" in t for t in texts), "no code is published"
    english = [p.text for p in listed(over, "en").paragraphs]
    assert not any("一、" in t for t in english)
    assert any(t.startswith("1") for t in english)


def test_units_of_a_list_have_their_area_below_the_office(over: Programme) -> None:
    v = View(over, "zh", public=True)
    assert posting._area(v, "B", None) == "镇"
    assert posting._area(v, "B", "T") == "村"
    assert posting._area(v, "K", "T") == "村"
    assert posting._area(v, "V", "T") == "—"
    assert posting._area(v, "T", None) == "—"
    assert posting._area(v, "V3", "") == "—"
    assert [posting._numeral(n) for n in (9, 10, 19, 20, 21, 99, 100)] == [
        "九", "十", "十九", "二十", "二十一", "九十九", "100",
    ]  # fmt: skip


def test_a_list_of_nobody_says_so(policy: Policy) -> None:
    data = {"units": [{"id": "S", "kind": "school", "name": "校"}]}
    found = programme(read_document(data, "d", policy), policy, 2014)
    texts = [p.text for p in listed(found).paragraphs]
    words = WORDS["zh"]
    kinds = "乡镇、县直及驻县单位、企业、村（社区）、学校、医院、小区、楼栋、家庭"
    said = words["none_met"].format(notice=policy.notice[0], year="2014年度", kinds=kinds)
    assert said in texts
    assert not any("下列单位" in x for x in texts)
    there = [p.text for p in listed(of(2016)).paragraphs]
    assert not any("没有符合标准" in t for t in there)
    assert texts[-2:] == words["posting_signed"].split("|")
    early = [p.text for p in listed(of(2014, date(2014, 12, 30))).paragraphs]
    assert any("2014-12-30" in t or "12月30日" in t for t in early)
    assert not any("12-30" in t for t in texts)


def test_without_a_list_to_post_the_document_says_so(policy: Policy) -> None:
    data = {"units": [{"id": "S", "kind": "school", "name": "校"}]}
    roles = {kind: {"assesses": bodies["assesses"]} for kind, bodies in policy.roles.items()}
    found = programme(read_document(data, "d", policy), evolve(policy, roles=roles), 2014)
    texts = [p.text for p in listed(found).paragraphs]
    words = WORDS["zh"]
    assert words["none_posted"].format(notice=policy.notice[0]) in texts
    assert not any("下列单位" in t or "没有符合标准" in t for t in texts)


def test_the_list_is_laid_out_for_paper(over: Programme) -> None:
    document = listed(over)
    footer = document.sections[0].footer.paragraphs[0]
    marks = [m.get(qn("w:fldCharType")) for m in footer._element.iter(qn("w:fldChar"))]
    assert marks == ["begin", "end"]
    assert footer.text == "—  —"
    assert [r.font.size.pt for r in footer.runs] == [14] * 5
    cells = [c for row in document.tables[0].rows for c in row.cells]
    assert {c.paragraphs[0].paragraph_format.line_spacing.pt for c in cells} == {20}
    numbers = [row.cells[0].paragraphs[0].alignment for row in document.tables[0].rows[1:]]
    assert {a and int(a) for a in numbers} == {1}, "numbers stand in the middle"
    book = openpyxl.load_workbook(io.BytesIO(workbook.render(over, "zh")))
    assert {s.page_setup.paperSize for s in book} == {9}
    assert {s["A1"].alignment.vertical for s in book} == {"center"}


@pytest.mark.parametrize(("short", "near"), [(5, True), (6, False)])
def test_few_members_are_five(policy: Policy, short: int, near: bool) -> None:
    """A compound that two shares keep from its standard, each by one half of what it lacks."""
    units = [
        {"id": "V", "kind": "village"}, {"id": "K", "kind": "compound", "parent": "V"},
        {"id": "B", "kind": "building", "parent": "K"},
        *({"id": f"H{n}", "kind": "household", "parent": "B"} for n in range(20)),
    ]  # fmt: skip
    incidents = [
        {"id": f"I{n}", "unit": f"H{n}", "type": "neighbour_dispute", "date": "2014-05-01"}
        for n in range(short - 1)
    ]
    data = {"units": units, "incidents": incidents,
            "ledgers": [{"unit": "V", "item": "*", "year": 2014}]}  # fmt: skip
    a = programme(read_document(data, "d", policy), policy, 2014).current
    found = {n.unit: n for n in nearness.nearly_there(a)}
    assert ("K" in found) is near
