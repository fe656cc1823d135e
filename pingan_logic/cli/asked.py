"""Commands and options from the description of a question."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from pingan_logic.cli.options import (
    PATH,
    Command,
    help_option,
    policy_argument,
    policy_options,
    run_options,
    unit_argument,
)
from pingan_logic.messages.explain import WORDS
from pingan_logic.questions.catalogue import QUESTIONS
from pingan_logic.questions.described import CLI, Input

__all__ = ["question_command"]

Decorator = Callable[[Any], Any]


def question_command(name: str, common: Decorator | None = None, **settings: Any) -> Decorator:
    """Make the command of a question: its words, inputs and examples are those of the description.

    `common` adds the options for data and rules, by default those of commands that print; the
    options of the function itself come last. `settings` are those of `Command`.
    """
    question = QUESTIONS[name]
    examples = [(f"python -m pingan_logic {line}", zh, en) for line, zh, en in question.examples]

    def made(function: Any) -> Any:
        for taken in reversed(question.taken(CLI)):
            function = _option(taken)(function)
        function = (common or _COMMON[question.of])(function)
        return click.command(
            name, cls=Command, examples=examples, help=question.words, **settings
        )(function)  # fmt: skip

    return made


def _of_rules(function: Any) -> Any:
    return policy_argument(policy_options(help_option(function)))


def _of_unit(function: Any) -> Any:
    return unit_argument(run_options(function))


_COMMON: dict[str, Decorator] = {
    "unit": _of_unit,
    "county": run_options,
    "rules": _of_rules,
}


class _Status(click.Choice[str]):
    """A status by its code or its Chinese name."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        named = {WORDS[lang][code]: code for lang in WORDS for code in self.choices}
        return super().convert(named.get(str(value).strip(), value), param, ctx)


def _option(taken: Input) -> Decorator:
    """Return the option of an input; the unit is an argument, rows come in a file."""
    if taken.form in ("unit", "rows"):
        return lambda function: function
    said: dict[str, Any] = {"help": taken.words}
    if taken.form == "flag":
        said["is_flag"] = True
    elif taken.form in ("settings", "names"):
        said |= {"multiple": True, "metavar": taken.metavar}
    else:
        types: dict[str, Any] = {
            "whole": click.IntRange(taken.least, taken.most),
            "status": _Status(taken.choices),
            "encoding": click.Choice(taken.choices),
            "data": PATH,
            "rules": PATH,
        }
        known = taken.default is not None
        said |= {"type": types.get(taken.form), "metavar": taken.metavar,
                 "default": taken.default, "show_default": known}  # fmt: skip
    return click.option(taken.flag, taken.name, **said)
