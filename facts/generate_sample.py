"""生成虚构的样例县 / writes the synthetic sample county.

全部数据由固定种子生成，纯属虚构，家庭只用编号。Everything is invented from a fixed seed; no real
person, household or place beyond the county's name. Run: `python facts/generate_sample.py [DIR]`.

Three years, 2014 to 2016: rates rise, two villages merge, a firm is renamed and another closes, and
a new compound opens, into which six households move. Rows are only ever added from year to year.
"""

from __future__ import annotations

import csv
import random
import sys
from pathlib import Path

SEED = 2014
YEARS = (2014, 2015, 2016)
COUNTY = "000000"
HEADERS = {
    "units": ["id", "kind", "name", "parent", "affiliation", "opened", "closed"],
    "incidents": ["id", "unit", "type", "grade", "date", "responsible_unit", "liability"],
    "ledgers": ["unit", "item", "year"],
    "scores": ["unit", "year", "score"],
    "polls": ["unit", "year", "result", "rank"],
    "requirements": ["kind", "year", "max_rank"],
    "changes": ["unit", "date", "change", "value"],
}
TOWNSHIPS = ["青竹镇", "白沙洲镇", "杨柳湾乡"]
VILLAGES = [
    *("青竹社区", "石桥村", "荷塘村", "枫树村", "三湾村"),
    *("白沙社区", "沙港村", "芦苇村", "东堤村", "西堤村"),
    *("柳湾社区", "古井村", "茶园村", "望湖村", "新塘村"),
]
COMPOUNDS = ["青竹花园", "荷塘小区", "白沙家园", "滨江小区", "柳湾新城", "湖畔小区"]
BUREAUS = ["水务", "林业", "粮食", "文化", "档案", "气象", "供销", "体育", "统计", "园艺"]
FIRMS = ["纺织", "水产", "米业", "茶业", "建材", "机械", "食品", "印刷", "竹器", "电子",
         "运输", "饲料"]  # fmt: skip
FAMILY_TYPES = ["neighbour_dispute", "domestic_violence", "pornography", "pyramid_selling",
                "other_offence"]  # fmt: skip
ITEMS_OF_V15 = [
    *("criminal_case", "public_security_case", "mass_incident", "mass_petition"),
    *("bypass_petition", "safety_accident", "campus_accident", "school_bus_accident"),
    *("work_safety_accident", "gambling", "drug_involvement", "illegal_religion"),
    *("illegal_fundraising", "wage_arrears", "pollution", "property_crime", "medical_accident"),
    *("domestic_violence", "neighbour_dispute", "pornography", "pyramid_selling"),
    "other_offence",
]
"""Every item but the charges of schools, which leaves a school of V-15 undetermined."""


class County:
    """Collects the rows of every table."""

    def __init__(self) -> None:
        self.rng = random.Random(SEED)
        self.year = YEARS[0]
        self.rows: dict[str, list[list[str]]] = {table: [] for table in HEADERS}
        self.households: dict[str, list[str]] = {}

    def below(self, n: int) -> int:
        """Return a random whole number below n, the same on every Python version."""
        return int(self.rng.random() * n)

    def begin(self, year: int) -> None:
        """Go on to another year, whose random numbers are its own."""
        self.rng = random.Random(SEED * 10_000 + year)
        self.year = year

    def unit(
        self,
        id_: str,
        kind: str,
        name: str,
        parent: str,
        affiliation: str = "",
        opened: str = "",
        closed: str = "",
    ) -> str:
        self.rows["units"].append([id_, kind, name, parent, affiliation, opened, closed])
        return id_

    def change(self, unit: str, day: str, change: str, value: str) -> None:
        self.rows["changes"].append([unit, day, change, value])

    def incident(
        self, unit: str, type_: str, grade: str = "", responsible: str = "", liability: str = ""
    ) -> None:
        number = len(self.rows["incidents"]) + 1
        day = f"{self.year}-{self.below(12) + 1:02d}-{self.below(28) + 1:02d}"
        self.rows["incidents"].append(
            [f"I-{number:03d}", unit, type_, grade, day, responsible, liability]
        )

    def ledger(self, unit: str, item: str = "*") -> None:
        self.rows["ledgers"].append([unit, item, str(self.year)])

    def live_in(self, parent: str, count: int) -> None:
        for _ in range(count):
            number = sum(map(len, self.households.values())) + 1
            home = self.unit(f"H-{number:04d}", "household", f"第{number:04d}户", parent)
            self.households.setdefault(parent, []).append(home)


