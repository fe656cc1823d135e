"""`fix`: what would make a unit met, at the least cost."""

from __future__ import annotations

import click

from pingan_logic.cli.options import (
    Command,
    assess_unit,
    run_options,
    time_limit_option,
    to_json,
    unit_argument,
)
from pingan_logic.cli.streams import put
from pingan_logic.cli.terminal import watching
from pingan_logic.cli.words import WORDS
from pingan_logic.questions.fix import find_remedy

__all__ = ["command"]

EXAMPLES = (
    ("python -m pingan_logic fix T-03", "一个乡镇怎样才能达标", "what makes a township met"),
    (
        "python -m pingan_logic fix 青竹镇 --facts 填报表.xlsx --alternatives 3",
        "按名称查找，列出三个方案",
        "by name, three plans",
    ),
)


@click.command("fix", cls=Command, examples=EXAMPLES)
@unit_argument
@run_options
@click.option(
    "--alternatives", type=click.IntRange(1, 20), default=1, metavar="K", help="方案数 / plans"
)
@time_limit_option
@click.option("--all", "every", is_flag=True, help="列出全部单位 / name every unit")
def command(
    unit: str,
    facts: str | None,
    year: int | None,
    policy: str | None,
    lang: str,
    as_of: str | None,
    as_json: bool,
    alternatives: int,
    time_limit: int,
    every: bool,
) -> None:
    """整改措施：工作量最小的方案，附证明 / the least effort that makes it met."""
    result, unit = assess_unit(unit, facts, year, policy, lang, as_of, sliced=True)
    with watching(WORDS[lang]["searching"]):
        remedy = find_remedy(result, unit, alternatives, time_limit)
    if as_json:
        click.echo(to_json(remedy.to_dict(lang)), nl=False)
    else:
        put(remedy.text(lang, every=every))
