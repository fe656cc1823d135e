"""Random small counties as data dictionaries."""

from __future__ import annotations

import csv
import random
from pathlib import Path
from typing import Any

TYPES = [
    *("criminal_case", "public_security_case", "mass_incident", "mass_petition"),
    *("bypass_petition", "safety_accident", "campus_accident", "school_bus_accident"),
    *("work_safety_accident", "gambling", "drug_involvement", "illegal_religion"),
    *("illegal_fundraising", "wage_arrears", "pollution", "property_crime", "medical_accident"),
    *("arbitrary_charges", "domestic_violence", "neighbour_dispute", "pornography"),
    *("pyramid_selling", "other_offence"),
]
GRADES = ["", "minor", "large", "major", "extreme"]
COLUMNS = {
    "units": ["id", "kind", "name", "parent", "affiliation"],
    "incidents": ["id", "unit", "type", "grade", "date", "responsible_unit", "liability"],
    "ledgers": ["unit", "item", "year"],
    "scores": ["unit", "year", "score"],
    "polls": ["unit", "year", "result", "rank"],
    "requirements": ["kind", "year", "max_rank"],
}
County = dict[str, list[dict[str, Any]]]


def random_county(rng: random.Random, year: int = 2014) -> County:
    """Return a valid small county with every kind of gap and boundary in it."""
    data: County = {table: [] for table in COLUMNS}
    ids: dict[str, list[str]] = {}

    def add(kind: str, *parents: str, affiliation: str = "") -> None:
        places = [i for p in parents for i in ids.get(p, [])]
        if parents and not places:
            return
        made = ids.setdefault(kind, [])
        name = f"{kind}{len(made)}"
        if rng.random() < 0.3:
            name = f"单位-{name}"
        made.append(name)
        parent = rng.choice(places) if places and rng.random() > 0.03 else ""
        row = [name, kind, f"名{len(data['units'])}", parent, affiliation]
        data["units"].append(dict(zip(COLUMNS["units"], row, strict=True)))

    def several(most: int, kind: str, *parents: str) -> None:
        for _ in range(rng.randint(0, most)):
            county = kind in ("school", "hospital") and rng.random() < 0.3
            add(kind, *parents, affiliation="county" if county else rng.choice(["", "township"])
                if kind in ("school", "hospital") else "")  # fmt: skip

    add("county")
    for _ in range(rng.randint(1, 2)):
        add("township", "county")
    several(3, "village", "township")
    several(2, "compound", "village", "township")
    several(3, "building", "compound", "village")
    several(14, "household", "building", "building", "compound", "village", "township")
    several(2, "work_unit", "county")
    for kind in ("enterprise", "school", "hospital"):
        several(2, kind, "village", "township", "building", "county")

    everyone = [u["id"] for u in data["units"]]
    ledgers = [] if rng.random() < 0.3 else [[rng.choice(everyone[:3]), "*", year]]
    for _ in range(rng.randint(0, 5)):
        item = "*" if rng.random() < 0.6 else rng.choice(TYPES)
        when = year if rng.random() < 0.8 else year - 1
        ledgers.append([rng.choice(everyone), item, when])
    if rng.random() < 0.2:
        gap = rng.choice(TYPES)
        ledgers = [[everyone[0], t, year] for t in TYPES if t != gap]
    for unit, item, when in ledgers:
        row = dict(zip(COLUMNS["ledgers"], (unit, item, str(when)), strict=True))
        data["ledgers"].append(row)
    for n in range(rng.choice([0, 0, 1, 2, 3, 6])):
        when = year if rng.random() < 0.85 else year - 1
        day = f"{when}-{rng.choice(['01-01', '06-15', '12-31'])}"
        row2 = [f"事{n}", rng.choice(everyone), rng.choice(TYPES), rng.choice(GRADES), day,
                rng.choice(["", "", rng.choice(everyone)]),
                rng.choice(["", "yes", "no"])]  # fmt: skip
        data["incidents"].append(dict(zip(COLUMNS["incidents"], row2, strict=True)))
    for unit in data["units"]:
        kind = unit["kind"]
        scored = kind in ("township", "work_unit") or unit["affiliation"] == "county"
        if rng.random() < (0.85 if scored else 0.05):
            score = rng.choice(["84.99", "85", "85.00", "88", "89.99", "90", "90.5", "95"])
            data["scores"].append({"unit": unit["id"], "year": str(year), "score": score})
        if rng.random() < (0.85 if scored else 0.05):
            by_rank = rng.random() < 0.5
            result = "" if by_rank else rng.choice(["met", "met", "failed"])
            rank = str(rng.randint(1, 6)) if by_rank else ""
            data["polls"].append(
                {"unit": unit["id"], "year": str(year), "result": result, "rank": rank}
            )
    for kind in ("township", "work_unit", "school"):
        if rng.random() < 0.7:
            limit = str(rng.randint(2, 6))
            data["requirements"].append({"kind": kind, "year": str(year), "max_rank": limit})
    return data


def write_csv(data: County, folder: Path) -> None:
    """Write a county as a folder of CSV files."""
    for table, header in COLUMNS.items():
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, header)
            writer.writeheader()
            writer.writerows(data.get(table, []))
