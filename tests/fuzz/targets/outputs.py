"""What is written for spreadsheets and terminals: no live formula, nothing that moves a cursor."""

from __future__ import annotations

import contextlib
import csv
import io
import zipfile
import zlib
from collections.abc import Callable
from unittest.mock import patch

import lxml.etree

from pingan_logic import Facts
from pingan_logic.cli.main import main
from pingan_logic.export import write_facts, write_folder
from pingan_logic.export.annotate import annotate
from pingan_logic.export.json_document import to_document
from pingan_logic.export.plain_books import to_ods
from pingan_logic.export.xlsx import to_xlsx
from pingan_logic.intake import read_source
from pingan_logic.programme import programme
from pingan_logic.reports.posting import render as render_posting
from pingan_logic.reports.workbook import render as render_workbook
from tests.fuzz.checks import MARKS, clean, room, rules
from tests.fuzz.hostile import MORE, SEEDS, accepted, county, texts
from tests.fuzz.target import Target, target

_LIVE = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def no_formula_in_csv(text: str) -> None:
    """Check that no cell would run."""
    for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")):
        for cell in row:
            assert not cell.startswith(_LIVE), f"a live cell: {cell[:80]!r}"


def no_formula_in_xlsx(book: bytes) -> None:
    """Check that no sheet holds a formula, and that no link leads out of the book."""
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        for name in parts.namelist():
            if not name.endswith((".xml", ".rels")):
                continue
            root = lxml.etree.fromstring(parts.read(name))
            if name.startswith("xl/worksheets/sheet"):
                cells = [e for e in root.iter("{*}c") if e.find("{*}f") is not None]
                assert not cells, f"a formula in {name}"
            assert not root.findall(".//*[@TargetMode='External']"), f"a link out in {name}"


def _printed(facts: Facts, *arguments: str) -> str:
    path = room() / "facts.json"
    path.write_text(to_document(facts), encoding="utf-8")
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        main.main(args=[*arguments, "--facts", str(path)], standalone_mode=False)
    clean(err.getvalue())
    return out.getvalue()


def _command(*arguments: str) -> Callable[[Facts], None]:
    def run(facts: Facts) -> None:
        clean(_printed(facts, *arguments))

    return run


def _explain(number: int, lang: str) -> Callable[[Facts], None]:
    def run(facts: Facts) -> None:
        clean(_printed(facts, "explain", facts.units[number].id, "--lang", lang))

    return run


def _csv(*arguments: str) -> Callable[[Facts], None]:
    def run(facts: Facts) -> None:
        text = _printed(facts, *arguments)
        clean(text.replace("\r\n", "\n").removeprefix("\ufeff"))
        no_formula_in_csv(text)

    return run


def _folder(facts: Facts) -> None:
    folder = room() / "folder"
    write_folder(facts, folder)
    for path in folder.glob("*.csv"):
        no_formula_in_csv(path.read_text(encoding="utf-8"))


def _marked(facts: Facts, target: str) -> None:
    """Mark a copy of a source; all of it is text there."""
    path = room() / target
    write_facts(facts, str(path), rules(), overwrite=True)
    source = read_source(path)
    no_formula_in_xlsx(annotate(path, source, [], "zh"))


def _posting(facts: Facts) -> None:
    book = render_posting(programme(facts, rules(), 2015), "zh")
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        root = lxml.etree.fromstring(parts.read("word/document.xml"))
    assert not list(root.iter("{*}fldSimple", "{*}instrText", "{*}hyperlink"))


def _ods(facts: Facts) -> None:
    with zipfile.ZipFile(io.BytesIO(to_ods(rules(), facts))) as parts:
        assert b"table:formula" not in parts.read("content.xml")


_WAYS: tuple[Callable[[Facts], None], ...] = (
    _csv("evaluate", "--csv", "--year", "2015"),
    _csv("programme", "--csv"),
    _csv("programme", "--rosters"),
    _folder,
    lambda facts: no_formula_in_xlsx(to_xlsx(rules(), facts)),
    lambda facts: no_formula_in_xlsx(render_workbook(programme(facts, rules(), 2015), "zh")),
    lambda facts: _marked(facts, "marked.ods"),
    lambda facts: _marked(facts, "marked"),
    _posting,
    _ods,
    _command("evaluate", "--year", "2015"),
    _command("evaluate", "--json"),
    _explain(0, "en"),
    _explain(1, "zh"),
    _command("programme", "--all"),
)


def _run(data: bytes) -> None:
    names = list(accepted(texts(data), "name"))
    ids = [i for i in accepted(texts(data), "id") if not i.startswith(MARKS)]
    if not names:
        return
    facts = county(ids, names)
    with patch.dict("os.environ", {"NO_COLOR": "1"}):
        _WAYS[zlib.crc32(data) % len(_WAYS)](facts)


target(Target("outputs", lambda: SEEDS, _run, MORE, weight=1))
