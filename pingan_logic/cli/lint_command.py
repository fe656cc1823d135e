"""`lint`: how the rule files are written."""

from __future__ import annotations

from pathlib import Path

import click

from pingan_logic.cli.options import PATH, Command, help_option, policy_argument, to_json
from pingan_logic.lint import lint
from pingan_logic.policy.find import find_policy

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
    known = policy is not None and Path(policy).exists()
    found = lint(str(policy) if known else find_policy(policy))
    if as_json:
        rows = [
            {"file": f.file, "line": f.line, "column": f.column, "rule": f.rule,
             "message": f.en if lang == "en" else f.zh}
            for f in found
        ]  # fmt: skip
        click.echo(to_json({"schema": 1, "findings": rows}), nl=False)
    else:
        for f in found:
            click.echo(f.words(lang))
        if lang == "en":
            click.echo(f"{len(found)} finding{'' if len(found) == 1 else 's'}")
        else:
            click.echo(f"{len(found)}处" if found else "没有问题")
    return 1 if found else 0
