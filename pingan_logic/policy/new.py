"""A new policy to begin with: a minimal notice that passes every check."""

from __future__ import annotations

from pathlib import Path

from pingan_logic.errors import Problem, RequestError
from pingan_logic.files import replace_file
from pingan_logic.rules.find import policy_names

__all__ = ["new_policy"]

_MINIMAL = Path(__file__).parent / "minimal"


def new_policy(folder: str | Path) -> list[Path]:
    """Make a folder with a minimal policy; return its files.

    Raises RequestError when something is there already, or it has the name of a shipped policy.
    """
    folder = Path(folder)
    if folder.name in policy_names():
        zh, en = "与自带规则同名，请另取一个", "is the name of a shipped policy; choose another"
        raise RequestError([Problem(str(folder), zh, en)])
    if folder.exists():
        zh, en = "已存在，不覆盖", "is there already and is not overwritten"
        raise RequestError([Problem(str(folder), zh, en)])
    sources = {
        p.relative_to(_MINIMAL).as_posix(): p for p in sorted(_MINIMAL.rglob("*")) if p.is_file()
    }
    made = []
    try:
        (folder / "cases").mkdir(parents=True)
        for name, source in sources.items():
            replace_file(folder / name, source.read_bytes(), overwrite=False)
            made.append(folder / name)
    except OSError as error:
        zh, en = "无法写出", "cannot be written"
        raise RequestError([Problem(str(folder), zh, en, error.strerror)]) from None
    return made
