"""Pages of the documentation site that stand elsewhere: changelog and security.

`mkdocs build` makes the site of the same pages that the repository shows; it needs no network, and
neither do its pages.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
LINK = re.compile(r"\]\((?!https?:|#)([^)]+)\)")


def on_files(files: Any, *, config: Any) -> Any:
    """Add the pages."""
    from mkdocs.structure.files import File

    for name in ("changelog.md", "security.md"):
        text = (ROOT / name.upper().replace(".MD", ".md")).read_text(encoding="utf-8")
        files.append(File.generated(config, name, content=LINK.sub(_inside, text)))
    return files


def _inside(link: re.Match[str]) -> str:
    """Turn a link from the root of the repository into one from the pages."""
    target = link[1]
    moved = {"CHANGELOG.md": "changelog.md", "SECURITY.md": "security.md"}
    return f"]({moved.get(target, target.removeprefix('docs/'))})"
