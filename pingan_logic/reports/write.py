"""Chooses the report by the file's extension and puts it in place in one step."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from pingan_logic.errors import Problem, RequestError, nearest
from pingan_logic.files import replace_file
from pingan_logic.memory import without_collector
from pingan_logic.programme import Programme
from pingan_logic.reports.pdf import find_program
from pingan_logic.shell import install

__all__ = ["FORMATS", "check_target", "render", "write_report"]

FORMATS = {
    ".html": ("html_page", "jinja2"),
    ".xlsx": ("workbook", "xlsxwriter"),
    ".docx": ("posting", "docx"),
    ".pdf": ("pdf", "jinja2"),
}
"""The module that writes a format, and the library of the extra `report` that it needs."""


def write_report(
    programme: Programme,
    path: str | Path,
    lang: str = "zh",
    *,
    overwrite: bool = True,
    public: bool = False,
    posting: bool = False,
) -> Path:
    """Write the report of a programme's current year to `path`, in the format of its extension.

    With `public` it holds neither households nor ids. A PDF is the page, or with `posting` the
    list to post. The file appears whole or not at all: a
    failed run leaves what was there before. Raises
    RequestError when the format is unknown, its library is missing, the place cannot be written or
    a file is there that is not to be overwritten.
    """
    path = Path(path)
    content = render(programme, path, lang, public=public, posting=posting)
    replace_file(path, content, overwrite=overwrite)
    return path


def render(
    programme: Programme,
    path: str | Path,
    lang: str = "zh",
    *,
    public: bool = False,
    posting: bool = False,
) -> bytes:
    """Return what `write_report` writes to a file of that name. Raises RequestError."""
    module = check_target(path, posting=posting)
    made: Callable[..., bytes] = import_module(f"pingan_logic.reports.{module}").render
    with without_collector():
        if module == "pdf":
            return made(programme, lang, public=public, posting=posting)
        return made(programme, lang, public=public)


def check_target(path: str | Path, *, posting: bool = False) -> str:
    """Return the module that writes `path`, before any work is done. Raises RequestError."""
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        known = "、".join(FORMATS)
        raise _refused(
            f"扩展名应为 {known}",
            f"expected a file name ending in {', '.join(FORMATS)}",
            path.name,
            nearest(suffix, FORMATS),
        )
    module, library = FORMATS[suffix]
    if posting and suffix not in (".docx", ".pdf"):
        raise _refused("公示稿只能写成 .docx 或 .pdf", "a list to post is .docx or .pdf", path.name)
    if posting:
        library = "docx"
    try:
        import_module(library)
    except ImportError:
        raise _refused(
            f"缺少 {library}，请安装：{install('report')}",
            f"{library} is missing; install it: {install('report')}",
            path.name,
        ) from None
    if module == "pdf":
        find_program(posting=posting)
    return module


def _refused(zh: str, en: str, found: str, near: str | None = None) -> RequestError:
    return RequestError([Problem("--out", zh, en, found, near)])
