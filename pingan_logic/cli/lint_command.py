"""`lint`: how the rule files are written."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from pingan_logic.cli.asked import question_command
from pingan_logic.cli.options import PATH, format_option, help_option, policy_argument, to_json
from pingan_logic.cli.streams import put
from pingan_logic.findings import written
from pingan_logic.lint import Linted, lint, lint_text
from pingan_logic.rules.find import find_policy, policy_names

__all__ = ["command"]


@question_command("lint", policy_argument)
@click.option("--policy", type=PATH, metavar="NAME|DIR", help="规则名称、文件夹或文件 / policy")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", help="语言 / language")
@format_option
@click.option("--stdin", is_flag=True, help="检查标准输入里的一个文件 / check one file from a pipe")
@click.option(
    "--stdin-filename",
    "name",
    metavar="FILE",
    help="它是规则文件夹中的哪个文件 / which file of the policy it is",
)
@help_option
def command(policy: str | None, lang: str, form: str, stdin: bool, name: str | None) -> int:
    named = policy is None or (policy in policy_names() and not Path(policy).exists())
    path = find_policy(policy) if named else Path(str(policy))
    if stdin:
        text = sys.stdin.buffer.read().decode("utf-8-sig", errors="replace")
        found = Linted(tuple(lint_text(text, name or "", path if name else None)))
    else:
        found = Linted(tuple(lint(path)))
    if form == "json":
        click.echo(to_json(found.to_dict(lang)), nl=False)
    elif form == "text":
        put(found.text(lang))
    else:
        alone = path.is_file() or (stdin and name is None)
        folder = Path() if stdin and name is None else path.parent if alone else path
        click.echo(written(found.remarks(folder, lang), form, "lint", found.kept()), nl=False)
    return 1 if found.findings else 0
