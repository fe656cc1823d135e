"""Every clause one below, exactly at and one above its boundary."""

from __future__ import annotations

from typing import Any

import pytest

from pingan_logic import Assessment

STAR = [{"unit": "C", "item": "*", "year": 2014}]
COUNTY = {"id": "C", "kind": "county", "name": "县"}


def unit(kind: str, **more: str) -> dict[str, Any]:
    """Return a county with one unit U of `kind`, fully recorded."""
    parents = {"compound": "V", "building": "V", "household": "V"}
    units = [
        COUNTY,
        {"id": "T", "kind": "township", "parent": "C"},
        {"id": "V", "kind": "village", "parent": "T"},
        {"id": "U", "kind": kind, "parent": parents.get(kind, "C"), **more},
    ]
    return {"units": units, "ledgers": STAR, "incidents": []}


def incident(number: int = 1, **values: str) -> dict[str, str]:
    return {"id": f"I{number}", "unit": "U", "grade": "", "date": "2014-06-01", **values}


def item(judge: Any, data: dict[str, Any], words: str) -> str:
    return status_of(judge(data), "U", words)


def status_of(judged: Assessment, unit: str, words: str) -> str:
    """Return the status of the item with these words."""
    return next(f for f in judged[unit].findings if f.text == words).status.value


GRADED = {
    "任何": ["failed"] * 5,
    "大的": ["undetermined", "met", "failed", "failed", "failed"],
    "重大": ["undetermined", "met", "met", "failed", "failed"],
}
GRADES = ["", "minor", "large", "major", "extreme"]
MASS = [
    ("无群体性事件", "mass_incident", "任何"),
    ("无群体性上访和越级上访", "mass_petition", "任何"),
    ("无群体性上访和越级上访", "bypass_petition", "任何"),
]
FAITH = [("无涉毒人员", "drug_involvement", "任何"), ("无非法宗教活动", "illegal_religion", "任何")]
GAMBLING = [("无地下“六合彩”等赌博活动", "gambling", "任何")]
ACCIDENTS = [
    ("无安全事故", t, "任何")
    for t in ("safety_accident", "campus_accident", "school_bus_accident", "work_safety_accident")
]
ANY_CASE = [("无刑事案件和治安案件", t, "任何") for t in ("criminal_case", "public_security_case")]
LARGE_CASE = [
    ("无刑事案件和大的治安案件", "criminal_case", "任何"),
    ("无刑事案件和大的治安案件", "public_security_case", "大的"),
]
TABLE: dict[str, list[tuple[str, str, str]]] = {
    "township": [
        *MASS,
        ("无重大刑事案件和治安案件", "criminal_case", "重大"),
        ("无重大刑事案件和治安案件", "public_security_case", "重大"),
    ],
    "work_unit": [*LARGE_CASE, *MASS, *ACCIDENTS, *GAMBLING, *FAITH],
    "enterprise": [
        *LARGE_CASE,
        *MASS,
        *FAITH,
        ("无安全生产事故", "work_safety_accident", "任何"),
        ("无非法集资及拖欠民工工资问题", "illegal_fundraising", "任何"),
        ("无非法集资及拖欠民工工资问题", "wage_arrears", "任何"),
        ("无环境污染事件", "pollution", "任何"),
    ],
    "village": [*LARGE_CASE, *MASS, *ACCIDENTS, *GAMBLING, *FAITH],
    "school": [
        *ANY_CASE,
        *MASS,
        *GAMBLING,
        *FAITH,
        ("无校园和校车安全事故", "campus_accident", "任何"),
        ("无校园和校车安全事故", "school_bus_accident", "任何"),
        ("无“三乱”收费", "arbitrary_charges", "任何"),
    ],
    "hospital": [
        *LARGE_CASE,
        *MASS,
        *ACCIDENTS,
        *GAMBLING,
        *FAITH,
        ("无大的医疗责任事故", "medical_accident", "大的"),
    ],
    "compound": [*ANY_CASE, *MASS, *ACCIDENTS, *GAMBLING, *FAITH],
    "building": [*ANY_CASE, *MASS, *ACCIDENTS, *GAMBLING, *FAITH],
    "household": [
        ("无家庭暴力", "domestic_violence", "任何"),
        ("无非法宗教活动", "illegal_religion", "任何"),
        ("无邻里纠纷", "neighbour_dispute", "任何"),
        ("无涉黄行为", "pornography", "任何"),
        ("无赌博行为", "gambling", "任何"),
        ("无涉毒行为", "drug_involvement", "任何"),
        ("无传销行为", "pyramid_selling", "任何"),
        ("无其他违法犯罪行为", "other_offence", "任何"),
    ],
}
ROWS = [(kind, *row) for kind, rows in TABLE.items() for row in rows]


