"""Small worlds with known answers, many put together: they kill a mutant in a moment.

The answers come from the cases of the policy and from the oracle, never from the rules themselves.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import partial
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import attrs

from pingan_logic import Facts, PinganError, Policy, evaluate, load_policy
from pingan_logic.audit import audit
from pingan_logic.cases import Case, load_cases, run_case
from pingan_logic.cases.case import Expectation
from pingan_logic.catalogue import Setting
from pingan_logic.intake import read_document
from pingan_logic.lint.run import lint
from pingan_logic.model import CHANGES, TABLES
from tests.agreement import differences, words
from tests.broken import BROKEN, ITEMS, defects
from tests.mutation.forms import form_differences, load_forms
from tests.mutation.measured import defects_of, differences_of, load_measured
from tests.oracle import Oracle, Reading
from tests.policies import linked
from tests.worlds import (
    DAYS,
    EVENTS,
    TYPES,
    County,
    crowded_county,
    merging_county,
    probes,
    random_county,
    with_more,
    with_register,
)

__all__ = [
    "NO_PROGRAM",
    "World",
    "bank",
    "changed_policy",
    "defect_differences",
    "killed",
    "unreadable",
]

YEAR = 2014
IDS = {"id", "unit", "parent", "responsible_unit"}


@dataclass(frozen=True)
class World:
    """Data with a known answer: `check` yields what differs under a policy, which `load` makes of
    a policy folder; `about` is the rule file that it is most likely to find wrong, `files` the only
    ones that it can (none: any)."""

    name: str
    load: Callable[[Path], Policy]
    check: Callable[[Policy], Iterator[str]]
    about: str = ""
    files: frozenset[str] = frozenset()


NO_PROGRAM = "no program"


def unreadable(error: PinganError) -> bool:
    """Whether the solver cannot even read the rules: a syntax error, an unsafe variable."""
    return any("不安全" in p.zh or "语法错误" in p.zh for p in error.problems)


def killed(folder: Path, worlds: Iterable[World], about: str) -> tuple[str, str] | None:
    """Return what finds a policy wrong, and what it says: `load`, or the name of the first world;
    those about the changed file are asked first. A policy that the solver cannot even read (a
    syntax error, an unsafe variable) is `NO_PROGRAM`."""
    policies: dict[Callable[[Path], Policy], Policy] = {}
    name = "load"
    try:
        policies[load_policy] = load_policy(folder)
        for world in sorted(worlds, key=lambda w: (w.about != about, w.about != "")):
            if about and world.files and about not in world.files:
                continue
            name = world.name
            if world.load not in policies:
                policies[world.load] = world.load(folder)
            said = next(world.check(policies[world.load]), None)
            if said is not None:
                return name, said
    except PinganError as error:
        if unreadable(error):
            name = NO_PROGRAM
        return name, error.problems[0].words()
    return None


@contextmanager
def changed_policy(policy: Policy, files: dict[str, str]) -> Iterator[Path]:
    """Make a folder like that of `policy` in which some files have another text."""
    with TemporaryDirectory() as top:
        folder = Path(top) / policy.folder.name
        folder.mkdir()
        for path in policy.folder.iterdir():
            if any(f.startswith(f"{path.name}/") for f in files):
                (folder / path.name).mkdir()
                for inner in path.iterdir():
                    (folder / path.name / inner.name).symlink_to(inner)
            else:
                (folder / path.name).symlink_to(path)
        for name, text in files.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).unlink(missing_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        yield folder


CHECKS = frozenset({"common.lp", "interpretations.lp", "readings.lp", "attainment.lp", "limits.lp"})
"""The files in which a policy checks itself."""
MEASURED = frozenset({"measures.lp", "templates.lp", "limits.lp", "common.lp"})
"""The files that judge what is measured."""
FORMS = frozenset({"alternatives.lp", "lookback.lp", "templates.lp", "common.lp"})
"""The files that judge clauses which look back, or are made of parts."""
SWITCHED = frozenset(
    f"{name}.lp"
    for name in ("common", "interpretations", "register", "vocabulary", "township", "work_unit",
                 "enterprise", "village", "hospital")
)  # fmt: skip
"""The files that a switch can make say something else, and those that these rest on."""


def bank(policy: Policy) -> list[World]:
    """Return the worlds, those that kill most first."""
    return [
        *_counties(policy),
        *_cases(policy),
        World("words", load_policy, words),
        World("oracle", load_policy, _unasked),
        World("oracle", load_policy, _out_of_scope),
        World("check", load_policy, _said_by_check),
        World("titles", load_policy, _titled),
        World("items", _with_items, _item_differences, "limits.lp", frozenset({"limits.lp"})),
        World("measures", load_measured, differences_of, "measures.lp", MEASURED),
        World(
            "wrong measures", load_policy, lambda p: defects_of(p.folder), "measures.lp", MEASURED
        ),
        World("forms", load_forms, form_differences, "lookback.lp", FORMS),
        World("defects", load_policy, defect_differences, files=CHECKS),
        *_readings(policy),
        _other_share(),
        World("lint", load_policy, lint_findings),
        World("audit", load_policy, lambda p: (o.words("zh") for o in audit(p).orphans)),
    ]


LIMITS = {
    "beds": (0, 1_000_000, {"hospital"}),
    "staff": (0, 1_000_000, {"work_unit", "school", "hospital", "kindergarten"}),
    "doors": (5, 250, {"school", "kindergarten"}),
    "placed": (1, 1_000_000, {"village"}),
    "covered": (0, 10_000, {"village"}),
    "guarded": (0, 1, {"compound"}),
    "titled": (1949_01_01, 9999_12_31, {"village"}),
    "stars": (2, 5, {"compound"}),
    **{f"places_{n}": (0, 1_000_000, {"village"}) for n in (1, 3, 4)},
}
"""Least, most and kinds of each of the ITEMS, and of decimals with other places."""


def _with_items(folder: Path) -> Policy:
    more = "".join(f'input(places_{n}, village, decimal({n}), "数", "n").\n' for n in (1, 3, 4))
    (folder / "items.lp").write_text(ITEMS + more, encoding="utf-8")
    try:
        return load_policy(folder)
    finally:
        (folder / "items.lp").unlink()


def _item_differences(policy: Policy) -> Iterator[str]:
    """Yield the items whose limits or kinds are not as they should be."""
    found = {i.id: (i.least, i.most, set(i.kinds)) for i in policy.inputs.values()}
    for item, known in LIMITS.items():
        if found.get(item) != known:
            yield f"{item}: {found.get(item)}, expected {known}"


def lint_findings(policy: Policy) -> Iterator[str]:
    """Yield what the linter says."""
    for finding in lint(policy.folder):
        yield finding.words()


def _unasked(policy: Policy) -> Iterator[str]:
    """Attainment is counted only for a run that asks for it."""
    facts = read_document(random_county(random.Random(1)), "data", policy)
    found = evaluate(facts, policy, YEAR).outcome.attainment
    if found:
        yield f"attainment that nobody asked for: {sorted(found)}"


def _out_of_scope(policy: Policy) -> Iterator[str]:
    """A body that the notice does not name is known, and judged by nothing."""
    data: County = {"units": [{"id": "O", "kind": "other_body"}]}
    result = evaluate(read_document(data, "data", policy), policy, YEAR)
    if list(result) or ("out_of_scope", "O") not in result.notices:
        yield f"a body out of scope: {list(result)}, {result.notices}"


def _said_by_check(policy: Policy) -> Iterator[str]:
    """`check` says the notes on how data is recorded, and no others."""
    maybe = {"criminal_case", "public_security_case", "other_offence", "safety_accident",
             "campus_accident", "school_bus_accident", "work_safety_accident"}  # fmt: skip
    said = {"no_parent", "no_residence", "not_its_container", "responsible_ignored",
            "requirement_unused", *(f"maybe_{t}" for t in maybe)}  # fmt: skip
    if policy.said_by_check != said:
        yield f"said by check: {sorted(policy.said_by_check ^ said)}"


TITLES = {
    "township": "平安乡镇", "work_unit": "平安单位", "enterprise": "平安企业",
    "village": "平安村（社区）", "school": "平安学校", "hospital": "平安医院",
    "compound": "平安小区", "building": "平安楼栋", "household": "平安家庭",
}  # fmt: skip


def _titled(policy: Policy) -> Iterator[str]:
    """Each kind has the title that the notice gives it."""
    if policy.titles != TITLES:
        yield f"titles: {sorted(policy.titles.items() ^ TITLES.items())}"


def defect_differences(policy: Policy) -> Iterator[str]:
    """Yield the wrong policies of which the rules do not report what they should."""
    for name, broken in BROKEN.items():
        found = defects(policy.folder, broken)
        if found != broken.defects:
            yield f"{name}: {sorted(found)}, expected {sorted(broken.defects)}"


def _cases(policy: Policy) -> Iterator[World]:
    """Put the cases of one file, year, day and set of requirements together."""
    groups: dict[Any, list[Case]] = defaultdict(list)
    for case in load_cases(policy.folder / "cases", policy):
        groups[case.file, case.year, case.as_of, case.facts.requirements].append(case)
    for group in sorted(groups.values(), key=len, reverse=True):
        about = f"{Path(group[0].file).stem}.lp"
        yield World("cases", load_policy, partial(_differences, _one(group)), about)


def _differences(case: Case, policy: Policy) -> Iterator[str]:
    for d in run_case(case, policy).differences:
        yield f"{d.what}: {d.actual}, expected {d.expected}"


def _one(cases: list[Case]) -> Case:
    tables: dict[str, list[Any]] = {name: [] for name in TABLES}
    expect: list[Expectation] = []
    programme: list[tuple[str, str, str]] = []
    for n, case in enumerate(cases):
        for name, row_type in TABLES.items():
            ids = [f.name for f in attrs.fields(row_type) if f.metadata["kind"] == "id"]
            for row in getattr(case.facts, name):
                named = [*ids, "value"] if CHANGES.get(getattr(row, "change", "")) == "id" else ids
                own = {i: f"{n}/{getattr(row, i)}" for i in named if getattr(row, i)}
                tables[name].append(attrs.evolve(row, **own))
        for e in case.expect:
            evidence = None if e.evidence is None else tuple(f"{n}/{x}" for x in e.evidence)
            expect.append(attrs.evolve(e, unit=f"{n}/{e.unit}", evidence=evidence))
        programme += case.programme
    tables["requirements"] = list(cases[0].facts.requirements)
    facts = Facts(**{name: tuple(rows) for name, rows in tables.items()})
    return attrs.evolve(
        cases[0], name="", facts=facts, expect=tuple(expect), programme=tuple(programme)
    )


def _counties(policy: Policy) -> Iterator[World]:
    plain = [random_county(random.Random(seed)) for seed in range(24)]
    yield _world("oracle", joined(plain[:4]), policy)
    yield _world("oracle", joined(plain[4:12]), policy)
    changing = [_changing(seed, policy) for seed in range(36)]
    yield _world("oracle", joined(changing[:18]), policy)
    yield _world("oracle", joined(changing[18:27]), policy, day="2014-06-15")
    yield _world("oracle", joined(changing[27:]), policy, day="2014-12-30")
    yield _world("oracle", joined(plain[12:]), policy)
    yield _world("oracle", joined(list(probes())), policy)
    merging = [merging_county(random.Random(seed), policy) for seed in range(12)]
    yield _world("oracle", joined(merging), policy)
    crowded = [crowded_county(random.Random(seed)) for seed in range(10)]
    yield _world("oracle", joined(crowded), policy)
    later = [random_county(random.Random(seed), 2016) for seed in range(3)]
    yield _world("oracle", joined(later), policy, year=2016)
    yield _world("oracle", joined(later), policy, year=2016, day="2016-06-30")


def _changing(seed: int, policy: Policy) -> County:
    rng = random.Random(seed)
    county = with_more(random_county(rng), rng)
    days, events = (*DAYS, "2014-06-30"), ("opened", *EVENTS)
    if seed % 2:
        return with_register(county, rng, days, ("moved", "renamed"), policy, few=3)
    return with_register(county, rng, days, events, policy)


def _readings(policy: Policy) -> Iterator[World]:
    """The open points read another way."""
    case, accident = "public_security_case", "campus_accident"
    medical, theft = "medical_accident", "property_crime"
    bodies = ("arbitrary_charges", "work_safety_accident")
    for n, (switch, value, reading, *types) in enumerate(
        (
            ("major_governs", "no", Reading(major_governs=False), case),
            ("large_case", "major", Reading(large_case=3), case),
            ("large_case", "extreme", Reading(large_case=4), case),
            ("township_accident", "large", Reading(township_accident=2), accident),
            ("large_medical_accident", "major", Reading(large_medical_accident=3), medical),
            ("contained_incidents", "ignore", Reading(contained=False), "mass_incident"),
            ("county_affiliated", "own", Reading(county="own"), *bodies),
            ("county_affiliated", "both", Reading(county="both"), *bodies),
            ("repeated", 1, Reading(repeated=1), theft),
        )
    ):
        settings = (Setting("switch", switch, (value,)),)
        counties = [_changing(100 * n + seed, policy) for seed in range(6)]
        counties += probes(types)

        def load(folder: Path, settings: tuple[Setting, ...] = settings) -> Policy:
            return load_policy(folder, settings)

        world = _world("switches", joined(counties), policy, load=load, reading=reading)
        yield replace(world, files=SWITCHED)
    assigned = (("kindergarten", "school"), ("clinic", "hospital"))
    counties = [_changing(seed, policy) for seed in range(900, 912)]

    def load_assigned(folder: Path) -> Policy:
        rules = "".join(f"assigned({b}, {k}).\n" for b, k in assigned)
        return load_policy(linked(folder, "assigned", rules))

    reading = Reading(assigned=assigned)
    world = _world("switches", joined(counties), policy, load=load_assigned, reading=reading)
    yield replace(world, files=SWITCHED)


def _other_share() -> World:
    """Buildings under another share than all: any mixture of households, told by the fractions."""
    share = Fraction(9, 11)
    wanted = Setting("threshold", "building_households", (9, 11))
    units: list[dict[str, Any]] = []
    kept = [t for t in TYPES if t != "domestic_violence"]
    ledgers, incidents = [], []
    expected = {}
    mixtures = product(range(8), range(4), range(4))
    for met, open_, failed in (m for m in mixtures if sum(m)):
        building = f"B{met}{open_}{failed}"
        units.append({"id": building, "kind": "building"})
        statuses = ["met"] * met + ["undetermined"] * open_ + ["failed"] * failed
        for n, status in enumerate(statuses):
            home = f"{building}-{n}"
            units.append({"id": home, "kind": "household", "parent": building})
            if status == "met":
                ledgers.append({"unit": home, "item": "domestic_violence", "year": YEAR})
            if status == "failed":
                happened = {"unit": home, "type": "neighbour_dispute", "date": f"{YEAR}-05-05"}
                incidents.append({"id": home, **happened})
        ledgers += [{"unit": building, "item": t, "year": YEAR} for t in kept]
        total = len(statuses)
        least, most = Fraction(met, total), Fraction(met + open_, total)
        expected[building] = (
            "met" if least >= share else "failed" if most < share else "undetermined"
        )
    facts = {"units": units, "ledgers": ledgers, "incidents": incidents}

    def load(folder: Path) -> Policy:
        return load_policy(folder, (wanted,))

    def check(changed: Policy) -> Iterator[str]:
        result = evaluate(read_document(facts, "data", changed), changed, YEAR)
        for building, status in expected.items():
            if (found := result.status(building).value) != status:
                yield f"{building}: {found}, expected {status}"

    return World("other share", load, check, files=frozenset({"building.lp"}))


def _world(
    name: str,
    data: County,
    policy: Policy,
    *,
    year: int = YEAR,
    day: str = "",
    load: Callable[[Path], Policy] = load_policy,
    reading: Reading | None = None,
) -> World:
    facts = read_document(data, "data", policy)
    oracle = Oracle(data, year, reading, day)
    as_of = date.fromisoformat(day) if day else None

    def check(changed: Policy) -> Iterator[str]:
        yield from differences(evaluate(facts, changed, year, as_of=as_of, attainment=True), oracle)

    return World(name, load, check)


def joined(counties: list[County]) -> County:
    """Put counties side by side, each with ids of its own, under the requirements of the first."""
    whole: County = defaultdict(list)
    for n, county in enumerate(counties):
        for table, rows in county.items():
            for row in rows:
                ids = IDS | ({"value"} if row.get("change") in ("moved", "merged_into") else set())
                own = {k: f"{n}/{v}" if k in ids and v else v for k, v in row.items()}
                if table != "requirements" or not n:
                    whole[table].append(own)
    return dict(whole)
