"""`serve`: the same answers over HTTP."""

from __future__ import annotations

import os
import re
from pathlib import Path

import click

from pingan_logic.cli.named import named_encoding, named_forms
from pingan_logic.cli.options import PATH, Command, encoding_option, facts_argument, help_option
from pingan_logic.cli.running import rules_for
from pingan_logic.errors import Problem, RequestError
from pingan_logic.rules.find import sample_county
from pingan_logic.shell import install
from pingan_logic.watchdog import MEBIBYTE, sensible_memory

__all__ = ["command"]

EXAMPLES = (
    (
        "python -m pingan_logic serve --facts 我的数据/",
        "在本机8014端口",
        "on this machine, port 8014",
    ),
    (
        "python -m pingan_logic serve --facts 填报表.xlsx --port 9000 --lang en",
        "另一端口，英文",
        "another port, in English",
    ),
)


@click.command("serve", cls=Command, examples=EXAMPLES, watched=False)
@facts_argument
@click.option(
    "--facts", type=PATH, metavar="PATH", help="所服务的县的数据 / data of the county served"
)
@encoding_option
@click.option("--policy", type=PATH, metavar="NAME|DIR", help="规则名称或文件夹 / policy")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", help="语言 / language")
@click.option("--host", default="127.0.0.1", show_default=True, help="地址 / address")
@click.option(
    "--port", type=click.IntRange(1, 65535), default=8014, show_default=True, help="端口 / port"
)
@click.option(
    "--token-file", type=PATH, metavar="FILE", help="令牌文件；也可用环境变量 PINGAN_TOKEN / token"
)
@click.option(
    "--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="进程数 / processes"
)
@click.option(
    "--recycle",
    type=click.IntRange(1),
    default=200,
    show_default=True,
    help="进程处理多少请求后更换 / questions before a worker is replaced",
)
@click.option(
    "--queue",
    type=click.IntRange(1),
    default=64,
    show_default=True,
    help="最多多少请求等候 / requests that may wait",
)
@click.option(
    "--time-limit",
    type=click.IntRange(1),
    default=60,
    show_default=True,
    help="每个请求的秒数 / seconds a request may take",
)
@click.option(
    "--memory-limit",
    type=click.IntRange(1),
    metavar="MB",
    help="每个进程的内存，默认为本机四分之三的一份 / memory of a worker; default: its share of "
    "three quarters of the machine's",
)
@click.option(
    "--body-limit",
    type=click.IntRange(1),
    default=32,
    show_default=True,
    help="请求的大小上限（MB）/ largest request",
)
@help_option
def command(
    facts: str | None,
    policy: str | None,
    lang: str,
    host: str,
    port: int,
    token_file: str | None,
    workers: int,
    recycle: int,
    queue: int,
    time_limit: int,
    memory_limit: int | None,
    body_limit: int,
) -> None:
    """HTTP 服务：判定、说明、整改、比较和报告页 / the same answers over HTTP."""
    try:
        from pingan_logic.messages.service import WORDS
        from pingan_logic.server.run import is_loopback, serve
        from pingan_logic.server.settings import LOCAL, Settings
    except ImportError as error:
        raise RequestError(
            [Problem("serve", f"需要另外安装：{install('server')}", f"needs {install('server')}",
                     error.name)]
        ) from None  # fmt: skip
    token = _token(token_file)
    local = is_loopback(host)
    if not local and token is None:
        raise RequestError(
            [Problem("--host", "本机以外的地址必须有令牌：--token-file 或环境变量 PINGAN_TOKEN",
                     "an address other than this machine's needs a token: --token-file or "
                     "PINGAN_TOKEN", host)]
        )  # fmt: skip
    folder = rules_for(policy, lang).folder
    county = facts if facts is not None else str(sample_county(folder))
    share = sensible_memory()
    memory = memory_limit * MEBIBYTE if memory_limit else share and share // workers
    settings = Settings(
        policy=policy,
        county=county,
        encoding=named_encoding(),
        forms=named_forms(),
        token=token,
        body=body_limit * 1024 * 1024,
        limit=time_limit,
        memory=memory,
        workers=workers,
        recycle=recycle,
        queue=queue,
        hosts=LOCAL if local else None,
    )
    address = f"[{host}]" if ":" in host else host
    listening = WORDS[lang]["listening"].format(host=address, port=port)
    serve(settings, host, port, lambda: click.echo(listening, err=True))


def _token(file: str | None) -> str | None:
    """Return the token that callers must send: of the file, else of the environment."""
    place = "PINGAN_TOKEN" if file is None else "--token-file"
    if file is None:
        token = os.environ.get(place, "")
        if not token:
            return None
    else:
        try:
            token = Path(file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            raise RequestError([Problem(place, "无法读取", "cannot be read", file)]) from None
    if len(token) < 16 or not re.fullmatch(r"[!-~]+", token):
        raise RequestError(
            [Problem(place, "令牌应为16个以上的 ASCII 字符，没有空格",
                     "a token has 16 or more printable ASCII characters and no spaces")]
        )  # fmt: skip
    return token
