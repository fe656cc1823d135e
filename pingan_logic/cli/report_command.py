"""`report`: the programme as a page, a workbook or a list to post."""

from __future__ import annotations

import click

from pingan_logic.cli.asked import question_command
from pingan_logic.cli.options import PATH, judging_options
from pingan_logic.cli.outputs import Inputs, check_outputs, overwrite_option
from pingan_logic.cli.running import assess_programme
from pingan_logic.cli.streams import put
from pingan_logic.cli.terminal import watching
from pingan_logic.messages.command import WORDS
from pingan_logic.reports import write_report
from pingan_logic.reports.write import check_target
from pingan_logic.rules.find import find_policy

__all__ = ["command"]


@question_command("report", judging_options)
@click.option(
    "--out",
    type=PATH,
    metavar="FILE",
    required=True,
    help="写入的文件 .html .xlsx .docx .pdf / file to write",
)
@click.option(
    "--public",
    is_flag=True,
    help="只写达标率，不含家庭和编号，可以公开 / rates only, for publication",
)
@click.option(
    "--posting",
    is_flag=True,
    help="写拟授牌名单（公示稿），.docx 或 .pdf / the draft public notice, .docx or .pdf",
)
@overwrite_option
def command(
    out: str,
    public: bool,
    posting: bool,
    overwrite: bool,
    facts: str | None,
    year: int | None,
    policy: str | None,
    lang: str,
    as_of: str | None,
) -> None:
    check_target(out, posting=posting)
    inputs = Inputs([facts], [find_policy(policy)])
    check_outputs({"--out": out}, inputs, overwrite=overwrite)
    result = assess_programme(facts, year, policy, lang, as_of)
    with watching(WORDS[lang]["writing"]):
        written = write_report(
            result, out, lang, overwrite=overwrite, public=public, posting=posting
        )
    put(str(written))
