"""`open`: the page, for people who never saw a command line; what `pingan` alone does."""

from __future__ import annotations

import socket
import threading
import time
import webbrowser
from pathlib import Path

import click

from pingan_logic.cli.options import PATH, Command, facts_first_option, help_option
from pingan_logic.cli.running import rules_for
from pingan_logic.errors import Problem, RequestError, reason
from pingan_logic.limits import FILE_BYTES, within
from pingan_logic.shell import install
from pingan_logic.watchdog import sensible_memory

__all__ = ["command"]

EXAMPLES = (
    ("python -m pingan_logic open", "打开网页工作台", "open the page"),
    ("python -m pingan_logic open 填报表.xlsx", "打开网页并读入这份数据", "with this file in it"),
)
_PORT = 8014
_WORKERS = 2
_WORDS = {
    "zh": "网页工作台在 {url}\n已在浏览器里打开；没有打开的，请把地址复制到浏览器。"
    "用完关闭本窗口，或按 Ctrl+C。",
    "en": "The page is at {url}\nIt opens in the browser; if not, copy the address there. Close "
    "this window or press Ctrl+C to end.",
}


@click.command("open", cls=Command, examples=EXAMPLES, watched=False)
@click.argument("file", type=PATH, metavar="[FILE]", required=False)
@facts_first_option
@click.option("--policy", type=PATH, metavar="NAME|DIR", help="规则名称或文件夹 / policy")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", help="语言 / language")
@click.option("--port", type=click.IntRange(1, 65535), help="端口，默认取空闲的 / port")
@click.option("--no-browser", is_flag=True, help="不打开浏览器 / open no browser")
@help_option
def command(
    file: str | None, policy: str | None, lang: str, port: int | None, no_browser: bool
) -> None:
    """网页工作台：选择文件、检查、看结论，数据只留在本机 / a page instead of a command line."""
    try:
        from pingan_logic.server.run import serve
        from pingan_logic.server.settings import Settings
    except ImportError as error:
        wanted = install("office")
        zh, en = f"需要另外安装：{wanted}", f"needs {wanted}"
        raise RequestError([Problem("open", zh, en, error.name)]) from None
    given = None if file is None else _read(Path(file))
    rules_for(policy, lang)
    chosen = port or _free_port()
    url = f"http://127.0.0.1:{chosen}/desk" + ("?lang=en" if lang == "en" else "")
    share = sensible_memory()
    settings = Settings(
        policy=policy,
        limit=600,
        body=FILE_BYTES,
        memory=share and share // _WORKERS,
        workers=_WORKERS,
        given=given,
    )

    def begun() -> None:
        click.echo(_WORDS[lang].format(url=url), err=True)
        if not no_browser:
            threading.Thread(target=_browse, args=(url, chosen), daemon=True).start()

    serve(settings, "127.0.0.1", chosen, begun, quiet=True)


def _read(path: Path) -> tuple[str, bytes]:
    try:
        with open(path, "rb") as file:
            return path.name, within(file.read(FILE_BYTES + 1), path.name)
    except OSError as error:
        zh, en = reason(error)
        said = Problem(str(path), f"无法读取：{zh}", f"cannot be read: {en}")
        raise RequestError([said]) from None


def _free_port() -> int:
    """Return the usual port, or one that is free."""
    for port in (_PORT, 0):
        with socket.socket() as trial:
            try:
                trial.bind(("127.0.0.1", port))
            except OSError:
                continue
            found: int = trial.getsockname()[1]
            return found
    raise RequestError([Problem("--port", "没有空闲的端口", "no port is free")])


def _browse(url: str, port: int) -> None:
    """Open the browser once somebody answers."""
    for _ in range(100):
        with socket.socket() as trial:
            trial.settimeout(1)
            if trial.connect_ex(("127.0.0.1", port)) == 0:
                webbrowser.open(url)
                return
        time.sleep(0.1)
