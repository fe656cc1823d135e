"""Counterexamples judged again by `evaluate`: what a search says of them must be what it says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Set
from itertools import chain
from typing import Any

from attrs import frozen

from pingan_logic.catalogue import Policy
from pingan_logic.errors import PolicyError, Problem
from pingan_logic.evaluation import evaluate
from pingan_logic.model import TABLES, Facts
from pingan_logic.questions.worlds import Atoms, facts_of_world, unit_names
from pingan_logic.solving.worlds import Found

__all__ = ["World", "replayed", "subjects_of", "term_words"]

_NOTE = "查找反例时的假设"
Status = tuple[str, str, str, tuple[str, ...], tuple[str, ...]]
"""Unit, kind of standard, status, failed clauses, undetermined clauses."""


@frozen
class World:
    """A replayed world: the data, how to run it and what it shows.

    `refused` says why the rules refuse to judge this world at all.
    """

    facts: Facts
    year: int
    as_of: str | None
    subjects: tuple[str, ...]
    statuses: tuple[Status, ...]
    refused: tuple[Problem, ...] = ()


def term_words(term: Any, units: Mapping[Any, str] | None = None) -> str:
    """Return a term as it is written, with the ids of units."""
    if units and term in units:
        return units[term]
    if isinstance(term, tuple):
        return f"{term[0]}({','.join(term_words(t, units) for t in term[1:])})"
    return str(term)


def subjects_of(found: Found) -> tuple[str, ...]:
    """Return the units, clauses or kinds that refute a claim, by name."""
    units = unit_names(found.world)
    return tuple(term_words(s, units) for s in found.subjects)


@frozen
class _Judged:
    """What `evaluate` says of a world: each verdict, and what is shown."""

    verdicts: frozenset[tuple[str, str, str]]
    statuses: tuple[Status, ...]


def replayed(policy: Policy, name: str, found: Mapping[Any, Found]) -> dict[Any, tuple[World, ...]]:
    """Return the worlds of the counterexamples of a property, by aim: none, one, or two where it
    compares two.

    Raises PolicyError when `evaluate` says something else of one than the search did.
    """
    there = {
        (aim, twin): atoms
        for aim, end in found.items()
        if end.refuted
        for twin, atoms in enumerate((end.world, end.twin))
        if atoms.get("unit")
    }
    alike: dict[Any, dict[Any, Atoms]] = defaultdict(dict)
    for key, atoms in there.items():
        # what is said of no unit holds for all worlds that are judged together
        shared = tuple(tuple(sorted(atoms.get(x, []))) for x in _SHARED)
        alike[shared][key] = atoms
    told: dict[Any, _Judged | PolicyError] = {}
    for worlds in alike.values():
        told.update(_judged(policy, worlds))
    replays: dict[Any, tuple[World, ...]] = dict.fromkeys(found, ())
    for (aim, twin), atoms in there.items():
        said, units = told[aim, twin], unit_names(atoms)
        if isinstance(said, _Judged):
            searched = {(units[u], k, s) for k, u, s in atoms["verdict"] if u in units}
            _same(name, searched, said.verdicts)
        about = tuple(x for x in subjects_of(found[aim]) if x in units.values())
        replays[aim] += (_world(policy, atoms, about, said),)
    return replays


_SHARED = ("year", "cut_off", "requirement", "given")
"""What is said of the data as a whole."""


def _same(name: str, searched: Set[Any], judged: Set[Any]) -> None:
    if searched != judged:
        raise PolicyError(
            [
                Problem(
                    f"properties/{name}.lp",
                    "反例用 evaluate 重放时结论不同",
                    "the counterexample does not replay through evaluate",
                    str(sorted(searched ^ judged)),
                )
            ]
        )


def _world(
    policy: Policy, atoms: Atoms, about: tuple[str, ...], said: _Judged | PolicyError
) -> World:
    facts, year, cut_off = facts_of_world(atoms, policy, _NOTE)
    last = cut_off == policy.period.ends(year)
    as_of = None if last else cut_off.isoformat()
    if isinstance(said, PolicyError):
        return World(facts, year, as_of, about, (), said.problems)
    return World(facts, year, as_of, about, said.statuses)


def _judged(policy: Policy, worlds: Mapping[Any, Atoms]) -> dict[Any, _Judged | PolicyError]:
    """Judge worlds side by side, and each alone where the rules refuse to judge one of them."""
    before = {key: f"{n}~" for n, key in enumerate(worlds)}
    parts = [facts_of_world(w, policy, _NOTE, before[key]) for key, w in worlds.items()]
    _, year, cut_off = parts[0]
    rows: dict[str, Any] = {
        table: tuple(dict.fromkeys(chain.from_iterable(getattr(f, table) for f, *_ in parts)))
        for table in TABLES
    }
    try:
        result = evaluate(Facts(**rows), policy, year, as_of=cut_off, grouped=False)
    except PolicyError as error:
        if len(worlds) == 1:
            return dict.fromkeys(worlds, error)
        alone = (_judged(policy, {key: atoms}) for key, atoms in worlds.items())
        return {key: said for one in alone for key, said in one.items()}
    verdicts: dict[str, set[tuple[str, str, str]]] = defaultdict(set)
    statuses: dict[str, list[Status]] = defaultdict(list)
    for unit in result:
        place, mark, own = unit.partition("~")
        row = result[unit].to_dict()
        verdicts[place + mark] |= {(own, *said) for said in result.outcome.verdicts[unit].items()}
        statuses[place + mark].append((
            own, ",".join(result[unit].standards), row["status"], tuple(row["failed"]),
            tuple(row["undetermined"]),
        ))  # fmt: skip
    return {
        key: _Judged(frozenset(verdicts[place]), tuple(statuses[place]))
        for key, place in before.items()
    }
