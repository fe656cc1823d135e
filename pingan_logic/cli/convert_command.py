"""`convert`: data from any format to any other, the same on both sides."""

from __future__ import annotations

from typing import Any

import click

from pingan_logic.cli.asked import question_command
from pingan_logic.cli.options import PATH, encoding_option, facts_first_option, help_option
from pingan_logic.cli.outputs import Inputs, check_outputs, overwrite_option
from pingan_logic.cli.running import read_facts, rules_for
from pingan_logic.cli.terminal import progress, quiet_option, say
from pingan_logic.export.convert import check_target, write_facts
from pingan_logic.export.json_document import to_document
from pingan_logic.intake.database_url import shown_place
from pingan_logic.intake.headers import table_name
from pingan_logic.messages.command import WORDS
from pingan_logic.model import TABLES

__all__ = ["command"]


def _options(function: Any) -> Any:
    for option in (
        *(quiet_option, encoding_option, _LANG, _POLICY),
        *(facts_first_option, _TARGET, _SOURCE),
    ):
        function = option(function)
    return function


_SOURCE = click.argument("source", type=PATH, metavar="A")
_TARGET = click.argument("target", type=PATH, metavar="B")
_POLICY = click.option("--policy", type=PATH, metavar="NAME|DIR", help="规则名称或文件夹 / policy")
_LANG = click.option(
    "--lang", type=click.Choice(["zh", "en"]), default="zh", help="语言 / language"
)


@question_command("convert", _options)
@overwrite_option
@help_option
def command(
    source: str, target: str, policy: str | None, lang: str, csv_encoding: str, overwrite: bool
) -> None:
    rules = rules_for(policy, lang)
    if target != "-":
        folder = check_target(target, overwrite=True)
        inputs = Inputs([source], [rules.folder])
        check_outputs({"B": target}, inputs, overwrite=overwrite, folder=folder)
    facts = read_facts(source, rules, lang)
    if target == "-":
        click.echo(to_document(facts), nl=False)
        return
    with progress(lang) as watch:
        write_facts(
            facts, target, rules, lang=lang, encoding=csv_encoding, overwrite=overwrite, watch=watch
        )
    rows = {t: len(getattr(facts, t)) for t in TABLES}
    if lang == "zh":
        counts = "、".join(f"{table_name(t)}{n}行" for t, n in rows.items() if n)
    else:
        counts = ", ".join(f"{t} {n}" for t, n in rows.items() if n)
    shown = shown_place(target)
    say(WORDS[lang]["converted"].format(target=shown, rows=counts))
