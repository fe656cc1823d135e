"""`programme`: targets, attainment by year, and the rosters of the bodies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import click

from pingan_logic.cli.asked import question_command
from pingan_logic.cli.csv_text import csv_option, to_csv
from pingan_logic.cli.options import to_json
from pingan_logic.cli.outputs import (
    Inputs,
    check_outputs,
    out_option,
    overwrite_option,
    table_format,
    write_pieces,
)
from pingan_logic.cli.running import assess_programme, echo
from pingan_logic.cli.steps import free_name, said, some_unit, step
from pingan_logic.cli.streams import fitted
from pingan_logic.messages.command import WORDS
from pingan_logic.programme.rows import (
    attainment_in_words,
    attainment_rows,
    roster_rows,
    rosters_in_words,
)
from pingan_logic.programme.text import programme_text
from pingan_logic.rules.find import find_policy

if TYPE_CHECKING:
    from pingan_logic.programme import Programme

__all__ = ["command"]


@question_command("programme")
@csv_option
@click.option("--rosters", "as_rosters", is_flag=True, help="CSV 为名单 / CSV of the rosters")
@click.option(
    "--list", "listed", is_flag=True, help="列出达标率和名单的明细 / rates by area, and the rosters"
)
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
    as_csv: str | None,
    as_rosters: bool,
    listed: bool,
    every: bool,
    out: str | None,
    overwrite: bool,
) -> None:
    if as_json and (as_csv or as_rosters):
        raise click.UsageError("--json --csv --rosters")
    form = table_format(out, "json" if as_json else "csv" if as_csv or as_rosters else None)
    inputs = Inputs([facts], [find_policy(policy)])
    check_outputs({"--out": out}, inputs, overwrite=overwrite)
    result = assess_programme(facts, year, policy, lang, as_of)
    answer: Iterable[str]
    if form == "json":
        answer = [to_json(result.to_dict(lang))]
    elif form == "csv":
        answer = to_csv(_rows(result, lang, rosters=as_rosters, codes=as_csv == "codes"))
    else:
        brief = not (listed or every)
        answer = [fitted(programme_text(result, lang, every=every, brief=brief))]
        if further := _further(result, lang, brief=brief):
            answer += ["\n", fitted(further), "\n"]
    if out is None:
        echo(answer)
    else:
        write_pieces(out, answer, lang, overwrite=overwrite)


def _further(p: Programme, lang: str, *, brief: bool) -> str:
    """Return what to run after the counts, or after the lists."""
    if not brief:
        unit = some_unit(p.current)
        return said([(step("explain", [unit]), "to_explain")], lang) if unit else ""
    name = free_name(WORDS[lang]["rosters_name"])
    rosters = step("programme", more={"rosters": True, "out": name})
    return said(
        [(step("programme", more={"list": True}), "to_list"), (rosters, "to_rosters")], lang
    )


def _rows(p: Programme, lang: str, *, rosters: bool, codes: bool) -> Iterator[list[object]]:
    if codes:
        return roster_rows(p) if rosters else attainment_rows(p)
    return rosters_in_words(p, lang) if rosters else attainment_in_words(p, lang)
