"""Input made to do harm: bombs, lies about sizes, files without end. Refused by name, and soon."""

from __future__ import annotations

import io
import json
import re
import sqlite3
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import pingan_logic
from pingan_logic import InputError, PinganError, Policy, PolicyError, Problem, RequestError
from pingan_logic.cases import load_cases
from pingan_logic.cli import run
from pingan_logic.errors import PROBLEMS, nearest, visible
from pingan_logic.export.annotate import annotate
from pingan_logic.intake import database as sql
from pingan_logic.intake import patience, read_source
from pingan_logic.intake.database import read_database
from pingan_logic.policy.settings import parse_setting
from pingan_logic.questions.comparison import read_change
from pingan_logic.rules.scan import scan
from tests.fuzz.postgres import Server
from tests.fuzz.targets.postgresql import WELL
from tests.intake.books import good_book

_SECONDS = 8
"""Processor time after which an input counts as a hang."""
SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture(autouse=True)
def soon() -> Iterator[None]:
    start = time.process_time()
    yield
    assert time.process_time() - start < _SECONDS


def refusal(path: Path | str, policy: Policy) -> str:
    """Return what is said of data that is refused."""
    with pytest.raises(InputError) as caught:
        pingan_logic.load_facts(path, policy)
    return caught.value.words()


def rebuilt(change: Callable[[dict[str, bytes]], None], *, packed: bool = True) -> bytes:
    """Return the good workbook with its parts changed."""
    out = io.BytesIO()
    good_book().save(out)
    with zipfile.ZipFile(out) as book:
        parts = {n: book.read(n) for n in book.namelist()}
    change(parts)
    again = io.BytesIO()
    how = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    with zipfile.ZipFile(again, "w", how) as book:
        for name, content in parts.items():
            book.writestr(name, content)
    return again.getvalue()


def with_rows(rows: bytes) -> bytes:
    """Return the good workbook with these rows at the end of the sheet of units."""
    return rebuilt(
        lambda p: p.update({SHEET: p[SHEET].replace(b"</sheetData>", rows + b"</sheetData>")})
    )


CELL = b'<c r="%s" t="inlineStr"><is><t>x</t></is></c>'
SPREAD = {
    "last cell of a sheet": (b'<row r="1048576">' + CELL % b"XFD1048576" + b"</row>", "单元格"),
    "column Z of row 999,999": (b'<row r="999999">' + CELL % b"Z999999" + b"</row>", "单元格"),
    "row beyond any sheet": (b'<row r="1048577">' + CELL % b"A1048577" + b"</row>", "1048577"),
    "row beyond 64 bits": (
        b'<row r="9">' + CELL % b"D9223372036854775807" + b"</row>", "完整的工作簿"
    ),
    "row of a billion without cells": (b'<row r="999999999"/>', "999999999"),
    "column beyond any sheet": (b'<row r="9">' + CELL % b"ZZZ9" + b"</row>", "ZZZ9"),
    "quotes of the other kind": (
        b"<row r='1048576'><c r='XFD1048576' t='str'><v>x</v></c></row>", "单元格"
    ),
    "escaped reference": (
        b'<row r="1048576">' + CELL % b"&#88;FD1048576" + b"</row>", "单元格"
    ),
    "prefixed names": (b'<x:row r="9"><x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>', "完整"),
    "cells that do not say where": (
        b"<row>" + b"<c><v>1</v></c>" * 9000 + b"</row>" + b"<row/>" * 9000
        + b"<row><c><v>1</v></c></row>", "单元格"
    ),
    "comment without end": (b'<row r="9"><c r="A9"><v>1<!-- </v></c></row>', "<!--"),
    "document type": (b'<!DOCTYPE a [<!ENTITY b "c">]>', "DOCTYPE"),
}  # fmt: skip


@pytest.mark.parametrize("name", SPREAD)
def test_a_sheet_that_would_fill_memory_is_refused(
    name: str, engine: str, tmp_path: Path, policy: Policy
) -> None:
    rows, said = SPREAD[name]
    path = tmp_path / "台账.xlsx"
    path.write_bytes(with_rows(rows))
    assert said in refusal(path, policy)


