"""template, check, convert, completion, and the manners of the command line."""

from __future__ import annotations

import io
import json
import os
import pty
import re
import shutil
import subprocess
import sys
import warnings
from datetime import date
from pathlib import Path

import click
import pytest

from pingan_logic import Facts, Unit, load_facts
from pingan_logic.catalogue import Policy
from pingan_logic.cli import run
from pingan_logic.cli.main import COMMANDS, main
from pingan_logic.export import write_facts
from pingan_logic.intake.headers import header_name
from pingan_logic.intake.rows import columns
from pingan_logic.messages.template import NOTES
from pingan_logic.model import TABLE_NAMES, TABLES
from pingan_logic.rules.find import data_folder
from tests.intake.books import BROKEN, GOOD, broken_book, good_book

openpyxl = pytest.importorskip("openpyxl")
xlsxwriter = pytest.importorskip("xlsxwriter")
SAMPLE = str(data_folder("facts") / "sample-county")


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
    path = tmp_path / ("台账.xlsx" if lang == "zh" else "ledger.xlsx")
    assert call(capsys, "template", str(path), "--lang", lang)[0] == 0
    book = openpyxl.load_workbook(path)
    tables = [t for t in TABLES if t != "values"]  # the shipped policy declares no items
    titles = [TABLE_NAMES[t][0] if lang == "zh" else t for t in tables]
    assert [s for s in book.sheetnames if s in titles] == titles
    assert len(book.sheetnames) == len(titles) + 2  # instructions and words
    for table, title in zip(tables, titles, strict=True):
        sheet = book[title]
        heads = [c.value for c in sheet[1]]
        assert heads == [header_name(table, c) if lang == "zh" else c for c in columns(table)]
        assert all(c.comment and c.comment.text for c in sheet[1])
        assert sheet.max_row == (7 if table == "units" else 2)
        assert all(
            str(c.value).startswith("示例" if lang == "zh" else "example") for c in sheet["A"][1:]
        )
        checked = {r for v in sheet.data_validations.dataValidation for r in str(v.sqref).split()}
        assert len(checked) == len(heads)
    lists = [v for v in book[titles[0]].data_validations.dataValidation if v.type == "list"]
    words = book[book.sheetnames[-1]]
    kinds = [k.zh for k in policy.kinds.values()] if lang == "zh" else list(policy.kinds)
    named = {name: d.attr_text for name, d in book.defined_names.items()}
    (offered,) = [v for v in lists if str(v.sqref).startswith("B2:")]
    sheet_name, _, area = named[offered.formula1].rpartition("!")
    assert sheet_name.strip("'") == words.title
    assert [c.value for (c,) in words[area.replace("$", "")]] == kinds
    if lang == "en":
        texts = [
            str(text)
            for sheet in book
            for row in sheet.iter_rows()
            for cell in row
            for text in (cell.value, cell.comment and cell.comment.text)
        ]
        assert not [t for t in (*texts, *book.sheetnames) if re.search(r"[\u4e00-\u9fff]", t)]
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
    assert "单位 2行" in out
    assert "示例行" in err
    code, out, err = call(capsys, "explain", "1栋", "--facts", str(path))
    assert code == 0
    assert out.splitlines()[0].split() == ["1栋（B-1，楼栋）", "2014年度：达标"]
    assert "示例行" in err


# check