@pytest.mark.parametrize(("kind", "words", "type_", "severity"), ROWS)
def test_prohibition_by_grade_year_and_ledger(
    judge: Any, kind: str, words: str, type_: str, severity: str
) -> None:
    """Units side by side, each with one incident or none."""
    graded = zip(GRADES, GRADED[severity], strict=True)
    expected = {("", "never"): "met", **{(g, "2014-06-01"): status for g, status in graded}}
    for day, status in (
        ("2013-12-31", "met"),
        ("2014-01-01", "failed"),
        ("2014-12-31", "failed"),
        ("2015-01-01", "met"),
    ):
        expected["extreme", day] = status
    assert side_by_side(judge, kind, words, type_, list(expected)) == expected
    assert side_by_side(
        judge, kind, words, type_, [("", "never"), ("extreme", "2014-06-01")], recorded=2013
    ) == {("", "never"): "undetermined", ("extreme", "2014-06-01"): "failed"}


def side_by_side(
    judge: Any,
    kind: str,
    words: str,
    type_: str,
    events: list[tuple[str, str]],
    recorded: int = 2014,
) -> dict[tuple[str, str], str]:
    """Return the status of the item for units with an event of each grade and day."""
    data = unit(kind)
    *around, one = data["units"]
    data["units"] = around + [{**one, "id": f"U{n}"} for n in range(len(events))]
    data["incidents"] = [
        incident(n, unit=f"U{n}", type=type_, grade=grade, date=day)
        for n, (grade, day) in enumerate(events)
        if day != "never"
    ]
    data["ledgers"] = [{**STAR[0], "year": recorded}]
    judged = judge(data)
    return {event: status_of(judged, f"U{n}", words) for n, event in enumerate(events)}


@pytest.mark.parametrize("kind", TABLE)
def test_types_that_no_clause_of_the_kind_names_decide_nothing(judge: Any, kind: str) -> None:
    named = {t for _, t, _ in TABLE[kind]} | {"property_crime"}
    named |= {t for t in ACCIDENT_TYPES if kind == "township"}
    others = [t for t in judge(unit(kind)).policy.types if t not in named]
    data = unit(kind)
    data["incidents"] = [incident(n, type=t, grade="extreme") for n, t in enumerate(others)]
    assert {f.status.value for f in judge(data)["U"].findings if f.basis == "prohibition"} == {
        "met"
    }


ACCIDENT_TYPES = ("safety_accident", "campus_accident", "school_bus_accident",
                  "work_safety_accident")  # fmt: skip


@pytest.mark.parametrize("type_", ACCIDENT_TYPES)
@pytest.mark.parametrize(
    ("grade", "liability", "expected"),
    [
        ("large", "yes", "met"),
        ("major", "yes", "failed"),
        ("extreme", "yes", "failed"),
        ("major", "no", "met"),
        ("major", "", "undetermined"),
        ("", "yes", "undetermined"),
        ("", "", "undetermined"),
        ("", "no", "met"),
        ("large", "", "met"),
    ],
)
def test_township_accident(
    judge: Any, type_: str, grade: str, liability: str, expected: str
) -> None:
    data = unit("township")
    data["incidents"] = [incident(type=type_, grade=grade, liability=liability)]
    assert item(judge, data, "无重大安全责任事故") == expected


@pytest.mark.parametrize(
    ("count", "expected"), [(0, "met"), (1, "met"), (2, "failed"), (3, "failed")]
)
def test_village_repeated_property_crime(judge: Any, count: int, expected: str) -> None:
    data = unit("village")
    data["incidents"] = [incident(n, type="property_crime") for n in range(count)]
    assert item(judge, data, "无屡发性侵财性案件") == expected
    data["ledgers"] = []
    assert item(judge, data, "无屡发性侵财性案件") == ("failed" if count >= 2 else "undetermined")


@pytest.mark.parametrize(
    ("kind", "words", "below", "at", "above"),
    [
        ("township", "全年社会管理综合治理工作年度考评得分85分以上", "84.99", "85", "85.01"),
        ("work_unit", "社会管理综合治理工作年度考评得分90分以上", "89.99", "90", "90.01"),
    ],
)
def test_score(judge: Any, kind: str, words: str, below: str, at: str, above: str) -> None:
    data = unit(kind)
    assert item(judge, data, words) == "undetermined"
    for score, expected in ((below, "failed"), (at, "met"), (above, "met")):
        data["scores"] = [{"unit": "U", "year": 2014, "score": score}]
        assert item(judge, data, words) == expected
    data["scores"] = [{"unit": "U", "year": 2013, "score": "100"}]
    assert item(judge, data, words) == "undetermined"


