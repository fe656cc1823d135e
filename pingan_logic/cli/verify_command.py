"""`verify`: properties of the rules, proven or refuted by the smallest counterexample."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import click

from pingan_logic.cli.options import (
    PATH,
    Command,
    help_option,
    policy_argument,
    policy_options,
    rules_for,
    to_json,
)
from pingan_logic.cli.outputs import Inputs, check_outputs, overwrite_option
from pingan_logic.cli.terminal import counting
from pingan_logic.explain.words import WORDS as COMMON
from pingan_logic.policy.catalogue import Policy
from pingan_logic.reasoning.story import world_lines
from pingan_logic.reasoning.verify import (
    Aim,
    PropertyResult,
    property_names,
    verify_all,
    write_worlds,
)
from pingan_logic.reasoning.words import WORDS
from pingan_logic.shell import command_line, rules_arguments

__all__ = ["command"]

EXAMPLES = (
    ("python -m pingan_logic verify", "证明全部性质", "prove every property"),
    (
        "python -m pingan_logic verify --property one_status --bound 3",
        "只证一个，世界小一些",
        "one property, smaller worlds",
    ),
)


@click.command("verify", cls=Command, examples=EXAMPLES, seconds=0)
@policy_argument
@policy_options
@click.option(
    "--bound", type=click.IntRange(0, 1000), metavar="N", help="规模上限 / size of worlds"
)
@click.option(
    "--property", "names", multiple=True, metavar="NAME", help="只证一个性质 / one property"
)
@click.option(
    "--out", type=PATH, metavar="DIR", default="verify-worlds", help="反例文件夹 / where worlds go"
)
@overwrite_option
@click.option("--time-limit", type=click.IntRange(1), metavar="S", help="每次搜索的秒数 / seconds")
@click.option("--jobs", type=click.IntRange(1), help="并行数 / searches at a time")
@help_option
def command(
    policy: str | None,
    lang: str,
    as_json: bool,
    bound: int | None,
    names: tuple[str, ...],
    out: str,
    overwrite: bool,
    time_limit: int | None,
    jobs: int | None,
) -> int:
    """在一定规模的一切世界中证明规则的性质，或给出最小反例 / prove properties of the rules."""
    rules = rules_for(policy, lang)
    start = time.perf_counter()
    chosen = list(dict.fromkeys(names)) or property_names(rules)
    folders_of = {f"--out {name}": Path(out) / name for name in chosen}
    check_outputs(folders_of, Inputs(rules=[rules.folder]), overwrite=overwrite, folder=True)
    at_once = jobs if jobs is not None else min(2, os.cpu_count() or 1)
    results: dict[str, PropertyResult] = {}
    with counting(WORDS[lang]["verifying"], len(chosen)) as done:
        for result in verify_all(rules, chosen, bound, time_limit, at_once):
            results[result.name] = result
            done()
    ordered = [results[n] for n in sorted(results)]
    folders = {r.name: write_worlds(r, Path(out)) for r in ordered}
    seconds = time.perf_counter() - start
    good = all(r.as_expected for r in ordered)
    if as_json:
        click.echo(
            to_json(
                {
                    "schema": 1,
                    "policy": rules.name,
                    "as_expected": good,
                    "seconds": round(seconds, 2),
                    "properties": [_to_dict(r, folders[r.name], rules, lang) for r in ordered],
                }
            ),
            nl=False,
        )
    else:
        for r in ordered:
            click.echo("\n".join(_lines(r, folders[r.name], rules, lang)) + "\n")
        bad = sum(not r.as_expected for r in ordered)
        click.echo(
            WORDS[lang]["summary"].format(
                n=len(ordered), ok=len(ordered) - bad, bad=bad, seconds=f"{seconds:.1f}"
            )
        )
    return 0 if good else 1


def _replay(aim: Aim, number: int, folder: Path, policy: Policy, lang: str) -> str:
    world = aim.worlds[number]
    unit = world.subjects[0] if world.subjects else world.facts.units[0].id
    run = {"facts": folder, "year": world.year, "as-of": world.as_of}
    return command_line("explain", [unit], {**run, **rules_arguments(policy, lang)}) or str(folder)


def _to_dict(
    r: PropertyResult, folders: dict[tuple[str, int], Path], policy: Policy, lang: str
) -> dict[str, Any]:
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
                        "facts": str(folders[a.aim, n]),
                        "year": w.year,
                        "as_of": w.as_of,
                        "replay": _replay(a, n, folders[a.aim, n], policy, lang),
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


def _lines(
    r: PropertyResult, folders: dict[tuple[str, int], Path], policy: Policy, lang: str
) -> list[str]:
    w, c = WORDS[lang], COMMON[lang]
    mark = w["as_expected"] if r.as_expected else w["unexpected"]
    lines = [w["verify_line"].format(mark=mark, name=r.name, claim=r.text(lang))]
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
        lines.append("  " + w["bound"].format(sizes=sizes, n=units, incidents=r.incidents))
    else:
        lines.append("  " + w["bound_none"])
    lines.append(
        "  "
        + w["search"].format(
            atoms=r.atoms,
            constraints=r.constraints,
            conflicts=sum(a.conflicts for a in r.aims),
            seconds=f"{r.seconds:.2f}",
        )
    )
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
    a: Aim, folders: dict[tuple[str, int], Path], policy: Policy, lang: str, indent: str,
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
        replay = _replay(a, number, folders[a.aim, number], policy, lang)
        lines.append(indent + w["replay"].format(command=replay))
    return lines
