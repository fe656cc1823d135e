"""What every command prints: as wide as the terminal at most, with the marks and words of the
language that was asked for."""

from __future__ import annotations

import html
import re
import shutil
from pathlib import Path

import docx
import openpyxl
import pytest

from pingan_logic.cli.main import COMMANDS, run
from pingan_logic.layout import width
from pingan_logic.messages.desk import WORDS as DESK
from tests.core.test_marks import half

ROOT = Path(__file__).parents[2]
BROKEN = str(ROOT / "tests" / "bad_input" / "80-many-at-once")
SAMPLE = str(ROOT / "facts" / "sample-county")
ANSWERS = (
    ("explain", "000000"), ("explain", "T-03"), ("explain", "B-12", "--details"),
    ("explain", "H-0197"), ("explain", "S-01", "--as-of", "2016-06-30"), ("evaluate",),
    ("evaluate", "--kind", "school"), ("programme",), ("programme", "--list"),
    ("fix", "T-03"), ("fix", "B-12"), ("fix", "T-02"), ("missing", "T-03"), ("margin", "C-01"),
    ("margin", "T-03"), ("whatif", "--set", "threshold(building_households)=85/100"),
    ("check", SAMPLE), ("check", BROKEN), ("evaluate", "--facts", BROKEN), ("explain", "X-99"),
    ("explain", "T-03", "--year", "213"), ("fix",), ("evaluate", "--colour"),
    ("policy", "show"), ("policy", "params"), ("policy", "new", "规则"), ("lint", "规则"),
    ("audit", "--policy", "规则"), ("test", "CASES"),
    ("verify", "--property", "empty_ratio", "--bound", "3"), ("template", "填报表.xlsx"),
    ("report", "--facts", "小县", "--out", "报告.html"), ("new-year", "小县", "下一年"),
    ("convert", "小县", "数据"), ("evaluate", "--facts", "小县", "--certificate", "凭证.jsonl"),
    ("recheck", "凭证.jsonl", "--facts", "小县"),
)  # fmt: skip
HELP = tuple((name, "--help") for name in COMMANDS)


def avoided() -> dict[str, list[str]]:
    """Return the words that the glossary says to avoid, by language."""
    found: dict[str, list[str]] = {"zh": [], "en": []}
    rows = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").split("\n")
    for row in rows:
        cells = [c.strip() for c in row.strip("|").split("|")]
        if len(cells) == 4 and cells[0][:1] not in ("", "-") and "avoid" not in cells[3]:
            for word in cells[3].split("、"):
                if word != "—":
                    found["en" if word.isascii() else "zh"].append(word)
    return found


AVOID = avoided()
_CODE = re.compile(r"--\w[\w-]*( \S+)?|`[^`]*`|\S+\.(?:lp|csv|xlsx|yaml)\S*|\w+\([^)]*\)|\w+_\w+")


def faults(text: str, lang: str, columns: int) -> list[str]:
    """Return what is wrong with an output."""
    found = [f"{width(line)} wide: {line}" for line in text.split("\n") if width(line) > columns]
    return found + miswritten(text, lang)


def miswritten(text: str, lang: str) -> list[str]:
    """Return the marks and words in a text that are not as they should be."""
    found = []
    for line in text.split("\n"):
        if lang == "zh":
            found += [f"half-width: {h}" for h in half(line)]
            found += [f"quotes: {line}" for _ in re.findall(r"[一-鿿][\"']|“[^”]*“", line)]
    for word in AVOID["zh"] + AVOID["en"]:
        found += [f"avoid {word}: {line}" for line in holding(word, text)]
    return found


def holding(word: str, text: str) -> list[str]:
    """Return the lines with a word, codes apart."""
    latin = word.isascii() and word[0].isalpha()
    # 案事件类型 is not 事件类型
    pattern = rf"\b{word}\b" if latin else rf"(?<!案){re.escape(word)}"
    return [line for line in _CODE.sub("", text).split("\n") if re.search(pattern, line)]


def test_the_glossary_has_words_to_avoid_in_both_languages() -> None:
    assert {"评定", "失去", "牵连", "证书"} < set(AVOID["zh"])
    assert {"failed", "evidence", "topple"} < set(AVOID["en"])


