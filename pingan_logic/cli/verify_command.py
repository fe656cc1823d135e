"""`verify`: properties of the rules, proven or refuted by the smallest counterexample."""

from __future__ import annotations

from pathlib import Path

import click
from attrs import evolve

from pingan_logic.cli.asked import question_command
from pingan_logic.cli.options import PATH, to_json
from pingan_logic.cli.outputs import Inputs, check_outputs, overwrite_option
from pingan_logic.cli.running import rules_for
from pingan_logic.cli.streams import put
from pingan_logic.cli.terminal import counting
from pingan_logic.messages.proofs import WORDS
from pingan_logic.questions.verified import verification
from pingan_logic.questions.verify import property_names, write_worlds

__all__ = ["command"]


@question_command("verify", seconds=0)
@click.option(
    "--out", type=PATH, metavar="DIR", default="verify-worlds", help="反例文件夹 / where worlds go"
)
@overwrite_option
def command(
    policy: str | None,
    lang: str,
    as_json: bool,
    bound: int | None,
    properties: tuple[str, ...],
    out: str,
    overwrite: bool,
    time_limit: int | None,
    jobs: int | None,
) -> int:
    rules = rules_for(policy, lang)
    chosen = list(dict.fromkeys(properties)) or property_names(rules)
    folders_of = {f"--out {name}": Path(out) / name for name in chosen}
    check_outputs(folders_of, Inputs(rules=[rules.folder]), overwrite=overwrite, folder=True)
    with counting(WORDS[lang]["verifying"], len(chosen)) as done:
        found = verification(rules, chosen, bound, time_limit, jobs, done)
    found = evolve(found, places={r.name: write_worlds(r, Path(out)) for r in found})
    if as_json:
        click.echo(to_json(found.to_dict(lang)), nl=False)
    else:
        put(found.text(lang))
    return 0 if found.as_expected else 1
