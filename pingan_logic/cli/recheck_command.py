"""`recheck`: a certificate against the data and the rules, by the independent checker."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import click

from pingan_logic.cli.options import Command, facts_path, help_option
from pingan_logic.cli.terminal import quiet_option, say, watching
from pingan_logic.errors import Problem, RequestError
from pingan_logic.policy.find import find_policy
from pingan_logic.recheck import checker

__all__ = ["command"]

EXAMPLES = (
    (
        "python -m pingan_logic recheck 证书.jsonl --facts 数据/",
        "核对每个结论和每一步推导",
        "check every verdict and every step",
    ),
    (
        "python pingan_logic/recheck/checker.py 证书.jsonl --facts 数据/ --policy 规则/",
        "不装本程序,单独运行核对器",
        "the checker by itself, without this program",
    ),
)
_WORDS = {
    "zh": {
        "verified": "核对无误:{verdicts} 个结论,证书 {lines} 行",
        "failed": "核对不通过:{count} 处",
        "more": "……共 {count} 处",
        "source": "提示:原始文件 {name} 未直接核对,它的 sha256 应为 {hash}",
        "working": "核对中 …",
    },
    "en": {
        "verified": "verified: {verdicts} verdicts, {lines} lines of certificate",
        "failed": "not verified: {count} differences",
        "more": "... {count} in all",
        "source": "notice: the source {name} itself is not checked; its sha256 should be {hash}",
        "working": "checking …",
    },
}
_SHOWN = 20


@click.command("recheck", cls=Command, examples=EXAMPLES)
@click.argument("certificate", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--facts", metavar="PATH", help="数据:CSV 文件夹或 JSON / data: a folder of CSV, or JSON"
)
@click.option("--policy", metavar="NAME|DIR", help="规则,默认证书所写的 / policy")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", help="语言 / language")
@quiet_option
@help_option
def command(certificate: Path, facts: str | None, policy: str | None, lang: str) -> int:
    """核对证书:每个结论、每一步推导 / recheck a certificate."""
    words = _WORDS[lang]
    data = Path(facts_path(facts, lang))
    try:
        content = certificate.read_bytes()
        header = _header(content)
        folder = find_policy(policy or header.get("policy"))
        with watching(words["working"]):
            wrong = checker.recheck(certificate, data, folder)
    except checker.Unreadable as error:
        raise RequestError([Problem(*error.args)]) from None
    except (OSError, ValueError, LookupError, RecursionError, sqlite3.Error) as error:
        said = getattr(error, "strerror", None) or str(error)
        name = Path(getattr(error, "filename", None) or certificate).name
        problem = Problem(name, "无法读取,没有核对", "cannot be read, nothing was checked", said)
        raise RequestError([problem]) from None
    for key, value in header.items():
        if key.startswith("source "):
            say(words["source"].format(name=key.removeprefix("source "), hash=value))
    if not wrong:
        lines = content.splitlines()
        verdicts = sum(map(_verdicts, lines))
        click.echo(words["verified"].format(verdicts=verdicts, lines=len(lines)))
        return 0
    click.echo(words["failed"].format(count=len(wrong)))
    for said in wrong[:_SHOWN]:
        click.echo(f"  {said[lang == 'en']}")
    if len(wrong) > _SHOWN:
        click.echo(f"  {words['more'].format(count=len(wrong))}")
    return 1


def _header(content: bytes) -> dict[str, Any]:
    """Return the first line of a certificate; nothing when it is not as it was written."""
    try:
        header = json.loads(content.partition(b"\n")[0])
    except (ValueError, RecursionError):
        return {}
    return header if isinstance(header, dict) else {}


def _verdicts(line: bytes) -> int:
    """Return how many verdicts a line of a verified certificate holds."""
    block = json.loads(line)
    steps = block.get("steps", ())
    named = sum(step[1].startswith("verdict(") for step in steps)
    return int(named * len(block.get("rows", ())))
