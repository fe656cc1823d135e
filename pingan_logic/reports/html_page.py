"""The self-contained HTML page: no network, its own style and script and no others."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pingan_logic.csp import inline_hash
from pingan_logic.programme import Programme
from pingan_logic.reports.tree import tree_data
from pingan_logic.reports.view import View

__all__ = ["render"]

_FOLDER = Path(__file__).resolve().parent / "templates"


def render(programme: Programme, lang: str, *, public: bool = False) -> bytes:
    """Return the page as UTF-8. Text of users is escaped wherever it stands.

    A `public` page has the rates only: no household, no id, nothing of a single unit.
    """
    # the values are escaped by Jinja; style and script are files of this package
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}
    style, script = (
        (_FOLDER / name).read_text(encoding="utf-8") for name in ("page.css", "page.js")
    )
    view = View(programme, lang, public=public)
    # what is printed above every page
    style = style.replace("/*INTERNAL*/", "" if public else view.internal)
    text = environment.get_template("page.html").render(
        view.page(),
        data=tree_data(view),
        public=public,
        lang=lang,
        style=Markup(style),
        script=Markup(script),
        style_hash=inline_hash(style),
        script_hash=inline_hash(script),
    )
    return text.encode("utf-8")
