"""What a command writes, prints and leaves alone: files, streams, interrupts, commands to copy."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import click
import pytest

from pingan_logic import load_facts
from pingan_logic.cli import run
from pingan_logic.cli.main import COMMANDS, main
from pingan_logic.export import write_facts
from pingan_logic.rules.find import data_folder
from pingan_logic.shell import command_line
from tests.intake.books import good_book
from tests.policies import copy_policy

openpyxl = pytest.importorskip("openpyxl")
SAMPLE = data_folder("facts") / "sample-county"
SHIPPED = data_folder("policies") / "xiangyin-2014"
PROGRAM = [sys.executable, "-m", "pingan_logic"]
TEXT = "theirs"


def call(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stop:
        run(list(arguments))
    out, err = capsys.readouterr()
    return int(stop.value.code or 0), out, err


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a little data in every form and a policy."""
    folder = tmp_path_factory.mktemp("made")
    good_book().save(folder / "x.xlsx")
    facts = load_facts(folder / "x.xlsx")
    for target in (f"{folder}/x.json", f"{folder}/data", f"sqlite:///{folder}/x.db"):
        write_facts(facts, target, pingan_policy())
    copy_policy(folder / "rules")
    return folder


@pytest.fixture
def here(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of one's own like that, to stand in."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def pingan_policy():  # type: ignore[no-untyped-def]
    from pingan_logic import load_policy

    return load_policy()


WRITERS: dict[str, tuple[str, Sequence[str], str]] = {
    # what is asked, with the file in place of OUT; and an input that it may not replace
    "evaluate csv": ("evaluate --facts data --csv --out OUT", ("a.csv",), "data/units.csv"),
    "evaluate json": ("evaluate --facts x.json --out OUT", ("a.json",), "x.json"),
    "certificate": ("evaluate --facts x.json --certificate OUT", ("a.jsonl",), "x.json"),
    "certificate of a book": ("evaluate --facts x.xlsx --certificate OUT", ("a.x",), "x.xlsx"),
    "programme": ("programme --facts x.json --json --out OUT", ("a.json",), "x.json"),
    "report": ("report --facts x.xlsx --out OUT", ("a.xlsx",), "x.xlsx"),
    "check": ("check x.xlsx --annotate OUT", ("a.xlsx",), "x.xlsx"),
    "convert": ("convert x.xlsx OUT", ("a.xlsx", "a.json", "a.ods", "a.xls"), "x.xlsx"),
    "convert a folder": ("convert data OUT", ("a.json",), "data/units.csv"),
    "new year": ("new-year x.xlsx OUT", ("a.xlsx",), "x.xlsx"),
    "convert a database": ("convert sqlite:///x.db OUT", ("a.json",), "x.db"),
    "audit": ("audit --policy rules --html OUT", ("a.html",), "rules/notice.txt"),
    "test": ("test --policy rules --junit OUT", ("a.xml",), "rules/cases/building.yaml"),
    "template": ("template --policy rules OUT", ("a.xlsx",), "rules/common.lp"),
}
REFUSED = re.compile("这是本次要读的文件|文件名应以|扩展名应为|不认识的格式|不能写进数据文件夹")


def asked(line: str, out: str) -> list[str]:
    return [out if word == "OUT" else word for word in line.split()]


def test_every_command_that_writes_is_tried() -> None:
    writing = {
        name
        for name in COMMANDS
        if (found := main.get_command(click.Context(main), name)) is not None
        and any("--overwrite" in p.opts for p in found.params)
    }
    assert writing == {line.split()[0] for line, _, _ in WRITERS.values()} | {"verify"}


@pytest.mark.parametrize("name", [n for n in WRITERS if n != "test"])
def test_a_file_that_is_there_is_kept_unless_asked(
    name: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line, outs, _ = WRITERS[name]
    for out in outs:
        Path(out).write_text(TEXT, encoding="utf-8")
        code, _, err = call(capsys, *asked(line, out))
        assert (code, Path(out).read_text(encoding="utf-8")) == (2, TEXT)
        assert f"{out}：已存在，不覆盖；要替换请加 --overwrite" in err
        code, _, err = call(capsys, *asked(line, out), "--overwrite")
        assert code == 0, err
        assert Path(out).read_bytes() != TEXT.encode()


@pytest.mark.parametrize("name", WRITERS)
def test_what_is_read_is_never_replaced(
    name: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line, outs, source = WRITERS[name]
    before = Path(source).read_bytes()
    suffix = Path(outs[0]).suffix
    Path(f"soft{suffix}").symlink_to(source)
    Path(f"hard{suffix}").hardlink_to(source)
    for out in (source, f"soft{suffix}", f"hard{suffix}", f"./{source}", source.upper()):
        code, _, err = call(capsys, *asked(line, out), "--overwrite")
        assert code == 2, (out, err)
        assert REFUSED.search(err), (out, err)
        assert Path(source).read_bytes() == before


def test_standard_input_is_an_input_too(here: Path) -> None:
    before = Path("x.json").read_bytes()
    with open("x.json", "rb") as file:
        done = subprocess.run(
            [*PROGRAM, "evaluate", "--facts", "-", "--out", "x.json", "--overwrite"],
            stdin=file,
            capture_output=True,
            check=False,
        )
    assert done.returncode == 2
    assert "这是本次要读的文件".encode() in done.stderr
    assert Path("x.json").read_bytes() == before


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("convert data data", "这是本次要读的文件"),
        ("convert data/units.csv .", "本次要读的文件在这个文件夹里"),
        ("convert x.xlsx .", "本次要读的文件在这个文件夹里"),
        ("convert data DATA", "这是本次要读的文件"),
        ("convert sqlite:///x.db sqlite:///./x.db", "不能写回所读的数据库"),
        ("evaluate --facts data --csv --out data/a.csv", "不能写进数据文件夹"),
        ("evaluate --facts x.json --out a.json --certificate A.json", "与 --out 是同一个文件"),
        ("evaluate --facts x.json --out nowhere/a.json", "没有这个文件夹"),
        ("evaluate --facts x.json --out data --csv", "这是一个文件夹"),
        ("evaluate --facts x.json --json --out a.csv", "文件名应以 .json 结尾"),
        ("evaluate --facts x.json --out a.txt", "文件名应以 .csv 或 .json 结尾"),
        ("programme --facts x.json --rosters --out a.json", "文件名应以 .csv 结尾"),
    ],
)
def test_places_that_are_refused(
    line: str, said: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {p: p.read_bytes() for p in here.rglob("*") if p.is_file()}
    more = ["--overwrite"]
    code, out, err = call(capsys, *line.split(), *more)
    assert (code, out) == (2, "")
    assert said in err
    assert {p: p.read_bytes() for p in here.rglob("*") if p.is_file()} == before


def test_a_folder_is_kept_unless_asked(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = Path("worlds/township_villages")
    folder.mkdir(parents=True)
    (folder / "units.csv").write_text(TEXT, encoding="utf-8")
    line = ("verify", "--property", "township_villages", "--bound", "1", "--out", "worlds")
    code, _, err = call(capsys, *line)
    assert code == 2
    assert "已存在，不覆盖" in err
    assert (folder / "units.csv").read_text(encoding="utf-8") == TEXT
    assert call(capsys, *line, "--overwrite")[0] == 0
    assert call(capsys, "convert", "x.xlsx", "worlds")[0] == 2


def test_a_file_that_comes_meanwhile_is_kept(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from pingan_logic.cli import evaluate_command

    real = evaluate_command.assess

    def slow(*arguments):  # type: ignore[no-untyped-def]
        Path("a.json").write_text(TEXT, encoding="utf-8")
        return real(*arguments)

    monkeypatch.setattr(evaluate_command, "assess", slow)
    code, _, err = call(capsys, "evaluate", "--facts", "x.json", "--out", "a.json")
    assert code == 2
    assert "a.json：无法写入：同名的文件已存在" in err
    assert Path("a.json").read_text(encoding="utf-8") == TEXT


# what the files hold


@pytest.mark.parametrize(
    "line",
    ["evaluate --csv", "evaluate --json", "programme --csv", "programme --rosters",
     "programme --json"],
)  # fmt: skip
def test_the_file_is_what_is_printed(line: str, here: Path) -> None:
    """Line ends and all: nothing on the way translates them, on any platform."""
    form = "json" if "--json" in line else "csv"
    command = [*PROGRAM, *line.split(), "--facts", str(SAMPLE), "-q"]
    printed = subprocess.run(command, capture_output=True, check=True).stdout
    done = subprocess.run([*command, "--out", f"a.{form}"], capture_output=True, check=True)
    assert (done.stdout, done.stderr) == (b"", b"")
    assert Path(f"a.{form}").read_bytes() == printed
    if form == "json":
        assert json.loads(printed)
        assert b"\r" not in printed
    else:
        assert printed.startswith(b"\xef\xbb\xbf")
        rows = list(csv.reader(io.StringIO(printed.decode("utf-8-sig"), newline="")))
        assert len(rows) > 9
        assert printed.count(b"\r\n") == printed.count(b"\n") == len(rows)


def test_the_name_says_the_form(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = call(capsys, "evaluate", "--facts", "x.json", "--out", "a.CSV")
    assert (code, out) == (0, "")
    assert "已写出 a.CSV" in err
    assert Path("a.CSV").read_bytes().startswith("\ufeff编号,类别,名称".encode())


@pytest.mark.parametrize("line", ["evaluate --csv", "programme --rosters", "convert SAMPLE -"])
def test_windows_adds_no_returns(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stream that translates line ends, as standard output does there, gets them as they are."""
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="gbk", newline="\r\n"))
    with pytest.raises(SystemExit) as stop:
        run([*line.replace("SAMPLE", str(SAMPLE)).split(), "-q"])
    assert stop.value.code == 0
    sys.stdout.flush()
    written = raw.getvalue()
    assert len(written) > 1000
    assert b"\r\r" not in written
    assert written.count(b"\r\n") == (0 if "convert" in line else written.count(b"\n"))
    written.decode("utf-8")


# streams


def shell(line: str, **environment: str) -> subprocess.CompletedProcess[str]:
    program = f"{sys.executable} -m pingan_logic"
    return subprocess.run(
        ["bash", "-c", f"exec {line.replace('@', program, 1)}"],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )


@pytest.mark.parametrize(
    ("line", "status", "said"),
    [
        ("@ explain B-12 >&-", 2, "标准输出：无法读写：没有打开"),
        ("@ explain B-12 >&- 2>&-", 2, ""),
        ("@ explain B-12 <&- >&- 2>&-", 2, ""),
        ("@ explain B-12 2>&-", 0, ""),
        ("@ explain nobody 2>&-", 2, ""),
        ("@ explain B-12 2>/dev/full", 0, ""),
        ("@ explain nobody 2>/dev/full", 2, ""),
        ("@ nothing >&- 2>&-", 2, ""),
        ("@ --help >&-", 2, "没有打开"),
        ("@ evaluate --facts - <&-", 2, "stdin：无法读取：没有打开"),
        ("@ lint >&-", 2, "没有打开"),
    ],
)
def test_closed_streams(line: str, status: int, said: str) -> None:
    done = shell(line)
    assert done.returncode == status, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert ("B-12" in done.stdout) == (status == 0)


def test_a_file_never_gets_the_number_of_a_closed_stream(here: Path) -> None:
    done = shell(f"@ evaluate --facts x.json --out {here}/a.json >&- 2>&-")
    assert done.returncode == 0
    assert json.loads(Path("a.json").read_text(encoding="utf-8"))["units"]


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONIOENCODING": "gbk"},
        {"PYTHONIOENCODING": "ascii:strict"},
        {"LANG": "C", "LC_ALL": "C"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    ],
)
def test_odd_encodings(environment: dict[str, str]) -> None:
    done = shell("@ explain B-12 -q", **environment)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("滨江小区3栋（B-12，楼栋）")
    done = shell("@ explain 没有 -q", **environment)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("form", ["json", "xlsx"])
@pytest.mark.parametrize(
    "line",
    [
        "@ evaluate --csv -q --facts <(cat FILE)",
        "@ evaluate --csv -q --facts /dev/stdin < FILE",
        "@ evaluate --csv -q --facts /dev/stdin < <(cat FILE)",
        "@ evaluate --csv -q --facts - < FILE",
        "@ evaluate --csv -q --facts fifo < <(cat FILE > fifo)",
    ],
)
def test_pipes_are_read(line: str, form: str, here: Path) -> None:
    os.mkfifo("fifo")
    wanted = shell(f"@ evaluate --csv -q --facts {here}/x.{form}")
    assert wanted.stdout.count("\n") > 3
    done = shell(line.replace("FILE", f"x.{form}"))
    assert (done.returncode, done.stderr, done.stdout) == (0, "", wanted.stdout)


def test_a_table_that_cannot_be_read_is_no_missing_table(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("data/incidents.csv").unlink(missing_ok=True)
    Path("data/incidents.csv").symlink_to("nowhere.csv")
    Path("data/polls.csv").unlink(missing_ok=True)
    os.mkfifo("data/polls.csv")
    code, out, err = call(capsys, "evaluate", "--facts", "data")
    assert (code, out) == (2, "")
    assert "incidents.csv：不是普通文件" in err
    assert "polls.csv：不是普通文件" in err


# interrupts


@pytest.mark.parametrize("command", [["explain", "B-12"], ["--help"], ["lint"], ["completion"]])
def test_an_interrupt_while_modules_are_imported_is_silent(command: list[str]) -> None:
    """The program itself says when it has begun; whatever it loads after that is interrupted."""
    code = (
        "import os, signal, sys, threading\n"
        "class Interrupting:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == os.environ['AT']:\n"
        "            signal.raise_signal(signal.SIGINT)\n"
        "sys.meta_path.insert(0, Interrupting())\n"
        "sys.argv = ['pingan', *sys.argv[1:]]\n"
        "import runpy; runpy.run_module('pingan_logic', run_name='__main__', alter_sys=True)\n"
    )
    for at in ("pingan_logic.cli", "click", "clingo", "attrs", "pingan_logic.cli.lint_command"):
        done = subprocess.run(
            [sys.executable, "-c", code, *command],
            env={**os.environ, "AT": at},
            capture_output=True,
            check=False,
        )
        if at == "pingan_logic.cli.lint_command" and command not in (["lint"], ["--help"]):
            continue
        assert (done.returncode, done.stdout, done.stderr) == (130, b"", b""), at


def test_interrupted_from_outside_at_any_moment() -> None:
    for tenth in range(2, 10):
        with subprocess.Popen(
            [*PROGRAM, "lint"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        ) as process:
            time.sleep(tenth / 10)
            process.send_signal(signal.SIGINT)
            assert process.stderr is not None
            said = process.stderr.read()
        assert process.returncode in (0, 130)
        assert b"Traceback" not in said


# commands to copy


def follow(line: str) -> subprocess.CompletedProcess[str]:
    """Run a line as it was printed, in the shell."""
    program = line.replace("pingan ", f"{sys.executable} -m pingan_logic ", 1)
    return subprocess.run(
        program, shell=True, capture_output=True, text=True, encoding="utf-8", check=False
    )


def printed(text: str) -> list[str]:
    """Return the commands that are printed to be run, without the words that say what for."""
    lines = text.replace(" \\\n    ", " ").split("\n")
    found = (re.split(r"(?<=[：:]) *|   |(?<=^)(?=pingan)", line) for line in lines)
    said = (part for parts in found for part in parts if part.startswith("pingan "))
    return [re.sub(r"（[^（]*）$| \([^(]*\)$", "", part) for part in said]


@pytest.mark.parametrize("options", [[], ["--policy", "我的 规则"], ["--lang", "en"]])
def test_from_the_template_every_next_step_is_printed(
    options: list[str], here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree("rules", "我的 规则")
    name = "县（2014）的 'A & B'.xlsx"
    code, _, err = call(capsys, "template", name, *options)
    assert code == 0
    (check,) = printed(err)
    assert follow(check).returncode == 0
    book = openpyxl.load_workbook(name)
    told = [str(c.value) for row in book.worksheets[0] for c in row if c.value]
    inside = printed("\n".join(told))
    assert len(inside) == 2
    good = good_book()
    good.save(name)
    for line in (check, *inside):
        done = follow(line)
        assert done.returncode == 0, (line, done.stderr)
        assert all(o in line or "我的" in o for o in options)
    code, _, err = call(capsys, "check", name, *options)
    (judge,) = printed(err)
    done = follow(judge)
    assert done.returncode == 0, (judge, done.stderr)
    assert ("规则 我的" in done.stdout) == ("--policy" in options)


def test_a_replay_carries_the_rules(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(
        capsys, "verify", "--property", "township_villages", "--policy", "rules", "--lang", "en",
        "--out", "my worlds",
    )  # fmt: skip
    assert code == 0
    (line,) = printed(out)
    assert "--policy rules" in line
    done = follow(line)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("village-1 (village)")
    Path("rules/common.lp").write_text("nonsense(", encoding="utf-8")
    assert follow(line).returncode == 2


def test_no_command_is_printed_that_could_not_be_run(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with open("x.json", encoding="utf-8") as file:
        done = subprocess.run(
            [*PROGRAM, "check", "-"], stdin=file, capture_output=True, text=True, check=False
        )
    assert done.returncode == 0
    assert printed(done.stderr) == []
    shutil.copy("x.json", "a\u202eb.json")
    code, _, err = call(capsys, "check", "a\u202eb.json")
    assert (code, printed(err)) == (0, [])
    shutil.copy("x.json", "-b.json")
    code, _, err = call(capsys, "check", "--", "-b.json")
    (line,) = printed(err)
    assert follow(line).returncode == 0


@pytest.mark.parametrize(
    ("word", "posix", "windows"),
    [
        ("台账.xlsx", "台账.xlsx", "台账.xlsx"),
        (r"C:\数据\台账.xlsx", r"'C:\数据\台账.xlsx'", r"C:\数据\台账.xlsx"),
        ("a b.xlsx", "'a b.xlsx'", '"a b.xlsx"'),
        ("A & B.xlsx", "'A & B.xlsx'", '"A & B.xlsx"'),
        ("it's", "'it'\"'\"'s'", '"it\'s"'),
        ("dir with space\\", "'dir with space\\'", '"dir with space\\\\"'),
    ],
)
def test_words_are_quoted_for_the_shell(word: str, posix: str, windows: str) -> None:
    start = "pingan check "
    assert command_line("check", [word], {}, windows=False) == start + posix
    assert command_line("check", [word], {}, windows=True) == start + windows


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
@pytest.mark.parametrize(
    ("command", "name"),
    [
        ("evaluate --out", "a.csv"), ("evaluate --out", "a.json"),
        ("evaluate --certificate", "a.jsonl"), ("programme --out", "a.csv"),
        ("report --out", "a.html"), ("report --out", "a.xlsx"), ("audit --html", "a.html"),
        ("template", "a.xlsx"), ("test --junit", "a.xml"),
    ],
)  # fmt: skip
def test_a_full_disk_is_told_of_the_file(command: str, name: str, tmp_path: Path) -> None:
    (tmp_path / name).symlink_to("/dev/full")
    asked = [*PROGRAM, *command.split(), str(tmp_path / name)]
    done = subprocess.run(asked, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 2
    assert f"{name}：无法写入：磁盘已满" in done.stderr
    assert "标准输出" not in done.stderr
