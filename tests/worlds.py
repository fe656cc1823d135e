"""Random small counties as data dictionaries."""

from __future__ import annotations

import copy
import csv
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pingan_logic import InputError, Policy
from pingan_logic.intake import read_document

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


def random_county(rng: random.Random, year: int = 2014) -> County:  # noqa: C901
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


def crowded_county(rng: random.Random, year: int = 2014) -> County:
    """Return a county with enough units to stand just above, at and just below every share."""
    data: County = {table: [] for table in COLUMNS}

    def add(kind: str, number: int, parent: str) -> list[str]:
        made = [f"{parent}{kind}{n}" for n in range(number)]
        for name in made:
            row = [name, kind, name, parent, ""]
            data["units"].append(dict(zip(COLUMNS["units"], row, strict=True)))
        return made

    (county,) = add("county", 1, "")
    town, plain = add("township", 2, county)
    village, other = add("village", 2, town)
    (compound,) = add("compound", 1, other)
    homes = [add("household", rng.choice([10, 19, 20]), place) for place in (village, plain)]
    buildings = add("building", rng.choice([17, 20, 20]), compound)
    homes += [add("household", 2 + n % 2, b) for n, b in enumerate(buildings)]
    add("enterprise", rng.choice([19, 20, 21]), town)
    everyone = [h for group in homes for h in group]
    gap = rng.choice(["domestic_violence", "pornography"])
    data["ledgers"] = [{"unit": county, "item": t, "year": str(year)} for t in TYPES if t != gap]
    bad = {h for group in homes[:2] for h in rng.sample(group, rng.randint(0, 3))}
    bad |= {group[0] for group in rng.sample(homes[2:], rng.choice([0, 1, 1, 2]))}
    bare = {*rng.sample(everyone, rng.choice([0, 0, 1]))}
    bare |= {h for group in homes[:2] for h in rng.sample(group, rng.choice([0, 1, 1]))}
    for n, home in enumerate(everyone):
        if home in bad:
            row = [f"事{n}", home, "neighbour_dispute", "", f"{year}-05-05", "", ""]
            data["incidents"].append(dict(zip(COLUMNS["incidents"], row, strict=True)))
        if home not in bare:
            data["ledgers"].append({"unit": home, "item": gap, "year": str(year)})
    for n in range(rng.randint(0, 3)):
        row = [f"企{n}", f"{town}enterprise{n}", "pollution", "", f"{year}-05-05", "", ""]
        data["incidents"].append(dict(zip(COLUMNS["incidents"], row, strict=True)))
    return data


def merging_county(rng: random.Random, policy: Policy, year: int = 2014) -> County:
    """Return a county whose villages and compounds merge, close and merge again within the year."""
    data: County = {table: [] for table in COLUMNS}
    rows = [("c", "county", ""), ("t0", "township", "c"), ("t1", "township", "c")]
    rows += [(f"v{n}", "village", f"t{n % 2}") for n in range(5)]
    rows += [(f"k{n}", "compound", f"v{n}") for n in range(5)]
    rows += [(f"h{n}", "household", f"{'vk'[n % 2]}{n // 2}") for n in range(10)]
    for name, kind, parent in rows:
        row = [name, kind, name, parent, ""]
        data["units"].append(dict(zip(COLUMNS["units"], row, strict=True)))
    kinds = ["gambling", "mass_incident", "mass_petition", "criminal_case", "neighbour_dispute"]
    for n in range(9):
        where = rng.choice(rows[3:])[0]
        blamed = rng.choice(["", rng.choice(rows[3:])[0]])
        day = f"{year}-{rng.choice(['01-01', '06-15', '12-31'])}"
        grade, liability = rng.choice(["", "major", "major"]), rng.choice(["", "yes", "yes"])
        happened = [f"事{n}", where, rng.choice(kinds), grade, day, blamed, liability]
        data["incidents"].append(dict(zip(COLUMNS["incidents"], happened, strict=True)))
    kept = rng.sample(rows, 6) if rng.random() < 0.5 else rows[:1]
    data["ledgers"] = [{"unit": u[0], "item": "*", "year": str(year)} for u in kept]
    events = ("merged_into", "merged_into", "merged_into", "closed")
    while True:
        changed = with_register(data, rng, DAYS[:3], events, policy, kinds=("village", "compound"))
        into = {c["unit"]: c["value"] for c in changed["changes"]}
        if any(heir in into for heir in into.values()):
            return changed


