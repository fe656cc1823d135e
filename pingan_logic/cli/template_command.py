"""`template`: a workbook to fill in."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from pingan_logic.cli.options import PATH, Command, help_option
from pingan_logic.cli.outputs import Inputs, check_outputs, overwrite_option
from pingan_logic.cli.running import rules_for
from pingan_logic.cli.steps import checking, said
from pingan_logic.cli.terminal import quiet_option, say
from pingan_logic.errors import Problem, RequestError
from pingan_logic.export.xlsx import to_xlsx
from pingan_logic.files import replace_file
from pingan_logic.messages.command import WORDS

__all__ = ["command"]

EXAMPLES = (
    ("python -m pingan_logic template 填报表.xlsx", "空表，中文表头", "an empty ledger"),
    (
        "python -m pingan_logic template ledger.xlsx --lang en",
        "英文表头",
        "English headers",
    ),
)


@click.command("template", cls=Command, examples=EXAMPLES)
@click.argument("out", type=PATH, metavar="OUT.xlsx")
@click.option("--policy", type=PATH, metavar="NAME|DIR", help="规则名称或文件夹 / policy")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", help="语言 / language")
@overwrite_option
@quiet_option
@help_option
def command(out: str, policy: str | None, lang: str, overwrite: bool) -> None:
    """写一个待填的工作簿：下拉列表、批注、示例行 / write a workbook to fill in."""
    rules = rules_for(policy, lang)
    if out == "-":
        sys.stdout.buffer.write(to_xlsx(rules, None, lang))
        return
    path = Path(out)
    if path.suffix.lower() != ".xlsx":
        raise RequestError(
            [
                Problem(
                    "OUT.xlsx",
                    "文件名应以 .xlsx 结尾",
                    "the file name must end in .xlsx",
                    out,
                    f"{path.stem}.xlsx",
                )
            ]
        )
    check_outputs({"OUT.xlsx": out}, Inputs(rules=[rules.folder]), overwrite=overwrite)
    replace_file(path, to_xlsx(rules, None, lang, name=path.name), overwrite=overwrite)
    say(WORDS[lang]["written"].format(file=out))
    if further := said([(checking(out), "")], lang, "filled"):
        say(further)
