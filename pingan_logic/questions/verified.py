"""All that verifying a policy found, in words and as JSON."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from attrs import Factory, frozen

from pingan_logic.catalogue import Policy
from pingan_logic.errors import check_words
from pingan_logic.figures import SCHEMA
from pingan_logic.layout import broken
from pingan_logic.messages.explain import WORDS as COMMON
from pingan_logic.messages.proofs import WORDS
from pingan_logic.questions.story import world_lines
from pingan_logic.questions.verify import Aim, PropertyResult, property_names, verify_all
from pingan_logic.shell import command_line, rules_arguments
from pingan_logic.shown import Answer

__all__ = ["Verification", "verification"]

Places = Mapping[tuple[str, int], Path]
"""Where the worlds of a property were written, by aim and number."""


@frozen(repr=False)
class Verification(Answer[PropertyResult]):
    """The properties of a policy and what came of each, by name; `seconds` is the time of all.

    `places` says where the worlds of each property were written, if they were.
    """

    policy: Policy
    results: tuple[PropertyResult, ...]
    seconds: float
    places: Mapping[str, Places] = Factory(dict)

    @property
    def as_expected(self) -> bool:
        """Whether everything is as recorded beside the properties."""
        return all(r.as_expected for r in self.results)

    @property
    def rows(self) -> tuple[PropertyResult, ...]:
        """The properties."""
        return self.results

    def name_of(self, row: PropertyResult) -> str:
        """Return the name of a property."""
        return row.name

    def about(self) -> str:
        """Return the policy, and whether all is as expected."""
        return f"of {self.policy.name}, {'as expected' if self.as_expected else 'unexpected'}"

    def text(self, lang: str = "zh") -> str:
        """Return the properties with their results in words."""
        check_words(lang)
        said = [
            "\n".join(_lines(r, self.places.get(r.name, {}), self.policy, lang)) + "\n\n"
            for r in self.results
        ]
        bad = sum(not r.as_expected for r in self.results)
        sizes = {"n": len(self.results), "ok": len(self.results) - bad, "bad": bad}
        end = WORDS[lang]["summary"].format(**sizes, seconds=f"{self.seconds:.1f}")
        return "".join([*said, end, "\n"])

    def to_dict(self, lang: str = "zh") -> dict[str, Any]:
        """Return the properties with their results as JSON values."""
        check_words(lang)
        return {
            "schema": SCHEMA,
            "policy": self.policy.name,
            "as_expected": self.as_expected,
            "seconds": round(self.seconds, 2),
            "properties": [
                _to_dict(r, self.places.get(r.name, {}), self.policy, lang) for r in self.results
            ],
        }


def _replay(aim: Aim, number: int, folder: Path | None, policy: Policy, lang: str) -> str | None:
    if folder is None:
        return None
    world = aim.worlds[number]
    unit = world.subjects[0] if world.subjects else world.facts.units[0].id
    run = {"facts": folder, "year": world.year, "as-of": world.as_of}
    return command_line("explain", [unit], {**run, **rules_arguments(policy, lang)}) or str(folder)


def _to_dict(r: PropertyResult, folders: Places, policy: Policy, lang: str) -> dict[str, Any]:
    return {
        "name": r.name,
        "statement": r.text(lang),
        "clauses": list(r.clauses),
        "result": r.result,
        "as_expected": r.as_expected,
        "bound": {
            "n": r.bound,
            "units": r.sizes,
            "incidents": r.incidents,
        },
        "search": {
            "atoms": r.atoms,
            "constraints": r.constraints,
            "choices": sum(a.choices for a in r.aims),
            "conflicts": sum(a.conflicts for a in r.aims),
        },
        "seconds": round(r.seconds, 3),
        "aims": [
            {
                "aim": a.aim,
                "statement": a.texts[lang == "en"] if a.texts else None,
                "about": list(a.about),
                "expected": a.expected,
                "result": a.result,
                "smallest": a.smallest,
                "subjects": list(a.subjects),
                "worlds": [
                    {
                        "units": len(w.facts.units),
                        "incidents": len(w.facts.incidents),
                        "facts": str(folders[a.aim, n]) if (a.aim, n) in folders else None,
                        "year": w.year,
                        "as_of": w.as_of,
                        "replay": _replay(a, n, folders.get((a.aim, n)), policy, lang),
                    }
                    for n, w in enumerate(a.worlds)
                ],
            }
            for a in r.aims
        ],
    }


def _about(a: Aim, policy: Policy, lang: str) -> str:
    if a.texts:
        return a.texts[lang == "en"]
    said = []
    for x in sorted(a.about, key=lambda x: x in policy.clauses):
        if x in policy.clauses:
            clause = policy.clauses[x]
            said.append(f"{clause.source} {clause.text(lang)}")
        elif x in policy.kinds:
            said.append(policy.kinds[x].en if lang == "en" else policy.kinds[x].zh)
        else:
            said.append(x)
    return COMMON[lang]["comma"].join(said) or a.aim


def verification(
    policy: Policy,
    properties: Iterable[str] = (),
    bound: int | None = None,
    limit: float | None = None,
    jobs: int | None = None,
    done: Callable[[], None] = lambda: None,
) -> Verification:
    """Verify properties of a policy, all when none is named, `jobs` at a time (by default two
    where there are two cores); `done` is called after each. Raises as `verify_all` does."""
    start = time.perf_counter()
    names = list(dict.fromkeys(properties)) or property_names(policy)
    at_once = min(2, os.cpu_count() or 1) if jobs is None else jobs
    results = []
    for result in verify_all(policy, names, bound, limit, at_once):
        results.append(result)
        done()
    ordered = tuple(sorted(results, key=lambda r: r.name))
    return Verification(policy, ordered, time.perf_counter() - start)


def _lines(r: PropertyResult, folders: Places, policy: Policy, lang: str) -> list[str]:
    w, c = WORDS[lang], COMMON[lang]
    mark = w["as_expected"] if r.as_expected else w["unexpected"]
    lines = broken(w["verify_line"].format(mark=mark, name=r.name, claim=r.text(lang)), hang="  ")
    if len(r.aims) == 1:
        a = r.aims[0]
        lines.append("  " + w["result"].format(result=w[a.result], expected=w[a.expected]))
    else:
        count = {x: sum(a.result == x for a in r.aims) for x in ("refuted", "holds")}
        lines.append("  " + w["result_many"].format(n=len(r.aims), **count))
    units = sum(r.sizes.values())
    if r.sizes:
        sizes = c["list"].join(
            f"{policy.kinds[k].en if lang == 'en' else policy.kinds[k].zh} {n}"
            for k, n in r.sizes.items()
        )
        said = w["bound"].format(sizes=sizes, n=units, incidents=r.incidents)
        lines += broken(said, indent="  ")
    else:
        lines.append("  " + w["bound_none"])
    for a in r.aims:
        indent = "  "
        if len(r.aims) > 1:
            mark = "" if a.as_expected else f" [{w['unexpected']}]"
            lines.append(f"  - {_about(a, policy, lang)}{c['colon']}{w[a.result]}{mark}")
            indent = "    "
        if a.result == "holds":
            if len(r.aims) == 1:
                said = w["holds_up_to"].format(n=units) if r.sizes else w["static_holds"]
                lines.append(indent + said)
        elif a.worlds:
            lines += _worlds(a, folders, policy, lang, indent, brief=len(r.aims) > 2)
        elif a.result == "refuted":
            named = (policy.kinds[s] for s in a.subjects if s in policy.kinds)
            shown = [k.en if lang == "en" else k.zh for k in named] or list(a.subjects)
            lines.append(indent + w["static"].format(subjects=c["list"].join(shown)))
    return lines


def _worlds(
    a: Aim, folders: Places, policy: Policy, lang: str, indent: str,
    *, brief: bool,
) -> list[str]:  # fmt: skip
    w = WORDS[lang]
    first = a.worlds[0]
    said = w["smallest" if a.smallest else "not_smallest"]
    lines = [
        indent + said.format(units=len(first.facts.units), incidents=len(first.facts.incidents))
    ]
    for number, world in enumerate(a.worlds):
        if len(a.worlds) > 1:
            lines.append(indent + w["before" if number == 0 else "after"])
        if not brief:
            lines += [f"{indent}  {line}" for line in world_lines(world, policy, lang)]
        replay = _replay(a, number, folders.get((a.aim, number)), policy, lang)
        if replay is not None:
            lines.append(indent + w["replay"].format(command=replay))
    return lines
