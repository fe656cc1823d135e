"""What every command prints: as wide as the terminal at most, with the marks and words of the
language that was asked for."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from pingan_logic.cli.main import COMMANDS, run
from pingan_logic.explain.layout import width
from tests.core.test_marks import half

ROOT = Path(__file__).parents[1]
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
    prose = _CODE.sub("", text)
    for line in text.split("\n"):
        if lang == "zh":
            found += [f"half-width: {h}" for h in half(line)]
            found += [f"quotes: {line}" for _ in re.findall(r"[一-鿿][\"']|“[^”]*“", line)]
    for word in AVOID["zh"] + AVOID["en"]:
        pattern = rf"\b{word}\b" if word.isascii() and word[0].isalpha() else re.escape(word)
        found += [f"avoid {word}: {line}" for line in prose.split("\n") if re.search(pattern, line)]
    return found


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