def build() -> County:
    """Return the county: T-01 met, T-02 failed, T-03 undetermined in each year, the rest mixed."""
    c = County()
    c.unit(COUNTY, "county", "样例县（虚构）", "")
    for n, name in enumerate(TOWNSHIPS, 1):
        c.unit(f"T-{n:02d}", "township", name, COUNTY)
    for n, name in enumerate(VILLAGES, 1):
        c.unit(f"V-{n:02d}", "village", name, f"T-{(n - 1) // 5 + 1:02d}")
    for n, name in enumerate(COMPOUNDS, 1):
        c.unit(
            f"C-{n:02d}",
            "compound",
            name,
            "V-14" if n == 6 else f"V-{(n - 1) // 2 * 5 + n % 2 + 1:02d}",
        )
    for n in range(1, 19):
        compound = (n - 1) // 3 + 1
        c.unit(f"B-{n:02d}", "building", f"{COMPOUNDS[compound - 1]}{(n - 1) % 3 + 1}栋",
               f"C-{compound:02d}")  # fmt: skip
        c.live_in(f"B-{n:02d}", 40 if n == 12 else 12 + c.below(9))
    for n in range(1, 16):
        c.live_in(f"V-{n:02d}", 26 + c.below(12))
    c.live_in("C-06", 6)
    for n, name in enumerate(BUREAUS, 1):
        c.unit(f"W-{n:02d}", "work_unit", f"县{name}办公室", COUNTY)
    for n, name in enumerate(FIRMS, 1):
        c.unit(f"E-{n:02d}", "enterprise", f"{name}厂", f"V-{n + 2:02d}",
               closed="2015-11-30" if n == 8 else "")  # fmt: skip
    for n in range(1, 9):
        c.unit(f"S-{n:02d}", "school", f"{VILLAGES[n * 2 - 2][:2]}学校", f"V-{n * 2 - 1:02d}")
    c.unit("S-09", "school", "县第一中学", COUNTY, "county")
    for n in range(1, 4):
        c.unit(f"Y-{n:02d}", "hospital", f"{TOWNSHIPS[n - 1]}卫生院", f"T-{n:02d}", "township")
    c.unit("Y-04", "hospital", "柳湾中心医院", "V-14", "township")
    c.unit("Y-05", "hospital", "县人民医院", COUNTY, "county")
    _records(c)
    _incidents(c)
    _register(c)
    c.begin(2015)
    _later_records(c)
    _incidents_of_2015(c)
    c.begin(2016)
    _later_records(c)
    _incidents_of_2016(c)
    return c


def _records(c: County) -> None:
    """Write the ledgers, scores and polls of the first year."""
    for unit in ("T-01", "T-02", "V-11", "V-12", "V-13", "Y-03", "S-09", "Y-05"):
        c.ledger(unit)
    scored = [("T-01", "88.5"), ("T-02", "84.99"), ("T-03", "86"), ("S-09", "92"), ("Y-05", "90")]
    for n in range(1, 11):
        if n != 9:
            c.ledger(f"W-{n:02d}")
        scored.append((f"W-{n:02d}", "89.75" if n == 3 else f"{90 + c.below(8)}"))
    _scores(c, scored)


def _incidents(c: County) -> None:
    for unit in c.households["B-12"][4:29:6]:
        c.incident(unit, FAMILY_TYPES[c.below(2)])
    for parent, count in (("V-02", 2), ("V-04", 3), ("V-08", 5), ("B-05", 1), ("V-12", 2)):
        for unit in c.households[parent][:count]:
            c.incident(unit, FAMILY_TYPES[c.below(5)])
    c.incident(c.households["V-07"][3], "gambling")
    c.incident(c.households["V-09"][0], "drug_involvement")
    c.incident("V-13", "public_security_case")
    c.incident("V-10", "property_crime")
    c.incident("V-10", "property_crime")
    c.incident("V-03", "property_crime")
    c.incident("E-03", "wage_arrears")
    c.incident("E-05", "work_safety_accident", "minor", "", "yes")
    c.incident("S-04", "arbitrary_charges")
    c.incident("Y-02", "medical_accident", "large", "", "yes")
    c.incident("Y-01", "medical_accident", "minor", "", "yes")
    c.incident("V-06", "mass_petition", "", "W-04")
    c.incident("V-08", "bypass_petition", "", "T-02")
    c.incident("E-06", "safety_accident", "", "", "")
    c.incident("W-06", "criminal_case", "minor")


