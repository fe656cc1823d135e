"""What an assessment says: findings, counts, lines and words, each worked out by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from attrs import asdict, evolve

from pingan_logic import Assessment, Change, Facts, Incident, Ledger, Policy, RequestError, Unit
from pingan_logic import evaluate as evaluated
from pingan_logic.intake import read_document
from pingan_logic.verdicts import (
    Finding,
    Line,
    Share,
    Status,
    UnitAssessment,
    hundredths,
    no_such_unit,
    percent,
    rate,
)
from tests.core.test_explain import YEAR, county

DAY = date(2014, 5, 1)


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (0, 7, "0.0%"), (7, 7, "100.0%"), (8996, 10000, "90.0%"), (1, 3, "33.3%"), (2, 3, "66.7%"),
        (1, 2000, "0.1%"), (1, 2001, "0.0%"), (1, 16, "6.3%"), (7, 8, "87.5%"),
        (101, 100, "101.0%"),
    ],
)  # fmt: skip
def test_percentages_are_printed_half_up(part: int, whole: int, text: str) -> None:
    assert percent(part, whole) == text


@pytest.mark.parametrize(
    ("share", "text", "short"),
    [
        (Share(0, 0, 0, 0), "0/0", 0),
        (Share(0, 0, 0, 5), "0/0", 5),
        (Share(35, 0, 40, 36), "35/40=87.5%", 1),
        (Share(3, 2, 8, 7), "3..5/8=37.5%..62.5%", 4),
        (Share(8, 0, 8, 7), "8/8=100.0%", 0),
        (Share(7, 1, 8, 7), "7..8/8=87.5%..100.0%", 0),
    ],
)
def test_shares(share: Share, text: str, short: int) -> None:
    assert str(share) == text
    assert share.short == short


def test_points_and_rates() -> None:
    found = [hundredths(n) for n in (8500, 8499, 8490, 5, 50, 100, 10000, 0)]
    assert found == ["85", "84.99", "84.9", "0.05", "0.5", "1", "100", "0"]
    rates = [rate(*r) for r in ((90, 100), (1, 1), (9, 11), (1, 8), (1, 1000), (995, 1000), (0, 5))]
    assert rates == ["90%", "100%", "81.81%", "12.5%", "0.1%", "99.5%", "0%"]
    assert [str(s) for s in Status] == ["met", "failed", "undetermined"]


PLAIN = Finding("c", "三（一）1", "无", None, Status.MET, "0", "0")


def test_a_finding_is_written_as_values() -> None:
    assert PLAIN.to_dict() == {
        "clause": "c", "source": "三（一）1", "text": "无", "status": "met", "measured": "0",
        "required": "0", "evidence": [], "missing": [], "basis": "prohibition", "parts": [],
        "figures": None,
    }  # fmt: skip
    part = evolve(PLAIN, clause="p", english="none", status=Status.FAILED)
    whole = evolve(
        PLAIN, english="no", evidence=("I-1", "I-2"), missing=("gambling",), basis="share",
        share=Share(1, 0, 4, 3), parts=(part,), measured=None,
    )  # fmt: skip
    for lang, text, inner in (("zh", "无", "无"), ("en", "no", "none")):
        assert whole.to_dict(lang) == {
            "clause": "c", "source": "三（一）1", "text": text, "status": "met", "measured": None,
            "required": "0", "evidence": ["I-1", "I-2"], "missing": ["gambling"],
            "basis": "share", "short": 2, "figures": None,
            "parts": [{**PLAIN.to_dict(), "clause": "p", "status": "failed", "text": inner}],
        }  # fmt: skip
    assert PLAIN.to_dict("en")["text"] == "无", "nothing else to say"
    assert whole.to_dict()["text"] == "无"


def test_lines_of_the_list() -> None:
    line = Line("school", Status.FAILED, ("a", "b"), ("c",), ("school", "work_unit"))
    told = {"id": "S", "kind": "school", "status": "failed", "failed": ["a", "b"],
            "undetermined": ["c"], "standards": ["school", "work_unit"]}  # fmt: skip
    assert line.to_dict("S") == told
    statuses = {"a": Status.FAILED, "x": Status.MET, "c": Status.UNDETERMINED, "b": Status.FAILED}
    findings = tuple(evolve(PLAIN, clause=c, status=s) for c, s in statuses.items())
    here = UnitAssessment(Unit("S", "school"), Status.FAILED, line.standards, findings, line)
    assert here.to_dict() == told
    assert here.clauses(Status.MET) == ["x"]


@pytest.fixture(scope="module")
def found(policy: Policy) -> Assessment:
    return evaluated(read_document(county(policy), "data", policy), policy, YEAR)


def told(found: Assessment, unit: str, clause: str) -> tuple[Any, ...]:
    (f,) = (f for f in found[unit].findings if f.clause == clause)
    return (f.status.value, f.measured, f.required, f.evidence, f.missing, f.basis)


DISPUTES = tuple(f"H{n}" for n in range(1, 13))
GONE = ("criminal_case", "public_security_case")
ITEMS = [
    ("T", "township_cases", ("undetermined", "0..1", "0", ("U",), (), "prohibition")),
    ("T", "township_petitions", ("failed", "1", "0", ("N",), (), "prohibition")),
    ("T", "township_safety", ("met", "0", "0", ("C",), (), "prohibition")),
    ("V", "village_safety", ("met", "0", "0", ("V",), (), "prohibition")),
    ("V2", "village_property_crime",
     ("undetermined", "≥0", "<2", (), ("property_crime",), "prohibition")),
    ("V", "village_property_crime", ("met", "0", "<2", ("V",), (), "prohibition")),
    ("S", "work_unit_gambling", ("undetermined", "≥0", "0", (), ("gambling",), "prohibition")),
    ("Z", "enterprise_cases", ("undetermined", "≥0", "0", (), GONE, "prohibition")),
    ("T", "township_households",
     ("failed", "4..6/18=22.2%..33.3%", "≥90%", DISPUTES, (), "share")),
    ("V2", "village_households",
     ("undetermined", "1..3/3=33.3%..100.0%", "≥90%", ("G2", "G3"), (), "share")),
    ("K2", "compound_households", ("met", "1/1=100.0%", "≥98%", ("F",), (), "share")),
    ("K2", "compound_buildings", ("met", "0/0", "≥95%", ("K2",), (), "not_applicable")),
    ("T2", "township_households", ("undetermined", "0/0", "≥90%", (), (), "no_members")),
    ("T", "township_poll", ("met", "4", "≤4", ("T",), (), "rank")),
    ("S", "work_unit_poll", ("undetermined", "3", "met", ("S",), (), "no_requirement")),
    ("W", "work_unit_poll", ("failed", "failed", "met", ("W",), (), "polled_failed")),
    ("T2", "township_poll", ("undetermined", None, "met", (), (), "no_poll")),
    ("T", "township_score", ("failed", "84.99", "≥85", ("T",), (), "score")),
    ("S", "work_unit_score", ("met", "90.5", "≥90", ("S",), (), "score")),
    ("T2", "township_score", ("undetermined", None, "≥85", (), (), "no_score")),
]  # fmt: skip


@pytest.mark.parametrize(("unit", "clause", "expected"), ITEMS)
def test_findings(found: Assessment, unit: str, clause: str, expected: tuple[Any, ...]) -> None:
    assert told(found, unit, clause) == expected
    (f,) = (f for f in found[unit].findings if f.clause == clause)
    own = found.policy.clauses[clause]
    assert (f.source, f.text, f.english) == (own.source, own.zh, own.en)
    assert (f.share is not None) == (f.basis in ("share", "no_members"))


def test_the_share_of_a_finding_counts_to_the_member(found: Assessment) -> None:
    shares = {(u, f.clause): f.share for u in ("T", "V2", "T2", "K2") for f in found[u].findings}
    assert shares["T", "township_households"] == Share(4, 2, 18, 17)
    assert shares["V2", "village_households"] == Share(1, 2, 3, 3)
    assert shares["T2", "township_households"] == Share(0, 0, 0, 0)
    assert shares["K2", "compound_households"] == Share(1, 0, 1, 1)
    assert shares["K2", "compound_buildings"] is None


def cases(policy: Policy, *happened: tuple[str, str | None], kept: tuple[str, ...] = ()) -> Finding:
    """Return what a work unit's first item says: criminal cases, and large public-security ones."""
    types = {"c": "criminal_case", "p": "public_security_case"}
    incidents = [Incident(f"I{n}", "W", types[t], DAY, grade) for n, (t, grade) in
                 enumerate(happened, 8)]  # fmt: skip
    ledgers = [Ledger("W", types[t], YEAR) for t in kept]
    facts = Facts(units=[Unit("W", "work_unit")], incidents=incidents, ledgers=ledgers)
    return evaluated(facts, policy, YEAR)["W"].findings[0]