def probes(types: Sequence[str] = TYPES, year: int = 2014) -> Iterator[County]:
    """Yield counties with one incident each, of some types and of every grade and liability, at a
    place that answers for it alone; or with none and without the ledger of a type."""
    happens = [("public_security_case", g, "", 1) for g in GRADES]
    happens += [("criminal_case", g, "", 1) for g in GRADES]
    happens += [("medical_accident", g, "", 1) for g in GRADES]
    happens += [("campus_accident", g, x, 1) for g in GRADES for x in ("", "yes", "no")]
    happens += [("mass_incident", g, "yes", 1) for g in ("", "large")]
    happens += [(t, "major", "yes", 1) for t in TYPES if t not in ("campus_accident",)]
    happens += [("property_crime", "", "", n) for n in (1, 2, 3)]
    happens += [
        (t, "", "", n) for t in ("arbitrary_charges", "work_safety_accident") for n in (0, 1)
    ]
    for type_, grade, liability, number in (h for h in happens if h[0] in types):
        places = ["village", "compound"] if type_ == "public_security_case" else ["village"]
        if type_ in ("medical_accident", "arbitrary_charges", "work_safety_accident"):
            places = ["hospital"] if type_ == "medical_accident" else ["school"]
        for place in places:
            data: County = {table: [] for table in COLUMNS}
            rows = [("c", "county", ""), ("t", "township", "c"), ("v", "village", "t"),
                    ("k", "compound", "v"), ("h", "hospital", "t"),
                    ("s", "school", "t")]  # fmt: skip
            rows += [(f"z{n}", "household", "v") for n in range(number)]
            for name, kind, parent in rows:
                row = [name, kind, name, parent, "county" if kind == "school" else ""]
                data["units"].append(dict(zip(COLUMNS["units"], row, strict=True)))
            at = next(u["id"] for u in data["units"] if u["kind"] == place)
            for n in range(number):
                where = f"z{n}" if type_ == "property_crime" else at
                happened = [f"事{n}", where, type_, grade, f"{year}-07-07", "", liability]
                data["incidents"].append(dict(zip(COLUMNS["incidents"], happened, strict=True)))
            kept = ["*"] if number else [t for t in TYPES if t != type_]
            data["ledgers"] = [{"unit": "c", "item": t, "year": str(year)} for t in kept]
            data["scores"] = [{"unit": "s", "year": str(year), "score": "90"}]
            data["polls"] = [{"unit": "s", "year": str(year), "result": "met", "rank": ""}]
            yield data


def with_more(data: County, rng: random.Random, year: int = 2014) -> County:  # noqa: C901
    """Add what few counties have: bodies without a standard, clauses declared not applicable and
    scores, polls and requirements of the year before."""
    data = {**copy.deepcopy(data), "not_applicable": []}
    everyone = [u["id"] for u in data["units"] if u["kind"] in ("county", "township", "village")]
    for n, kind in enumerate(("kindergarten", "clinic", "other_body")):
        if rng.random() < 0.5:
            body = {"id": f"{kind}{n}", "kind": kind, "name": f"所{n}", "affiliation": ""}
            data["units"].append({**body, "parent": rng.choice(["", *everyone])})
            happened = {"id": f"他{n}", "unit": body["id"], "type": rng.choice(TYPES), "grade": ""}
            more = {"date": f"{year}-03-03", "responsible_unit": "", "liability": ""}
            data["incidents"].append({**happened, **more})
    for row in [u for u in data["units"] if u["kind"] == "compound"]:
        if rng.random() < 0.7:
            said = {"unit": row["id"], "clause": "compound_buildings", "reason": "均为独栋"}
            data["not_applicable"].append({**said, "year": rng.choice([year, year, year - 1])})
        if rng.random() < 0.5:
            for u in data["units"]:
                if u["parent"] == row["id"] and u["kind"] == "building":
                    u["parent"] = row["parent"] if row["parent"].startswith("village") else ""
    for row in data["units"]:
        if row["kind"] in ("township", "village", "compound", "building") and rng.random() < 0.3:
            said = {"unit": row["id"], "clause": f"{row['kind']}_households", "year": year}
            data["not_applicable"].append({**said, "reason": "没有住户"})
    for n, kind in enumerate(("school", "hospital")):
        if rng.random() < 0.5:
            body = {"id": f"县{kind}{n}", "kind": kind, "name": "", "affiliation": "county"}
            data["units"].append({**body, "parent": rng.choice(["", *everyone])})
            said = {"unit": body["id"], "year": str(year)}
            data["scores"].append({**said, "score": rng.choice(["89", "90"])})
            data["polls"].append({**said, "result": rng.choice(["met", "failed"]), "rank": ""})
    before = {"year": str(year - 1)}
    units = [u["id"] for u in data["units"] if u["kind"] in ("township", "work_unit", "school")]
    for unit in [u for u in units if rng.random() < 0.4]:
        data["scores"].append({"unit": unit, **before, "score": rng.choice(["70", "99"])})
    for unit in [u for u in units if rng.random() < 0.4]:
        poll = rng.choice([("met", ""), ("failed", ""), ("", "1"), ("", "9")])
        data["polls"].append({"unit": unit, **before, "result": poll[0], "rank": poll[1]})
    for kind in ("township", "work_unit"):
        if rng.random() < 0.5:
            data["requirements"].append({"kind": kind, **before, "max_rank": rng.choice("19")})
    return data


DAYS = ("2013-05-01", "2014-01-01", "2014-12-31", "2015-01-01", "2016-03-03")
EVENTS = ("closed", "renamed", "moved", "merged_into", "merged_into")


