"""`programme`: targets, attainment by year, and the rosters of the bodies."""

from __future__ import annotations

import click

from pingan_logic.cli.options import Command, assess_programme, echo, run_options, to_csv, to_json
from pingan_logic.programme.text import attainment_rows, programme_text, roster_rows

__all__ = ["command"]

EXAMPLES = (
    (
        "python -m pingan_logic programme --facts 台账.xlsx",
        "达标率、逐年变化和名单",
        "attainment, trend and rosters",
    ),
    (
        "python -m pingan_logic programme --facts 台账.xlsx --rosters > 名单.csv",
        "名单用 Excel 打开",
        "rosters for a spreadsheet",
    ),
)


@click.command("programme", cls=Command, examples=EXAMPLES)
@run_options
@click.option("--csv", "as_csv", is_flag=True, help="输出达标率 CSV / attainment as CSV")
@click.option("--rosters", "as_rosters", is_flag=True, help="输出名单 CSV / rosters as CSV")
@click.option("--all", "every", is_flag=True, help="列出名单上全部单位 / name every unit")
def command(
    facts: str | None,
    year: int | None,
    policy: str | None,
    lang: str,
    as_of: str | None,
    as_json: bool,
    as_csv: bool,
    as_rosters: bool,
    every: bool,
) -> None:
    """目标任务完成情况、逐年变化和各机关名单 / targets, trend and rosters."""
    if as_json + as_csv + as_rosters > 1:
        raise click.UsageError("--json --csv --rosters")
    result = assess_programme(facts, year, policy, lang, as_of)
    if as_json:
        click.echo(to_json(result.to_dict(lang)), nl=False)
    elif as_csv or as_rosters:
        echo(to_csv((attainment_rows if as_csv else roster_rows)(result)))
    else:
        click.echo(programme_text(result, lang, every=every), nl=False)
