"""Where policies and sample facts are found, and the words of a clause."""

from __future__ import annotations

from pathlib import Path

import pytest

from pingan_logic import Clause, Problem, RequestError
from pingan_logic.rules import find
from pingan_logic.rules.find import data_folder, find_policy, policy_names, sample_county

SHIPPED_NAMES = ["luzhou-2023", "songping-2022", "xiangyin-2014"]
SHIPPED = Path(find.__file__).resolve().parents[2] / "policies" / "xiangyin-2014"


def test_a_checkout_has_its_data_beside_the_package() -> None:
    assert data_folder("policies") == SHIPPED.parent
    assert data_folder("facts").name == "facts"
    assert policy_names() == SHIPPED_NAMES


def test_a_wheel_has_its_data_inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "pingan_logic"
    (package / "policy").mkdir(parents=True)
    monkeypatch.setattr(find, "__file__", str(package / "policy" / "find.py"))
    assert data_folder("facts") == tmp_path / "facts"
    for name in ("b-2020", "a-2019", "empty"):
        (package / "_data" / "policies" / name).mkdir(parents=True)
    for name in ("b-2020", "a-2019"):
        (package / "_data" / "policies" / name / "rules.lp").touch()
    assert data_folder("policies") == package / "_data" / "policies"
    assert policy_names() == ["a-2019", "b-2020"]


def test_by_default_by_name_and_by_folder(tmp_path: Path) -> None:
    assert find_policy(None) == find_policy("xiangyin-2014") == SHIPPED
    (tmp_path / "rules.lp").touch()
    assert find_policy(tmp_path) == find_policy(str(tmp_path)) == tmp_path


def test_what_is_none_names_the_nearest(tmp_path: Path) -> None:
    def refused(wanted: str) -> tuple[Problem, ...]:
        with pytest.raises(RequestError) as caught:
            find_policy(wanted)
        return caught.value.problems

    said = (
        f"应为规则名称（{'、'.join(SHIPPED_NAMES)}）或含有 .lp 文件的文件夹",
        f"expected a policy name ({', '.join(SHIPPED_NAMES)}) or a folder with .lp files",
    )
    assert refused("xiangyn-2014") == (Problem("--policy", *said, "xiangyn-2014", "xiangyin-2014"),)
    assert refused(str(tmp_path)) == (Problem("--policy", *said, str(tmp_path), None),)
    (tmp_path / "a.lp").touch()
    assert refused(str(tmp_path / "a.lp"))[0].found == str(tmp_path / "a.lp")


def test_several_names_are_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "rules.lp").touch()
    monkeypatch.setattr(find, "data_folder", lambda name: tmp_path if name == "policies" else None)
    with pytest.raises(RequestError) as caught:
        find_policy("c/d")
    (problem,) = caught.value.problems
    assert problem.zh.startswith("应为规则名称（a、b）")
    assert problem.en.startswith("expected a policy name (a, b)")
    assert find_policy("b") == tmp_path / "b"


def test_a_clause_without_english_is_said_in_chinese() -> None:
    both = Clause("c", "household", "三（九）", "无赌博行为", "no gambling")
    assert (both.text(), both.text("zh"), both.text("en")) == (
        "无赌博行为", "无赌博行为", "no gambling",
    )  # fmt: skip
    assert Clause("c", "household", "三（九）", "无赌博行为").text("en") == "无赌博行为"


def test_each_notice_has_its_sample_and_a_changed_copy_has_it_too(tmp_path: Path) -> None:
    assert sample_county() == sample_county(SHIPPED) == data_folder("facts") / "sample-county"
    for name in SHIPPED_NAMES:
        sample = sample_county(find_policy(name))
        assert (sample / "units.csv").is_file()
        copy = tmp_path / f"copy-of-{name}"
        copy.mkdir()
        (copy / "notice.txt").write_bytes((find_policy(name) / "notice.txt").read_bytes())
        assert sample_county(copy) == sample
    (copy / "notice.txt").write_text("another", encoding="utf-8")
    with pytest.raises(RequestError, match="请写明数据"):
        sample_county(copy)
