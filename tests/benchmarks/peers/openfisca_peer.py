"""The nine standards as OpenFisca variables. `python -m ... FOLDER [VERDICTS]`.

The person entity of the model is the unit, of whatever kind; the group entities are the containers,
of which a unit is a member or which it is itself. One variable for each prohibition, ratio, score,
poll and verdict. Polars reads the files and counts each unit's incidents by what they may break,
which is the input that a simulation takes; ledgers are sets of items kept in an integer.
"""

from __future__ import annotations

import os
import sys
from functools import reduce
from typing import Any

os.environ.setdefault("POLARS_MAX_THREADS", "2")

import numpy as np
import polars as pl
from openfisca_core.entities import build_entity
from openfisca_core.parameters import ParameterNode
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from tests.benchmarks.peers import standards
from tests.benchmarks.peers.standards import KINDS, RULES, YEAR, Rule

FAILED, OPEN, MET = 1, 2, 3
NAMES = ("", "failed", "undetermined", "met")
CONTAINERS = ("building", "compound", "village", "township")
GROUPS = (*CONTAINERS, "county")
NO_POLL, POLLED_MET, POLLED_FAILED, RANKED = range(4)

UNIT = build_entity("unit", "units", "单位", is_person=True)
ENTITIES = {
    kind: build_entity(
        kind, f"{kind}_groups", kind,
        roles=[{"key": f"{kind}_itself", "max": 1}, {"key": f"{kind}_member"}],
    )
    for kind in GROUPS
}  # fmt: skip


def proven_of(rule: Rule) -> str:
    """Name the input that counts the incidents which break `rule`."""
    return f"{rule.type}_{rule.grade}_{'liable' if rule.liable else 'any'}"


def possible_of(rule: Rule) -> str:
    """Name the input that counts the incidents which may break `rule`."""
    return f"{proven_of(rule)}_unknown"


def worst(statuses: list[Any]) -> Any:
    """Return the worst status of each unit."""
    return reduce(np.minimum, statuses)


def share(total: Any, met: Any, open_: Any, percent: int) -> Any:
    """Return the status of a ratio."""
    total, met, open_ = (counts.astype(np.int64) for counts in (total, met, open_))
    conditions = [total == 0, met * 100 >= total * percent, (met + open_) * 100 < total * percent]
    return np.select(conditions, [OPEN, MET, FAILED], OPEN)


def itself(kind: str) -> Any:
    """Return the role of the unit that a group is."""
    return getattr(ENTITIES[kind], f"{kind}_itself".upper())


def _prohibition(rule: Rule) -> Any:
    def at_unit(unit: Any, period: Any) -> Any:
        broken = unit(proven_of(rule), period) >= rule.times
        unknown = unit(possible_of(rule), period) > 0 if rule.grade else False
        return np.where(broken, FAILED, np.where(unknown, OPEN, MET))

    def inside(group: Any, period: Any) -> Any:
        broken = group.sum(group.members(proven_of(rule), period)) >= rule.times
        unknown = group.sum(group.members(possible_of(rule), period)) > 0 if rule.grade else False
        return np.where(broken, FAILED, np.where(unknown, OPEN, MET))

    return inside if rule.kind in CONTAINERS else at_unit


def _recorded(unit: Any, period: Any) -> Any:
    held = unit("ledgers", period)
    for kind in GROUPS:
        held = held | getattr(unit, kind)(f"{kind}_ledgers", period)
    return held


def _own_ledgers(kind: str) -> Any:
    def formula(group: Any, period: Any) -> Any:
        return group.value_from_person(group.members("ledgers", period), itself(kind))

    return formula


def _coverage(kind: str) -> Any:
    needed = standards.needed(kind)

    def formula(population: Any, period: Any) -> Any:
        if kind in CONTAINERS:
            members = population.members("recorded", period)
            held = population.value_from_person(members, itself(kind))
        else:
            held = population("recorded", period)
        return np.where((held & needed) == needed, MET, OPEN)

    return formula


