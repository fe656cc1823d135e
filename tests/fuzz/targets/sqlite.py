"""A SQLite file: its bytes, or what a script of SQL puts into it."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress

import pingan_logic
from pingan_logic.export.convert import write_facts
from tests.fuzz.checks import room, rules
from tests.fuzz.mutate import TOKENS
from tests.fuzz.reading import read
from tests.fuzz.target import Target, target
from tests.intake.books import good_book

_SCRIPTS = (
    "CREATE TABLE units(id TEXT PRIMARY KEY, kind TEXT, name TEXT, parent TEXT);\n"
    "INSERT INTO units VALUES('B','building','一栋',NULL),('H','household',NULL,'B');\n"
    "CREATE TABLE scores(unit TEXT, year INTEGER, score NUMERIC(5,2));\n"
    "INSERT INTO scores VALUES('B',2014,84.99);\n",
    "CREATE TABLE 单位(编号 VARCHAR(9) PRIMARY KEY, 类别 TEXT, 名称 TEXT, 上级 TEXT,"
    " 设立日期 DATE);\nINSERT INTO 单位 VALUES(7,'平安家庭','某户',NULL,'2013-01-01');\n"
    "CREATE VIEW polls AS SELECT 编号 AS unit, 2014 AS year, 2.0 AS rank, NULL AS result"
    " FROM 单位;\n",
    "CREATE TABLE incidents(id, unit, type, grade, date TIMESTAMP);\n"
    "INSERT INTO incidents VALUES(1,'H','gambling',NULL,'2014-05-01 00:00:00');\n"
    "CREATE TABLE units(id INTEGER PRIMARY KEY, kind, name BLOB, parent);\n"
    "INSERT INTO units VALUES(1,'household',X'ff00',NULL);\n",
)


def _seeds() -> list[bytes]:
    path = room() / "seed.xlsx"
    good_book().save(path)
    facts = pingan_logic.load_facts(path, rules())
    file = room() / "seed.db"
    with closing(sqlite3.connect(file)) as lite:
        lite.execute("PRAGMA page_size=512")
        lite.execute("VACUUM")
    write_facts(facts, f"sqlite:///{file}", rules(), overwrite=True)
    return [b"\x00" + file.read_bytes(), *(b"\x01" + s.encode() for s in _SCRIPTS)]


def _run(data: bytes) -> None:
    path = room() / "data.db"
    path.unlink(missing_ok=True)
    if data[:1] == b"\x01":
        with closing(sqlite3.connect(path)) as lite, suppress(sqlite3.Error, ValueError):
            lite.set_progress_handler(lambda: True, 100_000)
            lite.executescript(data[1:].decode("utf-8", "replace"))
            lite.commit()
        path.touch()
    else:
        path.write_bytes(data[1:])
    read(f"sqlite:///{path}", data)


_MORE = (
    *(b"CREATE TABLE ", b"CREATE VIEW units AS ", b"SELECT ", b"NULL", b" DATE", b" TIME", b";"),
    *(b"WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM r) SELECT n FROM r", b" BLOB"),
    *(b"randomblob(100000000)", b"zeroblob(999999999)", b"1e999", b"X'00ff'", b"'2014/5/1'", b","),
    *(b" REFERENCES x(y)", b" PRIMARY KEY", b" GENERATED ALWAYS AS (1)", b" BOOLEAN", b"''"),
)

target(Target("sqlite", _seeds, _run, (*TOKENS, *_MORE), weight=4))