def test_formats_far_away_do_no_harm(engine: str, tmp_path: Path, policy: Policy) -> None:
    path = tmp_path / "台账.xlsx"
    path.write_bytes(with_rows(b'<row r="99999" s="1"><c r="XFD99999" s="1"/></row>'))
    assert len(pingan_logic.load_facts(path, policy).units) == 7


def test_a_size_that_lies_does_no_harm(engine: str, tmp_path: Path, policy: Policy) -> None:
    def lie(parts: dict[str, bytes]) -> None:
        size = rb'<dimension ref="A1:XFD1048576"/>'
        parts[SHEET] = re.sub(rb"<dimension [^>]*/>", size, parts[SHEET])

    path = tmp_path / "台账.xlsx"
    path.write_bytes(rebuilt(lie))
    assert len(pingan_logic.load_facts(path, policy).units) == 7


@pytest.mark.parametrize("part", ["mergeCells", "cols"])
def test_areas_without_measure_are_refused_or_cut(
    part: str, engine: str, tmp_path: Path, policy: Policy
) -> None:
    more = {
        "mergeCells": b'<mergeCells><mergeCell ref="A9:XFD1048576"/></mergeCells>',
        "cols": b'<cols><col min="-999999999" max="999999999" hidden="1"/></cols>',
    }[part]

    def widen(parts: dict[str, bytes]) -> None:
        parts[SHEET] = parts[SHEET].replace(b"</sheetData>", b"</sheetData>" + more)

    path = tmp_path / "台账.xlsx"
    path.write_bytes(rebuilt(widen))
    assert re.search(
        {"mergeCells": "合并单元格", "cols": "隐藏|完整的工作簿"}[part], refusal(path, policy)
    )


