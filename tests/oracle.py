"""An independent plain-Python reading of the notice; shares no table or code with the rules.

It reads sections 三 (the nine standards), 二 and 四 (targets, bodies, accountability), the register
(which units exist on a day) and the open points that can be switched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

Row = dict[str, Any]
ACCIDENTS = {"safety_accident", "campus_accident", "school_bus_accident", "work_safety_accident"}
PETITIONS = {"mass_petition", "bypass_petition"}
LEVEL = {"": 0, "minor": 1, "large": 2, "major": 3, "extreme": 4}


@dataclass
class Said:
    """What is said of one clause at a unit.

    `evidence` are the incidents that prove the status of an item, with those below its limit, the
    holders of the ledgers of one that is met, or the members that have the status of a ratio;
    `missing` are the items without a ledger; `share` counts met, undetermined and all; `measured`
    is the number of incidents, the score, the poll result or the rank, `limit` the worst rank
    still good enough.
    """

    status: str
    evidence: frozenset[str] = frozenset()
    missing: frozenset[str] = frozenset()
    share: tuple[int, int, int] | None = None
    measured: str | None = None
    limit: str | None = None


@dataclass
class Judgement:
    """Status of a unit and of every clause, by standard and the clause's words."""

    status: str
    standards: dict[str, str] = field(default_factory=dict)
    clauses: dict[tuple[str, str], Said] = field(default_factory=dict)


@dataclass(frozen=True)
class Reading:
    """How the open points are read: grades as numbers, county bodies as work_unit, own or both;
    `moved` says whether containers on the day of an incident count (place_then) or those of the end
    (with_unit); `assigned` are kinds judged by the standard for another."""

    major_governs: bool = True
    large_case: int = 2
    township_accident: int = 3
    large_medical_accident: int = 2
    contained: bool = True
    moved: str = "place_then"
    county: str = "work_unit"
    repeated: int = 2
    assigned: tuple[tuple[str, str], ...] = ()


def plain(row: Row) -> str:
    """Any such incident counts."""
    return "yes"


def graded(least: int) -> Callable[[Row], str]:
    """Only incidents of at least this grade count; an ungraded one may."""

    def test(row: Row) -> str:
        level = LEVEL[row.get("grade") or ""]
        return "maybe" if level == 0 else "yes" if level >= least else "no"

    return test


def liable(least: int) -> Callable[[Row], str]:
    """Only incidents of at least this grade count, and only with liability established."""

    def test(row: Row) -> str:
        blame = {"yes": "yes", "no": "no"}.get(row.get("liability") or "", "maybe")
        answers = [graded(least)(row), blame]
        return "no" if "no" in answers else "maybe" if "maybe" in answers else "yes"

    return test


Part = tuple[set[str], Callable[[Row], str], int]


def part(*types: str, test: Callable[[Row], str] = plain, least: int = 1) -> Part:
    return set(types), test, least


MASS = {
    "无群体性事件": [part("mass_incident")],
    "无群体性上访和越级上访": [part("mass_petition"), part("bypass_petition")],
}
ANY = {"无刑事案件和治安案件": [part("criminal_case"), part("public_security_case")]}
SAFE = {"无安全事故": [part(*ACCIDENTS)]}
BET = {"无地下“六合彩”等赌博活动": [part("gambling")]}
DRUG = {"无涉毒人员": [part("drug_involvement")]}
CULT = {"无非法宗教活动": [part("illegal_religion")]}
COMMON = {**MASS, **SAFE, **BET, **DRUG, **CULT}


