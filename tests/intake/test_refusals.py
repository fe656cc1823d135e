"""What is said, word for word, of data that is not read at all."""

from __future__ import annotations

import socket
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from pingan_logic import PinganError, Policy, load_facts
from pingan_logic.errors import Problem
from pingan_logic.intake import database, patience, zipped
from pingan_logic.intake.database_url import database_place
from pingan_logic.shell import install


def refused(source: Any, policy: Policy) -> Problem:
    """Return the one problem of data."""
    with pytest.raises(PinganError) as caught:
        load_facts(source, policy)
    (problem,) = caught.value.problems
    return problem


def test_an_object_of_a_kind_that_is_not_read(policy: Policy) -> None:
    assert refused(3, policy) == Problem(
        "facts",
        "应为路径、数据库地址、打开的文件、字典或 SQLAlchemy 的 engine",
        "expected a path, a database URL, an open file, a dict or an SQLAlchemy engine",
        "int",
    )


@pytest.mark.parametrize("name", ["事件.txt", "得分.json", "台账.fods"])
def test_a_file_of_a_folder_that_is_not_read(name: str, tmp_path: Path, policy: Policy) -> None:
    (tmp_path / "单位.csv").write_text("编号,类别,名称,上级\n", encoding="utf-8")
    (tmp_path / name).write_text("单位", encoding="utf-8")
    assert refused(tmp_path, policy) == Problem(
        name,
        "文件夹中只读取 CSV 和工作簿（xlsx、xls、ods）；JSON 请直接给出文件名",
        "only CSV files and workbooks are read from a folder; give a JSON file by its own name",
    )


def test_a_column_by_two_of_its_names(policy: Policy) -> None:
    row = {"单位": "C", "unit": "D", "year": 2014, "score": "3"}
    said = refused({"units": [{"id": "C", "kind": "county"}], "scores": [row]}, policy)
    assert said == Problem("facts scores[0]", "列重复", "the column stands twice", "unit")


def test_a_database_of_more_rows_than_are_read(
    tmp_path: Path, policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    sqlalchemy = pytest.importorskip("sqlalchemy")
    monkeypatch.setattr(database, "DATABASE_ROWS", 1)
    url = f"sqlite:///{tmp_path / 'a.db'}"
    engine = sqlalchemy.create_engine(url)
    with engine.begin() as db:
        db.execute(sqlalchemy.text("CREATE TABLE units (id text, kind text, name text)"))
        db.execute(sqlalchemy.text("INSERT INTO units VALUES ('C', 'county', ''), ('D', '', '')"))
    engine.dispose()
    said = refused(url, policy)
    assert (said.place, said.zh) == ("units", "超过1行或1024MiB，拒绝读取")
    assert said.en == "more than 1 rows or 1024 MiB: refused"


def test_a_database_that_says_nothing_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "DATABASE_SECONDS", 0.2)
    here, there = socket.socketpair()
    with here, there, patience.Patience() as waiting:
        there.settimeout(20)
        waiting.watch(here.fileno())
        assert there.recv(1) == b""
        assert waiting.over is not None
        assert waiting.over[0].startswith("数据库0.2秒内没有给出全部行")


@pytest.mark.parametrize("ending", ["", " , ,, \n", "\u3000,,,\n", ",,,\n \u3000,,,"])
def test_rows_of_spaces_at_the_end_of_a_csv_are_no_rows(
    ending: str, tmp_path: Path, policy: Policy
) -> None:
    path = tmp_path / "units.csv"
    path.write_text(f"编号,类别,名称,上级\nC,县,某县,\n{ending}", encoding="utf-8")
    assert [u.id for u in load_facts(path, policy).units] == ["C"]


def test_a_database_without_the_library_that_reads_it(
    policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr("pingan_logic.extras.import_module", missing)
    url = "postgresql://clerk:secret@host/ledger"
    with pytest.raises(PinganError) as caught:
        database_place(url)
    for said in (refused(url, policy), *caught.value.problems):
        assert (said.place, said.found) == ("postgresql://clerk:***@host/ledger", "sqlalchemy")


def test_an_archive_that_unpacks_to_too_much(
    tmp_path: Path, policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zipped, "UNPACKED_BYTES", 2**20)
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("单位.csv", b" " * 2**21)
    assert refused(path, policy) == Problem(
        "a.zip",
        "文件解压后超过1MiB，拒绝读取",
        "the file unpacks to more than 1 MiB: refused",
        "2 MiB",
    )


@pytest.mark.parametrize(
    ("scheme", "module", "extra"),
    [
        ("postgresql", "psycopg", "sql"),
        ("mysql", "pymysql", "mysql"),
        ("mariadb", "pymysql", "mysql"),
    ],
)
def test_a_database_without_its_driver(
    scheme: str, module: str, extra: str, policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("sqlalchemy")
    monkeypatch.setitem(sys.modules, module, None)
    said = refused(f"{scheme}://clerk:secret@host/ledger", policy)
    assert said.place == f"{scheme}://clerk:***@host/ledger"
    assert said.zh == f"需要另外安装数据库驱动：{install(extra)}"
    assert said.en == f"a database driver must be installed: {install(extra)}"


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("sqlite://", None),
        ("sqlite:///", None),
        ("sqlite:///:memory:", None),
        ("sqlite:///a.db", Path("a.db")),
        ("mariadb://u:p@host/ledger?charset=utf8", "mysql://host:/ledger"),
        ("mysql://host:3306/ledger", "mysql://host:3306/ledger"),
        ("postgresql+psycopg:///ledger", "postgresql://:/ledger"),
    ],
)
def test_what_tells_a_database_from_others(url: str, place: str | Path | None) -> None:
    pytest.importorskip("sqlalchemy")
    assert database_place(url) == place
