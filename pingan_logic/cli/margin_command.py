"""`margin`: how far a unit is from failing."""

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
from pingan_logic.questions.margin import find_margin

__all__ = ["command"]

EXAMPLES = (
    ("python -m pingan_logic margin C-01", "一个小区还有多少余量", "what a compound can lose"),
    (
        "python -m pingan_logic margin 滨江小区 --facts 填报表.xlsx --json",
        "按名称查找，输出 JSON",
        "by name, as JSON",
    ),
)


@click.command("margin", cls=Command, examples=EXAMPLES)
@unit_argument
@run_options
@time_limit_option
def command(
    unit: str,
    facts: str | None,
    year: int | None,
    policy: str | None,
    lang: str,
    as_of: str | None,
    as_json: bool,
    time_limit: int,
) -> None:
    """余量：再有几户未达标仍然达标，各条距要求多远 / how many more may fall short."""
    result, unit = assess_unit(unit, facts, year, policy, lang, as_of, alone=True)
    with watching(WORDS[lang]["searching"]):
        margin = find_margin(result, unit, time_limit)
    if as_json:
        click.echo(to_json(margin.to_dict()), nl=False)
    else:
        put(margin.text(lang))