def zip_of(*entries: tuple[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as book:
        for name, content in entries:
            book.writestr(name, content)
    return out.getvalue()


def bomb_by_ratio() -> bytes:
    return rebuilt(lambda p: p.update({SHEET: p[SHEET] + b" " * 20_000_000}))


def bomb_of_parts() -> bytes:
    return rebuilt(lambda p: p.update({f"xl/x{n}.xml": b"" for n in range(2100)}))


def part_twice() -> bytes:
    data = io.BytesIO(rebuilt(lambda p: None))
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(data, "a") as book:
        book.writestr(SHEET, b"<worksheet/>")
    return data.getvalue()


def size_announced_too_small() -> bytes:
    """The directory says 100 bytes for shared strings that unpack to 50 MB."""
    strings = b"<sst>" + b"<si><t>x</t></si>" * 3_000_000 + b"</sst>"
    data = bytearray(rebuilt(lambda p: p.update({"xl/sharedStrings.xml": strings})))
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        begin = data.index(b"xl/sharedStrings.xml", data.rindex(mark) if at == 24 else 0)
        begin = data.rindex(mark, 0, begin)
        data[begin + at : begin + at + 4] = (100).to_bytes(4, "little")
    return bytes(data)


def other_compression() -> bytes:
    return zip_of(("_rels/.rels", b"<a/>"), ("xl/workbook.xml", b"<a/>"), how=zipfile.ZIP_LZMA)


def encrypted() -> bytes:
    data = bytearray(rebuilt(lambda p: None))
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    return bytes(data)


def utf16() -> bytes:
    return rebuilt(lambda p: p.update({SHEET: p[SHEET].decode().encode("utf-16")}))


def declared_otherwise() -> bytes:
    head = b'<?xml version="1.0" encoding="UTF-7"?>'
    return rebuilt(lambda p: p.update({SHEET: head + p[SHEET]}))


def torn() -> bytes:
    data = rebuilt(lambda p: None)
    return data[: len(data) // 2] + b"\0" * 40 + data[len(data) // 2 + 40 :]


ZIPS = {
    bomb_by_ratio: "200倍",
    bomb_of_parts: "2000",
    part_twice: "2 × xl/worksheets/sheet1.xml",
    size_announced_too_small: "完整",
    other_compression: "compress_type=14",
    encrypted: "flag_bits=0x1",
    utf16: "\\xff\\xfe",
    declared_otherwise: "UTF-7",
    torn: "完整",
}


@pytest.mark.parametrize("make", ZIPS, ids=lambda m: m.__name__)
def test_a_zip_that_is_not_what_it_says_is_refused(
    make: Callable[[], bytes], engine: str, tmp_path: Path, policy: Policy
) -> None:
    path = tmp_path / "台账.xlsx"
    path.write_bytes(make())
    assert ZIPS[make] in refusal(path, policy)


ODS = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body>'
    "<office:spreadsheet>{}</office:spreadsheet></office:body></office:document-content>"
)
FULL = '<table:table-cell office:value-type="string"{}><text:p>{}</text:p></table:table-cell>'
ROW = "<table:table-row{}>{}</table:table-row>"
TABLE = '<table:table table:name="单位">{}</table:table>'
AGAIN = ' table:number-{}-repeated="{}"'
SHEETS = {
    "a million full rows": (
        TABLE.format(ROW.format(AGAIN.format("rows", 1048576),
                                FULL.format(AGAIN.format("columns", 16384), "x"))), "单元格"),
    "a hundred sheets of blank rows": (
        TABLE.format(ROW.format(AGAIN.format("rows", 1_000_000), "") + ROW.format("", "")) * 100,
        "单元格"),
    "more rows than a sheet has": (
        TABLE.format(ROW.format(AGAIN.format("rows", 99999999), FULL.format("", "x"))), "99999999"),
    "repeated minus five times": (
        TABLE.format(ROW.format(AGAIN.format("rows", -5), FULL.format("", "x"))), "-5"),
    "number beyond reading": (
        TABLE.format(ROW.format(AGAIN.format("rows", "9" * 5000), "")), 'repeated="999'),
    "merged to the end": (
        TABLE.format(ROW.format("", FULL.format(' table:number-rows-spanned="1048576" '
                                'table:number-columns-spanned="16384"', "编号"))), "合并单元格"),
    "a billion spaces": (
        TABLE.format(ROW.format("", FULL.format("", '<text:s text:c="999999999"/>'))), "单位"),
    "texts nested thousands deep": (
        TABLE.format(ROW.format("", FULL.format("", "<text:span>" * 9000 + "</text:span>" * 9000))),
        "完整"),
    "a table in a table": (
        TABLE.format(ROW.format("", TABLE.format(""))), "<table:table> <table:table>"),
    "a row outside of tables": (ROW.format("", FULL.format("", "x")), "单位"),
    "elements without number in a row": (
        TABLE.format(ROW.format("", "<table:x/>" * 200_000)), "<table:table-row> 131073"),
    "a number that is none": (
        TABLE.format(ROW.format("", '<table:table-cell office:value-type="float" '
                                    'office:value="nan"/>' * 3)), "单位"),
    "an endless number": (
        TABLE.format(ROW.format("", '<table:table-cell office:value-type="float" '
                                    'office:value="inf"/>' * 3)), "单位"),
    "a late document type": (
        TABLE.format(ROW.format("", FULL.format("", "x"))) + "<!--" + "x" * 9000 + "-->"
        + "<!DOCTYPE a>", "DOCTYPE"),
}  # fmt: skip


@pytest.mark.parametrize("name", SHEETS)
def test_an_ods_that_would_fill_memory_is_refused(
    name: str, tmp_path: Path, policy: Policy
) -> None:
    content, said = SHEETS[name]
    path = tmp_path / "台账.ods"
    mimetype = b"application/vnd.oasis.opendocument.spreadsheet"
    book = io.BytesIO()
    with zipfile.ZipFile(book, "w") as parts:
        parts.writestr("mimetype", mimetype)
        parts.writestr("content.xml", ODS.format(content))
    path.write_bytes(book.getvalue())
    assert said in refusal(path, policy)


def database(path: Path, script: str) -> str:
    with sqlite3.connect(path) as lite:
        lite.executescript(script)
    lite.close()
    return f"sqlite:///{path}"


def test_a_view_without_end_is_stopped(
    tmp_path: Path, policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "DATABASE_SECONDS", 1)
    url = database(
        tmp_path / "a.db",
        "CREATE VIEW units AS WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM r) "
        "SELECT n AS id, 'household' AS kind, '' AS name, NULL AS parent FROM r WHERE n < 0;",
    )
    assert "1秒内" in refusal(url, policy)


def test_a_view_with_more_rows_than_we_read_is_refused(
    tmp_path: Path, policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sql, "DATABASE_ROWS", 1000)
    url = database(
        tmp_path / "a.db",
        "CREATE VIEW units AS WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM r LIMIT "
        "30000) SELECT n AS id, 'household' AS kind, '' AS name, NULL AS parent FROM r;",
    )
    assert "超过1000行" in refusal(url, policy)


@pytest.fixture(scope="module")
def server() -> Server:
    pytest.importorskip("psycopg")
    return Server()


def test_a_server_that_means_well_is_read(server: Server, policy: Policy) -> None:
    server.script = WELL
    facts = pingan_logic.load_facts(f"postgresql://clerk@127.0.0.1:{server.port}/ledger", policy)
    assert [unit.id for unit in facts.units] == ["7", "H"]
    assert [(score.unit, str(score.score)) for score in facts.scores] == [("7", "84.99")]
    assert [poll.result for poll in facts.polls] == ["met"]


@pytest.mark.parametrize(
    "version",
    [
        "KingbaseES V008R006C005B0023 on x86_64-pc-linux-gnu, compiled by gcc",
        "(openGauss 3.0.0 build 02c14696) compiled at 2022-04-01 18:12:19 commit 0 last mr",
        "PolarDB",
        "",
    ],
)
def test_a_relative_of_postgresql_is_read(version: str, server: Server, policy: Policy) -> None:
    server.script = WELL.replace(b"PostgreSQL 15.4 on x86_64-pc-linux-gnu", version.encode())
    server.script = server.script.replace(
        b"server_version=15.4", b"server_version=" + version[:9].encode()
    )
    facts = pingan_logic.load_facts(f"postgresql://clerk@127.0.0.1:{server.port}/ledger", policy)
    assert [unit.id for unit in facts.units] == ["7", "H"]


@pytest.mark.parametrize(
    ("line", "said", "refused"),
    [
        ("? startup", "H", "1秒内"),
        ("? pg_catalog.version()", "H", "1秒内"),
        ("? FROM units", "H", "1秒内"),
        ("? FROM units", "N again\n* 9999999999", "1秒内"),
        ("D H|household|~|7|~", "* 9999999999", "一次回答超过16MiB"),
        ("D H|household|~|7|~", "* 1500", "超过1000行"),
    ],
)
def test_a_server_that_never_ends_is_stopped(
    line: str, said: str, refused: str, server: Server, policy: Policy,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(sql, "CONNECT_SECONDS", 2)
    monkeypatch.setattr(sql, "DATABASE_ROWS", 1000)
    monkeypatch.setattr(patience, "DATABASE_SECONDS", 1)
    monkeypatch.setattr(patience, "FILE_BYTES", 2**24)
    server.script = WELL.replace(f"{line}\n".encode(), f"{line}\n{said}\n".encode())
    start = time.monotonic()
    assert refused in refusal(f"postgresql://clerk@127.0.0.1:{server.port}/ledger", policy)
    assert time.monotonic() - start < 5


def test_any_value_may_stand_in_any_column_of_sqlite(tmp_path: Path, policy: Policy) -> None:
    url = database(
        tmp_path / "a.db",
        "CREATE TABLE units(id TEXT PRIMARY KEY, kind, name BLOB, parent, opened DATE, "
        "closed DATETIME);"
        "INSERT INTO units VALUES ('A','household','',NULL,'2013/5/1','2014-05-01 00:00:00'),"
        "('B','household',X'ff00',NULL,'never',1e999);"
        "CREATE TABLE scores(unit, year, score NUMERIC(5,2));"
        "INSERT INTO scores VALUES ('A',2014,84.99),('B',2014,X'00');",
    )
    said = refusal(url, policy)
    assert "id=A" not in said
    for place in ("units(id=B) name", "units(id=B) opened", "units(id=B) closed", "score"):
        assert place in said


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:///{}?plugin=anything",
        "sqlite:///{}?timeout=soon",
        "sqlite:///{}\0",
        "sqlite:///" + "x" * 5000,
        "sqlite+nothing:///{}",
        "sqlite://{}",
    ],
)
def test_odd_addresses_of_databases_are_refused(url: str, tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    database(path, "CREATE TABLE units(id);")
    with pytest.raises(PinganError):
        read_database(url.format(path))


@pytest.mark.parametrize("path", ["x\0y", "a\0/b", "x" * 5000, "x/" * 3000, "\udc80.csv"])
def test_paths_that_cannot_be_are_not_there(path: str, policy: Policy) -> None:
    with pytest.raises(RequestError) as caught:
        pingan_logic.load_facts(path, policy)
    caught.value.words().encode()


CASES = {
    "units by text": ("- {name: 试, units: 校, expect: {校: 达标}}", "名称：内容"),
    "expectations by list": ("- {name: 试, units: {校: school}, expect: [达标]}", "名称：内容"),
    "programme by number": ("- {name: 试, units: {校: school}, programme: {school: 1}}", "名称"),
    "no such character": ('- {name: "\\UFFFFFFFF"}', "YAML"),
    "no such rank": (
        "- {name: 试, units: {校: school}, polls: {校: ²}, expect: {校: 达标}}", "`²`"),
    "year of nought": ("- {name: 试, year: 0000, units: {校: school}, expect: {校: 达标}}", "年份"),
    "ranges": (
        "- {name: 试, units: {" + ", ".join(f"户{n}_1..99999: household" for n in range(40))
        + "}, expect: {户0_1: 达标}}", "200000"),
    "incidents at ranges": (
        "- {name: 试, units: {户1..9000: household}, expect: {户1: 达标}, incidents: ["
        + ", ".join(["户1..9000 gambling"] * 60) + "]}", "200000"),
    "rows": (
        "- {name: '{a}', units: {校1..99: school}, expect: {"
        + ", ".join(f"校{n}：达标" for n in range(1, 99)) + "}, rows: ["
        + ", ".join(["{a: 1}"] * 3000) + "]}", "200000"),
    "text of texts": (
        "- {name: '" + "{a}" * 600 + "', units: {校: school}, expect: {校: 达标}, rows: [{a: '"
        + "x" * 1900 + "'}]}", "2000"),
    "long file": ("# " + "x" * 2**20 + "\n", "1024KiB"),
    "deep": ("[" * 2000, "YAML"),
    "in itself": ("- &a {name: 试, units: *a}", "20层"),
    "escape code in a name": ('- {name: "试\\e[31m"}', "控制字符"),
    "number beyond reading": (
        "- {name: 试, units: {'户1.." + "9" * 5000 + "': household}, expect: {}}", "YAML"),
    "long text": ("- {name: '" + "x" * 3000 + "'}", "文字超过"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_case_file_that_would_do_harm_is_refused(
    name: str, tmp_path: Path, policy: Policy
) -> None:
    text, said = CASES[name]
    path = tmp_path / "x.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_cases(path, policy)
    assert said in caught.value.words()


SETTINGS = (
    *("switch(repeated)=²", "switch(repeated)=" + "9" * 5000, "threshold(building_households)=0/0"),
    *("pass_mark(township_score)=100.01", "target(village)=٩٠%", "x" * 5000, "switch(\n)=1"),
)


@pytest.mark.parametrize("text", SETTINGS, ids=lambda t: t[:24].encode().hex())
def test_settings_that_are_none_are_refused(text: str, policy: Policy) -> None:
    with pytest.raises(RequestError) as caught:
        parse_setting(text, policy)
    assert caught.value.words().count("\n") == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[" * 100_000, "嵌套过深"),
        ('{"add": {"units": []}, "add": {}}', "键重复"),
        ('{"remove": {"units": [{"id": NaN}]}}', "JSON"),
        ("{" + ",".join(f'"k{i}":1' for i in range(50_000)) + ',"k49999":2}', "键重复"),
    ],
)
def test_change_files_are_read_as_strictly_as_data(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "change.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_change(path)
    assert said in caught.value.words()


@pytest.mark.no_cover
def test_what_is_wrong_everywhere_is_told_soon(tmp_path: Path, policy: Policy) -> None:
    rows = [f"H-{n},平安家廷{n},,X-{n}" for n in range(20_000)]
    (tmp_path / "units.csv").write_text("\n".join(["id,kind,name,parent", *rows]), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        pingan_logic.load_facts(tmp_path, policy)
    # and the first row of the other cause
    told = PROBLEMS + 1
    assert len(caught.value.problems) == told
    assert caught.value.more == 40_000 - told
    assert f"另有{40_000 - told}个" in caught.value.words().splitlines()[-1]


@pytest.mark.parametrize("mark", ["*", "(", "()", "※", " ", "(("])
def test_a_header_of_marks_is_told_soon(mark: str, tmp_path: Path, policy: Policy) -> None:
    header = f"id,kind,name,parent,a{mark * 50_000}x"
    (tmp_path / "units.csv").write_text(f"{header}\nH,household,,,\n", encoding="utf-8")
    assert "不认识的列" in refusal(tmp_path, policy)


def test_nothing_is_like_a_word_of_a_million_characters() -> None:
    ids = {f"H-{n}" for n in range(100_000)}
    assert nearest("".join(map(chr, range(0x4E00, 0x9000))) * 50, ids) is None


def test_a_policy_may_fill_neither_memory_nor_stack(tmp_path: Path) -> None:
    path = tmp_path / "x.lp"
    for text, said in (
        ("a(" + "(" * 60 + "1" + ")" * 60 + ").", "50层"),
        ("a(1" + "+1" * 3000 + ").", "5000个字符"),
        ("a(1). " * 200_000, "1024KiB"),
        ('"a"b' * 50_000 + '"', "5000个字符"),
        ('"' + "a" * 100_000, "引号"),
        ("% " * 300_000 + "\n@f().", "外部函数"),
    ):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(PolicyError) as caught:
            scan([path])
        assert said in caught.value.words()


def test_messages_show_control_and_direction_characters() -> None:
    hostile = "\x1b[2J\r\n\x9b\u202e\u200b\ud800\u2028"
    problem = Problem(f"a{hostile}.csv", hostile, hostile, hostile, hostile, (hostile,))
    for lang in ("zh", "en"):
        said = problem.words(lang)
        said.encode()
        assert said.count("\n") == 1  # the choice on its own line
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u2028\u202e\ud800]", said)
    assert visible("平安 家庭 A-1") == "平安 家庭 A-1"


def test_names_of_others_cannot_move_the_cursor(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Sheets, keys, tables, files and folders are named in messages by whoever made them."""
    code = "\x1b[31m"
    book = good_book()
    book["台账"].title = "台\x9b账\u202e"
    book.save(tmp_path / "a.xlsx")
    (tmp_path / "b.json").write_text(json.dumps({f"units{code}": []}), encoding="utf-8")
    folder = tmp_path / f"c{code}"
    folder.mkdir()
    (folder / f"un{code}its.csv").write_text("id\n", encoding="utf-8")
    url = database(tmp_path / "d.db", f'CREATE TABLE "u{code}"(id);')
    for source in (str(tmp_path / "a.xlsx"), str(tmp_path / "b.json"), str(folder), url):
        for more in ([], ["--json"], ["--lang", "en"]):
            with pytest.raises(SystemExit) as stop:
                run(["check", source, *more])
            assert stop.value.code == 2
            said = "".join(capsys.readouterr())
            assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", said)


def test_a_marked_copy_takes_any_sheet_name_and_value(tmp_path: Path, policy: Policy) -> None:
    path = tmp_path / "台账.ods"
    cells = "".join(FULL.format("", t) for t in ("编号", "类别", "=1+1"))
    odd = (
        '<table:table-cell office:value-type="float" office:value="inf"/>'
        '<table:table-cell office:value-type="date" office:date-value="2014-05-01T00:00:00+08:00">'
        "<text:p>x</text:p></table:table-cell>"
    )
    content = TABLE.replace("单位", "[a]:*?/").format(ROW.format("", cells) + ROW.format("", odd))
    with zipfile.ZipFile(path, "w") as parts:
        parts.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        parts.writestr("content.xml", ODS.format(content))
    source = read_source(path)
    with zipfile.ZipFile(io.BytesIO(annotate(path, source, source.problems, "zh"))) as book:
        sheet = book.read(SHEET).decode()
    assert "<f>" not in sheet


def test_a_marked_copy_opens_checked_parts_only(tmp_path: Path, policy: Policy) -> None:
    """openpyxl reads the properties of a workbook, which no reader of data looks at."""
    laugh = b'<!DOCTYPE a [<!ENTITY b "b"><!ENTITY c "&b;&b;">]><a>&c;</a>'
    path = tmp_path / "台账.xlsx"
    path.write_bytes(rebuilt(lambda p: p.update({"docProps/core.xml": laugh})))
    source = read_source(path)
    with pytest.raises(InputError, match="DOCTYPE"):
        annotate(path, source, [], "zh")