@pytest.mark.parametrize("kind", ["township", "work_unit"])
def test_poll(judge: Any, kind: str) -> None:
    words = "全年综治民调排名达到上级要求"
    data = unit(kind)
    assert item(judge, data, words) == "undetermined"
    for result in ("met", "failed"):
        data["polls"] = [{"unit": "U", "year": 2014, "result": result}]
        assert item(judge, data, words) == result
    data["polls"] = [{"unit": "U", "year": 2014, "rank": 5}]
    assert item(judge, data, words) == "undetermined"
    for limit, expected in ((4, "failed"), (5, "met"), (6, "met")):
        data["requirements"] = [{"kind": kind, "year": 2014, "max_rank": limit}]
        assert item(judge, data, words) == expected


RATIOS = [
    ("township", "辖区内平安家庭户数达90%以上", 90),
    ("village", "辖区内平安家庭户数达90%以上", 90),
    ("compound", "平安家庭户数达98%以上", 98),
    ("building", "平安家庭户数达100%", 100),
]


@pytest.mark.parametrize(("kind", "words", "percent"), RATIOS)
def test_household_ratio(judge: Any, kind: str, words: str, percent: int) -> None:
    def share(failed: int, open_: int, total: int = 100) -> str:
        data = unit(kind)
        homes = [f"H{n}" for n in range(total)]
        data["units"] += [{"id": h, "kind": "household", "parent": "U"} for h in homes]
        data["ledgers"] = [{"unit": h, "item": "*", "year": 2014} for h in homes[open_:]]
        data["incidents"] = [
            incident(n, unit=h, type="neighbour_dispute")
            for n, h in enumerate(homes[len(homes) - failed :])
        ]
        return item(judge, data, words)

    slack = 100 - percent
    assert share(slack, 0) == "met"
    assert share(slack + 1, 0) == "failed"
    assert share(max(slack - 1, 0), 0) == "met"
    assert share(0, slack) == "met"
    assert share(0, slack + 1) == "undetermined"
    assert share(slack, 1) == "undetermined"
    assert share(slack + 1, 1) == "failed"
    assert share(0, 0, total=0) == "undetermined"


@pytest.mark.parametrize(
    ("total", "lost", "expected"),
    [(20, 0, "met"), (20, 1, "met"), (20, 2, "failed"), (19, 1, "failed"), (17, 1, "failed")],
)
def test_building_ratio(judge: Any, total: int, lost: int, expected: str) -> None:
    data = unit("compound")
    for n in range(total):
        data["units"] += [
            {"id": f"B{n}", "kind": "building", "parent": "U"},
            {"id": f"H{n}", "kind": "household", "parent": f"B{n}"},
        ]
    data["incidents"] = [incident(n, unit=f"H{n}", type="neighbour_dispute") for n in range(lost)]
    assert item(judge, data, "平安楼栋达95%以上") == expected


def test_exact_ratio_prints_the_threshold_and_fails(judge: Any) -> None:
    data = unit("village")
    homes = [f"H{n}" for n in range(10_000)]
    data["units"] += [{"id": h, "kind": "household", "parent": "U"} for h in homes]
    data["incidents"] = [
        incident(n, unit=h, type="pornography") for n, h in enumerate(homes[:1004])
    ]
    finding = next(f for f in judge(data)["U"].findings if f.share)
    assert finding.status.value == "failed"
    assert finding.measured == "8996/10000=90.0%"
    assert finding.share.short == 4


def test_no_buildings_is_undetermined_unless_declared_not_applicable(judge: Any) -> None:
    data = unit("compound")
    assert item(judge, data, "平安楼栋达95%以上") == "undetermined"
    data["not_applicable"] = [
        {"unit": "U", "clause": "compound_buildings", "year": 2014, "reason": "均为独栋"}
    ]
    result = judge(data)
    finding = next(f for f in result["U"].findings if f.clause == "compound_buildings")
    assert finding.status.value == "met"
    assert "均为独栋" in result.explain("U").text("zh")
    data["units"].append({"id": "B", "kind": "building", "parent": "U"})
    result = judge(data)
    assert ("declared_in_vain", "U") in result.notices


@pytest.mark.parametrize("kind", ["school", "hospital"])
def test_county_schools_and_hospitals_are_judged_as_work_units(judge: Any, kind: str) -> None:
    data = unit(kind, affiliation="county")
    data["scores"] = [{"unit": "U", "year": 2014, "score": "90"}]
    data["polls"] = [{"unit": "U", "year": 2014, "result": "met"}]
    result = judge(data)
    assert result["U"].standards == ("work_unit",)
    assert result["U"].status.value == "met"
    assert result.count("work_unit")["counted"] == 1
    assert result.count(kind)["counted"] == 0


