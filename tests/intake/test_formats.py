"""The same facts in every format: written, read back, and passed through real programs."""

from __future__ import annotations

import csv
import io
import os
import random
import re
import shutil
import struct
import subprocess
import tempfile
import time
import uuid
import zipfile
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import pingan_logic
from pingan_logic import (
    Change,
    Facts,
    Incident,
    InputError,
    Ledger,
    NotApplicable,
    Policy,
    Poll,
    RequestError,
    Requirement,
    Score,
    Unit,
)
from pingan_logic.export import database as written
from pingan_logic.export import write_facts
from pingan_logic.intake import patience
from pingan_logic.rules.find import data_folder
from tests.intake.books import good_book, rewrite
from tests.worlds import random_county, write_csv

SAMPLE = data_folder("facts") / "sample-county"
FORMATS = ("a.xlsx", "a.xls", "a.ods", "a.json", "folder", "gb18030", "sqlite")
SOFFICE = shutil.which("soffice")
LIVE = ["=1+1", "+A1", "-2", "@SUM(A1)", "=cmd|' /C calc'!A0", "'=1", "''+x", "=1+1", "\uff0d2"]


def target(folder: Path, name: str) -> str:
    """Return a path, or the URL of a SQLite file."""
    return f"sqlite:///{folder / 'a.db'}" if name == "sqlite" else str(folder / name)


def write(facts: Facts, where: str, policy: Policy, lang: str = "zh") -> None:
    """Write facts, and CSV in the encoding that the folder is named for."""
    encoding = "gb18030" if where.endswith("gb18030") else "utf-8-sig"
    write_facts(facts, where, policy, lang=lang, encoding=encoding, overwrite=True)


@pytest.fixture(scope="session")
def full() -> Facts:
    """Facts with every table, every column both filled and blank, and names like formulas."""
    units = [
        Unit("990024", "county", "某县"),
        Unit("990024100000", "township", "青竹镇", "990024"),
        Unit("K", "compound", "小区", "990024100000"),
        Unit("S", "school", "学校", "990024100000", "county"),
        Unit("007", "household", parent="K"),
        *(Unit(f"户{n}", "household", name, "K") for n, name in enumerate(LIVE)),
        Unit("X1", "household", "_x0041_ 100% <b>&amp;", "K"),
        Unit("X2", "household", "2014-05-03", "K"),
        Unit("X3", "household", "00012", "K"),
        Unit("X4", "household", "TRUE", "K"),
        Unit("X5", "household", "名 中  间", "K"),
        Unit("X6", "household", 'a,b;"c"\\d', "K"),
        Unit("X7", "household", "𠮷野家😀", "K"),
        Unit("X8", "household", "", "K", None, date(2014, 7, 1), date(2016, 1, 1)),
    ]
    return Facts(
        units=units,
        incidents=[
            Incident("1", "007", "gambling", date(2014, 1, 1)),
            Incident("2", "S", "safety_accident", date(1950, 2, 28), "major", "K", "yes"),
        ],
        ledgers=[Ledger("K", "*", 2014), Ledger("S", "gambling", 2013)],
        scores=[Score("S", 2014, Decimal("84.99")), Score("K", 2014, Decimal("100"))],
        polls=[Poll("S", 2014, "met"), Poll("K", 2014, rank=2147483647)],
        requirements=[Requirement("school", 2014, 3)],
        not_applicable=[NotApplicable("K", "compound_buildings", 2014, "=没有楼栋")],
        changes=[
            Change("S", date(2015, 9, 1), "renamed", "=新学校"),
            Change("007", date(2016, 2, 29), "moved", "990024100000"),
            Change("X1", date(2016, 2, 29), "merged_into", "X2"),
        ],
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", FORMATS)
def test_facts_read_back_the_same(
    name: str, lang: str, full: Facts, tmp_path: Path, policy: Policy
) -> None:
    where = target(tmp_path, name)
    write(full, where, policy, lang)
    assert pingan_logic.load_facts(where, policy) == full


@pytest.mark.no_cover
@pytest.mark.parametrize("first", FORMATS)
def test_every_pair_of_formats(first: str, full: Facts, tmp_path: Path, policy: Policy) -> None:
    """From each format to each of the others, itself included, and back."""
    for second in FORMATS:
        here, there, back = (tmp_path / f"{second} {n}" for n in "123")
        for folder in (here, there, back):
            folder.mkdir()
        write(full, target(here, first), policy)
        for source, sink in (
            (target(here, first), target(there, second)),
            (target(there, second), target(back, first)),
        ):
            write(pingan_logic.load_facts(source, policy), sink, policy)
            assert pingan_logic.load_facts(sink, policy) == full, (first, second)


TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")),
    max_size=30,
).map(lambda s: s.strip(" \t\u3000\xa0"))


