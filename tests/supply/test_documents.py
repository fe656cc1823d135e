"""Every document that the project names is there."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import click
import pytest

from pingan_logic.cli.main import main, run
from pingan_logic.rules.find import data_folder

ROOT = data_folder("policies").parent
NAMED = re.compile(r"\bdocs/[\w./-]+\.\w+")
LINK = re.compile(r"\]\((?!https?:|#)([\w./-]+\.\w+)")


def test_every_document_that_is_named_is_there() -> None:
    texts = [p for d in ("pingan_logic", "policies", "tests") for p in (ROOT / d).rglob("*.py")]
    texts += [*(ROOT / "policies").rglob("*.lp"), *_pages()]
    named = {(p, n) for p in texts for n in NAMED.findall(p.read_text(encoding="utf-8"))}
    assert len(named) > 20
    assert [f"{p}: {n}" for p, n in sorted(named) if not (ROOT / n).is_file()] == []


def test_every_link_of_a_page_leads_somewhere() -> None:
    links = {(p, n) for p in _pages() for n in LINK.findall(p.read_text(encoding="utf-8"))}
    assert len(links) > 20
    assert [f"{p}: {n}" for p, n in sorted(links) if not (p.parent / n).exists()] == []


def _pages() -> list[Path]:
    return [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]


ELSEWHERE = {
    "python3 -m venv": "the blocks of the README, which .ci/run runs as they stand",
    "python -m pytest": "what .ci/run runs in whole",
    "ruff check": ".ci/run",
    "pip install": "tests/supply/test_wheel.py and .ci/run",
    "docker ": "tests/supply/test_package.py reads the container file",
    "cyclonedx-py ": "tests/supply/test_package.py",
    "mkdocs build": "tests/supply/test_package.py",
    "curl ": "tests/server",
    "python pingan_logic/recheck/checker.py": "tests/recheck/test_checker.py",
    "python -m tests.": "programs of the tests themselves",
    "nice python -m tests.": "programs of the tests themselves",
    "rm -rf mutants": "tools of their own",
    "mutmut ": "tools of their own",
    "PINGAN_SINGLE=1": "tests/supply/test_single_file.py",
}
"""Lines that are no commands of the program, and what tries them."""
ALIKE = {"data.xlsx": "填报表.xlsx", "marked.xlsx": "标注.xlsx", "report.html": "报告.html"}
"""Files of the English pages by those of the Chinese ones."""
GUIDE = "linjiang-2020"
"""The policy of a guide that tests/policy/test_another_county.py follows command by command."""
LONG = {"audit", "serve", "open", "verify", "test", "completion", "recheck"}
"""Commands that wait, or take long and have tests of their own: only their arguments are tried."""


def commands() -> list[str]:
    """Return the commands of the program in the documents, each once, in their order."""
    found: dict[str, None] = {}
    for page in _pages():
        if page.name == "CHANGELOG.md":
            continue
        text = page.read_text(encoding="utf-8")
        for block in re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
            for line in block.replace("\\\n", " ").splitlines():
                line = line.strip()
                if line.startswith(("pingan ", "python -m pingan_logic ")):
                    found.setdefault(line.replace("python -m pingan_logic ", "pingan ", 1))
                else:
                    assert not line or line.startswith(tuple(ELSEWHERE)), f"{page.name}: {line}"
    return list(found)


@pytest.mark.no_cover
def test_every_command_of_the_documents_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("填报表.xlsx", "数据"):
        _answer("convert", str(data_folder("facts") / "sample-county"), name)
    shutil.copy("填报表.xlsx", "data.xlsx")
    shutil.copy("填报表.xlsx", "底册.xlsx")
    _answer("policy", "new", "规则")
    seen = []
    said = {}
    for line in commands():
        if GUIDE in line:
            continue
        name, *words = shlex.split(line, comments=True)[1:]
        if ">" in words:
            words = words[: words.index(">")]
        if name == "convert" or name == "template":
            words += ["--overwrite"] * ("--overwrite" not in words)
        same = (name, *(ALIKE.get(w, w) for w in words if w not in ("--lang", "en")))
        long = name in LONG or "--each-switch" in words
        if long or same in seen or any("://" in w for w in words):
            main.get_command(click.Context(main), name).make_context(name, list(words))
            continue
        seen.append(same)
        code = _answer(name, *words)
        if name == "template":  # which is filled in by hand
            shutil.copy("底册.xlsx", words[0])
        if code:
            said[line] = (code, capsys.readouterr())
    assert said == {}
    assert len(seen) > 25


def test_the_messages_of_the_page_of_errors_are_those_of_the_program() -> None:
    page = (ROOT / "docs" / "clerk" / "errors.md").read_text(encoding="utf-8")
    messages = re.findall(r"^\| ([^|]+) \|", page, re.MULTILINE)[1:]
    texts = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "pingan_logic").rglob("*.py"))
    texts += (ROOT / "pingan_logic" / "model.py").read_text(encoding="utf-8")
    assert len(messages) >= 20
    parts = {m: [x for x in re.split(r"……|、|（\w+）|“[^”]*”", m) if len(x) > 1] for m in messages}
    assert {m: x for m, some in parts.items() for x in some if x not in texts} == {}


def _answer(*arguments: str) -> int:
    with pytest.raises(SystemExit) as stop:
        run(list(arguments))
    return int(stop.value.code or 0)
