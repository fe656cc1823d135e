"""The page or the list to post as PDF, by programs that offices have already.

A page is printed by the browser it was made for (Edge, Chrome or Chromium), with its own style for
paper; the list to post by LibreOffice. A library that renders pages by itself would need system
libraries that Windows lacks.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path

from pingan_logic.errors import Problem, RequestError
from pingan_logic.programme import Programme

__all__ = ["find_program", "render"]

_SECONDS = 120
_OFFICE = ("soffice", "libreoffice")
_BROWSERS = ("msedge", "microsoft-edge", "google-chrome", "chrome", "chromium", "chromium-browser")
_PLACES = (
    *(r"LibreOffice\program\soffice.exe", r"Microsoft\Edge\Application\msedge.exe"),
    r"Google\Chrome\Application\chrome.exe",
)
_MAC = (
    *("LibreOffice.app/Contents/MacOS/soffice", "Google Chrome.app/Contents/MacOS/Google Chrome"),
    "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)


def render(
    programme: Programme, lang: str, *, public: bool = False, posting: bool = False
) -> bytes:
    """Return the page, or the list to post, as PDF on A4.

    Raises RequestError when no program is there that can print it, or it fails.
    """
    program = find_program(posting=posting)
    made = import_module(f"pingan_logic.reports.{'posting' if posting else 'html_page'}")
    content: bytes = made.render(programme, lang, public=public)
    with tempfile.TemporaryDirectory(prefix="pingan-") as name:
        folder = Path(name)
        source = folder / ("report.docx" if posting else "report.html")
        source.write_bytes(content)
        line = (_by_office if posting else _by_browser)(program, source, folder)
        with suppress(OSError, subprocess.SubprocessError):
            subprocess.run(line, capture_output=True, timeout=_SECONDS, check=True)
        target = folder / "report.pdf"
        if not target.is_file():
            zh, en = "没有打印出 PDF", "did not print a PDF"
            raise RequestError([Problem("--out", zh, en, Path(program).name)])
        return target.read_bytes()


def find_program(*, posting: bool) -> str:
    """Return the program that prints. Raises RequestError naming what can be installed."""
    names = _OFFICE if posting else _BROWSERS
    found = next(filter(None, map(shutil.which, names)), None) or _installed(names)
    if found is None:
        zh, en = _MISSING[posting]
        raise RequestError([Problem("--out", zh, en, ".pdf")])
    return found


_MISSING = (
    (
        "写网页的 PDF 需要 Edge、Chrome 或 Chromium；也可以写 .html，用浏览器打印",
        "the page is printed by Edge, Chrome or Chromium; or write .html and print it",
    ),
    (
        "写公示稿的 PDF 需要 LibreOffice；也可以写 .docx，用 WPS 或 Word 另存为 PDF",
        "the list is printed by LibreOffice; or write .docx and save it as PDF in WPS or Word",
    ),
)


def _installed(names: Sequence[str]) -> str | None:
    """Find a program where Windows and macOS keep it, off the search path."""
    places: list[Path] = []
    if sys.platform == "darwin":
        places = [Path("/Applications") / inner for inner in _MAC]
    for root in ("ProgramFiles", "ProgramFiles(x86)", "LocalAppData"):
        if os.environ.get(root):
            places += [Path(os.environ[root], *inner.split("\\")) for inner in _PLACES]
    fits = [p for p in places if (p.stem == "soffice") == (names is _OFFICE) and p.is_file()]
    return str(fits[0]) if fits else None


def _by_office(program: str, source: Path, folder: Path) -> list[str]:
    profile = (folder / "profile").as_uri()
    return [program, f"-env:UserInstallation={profile}", "--headless", "--convert-to", "pdf",
            "--outdir", str(folder), str(source)]  # fmt: skip


def _by_browser(program: str, source: Path, folder: Path) -> list[str]:
    # a browser that runs as root, in a container, has no sandbox
    root = ["--no-sandbox"] if getattr(os, "geteuid", lambda: 1)() == 0 else []
    return [program, "--headless", *root, "--disable-gpu", "--no-first-run",
            f"--user-data-dir={folder / 'profile'}", "--no-pdf-header-footer",
            f"--print-to-pdf={folder / 'report.pdf'}", source.as_uri()]  # fmt: skip
