"""`explain`: one unit, clause by clause."""

from __future__ import annotations

import click

from pingan_logic.cli.options import Command, assess, run_options, to_json

__all__ = ["command"]


@click.command("explain", cls=Command)
@click.argument("unit", metavar="UNIT")
@run_options
@click.option("--all", "every", is_flag=True, help="列出全部阻碍单位 / name every blocking unit")
def command(
    unit: str,
    facts: str | None,
    year: int | None,
    policy: str | None,
    lang: str,
    as_of: str | None,
    as_json: bool,
    every: bool,
) -> None:
    """说明一个单位为何达标、未达标或待核 / explain one unit."""
    explanation = assess(facts, year, policy, lang, as_of).explain(unit)
    if as_json:
        click.echo(to_json(explanation.to_dict(lang, every=every)), nl=False)
    else:
        click.echo(explanation.text(lang, every=every), nl=False)