def summary(f: Finding) -> tuple[Any, ...]:
    return (f.status.value, f.measured, f.evidence, f.missing)


def test_an_item_of_two_prohibitions_adds_up_what_decides(policy: Policy) -> None:
    f = cases(policy, kept=("c", "p"))
    assert summary(f) == ("met", "0", ("W",), ())
    assert [summary(p) for p in f.parts] == [("met", "0", ("W",), ())] * 2
    assert [(p.clause, p.required, p.text, p.english) for p in f.parts] == [
        (p.id, "0", p.zh, p.en) for p in policy.clauses["work_unit_cases"].prohibitions
    ]
    assert {p.source for p in f.parts} == {f.source} == {"三（二）1"}

    f = cases(policy, ("c", None), ("p", "large"), ("c", None), kept=("c", "p"))
    assert summary(f) == ("failed", "3", ("I8", "I9", "I10"), ())
    assert [summary(p) for p in f.parts] == [
        ("failed", "2", ("I8", "I10"), ()), ("failed", "1", ("I9",), ()),
    ]  # fmt: skip

    f = cases(policy, ("c", None), ("p", None))
    assert summary(f) == ("failed", "1", ("I8",), ("criminal_case",))
    assert [summary(p) for p in f.parts] == [
        ("failed", "1", ("I8",), ("criminal_case",)),
        ("undetermined", "≥0", ("I9",), ("public_security_case",)),
    ]

    f = cases(policy, ("p", None), ("p", None), ("p", "minor"), kept=("c", "p"))
    assert summary(f) == ("undetermined", "0..2", ("I8", "I9"), ())
    assert [summary(p) for p in f.parts] == [
        ("met", "0", ("W",), ()), ("undetermined", "0..2", ("I8", "I9"), ()),
    ]  # fmt: skip

    f = cases(policy, ("p", None), kept=("p",))
    assert summary(f) == ("undetermined", "≥0", ("I8",), ("criminal_case",))
    assert cases(policy).missing == ("criminal_case", "public_security_case")


