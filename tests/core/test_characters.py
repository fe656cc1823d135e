"""Characters that a text may hold, whatever the age of Python's tables of Unicode."""

from __future__ import annotations

import pytest

from pingan_logic import Policy
from pingan_logic.characters import hidden, is_han
from pingan_logic.errors import Problem, visible
from pingan_logic.intake import read_document


@pytest.mark.parametrize("character", "㐀䶿一鿿𠀀𪛟𫜹𮯠𰀀\U000323af")
def test_chinese_characters_are_shown_and_read(character: str, policy: Policy) -> None:
    assert is_han(character)
    assert not hidden(character)
    assert visible(f"{character}村") == f"{character}村"
    assert Problem("p", "错", "wrong", character).what("zh") == f"错；发现 `{character}`"
    unit = {"id": f"{character}1", "kind": "village", "name": f"{character}村"}
    (read,) = read_document({"units": [unit]}, "data", policy).units
    assert (read.id, read.name) == (unit["id"], unit["name"])


@pytest.mark.parametrize("character", "\x00\x9f\u200b\u202e\ue000\ufffe\U0001ffff\U000323b0\u2028")
def test_what_has_no_shape_is_written_out(character: str) -> None:
    assert not is_han(character)
    assert hidden(character)
    assert visible(character) == f"\\u{ord(character):04x}"


@pytest.mark.parametrize("character", "a é村ئབᠮ〇·—")
def test_others_are_neither_chinese_nor_hidden(character: str) -> None:
    assert not hidden(character)
    assert is_han(character) is (character == "村")
