"""What a notice says stands in its policy: the program holds no kind, no type of incident and no
words of the notice but where this test says why."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from pingan_logic import Policy

PROGRAM = Path(__file__).parents[2] / "pingan_logic"
COLUMNS = "columns of a register that is written by place, whatever the notice"
TITLE = "the name of the program"
EXAMPLE = "an example of a command, a request or a row to fill in"
SCHOOL = "whose a school is: the words of a column of the data"
PRIVATE = "whom a text must not name, whatever the notice"
AREA = frozenset({"county", "县"})
"""The area that the data is of: not a kind that is judged."""
MAY = {
    "audit/readings.py": ("幼儿园", "the title page of the readings of this notice"),
    "cli/options.py": ("平安", TITLE),
    "cli/report_command.py": ("家庭", PRIVATE),
    "export/tables.py": ("平安", TITLE),
    "intake/headers.py": ("building compound township village 乡镇 小区 楼栋", COLUMNS),
    "intake/names.py": ("township village 乡镇", COLUMNS),
    "intake/tongues.py": ("乡镇 企业 学校 家庭 幼儿园", "words by which a damaged text is known"),
    "intake/vocabulary.py": ("平安", "the first word of every title, which people leave out"),
    "messages/template.py": ("township 乡镇", SCHOOL),
    "questions/catalogue.py": (
        "building building_households compound township village 乡镇 小区 楼栋", EXAMPLE,
    ),
    "recheck/checker.py": ("township", SCHOOL),
    "records.py": ("township 乡镇", SCHOOL),
    "server/bodies.py": ("building household neighbour_dispute", EXAMPLE),
}  # fmt: skip
"""Where a word may stand, and why."""


def texts(source: str) -> Iterator[str]:
    """Yield the texts of a module that it runs with: docstrings are for readers."""
    tree = ast.parse(source)
    notes = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in notes:
            yield node.value


def said(source: str, codes: frozenset[str], words: frozenset[str]) -> set[str]:
    """Return the codes and words of a policy that a module holds."""
    found: set[str] = set()
    for text in texts(source):
        found |= set(re.findall(r"[a-z]+(?:_[a-z]+)*", text)) & codes
        found |= {code for code in codes if "_" in code and f"_{code}" in text}
        found |= {word for word in words if word in text}
    return found


@pytest.fixture(scope="module")
def codes(policy: Policy) -> frozenset[str]:
    return frozenset({*policy.kinds, *policy.types, *policy.clauses}) - AREA


@pytest.fixture(scope="module")
def words(policy: Policy) -> frozenset[str]:
    named = {k.zh for k in policy.kinds.values()} | {t.zh for t in policy.types.values()}
    return frozenset({*named, policy.notice[0], "平安", "平安创建"}) - AREA


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('x = "township"', {"township"}),
        ('def f(k): return f"{k} gambling"', {"gambling"}),
        ('y = {"building_households": 1}', {"building_households"}),
        ('v = "settle_wage_arrears"', {"wage_arrears"}),
        ('z = "从县、乡镇到家庭"', {"乡镇", "家庭"}),
        ('"""A township."""\n\ndef f():\n    """A village."""', set()),
        ('w = "townships and building sites_"', {"building"}),
    ],
)
def test_a_word_is_found(
    source: str, found: set[str], codes: frozenset[str], words: frozenset[str]
) -> None:
    assert said(source, codes, words) == found


def test_the_program_holds_no_words_of_the_notice(
    codes: frozenset[str], words: frozenset[str]
) -> None:
    assert len(codes) > 80
    found = defaultdict(set)
    for path in PROGRAM.rglob("*.py"):
        place = path.relative_to(PROGRAM).as_posix()
        if held := said(path.read_text(encoding="utf-8"), codes, words):
            found[place] = held
    assert dict(found) == {place: set(some.split()) for place, (some, _) in MAY.items()}
