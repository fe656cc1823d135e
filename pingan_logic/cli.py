"""The command line: `explain` one unit, `evaluate` all."""

from __future__ import annotations

import csv
import io
import json
import sys
from datetime import date
from itertools import pairwise
from typing import Any

import click

from pingan_logic.errors import PinganError, Problem, RequestError, nearest
from pingan_logic.evaluation import evaluate
from pingan_logic.explain import list_text, notices_text
from pingan_logic.explain.words import WORDS
from pingan_logic.intake import load_facts
from pingan_logic.policy.find import data_folder
from pingan_logic.solving.engine import load_policy
from pingan_logic.verdicts import Assessment

__all__ = ["main", "run"]

_STATUSES = ("met", "failed", "undetermined")


class _Command(click.Command):
    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        pieces = self.collect_usage_pieces(ctx)
        formatter.write_usage(ctx.command_path, " ".join(pieces), prefix="用法 Usage: ")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [r for p in self.get_params(ctx) if (r := p.get_help_record(ctx)) is not None]
        with formatter.section("选项 Options"):
            formatter.write_dl(rows)


class _Group(click.Group):
    command_class = _Command

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage("python -m pingan_logic", "COMMAND ...", prefix="用法 Usage: ")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("命令 Commands"):
            formatter.write_dl(
                [(n, c.get_short_help_str(80)) for n, c in sorted(self.commands.items())]
            )


_HELP = {"help_option_names": ["-h", "--help"]}


def _help_option(command: Any) -> Any:
    return click.help_option("-h", "--help", help="显示帮助 / show this help")(command)


@click.group(cls=_Group, context_settings=_HELP)
def main() -> None:
    """平安创建标准:判定单位是否达标,并逐条说明理由。

    The nine safe-unit standards: which units qualify, and why not.
    """


def _common(command: Any) -> Any:
    for option in reversed(
        [
            click.option("--facts", metavar="PATH", help="CSV 文件夹、JSON 文件或 - / data"),
            click.option("--year", type=int, metavar="Y", help="年度 / year to judge"),
            click.option("--policy", metavar="NAME|DIR", help="规则名称或文件夹 / policy"),
            click.option(
                "--lang", type=click.Choice(["zh", "en"]), default="zh", help="语言 / language"
            ),
            click.option("--as-of", metavar="DATE", help="数据截止日,年末前为预评 / cut-off date"),
            click.option("--json", "as_json", is_flag=True, help="输出 JSON / print JSON"),
        ]
    ):
        command = option(command)
    return _help_option(command)


def _assess(
    facts: str | None, year: int | None, policy: str | None, lang: str, as_of: str | None
) -> Assessment:
    rules = load_policy(policy)
    if lang == "en":
        silent = [c for c in rules.clauses.values() if not c.en]
        if silent:
            raise RequestError(
                Problem(
                    f"--policy {rules.name}",
                    f"条款没有英文:在规则文件中加 english({c.id}, ...)",
                    f"the clause has no English words: add english({c.id}, ...)",
                    c.id,
                )
                for c in silent
            )
    day: date | None = None
    if as_of is not None:
        try:
            day = date.fromisoformat(as_of)
        except ValueError:
            raise RequestError(
                [Problem("--as-of", "应为日期,如 2014-06-30", "expected a date", as_of)]
            ) from None
    if facts is None:
        click.echo(WORDS[lang]["sample"], err=True)
        facts = str(data_folder("facts") / "xiangyin-sample")
    result = evaluate(load_facts(facts, rules), rules, year, as_of=day)
    for line in notices_text(result, lang):
        click.echo(line, err=True)
    return result


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


@main.command(cls=_Command)
@click.argument("unit", metavar="UNIT")
@_common
@click.option("--all", "every", is_flag=True, help="列出全部阻碍单位 / name every blocking unit")
def explain(
    unit: str,
    facts: str | None,
    year: int | None,
    policy: str | None,
    lang: str,
    as_of: str | None,
    as_json: bool,
    every: bool,
) -> None:
    """说明一个单位为何达标、未达标或待核 / explain one unit."""
    explanation = _assess(facts, year, policy, lang, as_of).explain(unit)
    if as_json:
        click.echo(_json(explanation.to_dict(lang, every=every)), nl=False)
    else:
        click.echo(explanation.text(lang, every=every), nl=False)


