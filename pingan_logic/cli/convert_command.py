"""`convert`: data from any format to any other, the same on both sides."""

from __future__ import annotations

import click

from pingan_logic.cli.options import (
    PATH,
    Command,
    encoding_option,
    help_option,
    read_facts,
    rules_for,
)
from pingan_logic.cli.outputs import Inputs, check_outputs, overwrite_option
from pingan_logic.cli.terminal import progress, quiet_option, say
from pingan_logic.cli.words import WORDS
from pingan_logic.export.convert import check_target, write_facts
from pingan_logic.export.json_document import to_document
from pingan_logic.intake.database import shown_place
from pingan_logic.intake.headers import table_name
from pingan_logic.model import TABLES

__all__ = ["command"]

EXAMPLES = (
    ("python -m pingan_logic convert 填报表.xlsx 数据/", "Excel 转 CSV 文件夹", "Excel to CSV"),
    ("python -m pingan_logic convert 数据/ 填报表.xlsx", "CSV 文件夹转 Excel", "CSV to Excel"),
    (
        "python -m pingan_logic convert 台账.xls sqlite:///台账.db",
        "旧版 Excel 转数据库",
        "an old workbook to a database",
    ),
    ("python -m pingan_logic convert 填报表.xlsx - | less", "JSON 到标准输出", "JSON to a pipe"),
)


@click.command("convert", cls=Command, examples=EXAMPLES)
@click.argument("source", type=PATH, metavar="A")
@click.argument("target", type=PATH, metavar="B")
@click.option("--policy", type=PATH, metavar="NAME|DIR", help="规则名称或文件夹 / policy")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", help="语言 / language")
@encoding_option
@click.option(
    "--csv-encoding",
    "encoding",
    type=click.Choice(["utf-8-sig", "gb18030"]),
    default="utf-8-sig",
    help="写出的 CSV 的编码 / encoding of the CSV written",
)
@overwrite_option
@quiet_option
@help_option
def command(
    source: str, target: str, policy: str | None, lang: str, encoding: str, overwrite: bool
) -> None:
    """转换格式：CSV、xlsx、xls、ods、json、数据库，内容不变 / convert data."""
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
            facts, target, rules, lang=lang, encoding=encoding, overwrite=overwrite, watch=watch
        )
    rows = {t: len(getattr(facts, t)) for t in TABLES}
    counts = ", ".join(f"{table_name(t) if lang == 'zh' else t} {n}" for t, n in rows.items() if n)
    shown = shown_place(target)
    say(WORDS[lang]["converted"].format(target=shown, rows=counts))