def with_register(
    data: County,
    rng: random.Random,
    days: tuple[str, ...],
    events: tuple[str, ...],
    policy: Policy,
    few: int | None = None,
    kinds: Sequence[str] = (),
) -> County:
    """Try random dates and changes one by one, and keep those that are valid: of few units, so that
    one changes several times, or of some kinds."""
    data = {**data, "changes": []}
    chosen = [n for n, u in enumerate(data["units"]) if not kinds or u["kind"] in kinds]
    if few is not None:
        chosen = rng.sample(chosen, min(few, len(chosen)))
    for _ in range(12):
        trial = copy.deepcopy(data)
        unit = trial["units"][rng.choice(chosen)]
        day = rng.choice(days)
        what = rng.choice(events)
        if what in ("opened", "closed"):
            if unit["kind"] == "county":
                continue
            unit[what] = day
        else:
            others = [u["id"] for u in trial["units"]
                      if what != "merged_into" or u["kind"] == unit["kind"]]  # fmt: skip
            value = f"新名{day}" if what == "renamed" else rng.choice(others)
            row = {"unit": unit["id"], "date": day, "change": what, "value": value}
            trial["changes"].append(row)
        try:
            read_document(trial, "data", policy)
        except InputError:
            continue
        data = trial
    return data


def with_incidents(data: County, rng: random.Random, year: int = 2014) -> County:
    """Add incidents by which place, employer and responsible unit are told apart."""
    units = [u["id"] for u in data["units"]]
    types = ["drug_involvement", "drug_involvement", "mass_petition", "gambling", "property_crime"]
    rows = [
        {
            "id": f"加{n}",
            "unit": rng.choice(units),
            "type": rng.choice([*types, rng.choice(TYPES)]),
            "grade": rng.choice(GRADES),
            "date": f"{year}-{rng.choice(['01-01', '02-02', '06-15', '09-09', '12-31'])}",
            "responsible_unit": rng.choice(["", rng.choice(units)]),
            "liability": rng.choice(["", "yes", "no"]),
        }
        for n in range(rng.choice([0, 2, 5]))
    ]
    return {**data, "incidents": [*data["incidents"], *rows]}


def write_csv(data: County, folder: Path) -> None:
    """Write a county as a folder of CSV files."""
    for table, header in COLUMNS.items():
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, header)
            writer.writeheader()
            writer.writerows(data.get(table, []))


def with_copies(data: County, rng: random.Random, most: int = 25) -> County:
    """Copy units with all they contain and all that is said of them, so that many are alike: next
    to the first or in another container, some with a record less."""
    data = copy.deepcopy(data)
    kinds = {u["id"]: u["kind"] for u in data["units"]}
    for _ in range(rng.choice([0, 1, 2, 3])):
        inside: dict[str, list[dict[str, Any]]] = {}
        for u in data["units"]:
            inside.setdefault(u["parent"], []).append(u)
        copied = [rng.choice([u for u in data["units"] if u["kind"] != "county"])]
        for u in copied:  # while it grows
            copied += inside.get(u["id"], ())
        if len(copied) > most:
            continue
        for n in range(rng.choice([1, 2, 4])):
            _copy(data, copied, kinds, f"~{len(data['units'])}.{n}", rng)
    return data


def _copy(
    data: County,
    copied: list[dict[str, Any]],
    kinds: dict[str, str],
    mark: str,
    rng: random.Random,
) -> None:
    new = {u["id"]: u["id"] + mark for u in copied}
    here = copied[0]["parent"]
    there = [u["id"] for u in data["units"] if u["kind"] == kinds.get(here)]
    place = rng.choice(there) if there and rng.random() < 0.5 else here
    exact = rng.random() < 0.7
    for u in copied:
        data["units"].append({**u, "id": new[u["id"]], "parent": new.get(u["parent"], place)})
        kinds[new[u["id"]]] = u["kind"]
    for table in ("ledgers", "scores", "polls", "not_applicable", "changes", "incidents"):
        for row in list(data.get(table, ())):
            if row["unit"] in new and (exact or rng.random() < 0.7):
                more = {"unit": new[row["unit"]]}
                if table == "incidents":
                    blamed = row["responsible_unit"]
                    more |= {"id": row["id"] + mark, "responsible_unit": new.get(blamed, blamed)}
                data[table].append({**row, **more})


def with_more_incidents(data: County, rng: random.Random, year: int = 2014) -> County:
    """Add incidents, several of a sort at some units; one may have the id of a unit."""
    data = copy.deepcopy(data)
    units = [u["id"] for u in data["units"]]
    kinds = ("gambling", "property_crime", "neighbour_dispute", "safety_accident", "criminal_case")
    for n in range(rng.choice([0, 0, 2, 5, 12])):
        when = year if rng.random() < 0.85 else year - 1
        row = [f"多{n}" if rng.random() < 0.97 else units[n % len(units)], rng.choice(units),
               rng.choice(kinds), rng.choice(["", "", "major"]),
               f"{when}-{rng.choice(['01-01', '06-15', '12-31'])}", "",
               rng.choice(["", "", "yes", "no"])]  # fmt: skip
        data["incidents"].append(dict(zip(COLUMNS["incidents"], row, strict=True)))
    return data
