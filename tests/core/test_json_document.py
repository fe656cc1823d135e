"""The one reader of JSON: exact numbers, no key twice, every fault by place."""

from __future__ import annotations

import io
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from pingan_logic.errors import PROBLEMS, InputError, Problem
from pingan_logic.intake import load_facts, read_document
from pingan_logic.intake.json_document import read_value
from pingan_logic.questions.comparison import read_change


def faults(data: bytes) -> list[tuple[str, str | None, str | None]]:
    with pytest.raises(InputError) as error:
        read_value(data, "x")
    return [(p.place, p.found, p.nearest) for p in error.value.problems]


def test_numbers_are_kept_as_they_are_written() -> None:
    assert read_value(b"[84.99999999999999999, 85.00, -0.1, 2014, 123456789012345678901]", "x") == [
        Decimal("84.99999999999999999"),
        Decimal("85.00"),
        Decimal("-0.1"),
        2014,
        Decimal("123456789012345678901"),
    ]
    assert str(read_value(b"85.10", "x")) == "85.10"
    assert type(read_value(b"999999999999999999", "x")) is int
    assert type(read_value(b"1000000000000000000", "x")) is Decimal


def test_every_key_that_stands_twice_is_named_by_place() -> None:
    text = '{"单位": [{"a": 1,\n "b": {"a": 2}, "a": 3},\n {"a": 1, "\\u0061": 1}], "单位": []}'
    assert faults(text.encode()) == [
        ("x:2:17 单位[0]", "a", None),
        ("x:3:11 单位[1]", "a", None),
        ("x:3:26", "单位", None),
    ]


def test_faults_are_told_in_both_languages() -> None:
    with pytest.raises(InputError) as error:
        read_value(b'["a", "a",\n\n{"x": 1, "x": 2}, 1e30,\n\n\n1e31, NaN]', "x")
    assert list(error.value.problems) == [
        Problem("x:3:10 [2]", "同一对象中键重复，请只留一个",
                "a key stands twice in one object; keep one of them", "x"),
        Problem("x:3:19 [3]", "数字不用科学记数法，请写全",
                "a number is written out, not in scientific notation", "1e30", "1" + "0" * 30),
        Problem("x:6:1 [4]", "数字不用科学记数法，请写全",
                "a number is written out, not in scientific notation", "1e31"),
        Problem("x:6:7 [5]", "不是合法的 JSON（这不是数）", "is not valid JSON: this is no number",
                "NaN"),
    ]  # fmt: skip


def test_what_is_no_json_is_named_by_line_and_column() -> None:
    with pytest.raises(InputError) as error:
        read_value(b'{"a": 1,\n "b": x234567890123456789012345}', "x")
    assert list(error.value.problems) == [
        Problem("x:2:7", "从这里起不是合法的 JSON", "from here on it is not valid JSON",
                "x2345678901234567890")
    ]  # fmt: skip
    with pytest.raises(InputError) as error:
        read_value(b"[" * 100_000, "x")
    assert list(error.value.problems) == [
        Problem("x", "JSON 嵌套过深", "the JSON is nested too deeply")
    ]


def test_a_key_may_stand_again_in_another_object_or_as_a_value() -> None:
    value = {"a": "a", "b": ["a", "a", {"a": "b"}, {"a": ',"a":{[\\"'}]}
    assert read_value(b'{"a":"a","b":["a","a",{"a":"b"},{"a":",\\"a\\":{[\\\\\\""}]}', "x") == value


@pytest.mark.parametrize(
    ("number", "nearest"),
    [
        ("1e2", "100"),
        ("8.5E+1", "85"),
        ("85e-1", "8.5"),
        ("1e400", None),
        ("-1E-999999999999999999999", None),
        ("NaN", None),
        ("Infinity", None),
        ("-Infinity", None),
    ],
)
def test_a_number_that_is_not_written_out_is_named_by_place(
    number: str, nearest: str | None
) -> None:
    assert faults(f'{{"s": [1,\n{number}]}}'.encode()) == [("x:2:1 s[1]", number, nearest)]


def test_a_million_faults_are_counted_in_good_time() -> None:
    text = b"[" + b"1e2,\n" * 100_000 + b"0]"
    with pytest.raises(InputError) as error:
        read_value(text, "x")
    assert len(error.value.problems) == PROBLEMS
    assert error.value.more == 100_000 - PROBLEMS
    assert error.value.problems[-1].place == f"x:{PROBLEMS}:1 [{PROBLEMS - 1}]"


TWICE = b'{"units": [{"id": "A", "kind": "household", "id": "B"}]}'


def test_standard_input_and_change_files_are_read_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Pipe:
        buffer = io.BytesIO(TWICE)

    monkeypatch.setattr(sys, "stdin", Pipe())
    with pytest.raises(InputError) as error:
        load_facts("-")
    assert [p.place for p in error.value.problems] == ["stdin:1:45 units[0]"]
    path = tmp_path / "change.json"
    path.write_bytes(b'{"add": ' + TWICE + b"}")
    with pytest.raises(InputError) as error:
        read_change(path)
    assert [p.place for p in error.value.problems] == ["change.json:1:53 add.units[0]"]
    path.write_bytes(b'{"add": {"scores": [{"score": 8.5e1}]}}')
    with pytest.raises(InputError) as error:
        read_change(path)
    assert [p.nearest for p in error.value.problems] == ["85"]


def test_a_float_of_a_document_in_memory_is_not_taken_for_exact() -> None:
    units = [{"id": "T", "kind": "township"}]
    scores = [{"unit": "T", "year": 2014, "score": 84.99999999999999999}]
    with pytest.raises(InputError, match="浮点数不精确"):
        read_document({"units": units, "scores": scores}, "data")
    scores[0]["score"] = Decimal("84.99")
    (row,) = read_document({"units": units, "scores": scores}, "data").scores
    assert row.score == Decimal("84.99")
