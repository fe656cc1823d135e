"""`missing`: the records that would settle an undetermined unit."""

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
from pingan_logic.questions.missing import find_missing

__all__ = ["command"]

EXAMPLES = (
    ("python -m pingan_logic missing V-14", "一个村还缺哪些记录", "the records a village lacks"),
    ("python -m pingan_logic missing 荷塘村 --facts 填报表.xlsx", "按名称查找", "by name"),
)


@click.command("missing", cls=Command, examples=EXAMPLES)
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
    """待补记录：补齐哪些，不论结果都有结论 / the records still needed."""
    result, unit = assess_unit(unit, facts, year, policy, lang, as_of, alone=True)
    with watching(WORDS[lang]["searching"]):
        missing = find_missing(result, unit, time_limit)
    if as_json:
        click.echo(to_json(missing.to_dict()), nl=False)
    else:
        put(missing.text(lang))
