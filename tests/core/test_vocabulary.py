"""Words that people write for the codes of a column."""

from __future__ import annotations

import attrs
import pytest

from pingan_logic import Policy
from pingan_logic.intake.vocabulary import Vocabulary, column_words
from pingan_logic.model import TABLES

WORDS = {
    "village": ("平安村(社区)", "village"),
    "building": ("平安楼栋", "building"),
    "school": ("平安学校", "safe school"),
    "campus": ("学校(校园)", "campus"),
    "charges": ("“三乱”收费", "charges"),
}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("village", "village"), ("VILLAGE", "village"), ("平安村(社区)", "village"),
        ("村", "village"), ("社区", "village"), ("平安村", "village"),
        (" 平安 楼栋 ", "building"), ("楼栋", "building"), ("safe school", "school"),
        ("平安学校", "school"), ("校园", "campus"), ("学校(校园)", "campus"),
        ("三乱收费", "charges"), ('"三乱"收费', "charges"), ("‘三乱’收费", "charges"),
        ("'三乱'收费", "charges"), ("学校", None), ("平安", None), ("", None), ("校", None),
    ],
)  # fmt: skip
def test_codes_by_name(text: str, code: str | None) -> None:
    assert Vocabulary(WORDS).code(text) == code


def test_a_full_name_wins_over_a_part_of_another() -> None:
    words = Vocabulary({"a": ("甲(乙)", "x"), "b": ("乙", "y"), "y": ("丙", "z")})
    assert [words.code(t) for t in ("甲", "乙", "丙", "x", "y", "z")] == [
        "a", "b", "y", "a", "y", "y",
    ]  # fmt: skip


def test_labels_are_names_that_mean_the_code() -> None:
    assert Vocabulary(WORDS).labels == [
        "平安村(社区)",
        "平安楼栋",
        "平安学校",
        "学校(校园)",
        "“三乱”收费",
    ]
    assert Vocabulary(WORDS).label("unknown") == "unknown"
    two = Vocabulary({"a": ("同", "x"), "b": ("同", "y")})
    assert two.labels == ["a", "同"]


@pytest.mark.parametrize(
    ("text", "label"),
    [("平安搂栋", "平安楼栋"), ("社 区 ", "平安村(社区)"), ("buildng", "平安楼栋"), ("钢铁", None)],
)
def test_the_nearest_is_said_in_chinese(text: str, label: str | None) -> None:
    assert Vocabulary(WORDS).nearest(text) == label


def words_of(policy: Policy, table: str, column: str) -> dict[str, tuple[str, str]] | None:
    return column_words(policy, getattr(attrs.fields(TABLES[table]), column))


def test_every_column_has_its_words(policy: Policy) -> None:
    assert words_of(policy, "units", "id") is None
    assert words_of(policy, "units", "affiliation") == {
        "county": ("县属", "county"),
        "township": ("乡镇属", "township"),
    }
    kinds = words_of(policy, "units", "kind") or {}
    assert list(kinds)[:2] == ["county", "township"]
    assert kinds["village"] == ("村（社区）", "village")
    types = words_of(policy, "incidents", "type") or {}
    assert types["gambling"] == ("赌博", "gambling")
    assert words_of(policy, "incidents", "grade") == {
        "minor": ("一般", "ordinary"), "large": ("较大", "large"), "major": ("重大", "major"),
        "extreme": ("特别重大", "extremely serious"),
    }  # fmt: skip
    assert words_of(policy, "ledgers", "item") == {"*": ("全部", "all"), **types}
    declarable = words_of(policy, "not_applicable", "clause") or {}
    assert {c: zh for c, (zh, _) in declarable.items()} == {
        "building_households": "三（八）2",
        "compound_buildings": "三（七）2",
        "compound_households": "三（七）3",
        "township_households": "三（一）2",
        "village_households": "三（四）2",
    }
    assert declarable["compound_buildings"][1] == "at least 95% of the buildings are safe buildings"


def test_only_columns_of_words_have_a_vocabulary(policy: Policy) -> None:
    found = Vocabulary.of_tables(policy)
    assert set(found) == {
        ("units", "kind"), ("units", "affiliation"), ("incidents", "type"), ("incidents", "grade"),
        ("incidents", "liability"), ("ledgers", "item"), ("polls", "result"),
        ("requirements", "kind"), ("not_applicable", "clause"), ("changes", "change"),
        ("values", "item"),
    }  # fmt: skip
    assert found["ledgers", "item"].code("全部") == "*"
    assert found["incidents", "liability"].code("是") == "yes"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("没有责任", "no"), ("没责任", "no"), ("负责任", "yes"), ("有贵任", "yes"), ("不", None),
        ("not_liable", "no"), ("liabel", "yes"),
    ],
)  # fmt: skip
def test_what_denies_is_not_taken_for_what_it_denies(text: str, code: str | None) -> None:
    words = {"yes": ("有责任", "liable"), "no": ("无责任", "not liable")}
    found = Vocabulary(words)
    assert found.nearest_code(text) == code
    assert found.only_near(text) in (None, code and words[code][0])
