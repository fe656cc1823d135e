"""What is typed without knowing the commands: no command, a file alone, Chinese words for codes."""

from __future__ import annotations

import json
import re
import shutil
import sys
import threading
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pingan_logic import load_facts, load_policy
from pingan_logic.audit import audit
from pingan_logic.cli import audit_command, open_command, run
from pingan_logic.cli.main import COMMANDS
from pingan_logic.rules.find import sample_county
from tests.intake.books import good_book

SAMPLE = sample_county()


def call(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stop:
        run(list(arguments))
    out, err = capsys.readouterr()
    code = stop.value.code
    assert isinstance(code, int)
    return code, out, err


@pytest.fixture
def book(tmp_path: Path) -> str:
    path = tmp_path / "填报表.xlsx"
    good_book().save(path)
    return str(path)


def test_a_file_alone_is_judged(book: str, capsys: pytest.CaptureFixture[str]) -> None:
    wanted = call(capsys, "evaluate", "--facts", book)
    assert wanted[0] == 0
    assert call(capsys, book) == wanted
    assert call(capsys, "evaluate", book) == wanted


@pytest.mark.parametrize("command", ["explain", "fix", "margin", "missing"])
def test_data_stands_after_the_unit_too(
    command: str, book: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(capsys, command, "1栋", book) == call(capsys, command, "1栋", "--facts", book)


@pytest.mark.parametrize("command", ["programme", "whatif", "check"])
def test_data_is_taken_either_way(
    command: str, book: str, capsys: pytest.CaptureFixture[str]
) -> None:
    more = ["--set", "target(village)=90%"] if command == "whatif" else []
    assert call(capsys, command, book, *more) == call(capsys, command, "--facts", book, *more)


def test_the_data_to_convert_is_taken_either_way(
    book: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for command, out in (("convert", "a.json"), ("new-year", "b.json")):
        first, second, third = (tmp_path / f"{n}{out}" for n in (1, 2, 3))
        assert call(capsys, command, book, str(first))[0] == 0
        assert call(capsys, command, "--facts", book, str(second))[0] == 0
        assert call(capsys, command, str(third), f"--facts={book}")[0] == 0
        assert first.read_bytes() == second.read_bytes() == third.read_bytes()
        code, _, err = call(capsys, command, book, str(first), "--facts", book)
        assert code == 2
        assert "多余的参数" in err


@pytest.mark.no_cover
@pytest.mark.parametrize("command", ["lint", "audit"])
def test_rules_are_taken_either_way(
    command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    once = cache(lambda folder: audit(load_policy(folder)))
    monkeypatch.setattr(audit_command, "audit", lambda rules: once(rules.folder))
    wanted = call(capsys, command)
    assert wanted[0] == 0
    assert call(capsys, command, "xiangyin-2014") == wanted
    assert call(capsys, command, "--policy", "xiangyin-2014") == wanted


def test_data_given_twice_is_refused(book: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = call(capsys, "evaluate", book, "--facts", book)
    assert code == 2
    assert "给出了两次" in err


def test_kinds_and_verdicts_by_their_names(capsys: pytest.CaptureFixture[str]) -> None:
    wanted = call(capsys, "evaluate", str(SAMPLE), "--kind", "building", "--status", "failed")
    assert wanted[0] == 0
    assert "B-12" in wanted[1]
    for kind, status in (("楼栋", "未达标"), ("平安楼栋", "failed"), ("居民楼", "未达标")):
        assert call(capsys, "evaluate", str(SAMPLE), "--kind", kind, "--status", status) == wanted
    code, _, err = call(capsys, "evaluate", str(SAMPLE), "--kind", "楼")
    assert code == 0, err
    code, _, err = call(capsys, "evaluate", str(SAMPLE), "--status", "合格")
    assert code == 2
    assert "undetermined" in err


def test_help_lists_the_kinds_and_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    for command in COMMANDS:
        code, out, _ = call(capsys, command, "--help")
        assert code == 0
        assert "例子 Examples" in out or command == "completion", command
        if "--facts" in out and command not in ("recheck",):
            assert "家庭 household" in out, command


def test_nothing_typed_opens_the_page(
    book: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import pingan_logic.server.run as server

    asked: list[tuple[Any, ...]] = []
    opened: list[str] = []

    def serve(settings: Any, host: str, port: int, begun: Any, **more: Any) -> None:
        asked.append((settings, host, port))
        begun()

    monkeypatch.setattr(server, "serve", serve)
    monkeypatch.setattr(open_command, "_browse", lambda url, port: opened.append(url))
    code, _, err = call(capsys)
    assert code == 0
    (settings, host, port) = asked.pop()
    assert host == "127.0.0.1"
    assert settings.county is None
    assert f"http://127.0.0.1:{port}/desk" in err
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and thread.daemon:
            thread.join(0.2)
    assert opened == [f"http://127.0.0.1:{port}/desk"]
    code, _, err = call(capsys, "open", book, "--no-browser", "--lang", "en", "--port", "9999")
    assert code == 0
    assert asked.pop()[0].given == ("填报表.xlsx", Path(book).read_bytes())
    assert "http://127.0.0.1:9999/desk?lang=en" in err
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    code, _, _ = call(capsys, book)  # a file dropped on the program
    assert asked.pop()[0].given[0] == "填报表.xlsx"


def test_without_the_service_the_help_is_shown(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    main_module = import_module("pingan_logic.cli.main")
    monkeypatch.setattr(main_module, "find_spec", lambda name: None)
    code, out, err = call(capsys)
    assert code == 2
    assert "命令 Commands" in out + err


def test_the_next_year_begins_with_this_years_register(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new = tmp_path / "2017.xlsx"
    code, _, err = call(capsys, "new-year", str(SAMPLE), str(new))
    assert code == 0, err
    assert "沿用单位907行、变更9行" in err
    old, facts = load_facts(SAMPLE), load_facts(new)
    assert (facts.units, facts.changes) == (old.units, old.changes)
    empty = ("incidents", "ledgers", "scores", "polls", "requirements", "not_applicable")
    assert not any(getattr(facts, table) for table in empty)
    code, out, _ = call(capsys, "check", str(new), "--since", str(SAMPLE), "--json")
    assert code == 0
    assert json.loads(out)["since"] == []
    code, _, err = call(capsys, "new-year", str(SAMPLE), str(new))
    assert code == 2  # nothing is overwritten unasked
    assert re.search("已存在|overwrit", err)


def test_the_next_year_of_a_workbook(
    book: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new = tmp_path / "下一年"
    assert call(capsys, "new-year", book, str(new))[0] == 0
    assert load_facts(new).units == load_facts(book).units
    shutil.rmtree(new)
    assert call(capsys, "new-year", book, book)[0] == 2


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_summary_comes_first_and_the_list_on_request(
    lang: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, brief, _ = call(capsys, "evaluate", str(SAMPLE), "--lang", lang)
    assert code == 0
    assert "--status failed" in brief
    assert "H-" not in brief  # households are counted
    assert len(brief.splitlines()) < 60
    code, listed, _ = call(capsys, "evaluate", str(SAMPLE), "--lang", lang, "--list")
    assert listed.splitlines()[:12] == brief.splitlines()[:12]
    assert sum("H-" in line for line in listed.splitlines()) > 800
    code, some, _ = call(capsys, "evaluate", str(SAMPLE), "--lang", lang, "--status", "failed")
    assert 20 < len(some.splitlines()) < 100
    code, brief, _ = call(capsys, "programme", str(SAMPLE), "--lang", lang)
    assert len(brief.splitlines()) < 50
    assert "--list" in brief
    code, listed, _ = call(capsys, "programme", str(SAMPLE), "--lang", lang, "--list")
    assert len(listed.splitlines()) > 100
    # all before the rosters and the next step, between which the list puts the townships
    targets = brief.rsplit("\n\n", 2)[0]
    assert len(targets.splitlines()) > 25
    assert listed.startswith(targets)


@pytest.mark.parametrize(
    "command",
    ["evaluate", "programme", "explain T-02", "explain 000000", "fix B-12", "margin C-04",
     "missing T-03", "whatif --set threshold(village_households)=80%"],
)  # fmt: skip
def test_a_preliminary_result_says_so_in_its_head(
    capsys: pytest.CaptureFixture[str], command: str
) -> None:
    options = ("--facts", str(SAMPLE), "--as-of", "2016-06-30")
    code, out, _ = call(capsys, *command.split(), *options)
    assert code == 0
    assert "2016年度预评" in "\n".join(out.splitlines()[:4])
    code, out, _ = call(capsys, *command.split(), *options, "--lang", "en")
    assert "2016, preliminary" in "\n".join(out.splitlines()[:4])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_workbook_catches_what_a_spreadsheet_can(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, lang: str
) -> None:
    path = tmp_path / "a.xlsx"
    assert call(capsys, "template", str(path), "--lang", lang)[0] == 0
    book = openpyxl.load_workbook(path)
    rules = {}
    for place, sheet in enumerate(book.worksheets):
        for found in sheet.data_validations.dataValidation:
            if found.type == "custom":
                rules[place, str(found.sqref)[0]] = found.formula1
                bare = re.sub('"[^"]*"', "", found.formula1)
                assert bare.isascii(), "a full-width mark is no formula"
                assert bare.count("(") == bare.count(")")
                assert len(found.formula1) <= 255
    units, incidents = (next(n for n, s in enumerate(book.worksheets) if s.title in names)
                        for names in (("单位", "units"), ("案事件", "incidents")))  # fmt: skip
    assert "COUNTIF($A$2" in rules[units, "A"]
    assert "COUNTIF($A$2" in rules[incidents, "A"]
    assert "G2>F2" in rules[units, "G"]
    assert "INDEX(unit_closed,MATCH(" in rules[incidents, "D"]
    assert {"unit_own", "unit_closed", "unit_ids"} <= set(book.defined_names)
    assert ((units, "C") in rules) == (lang == "zh"), "names of persons"
