"""xlsx as a package: which part is the workbook, a sheet, the styles: told by relations, as in OPC.

Names of parts are the same whatever the case of their letters and whether they are percent-encoded,
and a part may have any name. Each library follows relations in a way of its own, or passes over a
sheet that it does not find: they are given a plain workbook made of the parts that are found here.
"""

from __future__ import annotations

import io
import posixpath
import re
from collections.abc import Iterator, Mapping, Set
from urllib.parse import unquote, urlsplit
from xml.sax.saxutils import quoteattr

from attrs import Factory, define

from pingan_logic.errors import InputError, Problem
from pingan_logic.intake.formats import BUILT_IN, is_day
from pingan_logic.intake.zipped import Odd, checked, pack, parser

__all__ = ["Book", "BookSheet", "cell_at", "open_book", "plain_book", "walk"]

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_STRICT = re.compile(
    rb"(xmlns(?::\w+)?\s*=\s*[\"'])http://purl\.oclc\.org/ooxml/spreadsheetml/main"
)
_ROOT = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?[^>]*>\s*|<!--.*?-->\s*)*<(?:\w+:)?(\w+)", re.DOTALL
)
_CELLS = re.compile(rb"<(?:\w+:)?sheetData[\s/>]")
_SHARED = re.compile(rb"\st\s*=\s*[\"']s[\"']")
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_NO_CELLS = f'<worksheet xmlns="{_MAIN}"><sheetData/></worksheet>'.encode()


@define
class BookSheet:
    """A sheet of a workbook: its name, whether it is hidden, and its XML."""

    name: str
    hidden: bool
    xml: bytes


@define
class Book:
    """The parts of a workbook that hold its values, and what it says of itself.

    `formats` are the number formats of its styles, `struck` the styles of text that is struck
    through; `stale` says that its formulas wait to be
    calculated, `leap` that its days are counted from 1904, `strict` that it is "strict" Open XML.
    """

    sheets: list[BookSheet] = Factory(list)
    styles: bytes | None = None
    formats: list[str] = Factory(list)
    struck: frozenset[int] = frozenset()
    strings: bytes | None = None
    stale: bool = False
    leap: bool = False
    strict: bool = False


def open_book(parts: Mapping[str, bytes], file: str) -> Book:
    """Return the workbook of a package.

    Raises InputError naming each sheet that the workbook lists but whose cells are not there, and
    Odd for what no spreadsheet writes.
    """
    package = _Package(parts)
    mains = [p for kind, p in package.relations("").values() if kind == "officeDocument"]
    if len(mains) != 1:
        raise Odd(f"_rels/.rels: {len(mains)} × officeDocument")
    relations = package.relations(mains[0])
    book = Book()
    xml = package.part(mains[0])
    book.strict = _STRICT.search(xml) is not None
    lost: list[Problem] = []
    for name, a, _ in walk(xml, {"sheet", "calcPr", "workbookPr"}):
        if name == "calcPr":
            # programs that cannot calculate write this: the stored results mean nothing
            book.stale = a.get("fullCalcOnLoad") in ("1", "true")
        elif name == "workbookPr":
            book.leap = a.get("date1904") in ("1", "true")
        else:
            kind, path = relations.get(a.get("id", ""), ("", ""))
            content = package.sheet(kind, path)
            if content is None:
                lost.append(_lost(file, a["name"], kind, path))
            else:
                hidden = a.get("state", "visible") != "visible"
                book.sheets.append(BookSheet(a["name"], hidden, content))
    if lost:
        raise InputError(lost)
    for kind, path in relations.values():
        if kind == "styles":
            book.styles = package.part(path)
            book.formats = _formats(book.styles)
            book.struck = _struck(book.styles)
        elif kind == "sharedStrings":
            book.strings = package.part(path)
    if book.strings is None:
        for sheet in book.sheets:
            if _SHARED.search(sheet.xml):
                raise Odd(f'{sheet.name}: t="s"')
    return book


