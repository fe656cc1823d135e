"""`audit`: the notice beside the rules and tests that answer it."""

from __future__ import annotations

from pathlib import Path

import click

from pingan_logic.audit import audit
from pingan_logic.cli.asked import question_command
from pingan_logic.cli.options import PATH, to_json
from pingan_logic.cli.outputs import Inputs, check_outputs, overwrite_option
from pingan_logic.cli.running import rules_for
from pingan_logic.cli.streams import put
from pingan_logic.files import replace_file
from pingan_logic.messages.audit import WORDS

__all__ = ["command"]


@question_command("audit")
@click.option("--html", type=PATH, metavar="FILE", help="写对照页 / write the ledger as a page")
@overwrite_option
def command(policy: str | None, lang: str, as_json: bool, html: str | None, overwrite: bool) -> int:
    rules = rules_for(policy, lang)
    check_outputs({"--html": html}, Inputs(rules=[rules.folder]), overwrite=overwrite)
    ledger = audit(rules)
    if html is not None:
        from pingan_logic.audit.page import page

        replace_file(Path(html), page(ledger, rules, lang).encode(), overwrite=overwrite)
    if as_json:
        click.echo(to_json(ledger.to_dict(lang)), nl=False)
    else:
        put(ledger.text(lang))
        if html is not None:
            click.echo(WORDS[lang]["written"].format(file=html))
    return 1 if ledger.orphans else 0
