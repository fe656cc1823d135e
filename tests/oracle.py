"""An independent plain-Python reading of section 三; shares no table or code with the rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

Row = dict[str, Any]
ACCIDENTS = {"safety_accident", "campus_accident", "school_bus_accident", "work_safety_accident"}
PERSONAL = {"mass_petition", "bypass_petition", "drug_involvement"}
LEVEL = {"": 0, "minor": 1, "large": 2, "major": 3, "extreme": 4}


@dataclass
class Judgement:
    """Status of a unit and of every clause, by the clause's words."""

    status: str
    clauses: dict[str, str]


def plain(row: Row) -> str:
    """Any such incident counts."""
    return "yes"


def graded(least: int) -> Callable[[Row], str]:
    """Only incidents of at least this grade count; an ungraded one may."""

    def test(row: Row) -> str:
        level = LEVEL[row.get("grade") or ""]
        return "maybe" if level == 0 else "yes" if level >= least else "no"

    return test


def liable(row: Row) -> str:
    """Grade major or above and liability established."""
    answers = [graded(3)(row), {"yes": "yes", "no": "no"}.get(row.get("liability") or "", "maybe")]
    return "no" if "no" in answers else "maybe" if "maybe" in answers else "yes"


Part = tuple[set[str], Callable[[Row], str], int]


def part(*types: str, test: Callable[[Row], str] = plain, least: int = 1) -> Part:
    return set(types), test, least


MASS = {
    "无群体性事件": [part("mass_incident")],
    "无群体性上访和越级上访": [part("mass_petition"), part("bypass_petition")],
}
ANY = {"无刑事案件和治安案件": [part("criminal_case"), part("public_security_case")]}
BIG = {
    "无刑事案件和大的治安案件": [
        part("criminal_case"),
        part("public_security_case", test=graded(2)),
    ]
}
SAFE = {"无安全事故": [part(*ACCIDENTS)]}
BET = {"无地下“六合彩”等赌博活动": [part("gambling")]}
DRUG = {"无涉毒人员": [part("drug_involvement")]}
CULT = {"无非法宗教活动": [part("illegal_religion")]}
COMMON = {**MASS, **SAFE, **BET, **DRUG, **CULT}
LISTS: dict[str, dict[str, list[Part]]] = {
    "township": {
        "无重大刑事案件和治安案件": [
            part("criminal_case", test=graded(3)),
            part("public_security_case", test=graded(3)),
        ],
        **MASS,
        "无重大安全责任事故": [part(*ACCIDENTS, test=liable)],
    },
    "work_unit": {**BIG, **COMMON},
    "enterprise": {
        **BIG,
        **MASS,
        "无安全生产事故": [part("work_safety_accident")],
        "无非法集资及拖欠民工工资问题": [part("illegal_fundraising"), part("wage_arrears")],
        "无环境污染事件": [part("pollution")],
        **DRUG,
        **CULT,
    },
    "village": {**BIG, **COMMON, "无屡发性侵财性案件": [part("property_crime", least=2)]},
    "school": {
        **ANY,
        **MASS,
        "无校园和校车安全事故": [part("campus_accident", "school_bus_accident")],
        **BET,
        **DRUG,
        **CULT,
        "无“三乱”收费": [part("arbitrary_charges")],
    },
    "hospital": {
        **BIG,
        **COMMON,
        "无大的医疗责任事故": [part("medical_accident", test=graded(2))],
    },
    "compound": {**ANY, **COMMON},
    "building": {**ANY, **COMMON},
    "household": {
        "无家庭暴力": [part("domestic_violence")],
        **CULT,
        "无邻里纠纷": [part("neighbour_dispute")],
        "无涉黄行为": [part("pornography")],
        "无赌博行为": [part("gambling")],
        "无涉毒行为": [part("drug_involvement")],
        "无传销行为": [part("pyramid_selling")],
        "无其他违法犯罪行为": [part("other_offence")],
    },
}
RATIOS = {
    "township": [("辖区内平安家庭户数达90%以上", "household", Fraction(90, 100))],
    "village": [("辖区内平安家庭户数达90%以上", "household", Fraction(90, 100))],
    "compound": [
        ("平安楼栋达95%以上", "building", Fraction(95, 100)),
        ("平安家庭户数达98%以上", "household", Fraction(98, 100)),
    ],
    "building": [("平安家庭户数达100%", "household", Fraction(1))],
}
SCORES = {
    "township": ("全年社会管理综合治理工作年度考评得分85分以上", Decimal(85)),
    "work_unit": ("社会管理综合治理工作年度考评得分90分以上", Decimal(90)),
}
POLL = "全年综治民调排名达到上级要求"


