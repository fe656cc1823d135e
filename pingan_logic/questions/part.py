"""The part of the data that a question rests on, with few units written for many alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from attrs import define

from pingan_logic.catalogue import Policy
from pingan_logic.errors import PolicyError, Problem
from pingan_logic.judging.classes import classes, numbered
from pingan_logic.model import Facts
from pingan_logic.order import in_order
from pingan_logic.recorded import only_of
from pingan_logic.rules.find import policy_file
from pingan_logic.solving.encode import fact_atoms, quote
from pingan_logic.solving.grouping import ungrouped
from pingan_logic.solving.outcome import Outcome
from pingan_logic.solving.slices import slice_facts
from pingan_logic.verdicts import Assessment

__all__ = ["Part", "counted_in_rates", "due_of_best", "part_of", "programs", "weights"]


@define
class Part:
    """What bears on a unit; `groups` lists units alike together, in the order of their ids."""

    facts: Facts
    groups: list[list[str]]

    def atoms(
        self, a: Assessment, sizes: Mapping[str, int], stated: Sequence[str] = ()
    ) -> Iterator[str]:
        """Yield the facts about the units in `sizes`, each of which stands for so many, as
        statements; those of the predicates `stated` as stated_..."""
        part = only_of(self.facts, a.policy, sizes)
        atoms = fact_atoms(part, a.policy, a.year, a.cut_off, a.asked)
        atoms |= numbered(self.facts, a.policy, a.year, a.cut_off, sizes)
        for name, some in atoms.items():
            before = "stated_" if name in stated else ""
            yield from (f"{before}{atom}.\n" for atom in some)


def part_of(a: Assessment, unit: str) -> Part:
    """Return what bears on `unit`, which is alike to no other."""
    facts = slice_facts(a.facts, a.policy, unit)
    groups = ungrouped(facts)
    if not a.policy.proof.distinctions:
        groups = classes(facts, a.policy, a.year, a.cut_off, nearby=True).groups
    found = [[unit]]
    for members in groups.members.values():
        if alike := in_order(u for u in members if u != unit):
            found.append(alike)
    return Part(facts, found)


def programs(policy: Policy, *names: str) -> list[Path]:
    """Return the paths of programs of a policy. Raises PolicyError naming those it lacks."""
    paths = [policy_file(policy.folder, f"remedies/{name}") for name in names]
    if missing := [p.name for p in paths if not p.is_file()]:
        raise PolicyError(
            Problem(
                policy.name,
                f"规则没有这项搜索（remedies/{name}）",
                f"the policy has no such search (remedies/{name})",
            )
            for name in missing
        )
    return paths


def counted_in_rates(outcome: Outcome, policy: Policy, units: Iterable[str]) -> Iterator[str]:
    """Yield how many incidents count in each rate as things stand, or may."""
    tallying = [(c.id, t.matter) for c in policy.measuring if (t := policy.tally_of(c))]
    for x in units if tallying else ():
        for clause, matter in tallying:
            if outcome.allows.get((clause, x)) is not None:
                found = (outcome.in_rate, outcome.ungraded)
                number = sum(len(some.get((clause, matter, x), ())) for some in found)
                yield f"counted_now({clause},{quote(x)},{number}).\n"


def due_of_best(outcome: Outcome) -> Iterator[str]:
    """Yield the values with which units are among the best as things stand."""
    for (clause, unit), number in outcome.due.items():
        yield f"stands_due({clause},{quote(unit)},{number}).\n"


def weights(total: int, most: int | None = None) -> Iterator[int]:
    """Yield 1, 2, 4, ..., none above `most`, and what is left of `total`: every number up to it is
    a sum of some."""
    size = 1
    while total > 0:
        yield min(size, total)
        total -= size
        if most is None or size * 2 <= most:
            size *= 2
