"""What the program says stands in one place, by namespace, once, in Chinese and English."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import pingan_logic
from pingan_logic.messages.languages import in_languages

PROGRAM = Path(pingan_logic.__file__).parent
NAMESPACES = {
    path.stem: import_module(f"pingan_logic.messages.{path.stem}").TEXTS
    for path in sorted((PROGRAM / "messages").glob("*.py"))
    if path.stem not in ("__init__", "languages")
}
APART = {"recheck/checker.py"}
"""The checker rests on nothing of the program."""


def test_no_text_stands_twice() -> None:
    places = defaultdict(list)
    for space, texts in NAMESPACES.items():
        for name, said in texts.items():
            if isinstance(said, tuple):
                places[said].append(f"{space}.{name}")
    assert len(places) > 600
    assert {said: some for said, some in places.items() if len(some) > 1} == {}


@pytest.mark.parametrize("space", NAMESPACES)
def test_each_name_says_something_in_both_languages(space: str) -> None:
    found = in_languages(space, NAMESPACES[space])
    assert list(found["zh"]) == list(found["en"]) == list(NAMESPACES[space])
    for name in found["zh"]:
        zh, en = (set(re.findall(r"\{(\w*)\}", found[lang][name])) for lang in ("zh", "en"))
        assert en - zh <= {"kind", "matter"}, f"{space}.{name}: {en - zh}"


@pytest.mark.parametrize("space", [n for n in NAMESPACES if n != "common"])
def test_what_another_namespace_says_is_common(space: str) -> None:
    named = {said for said in NAMESPACES[space].values() if isinstance(said, str)}
    assert {said.partition(".")[0] for said in named} <= {"common", space}


def _is_catalogue(node: ast.AST) -> bool:
    """Whether a node is a dictionary of texts by language and name."""
    if not isinstance(node, ast.Dict) or len(node.keys) != 2:
        return False
    languages = [k.value if isinstance(k, ast.Constant) else None for k in node.keys]
    return languages == ["zh", "en"] and all(_of_texts(v) for v in node.values)


def _of_texts(node: Any) -> bool:
    if not isinstance(node, ast.Dict) or not node.values:
        return False
    return all(isinstance(v, ast.Constant) and isinstance(v.value, str) for v in node.values)


def test_no_other_catalogue() -> None:
    found = {
        path.relative_to(PROGRAM).as_posix()
        for path in PROGRAM.rglob("*.py")
        if any(map(_is_catalogue, ast.walk(ast.parse(path.read_text(encoding="utf-8")))))
    }
    assert found == APART


def test_another_catalogue_is_found() -> None:
    (here,) = ast.parse('X = {"zh": {"a": "甲"}, "en": {"a": "a"}}').body
    assert any(map(_is_catalogue, ast.walk(here)))
