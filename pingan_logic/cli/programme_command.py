"""`programme`: targets, attainment by year, and the rosters of the bodies."""

from __future__ import annotations

from collections.abc import Iterable

import click

from pingan_logic.cli.options import Command, assess_programme, echo, run_options, to_csv, to_json
from pingan_logic.cli.outputs import (
    Inputs,
    check_outputs,
    out_option,
    overwrite_option,
    table_format,
    write_pieces,
)
from pingan_logic.policy.find import find_policy
from pingan_logic.programme.text import attainment_rows, programme_text, roster_rows

__all__ = ["command"]

EXAMPLES = (
    (
        "python -m pingan_logic programme --facts 台账.xlsx",
        "达标率、逐年变化和名单",
        "attainment, trend and rosters",
    ),
    (
        "python -m pingan_logic programme --facts 台账.xlsx --rosters --out 名单.csv",
        "名单用 Excel 打开",
        "rosters for a spreadsheet",
    ),
)


@click.command("programme", cls=Command, examples=EXAMPLES)
@run_options
@click.option("--csv", "as_csv", is_flag=True, help="输出达标率 CSV / attainment as CSV")
@click.option("--rosters", "as_rosters", is_flag=True, help="输出名单 CSV / rosters as CSV")
@click.option("--list", "listed", is_flag=True, help="列出各乡镇和名单 / townships and rosters")
@click.option("--all", "every", is_flag=True, help="列出名单上全部单位 / name every unit")
@out_option
@overwrite_option
def command(
    facts: str | None,
    year: int | None,
    policy: str | None,
    lang: str,
    as_of: str | None,
    as_json: bool,
    as_csv: bool,
    as_rosters: bool,
    listed: bool,
    every: bool,
    out: str | None,
    overwrite: bool,
) -> None:
    """目标任务完成情况、逐年变化和各机关名单 / targets, trend and rosters."""
    if as_json + as_csv + as_rosters > 1:
        raise click.UsageError("--json --csv --rosters")
    form = table_format(out, "json" if as_json else "csv" if as_csv or as_rosters else None)
    inputs = Inputs([facts], [find_policy(policy)])
    check_outputs({"--out": out}, inputs, overwrite=overwrite)
    result = assess_programme(facts, year, policy, lang, as_of)
    answer: Iterable[str]
    if form == "json":
        answer = [to_json(result.to_dict(lang))]
    elif form == "csv":
        answer = to_csv((roster_rows if as_rosters else attainment_rows)(result))
    else:
        answer = [programme_text(result, lang, every=every, brief=not (listed or every))]
    if out is None:
        echo(answer)
    else:
        write_pieces(out, answer, lang, overwrite=overwrite)
