"""The command line: one module a command, imported when it is called."""

from __future__ import annotations

import atexit
import os
import re
import signal
import sys
import warnings
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import click

from pingan_logic.cli.options import COMPLETE, HELP, help_option, write_examples
from pingan_logic.cli.streams import fitted_help, open_streams, tell
from pingan_logic.errors import (
    LimitError,
    PinganError,
    Problem,
    RequestError,
    nearest,
    reason,
)
from pingan_logic.intake.database_url import is_url
from pingan_logic.messages.command import WORDS
from pingan_logic.questions.catalogue import QUESTIONS
from pingan_logic.watchdog import MEBIBYTE, Watchdog

__all__ = ["main", "run"]

COMMANDS = (
    "audit",
    "check",
    "completion",
    "convert",
    "evaluate",
    "explain",
    "fix",
    "lint",
    "margin",
    "missing",
    "new-year",
    "open",
    "policy",
    "programme",
    "recheck",
    "report",
    "serve",
    "template",
    "test",
    "verify",
    "whatif",
)

EXAMPLES = (
    (
        "python -m pingan_logic template 填报表.xlsx",
        "得到待填的工作簿",
        "get a workbook to fill in",
    ),
    ("python -m pingan_logic check 填报表.xlsx", "检查填好的表", "check it when filled in"),
    (
        "python -m pingan_logic evaluate --facts 填报表.xlsx",
        "判定全部单位",
        "judge every unit",
    ),
    (
        "python -m pingan_logic explain 青竹镇 --facts 填报表.xlsx",
        "一个单位的逐条理由",
        "the reasons for one unit",
    ),
)
EXIT = (
    ("0", "已回答 / answered"),
    ("1", "检查未通过（test、verify 等）/ a check failed"),
    (
        "2",
        "用法、数据或规则有误，或无法写出，什么也不判定 / bad usage, data or policy, or no place "
        "to write; nothing judged",
    ),
    ("3", "超出时间或内存上限 / stopped at the time or memory limit"),
    ("130, 143", "被 Ctrl-C、SIGTERM 中断 / interrupted by Ctrl-C or SIGTERM"),
)