def test_an_item_of_one_prohibition_has_no_parts(found: Assessment) -> None:
    assert [len(f.parts) for f in found["V"].findings] == [2, 0, 2, 0, 0, 0, 0, 0, 0]


def test_the_nearest_ledger_of_each_answering_item_is_named(policy: Policy) -> None:
    """Any accident answers to safety: its types are recorded here at three levels."""
    units = [Unit("T", "township"), Unit("V", "village", "", "T"), Unit("B", "building", "", "V")]
    ledgers = [
        Ledger("T", "*", YEAR), Ledger("V", "campus_accident", YEAR),
        Ledger("B", "safety_accident", YEAR), Ledger("V", "gambling", YEAR),
    ]  # fmt: skip
    result = evaluated(Facts(units=units, ledgers=ledgers), policy, YEAR)
    assert told(result, "B", "building_safety")[3] == ("B", "T", "V")
    assert told(result, "B", "building_gambling")[3] == ("V",)
    assert told(result, "B", "building_drugs")[3] == ("T",)
    assert told(result, "V", "village_safety")[3] == ("T", "V")


def test_two_standards_give_the_worse_status(policy: Policy) -> None:
    from pingan_logic.catalogue import Setting
    from pingan_logic.solving.load_policy import load_policy

    both = load_policy(policy.folder, (Setting("switch", "county_affiliated", ("both",)),))
    units = [Unit("S", "school", "", None, "county"), Unit("S2", "school")]
    ledgers = [Ledger("S", "*", YEAR), Ledger("S2", "*", YEAR)]
    incidents = [Incident("I", "S", "arbitrary_charges", DAY)]
    result = evaluated(Facts(units=units, incidents=incidents, ledgers=ledgers), both, YEAR)
    assert result.outcome.verdicts["S"] == {"school": "failed", "work_unit": "undetermined"}
    assert result.status("S") is Status.FAILED
    here = result["S"]
    assert here.standards == ("work_unit", "school"), "in the order of the notice"
    assert [f.clause.split("_")[0] for f in here.findings] == ["work"] * 9 + ["school"] * 8
    lines = {u: line for u, _, line in result.lines()}
    assert lines["S"].standards == ("work_unit", "school")
    assert lines["S"].failed == ("school_charges",)
    assert lines["S"].undetermined == ("work_unit_poll", "work_unit_score")
    assert lines["S"].to_dict("S") == here.to_dict()
    assert asdict(lines["S2"]) == asdict(Line("school", Status.MET, (), (), ("school",)))
    assert result.select("work_unit") == ["S"]
    assert result.select("school") == ["S", "S2"]
    assert result.count("work_unit") == {"counted": 1, "met": 0, "failed": 0, "undetermined": 1}
    assert result.count("school") == {"counted": 2, "met": 1, "failed": 1, "undetermined": 0}