def _scores(c: County, scored: list[tuple[str, str]]) -> None:
    """Write the scores, the polls (ranked in the same order) and what ranks are required."""
    for rank, (unit, score) in enumerate(scored, 1):
        c.rows["scores"].append([unit, str(c.year), score])
        if unit != "W-10":
            result, place = ("met", "") if unit in ("S-09", "Y-05") else ("", str(rank))
            c.rows["polls"].append([unit, str(c.year), result, place])
    c.rows["requirements"].append(["township", str(c.year), "3"])
    c.rows["requirements"].append(["work_unit", str(c.year), "14"])


def _register(c: County) -> None:
    """What changes after 2014, each with its day."""
    c.change("V-05", "2015-07-01", "merged_into", "V-04")
    c.change("V-04", "2015-07-01", "renamed", "枫湾村")
    c.change("E-07", "2016-05-10", "renamed", "湖湾食品有限公司")
    c.unit("C-07", "compound", "荷塘新苑", "V-03", opened="2016-03-01")
    for n in (19, 20):
        c.unit(f"B-{n}", "building", f"荷塘新苑{n - 18}栋", "C-07")
        c.live_in(f"B-{n}", 14)
    for home in c.households["V-03"][:6]:
        c.change(home, "2016-03-01", "moved", "B-19")


def _later_records(c: County) -> None:
    """Write the ledgers, scores and polls of 2015 or 2016: more ledgers, better scores."""
    last = c.year == YEARS[-1]
    for unit in ("T-01", "T-02", "V-11", "V-12", "V-13", "Y-03", "S-09", "Y-05"):
        c.ledger(unit)
    for item in ITEMS_OF_V15 if last else ():
        c.ledger("V-15", item)
    for n in range(1, 11):
        if last or n != 9:
            c.ledger(f"W-{n:02d}")
    scored = [("T-01", "91" if last else "89.5"), ("T-02", "84.99" if last else "83.5"),
              ("T-03", "87.5"), ("S-09", "93"), ("Y-05", "91")]  # fmt: skip
    scored += [
        (f"W-{n:02d}", "90.5" if n == 3 and last else f"{90 + c.below(8)}") for n in range(1, 11)
    ]
    _scores(c, scored)


def _incidents_of_2015(c: County) -> None:
    for unit in c.households["B-12"][4:24:5]:
        c.incident(unit, FAMILY_TYPES[c.below(2)])
    for parent, count in (("V-02", 1), ("V-05", 2), ("V-08", 4), ("B-05", 1), ("V-12", 1)):
        for unit in c.households[parent][:count]:
            c.incident(unit, FAMILY_TYPES[c.below(5)])
    c.incident(c.households["V-09"][0], "drug_involvement")
    c.incident("V-10", "property_crime")
    c.incident("E-05", "work_safety_accident", "minor", "", "yes")
    c.incident("S-04", "arbitrary_charges")
    c.incident("Y-02", "medical_accident", "large", "", "yes")
    c.incident("V-08", "bypass_petition", "", "T-02")
    c.incident("V-06", "mass_petition", "", "W-04")
    c.incident("W-06", "criminal_case", "minor")


def _incidents_of_2016(c: County) -> None:
    for unit in c.households["B-12"][4:29:6]:
        c.incident(unit, FAMILY_TYPES[c.below(2)])
    for parent, count in (("V-02", 1), ("V-04", 2), ("V-08", 4), ("V-12", 1)):
        for unit in c.households[parent][:count]:
            c.incident(unit, FAMILY_TYPES[c.below(5)])
    c.incident("V-10", "property_crime")
    c.incident("E-10", "public_security_case")
    c.incident("E-05", "work_safety_accident", "minor", "", "yes")
    c.incident("S-05", "arbitrary_charges")
    c.incident("Y-02", "medical_accident", "large", "", "yes")
    c.incident("Y-01", "medical_accident", "minor", "", "yes")
    c.incident("W-06", "public_security_case", "large")


def main(folder: Path) -> None:
    """Write the county into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for table, rows in build().rows.items():
        with (folder / f"{table}.csv").open("w", encoding="utf-8-sig", newline="") as out:
            writer = csv.writer(out, lineterminator="\n")
            writer.writerow(HEADERS[table])
            writer.writerows(rows)


if __name__ == "__main__":
    default = Path(__file__).resolve().parent / "sample-county"
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else default)