@main.command("evaluate", cls=_Command)
@_common
@click.option("--kind", metavar="K", help="只列一类 / one kind only")
@click.option("--status", type=click.Choice(_STATUSES), help="只列一种结论 / one status only")
@click.option("--csv", "as_csv", is_flag=True, help="输出 CSV / print CSV")
def evaluate_command(
    facts: str | None,
    year: int | None,
    policy: str | None,
    lang: str,
    as_of: str | None,
    as_json: bool,
    kind: str | None,
    status: str | None,
    as_csv: bool,
) -> None:
    """判定全部单位并按类别汇总 / judge all units."""
    if as_json and as_csv:
        raise click.UsageError("--json --csv")
    result = _assess(facts, year, policy, lang, as_of)
    kinds = result.policy.kinds
    if kind is not None and kind not in kinds:
        raise RequestError(
            [
                Problem(
                    "--kind",
                    f"应为 {'、'.join(kinds)}",
                    f"expected one of {', '.join(kinds)}",
                    kind,
                    nearest(kind, kinds),
                )
            ]
        )
    if as_json:
        click.echo(_json(result.to_dict(kind, status)), nl=False)
    elif as_csv:
        click.echo(_csv(result, result.select(kind, status)), nl=False)
    else:
        click.echo(list_text(result, result.select(kind, status), kind, lang), nl=False)


def _csv(result: Assessment, units: list[str]) -> str:
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow(["id", "kind", "name", "status", "failed", "undetermined"])
    for unit in units:
        row = result[unit].to_dict()
        name = result.units[unit].name
        if name.startswith(("=", "+", "-", "@")):
            name = "'" + name  # a spreadsheet would run it as a formula
        writer.writerow(
            [unit, row["kind"], name, row["status"], *(";".join(row[c]) for c in
             ("failed", "undetermined"))]
        )  # fmt: skip
    return out.getvalue()


def _usage_words(error: click.UsageError, lang: str) -> str:
    """Put click's usage errors into the language of the call, with the nearest valid choice."""
    if isinstance(error, click.NoSuchOption):
        found, zh, en = error.option_name, "没有这个选项", "no such option"
        options = [o for p in (error.ctx.command.params if error.ctx else []) for o in p.opts]
    elif isinstance(error, click.MissingParameter):
        name = error.param.human_readable_name if error.param else ""
        found, zh, en, options = name, "缺少参数", "missing argument", []
    elif isinstance(error, click.BadParameter):
        param = error.param
        found = param.opts[0] if param else ""
        options = []
        kind = param.type if param else None
        if isinstance(kind, click.Choice):
            zh = f"取值应为 {'、'.join(kind.choices)}"
            en = f"expected one of {', '.join(kind.choices)}"
        else:
            zh, en = "取值应为整数", "expected a whole number"
    elif "No such command" in error.message:
        found = error.message.split("'")[1]
        zh, en, options = "没有这个命令", "no such command", list(main.commands)
    else:
        found, zh, en, options = error.message, "用法有误", "wrong usage", []
    near = nearest(found, options)
    return Problem("pingan_logic", zh, en, found, near).words(lang)


def run(arguments: list[str] | None = None) -> None:
    """Run the command line and exit: 0 answered, 2 bad usage or bad input."""
    argv = sys.argv[1:] if arguments is None else arguments
    english = "--lang=en" in argv or ("--lang", "en") in pairwise(argv)
    lang = "en" if english else "zh"
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")
    code = 0
    try:
        result = main.main(args=argv, prog_name="python -m pingan_logic", standalone_mode=False)
        code = result if isinstance(result, int) else 0
    except PinganError as error:
        click.echo(error.words(lang), err=True)
        code = 2
    except click.UsageError as error:
        if isinstance(error, click.exceptions.NoArgsIsHelpError):
            click.echo(error.format_message(), err=True)
        else:
            click.echo(_usage_words(error, lang), err=True)
        code = 2
    except (click.Abort, KeyboardInterrupt):
        code = 130
    except BrokenPipeError:
        sys.stderr.close()
        code = 0
    sys.exit(code)