def test_lines_come_in_the_order_of_reports(found: Assessment) -> None:
    judged = ["T", "T2", "W", "E", "Z", "V", "V2", "S", "Y", "K", "K2", "B", "F", "G1", "G2", "G3",
              *(f"H{n}" for n in range(1, 15))]  # fmt: skip
    assert list(found) == judged
    assert len(found) == len(judged)
    assert [u for u, _, _ in found.lines()] == judged
    assert found.select("village") == ["V", "V2"]
    assert found.select("work_unit") == ["W", "S"], "as declared or as judged"
    assert found.select("school") == ["S"]
    assert found.select("household", "met") == ["F", "G1", "H13", "H14"]
    assert found.select(status="undetermined") == ["T2", "Z", "V2", "S", "G2", "G3"]
    assert found.select("building", "met") == []
    for unit, name, line in found.lines():
        assert line.to_dict(unit) == found[unit].to_dict()
        assert name == found.units[unit].name
    assert ["T" in found, "C" in found, "X" in found] == [True, False, False]
    lines = {u: line for u, _, line in found.lines("household")}
    assert lines["H2"] is lines["H3"], "one object where the list says the same"


def test_counts_and_rates(found: Assessment) -> None:
    assert found.count("household") == {
        "counted": 18, "met": 4, "failed": 12, "undetermined": 2,
    }  # fmt: skip
    assert found.count("household", "V2") == {
        "counted": 3, "met": 1, "failed": 0, "undetermined": 2,
    }  # fmt: skip
    assert found.count("household", "T2") == {
        "counted": 0, "met": 0, "failed": 0, "undetermined": 0,
    }  # fmt: skip
    rows = found.summary()
    assert [r["kind"] for r in rows] == found.policy.judged_kinds
    assert {r["kind"]: r for r in rows}["household"] == {
        "kind": "household", "counted": 18, "met": 4, "failed": 12, "undetermined": 2,
        "rate": {"low": 4, "high": 6, "of": 18}, "rate_text": "4..6/18=22.2%..33.3%",
        "target": {"numerator": 95, "denominator": 100}, "target_text": "≥95%",
    }  # fmt: skip
    (compound,) = found.summary("compound")
    assert compound["rate_text"] == "1/2=50.0%"
    assert compound["target"] is None
    (village,) = found.summary("village", "T2")
    assert (village["counted"], village["rate"]) == (0, None)
    assert [r["counted"] for r in found.summary("household", "V2")] == [3]


