"""`lint`: how the rule files are written."""

from __future__ import annotations

from pathlib import Path

import click

from pingan_logic.cli.options import PATH, Command, help_option, policy_argument, to_json
from pingan_logic.lint import Linted, lint
from pingan_logic.policy.find import find_policy, policy_names

__all__ = ["command"]

EXAMPLES = (
    ("python -m pingan_logic lint", "检查自带的规则", "the shipped policy"),
    (
        "python -m pingan_logic lint 我的规则/ --lang en",
        "检查自己的规则，英文",
        "rules of your own, in English",
    ),
)


@click.command("lint", cls=Command, examples=EXAMPLES)
@policy_argument
@click.option("--policy", type=PATH, metavar="NAME|DIR", help="规则名称、文件夹或文件 / policy")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", help="语言 / language")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON / print JSON")
@help_option
def command(policy: str | None, lang: str, as_json: bool) -> int:
    """检查规则文件的写法 / check how rule files are written."""
    named = policy is None or (policy in policy_names() and not Path(policy).exists())
    found = Linted(tuple(lint(find_policy(policy) if named else str(policy))))
    click.echo(to_json(found.to_dict(lang)) if as_json else found.text(lang), nl=False)
    return 1 if found.findings else 0
