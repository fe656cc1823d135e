"""`check`: every problem of a source of data, by sheet and cell."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import click
from attrs import evolve

from pingan_logic.catalogue import Policy
from pingan_logic.cli.asked import question_command
from pingan_logic.cli.options import (
    PATH,
    encoding_option,
    help_option,
    policy_options,
    read_tables,
    to_json,
)
from pingan_logic.cli.outputs import Inputs, check_outputs, overwrite_option
from pingan_logic.cli.running import read_facts, rules_for, say_passed_over
from pingan_logic.cli.steps import mending, said, step
from pingan_logic.cli.streams import put
from pingan_logic.cli.terminal import colour, progress, say, watching
from pingan_logic.errors import InputError, Problem, RequestError, visible
from pingan_logic.explain import notices_text
from pingan_logic.export.annotate import annotate
from pingan_logic.export.corrected import corrected
from pingan_logic.files import replace_file
from pingan_logic.intake import to_facts
from pingan_logic.intake.database_url import shown_place
from pingan_logic.intake.headers import table_name
from pingan_logic.intake.learn import proposal
from pingan_logic.intake.source import Source
from pingan_logic.messages.command import WORDS
from pingan_logic.model import TABLES, Facts
from pingan_logic.questions.checked import checked
from pingan_logic.questions.rollover import rollover_text, unrecorded

__all__ = ["command"]


@question_command(
    "check", click.argument("facts_given", type=PATH, metavar="FILE|DIR|URL", required=False)
)
@click.option("--facts", type=PATH, metavar="FILE|DIR|URL", help="要检查的数据 / data to check")
@click.option(
    "--annotate",
    "marked",
    type=PATH,
    metavar="OUT.xlsx",
    help="另存标注过的工作簿 / write a copy with bad cells marked",
)
@click.option(
    "--fix",
    "fixed",
    type=PATH,
    metavar="OUT.xlsx",
    help="另存改好的工作簿，只有一种改法的都改好并列出 / write a copy with what is sure corrected",
)
@click.option(
    "--learn",
    is_flag=True,
    help="为不认识的表格拟一份 columns.toml / propose a columns.toml for forms of your own",
)
@overwrite_option
@encoding_option
@policy_options
@help_option
def command(
    facts: str | None,
    marked: str | None,
    fixed: str | None,
    learn: bool,
    since: str | None,
    overwrite: bool,
    policy: str | None,
    lang: str,
    as_json: bool,
) -> int:
    if facts is None:
        context = click.get_current_context()
        raise click.MissingParameter(ctx=context, param=context.command.params[0])
    source = facts
    rules, words = rules_for(policy, lang), WORDS[lang]
    if learn:
        click.echo(proposal(read_tables(source).sheets, rules, lang), nl=False)
        return 0
    outputs = {o: t for o, t in (("--annotate", marked), ("--fix", fixed)) if t is not None}
    for option, target in outputs.items():
        _check_target(option, target)
    if outputs:
        inputs = Inputs([source, *([since] if since else [])], [rules.folder])
        check_outputs(outputs, inputs, overwrite=overwrite)
    tables = Source()

    def read() -> Facts:
        nonlocal tables
        with watching(words["reading"]):
            tables = read_tables(source)
        with progress(lang) as watch:
            return to_facts(tables, rules, watch=watch)

    found = checked(read, rules)
    records, refused, judged = found.facts, found.refused, found.judged
    told = None
    if since is not None and records is not None:
        told = unrecorded(read_facts(since, rules, lang), records, rules)
        found = evolve(found, since=tuple(told[1]))
    content = None
    try:
        if marked is not None:
            with watching(words["marking"]):
                content = annotate(source, tables, found.rows, lang)
    finally:
        # what is wrong with the data is told also when it cannot be marked
        if as_json:
            click.echo(to_json(found.to_dict(lang)), nl=False)
        else:
            _print(source, refused, records, tables, rules, lang)
            if told is not None:
                put(rollover_text(*told, rules, lang))
            for line in notices_text(judged, lang, only=rules.said_by_check) if judged else ():
                say(line)
    if marked is not None and content is not None:
        replace_file(Path(marked), content, overwrite=overwrite)
        say(words["marked"].format(file=visible(marked)))
    if fixed is not None:
        again = read_tables(source)
        content, made, left = corrected(source, again, rules, lang)
        replace_file(Path(fixed), content, overwrite=overwrite)
        say(words["fixed"].format(file=visible(fixed), n=made, left=left))
    return 2 if records is None else 0


def _check_target(option: str, target: str) -> None:
    path = Path(target)
    if path.suffix.lower() != ".xlsx":
        raise RequestError(
            [
                Problem(
                    option,
                    "文件名应以 .xlsx 结尾",
                    "the file name must end in .xlsx",
                    target,
                    f"{path.stem}.xlsx",
                )
            ]
        )


def _print(
    source: str,
    refused: InputError | None,
    facts: Facts | None,
    tables: Source,
    rules: Policy,
    lang: str,
) -> None:
    words = WORDS[lang]
    shown = visible(shown_place(source))
    bright = colour(sys.stdout)

    def head(text: str, hue: str) -> str:
        return click.style(text, fg=hue, bold=True) if bright else text

    say_passed_over(tables, lang)
    if refused is not None:
        title = words["bad"].format(source=shown, n=len(refused.problems) + refused.more)
        put("\n".join([head(title, "red"), *refused.lines(lang, options=True)]))
        say(mending(source, lang))
        return
    assert facts is not None
    lines = [head(words["good"].format(source=shown), "green")]
    for table in TABLES:
        count = len(getattr(facts, table))
        if count:
            name = table_name(table) if lang == "zh" else table
            lines.append(words["rows"].format(table=name, n=count))
            if table == "units":
                lines += _kinds(facts, rules, lang)
    if not facts.units:
        lines.append(words["empty"])
    put("\n".join(lines))
    if facts.units and (further := said([(step("evaluate"), "to_judge")], lang)):
        say(further)


def _kinds(facts: Facts, rules: Policy, lang: str) -> list[str]:
    counts = Counter(u.kind for u in facts.units)
    return [
        WORDS[lang]["of_kind"].format(
            kind=kind.zh if lang == "zh" else kind.en, n=counts[kind.id], measure=kind.measure
        )
        for kind in rules.unit_kinds.values()
        if counts[kind.id]
    ]