def test_check_lists_every_problem_by_cell(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "台账.xlsx"
    book = good_book()
    for name in ("kind-misspelt", "score-with-two-units", "row-hidden"):
        BROKEN[name][0](book)
    book.save(path)
    code, out, _ = call(capsys, "check", str(path))
    assert code == 2
    assert "发现3个问题" in out
    assert "单位!B7 类别" in out
    code, out, _ = call(capsys, "check", str(path), "--json")
    document = json.loads(out)
    assert code == 2
    assert [p.get("cell", p["row"]) for p in document["problems"]] == [7, "B7", "C2"]
    assert document["problems"][1]["nearest"] == "家庭"
    code, out, err = call(capsys, "check", SAMPLE)
    assert code == 0
    assert "家庭825户" in out
    assert "evaluate --facts" in err


@pytest.mark.no_cover
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
    assert f"发现{listed.max_row - 1}个问题" in out
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
    assert "这是本次要读的文件，不能写回" in err


@pytest.mark.filterwarnings("ignore:Sparkline")
def test_a_marked_copy_is_the_same_workbook(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Formats, widths, comments, lists, charts and other sheets; what is lost is said."""
    path, marked, again = (tmp_path / f"{n}.xlsx" for n in ("台账", "标注", "再标"))
    book = xlsxwriter.Workbook(path)
    bold = book.add_format({"bold": True, "bg_color": "#FFFF00", "num_format": "@"})
    for name, rows in GOOD.items():
        sheet = book.add_worksheet(name)
        for row, cells in enumerate(rows):
            for column, value in enumerate(cells):
                if isinstance(value, date):
                    sheet.write_datetime(row, column, value, book.add_format({"num_format": "m/d"}))
                elif value is not None:
                    sheet.write(row, column, value)
    sheet = book.get_worksheet_by_name("单位")
    sheet.set_column(0, 0, 33)
    sheet.freeze_panes(1, 1)
    sheet.write_rich_string("C4", "荷", bold, "塘", "村")
    sheet.write("B7", "平安家廷", bold)
    for cell in ("B7", "C4"):
        sheet.write_comment(cell, "请核对", {"author": "某科"})
    sheet.data_validation("B2:B99", {"validate": "list", "source": ["县", "平安家庭"]})
    sheet.conditional_format("B2:B9", {"type": "duplicate", "format": bold})
    notes = book.add_worksheet("填写说明")
    notes.merge_range("A1:C1", "说明", bold)
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=得分！$C$2:$C$3"})
    notes.insert_chart("A3", chart)
    notes.insert_textbox("F3", "文本框")
    sheet.add_sparkline("M2", {"range": "得分!C2:C3"})
    book.close()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        code, out, err = call(capsys, "check", str(path), "--annotate", str(marked))
    assert code == 2
    assert "发现1个问题" in out
    assert "文本框和图形、迷你图" in err
    assert "图表" not in err
    one, two = (openpyxl.load_workbook(p, rich_text=True) for p in (path, marked))
    assert two.sheetnames == [*one.sheetnames, "检查结果"]
    for sheet in one:
        copy = two[sheet.title]
        assert copy.merged_cells.ranges == sheet.merged_cells.ranges
        assert copy.freeze_panes == sheet.freeze_panes
        assert copy.column_dimensions["A"].width == sheet.column_dimensions["A"].width
        assert len(copy.conditional_formatting) == len(sheet.conditional_formatting)
        lists = [[v.formula1 for v in s.data_validations.dataValidation] for s in (sheet, copy)]
        assert lists[0] == lists[1]
        for row in sheet.iter_rows():
            for cell in row:
                other = copy[cell.coordinate]
                assert other.value == cell.value
                assert other.number_format == cell.number_format
                assert other.font.b == cell.font.b
                if (sheet.title, cell.coordinate) != ("单位", "B7"):
                    assert other.fill.fgColor.rgb == cell.fill.fgColor.rgb
                    assert (other.comment and other.comment.text) == (
                        cell.comment and cell.comment.text
                    )
    comment = two["单位"]["B7"].comment
    assert (comment.author, comment.text.splitlines()[0]) == ("某科", "请核对")
    assert "家庭" in comment.text
    assert len(two["填写说明"]._charts) == 1
    # mended, what was there before comes back
    two["单位"]["B7"] = "平安家庭"
    two.save(path)
    assert call(capsys, "check", str(path), "--annotate", str(again))[0] == 0
    comment = openpyxl.load_workbook(again)["单位"]["B7"].comment
    assert (comment.author, comment.text) == ("某科", "请核对")


def test_a_marked_copy_of_another_format_has_the_cells(
    tmp_path: Path, policy: Policy, capsys: pytest.CaptureFixture[str]
) -> None:
    path, marked = tmp_path / "台账.ods", tmp_path / "标注.xlsx"
    units = [Unit("H", "household", "户", "V"), Unit("V", "village", "村")]
    write_facts(Facts(units=units), str(path), policy)
    path.rename(tmp_path / "台账[1].xlsx")  # people rename files
    (tmp_path / "台账.xls").write_bytes(broken_book("kind-misspelt"))
    for name, code, where in (("台账[1].xlsx", 0, "A2"), ("台账.xls", 2, "B7")):
        asked = ("check", str(tmp_path / name), "--annotate", str(marked), "--overwrite")
        done, _, err = call(capsys, *asked)
        assert done == code
        assert ("格式" in err) == (code == 0)
        cell = openpyxl.load_workbook(marked)["单位"][where]
        assert cell.value == ("H" if code == 0 else "平安家廷")
    data = tmp_path / "数据[1]"
    data.mkdir()
    (tmp_path / "台账[1].xlsx").rename(data / "台账 [1].xlsx")
    assert call(capsys, "check", str(data), "--annotate", str(marked), "--overwrite")[0] == 0
    inside = data / "标注.xlsx"
    code, _, err = call(capsys, "check", str(data), "--annotate", str(inside))
    assert code == 2
    assert "不能写进数据文件夹" in err
    assert not inside.exists()
    page = tmp_path / "网页.xls"
    page.write_text("<html><table></table></html>", encoding="utf-8")
    code, shown, err = call(capsys, "check", str(page), "--annotate", str(tmp_path / "b.xlsx"))
    assert code == 2
    assert "其实是网页" in shown
    assert "只有工作簿和 CSV 能标注" in err
    for out in (tmp_path / "没有" / "a.xlsx", data):
        code, _, err = call(capsys, "template", str(out.with_suffix(".xlsx")))
        assert code == (2 if "没有" in str(out) else 0)
        assert ("没有这个文件夹" in err) == (code == 2)


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
    assert "单位907行" in err
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
    [("青竹镇", "T-01"), ("卫生院 白沙", "Y-02"), ("滨江小区3栋", "B-12"), ("T-01", "T-01")],
)
def test_a_unit_is_found_by_name(text: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = call(capsys, "explain", text, "--facts", SAMPLE)
    assert code == 0
    assert f"（{said}，" in out.splitlines()[0]
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
    assert "例子 Examples" in out
    assert f"{'pingan' if name == 'completion' else 'python -m pingan_logic'} {name}" in out
    assert "OPTIONS" in out
    command = main.get_command(click.Context(main), name)
    assert command is not None
    texts = [p.help for p in command.params if isinstance(p, click.Option)]
    texts += [command.help, *(f"{zh} / {en}" for _, zh, en in getattr(command, "examples", ()))]
    for text in texts:
        assert text is not None
        zh, mark, en = text.rpartition("/ ")
        assert mark, text
        assert re.search(r"[\u4e00-\u9fff]|^(zsh|fish) $|JUnit", zh), text
        assert re.search(r"[A-Za-z]", en), text
        assert not re.search(r"[\u4e00-\u9fff]", en), text


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory, policy: Policy) -> Path:
    """Return a folder with the sample in every form that the examples name."""
    folder = tmp_path_factory.mktemp("sample")
    facts = load_facts(SAMPLE, policy)
    for name in ("填报表.xlsx", "台账.xls", "数据", "data.json"):
        write_facts(facts, str(folder / name), policy)
    shutil.copytree(folder / "数据", folder / "我的数据")
    for year in (2014, 2015):
        shutil.copy(folder / "填报表.xlsx", folder / f"{year}.xlsx")
    return folder


@pytest.mark.no_cover
@pytest.mark.parametrize("name", ["check", "convert", "evaluate", "explain", "template"])
def test_examples_in_the_help_run(
    name: str,
    sample: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    _, out, _ = call(capsys, name, "--help")
    assert "例子 Examples" in out
    shutil.copytree(sample, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
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
    assert "返回值 Exit status" in out
    assert all(c in out for c in COMMANDS)
    assert re.search(r"\d+\.\d+", call(capsys, "--version")[1])


@pytest.mark.parametrize(
    ("line", "zh", "en"),
    [
        ("chekc a", "没有这个命令；发现 `chekc`；最接近的有效值：`check`", "choice: `check`"),
        ("help", "最接近的有效值：`--help`", "`--help`"),
        ("xyzzy", "没有这个命令；发现 `xyzzy`", "no such command"),
        ("check a --anotate b", "没有这个选项；发现 `--anotate`；最接近的有效值：`--annotate`",
         "no such option; found `--anotate`; nearest valid choice: `--annotate`"),
        ("check a b", "check：多余的参数；发现 `b`", "too many arguments; found `b`"),
        ("check", "check：缺少参数 FILE|DIR|URL", "the argument FILE|DIR|URL is missing"),
        ("check a --annotate", "--annotate：选项后面要有取值", "the option needs a value"),
        ("check a --quiet=1", "--quiet：选项后面不能有取值", "the option takes no value"),
        ("evaluate --status faled", "--status：应为 met、failed、undetermined；发现 `faled`；"
         "最接近的有效值：`failed`", "found `faled`; nearest valid choice: `failed`"),
        ("evaluate --year this", "--year：应为整数；发现 `this`", "expected a whole number"),
        ("fix a --alternatives 99", "应为1至20的整数；发现 `99`", "a whole number 1 to 20"),
        ("fix a --time-limit 0", "应为1至3600的整数；发现 `0`", "number 1 to 3600"),
        ("completion bsh", "completion：应为 bash、zsh、fish；发现 `bsh`；最接近的有效值：`bash`",
         "completion: expected one of bash, zsh, fish; found `bsh`"),
        ("evaluate --json --csv", "选项不能同时使用；发现 `--json --csv`", "exclude each other"),
        ("explain B-1O", "最接近的有效值：`B-10`", "`B-10`"),
        ("explain b-12", "最接近的有效值：`B-12`", "`B-12`"),
    ],
)  # fmt: skip
def test_a_slip_on_the_command_line_is_answered_in_words(
    line: str, zh: str, en: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = call(capsys, *line.split())
    assert (code, out) == (2, "")
    assert zh in err
    first, *rest = line.split()
    code, out, err = call(capsys, first, "--lang=en", *rest)
    assert code == 2
    assert en in err
    assert not re.search(r"[\u4e00-\u9fff]", err)


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
    assert ("compinit" in out) == (shell == "zsh")
    assert "python -m" not in out


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("pingan ch", "plain,check"),
        ("pingan explain B-1", "plain,B-12"),
        ("pingan fix B-1", "plain,B-12"),
        ("pingan evaluate --sta", "plain,--status"),
        ("pingan check da", "file,da"),
        ("pingan check a --annotate b", "file,b"),
        ("pingan explain B-1 --facts c", "file,c"),
    ],
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
