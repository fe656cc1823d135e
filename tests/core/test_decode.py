"""Bytes to text, byte by byte at the boundaries."""

from __future__ import annotations

import pytest

from pingan_logic import InputError, Problem
from pingan_logic.intake.decode import decode


def refused(data: bytes) -> str | None:
    """Return the encoding that a refusal names; the rest of it is always the same."""
    with pytest.raises(InputError) as caught:
        decode(data, "units.csv")
    (problem,) = caught.value.problems
    assert problem == Problem(
        "units.csv",
        "编码应为 UTF-8 或 GB18030,请另存为“CSV UTF-8”",
        "the encoding must be UTF-8 or GB18030; save it as 'CSV UTF-8'",
        problem.found,
    )
    return problem.found


@pytest.mark.parametrize("text", ["", "id,kind\n", "编号,类别\n户一,household\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_three_encodings_are_read(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding), "units.csv") == text


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ("编号".encode("utf-32-le"), "UTF-16 (no BOM)"),
        (b"\xff\xfe\x00\x00" + "编号".encode("utf-32-le"), "UTF-32"),
        (b"\x00\x00\xfe\xff" + "编号".encode("utf-32-be"), "UTF-32"),
        (b"\xff\xfe" + "编号".encode("utf-16-le"), "UTF-16"),
        (b"\xfe\xff" + "编号".encode("utf-16-be"), "UTF-16"),
        (b"PK\x03\x04rest", "xlsx/zip"),
        (b"\xd0\xcf\x11\xe0rest", "xls"),
        ("id,kind".encode("utf-16-le"), "UTF-16 (no BOM)"),
        ("類別,編號,臺灣,鄉鎮".encode("big5"), "BIG5"),
        ("こんにちは、せかい".encode("shift_jis"), "SHIFT_JIS"),
        ("caf\xe9 cr\xe8me \xe0 la \xf1".encode("latin-1"), "LATIN-1"),
    ],
)
def test_others_are_refused_by_name(data: bytes, name: str) -> None:
    assert refused(data) == name


def test_a_quarter_of_zero_bytes_is_text_and_more_is_not() -> None:
    assert decode(b"abc\x00" * 500, "units.csv") == "abc\x00" * 500
    assert refused(b"abc\x00" * 499 + b"ab\x00\x00") == "UTF-16 (no BOM)"
    assert decode(b"a" * 2000 + b"\x00" * 3000, "units.csv").startswith("aaa")
    assert decode(b"\x00" * 500 + b"a" * 1500 + b"\x00", "units.csv").endswith("a\x00")
    assert refused(b"\x00" + b"a" * 2) == "UTF-16 (no BOM)"


def test_seven_of_ten_wide_characters_must_be_common_ones() -> None:
    rare, common = "\u0e01", "中"
    assert decode((common * 7 + rare * 3).encode("gb18030"), "f") == common * 7 + rare * 3
    for text in (
        common * 65 + rare * 35,
        common * 6 + rare * 4 + "\x7f" * 10,  # ASCII says nothing
        common * 6 + "\x80" * 4,
    ):
        assert refused(text.encode("gb18030")) is not None