def _share_of(members: str) -> Any:
    def formula(group: Any, period: Any, parameters: Any) -> Any:
        judged = group.members("standard", period) == KINDS.index(members)
        status = np.where(judged, group.members(f"{members}_status", period), 0)
        percent = int(parameters(period).shares[f"{group.entity.key}_{members}s"])
        total, met, open_ = (group.sum(one) for one in (judged, status == MET, status == OPEN))
        result = share(total, met, open_, percent)
        if members == "building":
            declared = group.value_from_person(
                group.members("declared", period), itself("compound")
            )
            result = np.where((total == 0) & declared, MET, result)
        return result

    return formula


def _status_of_building(unit: Any, period: Any) -> Any:
    """Return the status of the building that a unit is; of what it sits in, for other units."""
    return unit.building("building_verdict", period)


def _score(kind: str) -> Any:
    def formula(population: Any, period: Any, parameters: Any) -> Any:
        points = _of_itself(population, kind, "points", period)
        mark = parameters(period).pass_marks[kind]
        return np.select([points < 0, points < mark], [OPEN, FAILED], MET)

    return formula


def _poll(kind: str) -> Any:
    def formula(population: Any, period: Any, parameters: Any) -> Any:
        poll = _of_itself(population, kind, "poll", period)
        rank = _of_itself(population, kind, "poll_rank", period)
        limit = parameters(period).max_rank[kind]
        ranked = OPEN if limit == 0 else np.where(rank <= limit, MET, FAILED)
        cases = [poll == POLLED_MET, poll == POLLED_FAILED, poll == RANKED]
        return np.select(cases, [MET, FAILED, ranked], OPEN)

    return formula


def _of_itself(population: Any, kind: str, variable: str, period: Any) -> Any:
    if kind in CONTAINERS:
        return population.value_from_person(population.members(variable, period), itself(kind))
    return population(variable, period)


def _verdict(parts: list[str]) -> Any:
    def formula(population: Any, period: Any) -> Any:
        return worst([population(part, period) for part in parts])

    return formula


class System(TaxBenefitSystem):
    """The notice as a tax and benefit system."""

    def __init__(self, max_rank: dict[str, int]) -> None:
        super().__init__([UNIT, *ENTITIES.values()])
        shares = {f"{k}_households": n for k, n in standards.HOUSEHOLD_SHARES.items()}
        shares["compound_buildings"] = standards.BUILDING_SHARE
        tables = {"shares": shares, "pass_marks": standards.PASS_MARKS, "max_rank": max_rank}
        self.parameters = ParameterNode(
            "",
            data={
                table: {k: {"values": {f"{YEAR}-01-01": n}} for k, n in values.items()}
                for table, values in tables.items()
            },
        )
        for name in ("standard", "ledgers", "points", "poll", "poll_rank"):
            self.variable(name, UNIT)
        self.variable("declared", UNIT, value_type=bool)
        for name in INPUTS:
            self.variable(name, UNIT)
        self.variable("recorded", UNIT, _recorded)
        for kind in GROUPS:
            self.variable(f"{kind}_ledgers", ENTITIES[kind], _own_ledgers(kind))
        for kind in KINDS:
            self.standard(kind)
        self.variable(
            "household_status", UNIT, lambda unit, period: unit("household_verdict", period)
        )
        self.variable("building_status", UNIT, _status_of_building)

    def standard(self, kind: str) -> None:
        """Add the clauses and the verdict of the standard for `kind`."""
        entity = ENTITIES.get(kind, UNIT)
        parts = {f"{kind}_no_{r.type}": _prohibition(r) for r in RULES if r.kind == kind}
        parts[f"{kind}_coverage"] = _coverage(kind)
        if kind in standards.HOUSEHOLD_SHARES:
            parts[f"{kind}_households"] = _share_of("household")
        if kind == "compound":
            parts[f"{kind}_buildings"] = _share_of("building")
        if kind in standards.PASS_MARKS:
            parts[f"{kind}_score"] = _score(kind)
            parts[f"{kind}_poll"] = _poll(kind)
        for name, formula in parts.items():
            self.variable(name, entity, formula)
        self.variable(f"{kind}_verdict", entity, _verdict(list(parts)))

    def variable(self, name: str, entity: Any, formula: Any = None, value_type: type = int) -> None:
        """Add an input, or a variable that `formula` computes."""
        body = {"value_type": value_type, "entity": entity, "definition_period": DateUnit.YEAR}
        if formula is not None:
            body["formula"] = formula
        self.add_variable(type(name, (Variable,), body))


