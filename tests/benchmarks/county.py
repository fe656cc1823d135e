"""A synthetic county of any size, written as a folder of CSV files: the data of every benchmark.

Run `python -m tests.benchmarks.county HOUSEHOLDS FOLDER [SEED]`. The same size and seed give the
same files. Everything is invented; units bear codes.

At 220,000 households there are 17 townships, 480 villages, 400 compounds, 3,000 buildings and about
1,400 schools, hospitals, enterprises and other bodies. A village in three is quiet (few petty
incidents, ratios reach their thresholds), every third township is troubled (the rare types happen
there only); in all, 3 incidents to 100 units, of every type, some ungraded, some of last year.
Ledgers are kept by villages and townships, and some are missing. No unit moves, merges or closes.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

YEAR = 2014
COUNTY = "000000"
PER_VILLAGE, PER_BUILDING, PER_COMPOUND, PER_TOWNSHIP = 458, 73, 550, 28
FAMILY_TYPES = ("domestic_violence", "neighbour_dispute", "pornography", "pyramid_selling")
PLACE_TYPES = ("gambling", "drug_involvement", "illegal_religion", "other_offence")
CASE_TYPES = ("criminal_case", "public_security_case", "property_crime", "safety_accident")
BODY_TYPES = (
    *("work_safety_accident", "campus_accident", "school_bus_accident", "medical_accident"),
    *("illegal_fundraising", "wage_arrears", "pollution", "arbitrary_charges"),
)
RARE_TYPES = ("mass_incident", "mass_petition", "bypass_petition")
ITEMS = (*FAMILY_TYPES, *PLACE_TYPES, *CASE_TYPES, *BODY_TYPES, *RARE_TYPES)
TOWNSHIP_ITEMS = (
    *("criminal_case", "public_security_case", *RARE_TYPES, "safety_accident"),
    *("work_safety_accident", "campus_accident", "school_bus_accident"),
)
BODIES = {"school": 0.5, "enterprise": 1.6, "work_unit": 0.3, "hospital": 0.15, "clinic": 0.4}
"""How many bodies of a kind there are to one village."""
BODIES_WITH_INCIDENTS = ("enterprise", "school", "hospital", "work_unit")


class _Village(NamedTuple):
    """A village and the places in it at which something can happen."""

    id: str
    number: int
    township: int
    households: range
    places: list[str]


def write_county(households: int, folder: Path, seed: int = 1) -> None:
    """Write a county into `folder`, a village at a time, so that memory grows with the villages.

    An even seed leaves out the requirement for work-unit polls.
    """
    _Writer(households, folder, seed).write()


class _Writer:
    def __init__(self, households: int, folder: Path, seed: int) -> None:
        self.households, self.folder, self.seed = households, folder, seed
        self.rng = random.Random(f"{seed} {households}")
        self.village_count = max(6, round(households / PER_VILLAGE))
        self.township_count = max(3, round(self.village_count / PER_TOWNSHIP))
        self.villages: list[_Village] = []
        self.bodies: dict[str, list[str]] = {kind: [] for kind in BODIES}
        self.troubled: set[str] = set()
        self.county_bodies: list[str] = []
        self.compounds: list[tuple[str, bool]] = []
        self.unit_count = 0
        self.incident_count = 0

    def write(self) -> None:
        self.table("units", "id,kind,name,parent,affiliation", self.units())
        header = "id,unit,type,grade,date,responsible_unit,liability"
        self.table("incidents", header, self.incidents())
        self.table("ledgers", "unit,item,year", self.ledgers())
        self.table("scores", "unit,year,score", self.scores())
        self.table("polls", "unit,year,result,rank", self.polls())
        ranks = {"township": max(2, self.township_count - 2), "work_unit": 40}
        required = [f"{k},{YEAR},{n}" for k, n in ranks.items() if k == "township" or self.seed % 2]
        self.table("requirements", "kind,year,max_rank", required)
        bare = [c for c, empty in self.compounds if empty]
        declared = [f"{c},compound_buildings,{YEAR},没有楼栋" for c in bare[::2]]
        in_vain = [
            f"{c},compound_buildings,{YEAR},误报" for c, empty in self.compounds if not empty
        ]
        self.table("not_applicable", "unit,clause,year,reason", [*declared, *in_vain[:3]])

    def table(self, name: str, header: str, rows: Iterable[str]) -> None:
        with (self.folder / f"{name}.csv").open("w", encoding="utf-8-sig", newline="") as file:
            file.write(header + "\n")
            file.writelines(f"{row}\n" for row in rows)

    def units(self) -> Iterator[str]:
        yield f"{COUNTY},county,{COUNTY},,"
        for n in range(self.township_count):
            yield f"T-{n},township,T-{n},{COUNTY},"
        shares = [self.rng.uniform(0.7, 1.3) for _ in range(self.village_count)]
        scale, first, part = self.households / sum(shares), 0, 0.0
        self.building_count = 0
        for n, share in enumerate(shares):
            part += share
            last = self.households if n == self.village_count - 1 else round(part * scale)
            yield from self.village(n, range(first, last))
            first = last
        for kind, ratio in BODIES.items():
            for n in range(max(4, round(self.village_count * ratio))):
                yield self.body(kind, n)
        self.unit_count = (
            1 + self.township_count + self.village_count + len(self.compounds)
            + self.building_count + self.households + sum(map(len, self.bodies.values()))
        )  # fmt: skip

    def village(self, number: int, households: range) -> Iterator[str]:
        """Yield a village, its compounds and buildings (in three of five), and its households."""
        rng = self.rng
        village, township = f"V-{number}", number % self.township_count
        # 个别社区直属县;一个小区直属乡镇
        above = COUNTY if number % 97 == 96 else f"T-{township}"
        yield f"{village},village,{village},{above},"
        places: list[str] = []
        seats: list[str] = []
        if number % 5 < 3:
            compounds = max(1, round(len(households) / PER_COMPOUND / 0.6 + rng.uniform(-0.5, 0.5)))
            names = [f"C-{len(self.compounds) + n}" for n in range(compounds)]
            seats = [name for n, name in enumerate(names) if n or number % 11 != 1]
            for name in names:
                self.compounds.append((name, name not in seats))
                yield f"{name},compound,{name},{village if number % 50 else f'T-{township}'},"
            built = max(1, round(len(households) / PER_BUILDING / 0.6))
            for n in range(built):
                name = f"B-{self.building_count + n}"
                places.append(name)
                yield f"{name},building,{name},{([*seats, village])[n % (len(seats) + 1)]},"
            self.building_count += built
            places += names
            seats = names
        lived_in = places[: len(places) - len(seats)]
        if len(lived_in) > 8:
            # 新建楼栋尚无住户
            lived_in = lived_in[:-1]
        start = households.start
        cut = start + (len(households) * 9 // 10 if lived_in else 0)
        loose = cut + (len(households) // 20 if seats else 0)
        size = -(-(cut - start) // len(lived_in)) if lived_in else 1
        for i, place in enumerate(lived_in):
            stop = min(start + (i + 1) * size, cut)
            for n in range(start + i * size, stop):
                yield f"H-{n},household,H-{n},{place},"
        for n in range(cut, loose):
            yield f"H-{n},household,H-{n},{seats[n % len(seats)]},"
        for n in range(loose, households.stop):
            seat = village if n % 301 else f"T-{township}" if n % 903 else ""
            yield f"H-{n},household,H-{n},{seat},"
        self.villages.append(_Village(village, number, township, households, places))

    def body(self, kind: str, number: int) -> str:
        name = f"{kind[0].upper()}{kind[1]}-{number}"
        self.bodies[kind].append(name)
        village = self.rng.choice(self.villages)
        if kind == "work_unit" or village.township % 3 == 0:
            self.troubled.add(name)
        affiliation = ""
        if kind == "work_unit" or number % 7 == 6:
            parent = COUNTY
        elif kind == "enterprise" and number % 3 == 2 and village.places:
            parent = self.rng.choice(village.places)
        else:
            parent = village.id if number % 2 else f"T-{village.township}"
        if kind in ("school", "hospital"):
            affiliation = ("", "township", "", "county")[number % 4]
        if affiliation == "county" or kind == "work_unit":
            self.county_bodies.append(name)
        return f"{name},{kind},{name},{parent},{affiliation}"

    def incidents(self) -> Iterator[str]:
        """Yield the incidents: by villages, by bodies, and a few at townships and the county."""
        rng = self.rng
        levels = [self.level(v) for v in self.villages]
        weights = [
            len(village.households) * (1, 3, 8)[level]
            for village, level in zip(self.villages, levels, strict=True)
        ]
        total = self.unit_count * 3 // 100
        types = (
            (*FAMILY_TYPES * 8, "gambling", "property_crime"),
            (*FAMILY_TYPES * 6, *PLACE_TYPES * 3, *CASE_TYPES),
            (*FAMILY_TYPES * 4, *PLACE_TYPES * 4, *CASE_TYPES * 4),
        )
        for number in rng.choices(range(len(self.villages)), weights, k=total * 19 // 20):
            village, level = self.villages[number], levels[number]
            type_ = rng.choice(types[level])
            if level == 2 and rng.random() < 0.01:
                type_ = rng.choice(RARE_TYPES)
            if type_ in RARE_TYPES or not village.households or rng.random() < 0.05:
                place = rng.choice([village.id, *village.places])
            else:
                place = f"H-{rng.choice(village.households)}"
            yield self.incident(place, type_, troubled=level == 2)
        for _ in range(max(20, total // 20)):
            kind = rng.choice(BODIES_WITH_INCIDENTS)
            place = rng.choice(self.bodies[kind])
            type_ = rng.choice((*BODY_TYPES * 3, *CASE_TYPES, *PLACE_TYPES))
            yield self.incident(place, type_, troubled=place in self.troubled)
        for n in range(0, self.township_count, 3):
            type_ = rng.choice(("public_security_case", "safety_accident"))
            yield self.incident(f"T-{n}", type_, troubled=True)
        clinics = [c for c in self.bodies["clinic"] if c in self.troubled]
        for type_ in ITEMS:
            yield self.incident(rng.choice(clinics or ["T-0"]), type_, troubled=True)
        yield self.incident(COUNTY, "mass_petition", troubled=True)

    def level(self, village: _Village) -> int:
        """Return 0 for a quiet village, 2 for one in a troubled township, else 1."""
        if village.number // self.township_count % 3 == 0:
            return 0
        return 2 if village.township % 3 == 0 else 1

    def incident(self, unit: str, type_: str, *, troubled: bool) -> str:
        """Return one incident; only in a troubled place is it ungraded, major or petitioned."""
        rng = self.rng
        self.incident_count += 1
        grade = liability = responsible = ""
        if type_ in CASE_TYPES or type_ in BODY_TYPES:
            grades = ("", "minor", "minor", "large", "major") if troubled else ("minor", "large")
            grade = rng.choice(grades)
        if type_.endswith("_accident"):
            grade = "extreme" if troubled and rng.random() < 0.05 else grade
            liability = rng.choice(("", "no", "no", "yes"))
        if type_ in RARE_TYPES and rng.random() < 0.7:
            kind = "work_unit" if rng.random() < 0.7 else "school"
            bodies = [b for b in self.bodies[kind] if b in self.troubled] or [unit]
            responsible = rng.choice(bodies)
        elif rng.random() < 0.03:
            responsible = rng.choice(self.villages).id
        year = YEAR - (rng.random() < 0.05)
        date = f"{year}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
        return f"I-{self.incident_count},{unit},{type_},{grade},{date},{responsible},{liability}"

    def ledgers(self) -> Iterator[str]:
        rng = self.rng
        yield f"{COUNTY},pornography,{YEAR}"
        for n in range(self.township_count):
            if n % 6 == 5:
                yield f"T-{n},*,{YEAR}"
            elif n % 6 != 4:
                yield from (f"T-{n},{item},{YEAR}" for item in TOWNSHIP_ITEMS)
        for village in self.villages:
            luck = rng.random()
            if luck < 0.85:
                yield f"{village.id},*,{YEAR}"
                continue
            yield f"{village.id},*,{YEAR - 1}"
            if luck < 0.95:
                missing = rng.sample(ITEMS, 3)
                yield from (f"{village.id},{i},{YEAR}" for i in ITEMS if i not in missing)
            else:
                yield from (f"{place},*,{YEAR}" for place in village.places[::2])
            held = rng.sample(village.households, len(village.households) // 100)
            yield from (f"H-{n},{rng.choice(('*', 'gambling'))},{YEAR}" for n in held)
        for names in self.bodies.values():
            for name in names:
                if rng.random() < 0.8:
                    yield f"{name},*,{YEAR}"
                else:
                    yield f"{name},{rng.choice(ITEMS)},{YEAR}"

    def scores(self) -> Iterator[str]:
        points = ("84.99", "85", "85.01", "89.99", "90", "90.5", "93", "97.25")
        judged = [f"T-{n}" for n in range(self.township_count)] + self.county_bodies
        for n, unit in enumerate(judged):
            yield f"{unit},{YEAR - 1},80"
            if n % 9 != 8:
                yield f"{unit},{YEAR},{self.rng.choice(points)}"
        # 村没有考评得分:多余的得分不用
        yield f"V-0,{YEAR},60"

    def polls(self) -> Iterator[str]:
        for n in range(self.township_count):
            yield f"T-{n},{YEAR},,{n + 1}"
        for n, unit in enumerate(self.county_bodies):
            yield f"{unit},{YEAR - 1},failed,"
            if n % 8 != 7:
                won = f"{unit},{YEAR},{self.rng.choice(('met', 'met', 'met', 'failed'))},"
                yield won if n % 4 else f"{unit},{YEAR},,{self.rng.randint(1, 50)}"


if __name__ == "__main__":
    target = Path(sys.argv[2])
    target.mkdir(parents=True, exist_ok=True)
    write_county(int(sys.argv[1]), target, *map(int, sys.argv[3:]))