def test_the_run_is_written_as_values(found: Assessment) -> None:
    whole = found.to_dict()
    assert list(whole) == [
        "schema", "policy", "year", "preliminary", "summary", "units", "notices",
    ]  # fmt: skip
    assert whole["schema"] == 2
    assert (whole["policy"], whole["year"], whole["preliminary"]) == ("xiangyin-2014", 2014, False)
    assert whole["summary"] == found.summary()
    assert whole["units"] == [line.to_dict(u) for u, _, line in found.lines()]
    assert whole["notices"] == [{"notice": n, "id": x} for n, x in found.notices]
    assert {"notice": "out_of_scope", "id": "X"} in whole["notices"]
    some = found.to_dict("household", "undetermined")
    assert [u["id"] for u in some["units"]] == ["G2", "G3"]
    assert some["summary"] == found.summary("household")
    few = found.to_dict(units=[x for x in found.lines() if x[0] == "T2"])
    assert [u["id"] for u in few["units"]] == ["T2"]


def test_the_head_of_an_answer(found: Assessment) -> None:
    assert found.header("V2") == {
        "schema": 2, "policy": "xiangyin-2014", "year": 2014, "status": "undetermined",
        "assumes": [],
        "unit": {"id": "V2", "kind": "village", "name": "二村"},
    }  # fmt: skip


def test_containers(found: Assessment) -> None:
    assert sorted(found.inside("V")) == sorted(
        ["K", "K2", "B", "E", "F", *(f"H{n}" for n in range(1, 15))]
    )
    assert list(found.inside("H1")) == []
    assert found.areas("C") == ["T", "T2"]
    assert found.areas("T") == []
    assert found.children["K"] == ["B"]
    assert "H1" not in found.children
    assert found.incidents["P"].liability == "no"
    assert found.unit("V").name == "村"
    assert found.unit("V2").name == "二村"


def test_areas_in_natural_order(policy: Policy) -> None:
    towns = [Unit(f"T-{n}", "township", "", "C") for n in (10, 2, 1)]
    result = evaluated(Facts(units=[Unit("C", "county"), *towns]), policy, YEAR)
    assert result.areas("C") == ["T-1", "T-2", "T-10"]


@pytest.fixture(scope="module")
def changed(policy: Policy) -> Assessment:
    units = [
        Unit("T", "township"), Unit("V-01", "village", "旧名", "T"),
        Unit("V-02", "village", "", "T"), Unit("V-03", "village", "", "T"),
        Unit("H-01", "household", "", "V-01"),
        Unit("H-02", "household", "", "V-03"), Unit("H-03", "household", "", "V-01"),
        Unit("H-04", "household", "", "V-01", None, date(2015, 1, 1)),
    ]  # fmt: skip
    changes = [
        Change("V-01", date(2014, 2, 2), "renamed", "新名"),
        Change("V-02", date(2014, 3, 3), "renamed", "二村"),
        Change("H-01", date(2014, 2, 2), "moved", "V-02"),
        Change("V-03", date(2014, 2, 2), "merged_into", "V-02"),
    ]
    return evaluated(Facts(units=units, changes=changes), policy, YEAR)