class _Group(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        asked = QUESTIONS.get(cmd_name)
        if asked is not None and asked.of == "unit":
            from pingan_logic.cli.unit_command import unit_command

            return unit_command(cmd_name)
        module = import_module(f"pingan_logic.cli.{cmd_name.replace('-', '_')}_command")
        command: click.Command = module.command
        return command

    def get_help(self, ctx: click.Context) -> str:
        return fitted_help(super().get_help(ctx))

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage("python -m pingan_logic", "COMMAND ...", prefix="用法 Usage: ")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("选项 Options"):
            rows = [p.get_help_record(ctx) for p in self.get_params(ctx)]
            formatter.write_dl([row for row in rows if row is not None])
        with formatter.section("命令 Commands"):
            formatter.write_dl(
                [
                    (n, c.get_short_help_str(80))
                    for n in COMMANDS
                    if (c := self.get_command(ctx, n)) is not None
                ]
            )

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        write_examples(EXAMPLES, formatter)
        with formatter.section("返回值 Exit status"):
            formatter.write_dl(EXIT)


@click.group(cls=_Group, context_settings=HELP)
@click.version_option(
    package_name="pingan-logic",
    message="pingan_logic %(version)s",
    help="显示版本 / show the version",
)
@help_option
def main() -> None:
    """平安创建标准：判定单位是否达标，并逐条说明理由。

    The nine safe-unit standards: which units qualify, and why not.
    """


def _usage_words(error: click.UsageError, lang: str) -> str:
    """Put click's usage errors into the language of the call, with the nearest valid choice."""
    place = error.ctx.info_name if error.ctx and error.ctx.parent else "pingan_logic"
    # what was typed stands in quotes, in brackets at the end, or before the range
    typed = re.search(r"'(.*?)'|\((.*)\)$|^(\S+) is not in the range", error.message)
    found: str | None = typed[typed.lastindex or 0] if typed else None
    options: list[str] = []
    if isinstance(error, click.NoSuchOption):
        found, zh, en = error.option_name, "没有这个选项", "no such option"
        options = [o for p in (error.ctx.command.params if error.ctx else []) for o in p.opts]
        if place == "pingan_logic":
            zh += "（命令的选项写在命令后面）"
            en += " (the options of a command come after it)"
    elif isinstance(error, click.MissingParameter):
        name = error.param.human_readable_name if error.param else ""
        found, zh, en = None, f"缺少参数 {name}", f"the argument {name} is missing"
    elif isinstance(error, click.BadParameter):
        param = error.param
        place = (param.opts[0] if param.param_type_name == "option" else place) if param else place
        kind = param.type if param else None
        if isinstance(kind, click.Choice):
            options = list(kind.choices)
            zh, en = f"应为 {'、'.join(options)}", f"expected one of {', '.join(options)}"
        elif isinstance(kind, click.IntRange):
            low, high = kind.min, kind.max
            zh, en = f"应为{low}至{high}的整数", f"expected a whole number {low} to {high}"
            if high is None:
                zh, en = f"应为不小于{low}的整数", f"expected a whole number of at least {low}"
        else:
            zh, en = "应为整数", "expected a whole number"
    elif isinstance(error, click.BadOptionUsage):
        place = found or place
        zh, en = "选项后面要有取值", "the option needs a value after it"
        if "does not take" in error.message:
            zh, en = "选项后面不能有取值", "the option takes no value"
        found = None
    elif "No such command" in error.message:
        zh, en, options = "没有这个命令", "no such command", [*COMMANDS, "--help"]
    elif "unexpected extra argument" in error.message:
        zh, en = "多余的参数", "too many arguments"
    elif error.message.startswith("--"):
        found, zh, en = error.message, "选项不能同时使用", "options that exclude each other"
    else:
        found, zh, en = error.message, "用法有误", "wrong usage"
    near = nearest(found, options, cutoff=0.6) if found else None
    return Problem(str(place), zh, en, found, near).words(lang, options=True)


def run(arguments: list[str] | None = None) -> None:
    """Run the command line and exit with one of the codes of `EXIT`."""
    argv = sys.argv[1:] if arguments is None else arguments
    argv = _meant(list(argv))
    english = "--lang=en" in argv or ("--lang", "en") in pairwise(argv)
    lang = "en" if english else "zh"
    open_streams()
    if not sys.warnoptions:  # of libraries, in their words and with raw text of others
        warnings.simplefilter("ignore")
    watchdog = Watchdog(lambda why: _last_words(watchdog, why, lang))
    try:
        try:
            code = _answer(argv, watchdog, lang)
        finally:
            watchdog.stop(ending=arguments is None)
    except KeyboardInterrupt:  # while the answer or an error was being printed
        code = _interrupted(watchdog, lang)
        watchdog.stop(ending=arguments is None)
    if arguments is None:
        _leave(code)
    sys.exit(code)


def _meant(argv: list[str]) -> list[str]:
    """Return the command that is meant where none is named: the page by itself, the verdicts of a
    file; and the page with a file that is dropped on the program of a single file."""
    if COMPLETE in os.environ:
        return argv
    if not argv:
        return ["open"] if find_spec("uvicorn") and find_spec("fastapi") else argv
    if argv[0].startswith("-") or argv[0] in COMMANDS:
        return argv
    if is_url(argv[0]) or Path(argv[0]).exists():
        return ["open" if getattr(sys, "frozen", False) else "evaluate", *argv]
    return argv


def _leave(code: int) -> None:
    """End the process without giving back its memory piece by piece, which of a large county takes
    longer than to explain a unit; nothing is open or running any more."""
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with suppress(ValueError, OSError):
            stream.flush()
    os._exit(code)


def _answer(argv: list[str], watchdog: Watchdog, lang: str) -> int:
    output = sys.stdout
    try:
        # completion scripts are for the installed command
        name = "pingan" if COMPLETE in os.environ else "python -m pingan_logic"
        result = main.main(
            args=argv, prog_name=name, standalone_mode=False, complete_var=COMPLETE, obj=watchdog
        )
        sys.stdout.flush()
        return result if isinstance(result, int) else 0
    except PinganError as error:
        tell(error.words(lang, options=True))
        return Watchdog.TOO_MUCH if isinstance(error, LimitError) else 2
    except click.UsageError as error:
        if isinstance(error, click.exceptions.NoArgsIsHelpError):
            tell(error.format_message())
        else:
            tell(_usage_words(error, lang))
        return 2
    except (click.Abort, KeyboardInterrupt):
        return _interrupted(watchdog, lang)
    except BrokenPipeError:
        _drop_output()
        return 0
    except SystemExit:
        if sys.stdout is output:
            raise
        # click has found that nobody reads any more, which is no failure of ours
        sys.stdout = output
        _drop_output()
        return 0
    except MemoryError:
        tell(LimitError.memory().words(lang, options=True))
        return Watchdog.TOO_MUCH
    except OSError as error:
        _drop_output()
        zh, en = reason(error)
        place = error.filename or ("标准输出" if lang == "zh" else "standard output")
        said = Problem(str(place), f"无法读写：{zh}", f"cannot be read or written: {en}")
        tell(RequestError([said]).words(lang, options=True))
        return 2


def _interrupted(watchdog: Watchdog, lang: str) -> int:
    tell(WORDS[lang]["signal"])
    return 128 + (watchdog.signal or signal.SIGINT)


def _drop_output() -> None:
    """Give up what could not be written, so that Python does not try again as it ends."""
    with suppress(OSError):
        sys.stdout.close()


def _last_words(watchdog: Watchdog, why: str, lang: str) -> None:
    limit = {"time": watchdog.seconds, "memory": (watchdog.memory or 0) // MEBIBYTE}
    # a bar or spinner may stand on the line, with the cursor hidden
    start = b"\r\x1b[K\x1b[?25h" if os.isatty(2) else b""
    with suppress(OSError):
        os.write(2, start + WORDS[lang][why].format(n=limit.get(why)).encode() + b"\n")
