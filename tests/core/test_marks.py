"""Chinese texts have full-width marks: in the program, the policies and the documents."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_HAN = r"[\u3400-\u9fff”’》、。，；：）]"
_NEXT = r"[\u3400-\u9fff“‘《（]"
HALF = re.compile(rf"{_HAN} ?[,;:!?()] ?(?={_NEXT})")
"""A half-width mark between two Chinese characters."""
_CODE = re.compile(r"``.*?``|`[^`]*`|\]\([^)]*\)|<[^>]*>|https?://\S+|\{[^{}]*\}|\\u\w{4}")
MAY_BE_HALF = re.compile(r"[\[\]|^$\\]")
"""A pattern or an address of a cell is no text."""


def half(text: str) -> list[str]:
    """Return what stands around half-width marks in Chinese."""
    bare = _CODE.sub("", text)
    return [bare[max(0, m.start() - 12) : m.end() + 12] for m in HALF.finditer(bare)]


def english(line: str) -> bool:
    """Whether a line is English that names something Chinese."""
    words = re.findall(r"[A-Za-z]{2,}", _CODE.sub("", line))
    return len(words) > len(re.findall(r"[\u3400-\u9fff]", line))


def strings(path: Path) -> Iterator[str]:
    """Yield the texts of a module, without patterns."""
    text = path.read_text(encoding="utf-8")
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.STRING and not re.match("[a-z]*r", token.string[:2].lower()):
            for line in token.string.split("\n"):
                if not MAY_BE_HALF.search(line) and not english(line):
                    yield line


def documents() -> list[Path]:
    """Return the documents that people read."""
    pages = (ROOT / name for name in ("README.md", "SECURITY.md", "CONTRIBUTING.md"))
    return [*pages, *(ROOT / "docs").rglob("*.md")]


@pytest.mark.parametrize(
    "found", ["平安村(社区)", "没有,请填", "结论:达标", "（虚构)样例", "已写出; 完"]
)
def test_half_width_marks_are_found(found: str) -> None:
    assert half(found)


@pytest.mark.parametrize(
    "good", ["单位!B7", "平安村（社区）", "如 `a(中)`", "见 [页](页.md)", "a, b"]
)
def test_full_width_marks_codes_and_addresses_are_not(good: str) -> None:
    assert not half(good)


def test_the_texts_of_the_program_have_full_width_marks() -> None:
    modules = (ROOT / "pingan_logic").rglob("*.py")
    assert [(p.name, h) for p in modules for s in strings(p) for h in half(s)] == []


def test_the_texts_of_the_policies_have_full_width_marks() -> None:
    texts = [
        (p.name, s)
        for p in (ROOT / "policies").rglob("*.lp")
        for s in re.findall(r'"((?:[^"\\]|\\.)*)"', p.read_text(encoding="utf-8"))
    ]
    assert len(texts) > 500
    assert [(name, h) for name, s in texts for h in half(s)] == []


def test_the_documents_have_full_width_marks() -> None:
    found = []
    for page in documents():
        code = False
        for line in page.read_text(encoding="utf-8").split("\n"):
            code ^= line.lstrip().startswith("```")
            if not code and not line.startswith("    "):
                found += [(page.name, h) for h in half(line)]
    assert found == []