def test_units_bear_the_names_and_containers_of_the_day(changed: Assessment) -> None:
    units = changed.units
    assert (units["V-01"].name, units["V-01"].parent) == ("新名", "T")
    assert (units["H-01"].name, units["H-01"].parent) == ("", "V-02")
    assert (units["H-02"].kind, units["H-02"].parent) == ("household", "V-02")
    assert units["H-03"] == Unit("H-03", "household", "", "V-01")
    assert {u: name for u, name, _ in changed.lines()} == {
        "T": "", "V-01": "新名", "V-02": "二村", **{f"H-0{n}": "" for n in range(1, 4)},
    }  # fmt: skip
    children = changed.children
    assert list(children.items()) == [
        ("T", ["V-01", "V-02"]), ("V-01", ["H-03"]), ("V-02", ["H-01", "H-02"]), ("V-03", []),
    ]  # fmt: skip
    assert len(children) == 4
    assert ["V-02" in children, "H-01" in children] == [True, False]
    with pytest.raises(KeyError, match="H-01"):
        children["H-01"]
    assert changed.inside("T") == ["V-01", "V-02", "H-03", "H-01", "H-02"]
    assert list(changed) == ["T", "V-01", "V-02", "H-01", "H-02", "H-03"]


def refused(call: Any, *arguments: str) -> tuple[Any, ...]:
    with pytest.raises(RequestError) as refusal:
        call(*arguments)
    (p,) = refusal.value.problems
    return (p.place, p.zh, p.en, p.found, p.nearest)


def test_units_that_cannot_be_asked_for(found: Assessment, changed: Assessment) -> None:
    unknown = ("UNIT", "数据中没有这个单位", "there is no such unit in the data")
    for call in (changed.unit, changed.standing, changed.__getitem__, changed.explain):
        assert refused(call, "V-00") == (*unknown, "V-00", "V-03")
    gone = (
        "UNIT",
        "该单位在2014-12-31不存在（尚未设立、已撤销或已并入）",
        "the unit does not exist on 2014-12-31 (not opened, closed or merged)",
    )
    for call in (changed.standing, changed.__getitem__, changed.explain, changed.only):
        assert refused(call, "V-03") == (*gone, "V-03", "V-02")
        assert refused(call, "H-04") == (*gone, "H-04", None)
    assert changed.unit("H-04").opened == date(2015, 1, 1)
    assert refused(found.__getitem__, "X") == (
        "UNIT",
        "通知对该类单位（幼儿园）没有标准，不参评",
        "the notice has no standard for this kind (kindergarten): it is not judged",
        "X",
        None,
    )


def test_the_nearest_id_is_proposed() -> None:
    problem = no_such_unit("V-O1", ["H-77", "V-01", "T"])
    assert (problem.found, problem.nearest) == ("V-O1", "V-01")


def test_one_unit_alone(found: Assessment) -> None:
    alone = found.only("V2")
    assert list(alone) == ["V2", "G1", "G2", "G3"]
    assert alone["V2"] == found["V2"]
    about = {x for _, x in alone.notices}
    assert about <= {"V2", "G1", "G2", "G3", *found.incidents}
    other = [(n, x) for n, x in found.only("X").notices if x == "X"]
    assert other == [("out_of_scope", "X")]
    assert ("petition_by_place", "no such") not in alone.notices
    own = [(n, x) for n, x in found.outcome.notices if x in found.incidents]
    assert [(n, x) for n, x in alone.outcome.notices if x in found.incidents] == own


def test_the_notices_of_the_run_come_first(policy: Policy) -> None:
    result = evaluated(Facts(units=[Unit("H", "household")]), policy, YEAR)
    assert result.notices == (("no_ledgers", "2014"), ("no_parent", "H"))


def test_the_year_is_over_on_its_last_day(policy: Policy) -> None:
    facts = Facts(units=[Unit("H", "household")])
    days = (date(2014, 12, 30), date(2014, 12, 31), date(2015, 1, 1))
    assert [evaluated(facts, policy, YEAR, as_of=d).preliminary for d in days] == [
        True, False, False,
    ]  # fmt: skip