@pytest.mark.no_cover
@pytest.mark.parametrize("name", ["a.xlsx", "a.xls", "a.ods", "folder"])
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(texts=st.lists(TEXT.filter(str.strip), min_size=1, max_size=20))
def test_any_name_survives(name: str, texts: list[str], tmp_path: Path, policy: Policy) -> None:
    facts = Facts(units=[Unit(f"H{n}", "household", t) for n, t in enumerate(texts)])
    where = target(tmp_path, name)
    write_facts(facts, where, policy, overwrite=True)
    assert pingan_logic.load_facts(where, policy) == facts


@pytest.mark.parametrize("seed", range(3))
def test_random_counties_survive(seed: int, tmp_path: Path, policy: Policy) -> None:
    folder = tmp_path / "county"
    folder.mkdir()
    write_csv(random_county(random.Random(seed)), folder)
    facts = pingan_logic.load_facts(folder, policy)
    for name in FORMATS:
        write_facts(facts, target(tmp_path, name), policy)


def test_no_cell_is_a_live_formula(full: Facts, tmp_path: Path, policy: Policy) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    write_facts(full, str(tmp_path / "a.xlsx"), policy)
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    sheets = [s for s in book.worksheets if s.title != "词表"]
    cells = [c for sheet in sheets for row in sheet.iter_rows() for c in row]
    assert not [c.coordinate for c in cells if c.data_type == "f"]
    assert {c.value for c in cells} >= set(LIVE)
    write_facts(full, str(tmp_path / "csv"), policy)
    for path in (tmp_path / "csv").glob("*.csv"):
        rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
        assert not [c for row in rows for c in row if c[:1] in set("=+-@=")]


def test_gb18030_and_chinese_names_of_files_and_columns(tmp_path: Path, policy: Policy) -> None:
    sample = pingan_logic.load_facts(SAMPLE, policy)
    write_facts(sample, str(tmp_path / "gb"), policy, encoding="gb18030")
    path = tmp_path / "gb" / "units.csv"
    text = path.read_bytes().decode("gb18030")
    header, _, rest = text.partition("\r\n")
    assert header == "id,kind,name,parent,affiliation,opened,closed"
    path.unlink()
    rest = rest.replace("household", "平安家庭").replace("building", "楼栋")
    text = f"编号,类别,名称,上级(编号),隶属,设立日期,撤销日期\r\n{rest}"
    (tmp_path / "gb" / "单位.csv").write_bytes(text.encode("gb18030"))
    assert pingan_logic.load_facts(tmp_path / "gb", policy) == sample
    (tmp_path / "gb" / "units.csv").write_text("id,kind,name,parent\n", encoding="utf-8")
    with pytest.raises(InputError, match="只能保留一个"):
        pingan_logic.load_facts(tmp_path / "gb", policy)


def test_a_folder_of_workbooks_is_one_source(tmp_path: Path, policy: Policy) -> None:
    whole = good_book()
    whole.save(tmp_path / "whole.xlsx")
    facts = pingan_logic.load_facts(tmp_path / "whole.xlsx", policy)
    folder = tmp_path / "parts"
    folder.mkdir()
    for keep in whole.sheetnames:
        part = good_book()
        for title in part.sheetnames:
            if title != keep:
                del part[title]
        part[keep].title = "Sheet1"  # the file's name tells the table
        part.save(folder / f"{keep}.xlsx")
    assert pingan_logic.load_facts(folder, policy) == facts
    part = good_book()
    part["得分"]["C2"] = 101
    for title in part.sheetnames:
        if title != "得分":
            del part[title]
    part.save(folder / "得分.xlsx")
    with pytest.raises(InputError, match=r"得分\.xlsx 得分!C2"):
        pingan_logic.load_facts(folder, policy)


def test_what_does_not_fit_a_format_is_refused(tmp_path: Path, policy: Policy) -> None:
    many = Facts(units=[Unit(f"H{n}", "household") for n in range(65536)])
    with pytest.raises(RequestError, match="xlsx"):
        write_facts(many, str(tmp_path / "a.xls"), policy)
    assert not (tmp_path / "a.xls").exists()
    with pytest.raises(RequestError, match="不认识的格式"):
        write_facts(Facts(), str(tmp_path / "a.docx"), policy)
    write_facts(many, str(tmp_path / "a.json"), policy)
    with pytest.raises(RequestError, match="overwrite"):
        write_facts(Facts(), str(tmp_path / "a.json"), policy)
    write_facts(Facts(), str(tmp_path / "a.json"), policy, overwrite=True)


