"""Where policies and sample facts are: inside the wheel, or beside the package in a checkout."""

from __future__ import annotations

from pathlib import Path

from pingan_logic.errors import Problem, RequestError, nearest

__all__ = [
    "DEFAULT_POLICY",
    "base_folder",
    "data_folder",
    "find_policy",
    "policy_file",
    "policy_files",
    "policy_names",
    "rule_files",
    "same_notice",
    "sample_county",
]

DEFAULT_POLICY = "xiangyin-2014"
_BASE = "base"
_NOTICE = "notice.txt"


def data_folder(name: str) -> Path:
    """Return the folder `policies` or `facts` that ships with the package."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "_data" / name
    return installed if installed.is_dir() else package.parent / name


def sample_county(policy: Path | None = None) -> Path:
    """Return the folder of the sample data that is read when no data is named: that of the notice
    in the folder `policy`, which may be a changed copy of a shipped one.

    Raises RequestError when there is none for the notice.
    """
    for name in policy_names():
        shipped = data_folder("policies") / name
        if name == DEFAULT_POLICY if policy is None else same_notice(policy, shipped):
            found = data_folder("facts") / name
            return found if found.is_dir() else data_folder("facts") / "sample-county"
    zh, en = "这份通知没有自带的样例，请写明数据", "this notice has no sample: name the data"
    raise RequestError([Problem("--facts", zh, en)])


def same_notice(policy: Path, other: Path) -> bool:
    """Whether two folders hold the same notice, however its rules are changed."""
    one, two = policy / _NOTICE, other / _NOTICE
    return one.is_file() and two.is_file() and one.read_bytes() == two.read_bytes()


def base_folder() -> Path:
    """Return the folder of the rules that no notice owns, which every policy is read with."""
    return data_folder("policies") / _BASE


def policy_file(folder: Path, name: str) -> Path:
    """Return the path of a file of a policy: its own, or else that of the shared rules."""
    own = folder / name
    return own if own.is_file() else base_folder() / name


def rule_files(folder: Path, inside: str = "") -> list[Path]:
    """Return the rule files of a policy, or of a folder in it, by name: its own, and those of the
    shared rules that none of its own replaces."""
    found = {path.name: path for path in (base_folder() / inside).glob("*.lp")}
    found |= {path.name: path for path in (folder / inside).glob("*.lp")}
    return [found[name] for name in sorted(found)]


def policy_files(folder: Path) -> list[Path]:
    """Return what a policy is made of: its rules, words, properties and cases, in order."""
    kept = {".lp", ".txt", ".md", ".yaml"}
    return sorted(p for f in (base_folder(), folder) for p in f.rglob("*") if p.suffix in kept)


def policy_names() -> list[str]:
    """Return the names of the shipped policies."""
    folders = data_folder("policies").iterdir()
    return sorted(p.name for p in folders if p.name != _BASE and any(p.glob("*.lp")))


def find_policy(name_or_path: str | Path | None) -> Path:
    """Return the folder of a shipped policy (by name) or of a user's own (by path).

    Raises RequestError when there is neither.
    """
    wanted = str(name_or_path) if name_or_path is not None else DEFAULT_POLICY
    if wanted in policy_names():
        return data_folder("policies") / wanted
    path = Path(wanted)
    if path.is_dir() and any(path.glob("*.lp")):
        return path
    names = policy_names()
    raise RequestError(
        [
            Problem(
                "--policy",
                f"应为规则名称（{'、'.join(names)}）或含有 .lp 文件的文件夹",
                f"expected a policy name ({', '.join(names)}) or a folder with .lp files",
                wanted,
                nearest(wanted, names),
            )
        ]
    )