@pytest.mark.parametrize(
    "bad", ["失去1户", "达标:否", "“无‘六合彩’“等", "满" * 41, "status failed", '清单"x"']
)
def test_faults_are_found(bad: str) -> None:
    assert faults(bad, "zh", 80)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    shutil.copy(ROOT / "policies" / "xiangyin-2014" / "cases" / "hospital.yaml", "CASES.yaml")
    (tmp_path / "小县").mkdir()
    rows = "id,kind,name,parent\nC,county,小县,\nT,township,小镇,C\nV,village,小村,T\n"
    (tmp_path / "小县" / "units.csv").write_text(rows, encoding="utf-8")
    return tmp_path


def told(path: Path) -> str:
    """Return what a person reads in a file."""
    if path.suffix == ".html":
        text = re.sub(r"<(style|script).*?</\1>", "", path.read_text(encoding="utf-8"), flags=re.S)
        return html.unescape(re.sub(r"<[^>]+>", "\n", text))
    if path.suffix == ".docx":
        document = docx.Document(str(path))
        cells = (c.text for t in document.tables for r in t.rows for c in r.cells)
        return "\n".join([*(p.text for p in document.paragraphs), *cells])
    book = openpyxl.load_workbook(path)
    found = [s.title for s in book.worksheets]
    for cell in (c for s in book.worksheets for row in s.iter_rows() for c in row):
        found += [str(cell.value)] if cell.value and cell.data_type != "f" else []
        found += [cell.comment.text] if cell.comment else []
    return "\n".join(found)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_file_that_is_written(
    lang: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = "unit,year,score\nT,2016,84.99\n"
    Path("小县", "scores.csv").write_text(rows, encoding="utf-8")
    for name, *options in (
        ("页.html",), ("公开.html", "--public"), ("名单.xlsx",), ("公示稿.docx", "--posting"),
    ):  # fmt: skip
        line = ["report", "小县", "--out", name, "--lang", lang, *options]
        with pytest.raises(SystemExit) as stop:
            run(line)
        assert not stop.value.code, capsys.readouterr()
        assert miswritten(told(Path(name)), lang) == [], name
    with pytest.raises(SystemExit):
        run(["template", "表.xlsx", "--lang", lang])
    # the codes of the machine stand beside the words of people
    text = re.sub(r"^failed$", "", told(Path("表.xlsx")), flags=re.M)
    assert miswritten(text, lang) == []
    assert miswritten("\n".join(DESK[lang].values()), lang) == []


MAY_SAY = {
    "data.md": {"最差名次"}, "limits.md": {"容器"}, "package.md": {"容器"}, "readings.md": {"解释"},
    "everyday.lp": {"不达标"},
}  # fmt: skip
"""What is named there on purpose: old headers, containers of programs, who may interpret."""


def test_documents_and_rules_say_it_in_the_words_of_the_glossary() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    rules = [*(ROOT / "policies").rglob("*.lp"), *(ROOT / "pingan_logic").rglob("*.lp")]
    found = []
    for path in (*pages, *rules):
        if path.name in ("glossary.md", "CHANGELOG.md") or path.parent.name == "evidence":
            continue
        text = re.sub(r"\bnotice\(.*|#四.追责|四\.追责", "", path.read_text(encoding="utf-8"))
        notices = [p / "notice.txt" for p in path.parents[:2] if path in rules]
        quoted = "".join(n.read_text(encoding="utf-8") for n in notices if n.is_file())
        for word in set(AVOID["zh"]) - MAY_SAY.get(path.name, set()):
            if word in quoted:  # the offices' own word, which the rules of their notice quote
                continue
            found += [f"{path.name}: {word}: {line}" for line in holding(word, text)]
    assert found == []


@pytest.mark.no_cover
@pytest.mark.parametrize(("lang", "columns"), [("zh", 80), ("en", 80), ("zh", 120), ("en", 120)])
def test_every_command(
    lang: str,
    columns: int,
    here: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    # what is wide in a narrow terminal only is broken there: the wide one shows where lines end
    commands = (
        ANSWERS if columns == 80 else [a for a in ANSWERS if BROKEN in a or a[0] == "explain"]
    )
    wrong = []
    for command in (*commands, *(HELP if lang == "zh" else ())):
        arguments = ["CASES.yaml" if a == "CASES" else a for a in command]
        with pytest.raises(SystemExit):
            run([*arguments, *(() if "--help" in command else ("--lang", lang))])
        out, err = capsys.readouterr()
        assert out or err, command
        wrong += [f"{' '.join(command)}: {f}" for f in faults(out + err, lang, columns)]
    assert wrong == []