def lists(reading: Reading) -> dict[str, dict[str, list[Part]]]:
    """Return the items of every standard under a reading of the open points."""
    big = graded(reading.large_case)
    cases = {"无刑事案件和大的治安案件": [part("criminal_case"),
                                          part("public_security_case", test=big)]}  # fmt: skip
    petty = graded(3) if reading.major_governs else plain
    accident = liable(reading.township_accident)
    medical = graded(reading.large_medical_accident)
    return {
        "township": {
            "无重大刑事案件和治安案件": [
                part("criminal_case", test=graded(3)),
                part("public_security_case", test=petty),
            ],
            **MASS,
            "无重大安全责任事故": [part(*ACCIDENTS, test=accident)],
        },
        "work_unit": {**cases, **COMMON},
        "enterprise": {
            **cases,
            **MASS,
            "无安全生产事故": [part("work_safety_accident")],
            "无非法集资及拖欠民工工资问题": [part("illegal_fundraising"), part("wage_arrears")],
            "无环境污染事件": [part("pollution")],
            **DRUG,
            **CULT,
        },
        "village": {
            **cases,
            **COMMON,
            "无屡发性侵财性案件": [part("property_crime", least=reading.repeated)],
        },
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
            **cases,
            **COMMON,
            "无大的医疗责任事故": [part("medical_accident", test=medical)],
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
DECLARED = {
    ("township", "辖区内平安家庭户数达90%以上"): "township_households",
    ("village", "辖区内平安家庭户数达90%以上"): "village_households",
    ("compound", "平安楼栋达95%以上"): "compound_buildings",
    ("compound", "平安家庭户数达98%以上"): "compound_households",
    ("building", "平安家庭户数达100%"): "building_households",
}
CASES = {"criminal_case", "public_security_case"}
MATTERS = {
    "property_crime": CASES,
    "other_offence": CASES,
    **{case: {"other_offence"} for case in CASES},
    **{a: ACCIDENTS - {a} for a in ACCIDENTS},
}
POLL = "全年综治民调排名达到上级要求"


def worst(statuses: list[str]) -> str:
    """Failed before undetermined before met."""
    return next((s for s in ("failed", "undetermined") if s in statuses), "met")


TARGETS = {
    **dict.fromkeys(("township", "work_unit", "hospital", "school"), Fraction(1)),
    **dict.fromkeys(("village", "enterprise", "building", "household"), Fraction(95, 100)),
    "compound": None,
}
SERIOUS = {
    *("criminal_case", "public_security_case", "mass_incident", "mass_petition"),
    *("bypass_petition", *ACCIDENTS),
}
COUNTY, TOWN = "county_leading_group", "township_government"
BODIES = {
    **{k: {"assesses": COUNTY, "awards": COUNTY} for k in ("township", "work_unit", "enterprise")},
    **{
        k: {"assesses": TOWN, "forwards": TOWN, "recognises": COUNTY, "awards": COUNTY}
        for k in ("village", "school", "hospital")
    },
    **{k: {"assesses": TOWN, "awards": TOWN} for k in ("compound", "building", "household")},
}
ROSTERS = {"assesses": {"met", "failed", "undetermined"}, "forwards": {"met"},
           "recognises": {"met"}, "awards": {"met"}}  # fmt: skip
PLACES = {"county", "township", "village", "compound", "building"}
SITS_IN = {
    "township": {"county"},
    "village": {"county", "township"},
    "compound": {"village", "township"},
    "building": {"compound", "village"},
    "household": {"building", "compound", "village", "township"},
    **dict.fromkeys(("work_unit", "enterprise", "school", "hospital"), PLACES),
    **dict.fromkeys(("kindergarten", "clinic", "other_body"), PLACES),
}
NEEDS_PARENT = {"village", "compound", "building", "household", "school", "hospital"}


class Oracle:
    """Judges one data dictionary for one year, up to a day, unit by unit on demand."""

    def __init__(
        self, data: dict[str, list[Row]], year: int, reading: Reading | None = None, day: str = ""
    ) -> None:
        self.reading = reading or Reading()
        self.year = str(year)
        self.last = f"{year}-12-31"
        self.day = day or self.last
        self.data, self.gone = flattened(data, self.day)
        self.raw = data
        self.registers: dict[str, Register] = {}
        self.units = {u["id"]: u for u in self.data["units"]}
        self.lists = lists(self.reading)
        self.done: dict[str, Judgement] = {}
        self.excused: set[tuple[str, str]] = set()
        self.below: dict[str, list[str]] = {}
        for u in self.units:
            for above in self.up(u)[1:]:
                self.below.setdefault(above, []).append(u)

    def up(self, unit: str) -> list[str]:
        chain = []
        while unit:
            chain.append(unit)
            unit = self.units[unit].get("parent") or ""
        return chain

    def standards(self, unit: str) -> list[str]:
        row = self.units[unit]
        own = [row["kind"], *(k for b, k in self.reading.assigned if b == row["kind"])]
        own = [k for k in own if k in self.lists]
        if row.get("affiliation") == "county":
            return {"own": own, "work_unit": ["work_unit"], "both": [*own, "work_unit"]}[
                self.reading.county
            ]
        return own

    def table(self, name: str) -> list[Row]:
        return [r for r in self.data.get(name, []) if str(r["year"]) == self.year]

    @cached_property
    def current(self) -> list[Row]:
        rows = self.raw.get("incidents", [])
        return [r for r in rows if r["date"].startswith(self.year) and r["date"] <= self.day]

    @cached_property
    def counted(self) -> dict[str, list[Row]]:
        """The incidents of the year by the units for which they count, each once."""
        found: dict[str, dict[str, Row]] = {}
        for row in self.current:
            own, around = self.concerned(row, self.reading.moved)
            for unit in own | (around if self.reading.contained else set()):
                if unit in self.units:
                    found.setdefault(unit, {})[row["id"]] = row
        return {unit: list(rows.values()) for unit, rows in found.items()}

    def concerned(self, row: Row, moved: str) -> tuple[set[str], set[str]]:
        """Return the units that answer for an incident themselves, and the containers."""
        named = [row["unit"]]
        if row.get("responsible_unit"):
            if row["type"] in PETITIONS:
                named = [row["responsible_unit"]]
            elif row["type"] == "drug_involvement":
                named.append(row["responsible_unit"])
        own, around = set(), set()
        now = self.register(self.day)
        for unit in named:
            own.add(now.successor(unit))
            then = self.register(row["date"] if moved == "place_then" else self.day)
            chain = then.containers(then.successor(unit))
            around |= {now.successor(above) for above in chain}
        return own, around

    def register(self, day: str) -> Register:
        """The register of a day."""
        if day not in self.registers:
            self.registers[day] = Register(self.raw, day)
        return self.registers[day]

    @cached_property
    def kept(self) -> set[tuple[str, str]]:
        """The completed ledgers of the year: unit and item."""
        return {(r["unit"], r["item"]) for r in self.table("ledgers")} if self.over else set()

    def prohibition(self, unit: str, needed: Part) -> Said:
        types, test, least = needed
        rows = [(r["id"], test(r)) for r in self.counted.get(unit, []) if r["type"] in types]
        certain = frozenset(i for i, answer in rows if answer == "yes")
        chain = self.up(unit)
        holders = {t: [u for u in chain if {(u, t), (u, "*")} & self.kept] for t in types}
        missing = frozenset(t for t, found in holders.items() if not found)
        number = str(len(certain))
        if len(certain) >= least:
            return Said("failed", certain, missing, measured=number)
        possible = frozenset(i for i, answer in rows if answer == "maybe")
        if possible or missing:
            number = f"≥{number}" if missing else f"0..{len(possible)}"
            return Said("undetermined", possible | certain, missing, measured=number)
        holding = frozenset(found[0] for found in holders.values())
        return Said("met", holding | certain, measured=number)

    @property
    def over(self) -> bool:
        return self.day >= self.last

    def item(self, unit: str, parts: list[Part]) -> Said:
        said = [self.prohibition(unit, p) for p in parts]
        if len(said) == 1:
            return said[0]
        status = worst([s.status for s in said])
        deciding = [s for s in said if s.status == status]
        return Said(
            status,
            frozenset().union(*(s.evidence for s in deciding)),
            frozenset().union(*(s.missing for s in deciding)),
        )

    def ratio(self, unit: str, here: str, kind: str, words: str, least: Fraction) -> Said:
        inside = [u for u in self.below.get(unit, []) if kind in self.standards(u)]
        members = [self.judge(u).standards[kind] for u in inside]
        met, open_ = members.count("met"), members.count("undetermined")
        share = (met, open_, len(members))
        if not members:
            rows = self.table("not_applicable")
            if any((r["unit"], r["clause"]) == (unit, DECLARED[here, words]) for r in rows):
                self.excused.add((unit, DECLARED[here, words]))
                return Said("met")
            return Said("undetermined", share=share)
        most = Fraction(met + open_, len(members))
        status = "undetermined" if most >= least else "failed"
        if Fraction(met, len(members)) >= least:
            status = "met"
        deciding = {u for u in inside if self.judge(u).standards[kind] == status}
        return Said(status, frozenset(deciding), share=share)

    def poll(self, unit: str, kind: str) -> Said:
        row = next((r for r in self.table("polls") if r["unit"] == unit), None)
        if row is None:
            return Said("undetermined")
        if row.get("result"):
            return Said(row["result"], measured=row["result"])
        limits = [r["max_rank"] for r in self.table("requirements") if r["kind"] == kind]
        if not limits:
            return Said("undetermined", measured=row["rank"])
        status = "met" if int(row["rank"]) <= int(limits[0]) else "failed"
        return Said(status, measured=row["rank"], limit=limits[0])

    def score(self, unit: str, mark: Decimal) -> Said:
        scores = [Decimal(r["score"]) for r in self.table("scores") if r["unit"] == unit]
        if not scores:
            return Said("undetermined")
        return Said("met" if scores[0] >= mark else "failed", measured=f"{scores[0].normalize():f}")

    def standard(self, unit: str, kind: str) -> dict[tuple[str, str], Said]:
        said = {(kind, w): self.item(unit, parts) for w, parts in self.lists[kind].items()}
        for words, members, least in RATIOS.get(kind, []):
            said[kind, words] = self.ratio(unit, kind, members, words, least)
        if kind in SCORES:
            said[kind, POLL] = self.poll(unit, kind)
            words, mark = SCORES[kind]
            said[kind, words] = self.score(unit, mark)
        return said

    def judge(self, unit: str) -> Judgement:
        if unit not in self.done:
            here = Judgement("")
            for kind in self.standards(unit):
                said = self.standard(unit, kind)
                here.clauses |= said
                here.standards[kind] = worst([s.status for s in said.values()])
            here.status = worst(list(here.standards.values()))
            self.done[unit] = here
        return self.done[unit]

    @cached_property
    def everyone(self) -> dict[str, Judgement]:
        """Judge every unit that has a standard."""
        return {u: self.judge(u) for u in self.units if self.standards(u)}

    @cached_property
    def attainment(self) -> dict[tuple[str, str], tuple[int, int, int, int, str]]:
        """Return met, undetermined, all, how many short, and what follows, by kind and scope."""
        found = {}
        towns = [u for u, row in self.units.items() if row["kind"] == "township"]
        judged = self.everyone
        for scope in ("", *towns):
            units = self.below.get(scope, []) if scope else list(self.units)
            for kind in self.lists:
                said = [judged[u].standards[kind] for u in units
                        if u in judged and kind in judged[u].standards]  # fmt: skip
                met, open_ = said.count("met"), said.count("undetermined")
                target, short = TARGETS[kind], 0
                if target is not None:
                    short = max(0, -(-len(said) * target.numerator // target.denominator) - met)
                if not said:
                    result = "no_units"
                elif target is None:
                    result = "no_target"
                elif not short:
                    result = "proven_met"
                else:
                    most = Fraction(met + open_, len(said))
                    result = "proven_missed" if most < target else "open"
                found[kind, scope] = (met, open_, len(said), short, result)
        return found

    @cached_property
    def accountable(self) -> dict[str, set[str]]:
        """Return by unit the serious incidents for which liability is established."""
        found: dict[str, set[str]] = {}
        for row in self.current:
            if row["type"] in SERIOUS and liable(3)(row) == "yes":
                unit = row.get("responsible_unit") or row["unit"]
                found.setdefault(self.register(self.day).successor(unit), set()).add(row["id"])
        return found

    @cached_property
    def rosters(self) -> dict[tuple[str, str | None, str, str], set[str]]:
        """Return the units of each body, township, role and kind."""
        found: dict[tuple[str, str | None, str, str], set[str]] = {}
        for unit, here in self.everyone.items():
            towns = [u for u in self.up(unit) if self.units[u]["kind"] == "township"]
            for kind, status in here.standards.items():
                for role, body in BODIES[kind].items():
                    if role == "assesses" or status == "met":
                        office = None if body == COUNTY else towns[0] if towns else ""
                        found.setdefault((body, office, role, kind), set()).add(unit)
        return found

    @cached_property
    def notices(self) -> set[tuple[str, str]]:
        """Return what the run must point out: nothing is ignored in silence."""
        found = set()
        judged = self.everyone
        answered = {
            row["id"]
            for unit, here in judged.items()
            for row in self.counted.get(unit, [])
            if any(
                row["type"] in types
                for kind in here.standards
                for parts in self.lists[kind].values()
                for types, _, _ in parts
            )
        }
        for row in self.current:
            if row["id"] not in answered:
                found.add(("counts_for_none", row["id"]))
            found |= {(name, row["id"]) for name in self.about(row)}
        for table, name in (("scores", "score_ignored"), ("polls", "poll_ignored")):
            for row in self.table(table):
                if not set(SCORES) & set(self.standards(row["unit"])):
                    found.add((name, row["unit"]))
        for unit, row in self.units.items():
            if unit not in judged and row["kind"] != "county":
                found.add(("out_of_scope", unit))
            if row["kind"] in NEEDS_PARENT and not row.get("parent"):
                found.add(("no_parent", unit))
            above = row.get("parent")
            if row["kind"] == "work_unit" and above and self.units[above]["kind"] != "county":
                found.add(("not_its_container", unit))
        declared = {(r["unit"], r["clause"]) for r in self.raw.get("not_applicable", [])
                    if str(r["year"]) == self.year}  # fmt: skip
        found |= {("declared_in_vain", u) for u, _ in declared - self.excused}
        for row in self.table("requirements"):
            users = [u for u in judged if row["kind"] in self.standards(u)]
            if row["kind"] not in SCORES or not users:
                found.add(("requirement_unused", row["kind"]))
        found |= set(self.headings())
        return found | {("not_standing", u) for u in self.ended()}

    def about(self, row: Row) -> Iterator[str]:
        """Yield what is to be said of an incident of the year, by how it is recorded."""
        blamed = row.get("responsible_unit")
        if row["type"] in PETITIONS:
            if not blamed:
                yield "petition_by_place"
        elif row["type"] == "drug_involvement":
            here = next(u["kind"] for u in self.raw["units"] if u["id"] == row["unit"])
            if here != "household" and row["unit"] != blamed:
                yield "no_residence"
        elif blamed:
            yield "responsible_ignored"
        if self.reading.contained:
            own, then = self.concerned(row, "place_then")
            now = self.concerned(row, "with_unit")[1]
            if any(self.asks(unit, row["type"]) for unit in (then ^ now) - own):
                yield "moved_incident"

    def headings(self) -> Iterator[tuple[str, str]]:
        """Yield the units that pass over how an incident is recorded and not how it may be too."""
        for unit, rows in self.counted.items():
            for row in rows:
                for other in MATTERS.get(row["type"], ()):
                    here = [
                        {t for parts in self.lists[k].values() for p in parts for t in p[0]}
                        for k in self.standards(unit)
                    ]
                    twice = any(
                        (r["type"], r["unit"], r["date"]) == (other, row["unit"], row["date"])
                        for r in self.raw["incidents"]
                    )
                    if not twice and any(other in k and row["type"] not in k for k in here):
                        yield f"maybe_{other}", unit

    def asks(self, unit: str, type_: str) -> bool:
        """Whether a standard of a unit has an item about incidents of a type."""
        if unit not in self.units:
            return False
        parts = [p for k in self.standards(unit) for i in self.lists[k].values() for p in i]
        return any(type_ in types for types, _, _ in parts)

    def ended(self) -> set[str]:
        """Return the units that ended in the year, or do not exist and yet have records of it."""
        found = {u["id"] for u in self.raw["units"]
                 if self.year <= (u.get("closed") or "") <= self.day}  # fmt: skip
        for c in self.raw.get("changes", []):
            if c["change"] == "merged_into" and self.year <= c["date"] <= self.day:
                found.add(c["unit"])
        for table in ("ledgers", "scores", "polls"):
            rows = self.raw.get(table, [])
            found |= {r["unit"] for r in rows if str(r["year"]) == self.year} & self.gone
        return found


class Register:
    """The units as they stand on a day: which exist, what they have merged into, where they are."""

    def __init__(self, data: dict[str, list[Row]], day: str) -> None:
        units = {u["id"]: u for u in data["units"]}
        known = sorted(
            (c for c in data.get("changes", []) if c["date"] <= day), key=lambda c: c["date"]
        )
        self.into = {c["unit"]: c["value"] for c in known if c["change"] == "merged_into"}
        self.names = {u: row.get("name", "") for u, row in units.items()}
        self.home = {u: row.get("parent") or "" for u, row in units.items()}
        for c in known:
            if c["change"] == "moved":
                self.home[c["unit"]] = c["value"]
            elif c["change"] == "renamed":
                self.names[c["unit"]] = c["value"]

        def unborn(unit: str) -> bool:
            above = units[unit].get("parent")
            return bool((units[unit].get("opened") or "") > day or (above and unborn(above)))

        closed = {u for u, row in units.items() if "" < (row.get("closed") or "") <= day}
        self.gone = frozenset(u for u in units if unborn(u) or u in self.into or u in closed)

    def successor(self, unit: str) -> str:
        """The unit, or what it has merged into at last."""
        while unit in self.into:
            unit = self.into[unit]
        return unit

    def standing(self, unit: str) -> str:
        """The unit if it exists; else its successor or the container that takes its place."""
        while unit in self.gone:
            unit = self.into.get(unit) or self.home[unit]
        return unit

    def containers(self, unit: str) -> list[str]:
        """What contains a unit, or a closed one did, from the inside out."""
        found = []
        while unit := self.standing(self.home[unit]):
            found.append(unit)
        return found


def flattened(data: dict[str, list[Row]], day: str) -> tuple[dict[str, list[Row]], frozenset[str]]:
    """Return the county as it stands on a day, undated, with incidents where their units stand on
    it; and the units that do not exist on it."""
    there = Register(data, day)
    units = {u["id"]: u for u in data["units"]}
    flat = {t: [dict(r) for r in rows] for t, rows in data.items() if t != "changes"}
    flat["units"] = [
        {
            **{k: units[u].get(k, "") for k in ("id", "kind", "affiliation")},
            "name": there.names[u],
            "parent": there.standing(there.home[u]),
        }
        for u in units
        if u not in there.gone
    ]
    flat["incidents"] = []
    for row in data.get("incidents", []):
        said = row.get("responsible_unit") or ""
        blamed = there.standing(said) if said else ""
        place = there.standing(row["unit"])
        if place and (blamed or not said or row["type"] not in PETITIONS):
            flat["incidents"].append({**row, "unit": place, "responsible_unit": blamed})
        elif blamed and row["type"] in {*PETITIONS, "drug_involvement"}:
            flat["incidents"].append({**row, "unit": blamed, "responsible_unit": blamed})
    for table in ("ledgers", "scores", "polls", "not_applicable"):
        flat[table] = [r for r in flat.get(table, []) if r["unit"] not in there.gone]
    return flat, there.gone