def xls_book(*formulas: str) -> bytes:
    """Return the good book as xls with formulas in the scores, as programs write it."""
    xlwt = pytest.importorskip("xlwt")
    book = xlwt.Workbook(encoding="utf-8")
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for sheet in good_book():
        copy = book.add_sheet(sheet.title)
        for row in sheet:
            for cell in row:
                if sheet.title == "得分" and cell.column == 3 and 0 <= cell.row - 2 < len(formulas):
                    copy.write(cell.row - 1, 2, xlwt.Formula(formulas[cell.row - 2]))
                elif cell.value is not None:
                    style = day if cell.is_date else xlwt.Style.default_style
                    copy.write(cell.row - 1, cell.column - 1, cell.value, style)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_formula_of_an_xls_without_a_result_is_named(tmp_path: Path, policy: Policy) -> None:
    path = tmp_path / "台账.xls"
    path.write_bytes(xls_book())
    good_book().save(tmp_path / "台账.xlsx")
    facts = pingan_logic.load_facts(path, policy)
    assert facts == pingan_logic.load_facts(tmp_path / "台账.xlsx", policy)
    data = xls_book("80+5", "90+2")
    path.write_bytes(data)
    with pytest.raises(InputError) as caught:
        pingan_logic.load_facts(path, policy)
    assert [p.place.split()[0] for p in caught.value.problems] == ["得分!C2", "得分!C3"]
    assert all("公式没有结果" in p.zh for p in caught.value.problems)
    # others store a zero, to be calculated when the file is opened
    empty = b"\x03\x00\x00\x00\x00\x00\xff\xff\x00\x00"
    assert data.count(empty) == 2
    path.write_bytes(data.replace(empty, struct.pack("<dH", 0, 2)))
    with pytest.raises(InputError, match="得分!C3"):
        pingan_logic.load_facts(path, policy)
    path.write_bytes(data.replace(empty, struct.pack("<dH", 84, 0)))
    assert [s.score for s in pingan_logic.load_facts(path, policy).scores] == [84, 84]


def test_cells_of_an_ods_that_cannot_be_trusted(tmp_path: Path, policy: Policy) -> None:
    path = tmp_path / "a.ods"
    write_facts(Facts(units=[Unit("H", "household", "户")]), str(path), policy)
    data = path.read_bytes()
    cell = next(
        c
        for c in re.findall(rb"<table:table-cell[^>]*>.*?</table:table-cell>", content(data))
        if "户".encode() in c and "家庭".encode() not in c
    )

    def name(cell_now: str) -> str:
        path.write_bytes(rewrite(data, "content.xml", cell, cell_now.encode()))
        return pingan_logic.load_facts(path, policy).units[0].name

    assert (
        name('<table:table-cell table:formula="of:=&quot;&quot;"><text:p/></table:table-cell>')
        == ""
    )
    with pytest.raises(InputError, match="单位!C2 名称：公式没有保存计算结果"):
        name('<table:table-cell table:formula="of:=A1"/>')
    with pytest.raises(InputError, match="离表格太远"):
        name('<table:table-cell table:number-columns-repeated="16000" office:value-type="string">'
             "<text:p>x</text:p></table:table-cell></table:table-row>"
             '<table:table-row table:number-rows-repeated="9999">'
             '<table:table-cell table:number-columns-repeated="16000" office:value-type="string">'
             "<text:p>x</text:p></table:table-cell>")  # fmt: skip


def content(data: bytes) -> bytes:
    """Return the sheets of an ods."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        return book.read("content.xml")


def test_files_that_are_not_read_are_named(tmp_path: Path, policy: Policy) -> None:
    folder = tmp_path / "数据"
    folder.mkdir()
    (folder / "单位.csv").write_text("编号,类别,名称,上级\n", encoding="gb18030")
    (folder / "说明.txt").write_text("随便写", encoding="utf-8")
    assert pingan_logic.load_facts(folder, policy) == Facts()
    for name in ("事件.txt", "得分.docx", "台账.et", "台账.tsv"):
        (folder / name).write_text("单位", encoding="utf-8")
        with pytest.raises(InputError, match=name) as caught:
            pingan_logic.load_facts(folder, policy)
        assert len(caught.value.problems) == 1
        (folder / name).unlink()
    (tmp_path / "台账.fods").write_text("<office:document/>", encoding="utf-8")
    with pytest.raises(InputError, match="不认识的文件格式"):
        pingan_logic.load_facts(tmp_path / "台账.fods", policy)
    with pytest.raises(RequestError, match="没有给出文件名"):
        pingan_logic.load_facts("", policy)


# real programs


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the option for settings of LibreOffice's that all conversions here share: to make
    them takes longer than to convert."""
    return f"-env:UserInstallation=file://{tmp_path_factory.mktemp('profile')}"