def test_petitions_count_for_the_responsible_unit_and_cases_for_the_place(judge: Any) -> None:
    data = unit("enterprise")
    data["units"].append({"id": "W", "kind": "work_unit", "parent": "C"})
    data["incidents"] = [incident(type="mass_petition", responsible_unit="W")]
    result = judge(data)
    assert result["U"].clauses(result.status("U").__class__.FAILED) == []
    assert "work_unit_petitions" in result["W"].to_dict()["failed"]
    data["incidents"] = [incident(type="mass_petition")]
    result = judge(data)
    assert "enterprise_petitions" in result["U"].to_dict()["failed"]
    assert ("petition_by_place", "I1") in result.notices
    data["incidents"] = [incident(type="criminal_case", responsible_unit="W")]
    assert "enterprise_cases" in judge(data)["U"].to_dict()["failed"]


def test_a_year_that_is_not_over_can_fail_but_not_meet(judge: Any) -> None:
    from datetime import date

    data = unit("household")
    data["incidents"] = [incident(unit="V", type="gambling", date="2014-07-01")]
    result = judge(data, as_of=date(2014, 6, 30))
    assert result.preliminary
    assert result.status("U").value == "undetermined"
    assert "village_gambling" not in result["V"].to_dict()["failed"]
    assert "village_gambling" in judge(data, as_of=date(2014, 7, 1))["V"].to_dict()["failed"]
    assert judge(data, as_of=date(2014, 12, 30)).status("U").value == "undetermined"
    assert judge(data, as_of=date(2014, 12, 31)).status("U").value == "met"


def test_bodies_without_a_standard_are_out_of_scope(judge: Any) -> None:
    data = unit("kindergarten")
    result = judge(data)
    assert "U" not in result
    assert ("out_of_scope", "U") in result.notices


def test_a_county_bureau_inside_a_village_is_named(judge: Any) -> None:
    data = unit("work_unit")
    assert "not_its_container" not in {n for n, _ in judge(data).notices}
    data["units"].append({"id": "W", "kind": "work_unit", "parent": "V"})
    assert ("not_its_container", "W") in judge(data).notices


@pytest.mark.parametrize(
    ("place", "kind", "type_", "others"),
    [
        ("U", "school", "safety_accident", {"campus_accident", "school_bus_accident"}),
        ("U", "enterprise", "safety_accident", {"work_safety_accident"}),
        ("U", "household", "criminal_case", {"other_offence"}),
        ("U", "building", "property_crime", {"criminal_case", "public_security_case"}),
        ("U", "school", "campus_accident", set()),
        ("U", "household", "other_offence", set()),
    ],
)
def test_an_incident_that_a_standard_passes_over_is_named_with_the_type_that_would_count(
    place: str, kind: str, type_: str, others: set[str], judge: Any
) -> None:
    data = unit(kind)
    data["incidents"] = [incident(unit=place, type=type_)]
    told = {n for n, x in judge(data).notices if x == "U" and n.startswith("maybe_")}
    assert told == {f"maybe_{other}" for other in others}
    # recorded under the other heading as well, nothing is left to say
    for n, other in enumerate(sorted(others)):
        data["incidents"].append({**incident(unit=place, type=other), "id": f"I{n + 2}"})
    assert not {n for n, x in judge(data).notices if x == "U" and n.startswith("maybe_")}


def test_a_requirement_that_nobody_is_measured_by_is_named(judge: Any) -> None:
    data = unit("school")
    data["units"][-1]["affiliation"] = "county"
    data["polls"] = [{"unit": "U", "year": "2014", "rank": "3"}]
    data["scores"] = [{"unit": "U", "year": "2014", "score": "95"}]
    data["requirements"] = [{"kind": "school", "year": "2014", "max_rank": "2"}]
    result = judge(data)
    assert ("requirement_unused", "school") in result.notices
    assert result["U"].findings[-2].basis == "no_requirement"
    data["requirements"] = [{"kind": "work_unit", "year": "2014", "max_rank": "3"}]
    result = judge(data)
    assert "requirement_unused" not in {n for n, _ in result.notices}
    assert result["U"].findings[-2].status.value == "met"


def test_a_responsible_unit_decides_petitions_and_employers_only(judge: Any) -> None:
    data = unit("enterprise")
    data["units"].append({"id": "W", "kind": "enterprise", "parent": "C"})
    data["incidents"] = [incident(type="criminal_case", responsible_unit="W")]
    result = judge(data)
    assert ("responsible_ignored", "I1") in result.notices
    assert result["W"].status.value == "met"
    data["incidents"] = [incident(type="drug_involvement", responsible_unit="W")]
    result = judge(data)
    assert ("no_residence", "I1") in result.notices
    assert {"U", "W"} <= set(result.select(status="failed"))
