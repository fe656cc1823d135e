"""`policy`: a new policy to begin with, the numbers and switches of one, its whole program."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from pingan_logic.catalogue import Policy
from pingan_logic.cli.options import PATH, Command, help_option, policy_options, to_json
from pingan_logic.cli.running import rules_for
from pingan_logic.cli.steps import of_rules, said
from pingan_logic.cli.streams import put
from pingan_logic.errors import Problem, RequestError, visible
from pingan_logic.policy.expand import expand
from pingan_logic.policy.new import new_policy
from pingan_logic.policy.params import policy_params
from pingan_logic.policy.sentences import sentences

__all__ = ["command"]

EXAMPLES = (
    ("python -m pingan_logic policy new 本县-2020", "建一份最小的规则", "a minimal policy"),
    ("python -m pingan_logic policy show", "逐条对照原文和规则", "notice and rules side by side"),
    ("python -m pingan_logic policy params", "门槛、分数线、开关、工作量", "its numbers, switches"),
    (
        "python -m pingan_logic policy expand",
        "求解器所读的全部规则",
        "all rules, as clingo reads them",
    ),
)
_ASKED: dict[str, Callable[[Policy], Any]] = {
    "show": sentences, "params": policy_params, "expand": expand,
}  # fmt: skip
_MADE = {
    "zh": "已建好 {folder}：{n}个文件",
    "en": "made {folder}: {n} files",
}


@click.command("policy", cls=Command, examples=EXAMPLES)
@click.argument(
    "action",
    type=click.Choice(["new", "show", "params", "expand"]),
    metavar="new|show|params|expand",
)
@click.argument("name", type=PATH, metavar="[NAME|DIR]", required=False)
@policy_options
@help_option
def command(action: str, name: str | None, policy: str | None, lang: str, as_json: bool) -> None:
    """建一份新规则，列出其中的数和开关，或全部规则 / make a policy, list its numbers or rules."""
    if action != "new":
        rules = rules_for(name if policy is None else policy, lang)
        found = _ASKED[action](rules)
        if as_json:
            click.echo(to_json(found.to_dict(lang)), nl=False)
        else:
            put(found.text(lang))
        return
    if name is None:
        zh, en = "请写出新规则的名称", "give the name of the new policy"
        raise RequestError([Problem("NAME", zh, en)])
    files = new_policy(name)
    if as_json:
        click.echo(to_json({"folder": name, "files": [p.as_posix() for p in files]}), nl=False)
    else:
        made = _MADE[lang].format(folder=visible(name), n=len(files))
        put("\n".join(filter(None, (made, said([(of_rules("lint", name), "to_lint")], lang)))))
