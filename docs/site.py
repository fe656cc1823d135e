"""Pages of the documentation site that stand elsewhere: README, changelog, security.

`mkdocs build` makes the site of the same pages that the repository shows; it needs no network, and
neither do its pages.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
ENGLISH = "## English\n"
LINK = re.compile(r"\]\((?!https?:|#)([^)]+)\)")


def on_files(files: Any, *, config: Any) -> Any:
    """Add the pages."""
    from mkdocs.structure.files import File

    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    chinese, _, english = readme.partition(ENGLISH)
    pages = {
        "index.md": chinese.replace("([English below](#english))", "[English](english.md)"),
        "english.md": f"# pingan_logic\n{english}",
        "changelog.md": (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"),
        "security.md": (ROOT / "SECURITY.md").read_text(encoding="utf-8"),
    }
    for name, text in pages.items():
        files.append(File.generated(config, name, content=LINK.sub(_inside, text)))
    return files


def _inside(link: re.Match[str]) -> str:
    """Turn a link from the root of the repository into one from the pages."""
    target = link[1]
    moved = {"CHANGELOG.md": "changelog.md", "SECURITY.md": "security.md"}
    return f"]({moved.get(target, target.removeprefix('docs/'))})"
