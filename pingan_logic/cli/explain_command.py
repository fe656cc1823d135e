"""`explain`: one unit, clause by clause."""

from __future__ import annotations

import click

from pingan_logic.cli.options import Command, assess_unit, run_options, to_json, unit_argument
from pingan_logic.cli.terminal import paint
from pingan_logic.memory import steady

__all__ = ["command"]

EXAMPLES = (
    ("python -m pingan_logic explain B-12", "样例县的一个楼栋", "a building of the sample county"),
    (
        "python -m pingan_logic explain 青竹镇 --facts 填报表.xlsx",
        "按名称或名称的一部分查找",
        "find a unit by its name or part of it",
    ),
    (
        "python -m pingan_logic explain 000000 --facts 我的数据/ --lang en",
        "全县汇总，英文",
        "the whole county, in English",
    ),
)


@click.command("explain", cls=Command, examples=EXAMPLES)
@unit_argument
@run_options
@click.option("--all", "every", is_flag=True, help="列出全部单位 / name every blocking unit")
@click.option(
    "--details",
    is_flag=True,
    help="列出各单位的依据，涉及家庭情况，不得公开 / reasons of each, internal",
)
@steady()
def command(
    unit: str,
    facts: str | None,
    year: int | None,
    policy: str | None,
    lang: str,
    as_of: str | None,
    as_json: bool,
    every: bool,
    details: bool,
) -> None:
    """说明一个单位为何达标、未达标或待核 / explain one unit."""
    result, unit = assess_unit(unit, facts, year, policy, lang, as_of, alone=True)
    explanation = result.explain(unit)
    if as_json:
        click.echo(to_json(explanation.to_dict(lang, every=every)), nl=False)
    else:
        click.echo(
            paint(explanation.text(lang, every=every, details=details), lang), nl=False, color=True
        )
