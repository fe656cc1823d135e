"""MariaDB and MySQL: a real server, a clerk who may only read, and one who waits in vain."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from urllib.parse import quote

import pytest

import pingan_logic
from pingan_logic import Facts, InputError, Policy, RequestError, Score, Unit
from pingan_logic.export import database as written
from pingan_logic.export import write_facts
from pingan_logic.intake import patience, read_source

Ask = Callable[..., None]


@pytest.fixture(scope="module")
def mariadb() -> Iterator[tuple[str, Ask]]:
    """Start a MariaDB of our own on a socket in a folder; give its address, and a way to ask it as
    its owner."""
    pymysql = pytest.importorskip("pymysql", reason="PyMySQL is not installed")
    programs = [shutil.which(n) for n in ("mariadb-install-db", "mariadbd")]
    if None in programs:
        pytest.skip("MariaDB is not installed")
    install, server = (str(p) for p in programs)
    folder = Path(tempfile.mkdtemp(prefix="my", dir="/tmp"))  # a socket's path must be short
    as_user: list[str] = []
    if os.geteuid() == 0:
        if shutil.which("runuser") is None:
            pytest.skip("MariaDB does not run as root")
        as_user = ["runuser", "-u", "nobody", "--"]
        shutil.chown(folder, "nobody")
    common = ["--no-defaults", f"--datadir={folder}/data"]
    done = subprocess.run(
        [*as_user, install, *common, "--auth-root-authentication-method=normal", "--skip-test-db"],
        capture_output=True, text=True, cwd=folder, timeout=180, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    log = (folder / "log").open("wb")
    process = subprocess.Popen(
        [*as_user, server, *common, f"--socket={folder}/s", "--skip-networking",
         "--innodb-flush-log-at-trx-commit=0", f"--pid-file={folder}/pid"],
        cwd=folder, stdout=log, stderr=log,
    )  # fmt: skip

    def ask(*lines: str) -> None:
        with pymysql.connect(unix_socket=f"{folder}/s", user="root", autocommit=True) as line:
            for text in lines:
                line.cursor().execute(text)

    try:
        for _ in range(600):
            try:
                ask("SELECT 1")
                break
            except pymysql.err.OperationalError:
                assert process.poll() is None, (folder / "log").read_text()
                time.sleep(0.1)
        yield f"mysql://{{}}@localhost{{}}?unix_socket={folder}/s", ask
    finally:
        if process.poll() is None:
            ask("SHUTDOWN")
            process.wait(60)
        log.close()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def county(mariadb: tuple[str, Ask]) -> tuple[str, Ask]:
    """A database with tables of a county, and views of them that the clerk may read."""
    url, ask = mariadb
    ask(
        "DROP DATABASE IF EXISTS ledger",
        "DROP DATABASE IF EXISTS other",
        "CREATE DATABASE ledger CHARACTER SET utf8mb4",
        "CREATE DATABASE other CHARACTER SET utf8mb4",
        "CREATE TABLE other.register (code bigint PRIMARY KEY, art text, title text, above bigint)",
        "INSERT INTO other.register VALUES (990024, '县', '某县', NULL), (1, '乡镇', '镇', 990024)",
        "CREATE VIEW ledger.`单位` AS SELECT code AS `编号`, art AS `类别`, title AS `名称`, "
        "above AS `上级` FROM other.register",
        "CREATE TABLE ledger.scores (unit bigint, year smallint, score decimal(5,2), "
        "PRIMARY KEY (unit, year))",
        "INSERT INTO ledger.scores VALUES (1, 2014, 84.99)",
        "CREATE TABLE ledger.incidents (id int, unit bigint, type text, date datetime, grade text)",
        "INSERT INTO ledger.incidents VALUES (7, 1, '群体性事件', '2014-05-03 08:00:00', NULL)",
        "CREATE OR REPLACE USER clerk@localhost",
        "GRANT SELECT ON ledger.* TO clerk@localhost",
    )
    return url, ask


@pytest.mark.parametrize("scheme", ["mysql", "mysql+pymysql", "mariadb", "mariadb+pymysql"])
def test_one_who_may_only_read_reads_views(
    scheme: str, county: tuple[str, Ask], policy: Policy
) -> None:
    url = county[0].format("clerk", "/ledger").replace("mysql", scheme, 1)
    facts = pingan_logic.load_facts(url, policy)
    assert facts.units == (Unit("1", "township", "镇", "990024"), Unit("990024", "county", "某县"))
    assert facts.scores == (Score("1", 2014, Decimal("84.99")),)
    assert facts.incidents[0].date == date(2014, 5, 3)


def test_mistakes_are_named_by_key(county: tuple[str, Ask], policy: Policy) -> None:
    url, ask = county
    ask("UPDATE ledger.scores SET score = 100.01", "UPDATE other.register SET art = '乡真' "
        "WHERE code = 1")  # fmt: skip
    with pytest.raises(InputError) as caught:
        pingan_logic.load_facts(url.format("clerk", "/ledger"), policy)
    problems = {p.place: p.nearest for p in caught.value.problems}
    assert problems == {
        "单位(编号=1, 类别=乡真, 名称=镇) 类别": "乡镇",
        "scores(unit=1, year=2014) score": None,
    }


SLEEPING = (
    "CREATE OR REPLACE VIEW ledger.`单位` AS SELECT code AS `编号`, art AS `类别`, "
    "title AS `名称`, above + SLEEP({}) AS `上级` FROM other.register"
)


def test_a_view_that_sleeps_is_given_up(
    county: tuple[str, Ask], policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, ask = county
    ask(SLEEPING.format(20))
    monkeypatch.setattr(patience, "DATABASE_SECONDS", 1)
    start = time.monotonic()
    with pytest.raises(InputError, match="1秒内没有给出全部行"):
        pingan_logic.load_facts(url.format("clerk", "/ledger"), policy)
    assert time.monotonic() - start < 8


def test_a_driver_without_a_line_to_cut_is_given_up_too(
    county: tuple[str, Ask], policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, ask = county
    ask(SLEEPING.format(6))
    monkeypatch.setattr(patience, "DATABASE_SECONDS", 1)
    monkeypatch.setattr(patience.Patience, "watch", lambda *_: None)
    start = time.monotonic()
    with pytest.raises(InputError, match="1秒内没有给出全部行"):
        pingan_logic.load_facts(url.format("clerk", "/ledger"), policy)
    assert time.monotonic() - start < 6


def test_an_engine_of_the_caller_is_given_up_too(
    county: tuple[str, Ask], policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    sqlalchemy = pytest.importorskip("sqlalchemy")
    url, ask = county
    ask(SLEEPING.format(20))
    monkeypatch.setattr(patience, "DATABASE_SECONDS", 1)
    url = url.format("clerk", "/ledger").replace("mysql", "mysql+pymysql", 1)
    start = time.monotonic()
    with pytest.raises(InputError, match="1秒内没有给出全部行"):
        pingan_logic.load_facts(sqlalchemy.create_engine(url), policy)
    assert time.monotonic() - start < 8


def test_a_password_may_be_of_any_letters(county: tuple[str, Ask], policy: Policy) -> None:
    url, ask = county
    ask("CREATE OR REPLACE USER reader@localhost IDENTIFIED BY 'p@ss/密码'",
        "GRANT SELECT ON ledger.* TO reader@localhost")  # fmt: skip
    where = url.format("reader:" + quote("p@ss/密码", safe=""), "/ledger")
    assert len(pingan_logic.load_facts(where, policy).units) == 2


def test_writing_does_not_wait_for_ever(
    county: tuple[str, Ask], policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another reads a table in a transaction that does not end."""
    sqlalchemy = pytest.importorskip("sqlalchemy")
    url, ask = county
    ask("CREATE OR REPLACE DATABASE kept")
    where = url.format("root", "/kept")
    facts = Facts(units=[Unit("C", "county", "某县")])
    write_facts(facts, where, policy)
    monkeypatch.setattr(written, "LOCK_SECONDS", 1)
    engine = sqlalchemy.create_engine(where.replace("mysql", "mysql+pymysql", 1))
    with engine.connect() as other:
        other.execute(sqlalchemy.text("SELECT * FROM units")).all()
        start = time.monotonic()
        with pytest.raises(RequestError, match="Lock wait timeout"):
            write_facts(Facts(units=[Unit("D", "county")]), where, policy, overwrite=True)
        assert time.monotonic() - start < 20
    assert pingan_logic.load_facts(where, policy) == facts