def convert(path: Path, form: str, folder: Path, profile: str) -> Path:
    """Save a workbook as another format with LibreOffice."""
    subprocess.run(
        [str(SOFFICE), profile, "--headless", "--convert-to", form, "--outdir", folder, path],
        check=True,
        capture_output=True,
        timeout=180,
    )
    return folder / f"{path.stem}.{form.partition(':')[0]}"


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_libreoffice_saves_what_is_read_the_same(
    full: Facts, profile: str, tmp_path: Path, policy: Policy
) -> None:
    write_facts(full, str(tmp_path / "a.xlsx"), policy)
    for form in ("ods", "xls", "xlsx"):
        saved = convert(tmp_path / "a.xlsx", form, tmp_path / form, profile)
        assert pingan_logic.load_facts(saved, policy) == full, form
    # sheet 2, GB18030 (85), text as shown and quoted
    csv_form = "csv:Text - txt - csv (StarCalc):44,34,85,1,,0,false,true,false,false,false,2"
    convert(tmp_path / "a.xlsx", csv_form, tmp_path / "csv", profile)
    (made,) = (tmp_path / "csv").glob("*.csv")
    assert "青竹镇" in made.read_bytes().decode("gb18030")
    made.rename(tmp_path / "csv" / "单位.csv")
    # in CSV an apostrophe before = guards it, so a name that has one of its own loses it
    read = pingan_logic.load_facts(tmp_path / "csv", policy).units
    names = {u.id: u.name for u in full.units} | {"户5": "=1", "户6": "'+x"}
    assert read == tuple(attrs.evolve(u, name=names[u.id]) for u in full.units)


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_traps_in_files_of_libreoffice_are_named(
    profile: str, tmp_path: Path, policy: Policy
) -> None:
    book = good_book()
    book["得分"]["C2"] = "=80+5"
    book["得分"]["C3"] = "=1/0"
    book["单位"].merge_cells("D6:D7")
    book["事件"].row_dimensions[3].hidden = True
    book["民调"].column_dimensions["C"].hidden = True
    book["上级要求"].sheet_state = "hidden"
    book["台账"]["C2"] = 0.5
    book["台账"]["C2"].number_format = "0%"
    book["单位"]["A8"] = 12
    book["单位"]["A8"].number_format = "000000"
    book["单位"]["A7"] = 7
    book["单位"]["A7"].number_format = '"H-"00'
    book["得分"]["B3"].number_format = '0"年"'
    book.save(tmp_path / "a.xlsx")
    for form in ("ods", "xls", "xlsx"):
        saved = convert(tmp_path / "a.xlsx", form, tmp_path / form, profile)
        with pytest.raises(InputError) as caught:
            pingan_logic.load_facts(saved, policy)
        places = {p.place.split(" ")[0]: p.words() for p in caught.value.problems}
        assert "显示为 000012" in places["单位!A8"], form
        assert "显示为 H-07" in places["单位!A7"], form
        assert "得分!B3" not in places, form
        assert "合并单元格" in places["单位!D6"], form
        assert "不是可用的值" in places["得分!C3"], form
        assert "得分!C2" not in places, form  # LibreOffice has calculated it
        assert "显示为 50%" in places["台账!C2"], form
        assert "列被隐藏" in places["民调!C1"], form
        assert "工作表被隐藏" in places["上级要求"], form
        assert any("第3行" in p.where() and "隐藏" in p.zh for p in caught.value.problems), form


