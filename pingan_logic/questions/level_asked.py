"""Which level a question is about, of a unit that is judged by levels."""

from __future__ import annotations

from pingan_logic.errors import Problem, RequestError, nearest
from pingan_logic.verdicts import Assessment, Status

__all__ = ["level_asked", "reaches"]


def level_asked(a: Assessment, unit: str, level: str | int | None) -> str | None:
    """Return the standard of a level that is written as its rank, id or name; without one the
    lowest that the unit does not reach, or else the highest. None of a unit without levels.

    Raises RequestError when the unit has no such level, or none at all.
    """
    stands = a[unit].levels
    if stands is None:
        if level is None:
            return None
        said = ("该单位不分级", "the unit is not judged by levels")
        raise RequestError([Problem("--level", *said, str(level))])
    ranked = [k for k, _ in stands.statuses]
    if level is None:
        return stands.above or ranked[-1]
    kinds = a.policy.kinds
    names: dict[str, str] = {}
    for rank, k in enumerate(ranked, 1):
        names |= {str(rank): k, k: k, kinds[k].zh: k, kinds[k].en: k}
    if (asked := str(level).strip()) in names:
        return names[asked]
    zh = "、".join(f"{n}（{kinds[k].zh}）" for n, k in enumerate(ranked, 1))
    en = ", ".join(f"{n} ({kinds[k].en})" for n, k in enumerate(ranked, 1))
    near = nearest(asked, list(names))
    raise RequestError([Problem("--level", f"应为 {zh}", f"expected {en}", asked, near)])


def reaches(a: Assessment, unit: str, level: str | None) -> bool:
    """Whether a unit reaches a level, or is met if none is asked about."""
    if level is None:
        return a.status(unit) is Status.MET
    return a.outcome.verdicts[unit].get(level) == Status.MET.value
