"""template, check, convert, completion, and the manners of the command line."""

from __future__ import annotations

import io
import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pingan_logic.cli import run
from pingan_logic.cli.main import COMMANDS
from pingan_logic.export.words import NOTES
from pingan_logic.intake.headers import header_name
from pingan_logic.intake.rows import columns
from pingan_logic.model import TABLE_NAMES, TABLES
from pingan_logic.policy.catalogue import Policy
from pingan_logic.policy.find import data_folder
from tests.intake.books import BROKEN, broken_book, good_book

openpyxl = pytest.importorskip("openpyxl")
SAMPLE = str(data_folder("facts") / "xiangyin-sample")


def call(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stop:
        run(list(arguments))
    out, err = capsys.readouterr()
    assert "Traceback" not in err
    return int(stop.value.code or 0), out, err


# template


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_template_has_all_that_helps(
    lang: str, tmp_path: Path, policy: Policy, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "台账.xlsx"
    assert call(capsys, "template", str(path), "--lang", lang)[0] == 0
    book = openpyxl.load_workbook(path)
    titles = [TABLE_NAMES[t][0] if lang == "zh" else t for t in TABLES]
    assert [s for s in book.sheetnames if s in titles] == titles
    assert len(book.sheetnames) == len(titles) + 2  # instructions and words
    for table, title in zip(TABLES, titles, strict=True):
        sheet = book[title]
        heads = [c.value for c in sheet[1]]
        assert heads == [header_name(table, c) if lang == "zh" else c for c in columns(table)]
        assert all(c.comment and c.comment.text for c in sheet[1])
        assert sheet.max_row == 2
        assert str(sheet["A2"].value).startswith("示例")
        checked = {r for v in sheet.data_validations.dataValidation for r in str(v.sqref).split()}
        assert len(checked) == len(heads)
    lists = [v for v in book[titles[0]].data_validations.dataValidation if v.type == "list"]
    words = book[book.sheetnames[-1]]
    offered = {c.value for column in words.iter_cols() for c in column}
    kinds = {k.zh for k in policy.kinds.values()} if lang == "zh" else set(policy.kinds)
    assert offered >= kinds
    assert any(words.title in v.formula1 for v in lists)
    code, out, _ = call(capsys, "check", str(path), "--lang", lang)
    assert code == 0
    assert ("没有" if lang == "zh" else "no units") in out


def test_every_column_has_names_and_a_note() -> None:
    assert set(TABLE_NAMES) == set(TABLES)
    for table in TABLES:
        names = [h for c in columns(table).values() for h in c.metadata["headers"]]
        assert len(names) == len(set(names)), table
        for column in columns(table):
            assert header_name(table, column)
            assert all(NOTES[f"{table}.{column}"])


def test_a_template_never_replaces_a_filled_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "台账.xlsx"
    path.write_bytes(b"mine")
    code, _, err = call(capsys, "template", str(path))
    assert (code, path.read_bytes()) == (2, b"mine")
    assert "--overwrite" in err
    assert call(capsys, "template", str(path), "--overwrite")[0] == 0
    code, _, err = call(capsys, "template", str(tmp_path / "台账.xls"))
    assert code == 2
    assert "`台账.xlsx`" in err


def test_a_new_user_from_template_to_verdict(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "台账.xlsx"
    call(capsys, "template", str(path))
    book = openpyxl.load_workbook(path)
    for row in (["B-1", "平安楼栋", "1栋"], ["H-1", "平安家庭", "第1户", "B-1"]):
        book["单位"].append(row)
    book["台账"].append(["B-1", "全部", 2014])
    book.save(path)
    code, out, err = call(capsys, "check", str(path))
    assert code == 0
    assert "单位 2 行" in out
    assert "示例行" in err
    code, out, err = call(capsys, "explain", "1栋", "--facts", str(path))
    assert code == 0
    assert out.startswith("B-1 1栋(平安楼栋):达标")
    assert "示例行" in err


# check


def test_check_lists_every_problem_by_cell(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "台账.xlsx"
    book = good_book()
    for name in ("kind-misspelt", "score-with-unit", "row-hidden"):
        BROKEN[name][0](book)
    book.save(path)
    code, out, _ = call(capsys, "check", str(path))
    assert code == 2
    assert "发现 3 个问题" in out
    assert "单位!B7 类别" in out
    code, out, _ = call(capsys, "check", str(path), "--json")
    document = json.loads(out)
    assert code == 2
    assert [p.get("cell", p["row"]) for p in document["problems"]] == [7, "B7", "C2"]
    assert document["problems"][1]["nearest"] == "平安家庭"
    code, out, err = call(capsys, "check", SAMPLE)
    assert code == 0
    assert "平安家庭 825" in out
    assert "evaluate --facts" in err


@pytest.mark.parametrize("name", BROKEN)
def test_a_marked_copy_shows_each_mistake_and_can_be_mended(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, marked, again = (tmp_path / f"{n}.xlsx" for n in ("台账", "标注", "再标"))
    path.write_bytes(broken_book(name))
    before = path.read_bytes()
    code, out, _ = call(capsys, "check", str(path), "--annotate", str(marked))
    assert code == 2
    assert path.read_bytes() == before
    book = openpyxl.load_workbook(marked)
    listed = book["检查结果"]
    assert listed.max_row - 1 == out.count("\n") - 1
    place = BROKEN[name][1][0]
    if match := re.fullmatch(r"(.+)!([A-Z]+\d+)", place):
        cell = book[match[1]][match[2]]
        assert cell.comment is not None
        assert cell.fill.fgColor.rgb == "FFFFC7CE"
    # the copy is checked like the original, and marks do not pile up
    code, second, _ = call(capsys, "check", str(marked), "--annotate", str(again))
    assert code == 2
    assert second.replace("标注.xlsx", "台账.xlsx") == out


def test_marks_go_away_when_the_mistake_is_mended(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, marked = tmp_path / "台账.xlsx", tmp_path / "标注.xlsx"
    path.write_bytes(broken_book("kind-misspelt"))
    call(capsys, "check", str(path), "--annotate", str(marked))
    book = openpyxl.load_workbook(marked)
    book["单位"]["B7"] = "平安家庭"
    book.save(path)
    code, _, err = call(capsys, "check", str(path), "--annotate", str(marked))
    assert code == 2
    assert "--overwrite" in err
    code, _, _ = call(capsys, "check", str(path), "--annotate", str(marked), "--overwrite")
    assert code == 0
    book = openpyxl.load_workbook(marked)
    assert book["单位"]["B7"].comment is None
    assert book["检查结果"]["A2"].value == "没有问题"
    code, _, err = call(capsys, "check", str(path), "--annotate", str(path), "--overwrite")
    assert code == 2
    assert "不能写回原文件" in err


def test_csv_is_marked_in_a_new_workbook(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "units.csv").write_text("id,kind,name,parent\n\nH,houshold,=1+1,\n", encoding="utf-8")
    (folder / "polls.csv").write_text("unit,year,rank\nH,2014,0\n", encoding="utf-8")
    marked = tmp_path / "标注.xlsx"
    code, out, _ = call(capsys, "check", str(folder), "--annotate", str(marked))
    assert code == 2
    assert "units.csv 第3行 kind" in out
    book = openpyxl.load_workbook(marked)
    assert book["units"]["B3"].comment is not None
    assert book["units"]["C3"].data_type == "s"
    assert book["polls"]["C2"].comment is not None
    (tmp_path / "a.json").write_text("{}", encoding="utf-8")
    code, _, err = call(
        capsys, "check", str(tmp_path / "a.json"), "--annotate", str(tmp_path / "b.xlsx")
    )
    assert code == 2
    assert "只有工作簿和 CSV" in err


# convert and streams


def test_convert_says_what_it_wrote_and_never_overwrites(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "台账.xlsx")
    code, text, err = call(capsys, "convert", SAMPLE, out)
    assert (code, text) == (0, "")
    assert "单位 907" in err
    assert call(capsys, "convert", SAMPLE, out)[0] == 2
    code, text, err = call(capsys, "convert", SAMPLE, out, "--overwrite", "--quiet")
    assert (code, text, err) == (0, "", "")
    code, _, err = call(capsys, "convert", out, str(tmp_path / "a.docx"))
    assert code == 2
    assert ".docx" in err


def test_streams(tmp_path: Path) -> None:
    """Data through pipes: JSON and workbooks in, JSON and a template out."""
    command = [sys.executable, "-m", "pingan_logic"]

    def pipe(data: bytes, *arguments: str) -> bytes:
        done = subprocess.run([*command, *arguments], input=data, capture_output=True, check=True)
        return done.stdout

    document = pipe(b"", "convert", SAMPLE, "-", "--quiet")
    assert len(json.loads(document)["units"]) == 907
    assert b"907" in pipe(document, "check", "-")
    book = io.BytesIO()
    good_book().save(book)
    assert b"B-01" in pipe(book.getvalue(), "evaluate", "--facts", "-", "--json")
    assert pipe(b"", "template", "-").startswith(b"PK")


# units by name


@pytest.mark.parametrize(
    ("text", "said"),
    [("青竹镇", "T-01 青竹镇"), ("卫生院 白沙", "Y-02"), ("滨江小区3栋", "B-12"), ("T-01", "T-01")],
)
def test_a_unit_is_found_by_name(text: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = call(capsys, "explain", text, "--facts", SAMPLE)
    assert code == 0
    assert out.startswith(said)
    assert ("按名称找到" in err) == (text != "T-01")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_several_units_are_listed_and_none_is_guessed(
    lang: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = call(capsys, "explain", "青竹", "--facts", SAMPLE, "--lang", lang)
    assert (code, out) == (2, "")
    assert err.count("青竹") >= 8
    assert "T-01 青竹镇" in err
    code, _, err = call(capsys, "explain", "青竹真", "--facts", SAMPLE)
    assert code == 2
    assert "`T-01 青竹镇`" in err


# manners


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_every_command_is_in_both_languages(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = call(capsys, name, "--help")
    assert code == 0
    assert "用法 Usage" in out
    assert "--help" in out


@pytest.mark.parametrize("name", ["check", "convert", "evaluate", "explain", "template"])
def test_examples_in_the_help_run(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, _ = call(capsys, name, "--help")
    assert "例子 Examples" in out
    monkeypatch.chdir(tmp_path)
    call(capsys, "convert", SAMPLE, "台账.xlsx")
    call(capsys, "convert", SAMPLE, "台账.xls")
    call(capsys, "convert", SAMPLE, "我的数据")
    call(capsys, "convert", SAMPLE, "数据")
    call(capsys, "convert", SAMPLE, "data.json")
    lines = [ln for ln in out.splitlines() if "python -m pingan_logic" in ln and "Usage" not in ln]
    assert lines
    for line in lines:
        if "postgresql" in line:
            continue
        line = line.strip().replace("python -m", f"{sys.executable} -m").replace("less", "cat")
        if name in ("convert", "template"):
            line = f"{line.partition(' | ')[0]} --overwrite"
        done = subprocess.run(line, shell=True, capture_output=True, text=True, check=False)
        assert done.returncode == 0, (line, done.stderr)


def test_the_main_help_names_exit_codes_and_the_version(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, out, _ = call(capsys, "--help")
    assert code == 0
    assert "退出码 Exit status" in out
    assert all(c in out for c in COMMANDS)
    assert re.search(r"\d+\.\d+", call(capsys, "--version")[1])


def on_terminal(*arguments: str, **environment: str) -> str:
    """Return what a terminal shows, both streams together."""
    parent, child = pty.openpty()
    env = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR")}
    env |= {"TERM": "xterm-256color", **environment}
    process = subprocess.Popen(
        [sys.executable, "-m", "pingan_logic", *arguments], stdout=child, stderr=child, env=env
    )
    os.close(child)
    shown = b""
    while True:
        try:
            part = os.read(parent, 65536)
        except OSError:
            break
        if not part:
            break
        shown += part
    process.wait()
    os.close(parent)
    return shown.decode("utf-8", "replace")


GREEN = "\x1b[32m\x1b[1m达标"


def test_colour_only_where_it_is_wanted() -> None:
    asked = ("explain", "B-12", "--facts", SAMPLE)
    assert GREEN in on_terminal(*asked)
    assert "\x1b[32m" not in on_terminal(*asked, NO_COLOR="1")
    assert "\x1b[32m" not in on_terminal(*asked, TERM="dumb")
    command = [sys.executable, "-m", "pingan_logic", *asked]
    env = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR")}
    piped = subprocess.run(command, capture_output=True, check=True, env=env)
    assert b"\x1b" not in piped.stdout + piped.stderr
    forced = subprocess.run(
        command, capture_output=True, check=True, env=env | {"FORCE_COLOR": "1"}
    )
    assert GREEN.encode() in forced.stdout


def test_progress_is_shown_on_terminals_and_silenced() -> None:
    shown = on_terminal("check", SAMPLE)
    assert "907/907" in shown
    quiet = on_terminal("check", SAMPLE, "--quiet")
    assert "907/907" not in quiet
    assert "下一步" not in quiet


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, "completion", shell)
    assert code == 0
    assert "_PINGAN_COMPLETE" in out
    assert "python -m" not in out


@pytest.mark.parametrize(
    ("line", "expected"),
    [("pingan ch", "check"), ("pingan explain B-1", "B-12"), ("pingan evaluate --sta", "--status")],
)
def test_the_shell_is_told_what_completes(line: str, expected: str) -> None:
    words = line.split()
    env = os.environ | {
        "_PINGAN_COMPLETE": "bash_complete", "COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1),
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "pingan_logic"], capture_output=True, text=True, env=env, check=False
    )
    assert expected in done.stdout
