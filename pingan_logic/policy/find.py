"""Where policies and sample facts are: inside the wheel, or beside the package in a checkout."""

from __future__ import annotations

from pathlib import Path

from pingan_logic.errors import Problem, RequestError, nearest

__all__ = [
    "DEFAULT_POLICY",
    "data_folder",
    "find_policy",
    "policy_files",
    "policy_names",
    "sample_county",
]

DEFAULT_POLICY = "xiangyin-2014"


def data_folder(name: str) -> Path:
    """Return the folder `policies` or `facts` that ships with the package."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "_data" / name
    return installed if installed.is_dir() else package.parent / name


def sample_county() -> Path:
    """Return the folder of the sample county, which is read when no data is named."""
    return data_folder("facts") / "sample-county"


def policy_files(folder: Path) -> list[Path]:
    """Return what a policy is made of: its rules, words, properties and cases, in order."""
    return sorted(p for p in folder.rglob("*") if p.suffix in {".lp", ".txt", ".md", ".yaml"})


def policy_names() -> list[str]:
    """Return the names of the shipped policies."""
    return sorted(p.name for p in data_folder("policies").iterdir() if any(p.glob("*.lp")))


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
