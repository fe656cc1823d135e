"""`lint`: how the rule files are written."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from pingan_logic.cli.options import (
    PATH,
    Command,
    format_option,
    help_option,
    policy_argument,
    to_json,
)
from pingan_logic.cli.streams import put
from pingan_logic.findings import written
from pingan_logic.lint import Linted, lint, lint_text
from pingan_logic.policy.find import find_policy, policy_names

__all__ = ["command"]

EXAMPLES = (
    ("python -m pingan_logic lint", "检查自带的规则", "the shipped policy"),
    (
        "python -m pingan_logic lint 我的规则/ --lang en",
        "检查自己的规则，英文",
        "rules of your own, in English",
    ),
    (
        "python -m pingan_logic lint 我的规则/ --format sarif",
        "供代码平台读取",
        "for a code host",
    ),
    (
        "python -m pingan_logic lint 我的规则/ --stdin --stdin-filename village.lp < 草稿.lp",
        "编辑器里还没有保存的文件",
        "a file that an editor has not saved yet",
    ),
)


@click.command("lint", cls=Command, examples=EXAMPLES)
@policy_argument
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
    """检查规则文件的写法 / check how rule files are written."""
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
