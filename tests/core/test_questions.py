"""Every question stands once: what each face takes is what its description says."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import click
import pytest

import pingan_logic
from pingan_logic.answers import ANSWERS
from pingan_logic.cli.main import main
from pingan_logic.questions.catalogue import COMMON, QUESTIONS
from pingan_logic.questions.described import CLI, HTTP, LIBRARY, Input, Question

COMMANDS = {
    name: q
    for name, q in QUESTIONS.items()
    if name not in ("certificate", "expand", "params", "show", "switches")
}


def command_of(name: str) -> click.Command:
    found = main.get_command(click.Context(main), name)
    assert found is not None
    return found


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_library_has_the_function(name: str) -> None:
    question = QUESTIONS[name]
    found = inspect.signature(getattr(pingan_logic, name))
    first = next(iter(found.parameters))
    assert first == question.about
    if question.of in ("unit", "county"):
        assert {i.name for i in COMMON} < found.parameters.keys()
    for taken in question.taken(LIBRARY):
        if not taken.shows:
            parameter = found.parameters[taken.name]
            if taken.required:
                assert parameter.default is inspect.Parameter.empty
            else:
                assert parameter.default == taken.default, taken.name
    assert found.return_annotation == question.returns


@pytest.mark.parametrize("name", COMMANDS)
def test_the_command_has_its_words_and_options(name: str) -> None:
    question, command = QUESTIONS[name], command_of(name)
    assert command.help == question.words
    options = {p.opts[0]: p for p in command.params if isinstance(p, click.Option)}
    for taken in question.taken(CLI):
        if taken.form == "unit":
            assert any(isinstance(p, click.Argument) for p in command.params)
        elif taken.form != "rows":
            assert options[taken.flag].help == taken.words
    lines = getattr(command, "examples")  # noqa: B009
    assert [line for line, _, _ in lines] == [
        f"python -m pingan_logic {line}" for line, _, _ in question.examples
    ]


def test_the_service_takes_what_is_described() -> None:
    pytest.importorskip("fastapi")
    from pingan_logic.server.bodies import BODIES, QUERIES, example

    assert set(BODIES) == {q.name for q in QUESTIONS.values() if q.posted and q.of != "file"}
    assert set(QUERIES) == {q.name for q in QUESTIONS.values() if q.got}
    for name, model in BODIES.items():
        question = QUESTIONS[name]
        taken = {i.name for i in (*COMMON, *question.taken(HTTP))}
        assert set(model.model_fields) == taken | {"facts"}
        body = model.model_validate(example(question))
        for i in question.taken(HTTP):
            if i.name not in question.sample and i.default is not None:
                assert getattr(body, i.name) == (list(i.default) if i.default == () else i.default)
    for name in QUESTIONS:
        assert name in ANSWERS or name in ("convert", "report")


def test_a_new_question_is_found_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    from pingan_logic.cli import asked
    from pingan_logic.questions.reference import reference

    made = Question(
        "odds", "county", "几率", "odds of it", "Odds",
        (Input("steps", "whole", "步数", "how many steps", 3, 1, 9, metavar="N"),),
        (("odds --steps 4", "四步", "four steps"),), posted=True, got=True,
    )  # fmt: skip
    monkeypatch.setitem(QUESTIONS, "odds", made)

    given: dict[str, Any] = {}

    @asked.question_command("odds", lambda function: function, watched=False)
    def command(**values: Any) -> None:
        given.update(values)

    command.main(["--steps", "4"], standalone_mode=False)
    assert given == {"steps": 4}
    with pytest.raises(click.BadParameter):
        command.main(["--steps", "10"], standalone_mode=False)
    page = reference()
    assert "`POST /odds`" in page
    assert "| `steps` | `--steps` | `steps` | 整数，1 至 9，默认 3 | 步数 |" in page
    pytest.importorskip("fastapi")
    from pingan_logic.server import bodies

    assert bodies._body(made)(steps=4).steps == 4
    assert bodies._query(made)().steps == 3


def test_the_reference_is_fresh() -> None:
    from pingan_logic.questions.reference import reference

    found = Path(__file__).parents[2].glob("docs/**/questions.md")
    assert [p.read_text(encoding="utf-8") for p in found] == [reference()]
