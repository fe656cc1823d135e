"""`test`: the cases of policy writers."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from pathlib import Path

import click

from pingan_logic.cases import Coverage, coverage_line, junit, load_cases, run_cases
from pingan_logic.cases.report import WORDS, failure_lines
from pingan_logic.cli.options import PATH, Command, help_option, policy_options, rules_for, to_json
from pingan_logic.cli.outputs import Inputs, check_outputs, overwrite_option
from pingan_logic.errors import Problem, RequestError
from pingan_logic.explain.words import WORDS as COMMON
from pingan_logic.files import replace_file

__all__ = ["command"]

EXAMPLES = (
    ("python -m pingan_logic test", "全部案例", "all cases"),
    ("python -m pingan_logic test --junit 结果.xml", "另写 JUnit XML", "also write JUnit XML"),
)


@click.command("test", cls=Command, examples=EXAMPLES)
@click.argument("path", type=PATH, metavar="[PATH]", required=False)
@policy_options
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
    as_json: bool,
    junit_file: str | None,
    overwrite: bool,
    threshold: str | None,
) -> int:
    """运行案例：小世界、应有的结论和理由 / run the cases of a policy."""
    rules = rules_for(policy, lang)
    given = [path, *(sorted(Path(path).glob("*")) if path is not None else ())]
    inputs = Inputs(rules=[rules.folder], files=given)
    check_outputs({"--junit": junit_file}, inputs, overwrite=overwrite)
    least = _percent(threshold)
    cases = load_cases(Path(path) if path is not None else rules.folder / "cases", rules)
    results = list(run_cases(cases, rules))
    coverage = Coverage(rules, {s for r in results if r.passed for s in r.seen})
    failed = [r for r in results if not r.passed]
    enough = least is None or coverage.covered * 100 >= least * coverage.total
    if junit_file is not None:
        replace_file(Path(junit_file), junit(results, lang), overwrite=overwrite)
    if as_json:
        click.echo(
            to_json(
                {
                    "schema": 1,
                    "policy": rules.name,
                    "passed": len(results) - len(failed),
                    "failed": [
                        {
                            "name": r.case.name,
                            "file": r.case.file,
                            "line": r.case.line,
                            "differences": [
                                {"what": d.what, "expected": d.expected, "actual": d.actual}
                                for d in r.differences
                            ],
                        }
                        for r in failed
                    ],
                    "coverage": {
                        "covered": coverage.covered,
                        "total": coverage.total,
                        "percent": f"{coverage.tenths // 10}.{coverage.tenths % 10}",
                        "missing": [{"clause": c, "status": s} for c, s in coverage.missing()],
                    },
                }
            ),
            nl=False,
        )
    else:
        w = WORDS[lang]
        for r in failed:
            click.echo("\n".join(failure_lines(r, lang)))
        missing: dict[str, list[str]] = {}
        for clause, status in coverage.missing():
            missing.setdefault(clause, []).append(COMMON[lang][status])
        for clause, statuses in missing.items():
            c = rules.clauses[clause]
            said = COMMON[lang]["list"].join(statuses)
            click.echo(
                w["uncovered"].format(
                    clause=clause, source=c.source, text=c.text(lang), statuses=said
                )
            )
        click.echo(
            w["summary"].format(
                n=len(results), passed=len(results) - len(failed), failed=len(failed)
            )
        )
        click.echo(coverage_line(coverage, lang))
        if not enough:
            click.echo(w["threshold"].format(threshold=threshold))
    return 0 if enough and not failed else 1


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
        [Problem("--threshold", "应为 0 至 100 的百分数", "expected a percentage", text)]
    )
