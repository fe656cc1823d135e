"""A column as a whole: it is called well_formed only when looking at each value would say so."""

from __future__ import annotations

from typing import Any

import pytest

from pingan_logic.intake.well_formed import LONGEST, some_blank, well_formed


@pytest.mark.parametrize("tidy", [False, True])
@pytest.mark.parametrize("kind", ["id", "text"])
@pytest.mark.parametrize(
    "values",
    [
        [],
        [None, None],
        ["V-1"],
        ["V-1", None, "村2"],
        ["x" * LONGEST],
        ["a b", "c"],
        ["a+b", "1+1"],
    ],
)
def test_sound(values: list[Any], kind: str, tidy: bool) -> None:
    assert well_formed(values, kind, tidy=tidy)


@pytest.mark.parametrize("tidy", [False, True])
@pytest.mark.parametrize("kind", ["id", "text"])
@pytest.mark.parametrize(
    "values", [["x" * (LONGEST + 1)], ["a\nb"], ["a", "b\n"], ["a\tb"], ["a\x00"], [1], ["a", b"b"]]
)
def test_not_sound(values: list[Any], kind: str, tidy: bool) -> None:
    assert not well_formed(values, kind, tidy=tidy)


@pytest.mark.parametrize("value", ["-a", " a", "a ", "a'", "", "·1", "a\\"])
def test_an_id_may_not_be_what_a_text_may(value: str) -> None:
    assert not well_formed(["V-1", value], "id")
    assert well_formed(["V-1", value], "text")


@pytest.mark.parametrize(
    ("value", "text"),
    [("\uff211", True), ("1E+55", True), ("1e+15", True), (" a", False),
     ("a\u3000", False)],
)  # fmt: skip
def test_what_reading_would_change_is_not_tidy(value: str, text: bool) -> None:
    assert not well_formed(["V-1", value], "id", tidy=True)
    assert well_formed(["V-1", value], "text", tidy=True) is text
    assert well_formed(["V-1", value], "text")


def test_an_invisible_character_is_sound_nowhere() -> None:
    assert not well_formed(["V-1", "V\u200b1"], "id", tidy=True)
    assert not well_formed(["V-1", "V\u200b1"], "text")


@pytest.mark.parametrize("before", [0, 1, 99, 100, 150])
def test_one_long_line_among_others_is_found(before: int) -> None:
    others = ["a" * 50] * 5
    assert well_formed(["b" * before, *others, "x" * LONGEST, *others], "text")
    assert not well_formed(["b" * before, *others, "x" * (LONGEST + 1), *others], "text")


@pytest.mark.parametrize(
    ("whole", "blank"),
    [("甲\n乙", False), ("甲 子\n乙", False), ("甲\n\n乙", True), ("\n甲", True), ("甲\n", True),
     ("甲\n \n乙", True), ("甲\n\u3000", True), ("", True), ("甲", False)],
)  # fmt: skip
def test_a_line_of_nothing_or_spaces_is_blank(whole: str, blank: bool) -> None:
    assert some_blank(whole) is blank
