"""Every way in which an explanation can go, on one small county, word for word."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import pingan_logic
from pingan_logic import Assessment, Policy
from pingan_logic.explain import Explanation, list_text, notices_text, summary_table
from pingan_logic.intake import read_document
from pingan_logic.layout import broken, pad
from pingan_logic.messages.explain import WORDS

GOLDEN = Path(__file__).parent / "golden"
YEAR = 2014


def ledgers(unit: str, *missing: str, types: list[str]) -> list[dict[str, Any]]:
    return [{"unit": unit, "item": t, "year": YEAR} for t in types if t not in missing]


def county(policy: Policy) -> dict[str, list[dict[str, Any]]]:
    """A county in which each clause that can be said differently is said in each way."""
    types = list(policy.types)
    head = ("id", "kind", "name", "parent", "affiliation")
    rows = [
        ("C", "county", "县", "", ""), ("T", "township", "镇", "C", ""),
        ("T2", "township", "", "C", ""), ("V", "village", "村", "T", ""),
        ("V2", "village", "二村", "T", ""), ("K", "compound", "区", "V", ""),
        ("K2", "compound", "独栋区", "V", ""), ("B", "building", "楼", "K", ""),
        ("S", "school", "县中", "T", "county"), ("Y", "hospital", "院", "T", ""),
        ("E", "enterprise", "厂", "V", ""), ("W", "work_unit", "局", "C", ""),
        ("X", "kindergarten", "园", "T", ""), ("Z", "enterprise", "县外厂", "", ""),
        *((f"H{n}", "household", f"户{n}", "B", "") for n in range(1, 15)),
        *((f"G{n}", "household", "", "V2", "") for n in range(1, 4)),
        ("F", "household", "", "K2", ""),
    ]  # fmt: skip
    events = ("id", "unit", "type", "grade", "date", "liability", "responsible_unit")
    happened = [
        *((f"D{n}", f"H{n}", "neighbour_dispute", "", "2014-05-05", "", "") for n in range(1, 13)),
        ("L", "H1", "drug_involvement", "", "2014-05-06", "", "W"),
        ("P", "E", "pollution", "minor", "2014-02-03", "no", ""),
        ("Q", "E", "wage_arrears", "", "2014-02-04", "", ""),
        ("R", "E", "mass_incident", "major", "2014-02-05", "yes", ""),
        ("U", "Y", "public_security_case", "", "2014-03-01", "", ""),
        ("M", "Y", "medical_accident", "large", "2014-03-02", "yes", ""),
        ("N", "Y", "mass_petition", "minor", "2014-03-03", "", "Y"),
    ]
    return {
        "units": [dict(zip(head, r, strict=True)) for r in rows],
        "incidents": [dict(zip(events, e, strict=True)) for e in happened],
        "ledgers": [
            *ledgers("C", "domestic_violence", "property_crime", "gambling", types=types),
            *ledgers("V", types=types),
            {"unit": "G1", "item": "*", "year": YEAR},
        ],
        "scores": [
            {"unit": "T", "year": YEAR, "score": "84.99"},
            {"unit": "S", "year": YEAR, "score": "90.5"},
            {"unit": "V", "year": YEAR, "score": "99"},
        ],
        "polls": [
            {"unit": "T", "year": YEAR, "rank": 4},
            {"unit": "S", "year": YEAR, "rank": 3},
            {"unit": "W", "year": YEAR, "result": "failed"},
        ],
        "requirements": [{"kind": "township", "year": YEAR, "max_rank": 4}],
        "not_applicable": [
            {"unit": "K2", "clause": "compound_buildings", "year": YEAR, "reason": "均为独栋"}
        ],
    }


@pytest.fixture(scope="module")
def found(policy: Policy) -> Assessment:
    return pingan_logic.evaluate(read_document(county(policy), "data", policy), policy, YEAR)


def golden(name: str, text: str) -> None:
    path = GOLDEN / name
    if os.environ.get("REWRITE_GOLDEN"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


UNITS = ["C", "T", "T2", "V", "V2", "K", "K2", "B", "S", "Y", "E", "W", "X", "H1", "G1"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_texts(found: Assessment, lang: str) -> None:
    texts = [found.explain(u).text(lang) for u in UNITS]
    texts.append(found.explain("B").text(lang, every=True))
    texts.append("\n".join(notices_text(found, lang)) + "\n")
    texts.append("".join(list_text(found, found.lines(status="failed"), None, lang)))
    texts.append("".join(list_text(found, found.lines("household", "met"), "household", lang)))
    texts.append("".join(list_text(found, [], "school", lang)))
    golden(f"explain.{lang}.txt", "\n".join(texts))


def test_documents(found: Assessment) -> None:
    told = [found.explain(u).to_dict(lang) for u, lang in (("C", "zh"), ("S", "zh"), ("E", "en"))]
    golden("explain.json", json.dumps(told, ensure_ascii=False, indent=1) + "\n")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("every", [False, True])
def test_a_document_names_the_blockers(found: Assessment, lang: str, every: bool) -> None:
    told = found.explain("B").to_dict(lang, every=every)
    assert [("blockers" in f, f["clause"]) for f in told["findings"]][-2:] == [
        (False, "building_religion"),
        (True, "building_households"),
    ]
    blockers = told["findings"][-1]["blockers"]
    assert [b["id"] for b in blockers] == [f"H{n}" for n in range(1, 13 if every else 11)]
    failed = [f for f in found["H1"].findings if f.status.value == "failed"]
    assert [f.clause for f in failed] == ["household_disputes", "household_drugs"]
    assert blockers[0] == {
        "id": "H1", "kind": "household", "name": "户1", "status": "failed",
        "findings": [finding.to_dict(lang) for finding in failed],
    }  # fmt: skip
    assert failed[0].to_dict("en")["text"] == "no dispute with neighbours"
    assert "blockers" not in found.explain("K2").to_dict(lang)["findings"][-1], "it is met"
    assert "blockers" in found.explain("V2").to_dict(lang)["findings"][-1], "it is open"


def test_chinese_is_the_default(found: Assessment) -> None:
    for unit in ("C", "T", "B"):
        assert found.explain(unit).text() == found.explain(unit).text("zh")
        assert found.explain(unit).to_dict() == found.explain(unit).to_dict("zh")


def test_status_and_findings_of_units_with_and_without_a_standard(found: Assessment) -> None:
    assert found.explain("C").status is None
    assert found.explain("C").findings == ()
    here = found.explain("B")
    assert isinstance(here, Explanation)
    assert here.status is found["B"].status
    assert here.findings == found["B"].findings


def test_a_preliminary_result_says_so(policy: Policy) -> None:
    facts = read_document(county(policy), "data", policy)
    early = pingan_logic.evaluate(facts, policy, YEAR, as_of=date(2014, 6, 30))
    assert early.explain("T").text().splitlines()[1] == (
        "预评（数据截至2014-06-30）：未达标的已可确定，达标的须到年末才能确定"
    )
    assert " ".join(early.explain("C").text("en").splitlines()[1:3]) == (
        "Preliminary (data up to 2014-06-30): “not met” is final, “met” must wait for the "
        "year's end"
    )
    assert early.explain("T").to_dict()["preliminary"] is True
    lines = notices_text(early, "zh")
    assert "提示：该年度尚未结束，结果为预评（2014-06-30）" in lines


def test_notices_name_the_first_and_count_the_rest(found: Assessment) -> None:
    (line,) = [n for n in notices_text(found, "zh", limit=1) if "没有填写所在单位" in n] or [""]
    assert line == ""
    lone = [f"L{n:02}" for n in range(12)]
    policy = found.policy
    units = [{"id": u, "kind": "household"} for u in lone]
    result = pingan_logic.evaluate(read_document({"units": units}, "data", policy), policy, YEAR)
    (said,) = [n for n in notices_text(result, "zh") if "没有填写所在单位" in n]
    assert said == "提示：没有填写所在单位，不计入任何比例（" + "、".join(lone[:10]) + "等12个）"
    (said,) = [n for n in notices_text(result, "en", limit=12) if "it is in" in n]
    assert said.endswith("L10, L11)")


def test_the_summary_is_a_table(found: Assessment) -> None:
    rows = [r for r in found.summary() if r["kind"] in ("household", "compound", "school")]
    assert summary_table(found, rows, "en").splitlines() == [
        "kind            judged   met  not met  undetermined            rate     target",
        "school               0     0        0             0               -       100%",
        "compound             2     1        1             0           50.0%  no target",
        "household           18     4       12             2  22.2% to 33.3%        95%",
    ]


def test_padding_counts_chinese_twice() -> None:
    assert pad("户a", 5) == "户a  "
    assert pad("户a", 5, right=True) == "  户a"
    assert pad("ABC", 2) == "ABC"
    assert pad("ABC", 4) == "ABC "


def test_both_languages_have_the_same_words() -> None:
    assert WORDS["zh"].keys() == WORDS["en"].keys()


@pytest.mark.parametrize(
    ("text", "columns", "lines"),
    [
        ("运输厂 (E-11) and others", 8, ["运输厂", "(E-11)", "and", "others"]),
        ("见通知三(一)一", 8, ["见通知", "三(一)一"]),
        ("甲乙丙（丁）戊", 8, ["甲乙丙", "（丁）戊"]),
        ("甲乙丙丁，戊己", 8, ["甲乙丙", "丁，戊己"]),
    ],
)
def test_a_line_is_broken_where_a_word_ends(text: str, columns: int, lines: list[str]) -> None:
    assert broken(text, columns) == lines