def worst(statuses: list[str]) -> str:
    """Failed before undetermined before met."""
    return next((s for s in ("failed", "undetermined") if s in statuses), "met")


class Oracle:
    """Judges one data dictionary for one year, unit by unit on demand."""

    def __init__(self, data: dict[str, list[Row]], year: int) -> None:
        self.data, self.year = data, str(year)
        self.units = {u["id"]: u for u in data["units"]}
        self.done: dict[str, Judgement] = {}

    def up(self, unit: str) -> list[str]:
        chain = []
        while unit:
            chain.append(unit)
            unit = self.units[unit].get("parent") or ""
        return chain

    def kind(self, unit: str) -> str:
        row = self.units[unit]
        county = row.get("affiliation") == "county" and row["kind"] in ("school", "hospital")
        return "work_unit" if county else row["kind"]

    def table(self, name: str) -> list[Row]:
        return [r for r in self.data.get(name, []) if str(r["year"]) == self.year]

    def incidents(self, unit: str) -> list[Row]:
        found = []
        for row in self.data.get("incidents", []):
            place = row["unit"]
            if row["type"] in PERSONAL:
                place = row.get("responsible_unit") or place
            if row["date"].startswith(self.year) and unit in self.up(place):
                found.append(row)
        return found

    def prohibition(self, unit: str, needed: Part) -> str:
        types, test, least = needed
        answers = [test(r) for r in self.incidents(unit) if r["type"] in types]
        if answers.count("yes") >= least:
            return "failed"
        chain = self.up(unit)
        kept = {r["item"] for r in self.table("ledgers") if r["unit"] in chain}
        if "maybe" in answers or not ("*" in kept or types <= kept):
            return "undetermined"
        return "met"

    def ratio(self, unit: str, kind: str, least: Fraction) -> str:
        inside = [u for u in self.units if u != unit and unit in self.up(u)]
        members = [self.judge(u).status for u in inside if self.kind(u) == kind]
        if not members:
            return "undetermined"
        met, open_ = members.count("met"), members.count("undetermined")
        if Fraction(met, len(members)) >= least:
            return "met"
        return "failed" if Fraction(met + open_, len(members)) < least else "undetermined"

    def poll(self, unit: str, kind: str) -> str:
        row = next((r for r in self.table("polls") if r["unit"] == unit), None)
        if row is None:
            return "undetermined"
        if row.get("result"):
            return str(row["result"])
        limits = [r["max_rank"] for r in self.table("requirements") if r["kind"] == kind]
        if not limits:
            return "undetermined"
        return "met" if int(row["rank"]) <= int(limits[0]) else "failed"

    def judge(self, unit: str) -> Judgement:
        if unit not in self.done:
            kind = self.kind(unit)
            clauses = {
                words: worst([self.prohibition(unit, p) for p in parts])
                for words, parts in LISTS[kind].items()
            }
            for words, members, least in RATIOS.get(kind, []):
                clauses[words] = self.ratio(unit, members, least)
            if kind in SCORES:
                clauses[POLL] = self.poll(unit, kind)
                words, mark = SCORES[kind]
                scores = [Decimal(r["score"]) for r in self.table("scores") if r["unit"] == unit]
                clauses[words] = (
                    "undetermined" if not scores else "met" if scores[0] >= mark else "failed"
                )
            self.done[unit] = Judgement(worst(list(clauses.values())), clauses)
        return self.done[unit]


def judge(data: dict[str, list[Row]], year: int) -> dict[str, Judgement]:
    """Judge every unit but counties."""
    oracle = Oracle(data, year)
    return {u: oracle.judge(u) for u, row in oracle.units.items() if row["kind"] != "county"}
