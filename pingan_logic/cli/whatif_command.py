"""`whatif`: two evaluations compared."""

from __future__ import annotations

from pathlib import Path

import click

from pingan_logic.cli.asked import question_command
from pingan_logic.cli.options import PATH, to_json
from pingan_logic.cli.running import day_of, facts_path, read_facts, rules_for
from pingan_logic.cli.streams import put
from pingan_logic.cli.terminal import counting, watching
from pingan_logic.errors import Problem, RequestError
from pingan_logic.evaluation import evaluate
from pingan_logic.messages.comparison import WORDS
from pingan_logic.policy.settings import parse_setting
from pingan_logic.questions.catalogue import QUESTIONS
from pingan_logic.questions.comparison import (
    change_facts,
    each_switch,
    policy_with,
    read_change,
    switch_settings,
)
from pingan_logic.questions.whatif import Switches, what_if

__all__ = ["command"]


@question_command("whatif")
@click.option(
    "--change", type=PATH, metavar="FILE", help="改数据（JSON 的 add、remove、set）/ change data"
)
@click.option("--each-switch", "try_each", is_flag=True, help=QUESTIONS["switches"].words)
def command(
    facts: str | None,
    year: int | None,
    policy: str | None,
    lang: str,
    as_of: str | None,
    as_json: bool,
    set: tuple[str, ...],
    change: str | None,
    policy_b: str | None,
    facts_b: str | None,
    year_b: int | None,
    try_each: bool,
) -> None:
    rules = rules_for(policy, lang)
    path = facts_path(facts, rules.folder, lang)
    data = read_facts(path, rules, lang)
    day = day_of(as_of)
    changed = read_change(Path(change)) if change else {}
    if try_each:
        if policy_b or facts_b or year_b is not None:
            raise _refuse_both()
        wanted = [parse_setting(s, rules) for s in (*set, *changed.get("set", ()))]
        base = policy_with(rules, wanted) if wanted else rules
        if changed.get("add") or changed.get("remove"):
            data = change_facts(data, changed, base, Path(change or "").name)
        with counting(WORDS[lang]["comparing"], len(switch_settings(base))) as done:
            effects = list(each_switch(data, base, year, day, done))
        tried = Switches(base, tuple(effects))
        if as_json:
            click.echo(to_json(tried.to_dict()), nl=False)
        else:
            put(tried.text(lang))
        return
    other = rules_for(policy_b, lang) if policy_b else None
    with watching(WORDS[lang]["comparing"]):
        found = what_if(
            data,
            evaluate(data, rules, year, as_of=day),
            settings=(*set, *changed.get("set", ())),
            change=changed,
            change_name=Path(change or "").name,
            policy_b=other,
            facts_b=read_facts(facts_b, other or rules, lang) if facts_b else None,
            year_b=year_b,
            as_of=day,
            names=(Path(path).name, Path(facts_b or path).name),
        )
    if as_json:
        click.echo(to_json(found.to_dict()), nl=False)
    else:
        put(found.text(lang))


def _refuse_both() -> RequestError:
    return RequestError(
        [
            Problem(
                "--each-switch",
                "逐条改用其他取值时，不能同时给出 --policy-b、--facts-b、--year-b",
                "not together with --policy-b, --facts-b or --year-b",
            )
        ]
    )
