"""What the commands share: options, reading facts and policy, JSON."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Any

import click
from click.shell_completion import CompletionItem

from pingan_logic.cli.named import ENCODING, FORMS, named_encoding, named_forms
from pingan_logic.cli.streams import fitted_help, tell
from pingan_logic.cli.terminal import quiet_option, say
from pingan_logic.errors import InputError, PinganError, Problem, RequestError
from pingan_logic.findings import FORMATS
from pingan_logic.intake import load_facts, read_source
from pingan_logic.intake.decode import encoding_named
from pingan_logic.intake.source import Source
from pingan_logic.intake.vocabulary import Vocabulary
from pingan_logic.json_text import to_json
from pingan_logic.questions.catalogue import AS_OF, YEAR
from pingan_logic.rules.find import find_policy, sample_county
from pingan_logic.solving.load_policy import load_policy
from pingan_logic.watchdog import MEBIBYTE, Watchdog, sensible_memory, used_memory

__all__ = [
    "COMPLETE",
    "HELP",
    "PATH",
    "Command",
    "encoding_option",
    "facts_argument",
    "facts_first_option",
    "format_option",
    "help_option",
    "judging_options",
    "policy_argument",
    "policy_options",
    "read_tables",
    "rules_options",
    "run_options",
    "to_json",
    "unit_argument",
    "write_examples",
]


COMPLETE = "_PINGAN_COMPLETE"
"""The variable through which a shell asks for completions."""


PATH = click.Path()
"""A path of any kind, or a URL: shells complete it, the command itself looks at it."""


HELP = {"help_option_names": ["-h", "--help"], "terminal_width": 10_000}
"""Settings of every command; `fitted_help` breaks its help and knows how wide Chinese is."""


Examples = Sequence[tuple[str, str, str]]
"""Command lines with what they do, in Chinese and in English."""


class Command(click.Command):
    """A command whose help, with its examples, is in both languages.

    It runs within limits, unless it is not `watched`; `seconds` is how long it may take if nothing
    else is said (0: no limit).
    """

    examples: Sequence[tuple[str, str, str]]
    watched: bool

    def __init__(
        self,
        *args: Any,
        examples: Examples = (),
        seconds: int = 3600,
        watched: bool = True,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.examples, self.watched = examples, watched
        if watched:
            self.params.extend(_limits(seconds))

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if any(p.name == _FIRST for p in self.params):
            args = _facts_first(args)
        # its value may only follow after "=": what comes next is the data
        return super().parse_args(ctx, ["--csv=words" if a == "--csv" else a for a in args])

    def invoke(self, ctx: click.Context) -> Any:
        for option in ("facts", "policy"):
            given = ctx.params.pop(f"{option}_given", None)
            if given is not None and ctx.params.get(option) is not None:
                zh, en = "给出了两次", "is given twice"
                raise RequestError([Problem(f"--{option}", zh, en, given)])
            if given is not None:
                ctx.params[option] = given
        watchdog = ctx.find_object(Watchdog)
        if watchdog is not None and self.watched:
            seconds, memory = ctx.meta[_MAX_TIME], ctx.meta[_MAX_MEMORY]
            most = sensible_memory() if memory is None else memory * MEBIBYTE
            if memory and used_memory() is None:
                say(_NO_MEMORY[ctx.params.get("lang") == "en"])
            watchdog.start(seconds or None, most or None)
        try:
            return super().invoke(ctx)
        except InputError as error:
            from pingan_logic.cli.steps import data_of, mending

            lang = ctx.params.get("lang", "zh")
            tell(f"{error.words(lang, options=True)}\n{mending(data_of(ctx.params), lang)}")
            return 2

    def get_help(self, ctx: click.Context) -> str:
        return fitted_help(super().get_help(ctx))

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        pieces = self.collect_usage_pieces(ctx)
        formatter.write_usage(ctx.command_path, " ".join(pieces), prefix="用法 Usage: ")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        params = [p for p in self.get_params(ctx) if isinstance(p, click.Option)]
        rows = [r for p in params if (r := p.get_help_record(ctx)) is not None]
        with formatter.section("选项 Options"):
            formatter.write_dl(rows)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        write_examples(self.examples, formatter)
        if any(p.name in ("facts", _FIRST) for p in self.params):
            formatter.write(f"\n类别 Kinds: {_kinds()}\n")


def _kinds() -> str:
    """Return the kinds of the shipped policy as they can be written in data and options."""
    policy = load_policy()
    known = Vocabulary.of_tables(policy)["units", "kind"]
    labels = zip(known.words, known.labels, strict=True)
    return "、".join(f"{label.removeprefix('平安')} {kind}" for kind, label in labels)


def facts_argument(command: Any) -> Any:
    """Let the data be given without `--facts` too."""
    return click.argument("facts_given", type=PATH, metavar="[PATH|URL]", required=False)(command)


def facts_first_option(command: Any) -> Any:
    """Let the first file that is named, the data, be given as `--facts` too."""
    return click.option(
        "--facts",
        _FIRST,
        type=PATH,
        metavar="PATH|URL",
        expose_value=False,
        help="同第一个文件 / as the first file",
    )(command)


_FIRST = "facts_first"


def _facts_first(args: list[str]) -> list[str]:
    """Put the value of `--facts` where the first file stands."""
    for n, arg in enumerate(args):
        if arg.startswith("--facts="):
            return [arg.removeprefix("--facts="), *args[:n], *args[n + 1 :]]
        if arg == "--facts" and args[n + 1 :]:
            return [args[n + 1], *args[:n], *args[n + 2 :]]
    return args


def policy_argument(command: Any) -> Any:
    """Let the rules be given without `--policy` too."""
    return click.argument("policy_given", type=PATH, metavar="[NAME|DIR]", required=False)(command)


def _limits(seconds: int) -> list[click.Parameter]:
    def keep(key: str) -> Any:
        def set_value(context: click.Context, _: click.Parameter, value: int | None) -> None:
            context.meta[key] = value

        return set_value

    return [
        click.Option(
            ["--max-time"],
            type=click.IntRange(0),
            metavar="S",
            default=seconds,
            show_default=True,
            envvar="PINGAN_MAX_TIME",
            expose_value=False,
            callback=keep(_MAX_TIME),
            help="最多运行几秒，0为不限 / seconds until it is stopped; 0: no limit",
        ),
        click.Option(
            ["--max-memory"],
            type=click.IntRange(0),
            metavar="MB",
            envvar="PINGAN_MAX_MEMORY",
            expose_value=False,
            callback=keep(_MAX_MEMORY),
            help="最多占用多少内存，0为不限，默认为本机的四分之三 / memory until it is stopped; "
            "0: no limit; default: three quarters of the machine's",
        ),
    ]


_NO_MEMORY = (
    "提示：本机上无法得知占用的内存，--max-memory 不起作用（安装 psutil 后可以）",
    "note: the memory in use is not known on this machine, so --max-memory has no effect "
    "(it has with psutil installed)",
)


_MAX_TIME, _MAX_MEMORY = "pingan_logic.max_time", "pingan_logic.max_memory"


def write_examples(examples: Examples, formatter: click.HelpFormatter) -> None:
    """Write examples as part of a help text, unwrapped so that they can be copied."""
    if not examples:
        return
    with formatter.section("例子 Examples"):
        for line, zh, en in examples:
            formatter.write(f"  {line}\n      {zh} / {en}\n")


def help_option(command: Any) -> Any:
    """Add `--help`."""
    return click.help_option("-h", "--help", help="显示帮助 / show this help")(command)


def _add(options: list[Any], command: Any) -> Any:
    for option in reversed(options):
        command = option(command)
    return command


def format_option(command: Any) -> Any:
    """Add `--format`, and `--json` as one of its values: how findings are written."""

    def chosen(context: click.Context, _: click.Parameter, value: str | None) -> str:
        as_json = context.meta.get(_AS_JSON, False)
        if value is not None and as_json and value != "json":
            raise click.UsageError("--json --format")
        return value or ("json" if as_json else "text")

    def keep(context: click.Context, _: click.Parameter, value: bool) -> None:
        context.meta[_AS_JSON] = value

    return _add(
        [
            click.option(
                "--json", is_flag=True, expose_value=False, is_eager=True, callback=keep,
                help="同 --format json / as --format json",
            ),
            click.option(
                "--format", "form", type=click.Choice(FORMATS), callback=chosen,
                help="输出格式，默认 text / how findings are written",
            ),
        ],
        command,
    )  # fmt: skip


_AS_JSON = "pingan_logic.as_json"


def _json_option(command: Any) -> Any:
    return click.option("--json", "as_json", is_flag=True, help="输出 JSON / print JSON")(command)


def rules_options(command: Any) -> Any:
    """Add the options of every command that reads rules: policy and language."""
    return _add(
        [
            click.option(
                "--policy", type=PATH, metavar="NAME|DIR", help="规则名称或文件夹 / policy"
            ),
            click.option(
                "--lang", type=click.Choice(["zh", "en"]), default="zh", help="语言 / language"
            ),
            quiet_option,
        ],
        command,
    )


def policy_options(command: Any) -> Any:
    """Add the options of every command: policy, language, JSON."""
    return rules_options(_json_option(command))


def encoding_option(command: Any) -> Any:
    """Add `--encoding`, what text is read as that is not plainly UTF-8, and `--columns`, how local
    forms map."""

    def keep(context: click.Context, _: click.Parameter, value: str | None) -> None:
        context.meta[ENCODING] = None if value is None else encoding_named(value)

    def keep_forms(context: click.Context, _: click.Parameter, value: str | None) -> None:
        context.meta[FORMS] = value

    command = click.option(
        "--columns",
        "facts_forms",
        type=PATH,
        metavar="FILE.toml",
        expose_value=False,
        callback=keep_forms,
        help="本地表格的列、词与本程序的对应，默认用数据旁的 columns.toml / how local forms map; "
        "default: columns.toml beside the data",
    )(command)
    return click.option(
        "--encoding",
        "facts_encoding",
        metavar="NAME",
        expose_value=False,
        callback=keep,
        help="不是 UTF-8 的 CSV、JSON 按此编码读，如 gb18030 / encoding of CSV and JSON that are "
        "not UTF-8",
    )(command)


def read_tables(path: str) -> Source:
    """Read the raw tables at `path`, in the encoding that the command line names."""
    return read_source(path, named_encoding(), named_forms())


def judging_options(command: Any) -> Any:
    """Add the options of every command that judges: data, year, cut-off, policy, language."""
    return help_option(
        _add(
            [
                facts_argument,
                click.option(
                    "--facts",
                    type=PATH,
                    metavar="PATH|URL",
                    help="数据：文件夹、工作簿、JSON、数据库地址或 - / data: a folder, workbook, "
                    "JSON file, database URL or -",
                ),
                encoding_option,
                click.option(YEAR.flag, type=int, metavar=YEAR.metavar, help=YEAR.words),
                click.option(AS_OF.flag, metavar=AS_OF.metavar, help=AS_OF.words),
                rules_options,
            ],
            command,
        )
    )


def run_options(command: Any) -> Any:
    """Add the options of a command that judges and prints: those of `judging_options`, and JSON."""
    return judging_options(_json_option(command))


def _units(context: click.Context, _: click.Parameter, begun: str) -> list[CompletionItem]:
    """Complete ids from the data that the line names; names stand beside them."""
    path = context.params.get("facts_given") or context.params.get("facts")
    try:
        path = path or sample_county(find_policy(context.params.get("policy")))
        units = load_facts(path).units
    except PinganError:
        return []
    found = (u for u in units if u.id.startswith(begun))
    return [CompletionItem(u.id, help=u.name) for u in islice(found, _COMPLETED)]


_COMPLETED = 200


def unit_argument(command: Any) -> Any:
    """Add the argument UNIT: an id, a name or a part of one."""
    return click.argument("unit", metavar="UNIT", shell_complete=_units)(command)