def test_tables_of_another_database_get_the_hint(county: tuple[str, Ask], policy: Policy) -> None:
    url, ask = county
    ask("CREATE DATABASE IF NOT EXISTS empty", "GRANT SELECT ON empty.* TO clerk@localhost")
    for path in ("", "/empty"):
        with pytest.raises(InputError) as caught:
            pingan_logic.load_facts(url.format("clerk", path), policy)
        (problem,) = caught.value.problems
        assert "…/ledger" in problem.zh
        assert problem.nearest == "ledger.incidents, ledger.scores, ledger.单位"
    ask("CREATE TABLE other.polls (unit int)", "GRANT SELECT ON other.* TO clerk@localhost")
    source = read_source(url.format("clerk", "/ledger"))
    assert "其他模式（schema）里的同名表没有读取：other.polls" in [zh for zh, _ in source.notices]


def test_facts_are_kept(county: tuple[str, Ask], policy: Policy) -> None:
    url, ask = county
    ask("CREATE OR REPLACE DATABASE kept CHARACTER SET latin1")
    units = [Unit("C", "county", "𠮷县"), Unit("c", "township", "镇", "C"), Unit("户", "household")]
    facts = Facts(units=units, scores=[Score("c", 2014, Decimal("84.99"))])
    where = url.format("root", "/kept")
    write_facts(facts, where, policy)
    assert pingan_logic.load_facts(where, policy) == facts
    with pytest.raises(RequestError, match="overwrite"):
        write_facts(facts, where, policy)
    write_facts(Facts(units=units[:1]), where, policy, overwrite=True)
    assert pingan_logic.load_facts(where, policy) == Facts(units=units[:1])


def test_replacing_that_fails_midway_leaves_the_tables(
    county: tuple[str, Ask], policy: Policy
) -> None:
    url, ask = county
    ask("CREATE OR REPLACE DATABASE kept")
    where = url.format("root", "/kept")
    facts = Facts(units=[Unit("C", "county", "某县")])
    write_facts(facts, where, policy)
    twice = Facts(units=[Unit("A", "county"), Unit("A", "county")])
    with pytest.raises(RequestError, match="无法写入数据库"):
        write_facts(twice, where, policy, overwrite=True)
    assert pingan_logic.load_facts(where, policy) == facts


def test_a_missing_driver_is_named_with_the_extra(
    policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("sqlalchemy")
    monkeypatch.setitem(__import__("sys").modules, "pymysql", None)
    with pytest.raises(RequestError, match=r"\[mysql\]"):
        pingan_logic.load_facts("mysql://u@localhost/x", policy)
