"""What is printed to be run next: every command carries what was given, and runs as it stands."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

from pingan_logic import evaluate, load_facts
from pingan_logic.cli.main import run
from pingan_logic.rules.find import data_folder
from pingan_logic.shell import command_line, folded

ROOT = Path(__file__).parents[2]
DATA, RULES = "我的 数据/县", "我的 规则"
CUT = "2015-06-30"
ASKED = (
    (("explain", "T-03"), {"missing T-03", "fix T-03"}),
    (("explain", "B-12"), {"fix B-12"}),
    (("margin", "B-12"), {"fix B-12"}),
    (("evaluate",), {"explain T-02", "programme"}),
    (("evaluate", "--as-of", CUT), {"explain T-02", "programme"}),
    (("programme",), {"programme"}),
    (("programme", "--list"), {"explain T-02"}),
)
"""What is asked, and the commands that are offered after it."""


def printed(text: str) -> list[str]:
    """Return the commands that are printed to be run, without the words that say what for."""
    lines = text.replace(" \\\n    ", " ").split("\n")
    parts = (p for line in lines for p in re.split(r"(?<=[：:]) *|   +", line))
    return [re.sub(r"（[^（]*）$| \([^(]*\)$", "", p) for p in parts if p.startswith("pingan ")]


def call(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    with pytest.raises(SystemExit) as stop:
        run(list(arguments))
    out, err = capsys.readouterr()
    return int(stop.value.code or 0), out + err


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the sample in a folder of another name, and rules of which one is changed."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    shutil.copytree(ROOT / "facts" / "sample-county", DATA)
    shutil.copytree(ROOT / "policies" / "xiangyin-2014", RULES)
    building = Path(RULES, "building.lp")
    text = building.read_text(encoding="utf-8")
    changed = text.replace("threshold(building_households, 100, 100)",
                           "threshold(building_households,  95, 100)")  # fmt: skip
    assert changed != text
    building.write_text(changed, encoding="utf-8")
    return tmp_path


@pytest.mark.no_cover
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_next_step_carries_what_was_given_and_runs(
    lang: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["--facts", DATA, "--policy", RULES, "--year", "2015", "--lang", lang]
    wanted = {"--facts": DATA, "--policy": RULES, "--year": "2015"}
    wanted |= {"--lang": "en"} if lang == "en" else {}
    steps: dict[str, None] = {}
    for command, offered in ASKED if lang == "zh" else ASKED[1::2]:
        code, text = call(capsys, *command, *given)
        found = printed(text)
        assert code == 0
        assert {" ".join(a.split(" --")[0].split()[1:]) for a in found} == offered, text
        day = {"--as-of": CUT} if CUT in command else {}
        for line in found:
            words = shlex.split(line)
            for option, value in {**wanted, **day}.items():
                assert words[words.index(option) + 1] == value, line
            assert lang == "en" or "--lang" not in words
        steps |= dict.fromkeys(found)
    # the search for the township takes seconds, and is the same command as that for the building
    for line in (s for s in steps if "fix T-03" not in s):
        code, text = call(capsys, *shlex.split(line)[1:])
        assert code == 0, (line, text)
        if "--out" not in line:
            said = {"zh": "2015年度预评" if CUT in line else "2015年度", "en": "2015"}
            assert said[lang] in text.split("\n")[0], (line, text)
    assert Path("名单.csv").is_file() == (lang == "zh")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_to_be_mended_or_filled_in_can_be_followed(
    lang: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("openpyxl")
    rules = ["--policy", RULES, "--lang", lang]
    units = Path(DATA, "units.csv")
    good = units.read_text(encoding="utf-8-sig")
    units.write_text(good + "V-99,vilage,坏村,T-01\n", encoding="utf-8")
    for command in (("check", DATA), ("evaluate", "--facts", DATA), ("explain", "T-01", DATA)):
        name, *arguments = command
        code, text = call(capsys, name, *arguments, *rules)
        assert code == 2
        mark, correct = printed(text)
        for option, line in (("--annotate", mark), ("--fix", correct)):
            words = shlex.split(line)
            assert words[words.index("--policy") + 1] == RULES
            target = Path(words[words.index(option) + 1])
            assert not target.exists()
            code, text = call(capsys, *words[1:])
            assert (code, target.is_file()) == (2, True), text
    units.write_text(good, encoding="utf-8")
    code, text = call(capsys, "check", DATA, *rules)
    (judge,) = printed(text)
    assert (code, shlex.split(judge)[1]) == (0, "evaluate")
    assert call(capsys, *shlex.split(judge)[1:])[0] == 0
    for command in (("template", "填 报.xlsx"), ("new-year", DATA, "下 年.xlsx")):
        code, text = call(capsys, *command, *rules)
        (check,) = printed(text)
        assert (code, shlex.split(check)[2]) == (0, command[-1])
        assert RULES in shlex.split(check)
        assert call(capsys, *shlex.split(check)[1:])[0] == 0
    code, text = call(capsys, "policy", "new", "新 规则", "--lang", lang)
    (lint,) = printed(text)
    assert (code, shlex.split(lint)[:3]) == (0, ["pingan", "lint", "新 规则"])
    assert call(capsys, *shlex.split(lint)[1:])[0] == 0


def test_what_no_command_could_read_again_is_not_offered(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    Path(DATA).rename("a\u202eb")
    code, text = call(capsys, "evaluate", "--facts", "a\u202eb")
    assert (code, printed(text)) == (0, [])


def test_the_library_names_no_commands() -> None:
    """Its answers are shown on a page too, where no command can be run."""
    assessment = evaluate(load_facts(data_folder("facts") / "sample-county"))
    for unit in ("B-12", "T-03"):
        assert "pingan" not in assessment.explain(unit).text("zh")
        assert "pingan" not in assessment.margin(unit).text("en")


def test_a_command_goes_on_in_the_next_line() -> None:
    line = command_line("fix", ["B-1"], {"facts": "我的 数据", "policy": "it's", "list": True},
                        windows=False)  # fmt: skip
    assert line == "pingan fix B-1 --facts '我的 数据' --policy 'it'\"'\"'s' --list"
    lines = folded(line, 40, windows=False)
    assert lines == ["pingan fix B-1 --facts '我的 数据' \\",
                     "    --policy 'it'\"'\"'s' --list"]  # fmt: skip
    assert shlex.split("\n".join(lines).replace("\\\n", "")) == shlex.split(line)
    assert folded(line, 40, windows=True) == [line]


@pytest.mark.parametrize("name", ["a$b.xlsx", "100%和%x%.xlsx", "“新”.xlsx", "a`b"])
def test_names_that_the_shells_of_windows_change_are_not_offered(name: str) -> None:
    assert command_line("check", [name], {}, windows=True) is None
    assert command_line("check", [name], {}, windows=False) is not None
