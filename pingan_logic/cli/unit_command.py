"""The questions about one unit: each is a command that prints the library's answer."""

from __future__ import annotations

from typing import Any

import click

from pingan_logic.cli.asked import question_command
from pingan_logic.cli.options import to_json
from pingan_logic.cli.running import read_to_ask, say_notices
from pingan_logic.cli.steps import said, unit_steps
from pingan_logic.cli.streams import put
from pingan_logic.cli.terminal import paint, watching
from pingan_logic.library import ask
from pingan_logic.memory import without_collector
from pingan_logic.messages.command import WORDS
from pingan_logic.questions.catalogue import QUESTIONS

__all__ = ["unit_command"]

_GO_ON = ("explain", "margin")
"""The questions after which another one about the same unit is in place."""


def unit_command(name: str) -> click.Command:
    """Return the command of a question about a unit."""
    question = QUESTIONS[name]

    @question_command(name)
    @without_collector()
    def command(
        unit: str,
        facts: str | None,
        year: int | None,
        policy: str | None,
        lang: str,
        as_of: str | None,
        as_json: bool,
        **given: Any,
    ) -> None:
        data, rules, day, found = read_to_ask(unit, facts, policy, lang, as_of)
        asked = {"unit": found, **given}
        with watching(WORDS[lang]["searching" if "time_limit" in given else "judging"]):
            answer = ask(question, data, asked, policy=rules, year=year, as_of=day)
        say_notices(answer.assessment, lang, part=True)
        if as_json:
            click.echo(to_json(question.to_dict(answer, asked, lang)), nl=False)
        else:
            put(paint(question.text(answer, asked, lang), lang))
            if name in _GO_ON and (further := said(unit_steps(found, answer.status), lang)):
                put(further)

    made: click.Command = command
    return made
