"""`whatif`: two evaluations compared."""

from __future__ import annotations

from pathlib import Path

import click

from pingan_logic.cli.options import (
    PATH,
    Command,
    day_of,
    facts_path,
    read_facts,
    rules_for,
    run_options,
    to_json,
)
from pingan_logic.cli.terminal import counting, watching
from pingan_logic.errors import Problem, RequestError, visible
from pingan_logic.evaluation import evaluate
from pingan_logic.policy.settings import parse_setting
from pingan_logic.reasoning.comparison import (
    change_facts,
    compare,
    each_switch,
    policy_with,
    read_change,
    refuse_nothing_to_compare,
    switch_settings,
)
from pingan_logic.reasoning.comparison_text import (
    Side,
    comparison_text,
    setting_words,
    switches_text,
)
from pingan_logic.reasoning.words import WORDS

__all__ = ["command"]

EXAMPLES = (
    (
        "python -m pingan_logic whatif --set 'threshold(building_households)=95/100'",
        "改一个门槛",
        "with another threshold",
    ),
    (
        "python -m pingan_logic whatif --facts 台账.xlsx --year 2014 --year-b 2015",
        "比较两个年度",
        "compare two years",
    ),
)


@click.command("whatif", cls=Command, examples=EXAMPLES)
@run_options
@click.option(
    "--set", "settings", multiple=True, metavar="X(K)=V", help="改门槛、开关 / change a rule"
)
@click.option(
    "--change", type=PATH, metavar="FILE", help="改数据(JSON 的 add、remove、set)/ change data"
)
@click.option(
    "--policy-b", type=PATH, metavar="NAME|DIR", help="与另一规则比较 / against another policy"
)
@click.option("--facts-b", type=PATH, metavar="PATH", help="与另一数据比较 / against other data")
@click.option("--year-b", type=int, metavar="Y", help="与另一年度比较 / against another year")
@click.option(
    "--each-switch", "try_each", is_flag=True, help="每个解释影响几个单位 / try every switch"
)
def command(
    facts: str | None,
    year: int | None,
    policy: str | None,
    lang: str,
    as_of: str | None,
    as_json: bool,
    settings: tuple[str, ...],
    change: str | None,
    policy_b: str | None,
    facts_b: str | None,
    year_b: int | None,
    try_each: bool,
) -> None:
    """如果……会怎样：两次评定，哪些单位结论改变，因哪一条 / which verdicts would flip."""
    rules = rules_for(policy, lang)
    path = facts_path(facts, lang)
    data = read_facts(path, rules, lang)
    day = day_of(as_of)
    changed = read_change(Path(change)) if change else {}
    if try_each:
        if policy_b or facts_b or year_b is not None:
            raise _refuse_both()
        wanted = [parse_setting(s, rules) for s in (*settings, *changed.get("set", ()))]
        base = policy_with(rules, wanted) if wanted else rules
        if changed.get("add") or changed.get("remove"):
            data = change_facts(data, changed, base, Path(change or "").name)
        with counting(WORDS[lang]["comparing"], len(switch_settings(base))) as done:
            effects = list(each_switch(data, base, year, day, done))
        if as_json:
            click.echo(to_json({"schema": 1, "switches": [e.to_dict() for e in effects]}), nl=False)
        else:
            click.echo(switches_text(base, effects, lang), nl=False)
        return
    if not (settings or change or policy_b or facts_b or year_b is not None):
        raise refuse_nothing_to_compare()
    other = rules_for(policy_b, lang) if policy_b else rules
    wanted = [parse_setting(s, other) for s in (*settings, *changed.get("set", ()))]
    unchanged, other = other, policy_with(other, wanted) if wanted else other
    other_data = read_facts(facts_b, other, lang) if facts_b else data
    rows = bool(changed.get("add") or changed.get("remove"))
    if rows:
        other_data = change_facts(other_data, changed, other, Path(change or "").name)
    with watching(WORDS[lang]["comparing"]):
        before = evaluate(data, rules, year, as_of=day)
        then = year_b if year_b is not None else before.year
        after = evaluate(other_data, other, then, as_of=day)
        found = compare(before, after)
    if as_json:
        changes = (*map(str, wanted), change or "")
        names = (
            _name(rules.name, path, before.year, ()),
            _name(other.name, facts_b or path, after.year, changes),
        )
        click.echo(to_json({"schema": 1, "before": names[0], "after": names[1],
                            **found.to_dict()}), nl=False)  # fmt: skip
        return
    sides = Side(before, _file(path)), Side(after, _file(facts_b or path))
    said = [setting_words(unchanged, s, lang) for s in wanted]
    if rows:
        said.append(WORDS[lang]["whatif_data"].format(file=_file(change or "")))
    click.echo(comparison_text(*sides, said, found, lang), nl=False)


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


def _file(path: str) -> str:
    return visible(Path(path).name)


def _name(policy: str, path: str, year: int, changes: tuple[str, ...]) -> str:
    return visible(" ".join((policy, Path(path).name, str(year), *(c for c in changes if c))))
