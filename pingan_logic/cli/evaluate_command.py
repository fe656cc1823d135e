"""`evaluate`: all units, as a list, JSON or CSV."""

from __future__ import annotations

from collections.abc import Iterator

import click

from pingan_logic.cli.options import Command, assess, run_options, to_csv, to_json
from pingan_logic.cli.terminal import paint
from pingan_logic.errors import Problem, RequestError, nearest
from pingan_logic.explain import list_text
from pingan_logic.verdicts import Assessment

__all__ = ["command"]

EXAMPLES = (
    (
        "python -m pingan_logic evaluate --facts 台账.xlsx --status failed",
        "全部未达标单位及原因",
        "all failed units and why",
    ),
    (
        "python -m pingan_logic evaluate --facts 台账.xlsx --csv > 结果.csv",
        "结果用 Excel 打开",
        "results for a spreadsheet",
    ),
    (
        "cat data.json | python -m pingan_logic evaluate --facts - --json",
        "标准输入、JSON 输出",
        "from a pipe to JSON",
    ),
)
_STATUSES = ("met", "failed", "undetermined")


@click.command("evaluate", cls=Command, examples=EXAMPLES)
@run_options
@click.option("--kind", metavar="K", help="只列一类 / one kind only")
@click.option("--status", type=click.Choice(_STATUSES), help="只列一种结论 / one status only")
@click.option("--csv", "as_csv", is_flag=True, help="输出 CSV / print CSV")
def command(
    facts: str | None,
    year: int | None,
    policy: str | None,
    lang: str,
    as_of: str | None,
    as_json: bool,
    kind: str | None,
    status: str | None,
    as_csv: bool,
) -> None:
    """判定全部单位并按类别汇总 / judge all units."""
    if as_json and as_csv:
        raise click.UsageError("--json --csv")
    result = assess(facts, year, policy, lang, as_of)
    kinds = result.policy.kinds
    if kind is not None and kind not in kinds:
        raise RequestError(
            [
                Problem(
                    "--kind",
                    f"应为 {'、'.join(kinds)}",
                    f"expected one of {', '.join(kinds)}",
                    kind,
                    nearest(kind, kinds),
                )
            ]
        )
    if as_json:
        click.echo(to_json(result.to_dict(kind, status)), nl=False)
    elif as_csv:
        click.echo(to_csv(_rows(result, result.select(kind, status))), nl=False)
    else:
        text = list_text(result, result.select(kind, status), kind, lang)
        click.echo(paint(text, lang), nl=False, color=True)


def _rows(result: Assessment, units: list[str]) -> Iterator[list[str]]:
    yield ["id", "kind", "name", "status", "failed", "undetermined"]
    for unit in units:
        row = result[unit].to_dict()
        clauses = [";".join(row[c]) for c in ("failed", "undetermined")]
        yield [unit, row["kind"], result.units[unit].name, row["status"], *clauses]