def _postgres_bin() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    initdb = shutil.which("initdb")
    return Path(initdb).parent if initdb else None


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Path]:
    """Start a PostgreSQL of our own, as a user without rights, on a socket in a folder."""
    programs = _postgres_bin()
    if programs is None:
        pytest.skip("PostgreSQL is not installed")
    pytest.importorskip("psycopg")
    folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))  # a socket's path must be short
    as_user: list[str] = []
    if os.geteuid() == 0:
        if shutil.which("runuser") is None:
            pytest.skip("PostgreSQL does not run as root")
        as_user = ["runuser", "-u", "nobody", "--"]
        shutil.chown(folder, "nobody")
    data = folder / "data"
    log = folder / "log"

    def call(program: str, *arguments: str) -> None:
        done = subprocess.run(
            [*as_user, str(programs / program), *arguments],
            capture_output=True, text=True, cwd=folder, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr + (log.read_text() if log.exists() else "")

    call("initdb", "-D", str(data), "-U", "clerk", "-A", "trust", "-E", "UTF8", "--locale=C")
    options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
    call("pg_ctl", "-D", str(data), "-l", str(log), "-o", options, "-w", "start")
    try:
        yield folder
    finally:
        call("pg_ctl", "-D", str(data), "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres(postgres_server: Path) -> Iterator[str]:
    """Return the URL of an empty database: tests of one worker run in any order."""
    sqlalchemy = pytest.importorskip("sqlalchemy")
    name = f"of_{uuid.uuid4().hex}"
    url = f"postgresql+psycopg://clerk@/postgres?host={postgres_server}"
    engine = sqlalchemy.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as db:
        db.execute(sqlalchemy.text(f"CREATE DATABASE {name}"))
    yield f"postgresql://clerk@/{name}?host={postgres_server}"
    with engine.connect() as db:
        db.execute(sqlalchemy.text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@pytest.mark.no_cover
def test_postgresql_keeps_the_facts(
    postgres: str, full: Facts, tmp_path: Path, policy: Policy
) -> None:
    for name in FORMATS:
        where = target(tmp_path, name)
        write(full, where, policy)
        write(pingan_logic.load_facts(where, policy), postgres, policy)
        assert pingan_logic.load_facts(postgres, policy) == full
        write(pingan_logic.load_facts(postgres, policy), where, policy)
        assert pingan_logic.load_facts(where, policy) == full
    with pytest.raises(RequestError, match="overwrite"):
        write_facts(full, postgres, policy)


def test_a_foreign_database_is_read_and_its_mistakes_named(postgres: str, policy: Policy) -> None:
    sqlalchemy = pytest.importorskip("sqlalchemy")
    url = postgres.replace("postgresql://", "postgresql+psycopg://")
    engine = sqlalchemy.create_engine(url)
    with engine.begin() as db:
        for line in (
            "CREATE TABLE register (code bigint PRIMARY KEY, art text, title text, above bigint)",
            "INSERT INTO register VALUES (990024, '县', '某县', NULL), (1, '乡镇', '镇', 990024)",
            'CREATE VIEW "单位" AS SELECT code AS "编号", art AS "类别", title AS "名称", '
            'above AS "上级" FROM register',
        ):  # fmt: skip
            db.execute(sqlalchemy.text(line))
    facts = pingan_logic.load_facts(postgres, policy)
    assert facts.units == (Unit("1", "township", "镇", "990024"), Unit("990024", "county", "某县"))
    with engine.begin() as db:
        db.execute(sqlalchemy.text("UPDATE register SET art = '乡真' WHERE code = 1"))
    engine.dispose()
    with pytest.raises(InputError) as caught:
        pingan_logic.load_facts(postgres, policy)
    (problem,) = caught.value.problems
    assert problem.place.startswith("单位(编号=1")
    assert problem.nearest == "乡镇"


def test_one_who_may_only_read_and_tables_of_other_schemas(postgres: str, policy: Policy) -> None:
    sqlalchemy = pytest.importorskip("sqlalchemy")
    url = postgres.replace("postgresql://", "postgresql+psycopg://")
    engine = sqlalchemy.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as db:
        db.execute(sqlalchemy.text("CREATE ROLE reader LOGIN"))
        db.execute(sqlalchemy.text("CREATE DATABASE clerks"))
    engine.dispose()
    here = re.sub("/of_[0-9a-f]+", "/clerks", postgres)
    engine = sqlalchemy.create_engine(here.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as db:
        for line in (
            "CREATE SCHEMA hidden",
            "CREATE SCHEMA ledger",
            "CREATE TABLE hidden.units (id text, kind text, name text, parent text)",
            "INSERT INTO hidden.units VALUES ('C', 'county', '某县', NULL)",
            "CREATE VIEW ledger.units AS SELECT * FROM hidden.units",
            "GRANT USAGE ON SCHEMA ledger TO reader",
            "GRANT SELECT ON ledger.units TO reader",
        ):
            db.execute(sqlalchemy.text(line))
    reader = here.replace("clerk@", "reader@")
    with pytest.raises(InputError) as caught:
        pingan_logic.load_facts(reader, policy)
    (problem,) = caught.value.problems
    assert "…?options=-csearch_path%3Dhidden" in problem.zh
    assert problem.nearest == "hidden.units, ledger.units"
    facts = pingan_logic.load_facts(f"{reader}&options=-csearch_path%3Dledger", policy)
    assert facts.units == (Unit("C", "county", "某县"),)
    with engine.begin() as db:
        db.execute(sqlalchemy.text(
            "CREATE OR REPLACE VIEW ledger.units AS SELECT * FROM hidden.units "
            "WHERE pg_sleep(20) IS NOT NULL"
        ))  # fmt: skip
    engine.dispose()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(patience, "DATABASE_SECONDS", 1)
        start = time.monotonic()
        with pytest.raises(InputError, match="1秒内"):
            pingan_logic.load_facts(f"{reader}&options=-csearch_path%3Dledger", policy)
        assert time.monotonic() - start < 8


def test_writing_to_a_table_that_others_keep_is_given_up(
    postgres: str, policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    sqlalchemy = pytest.importorskip("sqlalchemy")
    facts = Facts(units=[Unit("C", "county", "某县")])
    write_facts(facts, postgres, policy)
    monkeypatch.setattr(written, "LOCK_SECONDS", 1)
    engine = sqlalchemy.create_engine(postgres.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as other:
        other.execute(sqlalchemy.text("SELECT * FROM units")).all()
        with pytest.raises(RequestError, match="lock timeout"):
            write_facts(Facts(units=[Unit("D", "county")]), postgres, policy, overwrite=True)
    engine.dispose()
    assert pingan_logic.load_facts(postgres, policy) == facts


def test_a_view_without_end_of_a_callers_engine_is_given_up(
    policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also in a database in memory, which only its own thread can see; it goes on as it was."""
    sqlalchemy = pytest.importorskip("sqlalchemy")
    engine = sqlalchemy.create_engine("sqlite://")
    count = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {}) "
        "SELECT 'C' AS id, 'county' AS kind, count(*) AS name FROM n"
    )
    with engine.begin() as db:
        db.execute(sqlalchemy.text(f"CREATE VIEW units AS {count.format(10**12)}"))
    monkeypatch.setattr(patience, "DATABASE_SECONDS", 1)
    with pytest.raises(InputError, match="1秒内没有给出全部行"):
        pingan_logic.load_facts(engine, policy)
    with engine.begin() as db:
        rows = db.execute(sqlalchemy.text(count.format(3_000_000))).all()
        assert rows == [("C", "county", 3_000_000)]


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("sqlite:////nowhere/a.db", "没有这个数据库文件"),
        ("nosuch://x", "不认识的数据库地址"),
        ("postgresql://u:secret@127.0.0.1:1/x", "无法读取数据库"),
        ("postgresql://u@127.0.0.1:1/x?user=v&password=secret", "无法读取数据库"),
    ],
)
def test_a_database_that_cannot_be_read(url: str, said: str, policy: Policy) -> None:
    pytest.importorskip("sqlalchemy")
    with pytest.raises(pingan_logic.PinganError) as caught:
        pingan_logic.load_facts(url, policy)
    assert said in str(caught.value)
    assert "secret" not in str(caught.value)


def test_a_file_that_is_no_database_and_a_misnamed_table(tmp_path: Path, policy: Policy) -> None:
    sqlalchemy = pytest.importorskip("sqlalchemy")
    (tmp_path / "a.db").write_bytes(b"not a database at all" * 100)
    with pytest.raises(InputError, match="无法读取数据库"):
        pingan_logic.load_facts(f"sqlite:///{tmp_path / 'a.db'}", policy)
    engine = sqlalchemy.create_engine(f"sqlite:///{tmp_path / 'b.db'}")
    with engine.begin() as db:
        db.execute(
            sqlalchemy.text("CREATE TABLE units (id text, kind text, name text, parent text)")
        )
        db.execute(sqlalchemy.text("CREATE TABLE incident (id text)"))
        db.execute(sqlalchemy.text("CREATE TABLE payroll (id text)"))
    engine.dispose()
    with pytest.raises(InputError, match="像是") as caught:
        pingan_logic.load_facts(f"sqlite:///{tmp_path / 'b.db'}", policy)
    assert [p.nearest for p in caught.value.problems] == ["incidents"]
