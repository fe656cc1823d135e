"""`test`: the cases of policy writers."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from pathlib import Path

import click

from pingan_logic.cases import Tested, junit, load_cases, run_cases
from pingan_logic.cases.report import WORDS
from pingan_logic.cli.asked import question_command
from pingan_logic.cli.options import PATH, format_option, help_option, rules_options, to_json
from pingan_logic.cli.outputs import Inputs, check_outputs, overwrite_option
from pingan_logic.cli.running import rules_for
from pingan_logic.cli.streams import put
from pingan_logic.errors import Problem, RequestError
from pingan_logic.files import replace_file
from pingan_logic.findings import written

__all__ = ["command"]


@question_command("test", click.argument("path", type=PATH, metavar="[PATH]", required=False))
@rules_options
@format_option
@click.option(
    "--junit", "junit_file", type=PATH, metavar="FILE", help="写 JUnit XML / write JUnit XML"
)
@overwrite_option
@click.option("--threshold", metavar="N", help="条款覆盖率下限（百分数）/ least coverage")
@help_option
def command(
    path: str | None,
    policy: str | None,
    lang: str,
    form: str,
    junit_file: str | None,
    overwrite: bool,
    threshold: str | None,
) -> int:
    rules = rules_for(policy, lang)
    given = [path, *(sorted(Path(path).glob("*")) if path is not None else ())]
    inputs = Inputs(rules=[rules.folder], files=given)
    check_outputs({"--junit": junit_file}, inputs, overwrite=overwrite)
    least = _percent(threshold)
    cases = load_cases(Path(path) if path is not None else rules.folder / "cases", rules)
    found = Tested(rules, tuple(run_cases(cases, rules)))
    if junit_file is not None:
        replace_file(Path(junit_file), junit(found.results, lang), overwrite=overwrite)
    if form == "json":
        click.echo(to_json(found.to_dict()), nl=False)
    elif form == "text":
        put(found.text(lang))
    elif form == "junit":
        click.echo(junit(found.results, lang).decode(), nl=False)
    else:
        place = Path(path) if path is not None else rules.folder / "cases"
        remarks = found.remarks(place.parent if place.is_file() else place, lang)
        click.echo(written(remarks, form, "test", ()), nl=False)
    enough = least is None or found.coverage.covered * 100 >= least * found.coverage.total
    if not enough and form == "text":
        put(WORDS[lang]["threshold"].format(threshold=threshold))
    return 0 if enough and found.passed else 1


def _percent(text: str | None) -> Decimal | None:
    if text is None:
        return None
    try:
        value = Decimal(text)
        if value.is_finite() and 0 <= value <= 100:
            return value
    except InvalidOperation:
        pass
    raise RequestError(
        [Problem("--threshold", "应为0至100的百分数", "expected a percentage", text)]
    )