def _formats(xml: bytes) -> list[str]:
    """Return the number format of each style of cells."""
    codes = dict(BUILT_IN)
    own: set[int] = set()
    used: list[int] = []
    inside = ""
    lists = {"numFmts", "cellXfs"}
    for name, a, _ in walk(xml, {"numFmt", "xf"} | lists, ends=lists):
        if name in lists:
            inside = name
        elif name.startswith("/"):
            inside = ""
        elif (inside, name) == ("numFmts", "numFmt"):
            number = int(a["numFmtId"])
            if number in own:
                raise Odd(f'2 × numFmtId="{number}"')
            own.add(number)
            codes[number] = a["formatCode"]
        elif (inside, name) == ("cellXfs", "xf"):
            used.append(int(a.get("numFmtId", 0)))
    return [codes.get(number, "") for number in used]


def _struck(xml: bytes) -> frozenset[int]:
    """Return the styles of cells whose font is struck through."""
    if b"strike" not in xml:
        return frozenset()
    fonts: list[bool] = []
    used: list[int] = []
    inside = ""
    lists = {"fonts", "cellXfs"}
    for name, a, _ in walk(xml, {"font", "strike", "xf"} | lists, ends=lists):
        if name in lists:
            inside = name
        elif name.startswith("/"):
            inside = ""
        elif (inside, name) == ("fonts", "font"):
            fonts.append(False)
        elif (inside, name) == ("fonts", "strike"):
            fonts[-1] = a.get("val", "1") not in ("0", "false")
        elif (inside, name) == ("cellXfs", "xf"):
            used.append(int(a.get("fontId", 0)))
    return frozenset(n for n, font in enumerate(used) if font < len(fonts) and fonts[font])


def _lost(file: str, sheet: str, kind: str, path: str) -> Problem:
    if kind in ("", "worksheet"):
        return Problem(
            f"{file} {sheet}",
            "工作簿列出了这张工作表，文件里却没有它的内容；请用 Excel 或 WPS 打开核对后重新另存",
            "the workbook lists this sheet, but its content is not in the file; open it in a "
            "spreadsheet, look at it, and save it again",
            path or None,
        )
    return Problem(
        f"{file} {sheet}",
        "不是普通的工作表（宏表或对话框），不能读取，请删除",
        "is no common sheet (but one of macros or a dialog) and cannot be read; delete it",
        kind,
    )


class _Package:
    def __init__(self, parts: Mapping[str, bytes]) -> None:
        self.parts: dict[str, bytes] = {}
        for name, content in parts.items():
            key = _key(name)
            if key in self.parts:
                raise Odd(f"2 × {name}")
            self.parts[key] = content

    def part(self, path: str) -> bytes:
        """Return a part, checked to be XML that can be trusted.

        Raises Odd when there is none.
        """
        try:
            xml = self.parts[_key(path)]
        except KeyError:
            raise Odd(f"{path}: -") from None
        return checked(path, xml)

    def sheet(self, kind: str, path: str) -> bytes | None:
        """Return the XML of a sheet, None when there is none in which cells can stand."""
        if kind == "chartsheet":
            return _NO_CELLS
        if kind != "worksheet" or _key(path) not in self.parts:
            return None
        xml = self.part(path)
        root = _ROOT.match(xml)
        if root is None or root[1] != b"worksheet":
            raise Odd(f"{path}: {xml[:60].decode('ascii', 'backslashreplace')}")
        # most sheets say this word twice, which is counted fast
        if xml.count(b"sheetData") > 2 and len(_CELLS.findall(xml)) > 1:
            raise Odd(f"{path}: 2 × <sheetData>")
        return xml

    def relations(self, source: str) -> dict[str, tuple[str, str]]:
        """Return the relations of a part, by id, as (type, path); an empty path is the package."""
        folder, base = posixpath.split(source)
        found: dict[str, tuple[str, str]] = {}
        for _, a, _ in walk(self.part(f"{folder}/_rels/{base}.rels"), {"Relationship"}):
            if a["Id"] in found:
                raise Odd(f'2 × Id="{a["Id"]}"')
            target = "" if a.get("TargetMode") == "External" else urlsplit(a["Target"]).path
            path = posixpath.join("/", folder, unquote(target)) if target else ""
            found[a["Id"]] = (a["Type"].rpartition("/")[2], path)
        return found


def _key(name: str) -> str:
    """Return the name of a part as all its spellings have it."""
    path = posixpath.normpath(posixpath.join("/", unquote(name).replace("\\", "/")))
    return path.lstrip("/").casefold()


