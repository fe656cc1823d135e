"""`recheck`: a certificate against the data and the rules, by the independent checker."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from pingan_logic.cli.options import Command, help_option
from pingan_logic.cli.running import facts_path
from pingan_logic.cli.streams import put
from pingan_logic.cli.terminal import quiet_option, say, watching
from pingan_logic.errors import Problem, RequestError
from pingan_logic.messages.recheck import WORDS
from pingan_logic.recheck import checker
from pingan_logic.rules.find import base_folder, data_folder, find_policy, policy_names
from pingan_logic.shell import command_line

__all__ = ["command"]

EXAMPLES = (
    (
        "python -m pingan_logic recheck 凭证.jsonl --facts 数据/",
        "核验每个结论和每一步推导",
        "check every verdict and every step",
    ),
    (
        "python pingan_logic/recheck/checker.py 凭证.jsonl --facts 数据/ --policy 规则/",
        "不装本程序，单独运行核验器",
        "the checker by itself, without this program",
    ),
)
_SHOWN = 20


@click.command("recheck", cls=Command, examples=EXAMPLES)
@click.argument("certificate", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--facts", metavar="PATH", help="数据：CSV 文件夹或 JSON / data: a folder of CSV, or JSON"
)
@click.option(
    "--policy", metavar="NAME|DIR", help="规则，默认随程序发布的 / policy, by default a shipped one"
)
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", help="语言 / language")
@quiet_option
@help_option
def command(certificate: Path, facts: str | None, policy: str | None, lang: str) -> int:
    """核验凭证里的每个结论、每一步推导 / recheck a certificate."""
    words = WORDS[lang]
    try:
        header = checker.read_header(certificate)
        folder = find_policy(policy) if policy is not None else _shipped(certificate, header)
        data = Path(facts_path(facts, folder, lang))
        with watching(words["working"]):
            verified, wrong = checker.recheck(certificate, data, folder, lang, base_folder())
    except checker.Unreadable as error:
        found = [Problem(str(p.place), p.zh, p.en) for p in error.problems]
        if facts is not None and any(_of_data(p, certificate) for p in error.problems):
            names = {"zh": "规范数据", "en": "canonical"}
            lines = {x: command_line("convert", [facts, to], {"policy": policy}) or "pingan convert"
                     for x, to in names.items()}  # fmt: skip
            zh, en = (WORDS[x]["canonical"].format(command=line) for x, line in lines.items())
            found.append(Problem("--facts", zh, en))
        raise RequestError(found) from None
    except OSError as error:
        name = Path(error.filename or certificate).name
        said = error.strerror or str(error)
        zh, en = "无法读取，没有核验", "cannot be read, nothing was checked"
        raise RequestError([Problem(name, zh, en, said)]) from None
    for name, value in sorted(header.get("source", {}).items()):
        say(words["source"].format(name=checker.shown(name), hash=value))
    if not wrong:
        put("\n".join([*verified, words["verified"]]))
        return 0
    put(words["failed"].format(count=len(wrong)))
    for problem in wrong[:_SHOWN]:
        put(f"  {problem.text(lang)}")
    if len(wrong) > _SHOWN:
        put(f"  {words['more'].format(count=len(wrong))}")
    return 1


def _of_data(problem: checker.Problem, certificate: Path) -> bool:
    """Whether it is about a row of the data, not a line of the certificate or of a rule file."""
    file, _, row = str(problem.place).partition(":")
    return bool(row) and not file.endswith(".lp") and file != certificate.name


def _shipped(certificate: Path, header: dict[str, Any]) -> Path:
    """Return the shipped rules whose digest a certificate names. Raises RequestError for others:
    where to find rules is said by who checks, never by the certificate."""
    for name in policy_names():
        folder = data_folder("policies") / name
        digest = checker.digest(checker.hashes(checker.files_of(folder, base_folder())))
        if not header or digest == header["policy"]:
            return folder
    raise RequestError(
        [
            Problem(
                certificate.name,
                "凭证用的不是随程序发布的规则，请用 --policy 指明规则文件夹",
                "it was made with rules that are not shipped: name their folder with --policy",
                header["policy"],
            )
        ]
    )
