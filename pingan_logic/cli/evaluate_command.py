"""`evaluate`: all units, as a list, JSON or CSV."""

from __future__ import annotations

from collections.abc import Iterator
from json.encoder import encode_basestring
from pathlib import Path

import click

from pingan_logic.cli.asked import question_command
from pingan_logic.cli.csv_text import csv_option, list_csv
from pingan_logic.cli.options import to_json
from pingan_logic.cli.outputs import (
    Inputs,
    check_outputs,
    out_option,
    overwrite_option,
    table_format,
    write_pieces,
)
from pingan_logic.cli.running import assess, echo, write_certificate
from pingan_logic.cli.steps import said, some_unit, step
from pingan_logic.cli.streams import fitted, put
from pingan_logic.cli.terminal import paint
from pingan_logic.explain import list_text
from pingan_logic.intake.vocabulary import asked_kind
from pingan_logic.memory import Once, without_collector
from pingan_logic.rules.find import find_policy
from pingan_logic.verdicts import Assessment, Line

__all__ = ["command"]


@question_command("evaluate")
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
@without_collector()
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
    if as_json and as_csv:
        raise click.UsageError("--json --csv")
    form = table_format(out, "json" if as_json else "csv" if as_csv else None)
    inputs = Inputs([facts], [find_policy(policy)])
    check_outputs({"--out": out, "--certificate": proof}, inputs, overwrite=overwrite)
    result = assess(facts, year, policy, lang, as_of)
    if kind is not None:
        kind = asked_kind(result.policy, kind, "--kind")
    if proof is not None:
        write_certificate(result, facts, proof, lang, overwrite=overwrite)
    # who asks for a kind or a verdict asks for the units
    listed = listed or kind is not None or status is not None
    answer = _answer(result, kind, status, lang, form, listed=listed, codes=as_csv == "codes")
    if out is None:
        echo(answer)
        if form is None and not listed:
            put(f"\n{_further(result, lang)}")
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
    return (fitted(paint(piece, lang)) for piece in pieces)


def _further(result: Assessment, lang: str) -> str:
    """Return what to run after the summary."""
    unit = some_unit(result)
    explained = (step("explain", [unit]), "to_explain") if unit else (None, "")
    return said([explained, (step("programme"), "to_programme")], lang)


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
