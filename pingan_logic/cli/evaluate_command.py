"""`evaluate`: all units, as a list, JSON or CSV."""

from __future__ import annotations

from collections.abc import Iterator
from json.encoder import encode_basestring
from pathlib import Path
from typing import Any

import click

from pingan_logic.cli.csv_text import csv_option, list_csv
from pingan_logic.cli.options import (
    Command,
    assess,
    echo,
    run_options,
    to_json,
    write_certificate,
)
from pingan_logic.cli.outputs import (
    Inputs,
    check_outputs,
    out_option,
    overwrite_option,
    table_format,
    write_pieces,
)
from pingan_logic.cli.terminal import paint
from pingan_logic.explain import list_text
from pingan_logic.explain.words import WORDS
from pingan_logic.intake.vocabulary import kind_named
from pingan_logic.memory import Once, steady
from pingan_logic.policy.catalogue import check_kind
from pingan_logic.policy.find import find_policy
from pingan_logic.verdicts import Assessment, Line

__all__ = ["command"]

EXAMPLES = (
    (
        "python -m pingan_logic evaluate --facts 填报表.xlsx --status failed",
        "全部未达标单位及原因",
        "all units that are not met, and why",
    ),
    (
        "python -m pingan_logic evaluate --facts 填报表.xlsx --out 结果.csv",
        "结果用 Excel 打开",
        "results for a spreadsheet",
    ),
    (
        "python -m pingan_logic evaluate --facts 数据/ --certificate 凭证.jsonl",
        "另写核验凭证，供 recheck 核验",
        "and a certificate for recheck",
    ),
    (
        "cat data.json | python -m pingan_logic evaluate --facts - --json",
        "标准输入、JSON 输出",
        "from a pipe to JSON",
    ),
)
_STATUSES = ("met", "failed", "undetermined")


class _Status(click.Choice[str]):
    """A status by its code or its Chinese name."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        named = {WORDS[lang][code]: code for lang in WORDS for code in _STATUSES}
        return super().convert(named.get(str(value).strip(), value), param, ctx)


@click.command("evaluate", cls=Command, examples=EXAMPLES)
@run_options
@click.option("--kind", metavar="K", help="只列一类 / one kind only")
@click.option("--status", type=_Status(_STATUSES), help="只列一种结论 / one status only")
@click.option("--list", "listed", is_flag=True, help="列出全部单位 / list every unit")
@csv_option
@out_option
@click.option(
    "--certificate",
    "proof",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="写出核验凭证，供 recheck 核验 / write a certificate for recheck",
)
@overwrite_option
@steady()
def command(
    facts: str | None,
    year: int | None,
    policy: str | None,
    lang: str,
    as_of: str | None,
    as_json: bool,
    kind: str | None,
    status: str | None,
    listed: bool,
    as_csv: str | None,
    out: str | None,
    proof: Path | None,
    overwrite: bool,
) -> None:
    """判定全部单位并按类别汇总 / judge all units."""
    if as_json and as_csv:
        raise click.UsageError("--json --csv")
    form = table_format(out, "json" if as_json else "csv" if as_csv else None)
    inputs = Inputs([facts], [find_policy(policy)])
    check_outputs({"--out": out, "--certificate": proof}, inputs, overwrite=overwrite)
    result = assess(facts, year, policy, lang, as_of)
    if kind is not None:
        kind = kind_named(result.policy, kind) or kind
        check_kind(result.policy, kind, "--kind")
    if proof is not None:
        write_certificate(result, facts, proof, lang, overwrite=overwrite)
    # who asks for a kind or a verdict asks for the units
    listed = listed or kind is not None or status is not None
    answer = _answer(result, kind, status, lang, form, listed=listed, codes=as_csv == "codes")
    if out is None:
        echo(answer)
    else:
        write_pieces(out, answer, lang, overwrite=overwrite)


def _answer(
    result: Assessment,
    kind: str | None,
    status: str | None,
    lang: str,
    form: str | None,
    *,
    listed: bool,
    codes: bool,
) -> Iterator[str]:
    """Yield the answer piece by piece: of millions of units it is larger than all the rest."""
    if form == "json":
        return _json(result, kind, status)
    if form == "csv":
        return list_csv(result, kind, status, lang, codes=codes)
    pieces = list_text(result, result.lines(kind, status) if listed else None, kind, lang)
    return (paint(piece, lang) for piece in pieces)


_NONE = '"units": []'


def _json(result: Assessment, kind: str | None, status: str | None) -> Iterator[str]:
    """Yield `Assessment.to_dict` as JSON text; what units share is written once and repeated."""

    def end(line: Line) -> str:
        return to_json([line.to_dict("")])[1:-3].partition('"id": ""')[2].replace("\n", "\n ")

    after = Once(end)
    whole = to_json(result.to_dict(kind, status, units=()))
    before, none, rest = whole.partition(_NONE)
    comma = ""
    for _, ids, _, lines in result.listed(kind, status):
        units = ",".join(
            [
                f'\n  {{\n   "id": {encode_basestring(unit)}{after[line]}'
                for unit, line in zip(ids, lines, strict=True)
            ]
        )
        yield f"{comma or before + none[:-1]}{units}"
        comma = ","
    yield f"\n ]{rest}" if comma else whole