INPUTS = {
    name: (rule, proven)
    for rule in RULES
    for name, proven in ((proven_of(rule), True), (possible_of(rule), False))
    if proven or rule.grade
}


class County:
    """The files of a county as arrays over its units."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.units = self.table("units").with_row_index("n")
        self.count = self.units.height
        self.index = self.units.select("id", "n")
        above = self.units.join(
            self.index, left_on="parent", right_on="id", how="left", maintain_order="left"
        )
        self.parent = above["n_right"].fill_null(self.count).to_numpy().astype(np.int64)
        self.kind = self.units["kind"].to_numpy()
        self.ids = self.units["id"].to_numpy()

    def table(self, name: str) -> pl.DataFrame:
        return pl.read_csv(f"{self.folder}/{name}.csv", infer_schema=False)

    def of_year(self, name: str) -> pl.DataFrame:
        rows = self.table(name).filter(pl.col("year") == YEAR)
        return (
            rows.join(self.index, left_on="unit", right_on="id") if "unit" in rows.columns else rows
        )

    def standard(self) -> Any:
        """Return the number of the standard of each unit, or -1."""
        numbers = {kind: n for n, kind in enumerate(KINDS)}
        kind = (
            pl.when(pl.col("affiliation") == "county")
            .then(pl.lit("work_unit"))
            .otherwise(pl.col("kind"))
        )
        named = self.units.select(kind.replace_strict(numbers, default=-1, return_dtype=pl.Int32))
        return named.to_series().to_numpy()

    def groups(self, kind: str) -> tuple[Any, Any, Any]:
        """Return the units that are groups of `kind`, each unit's group (0: none) and its role."""
        own = np.flatnonzero(self.kind == kind)
        group = np.zeros(self.count + 1, dtype=np.int64)
        group[own] = np.arange(1, len(own) + 1)
        for _ in GROUPS:
            outside = group[:-1] == 0
            group[:-1][outside] = group[self.parent[outside]]
        role = np.ones(self.count, dtype=np.int64)
        role[own] = 0
        return own, group[:-1], role

    def filled(self, values: pl.DataFrame, column: str, default: int = 0) -> Any:
        result = np.full(self.count, default, dtype=np.int32)
        result[values["n"].to_numpy()] = values[column].to_numpy()
        return result

    def incidents(self) -> dict[str, Any]:
        """Return the number of incidents of the year at each unit, by what they may break."""
        responsible = pl.col("type").is_in(standards.BY_RESPONSIBLE_UNIT)
        also = pl.col("type").is_in(standards.ALSO_BY_RESPONSIBLE_UNIT)
        grades = {grade: n for n, grade in enumerate(standards.GRADES) if n}
        rows = (
            self.table("incidents").filter(pl.col("date").str.starts_with(YEAR))
            .with_columns(
                id=pl.when(responsible)
                .then(pl.concat_list(pl.coalesce("responsible_unit", "unit")))
                .when(also & pl.col("responsible_unit").is_not_null())
                .then(pl.concat_list("unit", "responsible_unit"))
                .otherwise(pl.concat_list("unit")),
                level=pl.col("grade").replace_strict(grades, default=0, return_dtype=pl.Int32),
                liability=pl.col("liability").fill_null(""),
            )
            .explode("id").drop("unit").join(self.index, on="id", suffix="_unit")
        )  # fmt: skip
        place, type_ = rows["n"].to_numpy(), rows["type"].to_numpy()
        level, liability = rows["level"].to_numpy(), rows["liability"].to_numpy()
        found = {}
        for name, (rule, proven) in INPUTS.items():
            chosen = type_ == rule.type
            breaks = (level >= rule.grade) & (~np.bool_(rule.liable) | (liability == "yes"))
            if proven:
                chosen = chosen & breaks
            else:
                possible = (level == 0) | (level >= rule.grade)
                chosen = (
                    chosen & possible & ~breaks & (~np.bool_(rule.liable) | (liability != "no"))
                )
            found[name] = np.bincount(place[chosen], minlength=self.count).astype(np.int32)
        return found

    def inputs(self) -> dict[str, Any]:
        """Return the input variables of a simulation."""
        items = {item: standards.bit(item) for item in ("*", *standards.ITEMS)}
        bits = pl.col("item").replace_strict(items, return_dtype=pl.Int64)
        ledgers = (
            self.of_year("ledgers")
            .with_columns(bits=bits)
            .group_by("n")
            .agg(pl.col("bits").bitwise_or())
        )
        points = (pl.col("score").cast(pl.Decimal(9, 2)) * 100).cast(pl.Int32)
        polls = self.of_year("polls").with_columns(
            poll=pl.col("result").replace_strict(
                {"met": POLLED_MET, "failed": POLLED_FAILED}, default=RANKED, return_dtype=pl.Int32
            ),
            rank=pl.col("rank").cast(pl.Int32).fill_null(0),
        )
        declared = self.of_year("not_applicable").filter(pl.col("clause") == "compound_buildings")
        return {
            "standard": self.standard(),
            "ledgers": self.filled(ledgers, "bits"),
            "points": self.filled(self.of_year("scores").with_columns(points=points), "points", -1),
            "poll": self.filled(polls, "poll", NO_POLL),
            "poll_rank": self.filled(polls, "rank"),
            "declared": self.filled(declared.with_columns(yes=1), "yes").astype(bool),
            **self.incidents(),
        }

    def max_rank(self) -> dict[str, int]:
        """Return the worst rank that is good enough, by kind; 0 where none is required."""
        rows = self.of_year("requirements")
        known = dict(zip(rows["kind"], rows["max_rank"], strict=True))
        return {kind: int(known.get(kind, 0)) for kind in standards.PASS_MARKS}


