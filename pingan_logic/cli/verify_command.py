"""`verify`: properties of the rules, proven or refuted by the smallest counterexample."""

from __future__ import annotations

from pathlib import Path

import click
from attrs import evolve

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
from pingan_logic.cli.streams import put
from pingan_logic.cli.terminal import counting
from pingan_logic.reasoning.verified import verification
from pingan_logic.reasoning.verify import property_names, write_worlds
from pingan_logic.reasoning.words import WORDS

__all__ = ["command"]

EXAMPLES = (
    ("python -m pingan_logic verify", "证明全部性质", "prove every property"),
    (
        "python -m pingan_logic verify --property one_status --bound 3",
        "只证一个，数据少一些",
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
    """证明规则的性质，不成立的给出最小的反例数据 / prove properties of the rules."""
    rules = rules_for(policy, lang)
    chosen = list(dict.fromkeys(names)) or property_names(rules)
    folders_of = {f"--out {name}": Path(out) / name for name in chosen}
    check_outputs(folders_of, Inputs(rules=[rules.folder]), overwrite=overwrite, folder=True)
    with counting(WORDS[lang]["verifying"], len(chosen)) as done:
        found = verification(rules, chosen, bound, time_limit, jobs, done)
    found = evolve(found, places={r.name: write_worlds(r, Path(out)) for r in found})
    if as_json:
        click.echo(to_json(found.to_dict(lang)), nl=False)
    else:
        put(found.text(lang))
    return 0 if found.as_expected else 1
