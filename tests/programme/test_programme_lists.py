"""Who has how many units to deal with: in brief, in words for spreadsheets, and as tables."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pingan_logic import Policy, RequestError
from pingan_logic.intake import read_document
from pingan_logic.programme import Programme, programme, text
from pingan_logic.programme.rows import attainment_in_words, roster_rows, rosters_in_words
from pingan_logic.programme.text import programme_text
from pingan_logic.verdicts import Status

TOWNS = 11


def county() -> dict[str, list[dict[str, Any]]]:
    """Eleven townships of one household each, of which the first failed and the second is open; a
    household outside of all; and a school and a village of the first township."""
    towns = range(1, TOWNS + 1)
    return {
        "units": [
            {"id": "C", "kind": "county", "name": "县"},
            *({"id": f"T{n}", "kind": "township", "name": f"镇{n}", "parent": "C"} for n in towns),
            *({"id": f"H{n}", "kind": "household", "parent": f"T{n}"} for n in towns),
            {"id": "H99", "kind": "household", "name": "远户"},
            {"id": "S", "kind": "school", "name": "小学", "parent": "T1"},
            {"id": "V", "kind": "village", "name": "村", "parent": "T1"},
        ],
        "ledgers": [
            *({"unit": f"H{n}", "item": "*", "year": 2014} for n in (*towns, 99) if n != 2),
            *({"unit": "T1", "item": "*", "year": y} for y in (2014, 2015)),
        ],
        "incidents": [{"id": "I", "unit": "H1", "type": "gambling", "date": "2014-05-01"}],
    }


@pytest.fixture(scope="module")
def found(policy: Policy) -> Programme:
    return programme(read_document(county(), "data", policy), policy, 2014)


def test_the_lists_in_brief_count_by_body_role_and_kind(found: Programme) -> None:
    whole, brief = (programme_text(found, brief=b).splitlines() for b in (False, True))
    assert brief == programme_text(found, every=True, brief=True).splitlines()
    start = next(n for n, line in enumerate(whole) if line.startswith("各机关名单"))
    towns = next(n for n, line in enumerate(whole) if line == "镇1（T1）")
    assert brief[: towns - 1] == whole[: towns - 1]
    at = next(n for n, line in enumerate(brief) if line.startswith("各机关名单"))
    assert (brief[at], brief[at - 1]) == (whole[start], "")
    lists = brief[at + 1 :]
    bodies = [line for line in lists if line.startswith("  ") and line[2] != " "]
    assert bodies[0].startswith("  县“平安湘阴”创建工作领导小组")
    assert any(line.startswith("  所在乡镇：镇1（T1）、镇2（T2）、") for line in bodies)
    assert "镇10（T10）等11个（--all 全部列出）" in "".join(bodies)
    assert "T11" not in "".join(bodies)
    said = "\n".join(lists)
    # households of all eleven offices and of none are one number, those that are met are awarded
    assert "    考核评比   村（社区）1个、学校1所、家庭12户" in said
    assert "    上报认定   学校1所\n    授牌       家庭10户" in said
    assert "    考核评比   乡镇11个\n    认定       学校1所" in said
    assert "H3" not in said


def test_the_lists_in_brief_in_english(found: Programme) -> None:
    said = programme_text(found, "en", brief=True)
    lists = said[said.index("\nLists of the bodies") :]
    assert "\n  the township: 镇1 (T1), 镇2 (T2), " in lists
    assert "镇10 (T10) and others, 11 in all" in lists
    assert "\n    assesses   village 1, school 1, household 12\n    forwards   school 1\n" in lists
    assert "户" not in lists


def test_a_body_with_no_more_offices_than_are_named_has_all_of_them(policy: Policy) -> None:
    data = county()
    del data["units"][TOWNS]
    data["units"] = [u for u in data["units"] if u["id"] != f"H{TOWNS}"]
    data["ledgers"] = [r for r in data["ledgers"] if r["unit"] != f"H{TOWNS}"]
    ten = programme(read_document(data, "data", policy), policy, 2014)
    said = programme_text(ten, brief=True)
    assert "镇10（T10）\n" in said
    assert "--all" not in said


def test_text_of_the_result_is_that_of_the_command(found: Programme) -> None:
    assert found.text() == programme_text(found, "zh")
    assert found.text("en", every=True) == programme_text(found, "en", every=True)
    with pytest.raises(RequestError):
        found.text("fr")


def test_rosters_in_words(found: Programme) -> None:
    head, *rows = rosters_in_words(found, "zh")
    assert head == ["年度", "办理机关", "所在", "事项", "类别", "编号", "名称", "结论"]
    by_key = {(r[3], r[5]): r for r in rows}
    assert by_key["考核评比", "H1"] == [
        2014, "所在乡镇", "镇1（T1）", "考核评比", "家庭", "H1", "", "未达标",
    ]  # fmt: skip
    assert by_key["考核评比", "H2"][-1] == "待核"
    assert by_key["授牌", "H3"][-1] == "达标"
    assert by_key["考核评比", "H99"][2] == "（数据未写明所在）"
    assert by_key["考核评比", "H99"][6] == "远户"
    assert by_key["考核评比", "T1"][2] == ""
    assert len(rows) == len(list(roster_rows(found))) - 1
    english = {(r[3], r[5]): r for r in rosters_in_words(found, "en")}
    assert english["assesses", "H1"][1:5] == ["the township", "镇1 (T1)", "assesses", "household"]


def test_attainment_in_words(found: Programme) -> None:
    head, *rows = attainment_in_words(found, "zh")
    assert head[:3] == ["年度", "范围", "类别"]
    by_key = {(r[1], r[2]): r[3:] for r in rows}
    assert by_key["全县", "家庭"] == [12, 10, 1, 1, "83.3%～91.7%", "95%", 2, "达不到"]
    assert by_key["镇1（T1）", "家庭"] == [1, 0, 1, 0, "0.0%", "95%", 1, "达不到"]
    assert by_key["全县", "小区"] == [0, 0, 0, 0, "—", "无目标", 0, "无应评"]
    assert ("镇2（T2）", "学校") not in by_key, "there are none"


def test_rosters_count_by_status(found: Programme) -> None:
    each = {(r.office, r.role, r.kind): r for r in found.rosters}
    counts = {
        office: [each[office, "assesses", "household"].count(found.current, s) for s in Status]
        for office in ("T1", "T2", "T3")
    }
    assert [s.value for s in Status] == ["met", "failed", "undetermined"]
    assert counts == {"T1": [0, 1, 0], "T2": [0, 0, 1], "T3": [1, 0, 0]}


def test_tables_of_the_programme(found: Programme) -> None:
    columns, kinds = found._columns("attainment")
    assert list(columns) == list(kinds)
    rows = [dict(zip(columns, r, strict=True)) for r in zip(*columns.values(), strict=True)]
    by_key = {(r["kind"], r["scope"]): r for r in rows}
    assert by_key["household", None] == {
        "year": 2014, "kind": "household", "scope": None, "counted": 12, "met": 10, "failed": 1,
        "undetermined": 1, "target": 95, "target_of": 100, "short": 2, "result": "proven_missed",
    }  # fmt: skip
    assert by_key["compound", None]["target"] is by_key["compound", None]["target_of"] is None
    columns, _ = found._columns("rosters")
    listed = list(zip(*columns.values(), strict=True))
    assert list(columns) == ["body", "body_name", "office", "role", "kind", "unit"]
    assert len(listed) == sum(len(r.units) for r in found.rosters)
    town = found.current.policy.bodies["township_government"][0]
    assert ("township_government", town, "T1", "assesses", "household", "H1") in listed
    assert found._columns(None)[0] == found._columns("attainment")[0]


def test_one_line_and_rows_by_name(found: Programme) -> None:
    assert repr(found) == f"<Programme by xiangyin-2014, 2014: {len(found)} rows>"
    assert found["household"] is found.now.of("household")
    assert found.scopes == ["", *(f"T{n}" for n in range(1, TOWNS + 1))]
    assert [r.kind for r in found.attainments("T2")] == ["household"]


def test_an_unfinished_year_says_so_in_its_rosters(policy: Policy) -> None:
    early = programme(
        read_document(county(), "data", policy), policy, 2014, as_of=date(2014, 6, 30)
    )
    for lang in ("zh", "en"):
        head = next(rosters_in_words(early, lang))[-1]
        assert head == {"zh": "预评结论", "en": "preliminary status"}[lang]


def test_a_trend_that_is_too_wide_has_the_latest_years(
    policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = county()
    data["ledgers"] += [{"unit": "C", "item": "*", "year": y} for y in (2015, 2016)]
    found = programme(read_document(data, "data", policy), policy, 2016)
    heads = []
    for wide in (78, 40, 30, 10):
        monkeypatch.setattr(text, "WIDTH", wide)
        lines = text._trend(found, "zh")
        heads.append(lines[0].split()[1:])
        assert len(lines) == 1 + len(policy.judged_kinds)
    assert heads == [["2014年度", "2015年度", "2016年度"], ["2015年度", "2016年度"],
                     ["2016年度"], ["2016年度"]]  # fmt: skip


def test_many_kinds_of_one_role_go_on_below_the_first(policy: Policy) -> None:
    data = county()
    kinds = ("hospital", "compound", "enterprise", "work_unit")
    data["units"] += [{"id": k, "kind": k, "parent": "T1"} for k in kinds]
    data["units"] += [{"id": "B", "kind": "building", "parent": "V"}]
    found = programme(read_document(data, "data", policy), policy, 2014)
    lines = programme_text(found, "en", brief=True).splitlines()
    (first,) = (n for n, line in enumerate(lines) if line.startswith("    assesses   village"))
    assert lines[first + 1].startswith(" " * 15)
    assert lines[first + 1][15] != " "
    assert "household 12" in lines[first] + lines[first + 1]


def test_the_last_day_holds_for_the_earlier_years_too(policy: Policy) -> None:
    data = county()
    data["ledgers"].append({"unit": "C", "item": "*", "year": 2015})
    facts = read_document(data, "data", policy)
    for day, open_ in ((date(2015, 6, 30), False), (date(2014, 6, 30), True)):
        found = programme(facts, policy, 2015, as_of=day)
        assert [(y.year, y.preliminary) for y in found.years] == [(2014, open_), (2015, True)]