def plain_book(book: Book) -> io.BytesIO:
    """Return a workbook with the same cells, parts of the usual names, and sheets named 1, 2, 3.

    Its styles say of each cell whether it is a day, which libraries know of few formats.
    """
    sheets = {f"xl/worksheets/sheet{n}.xml": s.xml for n, s in enumerate(book.sheets, 1)}
    parts = sheets | {"xl/styles.xml": _styles(book.formats)}
    if book.strings is not None:
        parts["xl/sharedStrings.xml"] = book.strings
    named = [(path, _kind(path)) for path in parts]
    # what other versions of this standard call it decides for some whether a cell is one
    parts = {path: _STRICT.sub(rb"\g<1>" + _MAIN.encode(), xml) for path, xml in parts.items()}
    listed = "".join(
        f'<sheet name="{n}" sheetId="{n}" r:id="r{n}"/>' for n in range(1, len(sheets) + 1)
    )
    main = (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><workbookPr date1904="{book.leap:d}"/>'
        f"<sheets>{listed}</sheets></workbook>"
    )
    return pack(
        {
            "[Content_Types].xml": _types([("xl/workbook.xml", "sheet.main"), *named]),
            "_rels/.rels": _relations([("xl/workbook.xml", "officeDocument")]),
            "xl/workbook.xml": main.encode(),
            "xl/_rels/workbook.xml.rels": _relations(
                [(path.removeprefix("xl/"), kind) for path, kind in named]
            ),
            **parts,
        }
    )


def _styles(formats: list[str]) -> bytes:
    each = "".join(f'<xf numFmtId="{14 if is_day(code) else 0}"/>' for code in formats)
    return (
        f'<styleSheet xmlns="{_MAIN}"><fonts><font/></fonts>'
        "<fills><fill><patternFill/></fill></fills>"
        f"<borders><border/></borders><cellStyleXfs><xf/></cellStyleXfs><cellXfs>{each or '<xf/>'}"
        "</cellXfs></styleSheet>"
    ).encode()


def _kind(path: str) -> str:
    return "worksheet" if "/worksheets/" in path else posixpath.basename(path)[: -len(".xml")]


def _types(named: list[tuple[str, str]]) -> bytes:
    types = "".join(
        f'<Override PartName="/{path}" ContentType="{_TYPE}.{kind}+xml"/>' for path, kind in named
    )
    relations = "application/vnd.openxmlformats-package.relationships+xml"
    default = (
        f'<Default Extension="rels" ContentType="{relations}"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
    )
    return f'<Types xmlns="{_PACKAGE}/content-types">{default}{types}</Types>'.encode()


def _relations(named: list[tuple[str, str]]) -> bytes:
    each = "".join(
        f'<Relationship Id="r{n}" Type="{_RELATIONS}/{kind}" Target={quoteattr(path)}/>'
        for n, (path, kind) in enumerate(named, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{each}</Relationships>'.encode()


def walk(
    xml: bytes, names: set[str], ends: Set[str] = frozenset()
) -> Iterator[tuple[str, dict[str, str], str]]:
    """Yield the elements of these local names, as (name, attributes, ""), in document order.

    The ends of those in `ends` come as ("/name", {}, text inside). Raises Odd for an element with
    two attributes of the same local name.
    """
    found: list[tuple[str, dict[str, str], str]] = []
    text: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(" ")[2]
        if local in names:
            text.clear()
            own = {k.rpartition(" ")[2]: v for k, v in attributes.items()}
            if len(own) < len(attributes):
                raise Odd(f"<{local} {' '.join(attributes)}>")
            found.append((local, own, ""))

    def end(name: str) -> None:
        local = name.rpartition(" ")[2]
        if local in ends:
            found.append((f"/{local}", {}, "".join(text)))
            text.clear()

    reader = parser()
    reader.StartElementHandler, reader.EndElementHandler = start, end
    reader.CharacterDataHandler = text.append
    for at in range(0, len(xml), 2**20):
        reader.Parse(xml[at : at + 2**20], at + 2**20 >= len(xml))
        yield from found
        found.clear()


def cell_at(reference: str) -> tuple[int, int]:
    """Return row and column of a reference such as `C7`. Raises Odd when it is none."""
    match = _REFERENCE.fullmatch(reference.replace("$", "").upper())
    if match is None:
        raise Odd(f'<c r="{reference[:20]}">')
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column
