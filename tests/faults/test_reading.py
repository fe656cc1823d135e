"""A file that changes or goes while data is read is named, and nothing is judged."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

import pingan_logic
from pingan_logic import InputError, PolicyError
from pingan_logic.export import write_facts
from pingan_logic.files import LEFTOVER
from pingan_logic.intake import json_tables
from pingan_logic.reading import Reading
from pingan_logic.solving import load_policy as loading
from tests.policies import copy_policy

UNITS = "id,kind,name,parent\nC,county,县,\n"
LEDGERS = "unit,item,year\nC,*,2014\n"


def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "units.csv").write_text(UNITS, encoding="utf-8")
    (folder / "ledgers.csv").write_text(LEDGERS, encoding="utf-8")
    return folder


def rewrite(path: Path) -> None:
    path.write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    os.utime(path, ns=(1, 1))


def replace(path: Path) -> None:
    other = path.with_name("other")
    other.write_bytes(path.read_bytes())
    os.utime(other, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns))
    other.replace(path)


def append(path: Path) -> None:
    with open(path, "a", encoding="utf-8") as file:
        file.write("C,gambling,2014\n")


MEDDLING: dict[str, Callable[[Path], None]] = {
    "rewritten": rewrite,
    "replaced": replace,
    "longer": append,
    "removed": Path.unlink,
}


@pytest.mark.parametrize("how", MEDDLING)
def test_a_table_that_changes_before_the_last_is_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    folder = data(tmp_path)
    read = Reading.file

    def meddle(self: Reading, path: Path) -> bytes:
        found = read(self, path)
        if path.name == "units.csv":
            MEDDLING[how](folder / "ledgers.csv")
        return found

    monkeypatch.setattr(Reading, "file", meddle)
    with pytest.raises(InputError) as error:
        pingan_logic.load_facts(folder)
    assert [p.place for p in error.value.problems] == ["ledgers.csv"]
    assert "读取过程中文件被改动或移走" in str(error.value)


def test_a_table_that_goes_or_comes_after_the_folder_was_listed_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = data(tmp_path)
    listed = Reading.folder

    def meddle(self: Reading, path: Path) -> list[Path]:
        found = listed(self, path)
        (folder / "ledgers.csv").unlink()
        (folder / "scores.csv").write_text("unit,year,score\n", encoding="utf-8")
        return found

    monkeypatch.setattr(Reading, "folder", meddle)
    with pytest.raises(InputError) as error:
        pingan_logic.load_facts(folder)
    places = {p.place for p in error.value.problems if "读取过程中" in p.zh}
    assert places == {"ledgers.csv", "scores.csv"}


@pytest.mark.parametrize("check", ["known_proof", "scan"])
def test_rules_that_change_between_the_check_and_the_solver_are_named(
    check: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "policy"
    copy_policy(folder)
    path = folder / "village.lp"

    def changed() -> None:
        path.write_text(path.read_text(encoding="utf-8") + "% x\n", encoding="utf-8")

    if check == "scan":
        changed()
    made = getattr(loading, check)

    def meddle(files: Sequence[Path]) -> object:
        found: object = made(files)
        changed()
        return found

    monkeypatch.setattr(loading, check, meddle)
    with pytest.raises(PolicyError) as error:
        pingan_logic.load_policy(folder)
    assert [p.place for p in error.value.problems] == ["village.lp"]


def test_a_single_file_that_grows_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "data.json"
    path.write_text('{"units": [{"id": "C", "kind": "county"}]}', encoding="utf-8")
    parse = json_tables.read_json

    def meddle(data: bytes, *more: Any) -> object:
        path.write_bytes(data + b" ")
        return parse(data, *more)

    monkeypatch.setattr(json_tables, "read_json", meddle)
    with pytest.raises(InputError, match="读取过程中文件被改动"):
        pingan_logic.load_facts(path)


def test_untouched_data_reads_beside_leftovers_and_locks(tmp_path: Path) -> None:
    folder = data(tmp_path)
    (folder / f".units.csv.1{LEFTOVER}").write_text("id\n", encoding="utf-8")
    (folder / f".x{LEFTOVER}").mkdir()
    (folder / "~$台账.xlsx").write_bytes(b"lock")
    assert len(pingan_logic.load_facts(folder).units) == 1


def test_a_database_is_read_as_it_was_at_one_moment(tmp_path: Path) -> None:
    """Another connection changes every table while they are read one after the other."""
    path = tmp_path / "d.db"
    url = f"sqlite:///{path}"
    policy = pingan_logic.load_policy()
    units = [pingan_logic.Unit("C", "county"), pingan_logic.Unit("T", "township", parent="C")]
    ledgers = [pingan_logic.Ledger("T", "*", 2014)]
    facts = pingan_logic.Facts(units=units, ledgers=ledgers)
    write_facts(facts, url, policy)
    with sqlite3.connect(path) as connection:
        # readers do not wait for a writer then
        connection.execute("pragma journal_mode = wal")
    connection.close()
    stop, changed = threading.Event(), 0

    def meddle() -> None:
        nonlocal changed
        other = sqlite3.connect(path, isolation_level=None, timeout=30)
        while not stop.is_set():
            name = f"T{changed % 7}"
            other.execute("begin immediate")
            other.execute("update units set id = ? where kind = 'township'", (name,))
            other.execute("update ledgers set unit = ?", (name,))
            other.execute("commit")
            changed += 1
        other.close()

    writer = threading.Thread(target=meddle)
    writer.start()
    try:
        for _ in range(25):
            found = pingan_logic.load_facts(url, policy)
            assert found.ledgers[0].unit == found.units[1].id
    finally:
        stop.set()
        writer.join()
    assert changed > 25


def test_writing_a_database_that_fails_midway_leaves_its_tables(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'd.db'}"
    policy = pingan_logic.load_policy()
    old = pingan_logic.Facts(units=[pingan_logic.Unit("C", "county")])
    write_facts(old, url, policy)
    twice = [pingan_logic.Unit("A", "county"), pingan_logic.Unit("A", "county")]
    with pytest.raises(pingan_logic.RequestError, match="无法写入数据库"):
        write_facts(pingan_logic.Facts(units=twice), url, policy, overwrite=True)
    assert pingan_logic.load_facts(url, policy) == old