def main(folder: str, verdicts: str | None = None) -> None:
    """Judge the county in `folder` and report the counts; write every verdict if asked to."""
    county = County(folder)
    system = System(county.max_rank())
    builder = SimulationBuilder()
    builder.create_entities(system)
    builder.declare_person_entity("unit", np.arange(county.count))
    judged = county.standard()
    place: dict[str, Any] = {}
    for kind in GROUPS:
        own, group, role = county.groups(kind)
        population = builder.declare_entity(kind, np.arange(len(own) + 1))
        population.members_entity_id = group
        population.members_role = np.array(population.entity.flattened_roles)[role]
        place[kind] = own
    simulation = builder.build(system)
    for name, values in county.inputs().items():
        simulation.set_input(name, YEAR, values)
    counts, rows = [], []
    for number, kind in enumerate(KINDS):
        status = simulation.calculate(f"{kind}_verdict", YEAR)
        units = place.get(kind)
        if units is None:
            units = np.flatnonzero(judged == number)
            status = status[units]
        else:
            status = status[1:]
        for code, count in enumerate(np.bincount(status)):
            if count:
                counts.append((kind, NAMES[code], int(count)))
        if verdicts is not None:
            ids = county.ids[units]
            rows += [f"{u},{kind},{NAMES[s]}\n" for u, s in zip(ids, status, strict=True)]
    standards.report(counts)
    if verdicts is not None:
        with open(verdicts, "w", encoding="utf-8") as file:
            file.writelines(sorted(rows))


if __name__ == "__main__":
    main(*sys.argv[1:])
