"""Of values that are not recorded yet and add points: the least that will do.

The search supplies the end of the range that helps most, at the price of any other value. What is
said of it is how far it has to go, the others being as in the plan.
"""

from __future__ import annotations

from collections.abc import Sequence

from attrs import evolve

from pingan_logic.evaluation import evaluate
from pingan_logic.measured import as_recorded, plain_value
from pingan_logic.questions.edits import Edit, apply
from pingan_logic.questions.scene import Scene
from pingan_logic.solving.slices import slice_facts
from pingan_logic.verdicts import Assessment, Status

__all__ = ["least_values"]

_MOST = 20
"""Values of one plan that are looked at: each takes a few evaluations of its unit."""


def least_values(changes: Sequence[Edit], scene: Scene, a: Assessment) -> list[Edit]:
    """Return the changes of a plan with values that add points no further than they need to be."""
    made = list(changes)
    adding = {i: n for p in a.policy.points.values() for i, (_, n) in p.adds.items()}
    some = [
        n
        for n, c in enumerate(made)
        if c.action == "record_value" and c.item in adding and c.unit in a.units
    ]
    for n in some[:_MOST]:
        made[n] = _least(made, n, scene, a, rising=adding[made[n].item or ""] > 0)
    return made


def _least(made: Sequence[Edit], n: int, scene: Scene, a: Assessment, *, rising: bool) -> Edit:
    edit = made[n]
    unit, about = edit.unit or "", a.policy.inputs[edit.item or ""]

    def reached(value: int) -> set[str]:
        tried = evolve(edit, after=plain_value(about, value))
        after = apply(scene.facts, (*made[:n], tried, *made[n + 1 :]), scene.year)
        found = evaluate(
            slice_facts(after, a.policy, unit), a.policy, a.year, as_of=a.cut_off, unit=unit,
            at_year_end=a.at_year_end, shares=False,
        )  # fmt: skip
        by = found.outcome.verdicts[unit]
        return {k for k, status in by.items() if status == Status.MET.value}

    far = about.number(as_recorded(edit.after or ""))
    near = about.least if rising else about.most
    needed = _needed(unit, scene, a, reached(far))
    if not needed:  # the plan needs no more of this unit than some of its clauses
        return edit

    def met(value: int) -> bool:
        return needed <= reached(value)

    while near != far:
        # rounded to the near end, which is not known to do
        middle = (near + far) // 2 if rising else -(-(near + far) // 2)
        if met(middle):
            far = middle
        else:
            near = middle + 1 if rising else middle - 1
    return evolve(edit, after=plain_value(about, far))


def _needed(unit: str, scene: Scene, a: Assessment, reached: set[str]) -> set[str]:
    """Return the standards by which a plan needs a unit to be met, of those that it is by then: all
    of them, or of levels the one asked about and those that shares count."""
    if unit == scene.unit and scene.level is not None:
        return reached & {scene.level}
    every = a.outcome.verdicts.get(unit, {}).keys()
    counted = {k for c in a.policy.clauses.values() for k in c.members}
    levels = every & a.policy.level_of.keys()
    return (reached & levels & counted) if levels else reached if reached == set(every) else set()
